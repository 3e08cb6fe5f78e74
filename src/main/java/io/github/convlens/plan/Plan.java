package io.github.convlens.plan;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.ActivationSpec;
import io.github.convlens.layer.Axis;
import io.github.convlens.layer.Conv2dSpec;
import io.github.convlens.layer.Exact;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.SequentialSpec;
import io.github.convlens.layer.Size;
import io.github.convlens.layer.Window2d;
import java.util.ArrayList;
import java.util.List;

/**
 * A network that has the wished properties.
 *
 * @param request what was wished
 * @param network the network; {@code toString} is PyTorch's notation
 * @param layers its convolutions, in order
 * @param macs multiply-adds on one picture, without bias
 * @param parameters weights and biases
 */
public record Plan(
    PlanRequest request, SequentialSpec network, List<Layer> layers, long macs, long parameters) {

  /**
   * A convolution of the plan.
   *
   * @param number from 1
   * @param convolution the layer
   * @param output rows and columns of its output
   * @param receptiveField how many rows and columns of the picture its outputs see, padding counted
   */
  public record Layer(int number, Conv2dSpec convolution, Size output, long receptiveField) {
    /** Whether its stride is 2. */
    public boolean halves() {
      return convolution.window().stride().height() == 2;
    }
  }

  /** Takes a copy of the list. */
  public Plan {
    layers = List.copyOf(layers);
  }

  /** The shape of the picture: (1, channels, height, width). */
  public Shape input() {
    Size size = request.input();
    return new Shape(1, request.channels().input(), size.height(), size.width());
  }

  /** Rows and columns of the last map. */
  public Size finalSize() {
    return last().output();
  }

  /** How many rows and columns of the picture a position of the last map sees. */
  public long receptiveField() {
    return last().receptiveField();
  }

  /** How many layers have stride 2. */
  public long halvings() {
    return layers.stream().filter(Layer::halves).count();
  }

  private Layer last() {
    return layers.get(layers.size() - 1);
  }

  /** Gives the steps their channels, and counts. */
  static Plan of(PlanRequest request, List<Step> steps) {
    List<LayerSpec> network = new ArrayList<>();
    List<Layer> layers = new ArrayList<>();
    Size size = request.input();
    long channels = request.channels().input();
    long field = 1;
    long jump = 1;
    long macs = 0;
    long parameters = 0;
    int halvings = 0;
    for (Step step : steps) {
      halvings += step.halves() ? 1 : 0;
      long outChannels = request.channels().behind(halvings);
      Window2d window =
          Window2d.of(Size.square(step.kernel()))
              .withStride(Size.square(step.stride()))
              .withPadding(step.padding());
      Conv2dSpec convolution = Conv2dSpec.of(channels, outChannels, window);
      Shape input = new Shape(1, channels, size.height(), size.width());
      Shape output = convolution.output(input);
      field += (step.kernel() - 1) * jump;
      jump *= step.stride();
      size = new Size(output.get(2), output.get(3));
      channels = outChannels;
      macs = Exact.add(macs, convolution.macs(input));
      parameters = Exact.add(parameters, convolution.parameters());
      layers.add(new Layer(layers.size() + 1, convolution, size, field));
      network.add(convolution);
      if (request.activations() == PlanRequest.Activations.RELU) {
        network.add(ActivationSpec.of(ActivationSpec.Function.RELU));
      }
    }
    SequentialSpec sequential = SequentialSpec.of(network.toArray(LayerSpec[]::new));
    return new Plan(request, sequential, layers, macs, parameters);
  }

  /** What the plan costs more than it may; empty where it keeps the limits. */
  List<String> excesses() {
    List<String> excesses = new ArrayList<>();
    request.limits().macs().ifPresent(most -> addExcess(excesses, macs, most, "multiply-adds"));
    request
        .limits()
        .parameters()
        .ifPresent(most -> addExcess(excesses, parameters, most, "parameters"));
    return excesses;
  }

  private static void addExcess(List<String> excesses, long count, long most, String what) {
    if (count > most) {
      excesses.add(count + " " + what + " where " + most + " are allowed");
    }
  }

  /** The size on an axis behind each layer, the picture's own first: 224, 224, 112... */
  public List<Long> sizes(Axis axis) {
    List<Long> sizes = new ArrayList<>();
    sizes.add(request.input().on(axis));
    layers.forEach(layer -> sizes.add(layer.output().on(axis)));
    return List.copyOf(sizes);
  }
}

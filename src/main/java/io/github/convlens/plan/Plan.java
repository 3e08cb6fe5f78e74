package io.github.convlens.plan;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.graph.Graph;
import io.github.convlens.layer.ActivationSpec;
import io.github.convlens.layer.Axis;
import io.github.convlens.layer.ConvSpec;
import io.github.convlens.layer.Convention;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.Size;
import io.github.convlens.layer.Windows;
import io.github.convlens.layer.internal.Exact;
import io.github.convlens.layer.internal.ShapeText;
import io.github.convlens.trace.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A plain stack of convolutions, those with stride 2 spread evenly among the others. Each keeps the
 * size or makes {@code ceil(size / 2)} of it: 100 layers with 5 halvings on 224x224 halve at layers
 * 17, 34, 51, 67 and 84 and end with 7x7.
 *
 * @param input the size of a sequence, picture or volume, each side 1 to 2^20
 * @param strides how many layers, and which of them have stride 2
 * @param kernels the kernels
 * @param channels the channels
 * @param activations what stands behind each convolution
 */
public record Plan(
    Size input, EvenStrides strides, Kernels kernels, Channels channels, Activations activations) {

  /** The largest side of an input: 2^20. */
  public static final long LARGEST_INPUT = 1L << 20;

  /** What stands behind each convolution. */
  public enum Activations {
    /** Nothing. */
    NONE,
    /** A ReLU. */
    RELU
  }

  /** How channels grow. */
  public enum Growth {
    /** Every layer has the starting number. */
    CONSTANT,
    /** Each halving doubles them: the layer with stride 2 makes twice as many as it takes. */
    DOUBLING
  }

  /**
   * The kernels: odd numbers, so that equal padding on both sides keeps the size.
   *
   * @param first the first layer's
   * @param others the others'
   */
  public record Kernels(long first, long others) {
    /**
     * Checks the numbers.
     *
     * @throws PlanException if a kernel is even, or not from 1 to 255
     */
    public Kernels {
      check(first == others ? "the kernel" : "the first kernel", first);
      check("the kernel", others);
    }

    private static void check(String name, long kernel) {
      PlanException.checkBetween(name, kernel, 1, 255);
      if (kernel % 2 == 0) {
        throw new PlanException(
            name + " must be odd",
            "It is " + kernel + ", and no padding equal on both sides adds " + (kernel - 1) + ".",
            "Use " + (kernel - 1) + " or " + (kernel + 1) + ".");
      }
    }
  }

  /**
   * The channels.
   *
   * @param input channels of the input
   * @param start channels before the first halving
   * @param growth how they grow
   */
  public record Channels(long input, long start, Growth growth) {
    /**
     * Checks the numbers.
     *
     * @throws PlanException if one is not from 1 to 2^20
     */
    public Channels {
      PlanException.checkBetween("the input's channels", input, 1, 1 << 20);
      PlanException.checkBetween("the starting channels", start, 1, 1 << 20);
    }

    private long behind(int halvings) {
      return growth == Growth.CONSTANT ? start : Exact.multiply(start, 1L << halvings);
    }
  }

  /**
   * Checks that the input can be halved so often.
   *
   * @throws PlanException if it cannot, a side is out of its range, or the stride is not 2
   */
  public Plan {
    for (Axis axis : input.axes()) {
      PlanException.checkBetween("the input's " + axis, input.on(axis), 1, LARGEST_INPUT);
    }
    PlanException.checkBetween("the stride of the halvings", strides.stride(), 2, 2);
    int most = mostHalvings(input);
    if (strides.strided() > most) {
      throw new PlanException(
          ShapeText.crossed(input) + " cannot be halved " + strides.strided() + " times",
          "After " + most + " it is " + halved(input, most) + ": " + sizes(input, most) + ".",
          ("Use at most " + most + " halvings, or an input of more than 2^")
              + (strides.strided() - 1)
              + " on one side.");
    }
  }

  /**
   * Kernels of 3, a picture of 3 channels to 64, no activations.
   *
   * @throws PlanException if a number is out of its range, or the input cannot be halved so often
   */
  public static Plan of(Size input, long layers, long halvings) {
    if (halvings > layers && layers > 0) {
      throw new PlanException(
          "each halving needs a layer",
          "There are " + halvings + " halvings but " + layers + " layers.",
          "Use at least " + halvings + " layers, or at most " + layers + " halvings.");
    }
    return new Plan(
        input,
        new EvenStrides(layers, halvings, 2),
        new Kernels(3, 3),
        new Channels(3, 64, Growth.CONSTANT),
        Activations.NONE);
  }

  /** The same with other kernels. */
  public Plan withKernels(Kernels newKernels) {
    return new Plan(input, strides, newKernels, channels, activations);
  }

  /** The same with other channels. */
  public Plan withChannels(Channels newChannels) {
    return new Plan(input, strides, kernels, newChannels, activations);
  }

  /** The same with or without activations. */
  public Plan withActivations(Activations newActivations) {
    return new Plan(input, strides, kernels, channels, newActivations);
  }

  /**
   * How many halvings make a wanted size: 224x224 to 7x7 are 5; of several numbers the least.
   *
   * @throws PlanException if none do, with the sizes that can be had
   */
  public static long halvings(Size input, Size wanted) {
    int most = mostHalvings(input);
    return IntStream.rangeClosed(0, most)
        .filter(halvings -> halved(input, halvings).equals(ShapeText.crossed(wanted)))
        .findFirst()
        .orElseThrow(
            () ->
                new PlanException(
                    "halving does not make "
                        + ShapeText.crossed(wanted)
                        + " of "
                        + ShapeText.crossed(input),
                    "It makes " + sizes(input, most) + ".",
                    "Use one of these sizes."));
  }

  private static int mostHalvings(Size input) {
    long largest = input.axes().stream().mapToLong(input::on).max().orElseThrow();
    return Long.SIZE - Long.numberOfLeadingZeros(largest - 1);
  }

  /** {@code ceil(size / 2^halvings)} on each axis. */
  private static String halved(Size size, int halvings) {
    return ShapeText.crossed(size.map(side -> ((side - 1) >> halvings) + 1));
  }

  private static String sizes(Size input, int halvings) {
    return IntStream.rangeClosed(0, halvings)
        .mapToObj(n -> halved(input, n))
        .collect(Collectors.joining(", "));
  }

  /** The network; {@code toString} is PyTorch's notation. */
  public Graph network() {
    List<LayerSpec> network = new ArrayList<>();
    long before = channels.input();
    long kernel = kernels.first();
    int halvings = 0;
    for (long stride : strides.strides()) {
      halvings += stride == 2 ? 1 : 0;
      long behind = channels.behind(halvings);
      network.add(ConvSpec.of(before, behind, window(kernel, stride)));
      if (activations == Activations.RELU) {
        network.add(ActivationSpec.of(ActivationSpec.Function.RELU));
      }
      before = behind;
      kernel = kernels.others();
    }
    return Graph.sequential(network.toArray(LayerSpec[]::new));
  }

  private Windows window(long kernel, long stride) {
    int axes = input.axes().size();
    return Windows.of(Size.all(axes, kernel))
        .withStride(Size.all(axes, stride))
        .withPadding(Size.all(axes, (kernel - 1) / 2));
  }

  /** Its sizes, receptive field and cost: multiply-adds without bias on one input. */
  public Trace trace() {
    Shape shape = new Shape(1, channels.input()).addAll(input.toShape());
    return Trace.of(network(), shape, Convention.TORCHVISION);
  }
}

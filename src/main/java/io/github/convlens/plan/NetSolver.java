package io.github.convlens.plan;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.AdaptivePool2dSpec;
import io.github.convlens.layer.Axis;
import io.github.convlens.layer.Child;
import io.github.convlens.layer.Exact;
import io.github.convlens.layer.FlattenSpec;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.LinearSpec;
import io.github.convlens.layer.ShapeException;
import io.github.convlens.layer.Size;
import io.github.convlens.trace.SmallestInput;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Questions that go backwards through a whole network: which inputs make a wanted map, the smallest
 * input, the in_features of its Linears. Answers come from sending shapes forwards, so that ceil
 * mode, branches and fixed heads count as they are.
 */
public final class NetSolver {
  /** The largest input size that {@link #inputsFor} can be asked to look at: 2^20. */
  public static final long LARGEST = 1L << 20;

  private NetSolver() {}

  /**
   * Which inputs make a map of the wanted size. The map is the output of the last layer whose
   * output grows with its input: the network's output if it is fully convolutional, otherwise what
   * reaches its adaptive pool or Flatten. Height and width do not depend on each other in front of
   * it. A head that takes one size only is reported in {@link Inputs#rejection}.
   *
   * <p>ResNet-18, 7x7: heights and widths from 193 to 224.
   *
   * @param network the network
   * @param channels channels of its input
   * @param wanted the map's rows and columns
   * @param largest the largest input size to look at, 1 to 2^20
   * @throws PlanException if a number is out of its range, or no layer makes a map
   * @throws ShapeException if the network takes no such channels
   */
  public static Inputs inputsFor(LayerSpec network, long channels, Size wanted, long largest) {
    PlanException.checkBetween("the largest input", largest, 1, LARGEST);
    for (Axis axis : Axis.values()) {
      PlanException.checkBetween("the wanted " + axis, wanted.on(axis), 1, Solver.LARGEST_SIZE);
    }
    Chain chain = Chain.of(network);
    Chain map = chain.map();
    if (map.links().isEmpty()) {
      throw new PlanException(
          "the network makes no map that grows with its input",
          "It begins with "
              + chain.behindMap().map(link -> link.layer().type()).orElse("nothing")
              + ".",
          "Ask for its features instead.");
    }
    long square = smallestSquare(map.network(), channels);
    LayerSpec layers = map.network().resolve(picture(channels, Size.square(square)));
    MapSizes height = new MapSizes(layers, channels, Axis.HEIGHT, square, largest);
    MapSizes width = new MapSizes(layers, channels, Axis.WIDTH, square, largest);
    Inputs.OnAxis onHeight = height.inputsFor(wanted.height());
    Inputs.OnAxis onWidth = width.inputsFor(wanted.width());
    String path = map.links().get(map.links().size() - 1).name();
    Optional<ShapeException> rejection =
        onHeight.sizes().isEmpty() || onWidth.sizes().isEmpty()
            ? Optional.empty()
            : rejection(network, channels, new Size(first(onHeight), first(onWidth)));
    return new Inputs(wanted, path, chain.behindMap(), onHeight, onWidth, rejection);
  }

  private static long first(Inputs.OnAxis answer) {
    return answer.sizes().get(0).first();
  }

  private static Optional<ShapeException> rejection(LayerSpec network, long channels, Size input) {
    try {
      SmallestInput.resolve(network, picture(channels, input));
      return Optional.empty();
    } catch (ShapeException e) {
      return Optional.of(e);
    }
  }

  /**
   * The smallest square picture that the network takes, and the smallest height and width with the
   * square's other side. AlexNet 63, VGG-16 32, SqueezeNet 1.0 21, ResNet-50 1.
   *
   * @param network the network
   * @param channels channels of its input
   * @throws PlanException if no square passes
   */
  public static Smallest smallest(LayerSpec network, long channels) {
    long square = smallestSquare(network, channels);
    long height = smallestOn(network, channels, Axis.HEIGHT, square);
    long width = smallestOn(network, channels, Axis.WIDTH, square);
    return new Smallest(square, new Size(height, width));
  }

  private static long smallestSquare(LayerSpec network, long channels) {
    OptionalLong square = SmallestInput.square(network, channels);
    if (square.isPresent()) {
      return square.getAsLong();
    }
    Optional<ShapeException> reason = rejection(network, channels, Size.square(224));
    throw new PlanException(
        "no square picture of " + channels + " channels passes the network",
        "On 224x224 it says: " + reason.map(ShapeException::getMessage).orElse("nothing"),
        "Change that layer, or the number of channels.");
  }

  /** Too small is too small for all below, which a search by halves finds; then one by one. */
  private static long smallestOn(LayerSpec network, long channels, Axis axis, long square) {
    long low = 1;
    long high = square;
    while (low < high) {
      long middle = (low + high) / 2;
      boolean tooSmall =
          failure(network, channels, axis, middle, square)
              .filter(e -> e.neededInput().isPresent())
              .isPresent();
      if (tooSmall) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    while (low < square && failure(network, channels, axis, low, square).isPresent()) {
      low++;
    }
    return low;
  }

  private static Optional<ShapeException> failure(
      LayerSpec network, long channels, Axis axis, long size, long other) {
    try {
      Shape input = MapSizes.picture(channels, axis, size, other);
      network.resolve(input).output(input);
      return Optional.empty();
    } catch (ShapeException e) {
      return Optional.of(e);
    }
  }

  /**
   * The in_features that the network's first Linear needs for an input, and those of a Linear put
   * behind its end. Also where the network as written rejects the input because another number is
   * written: AlexNet without its adaptive pool needs 256 x 6 x 6 = 9216 on 224x224 and 256 x 7 x 7
   * = 12544 on 256x256.
   *
   * @param network the network
   * @param channels channels of its input
   * @param input rows and columns of the picture
   * @throws ShapeException if another layer does not take what reaches it
   */
  public static Features features(LayerSpec network, long channels, Size input) {
    Shape shape = picture(channels, input);
    Optional<Features.First> first = Optional.empty();
    for (Child link : Chain.of(network).links()) {
      if (link.layer() instanceof LinearSpec linear) {
        Features.First found = read(link.name(), linear, shape);
        boolean isFirst = first.isEmpty();
        shape = found.reading() == Features.Reading.AS_IS ? shape : flattened(found, shape);
        LayerSpec fitting = isFirst ? found.corrected() : linear;
        shape = Chain.through(new Child(link.name(), fitting), shape);
        first = isFirst ? Optional.of(found) : first;
      } else {
        shape = Chain.through(link, shape);
      }
    }
    long appended = Exact.product(shape, 1, shape.dimension());
    return new Features(input, first, appended, shape, rejection(network, channels, input));
  }

  private static Shape flattened(Features.First linear, Shape picture) {
    Shape map =
        linear.reading() == Features.Reading.AVERAGED
            ? AdaptivePool2dSpec.globalAverage().output(picture)
            : picture;
    return FlattenSpec.ALL.output(map);
  }

  /**
   * As {@code print(model)} is read: a Linear that a picture reaches has a Flatten in front of it
   * that is not shown, or a mean and a Flatten where its in_features are the channels.
   */
  private static Features.First read(String path, LinearSpec linear, Shape shape) {
    long last = shape.get(shape.dimension() - 1);
    boolean asIs =
        shape.dimension() != 4 || linear.inFeatures() == 0 || linear.inFeatures() == last;
    if (asIs) {
      return new Features.First(path, linear, shape, Features.Reading.AS_IS, last);
    }
    long flat = Exact.product(shape, 1, 4);
    if (linear.inFeatures() == shape.get(1) && linear.inFeatures() != flat) {
      return new Features.First(path, linear, shape, Features.Reading.AVERAGED, shape.get(1));
    }
    return new Features.First(path, linear, shape, Features.Reading.FLATTENED, flat);
  }

  private static Shape picture(long channels, Size input) {
    return new Shape(1, channels, input.height(), input.width());
  }
}

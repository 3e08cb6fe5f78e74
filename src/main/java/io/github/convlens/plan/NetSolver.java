package io.github.convlens.plan;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.graph.Graph;
import io.github.convlens.graph.Shapes;
import io.github.convlens.graph.SmallestInput;
import io.github.convlens.layer.Axis;
import io.github.convlens.layer.ShapeException;
import io.github.convlens.layer.Size;
import io.github.convlens.layer.internal.ShapeText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Questions that go backwards through a whole network of one input: which inputs make a wanted map,
 * the smallest input, the in_features of its Linears. Answers come from sending shapes forwards, so
 * that ceil mode, branches and fixed heads count as they are.
 */
public final class NetSolver {
  /** The largest input size that {@link #inputsFor} can be asked to look at: 2^20. */
  public static final long LARGEST = 1L << 20;

  private NetSolver() {}

  /**
   * The smallest inputs that a network takes. AlexNet: square 63, and 63x63; a network whose first
   * kernel is 3x5 without padding: square 5, and 3x5.
   *
   * @param square the smallest n that it takes on all axes
   * @param perAxis the smallest size on each axis where the others are {@code square}
   */
  public record Smallest(long square, Size perAxis) {}

  /**
   * Which inputs make a map of the wanted size. The map is the last array that has the input's axes
   * and grows with it: the network's output if it is fully convolutional, otherwise what reaches
   * its adaptive pool or Flatten. The axes do not depend on each other in front of it.
   *
   * <p>ResNet-18, 7x7: heights and widths from 193 to 224.
   *
   * @param network the network
   * @param like an input of its rank: its batch and channels are kept
   * @param wanted the map's size
   * @param largest the largest input size to look at, 1 to 2^20
   * @throws PlanException if a number is out of its range, the network makes no map, or no input
   *     makes this one; the message says which can be had
   */
  public static Inputs inputsFor(Graph network, Shape like, Size wanted, long largest) {
    PlanException.checkBetween("the largest input", largest, 1, LARGEST);
    List<Axis> axes = axes(like);
    if (!axes.equals(wanted.axes())) {
      throw new PlanException(
          "the wanted map must have a size for each axis",
          ("It is " + ShapeText.crossed(wanted) + ", and the network's input has ")
              + (axes.size() == 1 ? "one axis" : axes.size() + " axes")
              + (": " + ShapeText.listed(like) + "."),
          "Use one size for each of them.");
    }
    for (Axis axis : axes) {
      PlanException.checkBetween("the wanted " + axis, wanted.on(axis), 1, Solver.LARGEST_SIZE);
    }
    LastMap map = LastMap.of(network, like).orElseThrow(() -> noMap(network, like));
    List<List<SizeRange>> sizes = new ArrayList<>();
    Shape first = like;
    for (Axis axis : axes) {
      List<SizeRange> onAxis = new MapSizes(map, axis, largest).inputsFor(wanted.on(axis));
      sizes.add(onAxis);
      first = axis.with(first, onAxis.get(0).first());
    }
    return new Inputs(wanted, map.path(), sizes, rejection(network, first));
  }

  private static PlanException noMap(Graph network, Shape like) {
    Optional<ShapeException> rejection = rejection(network, LastMap.cube(like, 224));
    return new PlanException(
        "the network makes no map that grows with its input",
        "On an input of 224 it says: "
            + rejection.map(ShapeException::getMessage).orElse("nothing; its output is fixed."),
        "Ask for its features instead, or change the number of channels.");
  }

  private static List<Axis> axes(Shape like) {
    List<Axis> axes = Axis.in(like);
    if (axes.isEmpty()) {
      throw new PlanException(
          "the network's input must have spatial axes",
          "It is " + ShapeText.listed(like) + ".",
          "Ask about a network that takes (batch, channels, ...).");
    }
    return axes;
  }

  private static Optional<ShapeException> rejection(Graph network, Shape input) {
    try {
      Shapes.infer(network, input);
      return Optional.empty();
    } catch (ShapeException e) {
      return Optional.of(e);
    }
  }

  /**
   * The smallest input with all sides equal that the network takes, and the smallest on each axis.
   * AlexNet 63, VGG-16 32, SqueezeNet 1.0 21, ResNet-50 1.
   *
   * @param network the network
   * @param like an input of its rank: its batch and channels are kept
   * @throws PlanException if no such input passes
   */
  public static Smallest smallest(Graph network, Shape like) {
    List<Axis> axes = axes(like);
    long square =
        SmallestInput.square(network, like).orElseThrow(() -> noneWithEqualSides(network, like));
    long[] smallest =
        axes.stream()
            .mapToLong(axis -> smallestOn(network, LastMap.cube(like, square), axis))
            .toArray();
    return new Smallest(square, new Size(smallest));
  }

  private static PlanException noneWithEqualSides(Graph network, Shape like) {
    Shape tried = LastMap.cube(like, 224);
    Optional<ShapeException> reason = rejection(network, tried);
    return new PlanException(
        "no input with equal sides and " + like.get(1) + " channels passes the network",
        ("On " + ShapeText.listed(tried) + " it says: ")
            + reason.map(ShapeException::getMessage).orElse("nothing"),
        "Change that layer, or the number of channels.");
  }

  /** Too small is too small for all below, which a search by halves finds; then one by one. */
  private static long smallestOn(Graph network, Shape passing, Axis axis) {
    long low = 1;
    long high = axis.of(passing);
    while (low < high) {
      long middle = (low + high) / 2;
      boolean tooSmall =
          refusal(network, axis.with(passing, middle))
              .filter(refused -> refused.reason().neededInput().isPresent())
              .isPresent();
      if (tooSmall) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    while (low < axis.of(passing) && refusal(network, axis.with(passing, low)).isPresent()) {
      low++;
    }
    return low;
  }

  private static Optional<Shapes.Refusal> refusal(Graph network, Shape input) {
    return Shapes.reached(network, input).refusal();
  }

  /**
   * The in_features that the network's first Linears need for an input, and those of a Linear put
   * behind its end. Also where the network as written rejects the input because another number is
   * written: AlexNet without its adaptive pool needs 256 x 6 x 6 = 9216 on 224x224 and 256 x 7 x 7
   * = 12544 on 256x256.
   *
   * <p>What was assumed in front of a Linear, since a print does not show it, may be a flatten.
   * Nothing else is put in: a Sequential that forgot its Flatten is refused, as PyTorch refuses it.
   * Where pools that a print does not show make the number that is written right, they are told.
   *
   * @param network the network
   * @param input the input, batch axis first
   * @throws ShapeException if another layer, or a later Linear, does not take what reaches it
   */
  public static Features features(Graph network, Shape input) {
    return new LinearFit(network).features(input);
  }
}

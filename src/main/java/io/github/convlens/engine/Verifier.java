package io.github.convlens.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import io.github.convlens.engine.Definition.Value;
import io.github.convlens.engine.Verification.Check;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.LongStream;

/** Holds each layer's output against the arithmetic and the definition of the layer. */
final class Verifier {
  /** Multiply-adds up to which every element is computed: some tenths of a second. */
  private static final long SMALL = 1L << 25;

  /** Multiply-adds for the elements of a larger layer, whose weights must be fetched, too. */
  private static final long OF_A_SAMPLE = 1L << 23;

  private static final long LARGEST_SAMPLE = 10_000;

  private Verifier() {}

  static List<Check> run(Block block, NDList inputs, Verification.Progress progress) {
    List<Check> checks = new ArrayList<>();
    GraphBlock network = LayerBlocks.graphBlock(block);
    int of = network.graph().nodes().size();
    int[] done = {0};
    LayerBlocks.walk(
            block,
            inputs,
            visit -> {
              checks.addAll(checks(visit, network.precision()));
              progress.checked(++done[0], of);
            })
        .close();
    return checks;
  }

  /**
   * Checks each output of one layer on what it has read and made.
   *
   * @param precision what it computes in, if that is bfloat16
   */
  static List<Check> checks(Visit visit, Precision precision) {
    boolean isHeldElsewhere = precision == Precision.BFLOAT16; // its arrays are float32 in Java
    Roundoff roundoff = isHeldElsewhere ? Roundoff.BFLOAT16 : Roundoff.of(visit.output());
    return checks(visit, Learned.of(visit.block()), roundoff);
  }

  /**
   * The same where arrays do not say all.
   *
   * @param learned the layer's learned numbers
   * @param roundoff how the type of its outputs rounds
   */
  static List<Check> checks(Visit visit, Learned learned, Roundoff roundoff) {
    List<Shape> shapes = visit.inputs().stream().map(NDArray::getShape).toList();
    List<Shape> expected = visit.layer().outputs(shapes);
    List<Values> inputs = visit.inputs().stream().map(Values::of).toList();
    Roundoff cudnn = roundoff.ofCudnn(visit.output());
    List<Check> checks = new ArrayList<>();
    for (int i = 0; i < Math.min(expected.size(), visit.outputs().size()); i++) {
      NDArray output = visit.outputs().get(i);
      Shape actual = output.getShape();
      Check shape = new Check(visit.path(), visit.layer(), expected.get(i), actual, 0, 0, 0);
      Optional<Definition> definition =
          expected.get(i).equals(actual)
              ? Definitions.of(visit.layer(), inputs, i, learned, roundoff, cudnn)
              : Optional.empty();
      checks.add(definition.map(each -> compare(shape, each, output)).orElse(shape));
    }
    return checks;
  }

  static Check compare(Check shapes, Definition definition, NDArray output) {
    boolean isFloating = output.getDataType().isFloating();
    double largest = isFloating ? Precision.of(output.getDataType()).largest() : Long.MAX_VALUE;
    Values actual = Values.of(output);
    long[] chosen = positions(definition.work(), actual.values().length);
    double difference = 0;
    double tolerance = 0;
    double worst = -1;
    for (long i : chosen) {
      Value value = definition.element().at(Values.position(actual.shape(), i));
      double off = distance(value, actual.values()[(int) i], largest);
      double share = off == 0 ? 0 : off / value.tolerance();
      if (!(share <= worst)) {
        worst = Double.isNaN(share) ? Double.POSITIVE_INFINITY : share;
        difference = off;
        tolerance = value.tolerance();
      }
    }
    return new Check(
        shapes.path(),
        shapes.layer(),
        shapes.expected(),
        shapes.actual(),
        chosen.length,
        difference,
        tolerance);
  }

  /** All elements, or a random sample that takes as long. */
  private static long[] positions(long work, long elements) {
    if (work <= SMALL / Math.max(1, elements)) {
      return LongStream.range(0, elements).toArray();
    }
    long count = Math.max(1, Math.min(LARGEST_SAMPLE, OF_A_SAMPLE / work));
    return new SplittableRandom(elements)
        .longs(0, elements)
        .distinct()
        .limit(Math.min(elements, count))
        .sorted()
        .toArray();
  }

  /** Zero where both are no number, or the value is too large for the number type. */
  private static double distance(Value value, double actual, double largest) {
    double expected = value.number();
    boolean overflow =
        Double.isInfinite(actual)
            && Math.signum(actual) == Math.signum(expected)
            && Math.abs(expected) + value.tolerance() >= largest;
    return overflow || Double.compare(expected, actual) == 0 || expected == actual
        ? 0
        : Math.abs(expected - actual);
  }
}

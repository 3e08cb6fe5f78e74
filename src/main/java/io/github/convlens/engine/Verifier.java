package io.github.convlens.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.initializer.Initializer;
import io.github.convlens.engine.Verification.Check;
import io.github.convlens.engine.Verification.Reference;
import io.github.convlens.layer.ConcatSpec;
import io.github.convlens.layer.Conv2dSpec;
import io.github.convlens.layer.ConvTranspose2dSpec;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.LinearSpec;
import io.github.convlens.layer.ResidualSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** Holds each layer's output against the arithmetic and a definition of the layer. */
final class Verifier {
  /** Multiply-adds up to which plain Java computes every element: some tenths of a second. */
  private static final long SMALL = 1L << 25;

  private static final int SAMPLES = 1000;

  private Verifier() {}

  static List<Check> run(LayerSpec network, Block block, NDArray input) {
    List<Check> checks = new ArrayList<>();
    LayerBlocks.forward(
            network,
            block,
            input,
            (path, layer, leaf, x, y) -> checks.add(check(path, layer, leaf, x, y)))
        .close();
    return checks;
  }

  private static Check check(String path, LayerSpec layer, Block block, NDArray x, NDArray y) {
    Shape expected = layer.output(x.getShape());
    boolean join = layer instanceof ResidualSpec || layer instanceof ConcatSpec;
    if (join || !expected.equals(y.getShape())) {
      return new Check(path, layer, expected, y.getShape(), Reference.SHAPE, 0, 0);
    }
    double[] input = doubles(x);
    double[] output = doubles(y);
    Precision precision = Precision.of(x.getDataType());
    Optional<Definition> definition = definition(layer, block, x.getShape(), input);
    double tolerance =
        definition
            .map(d -> tolerance(d, unit(layer, precision, x), input, output))
            .orElseGet(() -> tolerance(layer, block, precision.roundoff(), input, output));
    boolean small =
        definition.isPresent() && definition.get().terms() <= SMALL / Math.max(1, output.length);
    double difference = 0;
    Reference reference = Reference.SHAPE;
    if (definition.isPresent()) {
      reference = small ? Reference.PLAIN_JAVA : Reference.SAMPLE;
      difference = difference(definition.get(), y.getShape(), output, small);
    }
    if (!small && precision != Precision.FLOAT64) {
      reference = Reference.FLOAT64;
      difference = Math.max(difference, difference(output, inFloat64(layer, block, x)));
    }
    return new Check(path, layer, expected, y.getShape(), reference, difference, tolerance);
  }

  /** CUDA runs float32 convolutions in TF32, which keeps 11 bits of each factor. */
  private static double unit(LayerSpec layer, Precision precision, NDArray x) {
    return isConvolution(layer) && precision == Precision.FLOAT32 && x.getDevice().isGpu()
        ? Precision.FLOAT16.roundoff()
        : precision.roundoff();
  }

  private static Optional<Definition> definition(
      LayerSpec layer, Block block, Shape shape, double[] input) {
    return Definition.of(
        layer,
        shape,
        input,
        isConvolution(layer) ? parameter(block, Parameter.Type.WEIGHT) : new double[0],
        isConvolution(layer) ? parameter(block, Parameter.Type.BIAS) : new double[0]);
  }

  private static boolean isConvolution(LayerSpec layer) {
    return layer instanceof Conv2dSpec || layer instanceof ConvTranspose2dSpec;
  }

  private static double tolerance(
      Definition definition, double unit, double[] input, double[] output) {
    double factor = definition.largestFactor();
    double sum = 4 * definition.terms() * largest(input) * factor;
    return factor == 0 ? 0 : unit * (sum + 2 * largest(output));
  }

  private static double tolerance(
      LayerSpec layer, Block block, double unit, double[] input, double[] output) {
    if (layer instanceof LinearSpec linear) {
      double sum = 4 * linear.inFeatures() * largest(input) * largestWeight(block);
      return unit * (sum + 2 * largest(output));
    }
    return 64 * unit * (1 + largest(input) + largest(output));
  }

  /** Found on the engine: a Linear can have a hundred million weights. */
  private static double largestWeight(Block block) {
    NDArray weights = block.getDirectParameters().get("weight").getArray();
    try (NDArray sizes = weights.abs();
        NDArray largest = sizes.max()) {
      return doubles(largest)[0];
    }
  }

  /** All elements, or as many as a sample has, by the definition. */
  private static double difference(
      Definition definition, Shape shape, double[] output, boolean all) {
    SplittableRandom random = new SplittableRandom(output.length);
    double largest = 0;
    int count = all ? output.length : SAMPLES;
    for (int k = 0; k < count; k++) {
      int i = all ? k : random.nextInt(output.length);
      long column = i % shape.get(3);
      long row = i / shape.get(3) % shape.get(2);
      long plane = i / shape.get(3) / shape.get(2);
      double expected = definition.at(plane / shape.get(1), plane % shape.get(1), row, column);
      largest = Math.max(largest, distance(expected, output[i]));
    }
    return largest;
  }

  private static double difference(double[] a, double[] b) {
    double largest = 0;
    for (int i = 0; i < a.length; i++) {
      largest = Math.max(largest, distance(a[i], b[i]));
    }
    return largest;
  }

  /** Zero where both are the same infinity; {@code Math.max} carries a NaN on. */
  private static double distance(double a, double b) {
    return a == b ? 0 : Math.abs(a - b);
  }

  /** The same layer with the same weights on the same input, all in float64. */
  private static double[] inFloat64(LayerSpec layer, Block block, NDArray x) {
    try (NDManager own = x.getManager().newSubManager(x.getDevice())) {
      Block exact = LayerBlocks.of(layer);
      exact.setInitializer(Initializer.ZEROS, parameter -> true); // the cheapest, to be replaced
      exact.initialize(own, DataType.FLOAT64, x.getShape());
      List<Parameter> source = block.getParameters().values();
      for (int i = 0; i < source.size(); i++) {
        try (NDArray copy = source.get(i).getArray().toType(DataType.FLOAT64, true)) {
          Scratch.write(copy, exact.getParameters().valueAt(i).getArray());
        }
      }
      NDArray input = x.toType(DataType.FLOAT64, true);
      input.attach(own);
      return LayerBlocks.forward(exact, input).toDoubleArray();
    }
  }

  private static double[] parameter(Block block, Parameter.Type type) {
    return block.getDirectParameters().values().stream()
        .filter(parameter -> parameter.getType() == type)
        .findFirst()
        .map(parameter -> doubles(parameter.getArray()))
        .orElse(new double[0]);
  }

  private static double[] doubles(NDArray array) {
    try (NDArray exact = array.toType(DataType.FLOAT64, true)) {
      return exact.toDoubleArray();
    }
  }

  private static double largest(double[] values) {
    double largest = 0;
    for (double value : values) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }
}

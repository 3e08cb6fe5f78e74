package io.github.convlens.engine.internal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import io.github.convlens.engine.Precision;
import java.util.List;
import java.util.Optional;

/** Weights written by hand into the first convolution of a block, such as a kernel for edges. */
public final class GivenWeights {
  private GivenWeights() {}

  /**
   * Writes a kernel into the first convolution and sets its bias to zero. A kernel (kh, kw) goes to
   * every input and output channel, (outChannels, kh, kw) to every input channel, and (outChannels,
   * inChannels, kh, kw) is taken as it is.
   *
   * @param block an initialised block
   * @param values the kernel's numbers, row by row
   * @param shape the kernel's shape: two to four axes
   * @throws IllegalArgumentException if the block has no convolution, or the shapes do not fit
   */
  public static void write(Block block, List<Double> values, Shape shape) {
    Block conv =
        firstConvolution(block)
            .orElseThrow(
                () -> new IllegalArgumentException("there is no convolution to give weights to."));
    NDArray weight = conv.getParameters().get("weight").getArray();
    Shape wanted = weight.getShape();
    Shape padded =
        switch (shape.dimension()) {
          case 2 -> new Shape(1, 1).addAll(shape);
          case 3 -> new Shape(shape.get(0), 1, shape.get(1), shape.get(2));
          default -> shape;
        };
    if (padded.dimension() != 4 || !fits(padded, wanted)) {
      throw new IllegalArgumentException(
          "weights of shape "
              + shape
              + " do not fit the first convolution, whose weights are (outChannels, inChannels,"
              + " height, width) = "
              + wanted
              + ".");
    }
    float[] numbers = new float[values.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = values.get(i).floatValue();
    }
    try (NDArray kernel =
            RandomInput.of(
                weight.getManager(), Precision.of(weight.getDataType()), padded, numbers);
        NDArray everywhere = kernel.broadcast(wanted)) {
      Scratch.write(everywhere, weight);
    }
    for (Parameter parameter : conv.getDirectParameters().values()) {
      if (parameter.getType() == Parameter.Type.BIAS) {
        NDArray bias = parameter.getArray();
        try (NDArray zeros = bias.zerosLike()) {
          Scratch.write(zeros, bias);
        }
      }
    }
  }

  private static boolean fits(Shape given, Shape wanted) {
    for (int axis = 0; axis < 4; axis++) {
      boolean repeated = axis < 2 && given.get(axis) == 1;
      if (!repeated && given.get(axis) != wanted.get(axis)) {
        return false;
      }
    }
    return true;
  }

  private static Optional<Block> firstConvolution(Block block) {
    Parameter weight = block.getDirectParameters().get("weight");
    if (weight != null && weight.isInitialized() && weight.getShape().dimension() == 4) {
      return Optional.of(block);
    }
    return block.getChildren().values().stream()
        .map(GivenWeights::firstConvolution)
        .flatMap(Optional::stream)
        .findFirst();
  }
}

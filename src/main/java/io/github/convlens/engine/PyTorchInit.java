package io.github.convlens.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.initializer.Initializer;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * First weights as PyTorch's layers choose them: weights and biases of convolutions and linear
 * layers uniform between {@code -1 / sqrt(fanIn)} and {@code 1 / sqrt(fanIn)}, with {@code fanIn}
 * the size of a weight without its first axis; scales of normalisations 1, shifts 0. (PyTorch says
 * kaiming_uniform with a = sqrt(5) for the weights, which is the same bound.) A 5x5 convolution of
 * 6 channels: 1 / sqrt(150) = 0.0816. The rule is PyTorch's, the random numbers are not.
 *
 * <p>The numbers come from the seed alone: the same on every device, and the same in every
 * precision up to rounding.
 */
public final class PyTorchInit {
  private final long seed;

  private PyTorchInit(long seed) {
    this.seed = seed;
  }

  /** An initialisation that always gives the same network the same weights. */
  public static PyTorchInit seeded(long seed) {
    return new PyTorchInit(seed);
  }

  /**
   * Gives a block its first weights. They belong to the manager.
   *
   * @param block a block without weights
   * @param manager where the weights live, and on which device
   * @param precision their number type
   * @param inputs the shape of each input, batch axis first
   */
  public void initialize(Block block, NDManager manager, Precision precision, Shape... inputs) {
    setInitializers(block);
    block.initialize(manager, precision.dataType(), inputs);
  }

  /**
   * Sets the initialisers only, for DJL's own {@code initialize} or a {@code Trainer} to use.
   *
   * @param block any block, also one of DJL's
   */
  public void setInitializers(Block block) {
    setInitializers(block, new SplittableRandom(seed));
  }

  private static void setInitializers(Block block, SplittableRandom random) {
    @Nullable Parameter weight = null;
    for (Parameter parameter : block.getDirectParameters().values()) {
      if (parameter.getType() == Parameter.Type.WEIGHT) {
        weight = parameter;
        parameter.setInitializer(new Uniform(parameter, random.nextLong()));
      } else if (parameter.getType() == Parameter.Type.BIAS && weight != null) {
        parameter.setInitializer(new Uniform(weight, random.nextLong()));
      }
    }
    for (Block child : block.getChildren().values()) {
      setInitializers(child, random);
    }
  }

  /** Uniform within the bound that a weight's shape sets, for that weight or for its bias. */
  private static final class Uniform implements Initializer {
    private final Parameter weight;
    private final long seed;

    Uniform(Parameter weight, long seed) {
      this.weight = weight;
      this.seed = seed;
    }

    @Override
    public NDArray initialize(NDManager manager, Shape shape, DataType dataType) {
      double bound = 1 / Math.sqrt((double) weight.getShape().slice(1).size());
      SplittableRandom random = new SplittableRandom(seed);
      float[] values = new float[Math.toIntExact(shape.size())];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) (bound * (2 * random.nextDouble() - 1));
      }
      return RandomInput.of(manager, Precision.of(dataType), shape, values);
    }
  }
}

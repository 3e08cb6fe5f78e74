package io.github.convlens.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.initializer.Initializer;
import io.github.convlens.engine.internal.RandomInput;
import io.github.convlens.layer.EmbeddingSpec;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.MultiheadAttentionSpec;
import io.github.convlens.layer.RecurrentSpec;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * First weights as PyTorch's layers choose them: weights and biases of convolutions and linear
 * layers uniform between {@code -1 / sqrt(fanIn)} and {@code 1 / sqrt(fanIn)}, with {@code fanIn}
 * the size of a weight without its first axis; scales of normalisations 1, shifts 0; an Embedding
 * normal with deviation 1; recurrent layers uniform up to {@code 1 / sqrt(hiddenSize)}; what
 * projects for attention uniform up to {@code sqrt(6 / (fanIn + fanOut))} without biases. (PyTorch
 * says kaiming_uniform with a = sqrt(5) for the weights, which is the same bound.) A 5x5
 * convolution of 6 channels: 1 / sqrt(150) = 0.0816. The rule is PyTorch's, the random numbers are
 * not.
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
    Optional<LayerSpec> layer =
        block instanceof Specified specified ? Optional.of(specified.layer()) : Optional.empty();
    @Nullable Parameter weight = null;
    for (Parameter parameter : block.getDirectParameters().values()) {
      if (parameter.getType() == Parameter.Type.WEIGHT) {
        weight = parameter;
        parameter.setInitializer(weights(layer, parameter, random.nextLong()));
      } else if (parameter.getType() == Parameter.Type.BIAS && weight != null) {
        parameter.setInitializer(biases(layer, weight, random.nextLong()));
      }
    }
    for (Block child : block.getChildren().values()) {
      setInitializers(child, random);
    }
  }

  private static Initializer weights(Optional<LayerSpec> layer, Parameter weight, long seed) {
    if (layer.isPresent() && layer.get() instanceof EmbeddingSpec embedding) {
      return rows(embedding.paddingIdx(), new Drawn(SplittableRandom::nextGaussian, () -> 1, seed));
    }
    if (layer.isPresent() && layer.get() instanceof RecurrentSpec recurrent) {
      return uniform(() -> 1 / Math.sqrt((double) recurrent.hiddenSize()), seed);
    }
    if (layer.isPresent()
        && layer.get() instanceof MultiheadAttentionSpec
        && !weight.getName().startsWith("out_proj")) {
      return uniform(() -> Math.sqrt(6.0 / (fan(weight, 0) + fan(weight, 1))), seed); // Glorot's
    }
    return uniform(() -> bound(weight), seed);
  }

  private static Initializer biases(Optional<LayerSpec> layer, Parameter weight, long seed) {
    if (layer.isPresent() && layer.get() instanceof MultiheadAttentionSpec) {
      return uniform(() -> 0, seed);
    }
    if (layer.isPresent() && layer.get() instanceof RecurrentSpec recurrent) {
      return uniform(() -> 1 / Math.sqrt((double) recurrent.hiddenSize()), seed);
    }
    return uniform(() -> bound(weight), seed);
  }

  /** The vector of padding begins as zeros. */
  private static Initializer rows(OptionalLong padding, Initializer drawn) {
    return (manager, shape, dataType) -> {
      NDArray rows = drawn.initialize(manager, shape, dataType);
      padding.ifPresent(index -> rows.set(new NDIndex(index), 0));
      return rows;
    };
  }

  private static double bound(Parameter weight) {
    return 1 / Math.sqrt((double) weight.getShape().slice(1).size());
  }

  private static double fan(Parameter weight, int axis) {
    return weight.getShape().get(axis);
  }

  private static Initializer uniform(DoubleSupplier bound, long seed) {
    return new Drawn(random -> 2 * random.nextDouble() - 1, bound, seed);
  }

  /**
   * Random numbers times a factor.
   *
   * @param draws what draws one
   * @param factor asked for when the weight's shape is known
   * @param seed decides them
   */
  private record Drawn(ToDoubleFunction<SplittableRandom> draws, DoubleSupplier factor, long seed)
      implements Initializer {
    @Override
    public NDArray initialize(NDManager manager, Shape shape, DataType dataType) {
      double times = factor.getAsDouble();
      SplittableRandom random = new SplittableRandom(seed);
      float[] values = new float[Math.toIntExact(shape.size())];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) (times * draws.applyAsDouble(random));
      }
      return RandomInput.of(manager, Precision.of(dataType), shape, values);
    }
  }
}

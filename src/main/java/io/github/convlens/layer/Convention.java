package io.github.convlens.layer;

import ai.djl.ndarray.types.Shape;
import java.util.List;

/** What is counted as the cost of a layer; tools differ, so the convention is named. */
public enum Convention {
  /**
   * Multiply-adds of convolutions and matrix products, bias not counted, everything else free.
   * AlexNet on 224x224: 714,188,480. Transposed convolutions are counted on input positions: kernel
   * 2, stride 2, 3 to 1 channels on 2x2 makes 2 x 2 x 3 x 1 x 4 = 48.
   *
   * <p>Source: the tables of torchvision's model pages; torch.utils.flop_counter, divided by 2.
   */
  TORCHVISION("torchvision") {
    @Override
    public long cost(LayerSpec layer, List<Shape> inputs) {
      return layer.macs(inputs);
    }
  },
  /**
   * Convolutions: (weights + biases) x batch x output positions. Everything else that has
   * parameters, batch normalisation among it: (weights + biases) x batch. {@code Conv2d(1, 10, 5)}
   * on 7x1x28x28: 260 x 7 x 24 x 24 = 1,048,320.
   *
   * <p>One rule is not torchinfo's: it multiplies a transposed convolution's parameters with its
   * output positions as well (THOP does the same), but each weight meets each input position once,
   * so with stride 2 that is four times too much. Here: weights x batch x input positions + biases
   * x batch x output positions.
   *
   * <p>Source: torchinfo 1.8, layer_info.py, {@code calculate_macs}.
   */
  TORCHINFO("torchinfo") {
    @Override
    public long cost(LayerSpec layer, List<Shape> inputs) {
      return layer.torchinfoMacs(inputs);
    }
  },
  /**
   * Operations, not multiply-adds: 2 x multiply-adds of convolutions and linear layers, 1 for each
   * output element to which they add a bias, and the window's area for each output element of a
   * pool. {@code Conv2d(1, 10, 5)} on 7x1x28x28: 2 x 1,008,000 + 40,320 = 2,056,320. Activations
   * and normalisations are not counted.
   *
   * <p>An adaptive pool's windows differ; their areas are added up.
   *
   * <p>Source: TensorFlow's profiler, the statistics "flops" registered for Conv2D, MatMul,
   * Conv2DBackpropInput, BiasAdd, AvgPool and MaxPool (nn_ops.py, flops_registry.py).
   */
  TF_PROFILER("tf-profiler") {
    @Override
    public long cost(LayerSpec layer, List<Shape> inputs) {
      return layer.profilerOperations(inputs);
    }
  };

  private final String word;

  Convention(String word) {
    this.word = word;
  }

  /**
   * The cost of one forward pass of a single layer.
   *
   * @param layer a resolved layer
   * @param inputs the shapes of its inputs, batch axis first
   * @throws ShapeException if the layer cannot take the inputs, or the count passes 2^63 - 1
   */
  public abstract long cost(LayerSpec layer, List<Shape> inputs);

  /** The same for a layer with one input. */
  public final long cost(LayerSpec layer, Shape input) {
    return cost(layer, List.of(input));
  }

  /** The word for the command line: {@code torchvision}, {@code torchinfo}, {@code tf-profiler}. */
  @Override
  public String toString() {
    return word;
  }
}

package io.github.convlens.layer;

import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Optional;

/**
 * What is counted as the cost of a layer; tools differ, so the convention is named. Every one
 * counts the whole batch: for the cost of one item, ask with a batch of 1.
 */
public enum Convention {
  /**
   * Multiply-adds of convolutions and matrix products, bias not counted, everything else free; of
   * the whole batch. AlexNet on 224x224: 714,188,480. Transposed convolutions are counted on input
   * positions: kernel 2, stride 2, 3 to 1 channels on 2x2 makes 2 x 2 x 3 x 1 x 4 = 48.
   *
   * <p>Source: the tables of torchvision's model pages, which are of one picture;
   * torch.utils.flop_counter, divided by 2.
   */
  TORCHVISION("torchvision") {
    @Override
    public long cost(LayerSpec layer, List<Shape> inputs) {
      return layer.macs(inputs);
    }
  },
  /**
   * torchinfo's mult-adds, of the whole batch. Convolutions, transposed ones too: (weights +
   * biases) x batch x output positions. Linear: (weights + biases) x all positions. Recurrent
   * networks: (weights + biases) x batch x length. Everything else that has parameters, batch
   * normalisation among it: (weights + biases) x batch. MultiheadAttention, whose parameters
   * torchinfo does not see used: nothing. {@code Conv2d(1, 10, 5)} on 7x1x28x28: 260 x 7 x 24 x 24
   * = 1,048,320. {@code ConvTranspose2d(3, 1, 2, stride=2)} on 1x3x2x2: 13 x 4 x 4 = 208, although
   * each weight meets no more than the 2 x 2 input positions.
   *
   * <p>Source: torchinfo's main branch of August 2026, layer_info.py, {@code calculate_macs}. The
   * release 1.8.0 differs in Linears on more than (batch, features): there they count once for each
   * item of the batch.
   */
  TORCHINFO("torchinfo") {
    @Override
    public long cost(LayerSpec layer, List<Shape> inputs) {
      return layer.torchinfoMacs(inputs);
    }

    @Override
    public Optional<String> remark(LayerSpec layer, List<Shape> inputs) {
      return layer instanceof LinearSpec && inputs.get(0).dimension() > 2
          ? Optional.of(
              "counted at every position, as torchinfo's main branch does; its release 1.8.0 counts a"
                  + " Linear once for each item of the batch.")
          : Optional.empty();
    }
  },
  /**
   * fvcore's flops in eval mode, of the whole batch. A multiply-add of a convolution (a transposed
   * one on its input positions), a Linear or a matrix product is one flop, bias not counted. Each
   * input element costs 2 flops in a BatchNorm, 5 in one without running statistics and in
   * GroupNorm, InstanceNorm and LayerNorm; 1 less without a learned scale; and 1 in an
   * AdaptiveAvgPool2d. Each output element costs 1 in an Upsample of a picture with mode nearest, 4
   * with bilinear. Everything else is free, because fvcore does not know it: recurrent networks,
   * other pools, other modes, and a convolution with padding='same' or 'valid' in words that pads
   * with zeros. MultiheadAttention is counted as with need_weights=True. {@code Conv2d(1, 10, 5)}
   * on 7x1x28x28: 1,008,000.
   *
   * <p>Source: fvcore 0.1.6, {@code FlopCountAnalysis}, flop_count.py and jit_handles.py.
   */
  FVCORE("fvcore") {
    @Override
    public long cost(LayerSpec layer, List<Shape> inputs) {
      return layer.fvcoreFlops(inputs);
    }

    @Override
    public Optional<String> remark(LayerSpec layer, List<Shape> inputs) {
      if (layer instanceof MultiheadAttentionSpec) {
        return Optional.of(
            "counted as with need_weights=True; otherwise fvcore leaves out the products of"
                + " queries, keys and values.");
      }
      return cost(layer, inputs) == 0 && layer.macs(inputs) > 0
          ? Optional.of("fvcore does not know this operation and counts nothing for it.")
          : Optional.empty();
    }
  },
  /**
   * Operations, not multiply-adds, of the whole batch: 2 x multiply-adds of convolutions and linear
   * layers, 1 for each output element to which they add a bias, and the window's area for each
   * output element of a pool. {@code Conv2d(1, 10, 5)} on 7x1x28x28: 2 x 1,008,000 + 40,320 =
   * 2,056,320. Activations and normalisations are not counted.
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

  /**
   * What a reader should know about a layer's cost where the tool itself is not of one mind, or
   * blind; mostly nothing.
   *
   * @param layer a resolved layer
   * @param inputs the shapes of its inputs, batch axis first
   */
  public Optional<String> remark(LayerSpec layer, List<Shape> inputs) {
    return Optional.empty();
  }

  /** The word for the command line: {@code torchvision}, {@code tf-profiler}. */
  @Override
  public String toString() {
    return word;
  }
}

package io.github.convlens.layer;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.internal.Exact;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One layer: what it makes of shapes, what it has to learn, how much it computes, and which input
 * positions an output reads. Values, valid from their constructor on; they hold no weights and need
 * no engine.
 *
 * <p>Shapes have a batch axis in front: sequences are (batch, channels, length), pictures (batch,
 * channels, height, width), volumes (batch, channels, depth, height, width). Most layers take one
 * input and make one output; those that take or make several are asked by {@link #outputs}. {@code
 * toString} is PyTorch's notation, and {@code notation.PyTorch} reads it back.
 *
 * <p>A kind of layer of one's own is a {@link CustomSpec}.
 */
public sealed interface LayerSpec
    permits ActivationSpec,
        AdaptivePoolSpec,
        AttentionSpec,
        BatchNormSpec,
        ChannelShuffleSpec,
        ConcatenationSpec,
        ConvSpec,
        ConvTransposeSpec,
        CustomSpec,
        DropoutSpec,
        ElementwiseSpec,
        EmbeddingSpec,
        FitSpec,
        FlattenSpec,
        GroupNormSpec,
        IdentitySpec,
        InstanceNormSpec,
        LayerNormSpec,
        LearnedSpec,
        LinearSpec,
        LocalResponseNormSpec,
        MatrixProductSpec,
        MeanSpec,
        MultiheadAttentionSpec,
        PadSpec,
        PReluSpec,
        PermuteSpec,
        PixelShuffleSpec,
        PoolSpec,
        RecurrentSpec,
        RmsNormSpec,
        ReshapeSpec,
        ScaleSpec,
        SplitSpec,
        UnflattenSpec,
        UpsampleSpec {

  /** The class's name in PyTorch, {@code Conv2d}, or the function's, {@code add}. */
  String type();

  /**
   * The shape of the output; of a layer with several outputs, that of the first.
   *
   * @param input the shape of its only input, batch axis first
   * @throws ShapeException if the layer cannot take this input; the message says what to change
   */
  Shape output(Shape input);

  /**
   * The shapes of all outputs.
   *
   * @param inputs the shapes of the inputs, in the order of its arguments
   * @throws ShapeException if the layer cannot take these inputs, or not so many
   */
  default List<Shape> outputs(List<Shape> inputs) {
    return List.of(output(Require.one(inputs)));
  }

  /** Learned numbers that are multiplied: kernels, matrices, scales. */
  default long weights() {
    return 0;
  }

  /** Learned numbers that are added. */
  default long biases() {
    return 0;
  }

  /**
   * What {@code state_dict()} holds of it: the arrays by PyTorch's names, in PyTorch's order. Of
   * {@code Conv2d(3, 8, kernel_size=(5, 5))} {@code weight}, (8, 3, 5, 5), and {@code bias}, (8).
   * Empty where it holds none.
   *
   * @throws ShapeException if a lazy layer has not been resolved
   */
  default Map<String, Shape> state() {
    return Map.of();
  }

  /**
   * All learned numbers.
   *
   * @throws ShapeException if the count passes 2^63 - 1
   */
  default long parameters() {
    return Exact.add(weights(), biases());
  }

  /**
   * Multiply-adds of a forward pass, counted for convolutions and matrix products, bias not
   * counted: the convention of torchvision's tables.
   *
   * @param input the shape of its only input
   * @throws ShapeException if the layer cannot take this input, or the count passes 2^63 - 1
   */
  default long macs(Shape input) {
    return 0;
  }

  /** The same for any number of inputs. */
  default long macs(List<Shape> inputs) {
    return macs(Require.one(inputs));
  }

  /** The multiply-adds as torchinfo counts them: {@link Convention#TORCHINFO}. */
  default long torchinfoMacs(List<Shape> inputs) {
    long parameters = parameters();
    return parameters == 0 ? 0 : Exact.multiply(parameters, inputs.get(0).get(0));
  }

  /** The flops that fvcore counts: {@link Convention#FVCORE}. */
  default long fvcoreFlops(List<Shape> inputs) {
    return macs(inputs);
  }

  /** The operations that TensorFlow's profiler counts: {@link Convention#TF_PROFILER}. */
  default long profilerOperations(List<Shape> inputs) {
    return 0;
  }

  /** The windows of a convolution or a pool, where it has them; a transposed one has none. */
  default Optional<Windows> windows() {
    return Optional.empty();
  }

  /**
   * How many taps its kernel has on each spatial axis: that of a convolution, a transposed one or a
   * pool. Layers without a kernel have none.
   */
  default Optional<Size> taps() {
    return windows().map(Windows::kernel);
  }

  /** The number of channels that its input must have, where the layer says one. */
  default OptionalLong inputChannels() {
    return OptionalLong.empty();
  }

  /**
   * The spatial axes of an input in the layout that the layer takes: those behind (batch,
   * channels); none where its features are the last axis and not the second one.
   */
  default List<Axis> axes(Shape input) {
    return Axis.in(input);
  }

  /** How many spatial axes its input must have; 0 where it does not matter. */
  default int spatialAxes() {
    return 0;
  }

  /** Whether the first axis, the batch, is still the first axis behind the layer. */
  default boolean keepsBatchAxis() {
    return true;
  }

  /**
   * Whether its input's axes need not be (batch, channels, ...): then a shape is taken as it is
   * given, and no batch axis is put in front of it.
   */
  default boolean takesShapeAsGiven() {
    return !keepsBatchAxis();
  }

  /**
   * What becomes of one of the axes of an input, whichever axis that is. The statistics that a
   * normalisation takes do not count: by the usual convention it reads a point.
   *
   * @param axis the axis's place in the shape of the input, from 0
   * @param inputs the shapes of the inputs
   * @param index which of the inputs
   * @param output which of the outputs
   * @throws ShapeException if the layer has a window and cannot take the input
   */
  default Passage passage(int axis, List<Shape> inputs, int index, int output) {
    return Passage.point(axis);
  }

  /** Whether the values of an input are read; otherwise its shape alone is. */
  default boolean reads(int index) {
    return true;
  }

  /**
   * What an output position reads on a spatial axis; empty where it reads all of it.
   *
   * @param axis one of the input's spatial axes
   * @param input the shape of its only input
   * @throws ShapeException if the layer has a window and cannot take the input
   */
  default Optional<Reach> reach(Axis axis, Shape input) {
    return passage(axis.index(input.dimension()), List.of(input), 0, 0).reach();
  }

  /**
   * The formula of the output's size on an axis with this layer's numbers and its value, for
   * people: {@code floor((8 + 1 + 1 - 5) / 4) + 1 = 2}; empty where the size stays or is given.
   *
   * @throws ShapeException if the layer cannot take the input
   */
  default Optional<String> formula(Axis axis, Shape input) {
    return Optional.empty();
  }

  /**
   * The same layer with everything said that its input decides: the channels of lazy layers. Most
   * layers are themselves.
   *
   * @throws ShapeException if the layer cannot take this input
   */
  default LayerSpec resolve(Shape input) {
    return this;
  }

  /**
   * What the answer for this input rests on that the layer was not told: a print of AvgPool2d does
   * not show ceil_mode. Empty where nothing does.
   */
  default Optional<String> assumption(Shape input) {
    return Optional.empty();
  }

  /** Calls the visitor's method for this kind of layer. */
  <R> R accept(Visitor<R> visitor);

  /**
   * One method for each kind of layer, so that the compiler finds every place that a new kind
   * concerns.
   *
   * @param <R> what the visitor answers
   */
  interface Visitor<R> {
    /** An activation function. */
    R visit(ActivationSpec layer);

    /** A pool to a given output size. */
    R visit(AdaptivePoolSpec layer);

    /** Attention of queries, keys and values. */
    R visit(AttentionSpec layer);

    /** Average pooling. */
    R visit(AvgPoolSpec layer);

    /** Batch normalisation. */
    R visit(BatchNormSpec layer);

    /** A window of fixed numbers. */
    R visit(BlurSpec layer);

    /** Channels in another order. */
    R visit(ChannelShuffleSpec layer);

    /** Several inputs behind each other on an axis. */
    R visit(ConcatenationSpec layer);

    /** A convolution. */
    R visit(ConvSpec layer);

    /** A transposed convolution. */
    R visit(ConvTransposeSpec layer);

    /** A kind of layer of somebody's own. */
    R visit(CustomSpec layer);

    /** Dropout. */
    R visit(DropoutSpec layer);

    /** A table of vectors. */
    R visit(EmbeddingSpec layer);

    /** An array brought to the size of another. */
    R visit(FitSpec layer);

    /** Axes joined into one. */
    R visit(FlattenSpec layer);

    /** Group normalisation. */
    R visit(GroupNormSpec layer);

    /** The input itself. */
    R visit(IdentitySpec layer);

    /** Instance normalisation. */
    R visit(InstanceNormSpec layer);

    /** Layer normalisation. */
    R visit(LayerNormSpec layer);

    /** Learned numbers without a layer around them. */
    R visit(LearnedSpec layer);

    /** A matrix product with a learned matrix. */
    R visit(LinearSpec layer);

    /** Local response normalisation. */
    R visit(LocalResponseNormSpec layer);

    /** Power-average pooling. */
    R visit(LpPoolSpec layer);

    /** A matrix product of two inputs. */
    R visit(MatrixProductSpec layer);

    /** Maximum pooling. */
    R visit(MaxPoolSpec layer);

    /** A mean over axes. */
    R visit(MeanSpec layer);

    /** Multi-head attention. */
    R visit(MultiheadAttentionSpec layer);

    /** Padding. */
    R visit(PadSpec layer);

    /** A rectifier with a learned slope. */
    R visit(PReluSpec layer);

    /** Axes in another order. */
    R visit(PermuteSpec layer);

    /** Channels turned into pixels, or back. */
    R visit(PixelShuffleSpec layer);

    /** Inputs multiplied element by element. */
    R visit(ProductSpec layer);

    /** A recurrent network. */
    R visit(RecurrentSpec layer);

    /** Division by the root of the mean square. */
    R visit(RmsNormSpec layer);

    /** The same numbers in another shape. */
    R visit(ReshapeSpec layer);

    /** Each number times a constant, plus a constant. */
    R visit(ScaleSpec layer);

    /** An axis cut into several outputs. */
    R visit(SplitSpec layer);

    /** Inputs added element by element. */
    R visit(SumSpec layer);

    /** One axis split into several. */
    R visit(UnflattenSpec layer);

    /** Enlarging. */
    R visit(UpsampleSpec layer);
  }
}

package io.github.convlens.layer;

import ai.djl.ndarray.types.Shape;
import java.util.Optional;

/**
 * One layer, or a composition of layers: what it makes of a shape, what it has to learn and how
 * much it computes. Values, valid from their constructor on; they hold no weights and need no
 * engine.
 *
 * <p>Shapes have a batch axis: pictures are (batch, channels, height, width). {@code toString} is
 * PyTorch's notation, and {@code notation.PyTorch} reads it back.
 */
public sealed interface LayerSpec
    permits ActivationSpec,
        AdaptivePool2dSpec,
        AvgPool2dSpec,
        BatchNorm2dSpec,
        ConcatSpec,
        Conv2dSpec,
        ConvTranspose2dSpec,
        DropoutSpec,
        FlattenSpec,
        GroupNormSpec,
        IdentitySpec,
        LayerNormSpec,
        LinearSpec,
        LocalResponseNormSpec,
        MaxPool2dSpec,
        ModuleSpec,
        Pad2dSpec,
        PReluSpec,
        PixelShuffleSpec,
        ResidualSpec,
        SequentialSpec,
        UnflattenSpec,
        UpsampleSpec {

  /** The class's name in PyTorch, or that of a composition of ours: {@code Conv2d}. */
  String type();

  /**
   * The shape of the output.
   *
   * @param input the shape of the input, batch axis first
   * @throws ShapeException if the layer cannot take this input; the message says what to change
   */
  Shape output(Shape input);

  /** Learned numbers that are multiplied: kernels, matrices, scales. */
  default long weights() {
    return 0;
  }

  /** Learned numbers that are added. */
  default long biases() {
    return 0;
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
   * Multiply-adds of a forward pass, counted for convolutions and linear layers, bias not counted:
   * the convention of torchvision's tables.
   *
   * @param input the shape of the input
   * @throws ShapeException if the layer cannot take this input, or the count passes 2^63 - 1
   */
  default long macs(Shape input) {
    return 0;
  }

  /**
   * What one output position reads on an axis of a picture; empty where it reads all of it. Where
   * an input has no such axis, the answer says whether positions are mixed. The statistics that a
   * normalisation takes do not count: by the usual convention it reads a point. A composition does
   * not answer for its layers (it answers a point, too): ask each of them.
   *
   * @param axis height or width
   * @param input the shape of the input
   * @throws ShapeException if the layer has a window and the input is not a picture
   */
  default Optional<Reach> reach(Axis axis, Shape input) {
    return Optional.of(Reach.POINT);
  }

  /**
   * The same layer with everything said that its input decides: the channels of lazy layers, and
   * layers that a {@code print(model)} hides but the shapes force. Most layers are themselves.
   *
   * @throws ShapeException if the layer cannot take this input
   */
  default LayerSpec resolve(Shape input) {
    return this;
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
    R visit(AdaptivePool2dSpec layer);

    /** Average pooling. */
    R visit(AvgPool2dSpec layer);

    /** Batch normalisation. */
    R visit(BatchNorm2dSpec layer);

    /** Branches side by side. */
    R visit(ConcatSpec layer);

    /** A convolution. */
    R visit(Conv2dSpec layer);

    /** A transposed convolution. */
    R visit(ConvTranspose2dSpec layer);

    /** Dropout. */
    R visit(DropoutSpec layer);

    /** Axes joined into one. */
    R visit(FlattenSpec layer);

    /** Group normalisation. */
    R visit(GroupNormSpec layer);

    /** The input itself. */
    R visit(IdentitySpec layer);

    /** Layer normalisation. */
    R visit(LayerNormSpec layer);

    /** A matrix product. */
    R visit(LinearSpec layer);

    /** Local response normalisation. */
    R visit(LocalResponseNormSpec layer);

    /** Maximum pooling. */
    R visit(MaxPool2dSpec layer);

    /** A class of somebody's. */
    R visit(ModuleSpec layer);

    /** Padding. */
    R visit(Pad2dSpec layer);

    /** A rectifier with a learned slope. */
    R visit(PReluSpec layer);

    /** Channels turned into pixels. */
    R visit(PixelShuffleSpec layer);

    /** The sum of two branches. */
    R visit(ResidualSpec layer);

    /** Layers in a row. */
    R visit(SequentialSpec layer);

    /** One axis split into several. */
    R visit(UnflattenSpec layer);

    /** Enlarging. */
    R visit(UpsampleSpec layer);
  }
}

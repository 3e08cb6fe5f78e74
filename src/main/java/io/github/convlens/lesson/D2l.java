package io.github.convlens.lesson;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.convolutional.Convolution;
import ai.djl.training.ParameterStore;
import io.github.convlens.engine.CrossCorrelation;
import io.github.convlens.layer.Axis;
import io.github.convlens.layer.ShapeException;
import io.github.convlens.layer.Window;

/**
 * The helper functions of the convolution chapter of "Dive into Deep Learning", named as there.
 *
 * <p>Cross-correlations are computed from their definition, not by the engine's convolution, which
 * they are there to explain: {@link CrossCorrelation} has the loop. It is one over the kernel's
 * columns instead of output pixels, so the number of steps follows the kernel's size and not the
 * picture's. So it is for {@link #pool2d}, where the loop is over the window's elements: what one
 * sees, while the window slides over the picture, is the picture itself, shifted.
 *
 * <p>In all methods inputs stay as they are, the result belongs to X's manager and must be closed
 * with it or before it, and whatever else was needed is released on return. Arrays are of {@code
 * float16}, {@code float32} or {@code float64}, and results of the same type. Whole numbers are
 * refused: the engine has no matrix product or mean of some of their types, and sums of {@code
 * uint8}, of which pictures are, would wrap at 256.
 */
public final class D2l {
  private D2l() {}

  /** What {@link #pool2d} makes of a window. */
  public enum PoolMode {
    /** The largest element. */
    MAX,
    /** The mean of the elements. */
    AVG
  }

  /**
   * Applies a block for pictures to a matrix: a batch axis and a channel axis are put in front of X
   * and taken off again (d2l, section "Padding and Stride").
   *
   * <p>A 3x3 convolution with padding 1 keeps 8x8; with stride 2 as well it makes 4x4 of it.
   *
   * @param conv2d any DJL block that takes (1, 1, h, w). One that is not initialised yet is
   *     initialised on X's manager, device and data type, and keeps its parameters there; once,
   *     also where several threads call this with it
   * @param X a matrix (h, w)
   * @return what the block makes of it: (h', w'), or (channels, h', w') if it has several channels
   * @throws IllegalArgumentException if X is not a matrix of floats
   * @throws ShapeException if it is a convolution whose kernel is larger than the padded picture
   */
  public static NDArray compConv2d(Block conv2d, NDArray X) {
    requireAxes(X, 2, "X", "(height, width)");
    requireFloats(X, "X");
    Shape batch = new Shape(1, 1).addAll(X.getShape());
    if (conv2d instanceof Convolution convolution) {
      requireFits(convolution, X.getShape());
    }
    NDManager manager = X.getManager();
    synchronized (conv2d) { // DJL lets two threads initialise a block at once, with two results
      if (!conv2d.isInitialized()) {
        conv2d.initialize(manager, X.getDataType(), batch);
      }
    }
    try (NDManager scratch = manager.newSubManager()) {
      NDList input = new NDList(in(scratch, X, batch)); // (1, 1, h, w)
      NDArray Y =
          conv2d.forward(new ParameterStore(scratch, false), input, false).singletonOrThrow();
      Shape shape = Y.getShape();
      int front = shape.dimension() == 4 && shape.get(1) == 1 ? 2 : 1;
      return result(Y.reshape(shape.slice(front)), manager); // (h', w')
    }
  }

  /**
   * Two-dimensional cross-correlation: {@code Y[i, j] = sum over a, b of X[i + a, j + b] x K[a, b]}
   * (d2l, section "Convolutions for Images").
   *
   * <p>X = 0..8 as 3x3, K = [[0, 1], [2, 3]]: [[19, 25], [37, 43]].
   *
   * @param X a matrix (h, w)
   * @param K a kernel (kh, kw)
   * @return (h - kh + 1, w - kw + 1)
   * @throws IllegalArgumentException if an argument is not a matrix of floats, or the data types
   *     differ
   * @throws ShapeException if the kernel is larger than the picture
   */
  public static NDArray corr2d(NDArray X, NDArray K) {
    requireAxes(X, 2, "X", "(height, width)");
    requireAxes(K, 2, "K", "(height, width)");
    Shape kernel = new Shape(1, 1).addAll(K.getShape());
    return correlate(X, K, new Shape(1).addAll(X.getShape()), kernel, 2);
  }

  /**
   * Cross-correlation of several input channels, summed over the channels: {@code Y = sum over c of
   * corr2d(X[c], K[c])} (d2l, section "Multiple Input and Multiple Output Channels").
   *
   * @param X a picture (channels, h, w)
   * @param K a kernel for each channel (channels, kh, kw)
   * @return (h - kh + 1, w - kw + 1)
   * @throws IllegalArgumentException if an argument has not three axes or is not of floats, there
   *     is no channel, or the channel counts or the data types differ
   * @throws ShapeException if the kernel is larger than the picture
   */
  public static NDArray corr2dMultiIn(NDArray X, NDArray K) {
    requireAxes(X, 3, "X", "(channels, height, width)");
    requireAxes(K, 3, "K", "(channels, height, width)");
    return correlate(X, K, X.getShape(), new Shape(1).addAll(K.getShape()), 2);
  }

  /**
   * Cross-correlation of several input channels to several output channels: {@code Y[o] =
   * corr2dMultiIn(X, K[o])} (d2l, section "Multiple Input and Multiple Output Channels").
   *
   * @param X a picture (inChannels, h, w)
   * @param K kernels (outChannels, inChannels, kh, kw)
   * @return (outChannels, h - kh + 1, w - kw + 1)
   * @throws IllegalArgumentException if the axes are not these, an argument is not of floats, there
   *     is no channel, or the channel counts or the data types differ
   * @throws ShapeException if the kernel is larger than the picture
   */
  public static NDArray corr2dMultiInOut(NDArray X, NDArray K) {
    requireAxes(X, 3, "X", "(inChannels, height, width)");
    requireAxes(K, 4, "K", "(outChannels, inChannels, height, width)");
    return correlate(X, K, X.getShape(), K.getShape(), 3);
  }

  /**
   * A 1x1 convolution as one matrix product: {@code (outChannels, inChannels) x (inChannels, h x
   * w)} (d2l, section "Multiple Input and Multiple Output Channels").
   *
   * @param X a picture (inChannels, h, w)
   * @param K kernels (outChannels, inChannels, 1, 1)
   * @return (outChannels, h, w)
   * @throws IllegalArgumentException if the axes are not these, the kernel is not 1x1, an argument
   *     is not of floats, there is no channel, or the channel counts or the data types differ
   */
  public static NDArray corr2dMultiInOut1x1(NDArray X, NDArray K) {
    requireAxes(X, 3, "X", "(inChannels, height, width)");
    requireAxes(K, 4, "K", "(outChannels, inChannels, 1, 1)");
    Shape kernel = K.getShape();
    if (kernel.get(2) != 1 || kernel.get(3) != 1) {
      throw new IllegalArgumentException(
          "K must be 1x1, but it is " + kernel + ". Use corr2dMultiInOut for larger kernels.");
    }
    Shape picture = X.getShape();
    requireAlike(X, K, picture, kernel);
    try (NDManager scratch = X.getManager().newSubManager()) {
      long area = picture.get(1) * picture.get(2);
      NDArray pixels = in(scratch, X, new Shape(picture.get(0), area)); // (inChannels, h * w)
      NDArray weights = in(scratch, K, kernel.slice(0, 2)); // (outChannels, inChannels)
      NDArray Y = weights.matMul(pixels); // (outChannels, h * w)
      return result(Y.reshape(kernel.get(0), picture.get(1), picture.get(2)), X.getManager());
    }
  }

  /**
   * Pooling with stride 1: each output is the largest element, or the mean, of a window (d2l,
   * section "Pooling").
   *
   * <p>X = 0..8 as 3x3, windows of 2x2: maximum [[4, 5], [7, 8]], mean [[2, 3], [5, 6]].
   *
   * @param X a matrix (h, w)
   * @param poolSize the window (ph, pw)
   * @param mode maximum or mean
   * @return (h - ph + 1, w - pw + 1)
   * @throws IllegalArgumentException if X or the window have not two axes, X is not of floats, or
   *     there is no mode
   * @throws ShapeException if the window is larger than the picture
   */
  public static NDArray pool2d(NDArray X, Shape poolSize, PoolMode mode) {
    requireAxes(X, 2, "X", "(height, width)");
    if (poolSize.dimension() != 2) {
      throw new IllegalArgumentException("poolSize must be (height, width), not " + poolSize + ".");
    }
    if (mode == null) {
      throw new IllegalArgumentException("mode must be MAX or AVG, not null.");
    }
    requireFloats(X, "X");
    Shape picture = new Shape(1).addAll(X.getShape());
    Shape output = outputShape(picture, poolSize.get(0), poolSize.get(1));
    try (NDManager scratch = X.getManager().newSubManager()) {
      NDArray taps = shifted(in(scratch, X, picture), poolSize.get(0), poolSize.get(1), output);
      int[] tapAxis = {1};
      NDArray Y = mode == PoolMode.MAX ? taps.max(tapAxis) : taps.mean(tapAxis); // (1, h', w')
      return result(Y.reshape(output), X.getManager());
    }
  }

  /**
   * All cross-correlations in one.
   *
   * @param picture X's shape as (inChannels, h, w)
   * @param kernel K's shape as (outChannels, inChannels, kh, kw)
   * @param axes how many of (outChannels, h', w') the result keeps, from the last one on
   */
  private static NDArray correlate(NDArray X, NDArray K, Shape picture, Shape kernel, int axes) {
    requireAlike(X, K, picture, kernel);
    Shape output = outputShape(picture, kernel.get(2), kernel.get(3));
    try (NDManager scratch = X.getManager().newSubManager()) {
      NDArray Y = CrossCorrelation.of(in(scratch, X, picture), in(scratch, K, kernel));
      return result(axes == 2 ? Y.reshape(output) : Y, X.getManager());
    }
  }

  /** The picture as each element of a window sees it: (channels, kh * kw, h', w'). */
  private static NDArray shifted(NDArray picture, long kh, long kw, Shape output) {
    NDList views = new NDList(Math.toIntExact(kh * kw));
    for (long a = 0; a < kh; a++) {
      for (long b = 0; b < kw; b++) {
        NDIndex rectangle =
            new NDIndex()
                .addAllDim()
                .addSliceDim(a, a + output.get(0))
                .addSliceDim(b, b + output.get(1));
        views.add(picture.get(rectangle)); // (channels, h', w')
      }
    }
    return NDArrays.stack(views, 1); // (channels, kh * kw, h', w')
  }

  private static Shape outputShape(Shape picture, long kh, long kw) {
    return new Shape(
        outputSize(Axis.HEIGHT, picture.get(1), Window.of(kh)),
        outputSize(Axis.WIDTH, picture.get(2), Window.of(kw)));
  }

  private static long outputSize(Axis axis, long input, Window window) {
    try {
      return window.outputSize(input);
    } catch (ShapeException e) {
      throw e.on(axis);
    }
  }

  /**
   * The same numbers with other axes in another manager, so that all that follows is released
   * there.
   */
  private static NDArray in(NDManager scratch, NDArray array, Shape shape) {
    NDArray view = array.reshape(shape); // shares the numbers; copies them only if they lie apart
    view.attach(scratch);
    return view;
  }

  private static NDArray result(NDArray Y, NDManager manager) {
    Y.attach(manager);
    return Y;
  }

  private static void requireAxes(NDArray array, int axes, String name, String meaning) {
    if (array.getShape().dimension() != axes) {
      throw new IllegalArgumentException(
          name + " must have the axes " + meaning + ", but its shape is " + array.getShape() + ".");
    }
  }

  private static void requireAlike(NDArray X, NDArray K, Shape picture, Shape kernel) {
    long channels = picture.get(0);
    if (channels != kernel.get(1)) {
      throw new IllegalArgumentException(
          "X has "
              + channels
              + " channels but K has "
              + kernel.get(1)
              + ": each input channel needs its own kernel.");
    }
    if (channels == 0 || kernel.get(0) == 0) {
      throw new IllegalArgumentException(
          "K has "
              + (kernel.get(0) + " output channels and " + channels + " input channels (its shape")
              + (" is " + K.getShape() + ").\nUse at least 1 of each."));
    }
    requireFloats(X, "X");
    requireFloats(K, "K");
    if (X.getDataType() != K.getDataType()) {
      throw new IllegalArgumentException(
          "X is "
              + X.getDataType()
              + " but K is "
              + K.getDataType()
              + ". Convert one with toType(..., false).");
    }
  }

  private static void requireFloats(NDArray array, String name) {
    DataType type = array.getDataType();
    if (!type.isFloating()) {
      throw new IllegalArgumentException(
          name
              + (" is " + type + ", but the helpers compute with floats.\n")
              + (type == DataType.UINT8 ? "Sums of uint8 would wrap at 256. " : "")
              + ("Convert it: " + name + ".toType(DataType.FLOAT32, false)."));
    }
  }

  private static void requireFits(Convolution conv2d, Shape matrix) {
    Shape kernel = conv2d.getKernelShape();
    if (kernel.dimension() != 2) {
      throw new IllegalArgumentException(
          "conv2d must be for pictures, but its kernel is " + kernel + ".\nUse a Conv2d.");
    }
    for (int i = 0; i < 2; i++) {
      Window window =
          Window.of(
              kernel.get(i),
              conv2d.getStride().get(i),
              conv2d.getPadding().get(i),
              conv2d.getDilation().get(i));
      outputSize(i == 0 ? Axis.HEIGHT : Axis.WIDTH, matrix.get(i), window);
    }
  }
}

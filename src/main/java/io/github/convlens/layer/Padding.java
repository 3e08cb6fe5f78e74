package io.github.convlens.layer;

import io.github.convlens.layer.internal.Exact;
import java.util.stream.Collectors;

/**
 * What is put around an input before a window slides over it. A padding is a rule; {@link #window}
 * turns it into numbers for one axis.
 */
public sealed interface Padding {
  /** No padding of a picture, given as a number. */
  Padding NONE = Explicit.symmetric(Size.ZERO);

  /** No padding on so many axes, given as a number. */
  static Padding none(int axes) {
    return axes == 2 ? NONE : Explicit.symmetric(Size.all(axes, 0));
  }

  /** Whether it is given as numbers that are all 0. */
  boolean isNone();

  /**
   * The window of this padding on one axis.
   *
   * @param axis which axis
   * @param input the axis's size; only {@link Automatic#SAME_UPPER} and {@link
   *     Automatic#SAME_LOWER} depend on it
   * @param kernel taps on the axis
   * @param stride positions per step
   * @param dilation distance of the taps
   * @throws ShapeException if the numbers contradict the rule
   */
  Window window(Axis axis, long input, long kernel, long stride, long dilation);

  /**
   * Numbers of positions, for each side of each axis.
   *
   * @param before positions in front: above, to the left
   * @param after positions behind: below, to the right
   */
  record Explicit(Size before, Size after) implements Padding {
    /**
     * Checks the bounds.
     *
     * @throws ShapeException if a number is negative
     * @throws IllegalArgumentException if the sides do not have the same axes
     */
    public Explicit {
      if (!before.axes().equals(after.axes())) {
        throw new IllegalArgumentException(before + " and " + after + " have different axes.");
      }
      for (Axis axis : before.axes()) {
        long least = Math.min(before.on(axis), after.on(axis));
        if (least < 0) {
          throw ShapeException.of(
              "padding must not be negative",
              "Here it is " + least + ".",
              "Use padding 0 or more; to cut rows off, use a ZeroPad2d with negative numbers.");
        }
      }
    }

    /**
     * Rows and columns put around a picture.
     *
     * @param top rows above the picture
     * @param bottom rows below it
     * @param left columns in front of it
     * @param right columns behind it
     * @throws ShapeException if a number is negative
     */
    public Explicit(long top, long bottom, long left, long right) {
      this(new Size(top, left), new Size(bottom, right));
    }

    /** The same number of positions at both ends of an axis: PyTorch's padding. */
    public static Explicit symmetric(Size perSide) {
      return new Explicit(perSide, perSide);
    }

    /** Whether both ends of each axis are padded alike, so that PyTorch can write it as a tuple. */
    public boolean isSymmetric() {
      return before.equals(after);
    }

    @Override
    public boolean isNone() {
      return before.isAll(0) && after.isAll(0);
    }

    /** The padding per side; meaningful where {@link #isSymmetric()}. */
    public Size perSide() {
      return before;
    }

    @Override
    public Window window(Axis axis, long input, long kernel, long stride, long dilation) {
      return new Window(kernel, stride, before.on(axis), after.on(axis), dilation);
    }

    /** {@code (1, 2)} per side, or {@code ((top, bottom), (left, right))} where sides differ. */
    @Override
    public String toString() {
      return isSymmetric()
          ? perSide().toString()
          : before.axes().stream()
              .map(axis -> "(" + before.on(axis) + ", " + after.on(axis) + ")")
              .collect(Collectors.joining(", ", "(", before.axes().size() == 1 ? ",)" : ")"));
    }
  }

  /** Paddings that follow from the window, by the name of whoever defined them. */
  enum Automatic implements Padding {
    /** None: the output shrinks by span - 1 (PyTorch's {@code padding='valid'}, ONNX VALID). */
    VALID("valid"),
    /**
     * PyTorch's {@code padding='same'}: span - 1 in total, the odd one behind; the output is as
     * large as the input. Strides are rejected, as PyTorch rejects them.
     */
    SAME("same"),
    /**
     * ONNX {@code auto_pad=SAME_UPPER}, TensorFlow's {@code SAME}: as much as makes the output
     * ceil(input / stride), the odd one behind.
     */
    SAME_UPPER("same_upper"),
    /** ONNX {@code auto_pad=SAME_LOWER}: the same amount, the odd one in front. */
    SAME_LOWER("same_lower");

    private final String notation;

    Automatic(String notation) {
      this.notation = notation;
    }

    @Override
    public Window window(Axis axis, long input, long kernel, long stride, long dilation) {
      Window bare = Window.of(kernel, stride, 0, dilation);
      long total =
          switch (this) {
            case VALID -> 0;
            case SAME -> sameTotal(bare);
            case SAME_UPPER, SAME_LOWER ->
                Math.max(
                    Exact.add(Exact.multiply((input - 1) / stride, stride), bare.span()) - input,
                    0);
          };
      long smaller = total / 2;
      return this == SAME_LOWER
          ? new Window(kernel, stride, total - smaller, smaller, dilation)
          : new Window(kernel, stride, smaller, total - smaller, dilation);
    }

    @Override
    public boolean isNone() {
      return false;
    }

    private static long sameTotal(Window bare) {
      if (bare.stride() != 1) {
        throw ShapeException.of(
            "padding='same' needs stride 1",
            "The stride here is " + bare.stride() + "; PyTorch rejects it too.",
            "Use stride=1, a padding in numbers, or padding='same_upper' (ONNX, TensorFlow).");
      }
      return bare.span() - 1;
    }

    /** The word in the notation, in quotes: {@code 'same'}. */
    @Override
    public String toString() {
      return "'" + notation + "'";
    }

    /** The word in the notation, without quotes. */
    public String word() {
      return notation;
    }
  }
}

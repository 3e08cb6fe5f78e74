package io.github.convlens.plan;

import io.github.convlens.layer.Axis;
import io.github.convlens.layer.Padding;
import io.github.convlens.layer.ShapeException;
import io.github.convlens.layer.Window;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What "same" padding means to one author, for one axis.
 *
 * <p>Kernel 4, stride 1, input 8: all four put 3 positions around; the notes and SAME_LOWER 2 in
 * front and 1 behind, PyTorch and SAME_UPPER 1 in front and 2 behind. Kernel 3, stride 2, input 8:
 * the notes put 1 + 1, SAME_UPPER 0 + 1, SAME_LOWER 1 + 0, and PyTorch rejects the stride; all who
 * answer make 4.
 *
 * @param author whose rule it is
 * @param window kernel, stride and the paddings; empty if the author rejects the request
 * @param input the size of the axis
 * @param rejection why the author rejects the request, if so
 */
public record SamePadding(
    Author author, Optional<Window> window, long input, Optional<ShapeException> rejection) {

  /** Those who define it. */
  public enum Author {
    /**
     * The lesson's notes (as d2l, section 7.3): kernel - 1 positions whatever the stride; where
     * that is odd, the larger half on top. Makes {@code floor((input + stride - 1) / stride)}.
     */
    NOTES("the notes") {
      @Override
      Window window(long kernel, long stride, long input) {
        long smaller = (kernel - 1) / 2;
        return new Window(kernel, stride, kernel - 1 - smaller, smaller, 1);
      }
    },
    /**
     * PyTorch, {@code padding='same'}: kernel - 1 positions, the larger half behind; rejects any
     * stride but 1. Source: PyTorch's page of torch.nn.Conv2d.
     */
    PYTORCH("PyTorch padding='same'") {
      @Override
      Window window(long kernel, long stride, long input) {
        return Padding.Automatic.SAME.window(Axis.HEIGHT, input, kernel, stride, 1);
      }
    },
    /**
     * TensorFlow's SAME, ONNX {@code auto_pad=SAME_UPPER}: the least that makes {@code ceil(input /
     * stride)}, the larger half behind. Source: ONNX's page of Conv.
     */
    SAME_UPPER("TensorFlow SAME, ONNX SAME_UPPER") {
      @Override
      Window window(long kernel, long stride, long input) {
        return Padding.Automatic.SAME_UPPER.window(Axis.HEIGHT, input, kernel, stride, 1);
      }
    },
    /** ONNX {@code auto_pad=SAME_LOWER}: as much, the larger half in front. */
    SAME_LOWER("ONNX SAME_LOWER") {
      @Override
      Window window(long kernel, long stride, long input) {
        return Padding.Automatic.SAME_LOWER.window(Axis.HEIGHT, input, kernel, stride, 1);
      }
    };

    private final String words;

    Author(String words) {
      this.words = words;
    }

    abstract Window window(long kernel, long stride, long input);

    /** The author and the name that the padding has there. */
    @Override
    public String toString() {
      return words;
    }
  }

  /**
   * All four, in the order of {@link Author}.
   *
   * @param kernel taps, 1 to 2^20
   * @param stride positions per step, 1 to 2^20
   * @param input the size of the axis, 1 to 2^40
   * @throws PlanException if a number is out of its range
   */
  public static List<SamePadding> compare(long kernel, long stride, long input) {
    PlanException.checkBetween("the kernel", kernel, 1, 1 << 20);
    PlanException.checkBetween("the stride", stride, 1, 1 << 20);
    PlanException.checkBetween("the input size", input, 1, Solver.LARGEST_SIZE);
    return Arrays.stream(Author.values()).map(author -> of(author, kernel, stride, input)).toList();
  }

  private static SamePadding of(Author author, long kernel, long stride, long input) {
    try {
      Window window = author.window(kernel, stride, input);
      return new SamePadding(author, Optional.of(window), input, Optional.empty());
    } catch (ShapeException e) {
      return new SamePadding(author, Optional.empty(), input, Optional.of(e));
    }
  }

  /** The output's size; empty if the author rejects the request. */
  public OptionalLong output() {
    return window.stream().mapToLong(known -> known.outputSize(input)).findFirst();
  }

  /**
   * The padding to use on both axes of a square picture: {@code ConvSpec} takes it as it is, and
   * where it {@linkplain Padding.Explicit#isSymmetric is symmetric} PyTorch and DJL take one
   * number; otherwise they need a ZeroPad2d in front.
   */
  public Optional<Padding.Explicit> padding() {
    return window.map(
        known ->
            new Padding.Explicit(
                known.padBefore(), known.padAfter(), known.padBefore(), known.padAfter()));
  }

  /** {@code ONNX SAME_LOWER: 1 before, 0 after, output 4}, or the rejection's first line. */
  @Override
  public String toString() {
    return window
        .map(
            known ->
                (author + ": " + known.padBefore() + " before, " + known.padAfter())
                    + (" after, output " + known.outputSize(input)))
        .orElseGet(() -> author + ": rejected, " + rule());
  }

  /** The rejection's first line, which says the rule; empty if the author does not reject. */
  public String rule() {
    return rejection
        .map(rejected -> String.valueOf(rejected.getMessage()).split("\n", 2)[0])
        .orElse("");
  }
}

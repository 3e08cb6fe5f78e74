package io.github.convlens.lesson;

import io.github.convlens.layer.Axis;
import io.github.convlens.layer.Padding;
import io.github.convlens.layer.Window;
import java.util.ArrayList;
import java.util.List;

/**
 * Claim 3: {@code k - 1} rows of padding in total keep the size; for odd k half of them at either
 * end, for even k the larger half at one end. Which end is a convention. Kernel 5: 2 + 2; kernel 4:
 * 2 + 1 (ONNX SAME_LOWER) or 1 + 2 (PyTorch, TensorFlow, ONNX SAME_UPPER).
 *
 * @param input the picture's size on the axis
 * @param oddKernel a kernel
 * @param evenKernel another kernel
 * @param kernelMinus the claim's total padding is the kernel minus this
 * @param largerHalf where the claim puts the larger half
 */
public record PaddingThatKeepsSize(
    long input, long oddKernel, long evenKernel, long kernelMinus, End largerHalf)
    implements Claim {

  /** An end of an axis. */
  public enum End {
    /** Top or left. */
    FRONT("on top and on the left"),
    /** Bottom or right. */
    BACK("below and on the right");

    private final String words;

    End(String words) {
      this.words = words;
    }
  }

  /** Who puts the larger half where; the numbers are those of {@link Padding.Automatic}. */
  public enum Convention {
    /** PyTorch. */
    PYTORCH("PyTorch padding='same'", Padding.Automatic.SAME),
    /** TensorFlow, and ONNX by one of its two names. */
    TENSORFLOW("TensorFlow SAME, ONNX SAME_UPPER", Padding.Automatic.SAME_UPPER),
    /** ONNX by its other name. */
    ONNX_LOWER("ONNX SAME_LOWER", Padding.Automatic.SAME_LOWER);

    private final String words;
    private final Padding.Automatic padding;

    Convention(String words, Padding.Automatic padding) {
      this.words = words;
      this.padding = padding;
    }

    /** The window of this convention with stride 1. */
    public Window window(long input, long kernel) {
      return padding.window(Axis.HEIGHT, input, kernel, 1, 1);
    }

    @Override
    public String toString() {
      return words;
    }
  }

  /** Checks the bounds. */
  public PaddingThatKeepsSize {
    Require.count(input, "input");
    Require.count(oddKernel, "oddKernel");
    Require.count(evenKernel, "evenKernel");
    if (kernelMinus > Math.min(oddKernel, evenKernel)) {
      throw new IllegalArgumentException(
          "padding must not be negative.\nThe claim pads the kernel minus " + kernelMinus + ".");
    }
  }

  @Override
  public int number() {
    return 3;
  }

  @Override
  public String statement() {
    return ("Padding of k - %d in total keeps the size: the same at both ends where it can be"
            + " halved, as for k = %d; otherwise, as for k = %d, the larger half %s.")
        .formatted(kernelMinus, oddKernel, evenKernel, largerHalf.words);
  }

  /** The window that the claim describes. */
  public Window claimed(long kernel) {
    long total = kernel - kernelMinus;
    long smaller = total / 2;
    return largerHalf == End.FRONT
        ? new Window(kernel, 1, total - smaller, smaller, 1)
        : new Window(kernel, 1, smaller, total - smaller, 1);
  }

  /** Who pads as the claim does, for both kernels. */
  public List<Convention> followers() {
    return List.of(Convention.values()).stream()
        .filter(one -> one.window(input, oddKernel).equals(claimed(oddKernel)))
        .filter(one -> one.window(input, evenKernel).equals(claimed(evenKernel)))
        .toList();
  }

  @Override
  public Finding check() {
    List<String> lines = new ArrayList<>();
    for (long kernel : List.of(oddKernel, evenKernel)) {
      lines.add("%-40s%5s%8s%6s".formatted("kernel " + kernel, "front", "behind", "size"));
      lines.add(row("  the notes", claimed(kernel)));
      for (Convention one : Convention.values()) {
        lines.add(row("  " + one, one.window(input, kernel)));
      }
    }
    return new Finding(lines, verdict());
  }

  private Verdict verdict() {
    for (long kernel : List.of(oddKernel, evenKernel)) {
      long size = claimed(kernel).outputSize(input);
      if (size != input) {
        return new Verdict.Wrong(
            "for k = %d the size becomes %d, not %d.".formatted(kernel, size, input));
      }
    }
    List<String> as = new ArrayList<>();
    List<String> not = new ArrayList<>();
    for (Convention one : Convention.values()) {
      (followers().contains(one) ? as : not).add(one.toString());
    }
    return not.isEmpty()
        ? new Verdict.Right()
        : new Verdict.RightUnderACondition(
            "the size is kept wherever the halves go, and where they go is a convention. As the"
                + " notes have it: "
                + (as.isEmpty() ? "nobody" : String.join("; ", as))
                + ". With the larger half at the other end: "
                + String.join("; ", not)
                + ".");
  }

  private String row(String who, Window window) {
    return "%-40s%5d%8d%6d"
        .formatted(who, window.padBefore(), window.padAfter(), window.outputSize(input));
  }
}

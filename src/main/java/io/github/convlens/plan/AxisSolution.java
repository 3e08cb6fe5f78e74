package io.github.convlens.plan;

import io.github.convlens.layer.LayerSpec;
import java.util.List;
import java.util.Optional;

/**
 * A window that makes the wanted size of the given one, on one axis.
 *
 * @param kind the kind of layer
 * @param numbers the window
 * @param input the given size
 * @param output the wanted size
 */
public record AxisSolution(WindowKind kind, WindowNumbers numbers, long input, long output) {

  /**
   * How many positions the window never touches: of the input, those that no output reads (padding
   * does not count); for a transposed convolution, those of the output that no input reaches, where
   * nothing but the bias stands.
   *
   * <p>Kernel 3, stride 4, padding 1 on 224 reads three of each four, less the one in the padding:
   * 3 x 56 - 1 = 167, untouched are 57. Kernel 5, stride 4, padding 2 reads up to position 222:
   * untouched is 1.
   */
  public long untouched() {
    boolean back = kind == WindowKind.TRANSPOSED_CONVOLUTION;
    long size = back ? output : input;
    long places = back ? input : output;
    long touched = 0;
    for (long residue = 0; residue < numbers.stride(); residue++) {
      touched += touched(residue, size, places);
    }
    return size - touched;
  }

  /**
   * How many positions of the axis with this remainder modulo stride are touched. On the padded
   * axis tap t of place o touches o x stride + t x dilation, so that each tap touches {@code
   * places} neighbours among the positions with its remainder.
   */
  private long touched(long residue, long size, long places) {
    long stride = numbers.stride();
    long firstInside = -Math.floorDiv(residue - numbers.padding(), stride);
    long behind = -Math.floorDiv(residue - numbers.padding() - size, stride);
    long touched = 0;
    long next = firstInside;
    for (long tap = 0; tap < numbers.kernel(); tap++) {
      long offset = tap * numbers.dilation();
      if (offset % stride == residue) {
        long from = Math.max(next, offset / stride);
        long to = Math.min(behind, offset / stride + places);
        touched += Math.max(0, to - from);
        next = Math.max(next, to);
      }
    }
    return touched;
  }

  /**
   * The sizes of which a convolution with these numbers makes the transposed convolution's input:
   * {@code (input - 1) x stride - 2 x padding + span} and the {@code stride - 1} above it. This is
   * why there is an output padding: kernel 3, stride 2, padding 1 makes 3 of 5 and of 6, so the way
   * back from 3 has to be told which; output_padding 0 goes to 5 and 1 goes to 6.
   *
   * @return empty for other kinds than transposed convolutions, and where no positive size is left
   */
  public Optional<SizeRange> sizesThatMeetHere() {
    if (kind != WindowKind.TRANSPOSED_CONVOLUTION) {
      return Optional.empty();
    }
    long least = output - numbers.outputPadding();
    long most = least + numbers.stride() - 1;
    return most < 1 ? Optional.empty() : Optional.of(new SizeRange(Math.max(1, least), most));
  }

  /** The formula with its numbers: {@code floor((224 + 1 + 1 - 3) / 2) + 1 = 112}. */
  public String explain() {
    return kind.explain(numbers, input);
  }

  /** The layer with this window on both axes of a picture; pools have no channels of their own. */
  public LayerSpec layer(long inChannels, long outChannels) {
    return kind.layer(List.of(numbers, numbers), inChannels, outChannels);
  }

  /** {@code kernel 3, stride 4, padding 1 (56 of 224 not read)}. */
  @Override
  public String toString() {
    long untouched = untouched();
    if (untouched == 0) {
      return numbers.toString();
    }
    return kind == WindowKind.TRANSPOSED_CONVOLUTION
        ? numbers + " (" + untouched + " of " + output + " not reached)"
        : numbers + " (" + untouched + " of " + input + " not read)";
  }
}

package io.github.convlens.figure;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.internal.ShapeText;

/**
 * A figure that cannot be drawn as it was asked for. The message has three parts, as {@link
 * io.github.convlens.layer.ShapeException}'s has: the rule, the numbers, the remedy.
 *
 * <pre>
 * the output has no such cell.
 * Row 2, column 0 was asked for but the output is 2x2.
 * Use rows 0 to 1 and columns 0 to 1.
 * </pre>
 */
public final class FigureException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /** For a figure that can be drawn of a picture alone. */
  static FigureException noPicture(Shape input) {
    return new FigureException(
        "this figure is drawn on a picture",
        "The input is " + ShapeText.listed(input) + ".",
        "Use an input (batch, channels, height, width), or draw the stack, the sizes or the cost.");
  }

  /**
   * A new exception.
   *
   * @param rule what must hold or what fails, without a full stop
   * @param arithmetic a sentence with every number that was received
   * @param remedy a sentence that says what to change
   */
  FigureException(String rule, String arithmetic, String remedy) {
    super(rule + ".\n" + arithmetic + "\n" + remedy);
  }
}

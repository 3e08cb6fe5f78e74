package io.github.convlens.notation;

import io.github.convlens.layer.internal.Printable;

/**
 * A text that is not a layer. The message is meant for whoever wrote the text: the place and the
 * rule, the line with a mark under the column, and what to write instead:
 *
 * <pre>
 * line 1, column 4: there is no layer called Conv2.
 *   nn.Conv2(1, 1, 3)
 *      ^
 * Did you mean Conv2d?
 * </pre>
 */
public final class NotationException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final int line;
  private final int column;

  NotationException(String message, int line, int column) {
    super(Printable.message(message));
    this.line = line;
    this.column = column;
  }

  NotationException(String message, int line, int column, Throwable cause) {
    super(Printable.message(message), cause);
    this.line = line;
    this.column = column;
  }

  /** The line of the mistake, from 1. */
  public int line() {
    return line;
  }

  /** The column of the mistake in UTF-16 units, from 1. */
  public int column() {
    return column;
  }
}

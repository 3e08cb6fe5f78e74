package io.github.convlens.trace;

import io.github.convlens.layer.internal.Printable;
import java.io.IOException;
import java.io.Writer;

/**
 * Writes JSON into any {@link Appendable}; it keeps nothing, and closing it closes nothing. What is
 * not {@link Printable} can only stand in a string, and goes out as the escape that means the same.
 */
final class JsonOutput extends Writer {
  private final Appendable out;

  JsonOutput(Appendable out) {
    this.out = out;
  }

  @Override
  public void write(char[] text, int offset, int length) throws IOException {
    out.append(Printable.line(new String(text, offset, length)));
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}
}

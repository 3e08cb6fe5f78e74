package io.github.convlens.trace;

import java.io.IOException;
import java.io.Writer;
import java.nio.CharBuffer;

/** Writes into any {@link Appendable}; it keeps nothing, and closing it closes nothing. */
final class AppendableWriter extends Writer {
  private final Appendable out;

  AppendableWriter(Appendable out) {
    this.out = out;
  }

  @Override
  public void write(char[] text, int offset, int length) throws IOException {
    out.append(CharBuffer.wrap(text, offset, length));
  }

  @Override
  public void write(String text, int offset, int length) throws IOException {
    out.append(text, offset, offset + length);
  }

  @Override
  public void write(int character) throws IOException {
    out.append((char) character);
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}
}

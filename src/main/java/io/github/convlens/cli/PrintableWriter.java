package io.github.convlens.cli;

import io.github.convlens.layer.internal.Printable;
import java.io.FilterWriter;
import java.io.IOException;
import java.io.Writer;

/**
 * Lets through what a terminal can show, and writes the rest as escapes: all of standard error goes
 * through it, so that no argument, name or message of a library can steer the terminal.
 */
final class PrintableWriter extends FilterWriter {
  PrintableWriter(Writer out) {
    super(out);
  }

  @Override
  public void write(String text, int offset, int length) throws IOException {
    out.write(Printable.lines(text.substring(offset, offset + length)));
  }

  @Override
  public void write(char[] text, int offset, int length) throws IOException {
    out.write(Printable.lines(new String(text, offset, length)));
  }

  @Override
  public void write(int unit) throws IOException {
    out.write(Printable.lines(String.valueOf((char) unit)));
  }
}

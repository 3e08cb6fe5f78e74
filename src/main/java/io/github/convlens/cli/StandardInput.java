package io.github.convlens.cli;

import java.io.InputStream;
import java.nio.channels.ClosedChannelException;

/**
 * Standard input. Where it was closed, a JVM opens its own files in its place and would read those:
 * {@code bin/convlens}, which can tell, says so in a property.
 */
final class StandardInput {
  private StandardInput() {}

  /** Standard input, or a stream that cannot be read. */
  static InputStream stream() {
    return "closed".equals(System.getProperty("convlens.stdin")) ? new Closed() : System.in;
  }

  /** Says that it is closed when it is read. */
  static final class Closed extends InputStream {
    @Override
    public int read() throws ClosedChannelException {
      throw new ClosedChannelException();
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws ClosedChannelException {
      throw new ClosedChannelException();
    }
  }
}

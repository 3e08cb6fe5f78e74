package io.github.convlens.program;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/**
 * Parts of a file, mapped; what was given stays when the channel is closed. A map of its own for
 * each of hundreds of parts takes longer than reading them, so a file is mapped once where one
 * buffer can hold it.
 */
final class FileMap {
  private final FileChannel channel;
  private final long length;
  private @Nullable ByteBuffer whole;

  FileMap(FileChannel channel) throws IOException {
    this.channel = channel;
    this.length = channel.size();
  }

  /** How many bytes the file has. */
  long length() {
    return length;
  }

  /**
   * Bytes of the file, read-only.
   *
   * @param size at most 2 GiB, and within the file
   */
  ByteBuffer part(long from, long size) throws IOException {
    if (length > Integer.MAX_VALUE) {
      return channel.map(FileChannel.MapMode.READ_ONLY, from, size);
    }
    if (whole == null) {
      whole = channel.map(FileChannel.MapMode.READ_ONLY, 0, length);
    }
    return whole.slice(Math.toIntExact(from), Math.toIntExact(size));
  }
}

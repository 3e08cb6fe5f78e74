package io.github.convlens.engine;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** The archive that {@code torch.jit.save} writes. */
final class ScriptArchive {
  private static final String ROOT = "program/";

  /** With a lower one PyTorch gives operators the meaning that they had: gelu, div, full. */
  private static final String VERSION = "10\n";

  private ScriptArchive() {}

  /** An array's elements, fetched when they are written. */
  interface Elements {
    /** The bytes, little-endian. */
    ByteBuffer bytes() throws IOException;
  }

  /**
   * Writes an archive; the stream stays open.
   *
   * @param code all classes
   * @param module the pickled module
   * @param data its arrays, by the names that the pickle calls them
   */
  static void write(OutputStream out, String code, byte[] module, Map<String, Elements> data)
      throws IOException {
    ZipOutputStream zip = new ZipOutputStream(out);
    put(zip, "data.pkl", ByteBuffer.wrap(module));
    put(zip, "code/__torch__.py", text(code));
    for (Map.Entry<String, Elements> each : data.entrySet()) {
      put(zip, "data/" + each.getKey(), each.getValue().bytes());
    }
    put(zip, "constants.pkl", ByteBuffer.wrap(Pickle.emptyTuple()));
    put(zip, "version", text(VERSION));
    zip.finish();
  }

  private static ByteBuffer text(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  /** PyTorch reads stored records. */
  private static void put(ZipOutputStream zip, String name, ByteBuffer bytes) throws IOException {
    ZipEntry entry = new ZipEntry(ROOT + name);
    CRC32 crc = new CRC32();
    crc.update(bytes.duplicate());
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(bytes.remaining());
    entry.setCrc(crc.getValue());
    entry.setTime(0);
    zip.putNextEntry(entry);
    WritableByteChannel channel = Channels.newChannel(zip);
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
    zip.closeEntry();
  }
}

package io.github.convlens.program;

import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;

/**
 * A zip archive whose records are read in place: what is stored, as PyTorch stores everything, is
 * mapped, also where the archive is itself a record of another. Sizes are those of the file: a
 * claim beyond it is refused before anything is made for it.
 */
final class ZipArchive implements Closeable {
  private static final int END = 0x06054b50;
  private static final int END_64 = 0x06064b50;
  private static final int LOCATOR_64 = 0x07064b50;
  private static final int CENTRAL = 0x02014b50;
  private static final int LOCAL = 0x04034b50;
  private static final int END_LENGTH = 22;
  private static final int LOCATOR_LENGTH = 20;
  private static final int CENTRAL_LENGTH = 46;
  private static final int LOCAL_LENGTH = 30;
  private static final int MOST_COMMENT = 0xffff;
  private static final long IN_EXTRA = 0xffffffffL;
  private static final int STORED = 0;
  private static final int DEFLATED = 8;

  /** Data that shrinks more is not a model. */
  private static final long MOST_SHRUNK = 1100;

  private final String name;
  private final FileChannel channel;
  private final FileMap map;
  private final long start;
  private final long length;
  private final Map<String, Entry> entries = new LinkedHashMap<>();

  /**
   * A record.
   *
   * @param header where its local header is, from the archive's beginning
   */
  record Entry(String name, int method, long packed, long size, long crc, long header) {}

  private ZipArchive(String name, FileChannel channel, FileMap map, long start, long length)
      throws IOException {
    this.name = name;
    this.channel = channel;
    this.map = map;
    this.start = start;
    this.length = length;
    readDirectory();
  }

  /**
   * Opens a file.
   *
   * @throws ProgramException if it is no whole zip archive
   */
  static ZipArchive open(Path file) throws IOException {
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
    try {
      return new ZipArchive("'" + file + "'", channel, new FileMap(channel), 0, channel.size());
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /** What messages call it. */
  String name() {
    return name;
  }

  /** A stored record that is itself an archive; it lives as long as this one. */
  ZipArchive nested(Entry entry) throws IOException {
    if (entry.method != STORED) {
      throw new ProgramException(
          name
              + ": its record '"
              + entry.name
              + "' is a compressed archive, which PyTorch does not write.\n"
              + Pt2File.SAVE_AGAIN);
    }
    return new ZipArchive(
        name + ", record '" + entry.name + "'", channel, map, dataStart(entry), entry.size);
  }

  /** The records by their names, in the order of the archive. */
  Map<String, Entry> entries() {
    return entries;
  }

  /**
   * All bytes of a record, mapped where it is stored; their checksum is looked at.
   *
   * @throws ProgramException if they are not what the archive says, or too many
   */
  ByteBuffer read(Entry entry) throws IOException {
    if (entry.size > Integer.MAX_VALUE) {
      throw new ProgramException(
          name + ": its record '" + entry.name + "' is longer than 2 GiB, which is not read.");
    }
    ByteBuffer bytes =
        entry.method == STORED ? map.part(dataStart(entry), entry.size) : inflate(entry);
    CRC32 crc = new CRC32();
    crc.update(bytes.duplicate());
    if (crc.getValue() != entry.crc) {
      throw damaged("the bytes of its record '" + entry.name + "' have another checksum");
    }
    return bytes;
  }

  private ByteBuffer inflate(Entry entry) throws IOException {
    if (entry.method != DEFLATED || entry.size / MOST_SHRUNK > entry.packed) {
      throw damaged(
          "its record '" + entry.name + "' is packed in a way that PyTorch does not write");
    }
    ByteBuffer packed = map.part(dataStart(entry), entry.packed);
    byte[] input = new byte[packed.remaining()];
    packed.get(input);
    Inflater inflater = new Inflater(true);
    try (InputStream in = new InflaterInputStream(new ByteArrayInputStream(input), inflater)) {
      byte[] bytes = in.readNBytes((int) entry.size);
      if (bytes.length != entry.size || in.read() >= 0) {
        throw damaged("its record '" + entry.name + "' does not have the length that it claims");
      }
      return ByteBuffer.wrap(bytes);
    } catch (EOFException | ZipException e) {
      throw damaged("its record '" + entry.name + "' cannot be unpacked");
    } finally {
      inflater.end();
    }
  }

  private long dataStart(Entry entry) throws IOException {
    ByteBuffer header = at(entry.header, LOCAL_LENGTH);
    if (header.getInt(0) != LOCAL) {
      throw damaged("its record '" + entry.name + "' is not where the directory says");
    }
    long data =
        entry.header
            + LOCAL_LENGTH
            + Short.toUnsignedInt(header.getShort(26))
            + Short.toUnsignedInt(header.getShort(28));
    if (data > length || entry.packed > length - data) {
      throw damaged("its record '" + entry.name + "' ends behind the file");
    }
    return start + data;
  }

  private void readDirectory() throws IOException {
    long end = findEnd();
    ByteBuffer tail = at(end, END_LENGTH);
    long size = Integer.toUnsignedLong(tail.getInt(12));
    long offset = Integer.toUnsignedLong(tail.getInt(16));
    if (end >= LOCATOR_LENGTH && at(end - LOCATOR_LENGTH, 4).getInt(0) == LOCATOR_64) {
      long end64 = at(end - LOCATOR_LENGTH, LOCATOR_LENGTH).getLong(8);
      ByteBuffer tail64 = at(end64, 56);
      if (tail64.getInt(0) != END_64) {
        throw cutOff();
      }
      size = tail64.getLong(40);
      offset = tail64.getLong(48);
    }
    if (size > Integer.MAX_VALUE) {
      throw cutOff();
    }
    ByteBuffer directory = at(offset, (int) size);
    while (directory.remaining() >= CENTRAL_LENGTH) {
      add(entry(directory));
    }
  }

  private Entry entry(ByteBuffer directory) {
    int at = directory.position();
    int nameLength = Short.toUnsignedInt(directory.getShort(at + 28));
    int extraLength = Short.toUnsignedInt(directory.getShort(at + 30));
    int commentLength = Short.toUnsignedInt(directory.getShort(at + 32));
    int next = at + CENTRAL_LENGTH + nameLength + extraLength + commentLength;
    if (directory.getInt(at) != CENTRAL || next > directory.limit()) {
      throw cutOff();
    }
    byte[] text = new byte[nameLength];
    directory.get(at + CENTRAL_LENGTH, text);
    long[] sizes = {
      Integer.toUnsignedLong(directory.getInt(at + 24)),
      Integer.toUnsignedLong(directory.getInt(at + 20)),
      Integer.toUnsignedLong(directory.getInt(at + 42))
    };
    takeExtra(directory, at + CENTRAL_LENGTH + nameLength, extraLength, sizes);
    directory.position(next);
    return new Entry(
        new String(text, StandardCharsets.UTF_8),
        Short.toUnsignedInt(directory.getShort(at + 10)),
        sizes[1],
        sizes[0],
        Integer.toUnsignedLong(directory.getInt(at + 16)),
        sizes[2]);
  }

  /** Sizes that do not fit into 32 bits stand in an extra field, in this order. */
  private void takeExtra(ByteBuffer directory, int from, int length, long[] sizes) {
    int end = from + length;
    for (int at = from; at + 4 <= end; ) {
      int kind = Short.toUnsignedInt(directory.getShort(at));
      int next = at + 4 + Short.toUnsignedInt(directory.getShort(at + 2));
      at += 4;
      for (int i = 0; kind == 1 && i < sizes.length; i++) {
        if (sizes[i] == IN_EXTRA) {
          if (at + 8 > Math.min(next, end)) {
            throw cutOff();
          }
          sizes[i] = directory.getLong(at);
          at += 8;
        }
      }
      at = next;
    }
  }

  private void add(Entry entry) {
    if (entry.size < 0 || entry.packed < 0 || entry.header < 0 || entry.packed > length) {
      throw damaged(
          "its record '"
              + entry.name
              + "' claims more bytes than the file has, which is "
              + length);
    }
    if (entry.method == STORED && entry.size != entry.packed) {
      throw damaged("its record '" + entry.name + "' has two lengths");
    }
    if (isOutside(entry.name)) {
      throw new ProgramException(
          name
              + " has a record whose name leads out of it: '"
              + entry.name
              + "'.\nPyTorch writes no such names. Do not trust this file.");
    }
    if (entries.put(entry.name, entry) != null) {
      throw new ProgramException(
          name
              + " has two records of the name '"
              + entry.name
              + "', so what it holds is not clear.\nSave it again, with the program that wrote"
              + " it.");
    }
  }

  /** Whether a name would lead out of a folder into which the archive is unpacked. */
  static boolean isOutside(String name) {
    return name.startsWith("/")
        || name.contains("\\")
        || ("/" + name + "/").contains("/../")
        || name.indexOf('\0') >= 0;
  }

  private long findEnd() throws IOException {
    int most = (int) Math.min(length, END_LENGTH + MOST_COMMENT);
    if (most < END_LENGTH) {
      throw cutOff();
    }
    ByteBuffer tail = at(length - most, most);
    for (int i = most - END_LENGTH; i >= 0; i--) {
      if (tail.getInt(i) == END) {
        return length - most + i;
      }
    }
    throw cutOff();
  }

  private ByteBuffer at(long offset, int count) throws IOException {
    if (offset < 0 || count < 0 || count > length - offset) {
      throw cutOff();
    }
    ByteBuffer bytes = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, start + offset + bytes.position()) < 0) {
        throw cutOff();
      }
    }
    return bytes.flip().order(ByteOrder.LITTLE_ENDIAN);
  }

  private ProgramException cutOff() {
    return new ProgramException(
        name
            + " is a zip archive that is cut off or damaged: its list of records is missing or"
            + " broken.\nCopy or download it again.");
  }

  private ProgramException damaged(String what) {
    return new ProgramException(name + " is damaged: " + what + ".\nCopy or download it again.");
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}

package io.github.convlens.lesson;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * One gzip'd file of MNIST's format IDX with unsigned bytes: a number that tells the kind, the size
 * of each axis, the bytes in row-major order. Only a file that is whole becomes an object.
 */
final class IdxFile {
  /** What a file is about; its first number says so. */
  enum Kind {
    /** Axes (count, height, width). */
    PICTURES(0x0803),
    /** One axis (count). */
    LABELS(0x0801);

    private final int magic;

    Kind(int magic) {
      this.magic = magic;
    }

    int axes() {
      return magic & 0xff;
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final Path path;
  private final long[] sizes;
  private final byte[] bytes;

  private IdxFile(Path path, long[] sizes, byte[] bytes) {
    this.path = path;
    this.sizes = sizes;
    this.bytes = bytes;
  }

  /**
   * Reads a file whole.
   *
   * @throws IOException if it is missing, damaged, of another kind, shorter or longer than its
   *     header says; the message names it
   */
  static IdxFile read(Path path, Kind kind) throws IOException {
    try (InputStream file = Files.newInputStream(path);
        DataInputStream in = new DataInputStream(new GZIPInputStream(file, 1 << 16))) {
      long[] sizes = header(path, kind, in);
      return new IdxFile(path, sizes, numbers(path, sizes, in));
    } catch (ZipException e) {
      throw bad(path, "cannot be unpacked: " + e.getMessage() + ".");
    } catch (EOFException e) {
      throw bad(path, "breaks off within its first " + (4 + 4 * kind.axes()) + " bytes.");
    }
  }

  private static long[] header(Path path, Kind kind, DataInputStream in) throws IOException {
    int magic = in.readInt();
    if (magic != kind.magic) {
      throw bad(
          path,
          "is not a file of "
              + kind
              + ".\nIts first number is "
              + Integer.toUnsignedString(magic)
              + "; pictures begin with "
              + Kind.PICTURES.magic
              + ", labels with "
              + Kind.LABELS.magic
              + ".");
    }
    long[] sizes = new long[kind.axes()];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = Integer.toUnsignedLong(in.readInt());
    }
    return sizes;
  }

  /** Grows as bytes come, so that a damaged header cannot ask for memory. */
  private static byte[] numbers(Path path, long[] sizes, InputStream in) throws IOException {
    long announced = announced(path, sizes);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] buffer = new byte[1 << 16];
    try {
      int count = in.read(buffer);
      while (count > 0 && bytes.size() + (long) count <= announced) {
        bytes.write(buffer, 0, count);
        count = in.read(buffer);
      }
      if (count > 0) {
        throw bad(path, "goes on behind its end.\n" + announcement(sizes) + ", and has more.");
      }
    } catch (EOFException e) {
      if (bytes.size() == announced) {
        throw bad(path, "breaks off.\nAll its numbers are there, but gzip's checksum is not.");
      }
    }
    if (bytes.size() < announced) {
      throw bad(path, "breaks off.\n" + announcement(sizes) + ", and has " + bytes.size() + ".");
    }
    return bytes.toByteArray();
  }

  private static long announced(Path path, long[] sizes) throws IOException {
    long product = 1;
    for (long size : sizes) {
      // Each size is below 2^32, the product before it at most 2^31: this cannot overflow.
      product *= size;
      if (product == 0 || product > Integer.MAX_VALUE) {
        throw bad(
            path, "cannot be used.\n" + announcement(sizes) + "; it must be 1 to 2^31 - 1 bytes.");
      }
    }
    return product;
  }

  private static String announcement(long[] sizes) {
    StringBuilder product = new StringBuilder("Its header announces ");
    for (int i = 0; i < sizes.length; i++) {
      product.append(i == 0 ? "" : " x ").append(sizes[i]);
    }
    return product.append(" bytes").toString();
  }

  /** What is wrong with a file, and where to get another. */
  static IOException bad(Path path, String what) {
    return new IOException("the data file " + path + " " + what + "\n" + FashionMnist.GET_AGAIN);
  }

  Path path() {
    return path;
  }

  /** The size of an axis. */
  long size(int axis) {
    return sizes[axis];
  }

  /** All numbers; not a copy. */
  byte[] bytes() {
    return bytes;
  }
}

package io.github.convlens.cli;

import java.io.BufferedInputStream;
import java.io.FileInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A file whose text is wanted (a pipe from the shell's {@code <(...)} is one, too), or standard
 * input. Its mark tells its encoding, UTF-8 where it has none; what is no text is named.
 */
final class TextFile implements AutoCloseable {
  /** So much is looked at to tell what a file is. */
  private static final int HEAD = 4096;

  /** A letter of ASCII with its mark in UTF-32, the widest encoding: enough to tell. */
  private static final int LEAST_HEAD = 8;

  /** The mark U+FEFF in each encoding; the longer first: UTF-32's begins like that of UTF-16. */
  private static final List<Charset> MARKED =
      List.of(
          StandardCharsets.UTF_8,
          Charset.forName("UTF-32LE"),
          Charset.forName("UTF-32BE"),
          StandardCharsets.UTF_16LE,
          StandardCharsets.UTF_16BE);

  /**
   * Where standard input was closed, a JVM opens its own files in its place and would read those:
   * {@code bin/convlens}, which can tell, says "closed" in this property.
   */
  static final String STANDARD_INPUT = "convlens.stdin";

  private final String name;
  private final InputStream in;

  private TextFile(String name, InputStream in) {
    this.name = name;
    this.in = new BufferedInputStream(in);
  }

  /**
   * Opens a file, or standard input for {@code -}, which stays open when this is closed.
   *
   * @param option what messages begin with, such as {@code option --net: }
   * @param missing the message if there is no such file
   * @throws RequestException if there is no such file
   */
  static TextFile open(String file, InputStream stdin, String option, String missing) {
    if (file.equals("-")) {
      if ("closed".equals(System.getProperty(STANDARD_INPUT))) {
        throw new RequestException(
            option + "standard input is closed.\nGive a file, or text through a pipe.");
      }
      return new TextFile(
          option + "standard input",
          new FilterInputStream(stdin) {
            @Override
            public void close() {}
          });
    }
    Path path = path(file, option);
    if (Files.isDirectory(path) || !Files.isReadable(path)) {
      throw new RequestException(missing);
    }
    String name = option + "'" + file + "'";
    try {
      return new TextFile(name, new FileInputStream(path.toFile())); // tells what a pipe holds
    } catch (IOException e) {
      throw unreadable(name, e);
    }
  }

  /**
   * A file's name as a path.
   *
   * @throws RequestException if it cannot be one, or not in this locale
   */
  static Path path(String file, String option) {
    try {
      return Path.of(file);
    } catch (InvalidPathException e) {
      throw new RequestException(option + "'" + file + "' is not a file name" + locale(file));
    }
  }

  private static String locale(String file) {
    if (file.chars().allMatch(letter -> letter < 0x80)) {
      return ".";
    }
    return " in this locale, whose encoding "
        + System.getProperty("sun.jnu.encoding")
        + " lacks some of its letters.\nSet another, such as LC_ALL=C.UTF-8.";
  }

  /**
   * The whole text.
   *
   * @param limit the most bytes
   * @param tooLong the message if there are more
   */
  String text(int limit, String tooLong) {
    try {
      Charset charset = charset();
      byte[] bytes = in.readNBytes(limit + 1);
      if (bytes.length > limit) {
        throw new RequestException(tooLong);
      }
      return decoded(bytes, charset);
    } catch (IOException e) {
      throw unreadable(name, e);
    }
  }

  private String decoded(byte[] bytes, Charset charset) {
    try {
      return charset.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new RequestException(
          name + " is not text in " + charset + ".\n" + BinaryFormat.Remedy.ENCODE);
    }
  }

  /** The text line by line. Letters that its encoding does not have are read as U+FFFD. */
  Lines lines() {
    try {
      return new Lines(name, new InputStreamReader(in, charset()));
    } catch (IOException e) {
      throw unreadable(name, e);
    }
  }

  @Override
  public void close() {
    try {
      in.close();
    } catch (IOException e) {
      throw unreadable(name, e);
    }
  }

  private static MachineException unreadable(String name, IOException e) {
    return MachineException.of(
        name + " cannot be read", e, "Check its disk, or give a copy of the text.");
  }

  /** The encoding by the first bytes, whose mark is taken off. */
  private Charset charset() throws IOException {
    byte[] head = new byte[HEAD];
    in.mark(HEAD);
    int length = head(head);
    in.reset();
    for (Charset charset : MARKED) {
      byte[] mark = "\uFEFF".getBytes(charset);
      if (length >= mark.length && Arrays.equals(head, 0, mark.length, mark, 0, mark.length)) {
        in.skipNBytes(mark.length);
        return charset;
      }
    }
    Optional<String> complaint = BinaryFormat.complaint(head, length);
    if (complaint.isPresent()) {
      throw new RequestException(name + " " + complaint.get());
    }
    return StandardCharsets.UTF_8;
  }

  /**
   * Reads the first bytes; how many there are. Where a line ends nobody waits for more: it may be a
   * question, whose answer comes before the next.
   */
  private int head(byte[] head) throws IOException {
    int length = 0;
    do {
      int read = in.read(head, length, HEAD - length);
      if (read < 0) {
        return length;
      }
      length += read;
    } while (length < LEAST_HEAD && head[length - 1] != '\n');
    return length;
  }

  /**
   * Lines that end in {@code \n} or {@code \r\n} and nothing else, so that they are as many as
   * {@code wc -l} counts.
   */
  static final class Lines {
    /** The longest line, in characters. */
    private static final int LONGEST = 16 << 20;

    private final String name;
    private final Reader reader;
    private char[] buffer = new char[1 << 16];
    private int from;
    private int to;

    /** Between {@code from} and here there is no end of a line. */
    private int searched;

    private long number;

    private Lines(String name, Reader reader) {
      this.name = name;
      this.reader = reader;
    }

    /** The next line without its end; null behind the last one. */
    @Nullable String next() {
      while (!isWhole()) {
        if (!fill()) {
          return from == to ? null : line(to, to);
        }
      }
      return line(searched, searched + 1);
    }

    /**
     * Whether the next line is there as a whole, so that nobody waits for it. False behind the last
     * one, too, and where that has no end: only reading tells that nothing more comes.
     */
    boolean isReady() {
      while (!isWhole()) {
        if (!canRead() || !fill()) {
          return false;
        }
      }
      return true;
    }

    /** Searches the end of the next line as far as characters are there. */
    private boolean isWhole() {
      int i = searched;
      while (i < to && buffer[i] != '\n') {
        i++;
      }
      searched = i;
      return i < to;
    }

    private boolean canRead() {
      try {
        return reader.ready();
      } catch (IOException e) {
        throw unreadable(name, e);
      }
    }

    private String line(int end, int next) {
      int last = end > from && end < next && buffer[end - 1] == '\r' ? end - 1 : end;
      String line = new String(buffer, from, last - from);
      from = next;
      searched = next;
      number++;
      return line;
    }

    /** Reads more behind the characters of a line that has no end yet; false at the end. */
    private boolean fill() {
      int length = to - from;
      if (length > LONGEST) {
        throw new RequestException(
            name + ", line " + (number + 1) + ": it is longer than 16 MiB. Give one network.");
      }
      char[] target = length < buffer.length ? buffer : new char[2 * length];
      System.arraycopy(buffer, from, target, 0, length);
      buffer = target;
      from = 0;
      to = length;
      searched = length;
      try {
        int read = reader.read(buffer, to, buffer.length - to);
        to += Math.max(read, 0);
        return read >= 0;
      } catch (IOException e) {
        throw unreadable(name, e);
      }
    }
  }
}

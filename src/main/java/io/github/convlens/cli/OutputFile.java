package io.github.convlens.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The file of {@code --out}. It appears whole or not at all: what was there stays until the new one
 * is written.
 *
 * @param path the file
 * @param kind by its suffix
 */
record OutputFile(Path path, Kind kind) {
  /** The kinds of file, by suffix. */
  enum Kind {
    /** A picture at twice 100 %, sharp on screens of high resolution. */
    PNG,
    /** Shapes and text. */
    SVG,
    /** The page in which the window can be moved. */
    HTML;

    private String suffix() {
      return "." + name().toLowerCase(Locale.ROOT);
    }
  }

  /** What is written into the file. */
  @FunctionalInterface
  interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * Reads the option {@code --out}.
   *
   * @param kinds those that the command writes
   * @throws RequestException if the suffix is none of theirs, or there is no such folder
   */
  static OutputFile of(String text, Kind... kinds) {
    Kind kind =
        Arrays.stream(kinds)
            .filter(one -> text.toLowerCase(Locale.ROOT).endsWith(one.suffix()))
            .findFirst()
            .orElseThrow(() -> wrong("'" + text + "' must end in " + suffixes(kinds) + "."));
    Path path;
    try {
      path = Path.of(text);
    } catch (InvalidPathException e) {
      throw wrong("'" + text + "' is not a file name.");
    }
    Path folder = path.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw wrong("there is no folder '" + path.getParent() + "'. Make it, or use another.");
    }
    if (Files.isDirectory(path)) {
      throw wrong("'" + text + "' is a folder. Use the name of a file.");
    }
    return new OutputFile(path, kind);
  }

  private static RequestException wrong(String why) {
    return new RequestException("option --out: " + why);
  }

  private static String suffixes(Kind... kinds) {
    return Arrays.stream(kinds)
        .map(Kind::suffix)
        .collect(Collectors.joining(", "))
        .replaceFirst(", ([^,]*)$", " or $1");
  }

  /**
   * Writes the content beside the file and then moves it there.
   *
   * @throws RequestException if the file cannot be written
   */
  void write(Content content) throws IOException {
    // A temporary file of the JDK's would be readable for its owner alone.
    long process = ProcessHandle.current().pid();
    Path partial = path.resolveSibling("." + path.getFileName() + "." + process + ".part");
    try {
      try (OutputStream stream = Files.newOutputStream(partial)) {
        content.writeTo(stream);
      }
      move(partial);
    } catch (FileSystemException e) {
      throw wrong("'" + path + "' cannot be written. Choose a folder that you may write to.");
    } finally {
      Files.deleteIfExists(partial);
    }
  }

  private void move(Path partial) throws IOException {
    try {
      Files.move(partial, path, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(partial, path, StandardCopyOption.REPLACE_EXISTING);
    }
  }
}

package io.github.convlens.cli;

import io.github.convlens.file.internal.UnwritableException;
import io.github.convlens.file.internal.WholeFiles;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A file that is asked for, mostly by {@code --out}. It appears whole or not at all: what was there
 * stays until the new one is written.
 *
 * @param option what messages begin with: {@code option --out: }
 * @param path the file
 * @param kind by its suffix
 */
record OutputFile(String option, Path path, Kind kind) {
  /** The kinds of file, by suffix. */
  enum Kind {
    /** A picture at twice 100 %, sharp on screens of high resolution. */
    PNG,
    /** Shapes and text. */
    SVG,
    /** A film of pictures. */
    GIF,
    /** The page in which the window can be moved. */
    HTML,
    /** A Java class. */
    JAVA,
    /** Weights by their names. */
    SAFETENSORS,
    /** Arrays of NumPy's. */
    NPZ,
    /** One array of NumPy's. */
    NPY,
    /** An exported program. */
    PT2;

    private String suffix() {
      return "." + name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Reads the option {@code --out}.
   *
   * @param kinds those that the command writes
   * @throws RequestException if the suffix is none of theirs, or there is no such folder
   */
  static OutputFile of(String text, Kind... kinds) {
    return of("option --out: ", text, kinds);
  }

  /** The same for another option or argument, with which messages begin. */
  static OutputFile of(String option, String text, Kind... kinds) {
    Kind kind =
        Arrays.stream(kinds)
            .filter(one -> text.toLowerCase(Locale.ROOT).endsWith(one.suffix()))
            .findFirst()
            .orElseThrow(
                () -> wrong(option, "'" + text + "' must end in " + suffixes(kinds) + "."));
    Path path;
    try {
      path = Path.of(text);
    } catch (InvalidPathException e) {
      throw wrong(option, "'" + text + "' is not a file name.");
    }
    Path folder = path.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw wrong(
          option, "there is no folder '" + path.getParent() + "'. Make it, or use another.");
    }
    if (isFolder(option, path)) {
      throw wrong(option, "'" + text + "' is a folder. Use the name of a file.");
    }
    try {
      WholeFiles.check(path);
    } catch (UnwritableException e) {
      throw wrong(option, e.getMessage() + " Use the name of a file.");
    }
    return new OutputFile(option, path, kind);
  }

  private static boolean isFolder(String option, Path path) {
    try {
      return Files.readAttributes(path, BasicFileAttributes.class).isDirectory();
    } catch (NoSuchFileException | AccessDeniedException e) {
      return false;
    } catch (IOException e) { // such as a name that is too long
      throw wrong(
          option, "'" + path + "' is not a file name here: " + UnwritableException.reason(e) + ".");
    }
  }

  private static RequestException wrong(String option, String why) {
    return new RequestException(option + why);
  }

  private static String suffixes(Kind... kinds) {
    return Arrays.stream(kinds)
        .map(Kind::suffix)
        .collect(Collectors.joining(", "))
        .replaceFirst(", ([^,]*)$", " or $1");
  }

  /** The file's name without its suffix. */
  String name() {
    String name = String.valueOf(path.getFileName());
    return name.substring(0, name.length() - kind.suffix().length());
  }

  /**
   * Writes the content; the file that is there is replaced once the new one is whole.
   *
   * @throws RequestException if nothing can be written there
   * @throws IOException if the machine fails; the message names the file and the reason
   */
  void write(WholeFiles.Content content) throws IOException {
    try {
      WholeFiles.write(path, content);
    } catch (UnwritableException e) {
      throw misplaced(e);
    }
  }

  /**
   * Why the file was not written, where that is the machine's fault.
   *
   * @throws RequestException if nothing can be written there
   */
  UnwritableException misplaced(UnwritableException e) {
    if (e.isMisplaced()) {
      throw wrong(
          option, "'" + path + "' cannot be written. Choose a folder that you may write to.");
    }
    return e;
  }
}

package io.github.convlens.cli;

import io.github.convlens.figure.Figure;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;

/**
 * Where a figure goes. The file appears whole or not at all: what was there stays until the figure
 * is written.
 *
 * @param path the file
 * @param format by its suffix
 */
record FigureFile(Path path, Format format) {
  /** The kinds of file, by suffix. */
  enum Format {
    /** A picture at twice 100 %, sharp on screens of high resolution. */
    PNG {
      @Override
      void write(Figure figure, OutputStream out) throws IOException {
        if (!ImageIO.write(figure.image(2), "png", out)) {
          throw new IOException("this Java cannot write PNG files.");
        }
      }
    },
    /** Shapes and text. */
    SVG {
      @Override
      void write(Figure figure, OutputStream out) throws IOException {
        out.write(figure.svg().getBytes(StandardCharsets.UTF_8));
      }
    };

    abstract void write(Figure figure, OutputStream out) throws IOException;

    private String suffix() {
      return "." + name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Reads the option {@code --out}.
   *
   * @throws RequestException if the suffix is none of ours, or there is no such folder
   */
  static FigureFile of(String text) {
    Format format =
        Arrays.stream(Format.values())
            .filter(one -> text.toLowerCase(Locale.ROOT).endsWith(one.suffix()))
            .findFirst()
            .orElseThrow(() -> wrong("'" + text + "' must end in " + suffixes() + "."));
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
    return new FigureFile(path, format);
  }

  private static RequestException wrong(String why) {
    return new RequestException("option --out: " + why);
  }

  private static String suffixes() {
    return Arrays.stream(Format.values()).map(Format::suffix).collect(Collectors.joining(" or "));
  }

  /**
   * Writes the figure beside the file and then moves it there.
   *
   * @throws RequestException if the file cannot be written
   */
  void write(Figure figure) throws IOException {
    // A temporary file of the JDK's would be readable for its owner alone.
    long process = ProcessHandle.current().pid();
    Path partial = path.resolveSibling("." + path.getFileName() + "." + process + ".part");
    try {
      try (OutputStream stream = Files.newOutputStream(partial)) {
        format.write(figure, stream);
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

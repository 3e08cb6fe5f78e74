package io.github.convlens.engine;

import io.github.convlens.layer.Size;
import java.awt.image.BufferedImage;
import java.awt.image.WritableRaster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Consumer;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import org.jspecify.annotations.Nullable;

/**
 * A picture's file: its size is looked at before it is unpacked, and one that breaks off is
 * refused.
 */
final class PictureFile {
  private final Path file;

  /** What the reader noticed, each once. */
  private final Set<String> warnings = new LinkedHashSet<>();

  PictureFile(Path file) {
    this.file = file;
  }

  /** Reads it, and tells what is unusual about it. */
  BufferedImage read(Consumer<String> notes) throws IOException {
    if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
      throw new IOException("'" + file + "' is not a readable file.");
    }
    BufferedImage image = decode();
    for (String warning : warnings) {
      if (breaksOff(warning)) {
        throw damaged(warning, null);
      }
      notes.accept("'" + file + "': " + warning);
    }
    if (hasTransparentPixels(image)) {
      notes.accept(
          "'"
              + file
              + "' has transparent pixels; they are taken in the colours that the file has under"
              + " them. Put it on a background first if they are to have another.");
    }
    return image;
  }

  private BufferedImage decode() throws IOException {
    try (ImageInputStream in = ImageIO.createImageInputStream(file.toFile())) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
      if (!readers.hasNext()) {
        throw new IOException("'" + file + "' is not a PNG, JPEG, GIF or BMP.");
      }
      ImageReader reader = readers.next();
      try {
        reader.setInput(in, true, true);
        reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
        checkSize(attempt(() -> new Size(reader.getHeight(0), reader.getWidth(0))));
        return attempt(() -> reader.read(0));
      } finally {
        reader.dispose();
      }
    }
  }

  private interface Reading<T> {
    T get() throws IOException;
  }

  private <T> T attempt(Reading<T> reading) throws IOException {
    try {
      return reading.get();
    } catch (IOException | RuntimeException e) { // readers throw all kinds at damaged files
      throw damaged(String.valueOf(e.getMessage()), e);
    }
  }

  private IOException damaged(String why, @Nullable Exception cause) {
    return new IOException("'" + file + "' is damaged: " + why, cause);
  }

  private void checkSize(Size size) throws IOException {
    if (Math.max(size.height(), size.width()) > PictureTransform.LONGEST_SIDE) {
      throw new IOException(
          "'"
              + file
              + "' is "
              + size.height()
              + "x"
              + size.width()
              + "; no side may be longer than "
              + PictureTransform.LONGEST_SIDE
              + ".");
    }
  }

  /** The words of Java's reader and of libjpeg for a file that ends within the picture. */
  private static boolean breaksOff(String warning) {
    return warning.startsWith("Truncated File") || warning.contains("remature end");
  }

  private static boolean hasTransparentPixels(BufferedImage image) {
    WritableRaster alpha = image.getAlphaRaster();
    if (alpha == null) { // none, or by the palette
      return image.getColorModel().hasAlpha() && hasTransparentColours(image);
    }
    int opaque = (1 << alpha.getSampleModel().getSampleSize(0)) - 1;
    int[] row = new int[alpha.getWidth()];
    for (int y = 0; y < alpha.getHeight(); y++) {
      alpha.getSamples(0, y, row.length, 1, 0, row);
      if (Arrays.stream(row).anyMatch(value -> value < opaque)) {
        return true;
      }
    }
    return false;
  }

  private static boolean hasTransparentColours(BufferedImage image) {
    int[] row = new int[image.getWidth()];
    for (int y = 0; y < image.getHeight(); y++) {
      image.getRGB(0, y, row.length, 1, row, 0, row.length);
      if (Arrays.stream(row).anyMatch(pixel -> pixel >>> 24 < 255)) {
        return true;
      }
    }
    return false;
  }
}

package io.github.convlens.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.Size;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.imageio.ImageIO;

/** Pictures as arrays, and what a layer makes of them as pictures again. */
public final class Pictures {
  /** The longest side of a picture that is read: beyond it a first layer's output fills memory. */
  private static final int LONGEST_SIDE = 16_384;

  private Pictures() {}

  /**
   * Reads a PNG, JPEG, GIF or BMP.
   *
   * @param file the picture
   * @throws IOException if the file cannot be read, or is no picture; the message names it
   */
  public static BufferedImage read(Path file) throws IOException {
    if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
      throw new IOException("'" + file + "' is not a readable file.");
    }
    BufferedImage image;
    try {
      image = ImageIO.read(file.toFile());
    } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new IOException("'" + file + "' is damaged: " + e.getMessage(), e);
    }
    if (image == null) {
      throw new IOException("'" + file + "' is not a PNG, JPEG, GIF or BMP.");
    }
    if (Math.max(image.getWidth(), image.getHeight()) > LONGEST_SIDE) {
      throw new IOException(
          "'"
              + file
              + "' is "
              + image.getHeight()
              + "x"
              + image.getWidth()
              + "; no side may be longer than "
              + LONGEST_SIDE
              + ".");
    }
    return image;
  }

  /**
   * A picture as an array (1, channels, height, width) of numbers from 0 to 1: red, green and blue;
   * or for one channel their brightness, 0.299 red + 0.587 green + 0.114 blue (ITU-R BT.601).
   *
   * @param manager who owns the array
   * @param precision its number type
   * @param image the picture
   * @param channels 1 or 3
   * @param size to which size it is scaled first; empty: its own
   * @throws IllegalArgumentException if the number of channels is neither
   */
  public static NDArray array(
      NDManager manager,
      Precision precision,
      BufferedImage image,
      long channels,
      Optional<Size> size) {
    if (channels != 1 && channels != 3) {
      throw new IllegalArgumentException(
          "a picture has 1 channel (brightness) or 3 (red, green, blue), but the first layer takes "
              + channels
              + ".");
    }
    BufferedImage scaled = scale(image, size);
    int height = scaled.getHeight();
    int width = scaled.getWidth();
    int[] pixels = scaled.getRGB(0, 0, width, height, null, 0, width);
    float[] values = new float[Math.multiplyExact((int) channels, pixels.length)];
    for (int i = 0; i < pixels.length; i++) {
      float red = (pixels[i] >> 16 & 0xff) / 255f;
      float green = (pixels[i] >> 8 & 0xff) / 255f;
      float blue = (pixels[i] & 0xff) / 255f;
      if (channels == 1) {
        values[i] = 0.299f * red + 0.587f * green + 0.114f * blue;
      } else {
        values[i] = red;
        values[pixels.length + i] = green;
        values[2 * pixels.length + i] = blue;
      }
    }
    return RandomInput.of(manager, precision, new Shape(1, channels, height, width), values);
  }

  private static BufferedImage scale(BufferedImage image, Optional<Size> size) {
    int height = size.map(s -> Math.toIntExact(s.height())).orElse(image.getHeight());
    int width = size.map(s -> Math.toIntExact(s.width())).orElse(image.getWidth());
    BufferedImage scaled = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = scaled.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    graphics.drawImage(image, 0, 0, width, height, null);
    graphics.dispose();
    return scaled;
  }

  /**
   * Each channel of the first picture in a batch, in grey: its smallest number black, its largest
   * white.
   *
   * @param maps (batch, channels, height, width)
   */
  public static List<BufferedImage> maps(NDArray maps) {
    Shape shape = maps.getShape();
    int channels = Math.toIntExact(shape.get(1));
    int height = Math.toIntExact(shape.get(2));
    int width = Math.toIntExact(shape.get(3));
    List<BufferedImage> images = new ArrayList<>(channels);
    try (NDArray first = maps.get(0);
        NDArray wide = first.toType(DataType.FLOAT32, true)) {
      float[] values = wide.toFloatArray();
      for (int channel = 0; channel < channels; channel++) {
        images.add(grey(values, channel * height * width, height, width));
      }
    }
    return images;
  }

  private static BufferedImage grey(float[] values, int from, int height, int width) {
    float least = Float.POSITIVE_INFINITY;
    float most = Float.NEGATIVE_INFINITY;
    for (int i = from; i < from + height * width; i++) {
      least = Math.min(least, values[i]);
      most = Math.max(most, values[i]);
    }
    float range = most > least ? most - least : 1;
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int level = Math.round(255 * (values[from + y * width + x] - least) / range);
        image.getRaster().setSample(x, y, 0, level);
      }
    }
    return image;
  }

  /**
   * Writes pictures as {@code channel-000.png} and so on. Each file appears whole or not at all; a
   * file of that name is replaced.
   *
   * @param images the pictures
   * @param folder where to; it is made if it is missing
   * @throws IOException if the folder cannot be made or written
   */
  public static void write(List<BufferedImage> images, Path folder) throws IOException {
    Files.createDirectories(folder);
    for (int i = 0; i < images.size(); i++) {
      Path file = folder.resolve(String.format(Locale.ROOT, "channel-%03d.png", i));
      Path partial = Files.createTempFile(folder, "channel", ".part");
      try {
        if (!ImageIO.write(images.get(i), "png", partial.toFile())) {
          throw new IOException("this Java cannot write PNG files.");
        }
        Files.move(partial, file, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(partial);
      }
    }
  }
}

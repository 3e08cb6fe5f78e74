package io.github.convlens.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.convlens.engine.internal.RandomInput;
import io.github.convlens.file.internal.Png;
import io.github.convlens.file.internal.WholeFiles;
import io.github.convlens.layer.Size;
import java.awt.AlphaComposite;
import java.awt.Graphics2D;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/** Pictures as arrays, and what a layer makes of them as pictures again. */
public final class Pictures {
  private Pictures() {}

  /**
   * Reads a PNG, JPEG, GIF or BMP.
   *
   * @param file the picture
   * @param notes told what is unusual about it, such as transparent pixels
   * @throws IOException if the file cannot be read, is no picture, or breaks off; the message names
   *     it
   */
  public static BufferedImage read(Path file, Consumer<String> notes) throws IOException {
    return new PictureFile(file).read(notes);
  }

  /**
   * A picture as an array (1, channels, height, width) of numbers from 0 to 1: red, green and blue;
   * or for one channel their brightness, 0.299 red + 0.587 green + 0.114 blue (ITU-R BT.601). As
   * {@code convert("RGB")} of Pillow, this takes the colours of transparent pixels as they are, and
   * of 16 bits the upper 8.
   *
   * @param manager who owns the array
   * @param precision its number type
   * @param image the picture
   * @param channels 1 or 3
   * @param size to which size it is scaled first, as torchvision's Resize does; empty: its own
   * @throws IllegalArgumentException if the number of channels is neither
   */
  public static NDArray array(
      NDManager manager,
      Precision precision,
      BufferedImage image,
      long channels,
      Optional<Size> size) {
    PictureTransform none = PictureTransform.NONE;
    return array(
        manager,
        precision,
        image,
        channels,
        new PictureTransform(
            size.map(PictureTransform.Exactly::new), none.crop(), none.mean(), none.deviation()));
  }

  /**
   * The same after a transform: a picture that is scaled, cut and normalised.
   *
   * @throws IllegalArgumentException if the number of channels is neither, or the transform is for
   *     another number
   */
  public static NDArray array(
      NDManager manager,
      Precision precision,
      BufferedImage image,
      long channels,
      PictureTransform transform) {
    if (channels != 1 && channels != 3) {
      throw new IllegalArgumentException(
          "a picture has 1 channel (brightness) or 3 (red, green, blue), but the first layer takes "
              + channels
              + ".");
    }
    transform.checkChannels(channels);
    Size own = new Size(image.getHeight(), image.getWidth());
    Size size = transform.size(own);
    int[] pixels = cut(scaled(image, transform), transform.scaled(own), size);
    float[] values = new float[Math.multiplyExact((int) channels, pixels.length)];
    for (int i = 0; i < pixels.length; i++) {
      float red = (pixels[i] >> 16 & 0xff) / 255f;
      float green = (pixels[i] >> 8 & 0xff) / 255f;
      float blue = (pixels[i] & 0xff) / 255f;
      if (channels == 1) {
        values[i] = transform.normal(0.299f * red + 0.587f * green + 0.114f * blue, 0);
      } else {
        values[i] = transform.normal(red, 0);
        values[pixels.length + i] = transform.normal(green, 1);
        values[2 * pixels.length + i] = transform.normal(blue, 2);
      }
    }
    Shape shape = new Shape(1, channels, size.height(), size.width());
    return RandomInput.of(manager, precision, shape, values);
  }

  private static int[] scaled(BufferedImage image, PictureTransform transform) {
    Size own = new Size(image.getHeight(), image.getWidth());
    Size size = transform.scaled(own);
    int width = image.getWidth();
    int[] pixels = opaque(image).getRGB(0, 0, width, image.getHeight(), null, 0, width);
    return size.equals(own) ? pixels : Antialiased.scale(pixels, own, size);
  }

  /** The middle, where torchvision's CenterCrop takes it to be; black where there is no more. */
  private static int[] cut(int[] pixels, Size from, Size to) {
    if (from.equals(to)) {
      return pixels;
    }
    int height = Math.toIntExact(to.height());
    int width = Math.toIntExact(to.width());
    int[] cut = new int[Math.multiplyExact(height, width)];
    int top = start(from.height(), to.height());
    int left = start(from.width(), to.width());
    for (int y = Math.max(0, -top); y < height && y + top < from.height(); y++) {
      for (int x = Math.max(0, -left); x < width && x + left < from.width(); x++) {
        cut[y * width + x] = pixels[(y + top) * (int) from.width() + x + left];
      }
    }
    return cut;
  }

  /**
   * Halves are rounded as Python's round does, to the even; borders have the shorter half first.
   */
  private static int start(long from, long to) {
    return from < to ? -(int) ((to - from) / 2) : (int) Math.rint((from - to) / 2.0);
  }

  /** The colours without their transparency. */
  private static BufferedImage opaque(BufferedImage image) {
    int height = image.getHeight();
    int width = image.getWidth();
    BufferedImage opaque = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    boolean bySamples = isReadBySamples(image);
    BufferedImage coloured = bySamples ? image : withAlpha(image);
    int[] row = new int[width];
    for (int y = 0; y < height; y++) {
      if (bySamples) {
        samples(image, y, row);
      } else {
        coloured.getRGB(0, y, width, 1, row, 0, width);
      }
      opaque.setRGB(0, y, width, 1, row, 0, width); // which drops alpha
    }
    return opaque;
  }

  /**
   * Whether the samples are the colours. Java takes those of grey to be linear in light and would
   * brighten them; those of 16 bits it would round.
   */
  private static boolean isReadBySamples(BufferedImage image) {
    ColorModel model = image.getColorModel();
    int space = model.getColorSpace().getType();
    boolean grey = space == ColorSpace.TYPE_GRAY;
    return model instanceof ComponentColorModel
        && switch (model.getTransferType()) {
          case DataBuffer.TYPE_BYTE -> grey;
          case DataBuffer.TYPE_USHORT -> grey || space == ColorSpace.TYPE_RGB;
          default -> false;
        };
  }

  private static void samples(BufferedImage image, int y, int[] row) {
    int surplus = image.getColorModel().getComponentSize(0) - 8;
    int green = image.getColorModel().getNumColorComponents() == 1 ? 0 : 1;
    int[] bands = {0, green, 2 * green};
    int[] samples = new int[row.length];
    Arrays.fill(row, 0);
    for (int band : bands) {
      image.getRaster().getSamples(0, y, row.length, 1, band, samples);
      for (int x = 0; x < row.length; x++) {
        row[x] = row[x] << 8 | samples[x] >> surplus;
      }
    }
  }

  /** Copies colours and alpha as they are, where drawing would mix the colours with black. */
  private static BufferedImage withAlpha(BufferedImage image) {
    BufferedImage copy =
        new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_INT_ARGB);
    Graphics2D graphics = copy.createGraphics();
    graphics.setComposite(AlphaComposite.Src);
    graphics.drawImage(image, 0, 0, null);
    graphics.dispose();
    return copy;
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
   * Writes pictures as {@code channel-000.png} and so on. Files of these names are replaced once
   * all of the new ones are written.
   *
   * @param images the pictures
   * @param folder where to; it is made if it is missing
   * @throws IOException if the folder cannot be made or written
   */
  public static void write(List<BufferedImage> images, Path folder) throws IOException {
    WholeFiles.makeFolder(folder);
    try (WholeFiles files = new WholeFiles()) {
      for (int i = 0; i < images.size(); i++) {
        byte[] png = Png.bytes(images.get(i));
        Path file = folder.resolve(String.format(Locale.ROOT, "channel-%03d.png", i));
        files.add(file, out -> out.write(png));
      }
      files.publish();
    }
  }
}

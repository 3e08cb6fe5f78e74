package io.github.convlens.file.internal;

import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.function.IntFunction;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Pictures as the bytes of a GIF file, which shows one after the other, for ever. */
public final class Gif {
  private static final String FORMAT = "javax_imageio_gif_image_1.0";

  private Gif() {}

  /**
   * The whole file, made in memory.
   *
   * @param number how many pictures there are, at least 1
   * @param picture makes one of them, from 0; all are of one size
   * @param hundredths how long each is shown, in hundredths of a second
   * @throws IOException if this Java cannot write GIF files
   */
  public static byte[] bytes(int number, IntFunction<BufferedImage> picture, int hundredths)
      throws IOException {
    Iterator<ImageWriter> writers = ImageIO.getImageWritersBySuffix("gif");
    if (!writers.hasNext()) {
      throw new IOException("this Java cannot write GIF files");
    }
    ImageWriter writer = writers.next();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
      writer.setOutput(out);
      writer.prepareWriteSequence(null);
      Palette palette = Palette.of(picture.apply(0), picture.apply(number - 1));
      for (int i = 0; i < number; i++) {
        BufferedImage image = palette.indexed(picture.apply(i));
        IIOMetadata metadata = writer.getDefaultImageMetadata(new ImageTypeSpecifier(image), null);
        metadata.mergeTree(FORMAT, frame(hundredths));
        writer.writeToSequence(new IIOImage(image, null, metadata), null);
      }
      writer.endWriteSequence();
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  /** The 256 colours that the pictures use most; the others become the nearest of them. */
  private record Palette(IndexColorModel colours, Map<Integer, Integer> indices) {
    static Palette of(BufferedImage... pictures) {
      Map<Integer, Integer> counts = new HashMap<>();
      for (BufferedImage picture : pictures) {
        for (int rgb : pixels(picture)) {
          counts.merge(rgb, 1, Integer::sum);
        }
      }
      int[] colours =
          counts.entrySet().stream()
              .sorted(
                  Map.Entry.<Integer, Integer>comparingByValue(Comparator.reverseOrder())
                      .thenComparing(Map.Entry.comparingByKey()))
              .limit(256)
              .mapToInt(Map.Entry::getKey)
              .toArray();
      return new Palette(
          new IndexColorModel(8, colours.length, colours, 0, false, -1, DataBuffer.TYPE_BYTE),
          new HashMap<>());
    }

    private static int[] pixels(BufferedImage picture) {
      int width = picture.getWidth();
      return picture.getRGB(0, 0, width, picture.getHeight(), null, 0, width);
    }

    BufferedImage indexed(BufferedImage picture) {
      BufferedImage indexed =
          new BufferedImage(
              picture.getWidth(), picture.getHeight(), BufferedImage.TYPE_BYTE_INDEXED, colours);
      int[] pixels = pixels(picture);
      int[] places = new int[pixels.length];
      for (int i = 0; i < pixels.length; i++) {
        places[i] =
            i > 0 && pixels[i] == pixels[i - 1]
                ? places[i - 1]
                : indices.computeIfAbsent(pixels[i], this::nearest);
      }
      indexed.getRaster().setPixels(0, 0, picture.getWidth(), picture.getHeight(), places);
      return indexed;
    }

    private int nearest(int rgb) {
      int nearest = 0;
      int least = Integer.MAX_VALUE;
      for (int i = 0; i < colours.getMapSize(); i++) {
        int red = (rgb >> 16 & 255) - colours.getRed(i);
        int green = (rgb >> 8 & 255) - colours.getGreen(i);
        int blue = (rgb & 255) - colours.getBlue(i);
        int distance = red * red + green * green + blue * blue;
        if (distance < least) {
          least = distance;
          nearest = i;
        }
      }
      return nearest;
    }
  }

  /** How long a frame is shown, and that the film begins again behind the last. */
  private static IIOMetadataNode frame(int hundredths) {
    IIOMetadataNode control = new IIOMetadataNode("GraphicControlExtension");
    control.setAttribute("disposalMethod", "none");
    control.setAttribute("userInputFlag", "FALSE");
    control.setAttribute("transparentColorFlag", "FALSE");
    control.setAttribute("delayTime", Integer.toString(hundredths));
    control.setAttribute("transparentColorIndex", "0");
    IIOMetadataNode loop = new IIOMetadataNode("ApplicationExtension");
    loop.setAttribute("applicationID", "NETSCAPE");
    loop.setAttribute("authenticationCode", "2.0");
    loop.setUserObject(new byte[] {1, 0, 0});
    IIOMetadataNode extensions = new IIOMetadataNode("ApplicationExtensions");
    extensions.appendChild(loop);
    IIOMetadataNode root = new IIOMetadataNode(FORMAT);
    root.appendChild(control);
    root.appendChild(extensions);
    return root;
  }
}

package io.github.convlens.file.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageInputStream;
import org.junit.jupiter.api.Test;

/** Films, read back by ImageIO. */
class GifTest {
  private static BufferedImage frame(int number) {
    BufferedImage image = new BufferedImage(40, 30, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(new Color(0xFFC857));
    graphics.fillRect(10 * number, 0, 10, 10);
    graphics.dispose();
    return image;
  }

  @Test
  void hasTheFramesWithTheirColoursAndTimes() throws IOException {
    byte[] bytes = Gif.bytes(3, GifTest::frame, 80);
    ImageReader reader = ImageIO.getImageReadersBySuffix("gif").next();
    try (ImageInputStream in = ImageIO.createImageInputStream(new ByteArrayInputStream(bytes))) {
      reader.setInput(in);
      assertEquals(3, reader.getNumImages(true));
      for (int i = 0; i < 3; i++) {
        BufferedImage image = reader.read(i);
        assertEquals(40, image.getWidth());
        assertEquals(0xFFFFC857, image.getRGB(10 * i + 5, 5), "frame " + i);
        assertEquals(0xFF000000, image.getRGB(10 * i + 5, 15));
        IIOMetadataNode root =
            (IIOMetadataNode) reader.getImageMetadata(i).getAsTree("javax_imageio_gif_image_1.0");
        IIOMetadataNode control =
            (IIOMetadataNode) root.getElementsByTagName("GraphicControlExtension").item(0);
        assertEquals("80", control.getAttribute("delayTime"));
      }
    }
    reader.dispose();
  }

  /** Of more than 256 colours the rare ones become their neighbours. */
  @Test
  void rareColoursBecomeTheirNeighbours() throws IOException {
    BufferedImage image = new BufferedImage(300, 2, BufferedImage.TYPE_INT_RGB);
    for (int x = 0; x < 300; x++) {
      image.setRGB(x, 0, x < 250 ? x << 16 : 249 << 16 | x - 249);
      image.setRGB(x, 1, 0x0000FF);
    }
    byte[] bytes = Gif.bytes(1, number -> image, 80);
    BufferedImage read = ImageIO.read(new ByteArrayInputStream(bytes));
    List<Integer> differences = new ArrayList<>();
    for (int x = 0; x < 300; x++) {
      Color before = new Color(image.getRGB(x, 0));
      Color after = new Color(read.getRGB(x, 0));
      differences.add(
          Math.abs(before.getRed() - after.getRed())
              + Math.abs(before.getGreen() - after.getGreen())
              + Math.abs(before.getBlue() - after.getBlue()));
    }
    assertEquals(256, differences.stream().filter(difference -> difference == 0).count() + 1);
  }
}

package io.github.convlens.file.internal;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import javax.imageio.ImageIO;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Pictures as the bytes of a PNG file. */
public final class Png {
  private Png() {}

  /**
   * The whole file, made in memory: of a disk that is full, ImageIO says no more than that writing
   * failed.
   *
   * @throws IOException if this Java cannot write PNG files
   */
  public static byte[] bytes(BufferedImage image) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
      if (!ImageIO.write(image, "png", out)) {
        throw new IOException("this Java cannot write PNG files");
      }
    }
    return bytes.toByteArray();
  }
}

package io.github.convlens.figure;

import io.github.convlens.language.Language;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.List;

/**
 * A drawing, in pixels at 100 %. It stands on a white card of its own, so that it can be read on
 * light and on dark pages. The same request makes the same marks; where the texts stand follows the
 * machine's fonts.
 */
public interface Figure {
  /** Pixels from left to right. */
  int width();

  /** Pixels from top to bottom. */
  int height();

  /**
   * Draws the figure with its upper left corner at the origin.
   *
   * @param graphics where to draw; its paint, font and stroke are changed
   */
  void draw(Graphics2D graphics);

  /** The figure as a standalone SVG document, which may also be put into a page of HTML. */
  String svg();

  /** What it shows, in sentences, for those who cannot see it. */
  String description();

  /** What the figure leaves out, each a sentence; empty where it shows everything. */
  default List<String> notes() {
    return List.of();
  }

  /**
   * The same figure with its labels and sentences in another language, laid out anew. What the
   * caller named (matrices, curves) keeps its names.
   */
  default Figure in(Language language) {
    return this;
  }

  /** The figure as a picture, at 100 %. */
  default BufferedImage image() {
    return image(1);
  }

  /**
   * The figure as a picture.
   *
   * @param scale pixels of the picture for a pixel of the figure, above 0
   * @throws IllegalArgumentException if the scale is not above 0, or no memory can hold the picture
   */
  default BufferedImage image(double scale) {
    double pixels = scale * width() * scale * height();
    if (!(scale > 0) || pixels > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          ("the scale must be above 0 and make at most 2^31 - 1 pixels.\nHere it is " + scale)
              + (" for " + width() + "x" + height() + ".\nUse a scale between 1 and 4."));
    }
    int width = (int) Math.ceil(scale * width());
    int height = (int) Math.ceil(scale * height());
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, width, height);
    graphics.scale(scale, scale);
    draw(graphics);
    graphics.dispose();
    return image;
  }
}

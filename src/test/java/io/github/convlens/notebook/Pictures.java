package io.github.convlens.notebook;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * Whether two pictures show the same. Where the machine draws letters as the one that saved the
 * picture did, they must be equal to the pixel. Elsewhere letters may look different: then no block
 * may differ by more in colour than letters can make it, and hardly any on the whole.
 */
enum Pictures {
  /** Letters are drawn alike: every pixel counts. */
  EXACT {
    @Override
    Optional<String> differences(BufferedImage saved, BufferedImage now) {
      for (int y = 0; y < saved.getHeight(); y++) {
        for (int x = 0; x < saved.getWidth(); x++) {
          if (saved.getRGB(x, y) != now.getRGB(x, y)) {
            return Optional.of("the pixel in row " + y + ", column " + x + " differs");
          }
        }
      }
      return Optional.empty();
    }
  },

  /** Letters are drawn otherwise: the mean colours of blocks count. */
  BLOCKS {
    @Override
    Optional<String> differences(BufferedImage saved, BufferedImage now) {
      double sum = 0;
      int blocks = 0;
      for (int y = 0; y < saved.getHeight(); y += BLOCK) {
        for (int x = 0; x < saved.getWidth(); x += BLOCK) {
          double difference = difference(block(saved, x, y), block(now, x, y));
          if (difference > MOST_IN_A_BLOCK) {
            return Optional.of(
                "the block at row %d, column %d differs by %.0f of 255 in colour"
                    .formatted(y, x, difference));
          }
          sum += difference;
          blocks++;
        }
      }
      return sum / blocks <= MOST_ON_THE_WHOLE
          ? Optional.empty()
          : Optional.of("the colours differ by %.1f of 255".formatted(sum / blocks));
    }
  };

  private static final int BLOCK = 16;
  private static final double MOST_IN_A_BLOCK = 64;
  private static final double MOST_ON_THE_WHOLE = 4;

  /** What is different in two pictures of one size. */
  abstract Optional<String> differences(BufferedImage saved, BufferedImage now);

  /**
   * What is different; empty if the pictures show the same.
   *
   * @param saved the picture that is kept
   * @param now the one that was drawn now
   */
  Optional<String> compare(BufferedImage saved, BufferedImage now) {
    String before = saved.getWidth() + "x" + saved.getHeight();
    String after = now.getWidth() + "x" + now.getHeight();
    return before.equals(after)
        ? differences(saved, now)
        : Optional.of("the size was " + before + " and is " + after);
  }

  /** How this machine draws letters, as a number: machines that draw alike have the same. */
  static String letters() {
    BufferedImage image = new BufferedImage(400, 60, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    graphics.setColor(Color.WHITE);
    graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13));
    graphics.drawString("0123456789 (1, 6, 28, 28) padding, stride, kernel * =", 5, 20);
    graphics.setFont(new Font(Font.SANS_SERIF, Font.BOLD, 17));
    graphics.drawString("0123456789 receptive field, MACs", 5, 45);
    graphics.dispose();
    int[] pixels = image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, 400);
    return String.format(Locale.ROOT, "%08x", Arrays.hashCode(pixels));
  }

  /** The mean red, green and blue of a block. */
  private static double[] block(BufferedImage image, int left, int top) {
    double[] sum = new double[3];
    int right = Math.min(left + BLOCK, image.getWidth());
    int bottom = Math.min(top + BLOCK, image.getHeight());
    for (int y = top; y < bottom; y++) {
      for (int x = left; x < right; x++) {
        Color color = new Color(image.getRGB(x, y));
        sum[0] += color.getRed();
        sum[1] += color.getGreen();
        sum[2] += color.getBlue();
      }
    }
    int pixels = (right - left) * (bottom - top);
    return Arrays.stream(sum).map(channel -> channel / pixels).toArray();
  }

  private static double difference(double[] one, double[] other) {
    double most = 0;
    for (int channel = 0; channel < one.length; channel++) {
      most = Math.max(most, Math.abs(one[channel] - other[channel]));
    }
    return most;
  }
}

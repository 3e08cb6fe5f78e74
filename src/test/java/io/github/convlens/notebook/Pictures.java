package io.github.convlens.notebook;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.IntSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Whether two pictures show the same. Where the machine draws letters as the one that saved the
 * picture did, they must be equal to the pixel. Elsewhere fonts decide how long texts are and so
 * where things stand; then a picture must have about the size, and about as much of each colour.
 */
enum Pictures {
  /** Letters are drawn alike: every pixel counts. */
  EXACT {
    @Override
    Optional<String> compare(BufferedImage saved, BufferedImage now) {
      if (saved.getWidth() != now.getWidth() || saved.getHeight() != now.getHeight()) {
        return Optional.of(sizes(saved, now));
      }
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

  /** Letters are drawn otherwise: sizes count roughly, and the amounts of colours but not greys. */
  ROUGH {
    @Override
    Optional<String> compare(BufferedImage saved, BufferedImage now) {
      if (isFar(saved.getWidth(), now.getWidth()) || isFar(saved.getHeight(), now.getHeight())) {
        return Optional.of(sizes(saved, now));
      }
      Map<Color, Integer> before = amounts(saved);
      Map<Color, Integer> after = amounts(now);
      return Stream.concat(before.keySet().stream(), after.keySet().stream())
          .filter(color -> isFar(before.getOrDefault(color, 0), after.getOrDefault(color, 0)))
          .findFirst()
          .map(
              color ->
                  "%d pixels were about #%06x and %d are"
                      .formatted(
                          before.getOrDefault(color, 0),
                          color.getRGB() & 0xFFFFFF,
                          after.getOrDefault(color, 0)));
    }
  };

  /** Pixels by which letters may change a side, or the amount of a colour. */
  private static final int LEAST = 250;

  /** A colour has a hue if its red, green and blue differ by so much. */
  private static final int HUE = 24;

  private static final int STEP = 32;

  /**
   * What is different; empty if the pictures show the same.
   *
   * @param saved the picture that is kept
   * @param now the one that was drawn now
   */
  abstract Optional<String> compare(BufferedImage saved, BufferedImage now);

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

  private static String sizes(BufferedImage saved, BufferedImage now) {
    return "the size was %dx%d and is %dx%d"
        .formatted(saved.getWidth(), saved.getHeight(), now.getWidth(), now.getHeight());
  }

  private static boolean isFar(int one, int other) {
    return Math.abs(one - other) > LEAST + Math.max(one, other) / 5;
  }

  /** How many pixels have each colour that is not a grey, colours in steps. */
  private static Map<Color, Integer> amounts(BufferedImage image) {
    Map<Color, Integer> amounts = new LinkedHashMap<>();
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        Color color = new Color(image.getRGB(x, y));
        int[] channels = {color.getRed(), color.getGreen(), color.getBlue()};
        IntSummaryStatistics range = Arrays.stream(channels).summaryStatistics();
        if (range.getMax() - range.getMin() >= HUE) {
          int[] steps = Arrays.stream(channels).map(channel -> channel / STEP * STEP).toArray();
          amounts.merge(new Color(steps[0], steps[1], steps[2]), 1, Integer::sum);
        }
      }
    }
    return amounts;
  }
}

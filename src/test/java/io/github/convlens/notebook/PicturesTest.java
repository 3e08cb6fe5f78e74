package io.github.convlens.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Pictures that show the same are the same in another font too, and no others are. */
class PicturesTest {
  private static final Color MARK = new Color(0xF6C85F);

  @Test
  void equalPicturesAreTheSameEitherWay() {
    for (Pictures strictness : Pictures.values()) {
      assertEquals(
          Optional.empty(),
          strictness.compare(grid(Font.SANS_SERIF, 1, "7"), grid(Font.SANS_SERIF, 1, "7")));
    }
  }

  @Test
  void anotherDigitCountsWhereLettersAreDrawnAlike() {
    BufferedImage saved = grid(Font.SANS_SERIF, 1, "7");
    assertNotEquals(Optional.empty(), Pictures.EXACT.compare(saved, grid(Font.SANS_SERIF, 1, "8")));
  }

  @Test
  void anotherFontDoesNotCountElsewhere() {
    BufferedImage saved = grid(Font.SANS_SERIF, 1, "7");
    assertEquals(Optional.empty(), Pictures.BLOCKS.compare(saved, grid(Font.SERIF, 1, "7")));
    assertEquals(Optional.empty(), Pictures.BLOCKS.compare(saved, grid(Font.MONOSPACED, 1, "7")));
  }

  @Test
  void aMarkInAnotherPlaceCountsAlways() {
    BufferedImage saved = grid(Font.SANS_SERIF, 1, "7");
    assertEquals(
        Optional.of("the block at row 32, column 32 differs by 103 of 255 in colour"),
        Pictures.BLOCKS.compare(saved, grid(Font.SANS_SERIF, 2, "7")));
    assertNotEquals(Optional.empty(), Pictures.EXACT.compare(saved, grid(Font.SANS_SERIF, 2, "7")));
  }

  @Test
  void aSlightlyOtherColourEverywhereCountsOnTheWhole() {
    BufferedImage saved = plain(0xFFFFFF, 200, 200);
    assertEquals(
        Optional.of("the colours differ by 8.0 of 255"),
        Pictures.BLOCKS.compare(saved, plain(0xF7F7F7, 200, 200)));
  }

  @Test
  void anotherSizeCounts() {
    assertEquals(
        Optional.of("the size was 200x100 and is 200x101"),
        Pictures.BLOCKS.compare(plain(0, 200, 100), plain(0, 200, 101)));
  }

  private static BufferedImage plain(int rgb, int width, int height) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(new Color(rgb));
    graphics.fillRect(0, 0, width, height);
    graphics.dispose();
    return image;
  }

  /** Five by five cells with numbers, one of them marked, all with the same digit. */
  private static BufferedImage grid(String font, int marked, String digit) {
    BufferedImage image = plain(0xFFFFFF, 164, 164);
    Graphics2D graphics = image.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    graphics.setFont(new Font(font, Font.PLAIN, 13));
    for (int row = 0; row < 5; row++) {
      for (int column = 0; column < 5; column++) {
        int x = 2 + 32 * column;
        int y = 2 + 32 * row;
        if (row == marked && column == marked) {
          graphics.setColor(MARK);
          graphics.fillRect(x, y, 32, 32);
        }
        graphics.setColor(Color.BLACK);
        graphics.drawRect(x, y, 32, 32);
        graphics.drawString(row + digit, x + 9, y + 21);
      }
    }
    graphics.dispose();
    return image;
  }
}

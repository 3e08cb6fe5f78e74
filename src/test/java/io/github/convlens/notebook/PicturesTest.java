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

/**
 * Pictures that show the same are taken for the same in another font too; tampered ones are not.
 */
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
    assertEquals(Optional.empty(), Pictures.ROUGH.compare(saved, grid(Font.SERIF, 1, "7")));
    assertEquals(Optional.empty(), Pictures.ROUGH.compare(saved, grid(Font.MONOSPACED, 1, "7")));
  }

  @Test
  void aMarkInAnotherPlaceCountsWhereLettersAreDrawnAlike() {
    BufferedImage saved = grid(Font.SANS_SERIF, 1, "7");
    assertNotEquals(Optional.empty(), Pictures.EXACT.compare(saved, grid(Font.SANS_SERIF, 2, "7")));
  }

  @Test
  void aMarkThatIsNotThereCountsAlways() {
    BufferedImage saved = grid(Font.SANS_SERIF, 1, "7");
    BufferedImage none = grid(Font.SANS_SERIF, 9, "7");
    for (Pictures strictness : Pictures.values()) {
      assertNotEquals(Optional.empty(), strictness.compare(saved, none));
      assertNotEquals(Optional.empty(), strictness.compare(none, saved));
    }
    assertEquals(
        Optional.of("800 pixels were about #e0c040 and 0 are"),
        Pictures.ROUGH.compare(plain(0xF6C85F, 20, 40), plain(0xFFFFFF, 20, 40)));
  }

  @Test
  void anotherColourCountsAlways() {
    assertEquals(
        Optional.of("800 pixels were about #e0c040 and 0 are"),
        Pictures.ROUGH.compare(plain(0xF6C85F, 20, 40), plain(0x5FC8F6, 20, 40)));
  }

  @Test
  void sizesCount() {
    assertEquals(
        Optional.of("the size was 200x100 and is 200x101"),
        Pictures.EXACT.compare(plain(0, 200, 100), plain(0, 200, 101)));
    assertEquals(Optional.empty(), Pictures.ROUGH.compare(plain(0, 200, 100), plain(0, 200, 101)));
    assertEquals(
        Optional.of("the size was 600x100 and is 1200x100"),
        Pictures.ROUGH.compare(plain(0, 600, 100), plain(0, 1200, 100)));
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

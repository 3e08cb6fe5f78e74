package io.github.convlens.layer.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How many columns a text takes in a terminal: wcwidth of glibc 2.36 says the same of these. */
class PrintableWidthTest {
  @ParameterizedTest
  @CsvSource({
    "conv1, 5",
    "池化层, 6",
    "卷积a, 5",
    "ｆ, 2",
    "ﾊ, 1",
    "한글, 4",
    "かな, 4",
    "é, 1",
    "e\u0301, 1",
    "Ω×→, 3",
    "😀, 2",
    "𠀀, 2",
    "「」, 4"
  })
  void aTextsColumns(String text, int width) {
    assertEquals(width, Printable.width(text));
  }

  /** The first and the last of each range: East_Asian_Width is W or F in Unicode 14. */
  @ParameterizedTest
  @ValueSource(
      ints = {
        0x1100, 0x115f, 0x2e80, 0x303e, 0x3041, 0xa4c6, 0xa960, 0xa97c, 0xac00, 0xd7a3, 0xf900,
        0xfad9, 0xfe10, 0xfe19, 0xfe30, 0xfe6b, 0xff01, 0xff60, 0xffe0, 0xffe6, 0x16fe0, 0x18d08,
        0x1b000, 0x1b2fb, 0x1f300, 0x1f64f, 0x1f680, 0x1f6fc, 0x1f90c, 0x1faf6, 0x20000, 0x3134a
      })
  void wideOnes(int codePoint) {
    assertEquals(2, Printable.width(Character.toString(codePoint)));
  }

  /** Between the ranges: East_Asian_Width is N, Na or H, and no mark that stands on a letter. */
  @ParameterizedTest
  @ValueSource(
      ints = {
        0x2ff, 0x370, 0x10ff, 0x1e00, 0x2e5d, 0x303f, 0xa4d0, 0xa95f, 0xa984, 0xabf9, 0xd7b0,
        0xfb00, 0xfdff, 0xfe70, 0xff61, 0xffdc, 0xffe8, 0x16f40, 0x1bc00, 0x1f2ff, 0x1f650, 0x1f67f,
        0x1f700, 0x1f8b1, 0x1fb00
      })
  void narrowOnes(int codePoint) {
    assertEquals(1, Printable.width(Character.toString(codePoint)));
  }

  @Test
  void marksOnLettersTakeNoColumn() {
    assertEquals(1, Printable.width("a\u0300"));
    assertEquals(1, Printable.width("\u0448\u0488"));
    assertEquals(2, Printable.width("a\u200db"));
  }

  @Test
  void paddedToColumns() {
    assertEquals("  池化", Printable.paddedInFront("池化", 6));
    assertEquals("池化", Printable.paddedInFront("池化", 3));
    assertEquals("池化  ", Printable.padded("池化", 6));
    assertEquals("池化", Printable.padded("池化", 2));
  }
}

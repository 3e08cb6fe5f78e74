package io.github.convlens.layer.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

  @Test
  void paddedToColumns() {
    assertEquals("池化  ", Printable.padded("池化", 6));
    assertEquals("池化", Printable.padded("池化", 2));
  }
}

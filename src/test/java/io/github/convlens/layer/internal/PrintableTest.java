package io.github.convlens.layer.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts of others, as they may stand in a terminal, a table or a message. */
class PrintableTest {
  /** Controls, formats that turn the line around, separators, half a pair, no characters. */
  @ParameterizedTest
  @ValueSource(
      ints = {
        0, 0x1f, 0x7f, 0x9f, 0xad, 0x200b, 0x200e, 0x202e, 0x2028, 0x2029, 0xd800, 0xdfff, 0xfdd0,
        0xfdef, 0xfeff, 0xfffe, 0xffff, 0x1fffe, 0x10ffff
      })
  void cannotBeShown(int codePoint) {
    assertFalse(Printable.isPrintable(codePoint));
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        ' ', '~', 0xa0, 0xe9, 0x200c, 0x200d, 0x6c60, 0xfdcf, 0xfdf0, 0xfffd, 0x1f600, 0x20000
      })
  void canBeShown(int codePoint) {
    assertTrue(Printable.isPrintable(codePoint));
  }

  @Test
  void escapes() {
    assertEquals("conv1 ~", Printable.line("conv1 ~"));
    assertEquals("\u6c60\u5316", Printable.line("\u6c60\u5316"));
    assertEquals("a\\u007f\\u0000b", Printable.line("a\u007f\0b"));
    assertEquals("\\u001b[31m\u6c60", Printable.line("\u001b[31m\u6c60"));
    assertEquals("a\\ud83d", Printable.line("a\ud83d"));
    assertEquals("\\udbff\\udfff", Printable.line("\udbff\udfff"));
  }

  @Test
  void lineEndsStayInLinesAlone() {
    String text = "a\n\tb\r\nc\rd\r";
    assertEquals("a\\u000a\\u0009b\\u000d\\u000ac\\u000dd\\u000d", Printable.line(text));
    assertEquals("a\n\tb\r\nc\\u000dd\\u000d", Printable.lines(text));
  }

  @Test
  void aTextWithAFewMoreIsNotCut() {
    assertEquals("x".repeat(50), Printable.brief("x".repeat(50), 10));
    assertEquals("x".repeat(10) + "... (41 more characters)", Printable.brief("x".repeat(51), 10));
  }

  @Test
  void noPairIsCutInTwo() {
    String pairs = "\ud83d\ude00".repeat(30);
    assertEquals("\ud83d\ude00".repeat(5) + "... (50 more characters)", Printable.brief(pairs, 10));
    assertEquals("\ud83d\ude00".repeat(4) + "... (52 more characters)", Printable.brief(pairs, 9));
    String one = "123456789\ud83d\ude00" + "x".repeat(50);
    assertEquals("123456789... (52 more characters)", Printable.brief(one, 10));
  }

  @Test
  void eachLineOfAMessageIsCutForItself() {
    String longest = "x".repeat(1040);
    assertEquals(longest + "\n", Printable.message(longest + "\n"));
    assertEquals(
        "a\n" + "x".repeat(1000) + "... (41 more characters)\nb\\u0007",
        Printable.message("a\n" + longest + "x\nb\u0007"));
  }

  /** No line begins with a closing sign or ends with an opening one; Latin words stay whole. */
  @Test
  void whereALineMayEnd() {
    assertEquals(List.of("conv1"), Printable.pieces("conv1"));
    assertEquals(List.of("\u6c60", "\u5316"), Printable.pieces("\u6c60\u5316"));
    assertEquals(List.of("3x3", "\u6c60", "conv"), Printable.pieces("3x3\u6c60conv"));
    assertEquals(
        List.of("\u300a\u6c60", "\u5316\u300b\u3002"),
        Printable.pieces("\u300a\u6c60\u5316\u300b\u3002"));
    assertEquals(List.of("(\u6c60", "\u5316)"), Printable.pieces("(\u6c60\u5316)"));
    assertEquals(List.of("\uff08\u6c60\uff0c"), Printable.pieces("\uff08\u6c60\uff0c"));
    assertEquals(List.of(""), Printable.pieces(""));
  }
}

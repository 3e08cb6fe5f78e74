package io.github.convlens.notation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Sizes as people write them: {@code 3x32x32}, {@code 3 x 32 x 32}, {@code 3*32*32}, {@code (3, 32,
 * 32)}, {@code torch.Size([3, 32, 32])}, and with full-width signs.
 */
final class InputText {
  private static final String TIMES = "xX*\u00d7\u2715\u2a09";

  private final String text;
  private int from;
  private int to;

  private InputText(String text) {
    this.text = text;
    this.to = text.length();
  }

  /** The sizes; empty if the text is nothing but sizes with one sign between them. */
  static Optional<List<Long>> sizes(String text) {
    return new InputText(text).read();
  }

  private Optional<List<Long>> read() {
    boolean bracket = unwrap();
    List<Long> sizes = new ArrayList<>(5);
    char sign = 0;
    while (true) {
      long size = number();
      if (size < 0) {
        return Optional.empty();
      }
      sizes.add(size);
      skipBlank();
      if (from == to) {
        return Optional.of(sizes);
      }
      char next = sign();
      if (next == 0 || (sign != 0 && next != sign)) {
        return Optional.empty();
      }
      sign = next;
      skipBlank();
      if (from == to && bracket && sign == ',') {
        return Optional.of(sizes);
      }
    }
  }

  /** Goes into {@code torch.Size(...)}, parentheses and brackets. */
  private boolean unwrap() {
    boolean bracket = false;
    while (true) {
      skipBlank();
      while (to > from && isBlank(at(to - 1))) {
        to--;
      }
      if (text.startsWith("torch.Size(", from)) {
        from += "torch.Size".length();
      }
      boolean round = from < to && at(from) == '(' && at(to - 1) == ')';
      boolean square = from < to && at(from) == '[' && at(to - 1) == ']';
      if (!round && !square) {
        return bracket;
      }
      bracket = true;
      from++;
      to--;
    }
  }

  private long number() {
    long number = 0;
    int start = from;
    while (from < to && at(from) >= '0' && at(from) <= '9') {
      int digit = at(from) - '0';
      if (number > (Long.MAX_VALUE - digit) / 10) {
        return -1;
      }
      number = 10 * number + digit;
      from++;
    }
    return from == start ? -1 : number;
  }

  /** The sign between two sizes, {@code x} for all that stand for times; 0 if there is none. */
  private char sign() {
    char sign = at(from++);
    return sign == ',' ? ',' : TIMES.indexOf(sign) >= 0 ? 'x' : 0;
  }

  private void skipBlank() {
    while (from < to && isBlank(at(from))) {
      from++;
    }
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t' || c == '\u00a0' || c == '\u3000';
  }

  /** A character, a full-width one as its narrow twin. */
  private char at(int position) {
    char c = text.charAt(position);
    return c >= '\uff01' && c <= '\uff5e' ? (char) (c - 0xfee0) : c;
  }
}

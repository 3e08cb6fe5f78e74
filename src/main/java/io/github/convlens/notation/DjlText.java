package io.github.convlens.notation;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.ShapeException;
import io.github.convlens.layer.Size;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** The pieces of Java expressions that blocks are written with. */
final class DjlText {
  private DjlText() {}

  static String sequential(List<String> lines) {
    return "new SequentialBlock()" + String.join("", lines);
  }

  static String added(String expression) {
    return "\n    .add(" + indented(closed(expression, ")"), 4);
  }

  /** The expression with a shape behind its first line. */
  static String commented(String expression, Shape shape) {
    int end = expression.indexOf('\n');
    return end < 0
        ? expression + " // " + shape
        : expression.substring(0, end) + " // " + shape + expression.substring(end);
  }

  /** Blocks in a row that stand for one layer. */
  static String row(String... expressions) {
    StringBuilder text = new StringBuilder("new SequentialBlock()");
    for (String expression : expressions) {
      text.append(added(expression));
    }
    return text.toString();
  }

  static String conv2d(Size kernel, long filters, String options) {
    return "Conv2d.builder().setKernelShape("
        + shape(kernel)
        + ").setFilters("
        + filters(filters)
        + ")"
        + options
        + ".build()";
  }

  static String groups(long groups) {
    return groups == 1 ? "" : ".optGroups(" + filters(groups) + ")";
  }

  static String bias(boolean biased) {
    return biased ? "" : ".optBias(false)";
  }

  static String option(String name, Size size, Size usual) {
    return size.equals(usual) ? "" : "." + name + "(" + shape(size) + ")";
  }

  static String sides(long left, long right, long top, long bottom) {
    return shape(LongStream.of(left, right, top, bottom));
  }

  /** A block of one operation on {@code x}. */
  static String lambda(String operation) {
    return "LambdaBlock.singleton(x -> " + operation + ")";
  }

  static String shape(Size size) {
    return shape(LongStream.of(size.height(), size.width()));
  }

  static String shape(LongStream sizes) {
    return "new Shape(" + shapeless(sizes) + ")";
  }

  static String shapeless(LongStream sizes) {
    return sizes.mapToObj(DjlText::literal).collect(Collectors.joining(", "));
  }

  static String literal(long number) {
    return (int) number == number ? Long.toString(number) : number + "L";
  }

  /** A number that DJL takes as an int. */
  static String filters(long number) {
    if ((int) number != number) {
      throw ShapeException.of(
          "DJL takes at most 2^31 - 1 channels, groups or rows",
          "Here there are " + number + ".",
          "Use smaller sizes.");
    }
    return Long.toString(number);
  }

  /** A double as Java writes it. */
  static String number(double value) {
    if (Double.isNaN(value)) {
      return "Double.NaN";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "Double.POSITIVE_INFINITY" : "Double.NEGATIVE_INFINITY";
    }
    return value == Math.rint(value) && Math.abs(value) < 1e9
        ? String.format(Locale.ROOT, "%.0f", value)
        : Double.toString(value);
  }

  /** A float as Java writes it. */
  static String real(double value) {
    float rounded = (float) value;
    return Float.isFinite(rounded) ? rounded + "f" : "(float) " + number(value);
  }

  /** The expression with something behind it, in front of a comment that ends its last line. */
  static String closed(String expression, String closing) {
    int comment = expression.indexOf(" // ", expression.lastIndexOf('\n') + 1);
    return comment < 0
        ? expression + closing
        : expression.substring(0, comment) + closing + expression.substring(comment);
  }

  /** The text with so many spaces in front of every line but the first. */
  static String indented(String text, int spaces) {
    return text.replace("\n", "\n" + " ".repeat(spaces));
  }
}

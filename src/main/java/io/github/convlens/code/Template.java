package io.github.convlens.code;

import io.github.convlens.layer.Size;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * The Java expression of a layer, with its numbers apart: layers whose texts differ in numbers only
 * are made by one method that takes them.
 *
 * @param pieces the text from left to right
 */
record Template(List<Piece> pieces) {
  /** A stretch of an expression. */
  sealed interface Piece {
    /** Text that is always the same. */
    record Text(String text) implements Piece {}

    /**
     * A number, or another literal, that may differ from layer to layer.
     *
     * @param type its Java type
     * @param name what it is called where it is a parameter
     * @param literal its text
     */
    record Value(String type, String name, String literal) implements Piece {}

    /**
     * A call that may be left out.
     *
     * @param call its pieces, none of them an option
     * @param isUsual whether it says what holds anyway
     */
    record Option(List<Piece> call, boolean isUsual) implements Piece {
      public Option {
        call = List.copyOf(call);
      }
    }
  }

  Template {
    pieces = List.copyOf(pieces);
  }

  static Template of(String text) {
    return new Builder().text(text).build();
  }

  /** The text with the kinds of its numbers in place of them: equal for layers of one form. */
  String form() {
    return form(pieces);
  }

  private static String form(List<Piece> pieces) {
    StringBuilder form = new StringBuilder();
    for (Piece piece : pieces) {
      if (piece instanceof Piece.Text text) {
        form.append(text.text());
      } else if (piece instanceof Piece.Value value) {
        form.append('\0').append(value.type()).append('\0');
      } else if (piece instanceof Piece.Option option) {
        form.append("\0?").append(form(option.call())).append('\0');
      }
    }
    return form.toString();
  }

  /** Appends its numbers and its options, in order. */
  void collect(List<Piece.Value> values, List<Piece.Option> options) {
    collect(pieces, values, options);
  }

  private static void collect(
      List<Piece> pieces, List<Piece.Value> values, List<Piece.Option> options) {
    for (Piece piece : pieces) {
      if (piece instanceof Piece.Value value) {
        values.add(value);
      } else if (piece instanceof Piece.Option option) {
        options.add(option);
        collect(option.call(), values, options);
      }
    }
  }

  /**
   * The expression.
   *
   * @param values a text for each of its numbers
   * @param leftOut for each option whether it is left out
   */
  String text(Iterator<String> values, Iterator<Boolean> leftOut) {
    StringBuilder text = new StringBuilder();
    append(pieces, values, leftOut, text);
    return text.toString();
  }

  private static void append(
      List<Piece> pieces, Iterator<String> values, Iterator<Boolean> leftOut, StringBuilder to) {
    for (Piece piece : pieces) {
      if (piece instanceof Piece.Text text) {
        to.append(text.text());
      } else if (piece instanceof Piece.Value) {
        to.append(values.next());
      } else if (piece instanceof Piece.Option option) {
        StringBuilder call = new StringBuilder();
        boolean isLeftOut = leftOut.next();
        append(option.call(), values, leftOut, call);
        to.append(isLeftOut ? "" : call);
      }
    }
  }

  /** Makes a template from left to right. */
  static final class Builder {
    private final List<Piece> pieces = new ArrayList<>();

    Builder text(String text) {
      pieces.add(new Piece.Text(text));
      return this;
    }

    Builder value(String type, String name, String literal) {
      pieces.add(new Piece.Value(type, name, literal));
      return this;
    }

    Builder whole(String name, long number) {
      return value("long", name, JavaText.literal(number));
    }

    Builder real(String name, double number) {
      return value("float", name, JavaText.real(number));
    }

    /** {@code new Shape(3, 5)}. */
    Builder shape(String name, Size size) {
      text("new Shape(");
      String separator = "";
      for (long number : size.toShape().getShape()) {
        text(separator).whole(name, number);
        separator = ", ";
      }
      return text(")");
    }

    /** A call that is left out where it says what holds anyway. */
    Builder option(Builder call, boolean isUsual) {
      pieces.add(new Piece.Option(call.pieces, isUsual));
      return this;
    }

    /** {@code .optBias(false)}, left out where it is true. */
    Builder flag(String method, boolean isTrue) {
      Builder call = new Builder().text(JavaText.BREAK + "." + method + "(");
      return option(call.value("boolean", "bias", String.valueOf(isTrue)).text(")"), isTrue);
    }

    Template build() {
      return new Template(pieces);
    }
  }
}

package io.github.convlens.notation;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an argument can be. */
sealed interface Value {
  /** The value as a message names it: {@code the text 'same'}. */
  String describe();

  /** A whole number. */
  record Whole(long value) implements Value {
    @Override
    public String describe() {
      return "the number " + value;
    }

    // as a record's own, which take long to link when the first is called

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Whole whole && whole.value == value;
    }

    @Override
    public int hashCode() {
      return Long.hashCode(value);
    }
  }

  /** A number with a decimal point or an exponent. */
  record Decimal(double value) implements Value {
    @Override
    public String describe() {
      return "the number " + value;
    }
  }

  /** A string in quotes. */
  record Text(String value) implements Value {
    @Override
    public String describe() {
      return "the text '" + value + "'";
    }

    // as a record's own, which take long to link when the first is called

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Text text && text.value.equals(value);
    }

    @Override
    public int hashCode() {
      return value.hashCode();
    }
  }

  /** A bare name: a variable, or a string as {@code print} writes some of them. */
  record Word(String value) implements Value {
    @Override
    public String describe() {
      return "the name " + value;
    }
  }

  /** A tuple or a list. */
  record Tuple(List<Value> items) implements Value {
    @Override
    public String describe() {
      return "a tuple of " + items.size();
    }
  }

  /** A layer. */
  record Layer(Part part) implements Value {
    @Override
    public String describe() {
      return "the layer " + part.type();
    }
  }

  /** Python's named constants. */
  enum Constant implements Value {
    TRUE("True"),
    FALSE("False"),
    NONE("None");

    private final String notation;

    Constant(String notation) {
      this.notation = notation;
    }

    @Override
    public String describe() {
      return notation;
    }
  }
}

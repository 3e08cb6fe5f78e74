package io.github.convlens.notation;

import io.github.convlens.graph.Edge;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a name in a recipe can stand for. */
sealed interface Item {
  /** An array. */
  record Array(Edge edge) implements Item {}

  /** Several: the outputs of a split, branches, a list's children. */
  record Many(List<Item> items) implements Item {
    public Many {
      items = List.copyOf(items);
    }
  }

  /** A number, a text, True, False or None. */
  record Scalar(Value value) implements Item {
    static final Scalar NONE = new Scalar(Value.Constant.NONE);

    static Scalar of(long number) {
      return new Scalar(new Value.Whole(number));
    }

    static Scalar of(boolean flag) {
      return new Scalar(flag ? Value.Constant.TRUE : Value.Constant.FALSE);
    }

    // as a record's own, which take long to link when the first is called

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Scalar scalar && scalar.value.equals(value);
    }

    @Override
    public int hashCode() {
      return value.hashCode();
    }
  }

  /** A child, with the path at which it stands. */
  record Child(Part part, String path) implements Item {}
}

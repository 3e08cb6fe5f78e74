package io.github.convlens.notation;

import io.github.convlens.graph.Edge;
import java.util.List;

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
  }

  /** A child, with the path at which it stands. */
  record Child(Part part, String path) implements Item {}
}

package io.github.convlens.page.internal;

import io.github.convlens.graph.Node;
import io.github.convlens.trace.Row;
import java.util.ArrayList;
import java.util.List;

/**
 * A box of a network's drawing: a layer, and what only works on its result where it stands, such as
 * a normalisation and an activation.
 */
final class Unit {
  /** What a box is. */
  enum Kind {
    CONVOLUTION,
    POOL,
    /** A product with learned numbers: Linear, attention, recurrent layers. */
    LINEAR,
    /** Where arrays meet. */
    JOIN,
    /** A layer that changes neither shape nor place: normalisations, activations. */
    POINT,
    /** Anything else: what gives an array another form. */
    OTHER;

    /** By what a row says of its layer. */
    static Kind of(Row row) {
      if (row.kind() == Row.Kind.JOIN) {
        return row.layer().weights() > 0 ? LINEAR : JOIN;
      }
      boolean learns = row.layer().weights() > 0;
      if (row.layer().taps().isPresent()) {
        return learns ? CONVOLUTION : POOL;
      }
      if (row.type().contains("Pool")) {
        return POOL;
      }
      if (row.cost() > 0 && learns && !row.type().contains("Norm")) {
        return LINEAR;
      }
      return row.output().equals(row.input()) ? POINT : OTHER;
    }
  }

  private final Kind kind;
  private final List<Integer> rows = new ArrayList<>();
  private final List<Unit> sources = new ArrayList<>();
  int column;
  int level;
  int lane;

  Unit(Kind kind, int row) {
    this.kind = kind;
    rows.add(row);
  }

  Kind kind() {
    return kind;
  }

  /** The rows in it: its layer, and behind it the points. */
  List<Integer> rows() {
    return rows;
  }

  /** The boxes whose results it reads, each once. */
  List<Unit> sources() {
    return sources;
  }

  /** Whether a node is no box of its own: a point behind a box that nobody else reads. */
  static boolean joins(Kind kind, Node node, int readers) {
    return kind == Kind.POINT && node.inputs().size() == 1 && readers == 1;
  }
}

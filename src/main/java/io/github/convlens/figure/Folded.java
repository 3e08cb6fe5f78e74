package io.github.convlens.figure;

import io.github.convlens.trace.Row;
import io.github.convlens.trace.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * The rows of a trace that a figure has room for.
 *
 * @param rows single layers, or the blocks that hold them
 * @param notes what was done to make them so few; empty if nothing was
 */
record Folded(List<Row> rows, List<String> notes) {
  /**
   * The rows worth drawing; where there are more than {@code most}, blocks are folded as little as
   * makes them few enough, and at last the first ones are taken.
   */
  static Folded of(Trace trace, int most, Predicate<Row> worthDrawing) {
    List<String> notes = new ArrayList<>();
    List<Row> rows = trace.rows().stream().filter(worthDrawing).toList();
    int all = rows.size();
    int depth = trace.blocks().stream().mapToInt(Trace.Block::depth).max().orElse(0);
    int folded = depth;
    while (rows.size() > most && folded >= 1) {
      rows = trace.collapsed(folded).rows().stream().filter(worthDrawing).toList();
      folded--;
    }
    if (rows.size() < all) {
      notes.add(
          "Blocks are folded at depth "
              + (folded + 1)
              + ": "
              + rows.size()
              + " stand for "
              + all
              + ".");
    }
    if (rows.size() > most) {
      notes.add("Drawn are the first " + most + " of " + rows.size() + ".");
      rows = rows.subList(0, most);
    }
    return new Folded(rows, notes);
  }
}

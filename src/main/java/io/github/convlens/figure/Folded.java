package io.github.convlens.figure;

import io.github.convlens.language.Language;
import io.github.convlens.trace.Row;
import io.github.convlens.trace.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * The rows of a trace that a figure has room for.
 *
 * @param items single layers, runs of layers that are alike, or the blocks that hold them
 * @param notes what was done to make them so few; empty if nothing was
 */
record Folded(List<Item> items, List<String> notes) {
  /** A figure's own measure of what it has room for. */
  @FunctionalInterface
  interface Room {
    /** Whether there is room for these. */
    boolean takes(List<Item> items);
  }

  /**
   * What is drawn as one.
   *
   * @param rows the layers, or the one block
   * @param from the first of the trace's rows that it stands for
   * @param to the row behind the last one
   */
  record Item(List<Row> rows, int from, int to) {
    /** The last of them, whose output is that of all. */
    Row row() {
      return rows.get(rows.size() - 1);
    }

    /** {@code Conv2d}, or {@code 16 x Conv2d}. */
    String type() {
      return rows.size() == 1 ? row().type() : rows.size() + " x " + row().type();
    }

    /** {@code features.0}, or {@code features.0 to features.15}. */
    String path(Language language) {
      return rows.size() == 1
          ? row().path()
          : language.say("%s to %s", rows.get(0).path(), row().path());
    }

    long cost() {
      return rows.stream().mapToLong(Row::cost).sum();
    }

    long parameters() {
      return rows.stream().mapToLong(Row::parameters).sum();
    }

    private boolean isLike(Item next) {
      Row one = row();
      Row other = next.row();
      return one.kind() != Row.Kind.JOIN
          && one.kind() == other.kind()
          && one.type().equals(other.type())
          && one.output().equals(other.output())
          && one.layer().taps().equals(other.layer().taps());
    }

    private Item and(Item next) {
      List<Row> all = new ArrayList<>(rows);
      all.addAll(next.rows);
      return new Item(all, from, next.to);
    }
  }

  /**
   * The rows worth drawing; where there is no room, runs of layers that are alike become one, then
   * blocks are folded as little as helps, and at last the first ones are taken.
   *
   * @param most items that are taken at last
   */
  static Folded of(
      Language language, Trace trace, int most, Room room, Predicate<Row> worthDrawing) {
    List<Item> all = items(trace, 0, worthDrawing);
    int depth = trace.blocks().stream().mapToInt(Trace.Block::depth).max().orElse(0);
    List<Item> items = all;
    for (int fold = depth + 1; fold >= 1; fold--) {
      items = fold > depth ? all : items(trace, fold, worthDrawing);
      List<String> notes = new ArrayList<>();
      if (items.size() < all.size()) {
        notes.add(
            language.say(
                "Blocks are folded at depth %d: %d stand for %d.", fold, items.size(), all.size()));
      }
      if (room.takes(items)) {
        return new Folded(items, notes);
      }
      List<Item> runs = runs(trace, items);
      if (room.takes(runs)) {
        notes.add(
            language.say("Layers in a row that are alike are drawn once, with their number."));
        return new Folded(runs, notes);
      }
      items = runs.size() < items.size() ? runs : items;
    }
    return first(language, all.size(), items, most);
  }

  private static Folded first(Language language, int all, List<Item> items, int most) {
    List<String> notes = new ArrayList<>();
    if (items.size() < all) {
      notes.add(
          language.say(
              "Blocks and layers that are alike are folded: %d for %d.", items.size(), all));
    }
    if (items.size() > most) {
      notes.add(language.say("Drawn are the first %d of %d.", most, items.size()));
    }
    return new Folded(items.subList(0, Math.min(most, items.size())), notes);
  }

  /** The rows that are worth it; with a depth above 0 those of the folded trace. */
  private static List<Item> items(Trace trace, int depth, Predicate<Row> worthDrawing) {
    List<Row> rows = depth == 0 ? trace.rows() : trace.collapsed(depth).rows();
    List<Trace.Block> blocks =
        trace.blocks().stream().filter(block -> block.depth() == depth).toList();
    List<Item> items = new ArrayList<>();
    int from = 0;
    int block = 0;
    for (Row row : rows) {
      int to = row.kind() == Row.Kind.BLOCK ? blocks.get(block++).to() : from + 1;
      if (worthDrawing.test(row)) {
        items.add(new Item(List.of(row), from, to));
      }
      from = to;
    }
    return items;
  }

  /**
   * The same with neighbours that are alike as one, where the first feeds nothing but the second.
   */
  private static List<Item> runs(Trace trace, List<Item> items) {
    Wiring wiring = Wiring.of(trace.network().graph(), items);
    List<Item> runs = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      Item last = runs.isEmpty() ? null : runs.get(runs.size() - 1);
      if (last != null && last.isLike(items.get(i)) && wiring.isChain(i - 1, i)) {
        runs.set(runs.size() - 1, last.and(items.get(i)));
      } else {
        runs.add(items.get(i));
      }
    }
    return runs;
  }
}

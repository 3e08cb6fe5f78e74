package io.github.convlens.figure;

import io.github.convlens.figure.Sketch.Anchor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A line of a stack: its items from left to right, an arrow for each array. What comes from the
 * item before goes straight; what skips items goes over them, and where it leaves the line for
 * another a letter says where it goes on.
 */
final class StackLine {
  private static final double GAP = 24;
  private static final double LEVEL = 72;

  /** Between what is gone over and the line above it, and between two such lines. */
  private static final double LANE = 11;

  /** How far from an item's middle an arrow that goes over others leaves and comes. */
  private static final double BESIDE = 5;

  private static final double STUB = 20;

  private final List<StackItem> all;
  private final List<List<Integer>> sources;
  private final int from;
  private final int to;
  private final List<Integer> named;
  private final double[] middles;
  private final Sketch sketch = new Sketch();

  /** A way over items. Either end may be in another line. */
  private record Way(int source, int target, double left, double right) {
    double length() {
      return right - left;
    }

    boolean meets(Way other) {
      return left < other.right && other.left < right;
    }
  }

  private record Placed(Way way, double y) {}

  private StackLine(
      List<StackItem> all, List<List<Integer>> sources, int from, int to, List<Integer> named) {
    this.all = all;
    this.sources = sources;
    this.from = from;
    this.to = to;
    this.named = named;
    this.middles = middles();
  }

  /** How wide a line of all items is. */
  static double width(List<StackItem> items) {
    return items.stream().mapToDouble(item -> item.width() + GAP).sum() - GAP;
  }

  /** The items in as many lines as the width takes; they break where few arrays go over them. */
  static Sketch lines(List<StackItem> items, List<List<Integer>> sources, double width) {
    List<Integer> ends = new ArrayList<>(List.of(0));
    TreeSet<Integer> named = new TreeSet<>();
    for (int end = 0; end < items.size(); ) {
      end = end(items, sources, end, width);
      ends.add(end);
      named.addAll(crossing(sources, end));
    }
    Sketch body = new Sketch();
    double y = 0;
    for (int i = 1; i < ends.size(); i++) {
      int from = ends.get(i - 1);
      Sketch line = new StackLine(items, sources, from, ends.get(i), List.copyOf(named)).draw();
      body.add(line, 0, y - line.room().y);
      y += line.room().height + 20;
    }
    return body;
  }

  /** The end of the line that begins at an item. */
  private static int end(
      List<StackItem> items, List<List<Integer>> sources, int from, double width) {
    double used = 0;
    int most = from;
    while (most < items.size() && (most == from || used + items.get(most).width() <= width)) {
      used += items.get(most).width() + GAP;
      most++;
    }
    if (most == items.size()) {
      return most;
    }
    int best = most;
    for (int end = most; end > from + (most - from) / 2; end--) {
      if (crossing(sources, end).size() < crossing(sources, best).size()) {
        best = end;
      }
    }
    return best;
  }

  /** The items in front of a place that are read behind it, but for the way to the next item. */
  private static SortedSet<Integer> crossing(List<List<Integer>> sources, int place) {
    SortedSet<Integer> crossing = new TreeSet<>();
    for (int target = place; target < sources.size(); target++) {
      for (int source : sources.get(target)) {
        if (source < place && source < target - 1) {
          crossing.add(source);
        }
      }
    }
    return crossing;
  }

  private double[] middles() {
    double[] places = new double[to - from];
    double x = 0;
    for (int i = from; i < to; i++) {
      places[i - from] = x + all.get(i).width() / 2;
      x += all.get(i).width() + GAP;
    }
    return places;
  }

  private Sketch draw() {
    boolean isFlat = all.stream().allMatch(item -> item.level() == 0);
    double lowest =
        all.subList(from, to).stream().mapToDouble(StackItem::bottom).max().orElseThrow();
    for (int i = from; i < to; i++) {
      StackItem item = all.get(i);
      item.draw(sketch, left(i), y(i));
      item.write(sketch, middle(i), y(i) + (isFlat ? lowest : item.bottom()) + 2);
    }
    steps();
    ways();
    return sketch;
  }

  private double middle(int item) {
    return middles[item - from];
  }

  private double y(int item) {
    return LEVEL * all.get(item).level();
  }

  private double left(int item) {
    return middle(item) - all.get(item).solid() / 2;
  }

  private double top(int item, double x) {
    return y(item) + all.get(item).top(x - left(item));
  }

  private double end() {
    return middles[middles.length - 1] + all.get(to - 1).width() / 2;
  }

  private boolean isHere(int item) {
    return item >= from && item < to;
  }

  /** Arrows between neighbours; at a line's ends half of one. */
  private void steps() {
    for (int i = Math.max(1, from); i <= to && i < all.size(); i++) {
      if (!sources.get(i).contains(i - 1)) {
        continue;
      }
      if (i == from) {
        sketch.arrow(left(i) - STUB, y(i), left(i) - 3, y(i));
      } else if (i == to) {
        double x = left(i - 1) + all.get(i - 1).right() + 3;
        sketch.arrow(x, y(i - 1), Math.max(x + STUB, end()), y(i - 1));
      } else {
        double x = left(i - 1) + all.get(i - 1).right() + 3;
        sketch.arrow(x, y(i - 1), left(i) - 3, y(i));
      }
    }
  }

  private void ways() {
    List<Way> ways = new ArrayList<>();
    for (int target = from; target < to; target++) {
      for (int source : sources.get(target)) {
        if (source < target - 1) {
          double left = isHere(source) ? middle(source) + BESIDE : -STUB;
          ways.add(new Way(source, target, left, middle(target) - BESIDE));
        }
      }
    }
    for (int source : crossing(sources, to)) {
      if (source >= from) {
        ways.add(new Way(source, all.size(), middle(source) + BESIDE, end() + STUB));
      }
    }
    ways.sort(Comparator.comparingDouble(Way::length));
    List<Placed> placed = new ArrayList<>();
    for (Way way : ways) {
      Placed next = new Placed(way, height(way, placed));
      placed.add(next);
      draw(next);
    }
  }

  /** Above what it goes over, and above the ways that it meets. */
  private double height(Way way, List<Placed> placed) {
    double height = Double.MAX_VALUE;
    for (int i = Math.max(from, way.source); i <= Math.min(to - 1, way.target); i++) {
      height = Math.min(height, y(i) + all.get(i).top() - LANE);
    }
    for (Placed other : placed) {
      if (way.meets(other.way)) {
        height = Math.min(height, other.y - LANE);
      }
    }
    return height;
  }

  private void draw(Placed placed) {
    Way way = placed.way;
    double y = placed.y;
    boolean leaves = isHere(way.source);
    boolean comes = isHere(way.target);
    if (leaves) {
      sketch.line(Role.ARROW, way.left, top(way.source, way.left) - 1, way.left, y);
    } else {
      sketch.label(Role.QUIET, Lettering.SMALL, Anchor.RIGHT, way.left - 4, y + 4, letter(way));
    }
    if (comes) {
      sketch.line(Role.ARROW, way.left, y, way.right, y);
      sketch.arrow(way.right, y, way.right, top(way.target, way.right) - 1);
    } else {
      sketch.arrow(way.left, y, way.right, y);
      sketch.label(Role.QUIET, Lettering.SMALL, Anchor.LEFT, way.right + 4, y + 4, letter(way));
    }
  }

  /**
   * The name of the array, the same where it leaves a line and where it comes: a, b, ..., z, a1.
   */
  private String letter(Way way) {
    int number = named.indexOf(way.source);
    String turn = number < 26 ? "" : Integer.toString(number / 26);
    return (char) ('a' + number % 26) + turn;
  }
}

package io.github.convlens.page.internal;

import com.google.gson.stream.JsonWriter;
import io.github.convlens.graph.Edge;
import io.github.convlens.graph.Node;
import io.github.convlens.layer.Axis;
import io.github.convlens.layer.internal.Printable;
import io.github.convlens.layer.internal.ShapeText;
import io.github.convlens.trace.ReceptiveField;
import io.github.convlens.trace.Row;
import io.github.convlens.trace.Trace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A network as boxes and the ways between them. To the right runs the order of the calls; the lower
 * a box stands, the farther its outputs lie apart on the network's input. So a U-Net is a U, a
 * ResNet a staircase with an arc over each block, and branches that run side by side lie on lanes.
 */
final class NetworkGraph {
  private static final int WIDTH = 44;
  private static final int SLICE = 7;
  private static final int GAP = 18;
  private static final int LANE = 70;
  private static final int LOWEST_BOX = 20;
  private static final int HIGHEST_BOX = 56;
  private static final int BLOCK_LINE = 26;

  private final Trace trace;
  private final List<Unit> units = new ArrayList<>();
  private final Unit[] unitOf;
  private final Unit input = new Unit(Unit.Kind.OTHER, -1);
  private final List<Integer> lefts = new ArrayList<>();
  private final Map<Integer, Integer> tops = new HashMap<>();
  private final Map<Integer, TreeSet<Integer>> taken = new HashMap<>();
  private final List<Way> ways = new ArrayList<>();
  private int width;
  private int height;

  /** A way from a box to another; one that leads over others is an arc. */
  private record Way(Unit from, Unit to, boolean over) {}

  NetworkGraph(Trace trace) {
    this.trace = trace;
    unitOf = new Unit[trace.rows().size()];
    units.add(input);
    gather();
    columns();
    levels();
    lanes();
    measure();
  }

  private List<Node> nodes() {
    return trace.network().graph().nodes();
  }

  private void gather() {
    int[] readers = new int[nodes().size()];
    for (Node node : nodes()) {
      for (int from : sources(node)) {
        if (from >= 0) {
          readers[from]++;
        }
      }
    }
    for (Edge output : trace.network().graph().outputs()) {
      if (output instanceof Edge.OfNode from) {
        readers[from.node()]++;
      }
    }
    for (int i = 0; i < nodes().size(); i++) {
      Node node = nodes().get(i);
      Unit.Kind kind = Unit.Kind.of(trace.rows().get(i));
      int first = sources(node).isEmpty() ? -1 : sources(node).get(0);
      if (first >= 0 && Unit.joins(kind, node, readers[first])) {
        unitOf[i] = unitOf[first];
        unitOf[i].rows().add(i);
      } else {
        add(new Unit(kind, i), i, node);
      }
    }
  }

  private void add(Unit unit, int row, Node node) {
    unitOf[row] = unit;
    units.add(unit);
    Set<Unit> sources = new HashSet<>();
    for (int from : sources(node)) {
      Unit source = from < 0 ? input : unitOf[from];
      if (sources.add(source)) {
        unit.sources().add(source);
      }
    }
  }

  /** The nodes that a node reads; -1 for the network's inputs. */
  private static List<Integer> sources(Node node) {
    List<Integer> sources = new ArrayList<>();
    for (Edge edge : node.inputs()) {
      sources.add(edge instanceof Edge.OfNode from ? from.node() : -1);
    }
    return sources;
  }

  private void columns() {
    for (Unit unit : units) {
      for (Unit source : unit.sources()) {
        unit.column = Math.max(unit.column, source.column + 1);
      }
    }
  }

  /** How far outputs lie apart on the input, in steps of two; what sees all of it comes last. */
  private void levels() {
    Map<Unit, Integer> found = new HashMap<>();
    TreeSet<Integer> all = new TreeSet<>();
    for (Unit unit : units) {
      int level = unit == input ? 0 : level(trace.rows().get(unit.rows().get(0)));
      found.put(unit, level);
      all.add(level);
    }
    Map<Integer, Integer> places = new HashMap<>();
    all.forEach(level -> places.put(level, places.size()));
    units.forEach(unit -> unit.level = place(places, place(found, unit)));
  }

  private static <K> int place(Map<K, Integer> places, K key) {
    Integer place = places.get(key);
    return place == null ? 0 : place;
  }

  private static int level(Row row) {
    double stride = 1;
    int axes = 0;
    for (ReceptiveField.OnAxis axis : row.receptiveField().fields()) {
      stride *= axis.stride().doubleValue();
      axes++;
    }
    if (stride == 0) {
      return Integer.MAX_VALUE;
    }
    return axes == 0 ? 0 : (int) Math.round(Math.log(stride) / axes / Math.log(2));
  }

  /** A box stays on the lane of what it reads first, where that is free in its column. */
  private void lanes() {
    Set<Long> occupied = new HashSet<>();
    for (Unit unit : units) {
      int wanted = 0;
      for (Unit source : unit.sources()) {
        if (source.level == unit.level) {
          wanted = source.lane;
          break;
        }
      }
      if (unit.kind() == Unit.Kind.JOIN) {
        wanted = lowest(unit);
      }
      if (occupied.contains(cell(unit, wanted))) {
        wanted = 0;
        while (occupied.contains(cell(unit, wanted))) {
          wanted++;
        }
      }
      unit.lane = wanted;
      occupied.add(cell(unit, wanted));
      taken.computeIfAbsent(line(unit), key -> new TreeSet<>()).add(unit.column);
    }
  }

  private static int lowest(Unit join) {
    int lane = Integer.MAX_VALUE;
    for (Unit source : join.sources()) {
      if (source.level == join.level) {
        lane = Math.min(lane, source.lane);
      }
    }
    return lane == Integer.MAX_VALUE ? 0 : lane;
  }

  private static long cell(Unit unit, int lane) {
    return ((long) unit.level << 48) | ((long) lane << 32) | unit.column;
  }

  private static int line(Unit unit) {
    return unit.level << 16 | unit.lane;
  }

  private void measure() {
    Map<Integer, Integer> widths = new TreeMap<>();
    for (Unit unit : units) {
      widths.merge(unit.column, width(unit), Math::max);
    }
    int x = GAP;
    for (int columnWidth : widths.values()) {
      lefts.add(x);
      x += columnWidth + GAP;
    }
    width = x;
    Map<Integer, Integer> highest = new HashMap<>();
    for (Unit unit : units) {
      for (Unit source : unit.sources()) {
        boolean over = isOver(source, unit);
        ways.add(new Way(source, unit, over));
        if (over) {
          highest.merge(line(unit), arc(source, unit), Math::max);
        }
      }
    }
    int y = 12;
    for (int line : new TreeSet<>(taken.keySet())) {
      y += place(highest, line);
      tops.put(line, y);
      y += LANE;
    }
    height = y + BLOCK_LINE;
  }

  private static int width(Unit unit) {
    return WIDTH + SLICE * (unit.rows().size() - 1);
  }

  /** Whether other boxes stand between two on one line. */
  private boolean isOver(Unit from, Unit to) {
    if (line(from) != line(to)) {
      return false;
    }
    TreeSet<Integer> columns = taken.getOrDefault(line(from), new TreeSet<>());
    Integer next = columns.higher(from.column);
    return next != null && next < to.column;
  }

  private static int arc(Unit from, Unit to) {
    return (int) Math.min(90, 14 + 9 * Math.log(to.column - from.column));
  }

  /**
   * {@code {"width", "height", "units": [{"rows", "x", "y", "w", "h", "kind", "label", "detail"}],
   * "ways": [{"from", "to", "d", "over"}], "blocks": [{"x", "w", "name", "row"}], "levels": [{"y",
   * "size"}]}}: boxes with the rows that they stand for (-1 is what goes in), the ways between them
   * as paths of SVG, by the boxes' places, and the outermost blocks.
   */
  void write(JsonWriter json) throws IOException {
    json.name("width").value(width).name("height").value(height);
    Map<Unit, Integer> places = new HashMap<>();
    json.name("units").beginArray();
    for (Unit unit : units) {
      places.put(unit, places.size());
      write(json, unit);
    }
    json.endArray();
    json.name("ways").beginArray();
    for (Way way : ways) {
      json.beginObject();
      json.name("from").value(place(places, way.from)).name("to").value(place(places, way.to));
      json.name("d").value(path(way)).name("over").value(way.over).endObject();
    }
    json.endArray();
    blocks(json.name("blocks"));
    levels(json.name("levels"));
  }

  private void write(JsonWriter json, Unit unit) throws IOException {
    json.beginObject().name("rows").beginArray();
    for (int row : unit.rows()) {
      json.value(row);
    }
    json.endArray();
    json.name("x").value(left(unit)).name("y").value(middle(unit) - boxHeight(unit) / 2);
    json.name("w").value(width(unit)).name("h").value(boxHeight(unit));
    json.name("kind").value(unit == input ? "input" : unit.kind().name().toLowerCase(Locale.ROOT));
    json.name("label").value(unit == input ? "" : Printable.line(first(unit).type()));
    json.name("detail")
        .value(unit == input ? ShapeText.crossed(trace.input()) : detail(first(unit)));
    json.endObject();
  }

  private Row first(Unit unit) {
    return trace.rows().get(unit.rows().get(0));
  }

  /** {@code 3x3}: the kernel; of others the channels or features that come out. */
  private static String detail(Row row) {
    boolean isPicture = Axis.in(row.output()).equals(Axis.of(2));
    if (isPicture && row.layer().taps().isPresent()) {
      return ShapeText.crossed(row.layer().taps().get());
    }
    int channels = row.output().dimension() > 1 ? 1 : 0;
    return Long.toString(row.output().get(channels));
  }

  private int left(Unit unit) {
    return lefts.get(unit.column);
  }

  private int middle(Unit unit) {
    return place(tops, line(unit)) + LANE / 2;
  }

  /** The more channels, the higher: 3 are low, 2048 are highest. */
  private int boxHeight(Unit unit) {
    var shape = unit == input ? trace.input() : first(unit).output();
    long channels = shape.dimension() > 1 ? shape.get(1) : 1;
    double share = Math.log((double) Math.max(1, channels)) / Math.log(2048);
    return (int) (LOWEST_BOX + (HIGHEST_BOX - LOWEST_BOX) * Math.min(1, share));
  }

  private String path(Way way) {
    int x1 = left(way.from) + width(way.from);
    int y1 = middle(way.from);
    int x2 = left(way.to);
    int y2 = middle(way.to);
    if (way.over) {
      int top = place(tops, line(way.to)) - arc(way.from, way.to) + 8;
      int from = x1 - width(way.from) / 2;
      int to = x2 + 10;
      return "M"
          + from
          + " "
          + (y1 - boxHeight(way.from) / 2)
          + "C"
          + from
          + " "
          + top
          + " "
          + to
          + " "
          + top
          + " "
          + to
          + " "
          + (y2 - boxHeight(way.to) / 2);
    }
    if (y1 == y2) {
      return "M" + x1 + " " + y1 + "H" + x2;
    }
    int bend = Math.min(40, (x2 - x1) / 2);
    return "M"
        + x1
        + " "
        + y1
        + "C"
        + (x1 + bend)
        + " "
        + y1
        + " "
        + (x2 - bend)
        + " "
        + y2
        + " "
        + x2
        + " "
        + y2;
  }

  /** The blocks of the first depth that has several. */
  private void blocks(JsonWriter json) throws IOException {
    json.beginArray();
    for (Trace.Block block : outermost()) {
      int from = Integer.MAX_VALUE;
      int to = 0;
      for (int row = block.from(); row < block.to(); row++) {
        Unit unit = unitOf[row];
        from = Math.min(from, left(unit));
        to = Math.max(to, left(unit) + width(unit));
      }
      json.beginObject().name("x").value(from).name("w").value(to - from);
      json.name("name").value(Printable.line(block.path()));
      json.name("row").value(block.to() - 1).endObject();
    }
    json.endArray();
  }

  private List<Trace.Block> outermost() {
    for (int depth = 1; depth < 6; depth++) {
      List<Trace.Block> found = new ArrayList<>();
      for (Trace.Block block : trace.blocks()) {
        if (block.depth() == depth && block.to() > block.from()) {
          found.add(block);
        }
      }
      if (found.size() > 1) {
        return found;
      }
    }
    return List.of();
  }

  /** The lines on which boxes stand, with the size of the maps there. */
  private void levels(JsonWriter json) throws IOException {
    Map<Integer, Unit> firsts = new TreeMap<>();
    for (Unit unit : units) {
      firsts.putIfAbsent(unit.level, unit);
    }
    json.beginArray();
    for (Unit unit : firsts.values()) {
      var shape = unit == input ? trace.input() : first(unit).output();
      boolean isPicture = Axis.in(shape).equals(Axis.of(2));
      json.beginObject().name("y").value(place(tops, unit.level << 16));
      json.name("size")
          .value(isPicture ? Axis.HEIGHT.of(shape) + "x" + Axis.WIDTH.of(shape) : "")
          .endObject();
    }
    json.endArray();
  }
}

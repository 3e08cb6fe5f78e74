package io.github.convlens.figure;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.figure.Card.Meaning;
import io.github.convlens.language.Language;
import io.github.convlens.layer.AdaptivePoolSpec;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.LinearSpec;
import io.github.convlens.layer.ProductSpec;
import io.github.convlens.layer.SumSpec;
import io.github.convlens.layer.internal.ShapeText;
import io.github.convlens.trace.Row;
import io.github.convlens.trace.Trace;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;

/** A network as a row of blocks in parallel perspective. */
final class StackFigure {
  private static final int MOST = 40;
  private static final int MOST_TYPES = 6;
  private static final double SHEET_WIDTH = 1040;
  private static final double SHEET_HEIGHT = 840;

  /** A network that narrows and widens again stands in one line, which may be longer. */
  private static final double LONGEST_LINE = 1300;

  /** Edges of the largest block: height, width as it recedes, channels. */
  private static final double HIGHEST = 96;

  private static final double DEEPEST = 46;
  private static final double THICKEST = 40;

  private final Language language;
  private final Trace trace;
  private final List<Folded.Item> items;
  private final List<Shape> shapes;
  private final List<List<Integer>> sources;

  private StackFigure(Language language, Trace trace, List<Folded.Item> items) {
    this.language = language;
    this.trace = trace;
    this.items = items;
    List<Shape> inputs = trace.network().inputs();
    List<Shape> all = new ArrayList<>(inputs);
    items.forEach(item -> all.add(item.row().output()));
    this.shapes = all;
    this.sources = new ArrayList<>();
    inputs.forEach(input -> sources.add(List.of()));
    for (List<Integer> read : Wiring.of(trace.network().graph(), items).sources()) {
      sources.add(read.stream().map(each -> each < 0 ? -1 - each : each + inputs.size()).toList());
    }
  }

  static Drawing of(Language language, Trace trace) {
    Folded folded =
        Folded.of(
            language,
            trace,
            MOST,
            items -> new StackFigure(language, trace, items).fits(),
            StackFigure::isWorthDrawing);
    return new StackFigure(language, trace, folded.items()).draw(folded.notes());
  }

  /** Layers that neither multiply nor change the shape nor join anything are no block. */
  private static boolean isWorthDrawing(Row row) {
    boolean multiplies = row.kind() != Row.Kind.LAYER || role(row) != Role.OTHER;
    return multiplies || !row.inputs().contains(row.output());
  }

  private boolean fits() {
    return items.size() <= MOST
        && (narrowsAndWidens() ? isOneLine() : lines(0).room().height <= SHEET_HEIGHT);
  }

  private Sketch lines(int levels) {
    return StackLine.lines(stackItems(levels), sources, levels > 0 ? LONGEST_LINE : SHEET_WIDTH);
  }

  private boolean isOneLine() {
    return StackLine.width(stackItems(0)) <= LONGEST_LINE;
  }

  /** Whether an array goes over smaller ones to one of its size, as in a U-Net. */
  private boolean narrowsAndWidens() {
    for (int target = 0; target < sources.size(); target++) {
      for (int source : sources.get(target)) {
        long size = size(source);
        boolean isSmaller =
            IntStream.range(source + 1, target).anyMatch(i -> 2 * size(i) <= size && size(i) > 1);
        if (isSmaller && size(target) == size) {
          return true;
        }
      }
    }
    return false;
  }

  private long size(int item) {
    return Math.max(height(shapes.get(item)), width(shapes.get(item)));
  }

  private Map<Role, String> meanings() {
    Map<Role, String> meanings = new LinkedHashMap<>();
    meanings.put(Role.INPUT, language.say("input"));
    meanings.put(Role.CONVOLUTION, language.say("convolution"));
    meanings.put(Role.POOL, language.say("pool"));
    meanings.put(Role.LINEAR, language.say("linear"));
    meanings.put(Role.BLOCK, language.say("block of layers"));
    meanings.put(Role.OTHER, language.say("other"));
    return meanings;
  }

  private Drawing draw(List<String> notes) {
    boolean hasLevels = narrowsAndWidens() && isOneLine();
    Sketch body = lines(hasLevels ? 1 : 0);
    List<Meaning> legend = new ArrayList<>();
    meanings()
        .forEach(
            (role, meaning) -> {
              if (body.marks().stream().anyMatch(mark -> mark.role() == role)) {
                legend.add(new Meaning(role, meaning));
              }
            });
    String title =
        language.say(
            "%s to %s", ShapeText.crossed(trace.input()), ShapeText.crossed(trace.output()));
    String type = trace.network().graph().tree().simpleType();
    boolean isNamed = trace.rows().size() > 1 && !type.equals("Sequential");
    String name = isNamed ? language.say("%s: %s", type, title) : title;
    return new Card(language, name, legend, sentences(), notes).around(body);
  }

  /** The blocks; each halving of the size stands lower by so many levels. */
  private List<StackItem> stackItems(int levels) {
    List<StackItem> blocks = new ArrayList<>();
    long largest = IntStream.range(0, shapes.size()).mapToLong(this::size).max().orElseThrow();
    List<String> inputs = trace.network().graph().inputs();
    int level = 0;
    for (int i = 0; i < shapes.size(); i++) {
      if (size(i) > 1) {
        level = levels * (int) Math.round(Math.log((double) largest / size(i)) / Math.log(2));
      }
      if (i < inputs.size()) {
        String name = inputs.size() == 1 ? "" : inputs.get(i);
        blocks.add(block(Role.INPUT, shapes.get(i), language.say("input"), name, level));
      } else {
        Folded.Item item = items.get(i - inputs.size());
        blocks.add(
            sign(item.row()).isEmpty()
                ? block(role(item.row()), shapes.get(i), item.type(), item.path(language), level)
                : StackItem.join(
                    sign(item.row()), List.of(item.type(), "", item.path(language)), level));
      }
    }
    return blocks;
  }

  /** The sign of a join of equal shapes; empty for all others. */
  private static String sign(Row row) {
    if (row.kind() != Row.Kind.JOIN) {
      return "";
    }
    return row.layer() instanceof SumSpec
        ? "+"
        : row.layer() instanceof ProductSpec ? "\u00d7" : "";
  }

  private StackItem block(Role role, Shape shape, String type, String path, int level) {
    double high = edge(height(shape), largest(StackFigure::height), HIGHEST, 5);
    double deep = edge(width(shape), largest(StackFigure::width), DEEPEST, 3);
    double thick = edge(channels(shape), largest(StackFigure::channels), THICKEST, 4);
    return new StackItem(role, "", high, thick, deep, List.of(type, size(shape), path), level);
  }

  private static double edge(long size, long largest, double longest, double least) {
    return largest == 1 ? least : Math.max(least, longest * Math.sqrt((double) size / largest));
  }

  private static long channels(Shape shape) {
    int rank = shape.dimension();
    return rank == 0 ? 1 : shape.get(rank > 1 ? 1 : 0);
  }

  /** Of a sequence the length; 1 where there is no such axis. */
  private static long height(Shape shape) {
    int rank = shape.dimension();
    return rank < 3 ? 1 : shape.get(rank == 3 ? 2 : rank - 2);
  }

  private static long width(Shape shape) {
    int rank = shape.dimension();
    return rank < 4 ? 1 : shape.get(rank - 1);
  }

  private long largest(ToLongFunction<Shape> size) {
    return shapes.stream().mapToLong(size).max().orElseThrow();
  }

  /** What the edges of the blocks are, and what is no block. */
  private List<String> sentences() {
    Set<String> types = new TreeSet<>();
    trace.rows().stream().filter(row -> !isWorthDrawing(row)).forEach(row -> types.add(row.type()));
    if (types.isEmpty()) {
      return List.of(edges());
    }
    List<String> some = types.stream().limit(MOST_TYPES).toList();
    String more = types.size() > MOST_TYPES ? ", ..." : "";
    return List.of(
        edges(),
        language.say("Left out are layers that keep the shape: %s.", language.list(some) + more));
  }

  /** What the edges of the blocks are. */
  private String edges() {
    int axes = trace.input().dimension();
    String edges =
        axes == 3
            ? language.say("channels and length")
            : language.say("channels, height and width");
    String each =
        language.say(
            "Each block is a layer's output; its edges are %s, drawn as square roots.", edges);
    return axes == 5
        ? language.sentences(
            List.of(
                each,
                language.say(
                    "The depth is not drawn; it stands in front of the height in the sizes.")))
        : each;
  }

  private static String size(Shape shape) {
    return ShapeText.crossed(shape.dimension() > 1 ? shape.slice(1) : shape);
  }

  private static Role role(Row row) {
    if (row.kind() == Row.Kind.BLOCK) {
      return Role.BLOCK;
    }
    LayerSpec layer = row.layer();
    if (layer instanceof LinearSpec) {
      return Role.LINEAR;
    }
    if (layer.taps().isPresent()) {
      return layer.weights() > 0 ? Role.CONVOLUTION : Role.POOL;
    }
    return layer instanceof AdaptivePoolSpec ? Role.POOL : Role.OTHER;
  }
}

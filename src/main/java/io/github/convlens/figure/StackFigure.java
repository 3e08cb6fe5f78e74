package io.github.convlens.figure;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.figure.Card.Meaning;
import io.github.convlens.figure.Sketch.Anchor;
import io.github.convlens.layer.AdaptivePoolSpec;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.LinearSpec;
import io.github.convlens.layer.ShapeText;
import io.github.convlens.trace.Row;
import io.github.convlens.trace.Trace;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/** A network as a row of blocks in parallel perspective. */
final class StackFigure {
  private static final int MOST = 40;
  private static final double SHEET_WIDTH = 960;
  private static final double GAP = 18;

  /** Edges of the largest block: height, width as it recedes, channels. */
  private static final double HIGHEST = 96;

  private static final double DEEPEST = 46;
  private static final double THICKEST = 40;

  private static final Map<Role, String> MEANINGS = meanings();

  private final Trace trace;
  private final Folded folded;

  private StackFigure(Trace trace, Folded folded) {
    this.trace = trace;
    this.folded = folded;
  }

  static Figure of(Trace trace) {
    return new StackFigure(trace, Folded.of(trace, MOST, StackFigure::isWorthDrawing)).draw();
  }

  /** Layers that neither multiply nor change the shape are no block of their own. */
  private static boolean isWorthDrawing(Row row) {
    boolean multiplies = row.kind() == Row.Kind.BLOCK || role(row) != Role.OTHER;
    return multiplies || !row.inputs().contains(row.output());
  }

  private static Map<Role, String> meanings() {
    Map<Role, String> meanings = new LinkedHashMap<>();
    meanings.put(Role.INPUT, "input");
    meanings.put(Role.CONVOLUTION, "convolution");
    meanings.put(Role.POOL, "pool");
    meanings.put(Role.LINEAR, "linear");
    meanings.put(Role.BLOCK, "block of layers");
    meanings.put(Role.OTHER, "other");
    return meanings;
  }

  private Figure draw() {
    List<Sketch> blocks = new ArrayList<>();
    blocks.add(block(Role.INPUT, trace.input(), "input", ""));
    for (Row row : folded.rows()) {
      blocks.add(block(role(row), row.output(), row.type(), row.path()));
    }
    Sketch body = lines(blocks);
    List<Meaning> legend = new ArrayList<>();
    MEANINGS.forEach(
        (role, meaning) -> {
          if (isUsed(role)) {
            legend.add(new Meaning(role, meaning));
          }
        });
    String title = ShapeText.crossed(trace.input()) + " to " + ShapeText.crossed(trace.output());
    List<String> notes = new ArrayList<>(folded.notes());
    if (trace.rows().stream().anyMatch(row -> row.kind() == Row.Kind.JOIN)) {
      notes.add(
          "The network has branches; the blocks stand in the order in which they are computed.");
    }
    return new Card(title, legend, List.of(edges()), notes).around(body);
  }

  /** The blocks from left to right, in as many lines as it takes. */
  private static Sketch lines(List<Sketch> blocks) {
    Sketch body = new Sketch();
    Sketch line = new Sketch();
    double x = 0;
    double y = 0;
    for (Sketch block : blocks) {
      Rectangle2D.Double room = block.room();
      if (x > 0 && x + room.width > SHEET_WIDTH) {
        body.add(line, 0, y - line.room().y);
        y += line.room().height + GAP;
        line = new Sketch();
        x = 0;
      }
      line.add(block, x - room.x, 0);
      x += room.width + GAP;
    }
    body.add(line, 0, y - line.room().y);
    return body;
  }

  private boolean isUsed(Role role) {
    return role == Role.INPUT || folded.rows().stream().anyMatch(row -> role(row) == role);
  }

  private Sketch block(Role role, Shape shape, String type, String path) {
    double high = edge(height(shape), largest(StackFigure::height), HIGHEST, 5);
    double deep = edge(width(shape), largest(StackFigure::width), DEEPEST, 3);
    double thick = edge(channels(shape), largest(StackFigure::channels), THICKEST, 4);
    Sketch sketch = new Sketch();
    double up = deep * 0.6;
    sketch.face(role, 0, 0, thick, 0, thick, -high, 0, -high);
    sketch.face(role, 0, -high, thick, -high, thick + deep, -high - up, deep, -high - up);
    sketch.face(role, thick, 0, thick + deep, -up, thick + deep, -high - up, thick, -high);
    label(sketch, Role.TEXT, 16, type);
    label(sketch, Role.TEXT, 30, size(shape));
    label(sketch, Role.QUIET, 44, path);
    return sketch;
  }

  private static void label(Sketch sketch, Role role, double baseline, String text) {
    String shown = Lettering.SMALL.cut(text, 110);
    sketch.label(role, Lettering.SMALL, Anchor.LEFT, 0, baseline, shown);
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
    return Stream.concat(Stream.of(trace.input()), folded.rows().stream().map(Row::output))
        .mapToLong(size)
        .max()
        .orElseThrow();
  }

  /** What the edges of the blocks are. */
  private String edges() {
    boolean volumes = trace.input().dimension() == 5;
    String axes =
        trace.input().dimension() == 3 ? "channels and length" : "channels, height and width";
    return ("Each block is a layer's output; its edges are " + axes + ", drawn as square roots.")
        + (volumes
            ? " The depth is not drawn; it stands in front of the height in the sizes."
            : "");
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

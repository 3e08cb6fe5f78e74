package io.github.convlens.figure;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.figure.Card.Meaning;
import io.github.convlens.figure.Sketch.Anchor;
import io.github.convlens.layer.AdaptivePool2dSpec;
import io.github.convlens.layer.AvgPool2dSpec;
import io.github.convlens.layer.Conv2dSpec;
import io.github.convlens.layer.ConvTranspose2dSpec;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.LinearSpec;
import io.github.convlens.layer.MaxPool2dSpec;
import io.github.convlens.layer.ShapeText;
import io.github.convlens.trace.Row;
import io.github.convlens.trace.Trace;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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
    return multiplies || (row.kind() == Row.Kind.LAYER && !row.input().equals(row.output()));
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
    String edges =
        "Each block is a layer's output; its edges are channels, height and width, drawn as square"
            + " roots.";
    return new Card(title, legend, List.of(edges), folded.notes()).around(body);
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
    boolean isPicture = shape.dimension() == 4;
    double high = edge(isPicture ? shape.get(2) : 1, largest(2), HIGHEST, 5);
    double deep = edge(isPicture ? shape.get(3) : 1, largest(3), DEEPEST, 3);
    double thick = edge(shape.get(shape.dimension() > 1 ? 1 : 0), largest(1), THICKEST, 4);
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
    return Math.max(least, longest * Math.sqrt((double) size / largest));
  }

  /** The largest size on an axis of any picture; for channels, of anything. */
  private long largest(int axis) {
    long largest = trace.input().dimension() > axis ? trace.input().get(axis) : 1;
    for (Row row : folded.rows()) {
      Shape shape = row.output();
      if (shape.dimension() == 4 || (axis == 1 && shape.dimension() > 1)) {
        largest = Math.max(largest, shape.get(axis));
      }
    }
    return largest;
  }

  private static String size(Shape shape) {
    return ShapeText.crossed(shape.dimension() > 1 ? shape.slice(1) : shape);
  }

  private static Role role(Row row) {
    if (row.kind() == Row.Kind.BLOCK) {
      return Role.BLOCK;
    }
    LayerSpec layer = row.layer();
    if (layer instanceof Conv2dSpec || layer instanceof ConvTranspose2dSpec) {
      return Role.CONVOLUTION;
    }
    if (layer instanceof LinearSpec) {
      return Role.LINEAR;
    }
    boolean isPool =
        layer instanceof MaxPool2dSpec
            || layer instanceof AvgPool2dSpec
            || layer instanceof AdaptivePool2dSpec;
    return isPool ? Role.POOL : Role.OTHER;
  }
}

package io.github.convlens.cli;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.figure.Figure;
import io.github.convlens.figure.Figures;
import io.github.convlens.graph.Graph;
import io.github.convlens.graph.Shaped;
import io.github.convlens.graph.Shapes;
import io.github.convlens.layer.Axis;
import io.github.convlens.layer.ConvSpec;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.Padding;
import io.github.convlens.layer.Size;
import io.github.convlens.layer.Windows;
import io.github.convlens.trace.Row;
import io.github.convlens.trace.Trace;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The figures of a network.
 *
 * @param trace the network
 * @param layer the path of the layer that is asked about; null where none is named
 * @param cell the output cell that is asked about
 */
record DrawnFigure(Trace trace, @Nullable String layer, OutputCell cell) {
  /** The axes of a batch of pictures. */
  private static final int PICTURE = 4;

  /** What is drawn where nobody says: the window of one layer that has one, or else the whole. */
  Subject usual() {
    if (trace.rows().size() != 1 && layer == null) {
      return Subject.STACK;
    }
    boolean isBlock = layer != null && rowsOf(layer).isEmpty();
    Row row = isBlock ? trace.rows().get(0) : row();
    boolean hasWindow =
        !isBlock && row.input().dimension() == PICTURE && row.layer().taps().isPresent();
    return hasWindow ? Subject.WINDOW : layer == null ? Subject.STACK : Subject.RECEPTIVE_FIELD;
  }

  /** One of the figures of one network. */
  Figure figure(Subject subject) {
    return switch (subject) {
      case WINDOW -> Figures.window(row().layer(), row().input(), cell.row(), cell.column());
      case STEPS -> Figures.steps(row().layer(), row().input());
      case MATRICES -> Figures.matrices(row().layer(), row().input(), cell.row(), cell.column());
      case STACK -> Figures.stack(trace);
      case RECEPTIVE_FIELD -> Figures.receptiveField(upTo(), cell.row(), cell.column());
      case FIELDS -> Figures.fields(trace);
      case SIZES -> Figures.sizes(trace);
      case COST -> Figures.cost(trace);
      case SAME, COMPARE -> throw new IllegalStateException(subject + " has more than a network");
    };
  }

  /** The frames of the window's steps. */
  List<Figure> film() {
    return Figures.film(row().layer(), row().input());
  }

  /** Two networks. */
  Figure beside(Trace other) {
    return Figures.compare(trace, other, cell.row(), cell.column());
  }

  /** What "same" padding makes of the only layer, a convolution by its kernel and stride alone. */
  static Figure same(Graph graph, Shape input) {
    LayerSpec layer = graph.nodes().size() == 1 ? graph.layer() : null;
    if (!(layer instanceof ConvSpec conv)) {
      throw new RequestException(
          "option --what: the figure 'same' is about one convolution. Give --kernel, and --stride.");
    }
    Windows window = conv.windows().orElseThrow();
    Size none = Size.all(window.axes().size(), 0);
    if (!window.dilation().isAll(1) || !window.padding().equals(new Padding.Explicit(none, none))) {
      throw new RequestException(
          "option --what: the figure 'same' shows where the padding goes, without dilation. Leave"
              + " padding and dilation out.");
    }
    Axis axis = window.axes().get(0);
    boolean isSquare =
        window.axes().stream()
            .allMatch(
                each ->
                    window.kernel().on(each) == window.kernel().on(axis)
                        && window.stride().on(each) == window.stride().on(axis)
                        && each.of(input) == axis.of(input));
    if (!isSquare) {
      throw new RequestException(
          "option --what: the figure 'same' is about one axis, and here they differ. Use one number"
              + " for kernel, stride and each side of the input.");
    }
    return Figures.samePaddings(window.kernel().on(axis), window.stride().on(axis), axis.of(input));
  }

  /** The layer of a figure that shows one. */
  private Row row() {
    if (layer != null) {
      List<Row> rows = rowsOf(layer);
      if (rows.isEmpty()) {
        throw noLayer(layer);
      }
      return rows.get(0);
    }
    if (trace.rows().size() != 1) {
      throw new RequestException(
          "option --what: this figure shows one layer, and there are "
              + trace.rows().size()
              + ". "
              + withWindow()
              + "Or draw the stack.");
    }
    return trace.rows().get(0);
  }

  private List<Row> rowsOf(String path) {
    return trace.rows().stream()
        .filter(row -> row.kind() == Row.Kind.LAYER && row.path().equals(path))
        .toList();
  }

  /** {@code Name one, such as --layer conv1.}; empty where none has a window. */
  private String withWindow() {
    return trace.rows().stream()
        .filter(row -> row.layer().taps().isPresent())
        .findFirst()
        .map(row -> "Name one with a window, such as --layer " + row.path() + ". ")
        .orElse("");
  }

  private RequestException noLayer(String path) {
    upTo(path);
    return new RequestException(
        "option --layer: '"
            + path
            + "' is a block, and this figure shows one layer. "
            + trace.rows().stream()
                .filter(row -> row.path().startsWith(path + "."))
                .filter(row -> row.layer().taps().isPresent())
                .findFirst()
                .map(row -> "Name one in it, such as " + row.path() + ".")
                .orElse("Draw its receptive-field."));
  }

  private Trace upTo() {
    return layer == null ? trace : upTo(layer);
  }

  /** The network up to a layer or a block. */
  private Trace upTo(String path) {
    Shaped network = trace.network();
    try {
      Graph graph = network.graph().upTo(path);
      return Trace.of(Shapes.infer(graph, network.inputs()), trace.convention());
    } catch (IllegalArgumentException e) {
      throw new RequestException("option --layer: " + e.getMessage(), e);
    }
  }
}

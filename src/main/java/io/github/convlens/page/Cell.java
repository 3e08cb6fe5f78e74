package io.github.convlens.page;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.AvgPool2dSpec;
import io.github.convlens.layer.Axis;
import io.github.convlens.layer.Conv2dSpec;
import io.github.convlens.layer.ConvTranspose2dSpec;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.MaxPool2dSpec;
import io.github.convlens.layer.PaddingMode;
import io.github.convlens.layer.Size;
import io.github.convlens.layer.Taps;
import io.github.convlens.layer.Window;
import io.github.convlens.layer.Window2d;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * One element of a layer's output, computed by hand on the lesson's numbers: the input X counts 0,
 * 1, 2, ... along its rows, the kernel K too, and there is one channel and no bias. X = 0..8 as 3x3
 * under a 2x2 kernel: {@code Y[0, 0] = 0x0 + 1x1 + 3x2 + 4x3 = 19}.
 */
final class Cell {
  /** Terms that are written out; the others are counted. */
  private static final int MOST_TERMS = 9;

  private final LayerSpec layer;
  private final Size input;
  private final Run.Finder down;
  private final Run.Finder across;

  private Cell(LayerSpec layer, Size input, Run.Finder down, Run.Finder across) {
    this.layer = layer;
    this.input = input;
    this.down = down;
    this.across = across;
  }

  /** The cells of a layer's output; empty where the layer has no window. */
  static Optional<Cell> of(LayerSpec layer, Shape input) {
    if (input.dimension() != 4) {
      return Optional.empty();
    }
    Size size = new Size(input.get(2), input.get(3));
    return Run.of(layer, Axis.HEIGHT, size.height())
        .flatMap(
            down ->
                Run.of(layer, Axis.WIDTH, size.width())
                    .map(across -> new Cell(layer, size, down, across)));
  }

  /** A tap of the kernel on an element of the input; empty value: nothing but padding under it. */
  private record Term(long weight, OptionalLong value) {}

  /** The taps on one axis. */
  Run run(Axis axis, long output) {
    return (axis == Axis.HEIGHT ? down : across).at(output);
  }

  private List<Taps.Tap> taps(Axis axis, long output) {
    return run(axis, output).taps();
  }

  /** {@code 0x0 + 1x1 + 3x2 + 4x3 = 19}, {@code max(0, 1, 3, 4) = 4}, {@code (0 + 1) / 2 = 0.5}. */
  String formula(long row, long column) {
    List<Term> terms = terms(row, column);
    String value = text(value(row, column));
    if (layer instanceof MaxPool2dSpec) {
      return "max(" + joined(values(terms), ", ") + ") = " + value;
    }
    if (layer instanceof AvgPool2dSpec pool) {
      return "("
          + joined(values(terms), " + ")
          + ") / "
          + divisor(pool, row, column)
          + " = "
          + value;
    }
    List<String> products =
        terms.stream().map(term -> term.value().orElse(0) + "x" + term.weight()).toList();
    return (products.isEmpty() ? "0" : joined(products, " + ")) + " = " + value;
  }

  /** The element's value. */
  double value(long row, long column) {
    List<Term> terms = terms(row, column);
    if (layer instanceof MaxPool2dSpec) {
      return terms.stream()
          .flatMap(term -> term.value().stream().boxed())
          .mapToDouble(Long::doubleValue)
          .max()
          .orElse(Double.NEGATIVE_INFINITY);
    }
    double sum = 0;
    boolean weighted = !(layer instanceof AvgPool2dSpec);
    for (Term term : terms) {
      sum += (double) term.value().orElse(0) * (weighted ? term.weight() : 1);
    }
    return layer instanceof AvgPool2dSpec pool ? sum / divisor(pool, row, column) : sum;
  }

  /** A value with at most three decimals, as PyTorch writes what is no number. */
  static String text(double value) {
    if (Double.isNaN(value)) {
      return "nan";
    }
    if (Double.isInfinite(value)) {
      return value < 0 ? "-inf" : "inf";
    }
    BigDecimal rounded = new BigDecimal(value).setScale(3, RoundingMode.HALF_EVEN);
    return rounded.stripTrailingZeros().toPlainString();
  }

  private List<Term> terms(long row, long column) {
    long kernelWidth = kernelWidth();
    List<Taps.Tap> columns = taps(Axis.WIDTH, column);
    return taps(Axis.HEIGHT, row).stream()
        .flatMap(
            y ->
                columns.stream()
                    .map(
                        x ->
                            new Term(
                                y.index() * kernelWidth + x.index(),
                                element(y.position(), x.position()))))
        .toList();
  }

  private OptionalLong element(long row, long column) {
    PaddingMode mode = layer instanceof Conv2dSpec conv ? conv.paddingMode() : PaddingMode.ZEROS;
    OptionalLong y = mode.source(row, input.height());
    OptionalLong x = mode.source(column, input.width());
    return y.isPresent() && x.isPresent()
        ? OptionalLong.of(y.getAsLong() * input.width() + x.getAsLong())
        : OptionalLong.empty();
  }

  private long kernelWidth() {
    return layer instanceof ConvTranspose2dSpec transposed
        ? transposed.kernel().width()
        : Taps.window(layer).map(Window2d::kernel).orElse(Size.ONE).width();
  }

  /** PyTorch's divisor: the window cut off at the padded input's end, or at the input's. */
  private long divisor(AvgPool2dSpec pool, long row, long column) {
    if (pool.divisorOverride().isPresent()) {
      return pool.divisorOverride().getAsLong();
    }
    return Math.multiplyExact(
        counted(pool, Axis.HEIGHT, row, input.height()),
        counted(pool, Axis.WIDTH, column, input.width()));
  }

  private long counted(AvgPool2dSpec pool, Axis axis, long output, long size) {
    Window window = pool.window().on(axis, size);
    boolean padded = pool.divisor() == AvgPool2dSpec.Divisor.PADDED;
    long from = padded ? -window.padBefore() : 0;
    long to = padded ? size + window.padAfter() : size;
    return taps(axis, output).stream()
        .filter(tap -> tap.position() >= from && tap.position() < to)
        .count();
  }

  private static List<String> values(List<Term> terms) {
    return terms.stream()
        .flatMap(term -> term.value().stream().boxed())
        .map(value -> Long.toString(value))
        .toList();
  }

  private static String joined(List<String> terms, String separator) {
    String shown = terms.stream().limit(MOST_TERMS).collect(Collectors.joining(separator));
    int more = terms.size() - MOST_TERMS;
    return more > 0 ? shown + separator + "... (" + more + " more)" : shown;
  }
}

package io.github.convlens.page;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.AvgPoolSpec;
import io.github.convlens.layer.Axis;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.MaxPoolSpec;
import io.github.convlens.layer.Reach;
import io.github.convlens.layer.Window;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
  private final Shape input;
  private final Map<Axis, Reach> reaches;

  private Cell(LayerSpec layer, Shape input, Map<Axis, Reach> reaches) {
    this.layer = layer;
    this.input = input;
    this.reaches = reaches;
  }

  /** The cells of a layer's output on a picture; empty where the layer has no window. */
  static Optional<Cell> of(LayerSpec layer, Shape input) {
    if (input.dimension() != 4 || layer.taps().isEmpty()) {
      return Optional.empty();
    }
    Map<Axis, Reach> reaches = new EnumMap<>(Axis.class);
    for (Axis axis : Axis.in(input)) {
      layer.reach(axis, input).ifPresent(reach -> reaches.put(axis, reach));
    }
    return Optional.of(new Cell(layer, input, reaches));
  }

  /** A tap of the kernel on an element of the input; empty value: nothing but padding under it. */
  private record Term(long weight, OptionalLong value) {}

  /**
   * What an output reads on one axis, and with which taps. A transposed convolution has no padding
   * around its input, so what lies outside of it has no part.
   */
  Reach.Run run(Axis axis, long output) {
    Reach.Run run = reach(axis).at(output);
    return layer.windows().isPresent() ? run : run.within(axis.of(input));
  }

  private Reach reach(Axis axis) {
    return Objects.requireNonNull(reaches.get(axis));
  }

  /** Whether the value is one of those that are computed here. */
  boolean hasValue() {
    return layer instanceof MaxPoolSpec || layer instanceof AvgPoolSpec || layer.weights() > 0;
  }

  /** {@code 0x0 + 1x1 + 3x2 + 4x3 = 19}, {@code max(0, 1, 3, 4) = 4}, {@code (0 + 1) / 2 = 0.5}. */
  String formula(long row, long column) {
    List<Term> terms = terms(row, column);
    String value = text(value(row, column));
    if (layer instanceof MaxPoolSpec) {
      return "max(" + joined(values(terms), ", ") + ") = " + value;
    }
    if (layer instanceof AvgPoolSpec pool) {
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
    if (layer instanceof MaxPoolSpec) {
      return terms.stream()
          .flatMap(term -> term.value().stream().boxed())
          .mapToDouble(Long::doubleValue)
          .max()
          .orElse(Double.NEGATIVE_INFINITY);
    }
    double sum = 0;
    boolean weighted = !(layer instanceof AvgPoolSpec);
    for (Term term : terms) {
      sum += (double) term.value().orElse(0) * (weighted ? term.weight() : 1);
    }
    return layer instanceof AvgPoolSpec pool ? sum / divisor(pool, row, column) : sum;
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
    long kernelWidth = layer.taps().orElseThrow().width();
    Reach.Run rows = run(Axis.HEIGHT, row);
    Reach.Run columns = run(Axis.WIDTH, column);
    List<Term> terms = new ArrayList<>();
    for (long y = 0; y < rows.count(); y++) {
      for (long x = 0; x < columns.count(); x++) {
        long weight = rows.tapAt(y) * kernelWidth + columns.tapAt(x);
        terms.add(new Term(weight, element(rows.at(y), columns.at(x))));
      }
    }
    return terms;
  }

  private OptionalLong element(long row, long column) {
    OptionalLong y = reach(Axis.HEIGHT).inside(row, Axis.HEIGHT.of(input));
    OptionalLong x = reach(Axis.WIDTH).inside(column, Axis.WIDTH.of(input));
    return y.isPresent() && x.isPresent()
        ? OptionalLong.of(y.getAsLong() * Axis.WIDTH.of(input) + x.getAsLong())
        : OptionalLong.empty();
  }

  /** PyTorch's divisor: the window cut off at the padded input's end, or at the input's. */
  private long divisor(AvgPoolSpec pool, long row, long column) {
    if (pool.divisorOverride().isPresent()) {
      return pool.divisorOverride().getAsLong();
    }
    return Math.multiplyExact(counted(pool, Axis.HEIGHT, row), counted(pool, Axis.WIDTH, column));
  }

  private long counted(AvgPoolSpec pool, Axis axis, long output) {
    long size = axis.of(input);
    Window window = pool.window().on(axis, size);
    boolean padded = pool.divisor() == AvgPoolSpec.Divisor.PADDED;
    long from = padded ? -window.padBefore() : 0;
    long to = padded ? size + window.padAfter() : size;
    return run(axis, output).positions().filter(at -> at >= from && at < to).count();
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

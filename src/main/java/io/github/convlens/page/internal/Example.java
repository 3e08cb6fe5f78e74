package io.github.convlens.page.internal;

import com.google.gson.stream.JsonWriter;
import io.github.convlens.layer.AvgPoolSpec;
import io.github.convlens.layer.Reach;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * A layer computed by hand on {@link Numbers}, with bias 0: X = 0..8 as 3x3 under a 2x2 kernel
 * makes {@code Y[0, 0] = 0 x 0 + 1 x 1 + 3 x 2 + 4 x 3 = 19}.
 *
 * @param layer the layer
 * @param numbers what stands in X and K
 * @param ownX whether X is somebody's own
 * @param ownKernel whether K is
 */
record Example(Sliding layer, Numbers numbers, boolean ownX, boolean ownKernel) {
  /** A kernel with more taps is not computed with. */
  private static final long MOST_TAPS = 1 << 12;

  static Example of(Sliding layer, Numbers numbers) {
    return new Example(layer, numbers, numbers.fitsX(layer), numbers.fitsKernel(layer));
  }

  /** A tap of the kernel over a position; empty value: a number of the padding. */
  private record Term(long row, long column, OptionalLong y, OptionalLong x) {
    boolean isInside() {
      return y.isPresent() && x.isPresent();
    }
  }

  /** Whether the values are among those that are computed here. */
  boolean hasValues() {
    return layer.kind() != Sliding.Kind.OTHER && taps() <= MOST_TAPS;
  }

  /** How many products one output element has in each channel. */
  long taps() {
    long down = layer.height().kernel();
    long across = layer.width().kernel();
    return down > MOST_TAPS || across > MOST_TAPS ? Long.MAX_VALUE : down * across;
  }

  /** An element of the input. */
  double x(long channel, long row, long column) {
    if (ownX) {
      return numbers.x().get(numbers.x().size() == 1 ? 0 : (int) channel)[(int) row][(int) column];
    }
    long first = layer.height().input() == 1 && layer.width().input() == 1 ? 1 : 0;
    return first + channel + (double) row * layer.width().input() + column;
  }

  /** An element of the kernel; {@code channel} counts from the first that the output reads. */
  double weight(long out, long channel, long row, long column) {
    if (!layer.hasKernel()) {
      return 1;
    }
    if (ownKernel) {
      List<double[][]> own = numbers.kernel();
      long which = own.size() == 1 ? 0 : out * layer.depth() + channel;
      return own.get((int) which)[(int) row][(int) column];
    }
    long first = taps() == 1 ? 1 : 0;
    return first + out + channel + (double) row * layer.width().kernel() + column;
  }

  /** What the padding counts as. */
  String padding() {
    return switch (layer.kind()) {
      case MAXIMUM -> "-inf";
      case MEAN -> layer.layer() instanceof AvgPoolSpec pool && countsPadding(pool) ? "0" : "";
      default -> "0";
    };
  }

  private static boolean countsPadding(AvgPoolSpec pool) {
    return pool.divisor() == AvgPoolSpec.Divisor.PADDED;
  }

  /** An output element: the sum over all channels, the maximum, or the mean. */
  double value(long out, long row, long column) {
    double sum = 0;
    for (long channel = 0; channel < layer.depth(); channel++) {
      sum += partial(out, channel, row, column);
    }
    return sum;
  }

  /** What one input channel gives to an output element. */
  double partial(long out, long channel, long row, long column) {
    Reach.Run rows = layer.height().run(row);
    Reach.Run columns = layer.width().run(column);
    long from = layer.firstChannel(out) + channel;
    double sum = 0;
    double most = Double.NEGATIVE_INFINITY;
    for (long a = 0; a < rows.count(); a++) {
      OptionalLong y = layer.height().source(rows.at(a));
      for (long b = 0; b < columns.count() && y.isPresent(); b++) {
        OptionalLong x = layer.width().source(columns.at(b));
        if (x.isPresent()) {
          double value = x(from, y.getAsLong(), x.getAsLong());
          most = Math.max(most, value);
          sum += value * weight(out, channel, rows.tapAt(a), columns.tapAt(b));
        }
      }
    }
    return switch (layer.kind()) {
      case MAXIMUM -> most;
      case MEAN -> sum / divisor(row, column);
      default -> sum;
    };
  }

  /** PyTorch's divisor: the window cut off at the padded input's end, or at the input's. */
  private long divisor(long row, long column) {
    AvgPoolSpec pool = (AvgPoolSpec) layer.layer();
    if (pool.divisorOverride().isPresent()) {
      return pool.divisorOverride().getAsLong();
    }
    return Math.multiplyExact(
        counted(pool, layer.height(), row), counted(pool, layer.width(), column));
  }

  private static long counted(AvgPoolSpec pool, Lane lane, long at) {
    return countsPadding(pool)
        ? lane.counted(at, lane.padBefore(), lane.padAfter())
        : lane.counted(at, 0, 0);
  }

  /** A value with at most three decimals, as PyTorch writes what is no number. */
  static String text(double value) {
    if (value == Math.rint(value) && Math.abs(value) < 1e9) {
      return Integer.toString((int) value);
    }
    if (Double.isNaN(value)) {
      return "nan";
    }
    if (Double.isInfinite(value)) {
      return value < 0 ? "-inf" : "inf";
    }
    BigDecimal rounded = new BigDecimal(value).setScale(3, RoundingMode.HALF_EVEN);
    return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
  }

  /**
   * How an output element is computed: {@code {"form": "sum", "channels": [{"channel": 0, "terms":
   * [{"text": "0×0", "tap": [0, 0]}, ..], "value": "19"}], "divisor": null, "value": "19"}}; the
   * form is {@code sum}, {@code maximum} or {@code mean}.
   *
   * @param first the first of the channels that are written out, from the group's first
   * @param many how many are
   */
  void write(JsonWriter json, long out, long row, long column, long first, long many)
      throws IOException {
    String form =
        switch (layer.kind()) {
          case MAXIMUM -> "maximum";
          case MEAN -> "mean";
          default -> "sum";
        };
    json.beginObject().name("form").value(form).name("channels").beginArray();
    for (long channel = first; channel < first + many; channel++) {
      json.beginObject().name("channel").value(layer.firstChannel(out) + channel);
      json.name("terms").beginArray();
      for (Term term : terms(row, column)) {
        if (layer.hasKernel() || term.isInside()) {
          json.beginObject().name("text").value(text(term, out, channel));
          json.name("tap").beginArray().value(term.row).value(term.column).endArray().endObject();
        }
      }
      json.endArray();
      json.name("value").value(text(partial(out, channel, row, column))).endObject();
    }
    json.endArray().name("divisor");
    if (layer.kind() == Sliding.Kind.MEAN) {
      json.value(Long.toString(divisor(row, column)));
    } else {
      json.nullValue();
    }
    json.name("value").value(text(value(out, row, column))).endObject();
  }

  private String text(Term term, long out, long channel) {
    double value =
        term.isInside()
            ? x(layer.firstChannel(out) + channel, term.y.getAsLong(), term.x.getAsLong())
            : 0;
    return layer.hasKernel()
        ? factor(value) + "×" + factor(weight(out, channel, term.row, term.column))
        : text(value);
  }

  private static String factor(double value) {
    return value < 0 ? "(" + text(value) + ")" : text(value);
  }

  private List<Term> terms(long row, long column) {
    Reach.Run rows = layer.height().run(row);
    Reach.Run columns = layer.width().run(column);
    List<Term> terms = new ArrayList<>();
    for (long a = 0; a < rows.count(); a++) {
      for (long b = 0; b < columns.count(); b++) {
        terms.add(
            new Term(
                rows.tapAt(a),
                columns.tapAt(b),
                layer.height().source(rows.at(a)),
                layer.width().source(columns.at(b))));
      }
    }
    return terms;
  }
}

package io.github.convlens.engine;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.engine.Definition.Value;
import io.github.convlens.layer.AdaptivePoolSpec;
import io.github.convlens.layer.AvgPoolSpec;
import io.github.convlens.layer.Axis;
import io.github.convlens.layer.MaxPoolSpec;
import io.github.convlens.layer.Window;
import io.github.convlens.layer.Windows;
import java.util.List;

/** The definitions of the pools, over any number of axes: loops within loops over a window. */
final class PoolDefinitions {
  private final Values x;
  private final Roundoff roundoff;
  private final List<Axis> axes;

  PoolDefinitions(Values x, Roundoff roundoff) {
    this.x = x;
    this.roundoff = roundoff;
    this.axes = Axis.in(x.shape());
  }

  /** What lies under the taps of one window. */
  private static final class Under {
    double sum;
    double best = Double.NEGATIVE_INFINITY;
    long read;
    long counted;
  }

  /** A row of positions on one axis. */
  private record Line(long first, long step, long count, long size, long counted) {}

  Definition maximum(MaxPoolSpec layer) {
    Windows windows = layer.window();
    return new Definition(
        windows.kernel().area(), p -> Value.exact(under(windows(windows, p), p).best));
  }

  Definition average(AvgPoolSpec layer) {
    Windows windows = layer.window();
    long area = windows.kernel().area();
    double share = Math.max(1, (double) area / layer.divisorOverride().orElse(area));
    boolean padded = layer.divisor() == AvgPoolSpec.Divisor.PADDED;
    return new Definition(
        area,
        p -> {
          Under under = under(windows(windows, p), p);
          long divisor = layer.divisorOverride().orElse(padded ? under.counted : under.read);
          return mean(under.sum / divisor, area, share);
        });
  }

  /** Output {@code o} covers {@code floor(o size / places)} to {@code ceil((o + 1) size / ...)}. */
  Definition adaptive(AdaptivePoolSpec layer) {
    Shape output = layer.output(x.shape());
    boolean average = layer.reduction() == AdaptivePoolSpec.Reduction.AVERAGE;
    long area = 1;
    for (Axis axis : axes) {
      area *= axis.of(x.shape()) / axis.of(output) + 2;
    }
    long most = area;
    return new Definition(
        area,
        p -> {
          Under under = under(axes.stream().map(axis -> share(axis, output, p)).toList(), p);
          return average ? mean(under.sum / under.read, most, 1) : Value.exact(under.best);
        });
  }

  private Line share(Axis axis, Shape output, long[] p) {
    long size = axis.of(x.shape());
    long places = axis.of(output);
    long at = p[axis.index(p.length)];
    long start = at * size / places;
    return new Line(start, 1, ((at + 1) * size + places - 1) / places - start, size, size);
  }

  private List<Line> windows(Windows windows, long[] p) {
    return axes.stream()
        .map(
            axis -> {
              long size = axis.of(x.shape());
              Window window = windows.on(axis, size);
              long first = p[axis.index(p.length)] * window.stride() - window.padBefore();
              return new Line(
                  first, window.dilation(), window.kernel(), size, size + window.padAfter());
            })
        .toList();
  }

  private Under under(List<Line> lines, long[] p) {
    Under under = new Under();
    visit(lines, 0, p.clone(), true, true, under);
    return under;
  }

  private void visit(
      List<Line> lines, int axis, long[] at, boolean inside, boolean counts, Under under) {
    if (axis == lines.size()) {
      under.counted += counts ? 1 : 0;
      if (inside) {
        double value = x.at(at);
        under.sum += value;
        under.best = Math.max(under.best, value);
        under.read++;
      }
      return;
    }
    Line line = lines.get(axis);
    for (long tap = 0; tap < line.count; tap++) {
      long position = line.first + tap * line.step;
      at[2 + axis] = position;
      boolean there = position >= 0 && position < line.size;
      visit(lines, axis + 1, at, inside && there, counts && position < line.counted, under);
    }
  }

  /** The errors of a mean's terms cancel in part. */
  private Value mean(double mean, long terms, double share) {
    double rounding = 4 * Math.sqrt((double) terms) * x.largest() * share;
    return new Value(mean, roundoff.of(rounding + 2 * Math.abs(mean)));
  }
}

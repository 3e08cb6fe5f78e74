package io.github.convlens.engine;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.engine.Definition.Value;
import io.github.convlens.layer.AdaptivePoolSpec;
import io.github.convlens.layer.AvgPoolSpec;
import io.github.convlens.layer.Axis;
import io.github.convlens.layer.BlurSpec;
import io.github.convlens.layer.LpPoolSpec;
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

  /** What is made of a number in a window. */
  private interface Each {
    double of(double number, long[] position);
  }

  /** What lies under the taps of one window. */
  private static final class Under {
    private final Each each;
    double sum;
    double sizes;
    double best = Double.NEGATIVE_INFINITY;
    long read;
    long counted;

    Under(Each each) {
      this.each = each;
    }

    void read(double number, long[] position) {
      double term = each.of(number, position);
      sum += term;
      sizes += Math.abs(term);
      best = number > best || Double.isNaN(number) ? number : best;
      read++;
    }
  }

  /** A row of positions on one axis. */
  private record Line(long first, long step, long count, long size, long counted) {
    /** What the binomial filter makes of a position: of three taps 1/4, 1/2, 1/4. */
    double share(long position) {
      double share = Math.scalb(1.0, Math.toIntExact(1 - count));
      for (long i = 0; i < position - first; i++) {
        share = share * (count - 1 - i) / (i + 1);
      }
      return share;
    }
  }

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

  /**
   * {@code (area x mean of x^norm)^(1 / norm)}, the mean over the positions of the input that a
   * window at the end still covers.
   */
  Definition power(LpPoolSpec layer) {
    Windows windows = layer.window();
    double area = windows.kernel().area();
    double norm = layer.norm();
    return new Definition(
        16 * windows.kernel().area(),
        p -> {
          Under under = under(windows(windows, p), p, (x, at) -> Math.pow(x, norm));
          double sum = under.sum / under.counted * area;
          double root = Math.pow(sum, 1 / norm);
          double steepness = sum == 0 ? 0 : Math.abs(under.sizes / under.sum / norm);
          double roundings = 8 + (16 + 4 * Math.abs(norm)) * steepness;
          return new Value(root, roundoff.of(roundings * Math.abs(root)));
        });
  }

  /** The binomial filter, on each channel by itself. */
  Definition blurred(BlurSpec layer) {
    Windows windows = layer.window();
    long area = windows.kernel().area();
    return new Definition(
        4 * area,
        p -> {
          List<Line> lines = windows(windows, p);
          return mean(under(lines, p, (x, at) -> x * share(lines, at)).sum, area, 1);
        });
  }

  private static double share(List<Line> lines, long[] at) {
    double share = 1;
    for (int axis = 0; axis < lines.size(); axis++) {
      share *= lines.get(axis).share(at[2 + axis]);
    }
    return share;
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
          if (!average) {
            return Value.exact(under.best);
          }
          Value mean = mean(under.sum / under.read, most, 1);
          // PyTorch adds up volumes in halves, where that is their type.
          boolean inHalves = axes.size() == 3 && roundoff.sums() < roundoff.unit();
          double more = inHalves ? 4 * Math.sqrt((double) most) * x.largest() : 0;
          return new Value(mean.number(), mean.tolerance() + roundoff.unit() * more);
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
    return under(lines, p, (number, at) -> number);
  }

  private Under under(List<Line> lines, long[] p, Each each) {
    Under under = new Under(each);
    visit(lines, 0, p.clone(), true, true, under);
    return under;
  }

  private void visit(
      List<Line> lines, int axis, long[] at, boolean inside, boolean counts, Under under) {
    if (axis == lines.size()) {
      under.counted += counts ? 1 : 0;
      if (inside) {
        under.read(x.at(at), at);
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
    double ofSums = 4 * Math.sqrt((double) terms) * roundoff.ofSums();
    double rounding = ofSums * x.largest() * share;
    return new Value(mean, roundoff.of(rounding + 2 * Math.abs(mean)));
  }
}

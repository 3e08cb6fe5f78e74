package io.github.convlens.engine;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import io.github.convlens.engine.Definition.Value;
import io.github.convlens.layer.AdaptivePool2dSpec;
import io.github.convlens.layer.AvgPool2dSpec;
import io.github.convlens.layer.Axis;
import io.github.convlens.layer.Conv2dSpec;
import io.github.convlens.layer.ConvTranspose2dSpec;
import io.github.convlens.layer.MaxPool2dSpec;
import io.github.convlens.layer.PaddingMode;
import io.github.convlens.layer.Window;
import io.github.convlens.layer.Window2d;

/** Convolutions and pools: what a window over a picture (batch, channels, height, width) makes. */
final class WindowDefinitions {
  private final Values x;
  private final Roundoff roundoff;

  WindowDefinitions(Values x, Roundoff roundoff) {
    this.x = x;
    this.roundoff = roundoff;
  }

  /** The row or column that stands at a position of the padding; not for zeros. */
  static long source(PaddingMode mode, long position, long size) {
    return switch (mode) {
      case REFLECT -> {
        long mirrored = Math.abs(position);
        yield mirrored < size ? mirrored : 2 * (size - 1) - mirrored;
      }
      case CIRCULAR -> Math.floorMod(position, size);
      case REPLICATE, ZEROS -> Math.max(0, Math.min(size - 1, position));
    };
  }

  /** {@code y[o] = b + sum of w[o, c, i, j] x[c, row(i), column(j)]}. */
  Definition convolution(Conv2dSpec layer, Learned learned) {
    Window down = down(layer.window());
    Window across = across(layer.window());
    long in = layer.inChannels() / layer.groups();
    long out = layer.outChannels() / layer.groups();
    Learned.Rows weights = learned.weights();
    double[] biases = biases(layer.biases(), learned);
    long terms = in * down.kernel() * across.kernel();
    double rounding = products(terms, weights);
    return new Definition(
        terms,
        p -> {
          double[] kernel = weights.get(p[1]);
          double bias = biases.length == 0 ? 0 : biases[(int) p[1]];
          double sum = bias;
          int tap = 0;
          for (long c = p[1] / out * in; c < (p[1] / out + 1) * in; c++) {
            for (long i = 0; i < down.kernel(); i++) {
              long row = p[2] * down.stride() - down.padBefore() + i * down.dilation();
              for (long j = 0; j < across.kernel(); j++) {
                long column = p[3] * across.stride() - across.padBefore() + j * across.dilation();
                sum += kernel[tap++] * padded(layer.paddingMode(), p[0], c, row, column);
              }
            }
          }
          return sum(sum, bias, rounding);
        });
  }

  private double padded(PaddingMode mode, long sample, long channel, long row, long column) {
    if (x.inside(row, column)) {
      return x.pixel(sample, channel, row, column);
    }
    return mode == PaddingMode.ZEROS
        ? 0
        : x.pixel(
            sample,
            channel,
            source(mode, row, x.shape().get(2)),
            source(mode, column, x.shape().get(3)));
  }

  /** Input {@code i} meets tap {@code t} in output {@code i x stride - padding + t x dilation}. */
  Definition transposed(ConvTranspose2dSpec layer, Learned learned) {
    long in = layer.inChannels() / layer.groups();
    long out = layer.outChannels() / layer.groups();
    long area = layer.kernel().area();
    Learned.Rows weights = learned.weights();
    double[] biases = biases(layer.biases(), learned);
    double rounding = products(in * area, weights);
    return new Definition(
        in * area,
        p -> {
          double bias = biases.length == 0 ? 0 : biases[(int) p[1]];
          double sum = bias;
          for (long c = p[1] / out * in; c < (p[1] / out + 1) * in; c++) {
            double[] kernels = weights.get(c);
            int tap = Math.toIntExact(p[1] % out * area);
            for (long i = 0; i < layer.kernel().height(); i++) {
              long row = p[2] + layer.padding().height() - i * layer.dilation().height();
              for (long j = 0; j < layer.kernel().width(); j++) {
                long column = p[3] + layer.padding().width() - j * layer.dilation().width();
                sum += kernels[tap++] * met(layer, p[0], c, row, column);
              }
            }
          }
          return sum(sum, bias, rounding);
        });
  }

  /** The input that a stride's multiple leads to; between multiples there is none. */
  private double met(ConvTranspose2dSpec layer, long sample, long channel, long row, long column) {
    long down = layer.stride().height();
    long across = layer.stride().width();
    boolean multiple = row % down == 0 && column % across == 0;
    return multiple && x.inside(row / down, column / across)
        ? x.pixel(sample, channel, row / down, column / across)
        : 0;
  }

  /** A maximum is one of its inputs: nothing is rounded. */
  Definition maximum(MaxPool2dSpec layer) {
    Window down = down(layer.window());
    Window across = across(layer.window());
    return new Definition(
        down.kernel() * across.kernel(),
        p -> {
          double best = Double.NEGATIVE_INFINITY;
          for (long i = 0; i < down.kernel(); i++) {
            long row = p[2] * down.stride() - down.padBefore() + i * down.dilation();
            for (long j = 0; j < across.kernel(); j++) {
              long column = p[3] * across.stride() - across.padBefore() + j * across.dilation();
              best =
                  x.inside(row, column) ? Math.max(best, x.pixel(p[0], p[1], row, column)) : best;
            }
          }
          return Value.exact(best);
        });
  }

  Definition average(AvgPool2dSpec layer) {
    Window down = down(layer.window());
    Window across = across(layer.window());
    long area = down.kernel() * across.kernel();
    double share = Math.max(1, (double) area / layer.divisorOverride().orElse(area));
    double rounding = mean(area) * share;
    return new Definition(
        area,
        p -> {
          double sum = 0;
          long read = 0;
          long counted = 0;
          for (long i = 0; i < down.kernel(); i++) {
            long row = p[2] * down.stride() - down.padBefore() + i;
            for (long j = 0; j < across.kernel(); j++) {
              long column = p[3] * across.stride() - across.padBefore() + j;
              if (x.inside(row, column)) {
                sum += x.pixel(p[0], p[1], row, column);
                read++;
              }
              boolean beyond = row >= x.shape().get(2) + down.padAfter();
              counted += beyond || column >= x.shape().get(3) + across.padAfter() ? 0 : 1;
            }
          }
          long divisor = layer.divisor() == AvgPool2dSpec.Divisor.PADDED ? counted : read;
          return sum(sum / layer.divisorOverride().orElse(divisor), 0, rounding);
        });
  }

  /** Output {@code o} covers {@code floor(o size / places)} to {@code ceil((o + 1) size / ...)}. */
  Definition adaptive(AdaptivePool2dSpec layer) {
    Shape output = layer.output(x.shape());
    boolean average = layer.reduction() == AdaptivePool2dSpec.Reduction.AVERAGE;
    long rows = x.shape().get(2) / output.get(2) + 2;
    long area = rows * (x.shape().get(3) / output.get(3) + 2);
    double rounding = mean(area);
    return new Definition(
        area,
        p -> {
          double sum = 0;
          double best = Double.NEGATIVE_INFINITY;
          long count = 0;
          for (long row = start(p, output, 2); row < end(p, output, 2); row++) {
            for (long column = start(p, output, 3); column < end(p, output, 3); column++) {
              double value = x.pixel(p[0], p[1], row, column);
              sum += value;
              best = Math.max(best, value);
              count++;
            }
          }
          return average ? sum(sum / count, 0, rounding) : Value.exact(best);
        });
  }

  private long start(long[] p, Shape output, int axis) {
    return p[axis] * x.shape().get(axis) / output.get(axis);
  }

  private long end(long[] p, Shape output, int axis) {
    return ((p[axis] + 1) * x.shape().get(axis) + output.get(axis) - 1) / output.get(axis);
  }

  private Window down(Window2d window) {
    return window.on(Axis.HEIGHT, x.shape().get(2));
  }

  private Window across(Window2d window) {
    return window.on(Axis.WIDTH, x.shape().get(3));
  }

  private static double[] biases(long count, Learned learned) {
    return count == 0 ? new double[0] : learned.numbers(Parameter.Type.BIAS);
  }

  /** The size that the rounding errors of a sum of products are in proportion to. */
  private double products(long terms, Learned.Rows weights) {
    return 4.0 * terms * x.largest() * weights.largest();
  }

  /** That of a mean, whose terms' errors cancel in part. */
  private double mean(long terms) {
    return 4 * Math.sqrt((double) terms) * x.largest();
  }

  private Value sum(double sum, double bias, double rounding) {
    return new Value(sum, roundoff.of(rounding + 2 * (Math.abs(sum) + Math.abs(bias))));
  }
}

package io.github.convlens.engine;

import ai.djl.nn.Parameter;
import io.github.convlens.engine.Definition.Value;
import io.github.convlens.layer.ConvSpec;
import io.github.convlens.layer.ConvTransposeSpec;
import io.github.convlens.layer.PaddingMode;
import io.github.convlens.layer.Window;
import io.github.convlens.layer.Windows;

/** Convolutions, and pools of pictures (batch, channels, height, width): what a window makes. */
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

  /**
   * {@code y[o] = b + sum of w[o, c, h, i, j] x[c, slice(h), row(i), column(j)]}; a picture is a
   * volume of one slice, a sequence one of one row.
   */
  Definition convolution(ConvSpec layer, Learned learned) {
    int missing = 3 - layer.spatialAxes();
    Volume volume = new Volume(missing, layer.paddingMode());
    Window into = volume.window(layer.window(), 0);
    Window down = volume.window(layer.window(), 1);
    Window across = volume.window(layer.window(), 2);
    long in = layer.inChannels() / layer.groups();
    long out = layer.outChannels() / layer.groups();
    Learned.Rows weights = learned.weights();
    double[] biases = biases(layer.biases(), learned);
    long terms = in * layer.window().kernel().area();
    double rounding = products(terms, weights);
    return new Definition(
        terms,
        p -> {
          double[] kernel = weights.get(p[1]);
          double bias = biases.length == 0 ? 0 : biases[(int) p[1]];
          double sum = bias;
          int tap = 0;
          for (long c = p[1] / out * in; c < (p[1] / out + 1) * in; c++) {
            for (long h = 0; h < into.kernel(); h++) {
              long slice = place(into, volume.at(p, 0), h);
              for (long i = 0; i < down.kernel(); i++) {
                long row = place(down, volume.at(p, 1), i);
                for (long j = 0; j < across.kernel(); j++) {
                  long column = place(across, volume.at(p, 2), j);
                  sum += kernel[tap++] * volume.padded(p[0], c, slice, row, column);
                }
              }
            }
          }
          return sum(sum, bias, rounding);
        });
  }

  private static long place(Window window, long output, long tap) {
    return output * window.stride() - window.padBefore() + tap * window.dilation();
  }

  /** The input with axes of size 1 in front of those that are missing to three. */
  private final class Volume {
    private final int missing;
    private final PaddingMode mode;
    private final long[] sizes = new long[3];

    Volume(int missing, PaddingMode mode) {
      this.missing = missing;
      this.mode = mode;
      for (int axis = 0; axis < 3; axis++) {
        sizes[axis] = axis < missing ? 1 : x.shape().get(axis - missing + 2);
      }
    }

    Window window(Windows windows, int axis) {
      return axis < missing
          ? Window.of(1, 1, 0, 1)
          : windows.on(windows.axes().get(axis - missing), sizes[axis]);
    }

    long at(long[] position, int axis) {
      return axis < missing ? 0 : position[axis - missing + 2];
    }

    double padded(long sample, long channel, long slice, long row, long column) {
      boolean inside = inside(slice, 0) && inside(row, 1) && inside(column, 2);
      if (!inside && mode == PaddingMode.ZEROS) {
        return 0;
      }
      long index = sample * x.shape().get(1) + channel;
      index = index * sizes[0] + source(mode, slice, sizes[0]);
      index = index * sizes[1] + source(mode, row, sizes[1]);
      index = index * sizes[2] + source(mode, column, sizes[2]);
      return x.values()[Math.toIntExact(index)];
    }

    private boolean inside(long place, int axis) {
      return place >= 0 && place < sizes[axis];
    }
  }

  /** Input {@code i} meets tap {@code t} in output {@code i x stride - padding + t x dilation}. */
  Definition transposed(ConvTransposeSpec layer, Learned learned) {
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
  private double met(ConvTransposeSpec layer, long sample, long channel, long row, long column) {
    long down = layer.stride().height();
    long across = layer.stride().width();
    boolean multiple = row % down == 0 && column % across == 0;
    return multiple && x.inside(row / down, column / across)
        ? x.pixel(sample, channel, row / down, column / across)
        : 0;
  }

  private static double[] biases(long count, Learned learned) {
    return count == 0 ? new double[0] : learned.numbers(Parameter.Type.BIAS);
  }

  /** The size that the rounding errors of a sum of products are in proportion to. */
  private double products(long terms, Learned.Rows weights) {
    return 4.0 * terms * x.largest() * weights.largest();
  }

  private Value sum(double sum, double bias, double rounding) {
    return new Value(sum, roundoff.of(rounding + 2 * (Math.abs(sum) + Math.abs(bias))));
  }
}

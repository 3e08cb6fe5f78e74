package io.github.convlens.engine;

import io.github.convlens.engine.Definition.Value;
import io.github.convlens.layer.Axis;
import io.github.convlens.layer.ConvSpec;
import io.github.convlens.layer.ConvTransposeSpec;
import io.github.convlens.layer.PaddingMode;
import io.github.convlens.layer.Window;
import java.util.List;

/**
 * Convolutions of volumes (batch, channels, depth, height, width). A picture is a volume of one
 * slice, a sequence one of one row: the axes that are missing have one position and a window of it.
 */
final class WindowDefinitions {
  private static final int AXES = 3;

  private final Values x;
  private final Roundoff roundoff;
  private final Learned learned;
  private final int missing;
  private final long[] sizes = new long[AXES];

  WindowDefinitions(Values x, Roundoff roundoff, Learned learned) {
    this.x = x;
    this.roundoff = roundoff;
    this.learned = learned;
    missing = AXES + 2 - x.shape().dimension();
    for (int axis = 0; axis < AXES; axis++) {
      sizes[axis] = axis < missing ? 1 : x.shape().get(axis - missing + 2);
    }
  }

  private interface OnAxis {
    Window of(Axis axis, long size);
  }

  private Window[] windows(List<Axis> axes, OnAxis window) {
    Window[] all = new Window[AXES];
    for (int axis = 0; axis < AXES; axis++) {
      all[axis] =
          axis < missing ? Window.of(1, 1, 0, 1) : window.of(axes.get(axis - missing), sizes[axis]);
    }
    return all;
  }

  private long place(long[] position, int axis) {
    return axis < missing ? 0 : position[axis - missing + 2];
  }

  private boolean isInside(long place, int axis) {
    return place >= 0 && place < sizes[axis];
  }

  private double at(long sample, long channel, long slice, long row, long column) {
    long index = sample * x.shape().get(1) + channel;
    index = (index * sizes[0] + slice) * sizes[1] + row;
    return x.values()[Math.toIntExact(index * sizes[2] + column)];
  }

  /** Of each output channel a kernel, of each group as many channels. */
  private record Channels(long in, long out, long area) {
    long terms() {
      return in * area;
    }

    /** The first input channel of an output channel's group. */
    long first(long channel) {
      return channel / out * in;
    }
  }

  /** {@code y[o] = b + sum of w[o, c, h, i, j] x[c, slice(h), row(i), column(j)]}. */
  Definition convolution(ConvSpec layer) {
    Channels channels =
        new Channels(
            layer.inChannels() / layer.groups(),
            layer.outChannels() / layer.groups(),
            layer.window().kernel().area());
    Window[] windows = windows(layer.window().axes(), layer.window()::on);
    PaddingMode mode = layer.paddingMode();
    Learned.Rows weights = learned.weights();
    return sum(
        channels,
        layer.biases(),
        weights,
        p -> {
          double[] kernel = weights.get(p[1]);
          double sum = 0;
          int tap = 0;
          for (long c = 0; c < channels.in; c++) {
            for (long h = 0; h < windows[0].kernel(); h++) {
              long slice = read(windows[0], place(p, 0), h);
              for (long i = 0; i < windows[1].kernel(); i++) {
                long row = read(windows[1], place(p, 1), i);
                for (long j = 0; j < windows[2].kernel(); j++) {
                  long column = read(windows[2], place(p, 2), j);
                  double number = padded(mode, p[0], channels.first(p[1]) + c, slice, row, column);
                  sum += kernel[tap++] * number;
                }
              }
            }
          }
          return sum;
        });
  }

  private static long read(Window window, long output, long tap) {
    return output * window.stride() - window.padBefore() + tap * window.dilation();
  }

  private double padded(
      PaddingMode mode, long sample, long channel, long slice, long row, long column) {
    boolean inside = isInside(slice, 0) && isInside(row, 1) && isInside(column, 2);
    if (!inside && mode == PaddingMode.ZEROS) {
      return 0;
    }
    return at(
        sample,
        channel,
        MoveDefinitions.source(mode, slice, sizes[0]),
        MoveDefinitions.source(mode, row, sizes[1]),
        MoveDefinitions.source(mode, column, sizes[2]));
  }

  /** Input {@code i} meets tap {@code t} in output {@code i x stride - padding + t x dilation}. */
  Definition transposed(ConvTransposeSpec layer) {
    Channels channels =
        new Channels(
            layer.inChannels() / layer.groups(),
            layer.outChannels() / layer.groups(),
            layer.kernel().area());
    Window[] windows =
        windows(
            layer.kernel().axes(),
            (axis, size) ->
                Window.of(
                    layer.kernel().on(axis),
                    layer.stride().on(axis),
                    layer.padding().on(axis),
                    layer.dilation().on(axis)));
    Learned.Rows weights = learned.weights();
    return sum(
        channels,
        layer.biases(),
        weights,
        p -> {
          double sum = 0;
          for (long c = channels.first(p[1]); c < channels.first(p[1]) + channels.in; c++) {
            double[] kernels = weights.get(c);
            int tap = Math.toIntExact(p[1] % channels.out * channels.area);
            for (long h = 0; h < windows[0].kernel(); h++) {
              long slice = met(windows[0], place(p, 0), h, 0);
              for (long i = 0; i < windows[1].kernel(); i++) {
                long row = met(windows[1], place(p, 1), i, 1);
                for (long j = 0; j < windows[2].kernel(); j++) {
                  long column = met(windows[2], place(p, 2), j, 2);
                  boolean meets = slice >= 0 && row >= 0 && column >= 0;
                  sum += meets ? kernels[tap] * at(p[0], c, slice, row, column) : 0;
                  tap++;
                }
              }
            }
          }
          return sum;
        });
  }

  /** The position that a stride's multiple leads to; -1 between multiples and outside. */
  private long met(Window window, long output, long tap, int axis) {
    long place = output + window.padBefore() - tap * window.dilation();
    boolean multiple = place % window.stride() == 0;
    return multiple && isInside(place / window.stride(), axis) ? place / window.stride() : -1;
  }

  private Definition sum(
      Channels channels, long biases, Learned.Rows weights, Definition.Source products) {
    double[] shifts = biases == 0 ? new double[0] : learned.numbers("bias");
    double rounding = roundoff.products(channels.terms(), x.largest() * weights.largest());
    return new Definition(
        channels.terms(),
        p -> {
          double bias = shifts.length == 0 ? 0 : shifts[(int) p[1]];
          double sum = bias + products.at(p);
          return new Value(sum, roundoff.of(rounding + 2 * (Math.abs(sum) + Math.abs(bias))));
        });
  }
}

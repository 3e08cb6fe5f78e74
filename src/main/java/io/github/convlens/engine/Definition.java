package io.github.convlens.engine;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.AdaptivePool2dSpec;
import io.github.convlens.layer.AvgPool2dSpec;
import io.github.convlens.layer.Axis;
import io.github.convlens.layer.Conv2dSpec;
import io.github.convlens.layer.ConvTranspose2dSpec;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.MaxPool2dSpec;
import io.github.convlens.layer.PaddingMode;
import io.github.convlens.layer.Window;
import java.util.Optional;

/**
 * What a layer means, written down once more in plain loops over {@code double}s, one output
 * element at a time: the truth that the engine is held against. Nothing here is shared with the
 * blocks.
 */
abstract class Definition {
  final Shape input;
  final double[] x;

  Definition(Shape input, double[] x) {
    this.input = input;
    this.x = x;
  }

  /** The output element at (sample, channel, row, column). */
  abstract double at(long sample, long channel, long row, long column);

  /** How many products or inputs one output sums up at most. */
  abstract long terms();

  /**
   * The largest factor that an input is multiplied with; 0 where nothing is rounded. Means answer 1
   * / sqrt(terms) instead of 1 / terms, since the rounding errors of a sum do not cancel fully.
   */
  abstract double largestFactor();

  /**
   * The definition of a layer with its weights, for convolutions, transposed convolutions and
   * pools; empty for other layers.
   *
   * @param x the input's elements, (batch, channels, height, width)
   * @param weights the kernels as the block holds them; empty for a pool
   * @param biases a number for each output channel; empty where there are none
   */
  static Optional<Definition> of(
      LayerSpec layer, Shape input, double[] x, double[] weights, double[] biases) {
    if (layer instanceof Conv2dSpec convolution) {
      return Optional.of(new Convolution(convolution, input, x, weights, biases));
    }
    if (layer instanceof ConvTranspose2dSpec convolution) {
      return Optional.of(new Transposed(convolution, input, x, weights, biases));
    }
    if (layer instanceof MaxPool2dSpec pool) {
      return Optional.of(new MaxPool(pool, input, x));
    }
    if (layer instanceof AvgPool2dSpec pool) {
      return Optional.of(new AvgPool(pool, input, x));
    }
    if (layer instanceof AdaptivePool2dSpec pool) {
      return Optional.of(new AdaptivePool(pool, input, x));
    }
    return Optional.empty();
  }

  final double pixel(long sample, long channel, long row, long column) {
    long plane = sample * input.get(1) + channel;
    return x[Math.toIntExact((plane * input.get(2) + row) * input.get(3) + column)];
  }

  final boolean inside(long row, long column) {
    return row >= 0 && row < input.get(2) && column >= 0 && column < input.get(3);
  }

  private static double largest(double[] values) {
    double largest = 0;
    for (double value : values) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }

  private static final class Convolution extends Definition {
    private final Conv2dSpec layer;
    private final double[] weights;
    private final double[] biases;
    private final Window down;
    private final Window across;

    Convolution(Conv2dSpec layer, Shape input, double[] x, double[] weights, double[] biases) {
      super(input, x);
      this.layer = layer;
      this.weights = weights;
      this.biases = biases;
      down = layer.window().on(Axis.HEIGHT, input.get(2));
      across = layer.window().on(Axis.WIDTH, input.get(3));
    }

    @Override
    double at(long sample, long channel, long row, long column) {
      long inGroup = layer.inChannels() / layer.groups();
      long group = channel / (layer.outChannels() / layer.groups());
      double sum = biases.length == 0 ? 0 : biases[(int) channel];
      int weight = Math.toIntExact(channel * terms());
      for (long c = 0; c < inGroup; c++) {
        for (long i = 0; i < down.kernel(); i++) {
          long y = row * down.stride() - down.padBefore() + i * down.dilation();
          for (long j = 0; j < across.kernel(); j++) {
            long z = column * across.stride() - across.padBefore() + j * across.dilation();
            sum += weights[weight++] * padded(sample, group * inGroup + c, y, z);
          }
        }
      }
      return sum;
    }

    private double padded(long sample, long channel, long row, long column) {
      if (layer.paddingMode() == PaddingMode.ZEROS) {
        return inside(row, column) ? pixel(sample, channel, row, column) : 0;
      }
      return pixel(sample, channel, source(row, input.get(2)), source(column, input.get(3)));
    }

    private long source(long position, long size) {
      return switch (layer.paddingMode()) {
        case REFLECT -> {
          long mirrored = Math.abs(position);
          yield mirrored < size ? mirrored : 2 * (size - 1) - mirrored;
        }
        case CIRCULAR -> Math.floorMod(position, size);
        case REPLICATE, ZEROS -> Math.max(0, Math.min(size - 1, position));
      };
    }

    @Override
    long terms() {
      return layer.inChannels() / layer.groups() * down.kernel() * across.kernel();
    }

    @Override
    double largestFactor() {
      return largest(weights);
    }
  }

  /** Input {@code i} meets tap {@code t} in output {@code i x stride - padding + t x dilation}. */
  private static final class Transposed extends Definition {
    private final ConvTranspose2dSpec layer;
    private final double[] weights;
    private final double[] biases;

    Transposed(
        ConvTranspose2dSpec layer, Shape input, double[] x, double[] weights, double[] biases) {
      super(input, x);
      this.layer = layer;
      this.weights = weights;
      this.biases = biases;
    }

    @Override
    double at(long sample, long channel, long row, long column) {
      long inGroup = layer.inChannels() / layer.groups();
      long outGroup = layer.outChannels() / layer.groups();
      long group = channel / outGroup;
      double sum = biases.length == 0 ? 0 : biases[(int) channel];
      for (long c = group * inGroup; c < (group + 1) * inGroup; c++) {
        long kernel = c * outGroup + channel % outGroup;
        for (long i = 0; i < layer.kernel().height(); i++) {
          long y = row + layer.padding().height() - i * layer.dilation().height();
          for (long j = 0; j < layer.kernel().width(); j++) {
            long z = column + layer.padding().width() - j * layer.dilation().width();
            sum += product(sample, c, y, z, (kernel * layer.kernel().height() + i), j);
          }
        }
      }
      return sum;
    }

    private double product(long sample, long channel, long y, long z, long line, long j) {
      long down = layer.stride().height();
      long across = layer.stride().width();
      if (y % down != 0 || z % across != 0 || !inside(y / down, z / across) || y < 0 || z < 0) {
        return 0;
      }
      return weights[Math.toIntExact(line * layer.kernel().width() + j)]
          * pixel(sample, channel, y / down, z / across);
    }

    @Override
    long terms() {
      return layer.inChannels() / layer.groups() * layer.kernel().area();
    }

    @Override
    double largestFactor() {
      return largest(weights);
    }
  }

  private static final class MaxPool extends Definition {
    private final Window down;
    private final Window across;

    MaxPool(MaxPool2dSpec layer, Shape input, double[] x) {
      super(input, x);
      down = layer.window().on(Axis.HEIGHT, input.get(2));
      across = layer.window().on(Axis.WIDTH, input.get(3));
    }

    @Override
    double at(long sample, long channel, long row, long column) {
      double best = Double.NEGATIVE_INFINITY;
      for (long i = 0; i < down.kernel(); i++) {
        long y = row * down.stride() - down.padBefore() + i * down.dilation();
        for (long j = 0; j < across.kernel(); j++) {
          long z = column * across.stride() - across.padBefore() + j * across.dilation();
          best = inside(y, z) ? Math.max(best, pixel(sample, channel, y, z)) : best;
        }
      }
      return best;
    }

    @Override
    long terms() {
      return down.kernel() * across.kernel();
    }

    /** A maximum is one of its inputs: nothing is rounded. */
    @Override
    double largestFactor() {
      return 0;
    }
  }

  private static final class AvgPool extends Definition {
    private final AvgPool2dSpec layer;
    private final Window down;
    private final Window across;

    AvgPool(AvgPool2dSpec layer, Shape input, double[] x) {
      super(input, x);
      this.layer = layer;
      down = layer.window().on(Axis.HEIGHT, input.get(2));
      across = layer.window().on(Axis.WIDTH, input.get(3));
    }

    @Override
    double at(long sample, long channel, long row, long column) {
      double sum = 0;
      long read = 0;
      long counted = 0;
      for (long i = 0; i < down.kernel(); i++) {
        long y = row * down.stride() - down.padBefore() + i;
        for (long j = 0; j < across.kernel(); j++) {
          long z = column * across.stride() - across.padBefore() + j;
          if (inside(y, z)) {
            sum += pixel(sample, channel, y, z);
            read++;
          }
          boolean beyond = y >= input.get(2) + down.padAfter();
          counted += beyond || z >= input.get(3) + across.padAfter() ? 0 : 1;
        }
      }
      long divisor = layer.divisor() == AvgPool2dSpec.Divisor.PADDED ? counted : read;
      return sum / layer.divisorOverride().orElse(divisor);
    }

    @Override
    long terms() {
      return down.kernel() * across.kernel();
    }

    @Override
    double largestFactor() {
      double area = terms();
      return Math.max(1, area / layer.divisorOverride().orElse(terms())) / Math.sqrt(area);
    }
  }

  private static final class AdaptivePool extends Definition {
    private final AdaptivePool2dSpec layer;
    private final Shape output;

    AdaptivePool(AdaptivePool2dSpec layer, Shape input, double[] x) {
      super(input, x);
      this.layer = layer;
      output = layer.output(input);
    }

    @Override
    double at(long sample, long channel, long row, long column) {
      double sum = 0;
      double best = Double.NEGATIVE_INFINITY;
      long count = 0;
      long lastRow = end(row, 2);
      long lastColumn = end(column, 3);
      for (long y = row * input.get(2) / output.get(2); y < lastRow; y++) {
        for (long z = column * input.get(3) / output.get(3); z < lastColumn; z++) {
          double value = pixel(sample, channel, y, z);
          sum += value;
          best = Math.max(best, value);
          count++;
        }
      }
      return layer.reduction() == AdaptivePool2dSpec.Reduction.AVERAGE ? sum / count : best;
    }

    /** The first position at or behind {@code (place + 1) x size / places}. */
    private long end(long place, int axis) {
      return ((place + 1) * input.get(axis) + output.get(axis) - 1) / output.get(axis);
    }

    @Override
    long terms() {
      return (input.get(2) / output.get(2) + 2) * (input.get(3) / output.get(3) + 2);
    }

    @Override
    double largestFactor() {
      return layer.reduction() == AdaptivePool2dSpec.Reduction.AVERAGE
          ? 1 / Math.sqrt((double) terms())
          : 0;
    }
  }
}

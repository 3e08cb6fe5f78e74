package io.github.convlens.notation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Methods that the generated class brings along for what DJL has no block for. */
final class DjlHelpers {
  private static final Map<String, String> TEXTS = new LinkedHashMap<>();

  static {
    TEXTS.put(
        "sum",
        """
        /** Adds the outputs of two branches. */
        private static NDList sum(List<NDList> branches) {
          return new NDList(
              branches.get(0).singletonOrThrow().add(branches.get(1).singletonOrThrow()));
        }
        """);
    TEXTS.put(
        "concat",
        """
        /** Puts the outputs of branches behind each other on the channel axis. */
        private static NDList concat(List<NDList> branches) {
          NDList outputs = new NDList();
          branches.forEach(branch -> outputs.add(branch.singletonOrThrow()));
          return new NDList(NDArrays.concat(outputs, 1));
        }
        """);
    TEXTS.put(
        "initialized",
        """
        /** Starts a block's weights from a number. */
        private static Block initialized(Block block, float value) {
          block.setInitializer(new ConstantInitializer(value), Parameter.Type.WEIGHT);
          return block;
        }
        """);
    TEXTS.put(
        "reflect",
        """
        /** Mirrors an axis at its first and last position, which are not repeated. */
        private static NDArray reflect(NDArray x, int axis, long before, long after) {
          long size = x.getShape().get(axis);
          NDList parts = new NDList();
          for (long i = before; i > 0; i--) {
            parts.add(range(x, axis, i, i + 1));
          }
          parts.add(x);
          for (long i = 1; i <= after; i++) {
            parts.add(range(x, axis, size - 1 - i, size - i));
          }
          return NDArrays.concat(parts, axis);
        }
        """);
    TEXTS.put(
        "replicate",
        """
        /** Repeats the first and the last position of an axis. */
        private static NDArray replicate(NDArray x, int axis, long before, long after) {
          long size = x.getShape().get(axis);
          NDList parts = new NDList();
          for (long i = 0; i < before; i++) {
            parts.add(range(x, axis, 0, 1));
          }
          parts.add(x);
          for (long i = 0; i < after; i++) {
            parts.add(range(x, axis, size - 1, size));
          }
          return NDArrays.concat(parts, axis);
        }
        """);
    TEXTS.put(
        "wrap",
        """
        /** Continues an axis at either end with its other end. */
        private static NDArray wrap(NDArray x, int axis, long before, long after) {
          long size = x.getShape().get(axis);
          NDList parts = new NDList();
          if (before > 0) {
            parts.add(range(x, axis, size - before, size));
          }
          parts.add(x);
          if (after > 0) {
            parts.add(range(x, axis, 0, after));
          }
          return NDArrays.concat(parts, axis);
        }
        """);
    TEXTS.put(
        "adaptive",
        """
        /** The mean or the maximum of each of so many windows that cover an axis. */
        private static NDArray adaptive(NDArray x, int axis, long places, boolean maximum) {
          long size = x.getShape().get(axis);
          int[] axes = {axis};
          NDList parts = new NDList();
          for (long o = 0; o < places; o++) {
            NDArray window = range(x, axis, o * size / places, -Math.floorDiv(-(o + 1) * size, places));
            parts.add(maximum ? window.max(axes, true) : window.mean(axes, true));
          }
          return NDArrays.concat(parts, axis);
        }
        """);
    TEXTS.put(
        "dilatedMaxPool",
        """
        /** The maximum of taps that lie apart; x is padded already. */
        private static NDArray dilatedMaxPool(
            NDArray x, Shape kernel, Shape stride, Shape dilation, Shape output) {
          NDArray rows = dilatedMaximum(x, 2, kernel, stride, dilation, output);
          return dilatedMaximum(rows, 3, kernel, stride, dilation, output);
        }
        """);
    TEXTS.put(
        "dilatedMaximum",
        """
        private static NDArray dilatedMaximum(
            NDArray x, int axis, Shape kernel, Shape stride, Shape dilation, Shape output) {
          int i = axis - 2;
          NDList parts = new NDList();
          for (long o = 0; o < output.get(i); o++) {
            long start = o * stride.get(i);
            NDArray place = range(x, axis, start, start + 1);
            for (long tap = 1; tap < kernel.get(i); tap++) {
              long position = start + tap * dilation.get(i);
              place = NDArrays.maximum(place, range(x, axis, position, position + 1));
            }
            parts.add(place);
          }
          return NDArrays.concat(parts, axis);
        }
        """);
    TEXTS.put(
        "range",
        """
        /** The positions from (included) to (not included) of a picture's axis. */
        private static NDArray range(NDArray x, int axis, long from, long to) {
          return x.get(new NDIndex(":, :, " + (axis == 2 ? "" : ":, ") + from + ":" + to));
        }
        """);
    TEXTS.put(
        "unpaddedMean",
        """
        /** The mean of the positions of each window that lie inside the picture. */
        private static NDArray unpaddedMean(NDArray x, Shape padding, Shape kernel, Shape stride) {
          Shape none = new Shape(0, 0);
          NDArray ones = x.onesLike().pad(padding, 0);
          NDArray inside = Pool.avgPool2d(ones, kernel, stride, none, false, true);
          return Pool.avgPool2d(x.pad(padding, 0), kernel, stride, none, false, true).div(inside);
        }
        """);
    TEXTS.put(
        "spread",
        """
        /**
         * Puts stride - 1 zeros between the elements of a picture. A transposed convolution is a
         * convolution of such a picture; its kernel is PyTorch's, turned by 180 degrees and with the
         * channel axes swapped within each group.
         */
        private static NDArray spread(NDArray x, long down, long right) {
          Shape s = x.getShape();
          NDArray apart = x.reshape(s.get(0), s.get(1), s.get(2), 1, s.get(3), 1);
          NDArray spread =
              apart
                  .pad(new Shape(0, right - 1, 0, 0, 0, down - 1), 0)
                  .reshape(s.get(0), s.get(1), s.get(2) * down, s.get(3) * right);
          return crop(spread, 0, right - 1, 0, down - 1);
        }
        """);
    TEXTS.put(
        "crop",
        """
        /** Cuts columns and rows off a picture. */
        private static NDArray crop(NDArray x, long left, long right, long top, long bottom) {
          Shape s = x.getShape();
          String rows = top + ":" + (s.get(2) - bottom);
          String columns = left + ":" + (s.get(3) - right);
          return x.get(":, :, " + rows + ", " + columns);
        }
        """);
    TEXTS.put(
        "localResponseNorm",
        """
        /** x / (k + alpha * mean of x^2 over the neighbouring channels)^beta. */
        private static NDArray localResponseNorm(
            NDArray x, long size, double alpha, double beta, double k) {
          Shape shape = x.getShape();
          NDArray squares = x.square().reshape(shape.get(0), shape.get(1), -1);
          NDArray padded = squares.pad(new Shape(0, 0, size / 2, (size - 1) / 2), 0);
          NDArray sum = padded.get(":, 0:" + shape.get(1));
          for (long i = 1; i < size; i++) {
            sum = sum.add(padded.get(":, " + i + ":" + (i + shape.get(1))));
          }
          return x.div(sum.div(size).mul(alpha).add(k).pow(beta).reshape(shape));
        }
        """);
    TEXTS.put(
        "groupNorm",
        """
        /** Each group of channels with mean 0 and variance 1. */
        private static NDArray groupNorm(NDArray x, long groups, double eps) {
          Shape shape = x.getShape();
          int[] last = {2};
          NDArray rows = x.reshape(shape.get(0), groups, -1);
          NDArray centred = rows.sub(rows.mean(last, true));
          NDArray variance = centred.square().mean(last, true);
          return centred.div(variance.add(eps).sqrt()).reshape(shape);
        }
        """);
    resampling();
  }

  private DjlHelpers() {}

  private static void resampling() {
    TEXTS.put(
        "resample",
        """
        /** Every row and column of the result as a weighted sum of rows and columns of x. */
        private static NDArray resample(NDArray x, float[][] rows, float[][] columns) {
          NDManager manager = x.getManager();
          return manager.create(rows).matMul(x).matMul(manager.create(columns).transpose());
        }
        """);
    TEXTS.put(
        "nearest",
        """
        /** weights[o][i]: 1 for the pixel at (o + shift) * step. */
        private static float[][] nearest(int size, int output, float step, float shift) {
          float[][] weights = new float[output][size];
          for (int o = 0; o < output; o++) {
            weights[o][Math.min((int) Math.floor((o + shift) * step), size - 1)] = 1;
          }
          return weights;
        }
        """);
    TEXTS.put(
        "linear",
        """
        /** weights[o][i] of the two pixels around (o + shift) * step - shift. */
        private static float[][] linear(int size, int output, float step, float shift) {
          float[][] weights = new float[output][size];
          for (int o = 0; o < output; o++) {
            float position = Math.max(0, (o + shift) * step - shift);
            int first = Math.min((int) position, size - 1);
            float rest = Math.min(Math.max(position - first, 0), 1);
            weights[o][first] += 1 - rest;
            weights[o][Math.min(first + 1, size - 1)] += rest;
          }
          return weights;
        }
        """);
    TEXTS.put(
        "cubic",
        """
        /** weights[o][i] of the four pixels around (o + shift) * step - shift (Keys, a = -0.75). */
        private static float[][] cubic(int size, int output, float step, float shift) {
          float[][] weights = new float[output][size];
          for (int o = 0; o < output; o++) {
            float position = (o + shift) * step - shift;
            int first = (int) Math.floor(position);
            float t = position - first;
            for (int tap = -1; tap <= 2; tap++) {
              int pixel = Math.min(Math.max(first + tap, 0), size - 1);
              weights[o][pixel] += keys(Math.abs(t - tap));
            }
          }
          return weights;
        }
        """);
    TEXTS.put(
        "keys",
        """
        private static float keys(float d) {
          return d <= 1
              ? (1.25f * d - 2.25f) * d * d + 1
              : ((-0.75f * d + 3.75f) * d - 6) * d + 3;
        }
        """);
  }

  /** The methods that a class needs, those that its methods need among them. */
  static List<String> usedBy(String code) {
    List<String> used = new ArrayList<>();
    StringBuilder all = new StringBuilder(code);
    boolean grown = true;
    while (grown) {
      grown = false;
      for (Map.Entry<String, String> helper : TEXTS.entrySet()) {
        String name = helper.getKey();
        boolean called = all.indexOf(" " + name + "(") >= 0 || all.indexOf("(" + name + "(") >= 0;
        boolean wanted = called || all.indexOf("::" + name + ")") >= 0;
        if (wanted && !used.contains(helper.getValue())) {
          used.add(helper.getValue());
          all.append(helper.getValue());
          grown = true;
        }
      }
    }
    return used;
  }
}

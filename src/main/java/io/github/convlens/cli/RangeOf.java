package io.github.convlens.cli;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.util.Locale;

/** The range of an array's numbers in words. */
final class RangeOf {
  private RangeOf() {}

  /** {@code from -0.51 to 0.62, mean 0.031}, and how many are not finite, if any. */
  static String text(NDArray array) {
    try (NDArray wide = array.toType(DataType.FLOAT32, true)) {
      float[] values = wide.toFloatArray();
      double least = Double.POSITIVE_INFINITY;
      double most = Double.NEGATIVE_INFINITY;
      double sum = 0;
      int finite = 0;
      for (float value : values) {
        if (Float.isFinite(value)) {
          least = Math.min(least, value);
          most = Math.max(most, value);
          sum += value;
          finite++;
        }
      }
      String range =
          finite == 0
              ? "no finite numbers"
              : String.format(
                  Locale.ROOT, "from %.4g to %.4g, mean %.4g", least, most, sum / finite);
      int others = values.length - finite;
      return others == 0 ? range : range + "; " + others + " are infinite or not a number";
    }
  }
}

package io.github.convlens.cli;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.util.Locale;

/**
 * The range of an array's finite numbers.
 *
 * @param least the smallest; infinite if there is none
 * @param most the largest
 * @param mean their mean; NaN if there are none
 * @param others how many are infinite or not a number
 */
record RangeOf(double least, double most, double mean, long others) {
  /** That of an array. */
  static RangeOf numbers(NDArray array) {
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
      return new RangeOf(least, most, sum / finite, values.length - finite);
    }
  }

  /** {@code from -0.51 to 0.62, mean 0.031}, and how many are not finite, if any. */
  @Override
  public String toString() {
    String range =
        Double.isNaN(mean)
            ? "no finite numbers"
            : String.format(Locale.ROOT, "from %.4g to %.4g, mean %.4g", least, most, mean);
    return others == 0 ? range : range + "; " + others + " are infinite or not a number";
  }
}

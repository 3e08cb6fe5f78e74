package io.github.convlens.trace;

import io.github.convlens.layer.Ratio;
import java.util.Locale;

/** How numbers stand in texts for people. */
public final class Texts {
  private Texts() {}

  /** {@code 61,100,840}; a dash for zero, so that what costs stands out. */
  static String count(long number) {
    return number == 0 ? "-" : total(number);
  }

  /** {@code 61,100,840}. */
  public static String total(long number) {
    String digits = Long.toString(number);
    StringBuilder text = new StringBuilder(digits);
    for (int i = digits.length() - 3; i > 0; i -= 3) {
      text.insert(i, ',');
    }
    return text.toString();
  }

  /** {@code 61.1M}: at most six characters. */
  public static String compact(long number) {
    String units = "kMGTPE";
    double value = number;
    int unit = -1;
    while (value >= 999.95) {
      value /= 1000;
      unit++;
    }
    if (unit < 0) {
      return number == 0 ? "-" : Long.toString(number);
    }
    return String.format(Locale.ROOT, "%.1f%s", value, units.charAt(unit));
  }

  /** {@code MACs}, or {@code operations} where the convention counts those. */
  public static String costName(Trace trace) {
    return trace.convention() == Convention.TF_PROFILER ? "operations" : "MACs";
  }

  /** The totals in words. */
  static String summary(Trace trace, String separator) {
    Totals totals = trace.totals();
    return String.join(
        separator,
        total(totals.parameters()) + " parameters",
        total(totals.macs()) + " " + costName(trace) + " (" + trace.convention() + ")",
        bytes(totals.activationBytes()) + " of outputs as 32-bit floats");
  }

  /** {@code 11}, or {@code 11x5} where the axes differ: rows by columns. */
  static String fieldSize(ReceptiveField field) {
    long height = field.height().size();
    long width = field.width().size();
    return height == width ? Long.toString(height) : height + "x" + width;
  }

  /** {@code 4}, or {@code 4x2} where the axes differ. */
  static String fieldStride(ReceptiveField field) {
    Ratio height = field.height().stride();
    Ratio width = field.width().stride();
    return height.equals(width) ? height.toString() : height + "x" + width;
  }

  /** {@code -2}, or {@code (-2, 0)} where the axes differ. */
  static String fieldStart(ReceptiveField field) {
    long height = field.height().start();
    long width = field.width().start();
    return height == width ? Long.toString(height) : "(" + height + ", " + width + ")";
  }

  /** {@code 784.6 KiB}. */
  static String bytes(long bytes) {
    String[] units = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    if (bytes < 1024) {
      return bytes + " B";
    }
    double value = bytes;
    int unit = -1;
    while (value >= 1024) {
      value /= 1024;
      unit++;
    }
    return String.format(Locale.ROOT, "%.1f %s", value, units[unit]);
  }
}

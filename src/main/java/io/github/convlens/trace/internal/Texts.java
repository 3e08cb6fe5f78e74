package io.github.convlens.trace.internal;

import io.github.convlens.layer.internal.Printable;
import io.github.convlens.trace.ReceptiveField;
import io.github.convlens.trace.Row;
import io.github.convlens.trace.Totals;
import io.github.convlens.trace.Trace;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;

/** How numbers stand in texts for people. */
public final class Texts {
  private static final Pattern SQUARE = Pattern.compile("=\\((\\d+), \\1\\)");

  private Texts() {}

  /** {@code 61,100,840}; a dash for zero, so that what costs stands out. */
  public static String count(long number) {
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
    if (number < 1000) {
      return number == 0 ? "-" : Long.toString(number);
    }
    String units = "kMGTPE";
    long unit = 1000;
    int index = 0;
    while (tenths(number, unit) >= 10_000) {
      unit *= 1000;
      index++;
    }
    return decimal(tenths(number, unit)) + units.charAt(index);
  }

  /** How many tenths of a unit there are in a number, to the nearest; up where two are as near. */
  private static long tenths(long number, long unit) {
    // Ten units and a half are less than 2^64, as none is more than 2^60.
    return number / unit * 10 + Long.divideUnsigned(number % unit * 10 + unit / 2, unit);
  }

  /** {@code 61.1}. As {@code "%.1f"}, whose first use reads the names and signs of a locale. */
  private static String decimal(long tenths) {
    return tenths / 10 + "." + tenths % 10;
  }

  /** {@code MACs}, or {@code operations} or {@code flops} where the convention counts those. */
  public static String costName(Trace trace) {
    String field = costField(trace);
    return field.equals("macs") ? "MACs" : field;
  }

  /** The name of the cost in data: {@code macs}, {@code operations} or {@code flops}. */
  public static String costField(Trace trace) {
    return switch (trace.convention()) {
      case TORCHVISION, TORCHINFO -> "macs";
      case FVCORE -> "flops";
      case TF_PROFILER -> "operations";
    };
  }

  /** The totals in words. */
  public static String summary(Trace trace, String separator) {
    Totals totals = trace.totals();
    return String.join(
        separator,
        total(totals.parameters()) + " parameters",
        total(totals.cost()) + " " + costName(trace) + " (" + trace.convention() + ")",
        bytes(totals.activationBytes()) + " of outputs as 32-bit floats");
  }

  /** {@code Conv2d(3, 64, k=7, s=2, p=3)}: PyTorch's notation with short names, 3 for (3, 3). */
  public static String abbreviated(Row row) {
    return SQUARE
        .matcher(Printable.line(row.notation()))
        .replaceAll("=$1")
        .replace("kernel_size=", "k=")
        .replace("stride=", "s=")
        .replace("padding=", "p=")
        .replace("dilation=", "d=")
        .replace("groups=", "g=")
        .replace("in_features=", "")
        .replace("out_features=", "")
        .replace("output_size=", "")
        .replace(", bias=False", "");
  }

  /** {@code 11}, or {@code 11x5} where the axes differ: rows by columns. */
  public static String fieldSize(ReceptiveField field) {
    return joined(field, axis -> Long.toString(axis.size()), "", "x", "");
  }

  /** {@code 4}, or {@code 4x2} where the axes differ. */
  public static String fieldStride(ReceptiveField field) {
    return joined(field, axis -> axis.stride().toString(), "", "x", "");
  }

  /** {@code -2}, or {@code (-2, 0)} where the axes differ. */
  public static String fieldStart(ReceptiveField field) {
    return joined(field, axis -> Long.toString(axis.start()), "(", ", ", ")");
  }

  /** One text where it is the same on all axes; a dash where there are none. */
  private static String joined(
      ReceptiveField field,
      Function<ReceptiveField.OnAxis, String> text,
      String before,
      String between,
      String behind) {
    List<ReceptiveField.OnAxis> fields = field.fields();
    if (fields.isEmpty()) {
      return "-";
    }
    String first = text.apply(fields.get(0));
    boolean isSame = true;
    StringBuilder all = new StringBuilder(before).append(first);
    for (ReceptiveField.OnAxis axis : fields.subList(1, fields.size())) {
      String next = text.apply(axis);
      isSame &= next.equals(first);
      all.append(between).append(next);
    }
    return isSame ? first : all.append(behind).toString();
  }

  /** {@code 784.6 KiB}. */
  public static String bytes(long bytes) {
    if (bytes < 1024) {
      return bytes + " B";
    }
    String[] units = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    long unit = 1024;
    int index = 0;
    while (tenths(bytes, unit) >= 10_240) { // which would be written as 1024.0
      unit *= 1024;
      index++;
    }
    return decimal(tenths(bytes, unit)) + " " + units[index];
  }
}

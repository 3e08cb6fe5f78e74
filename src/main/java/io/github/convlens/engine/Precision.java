package io.github.convlens.engine;

import ai.djl.ndarray.types.DataType;
import java.util.Locale;

/**
 * The number types that layers can run in. There is no bfloat16: DJL 0.35.1 hands its number of
 * that type to PyTorch wrongly, and the native code aborts the whole process.
 */
public enum Precision {
  /** 32 bits, 24 of them precision: what networks are trained in. */
  FLOAT32(DataType.FLOAT32, 24, Float.MIN_NORMAL, Float.MAX_VALUE),
  /** 64 bits, 53 of them precision: what other results are compared with. */
  FLOAT64(DataType.FLOAT64, 53, Double.MIN_NORMAL, Double.MAX_VALUE),
  /** 16 bits, 11 of them precision, largest number 65504. */
  FLOAT16(DataType.FLOAT16, 11, 0x1p-24, 65504);

  private final DataType dataType;
  private final int bits;
  private final double smallest;
  private final double largest;

  Precision(DataType dataType, int bits, double smallest, double largest) {
    this.dataType = dataType;
    this.bits = bits;
    this.smallest = smallest;
    this.largest = largest;
  }

  /** DJL's name for it. */
  public DataType dataType() {
    return dataType;
  }

  /** Half the distance from 1 to the next number: 2^-24 for float32. */
  public double roundoff() {
    return Math.scalb(1.0, -bits);
  }

  /** The smallest number that every device tells from zero. */
  double smallest() {
    return smallest;
  }

  /** The largest finite number. */
  double largest() {
    return largest;
  }

  /**
   * The precision with a name: {@code float32}, {@code float64}, {@code float16}.
   *
   * @throws IllegalArgumentException if there is none, with the reason for bfloat16
   */
  public static Precision parse(String name) {
    for (Precision precision : values()) {
      if (precision.toString().equals(name.toLowerCase(Locale.ROOT))) {
        return precision;
      }
    }
    throw unknown(name);
  }

  /**
   * The precision of DJL's data type.
   *
   * @throws IllegalArgumentException if layers cannot run in it
   */
  public static Precision of(DataType dataType) {
    for (Precision precision : values()) {
      if (precision.dataType == dataType) {
        return precision;
      }
    }
    throw unknown(dataType.name().toLowerCase(Locale.ROOT));
  }

  private static IllegalArgumentException unknown(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return new IllegalArgumentException(
        lower.equals("bfloat16") || lower.equals("bf16")
            ? """
            bfloat16 cannot be used here.
            DJL 0.35.1 aborts the whole process when its PyTorch engine is asked for it.
            Use float16 for half the memory, or float32.\
            """
            : "'"
                + name
                + "' is not a number type that layers can run in.\n"
                + "There are float32, float64 and float16.\n"
                + "Use one of them.");
  }

  /** PyTorch's name: {@code float32}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}

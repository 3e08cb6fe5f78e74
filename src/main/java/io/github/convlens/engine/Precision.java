package io.github.convlens.engine;

import ai.djl.ndarray.types.DataType;
import java.util.Locale;

/** The number types that layers can run in. */
public enum Precision {
  /** 32 bits, 24 of them precision: what networks are trained in. */
  FLOAT32(DataType.FLOAT32, 24, Float.MIN_NORMAL, Float.MAX_VALUE),
  /** 64 bits, 53 of them precision: what other results are compared with. */
  FLOAT64(DataType.FLOAT64, 53, Double.MIN_NORMAL, Double.MAX_VALUE),
  /** 16 bits, 11 of them precision, largest number 65504. */
  FLOAT16(DataType.FLOAT16, 11, 0x1p-24, 65504),
  /**
   * 16 bits, 8 of them precision, with float32's range. DJL aborts the process where it is asked
   * for such an array: in Java they are float32, and layers turn them into bfloat16 and back.
   */
  BFLOAT16(DataType.FLOAT32, 8, Float.MIN_NORMAL, 0x1.FEp127);

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

  /** DJL's type for arrays that hold it: FLOAT32 for bfloat16. */
  public DataType dataType() {
    return dataType;
  }

  /** Half the distance from 1 to the next number: 2^-24 for float32. */
  double roundoff() {
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
   * The precision with a name: {@code float32}, {@code float64}, {@code float16}, {@code bfloat16}.
   *
   * @throws IllegalArgumentException if there is none
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
   * The precision of DJL's data type. What is float32 in Java may stand for bfloat16: whose array
   * it is must know.
   *
   * @throws IllegalArgumentException if layers cannot run in it
   */
  public static Precision of(DataType dataType) {
    for (Precision precision : values()) {
      if (precision.dataType == dataType) {
        return precision;
      }
    }
    if (dataType == DataType.BFLOAT16) {
      throw new IllegalArgumentException(
          """
          DJL cannot hold arrays of bfloat16.
          It aborts the process where it is asked for one.
          Use float32 arrays and Precision.BFLOAT16.\
          """);
    }
    throw unknown(dataType.name().toLowerCase(Locale.ROOT));
  }

  private static IllegalArgumentException unknown(String name) {
    return new IllegalArgumentException(
        "'"
            + name
            + "' is not a number type that layers can run in.\n"
            + "There are float32, float64, float16 and bfloat16.\n"
            + "Use one of them.");
  }

  /** PyTorch's name: {@code float32}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}

package io.github.convlens.program;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Set;

/** Floating numbers in another type, rounded as PyTorch rounds them: to nearest, ties to even. */
final class Conversion {
  private static final Set<ScalarType> KNOWN =
      Set.of(ScalarType.FLOAT16, ScalarType.BFLOAT16, ScalarType.FLOAT32, ScalarType.FLOAT64);

  private Conversion() {}

  static boolean isKnown(ScalarType from, ScalarType to) {
    return from == to || (KNOWN.contains(from) && KNOWN.contains(to));
  }

  /** The same numbers, row after row, little-endian. */
  static ByteBuffer of(ByteBuffer numbers, ScalarType from, ScalarType to) {
    if (from == to) {
      return numbers;
    }
    ByteBuffer in = numbers.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    int count = in.remaining() / from.bytes();
    ByteBuffer out = ByteBuffer.allocate(count * to.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    while (in.hasRemaining()) {
      write(read(in, from), to, out);
    }
    return out.flip();
  }

  private static double read(ByteBuffer in, ScalarType type) {
    return switch (type) {
      case FLOAT16 -> ofHalf(in.getShort());
      case BFLOAT16 -> Float.intBitsToFloat(in.getShort() << 16);
      case FLOAT32 -> in.getFloat();
      default -> in.getDouble();
    };
  }

  /** PyTorch goes to 16 bits by way of 32. */
  private static void write(double number, ScalarType type, ByteBuffer out) {
    switch (type) {
      case FLOAT16 -> out.putShort(half((float) number));
      case BFLOAT16 -> out.putShort(brain((float) number));
      case FLOAT32 -> out.putFloat((float) number);
      default -> out.putDouble(number);
    }
  }

  /** A sign, 5 bits of exponent, 10 of fraction. */
  private static float ofHalf(short half) {
    int exponent = (half >> 10) & 0x1f;
    int fraction = half & 0x3ff;
    float size =
        switch (exponent) {
          case 0 -> fraction * 0x1p-24f;
          case 0x1f -> fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
          default -> Float.intBitsToFloat(((exponent + 112) << 23) | (fraction << 13));
        };
    return half < 0 ? -size : size;
  }

  private static short half(float number) {
    int sign = (Float.floatToRawIntBits(number) >>> 16) & 0x8000;
    float size = Math.abs(number);
    if (Float.isNaN(number)) {
      return (short) (sign | 0x7e00);
    }
    if (size >= 65520) { // half way from the largest to the next
      return (short) (sign | 0x7c00);
    }
    float step = Math.scalb(1f, Math.max(Math.getExponent(size), -14) - 10);
    double steps = Math.rint((double) size / step);
    // A thousand and twenty-four steps more are the next exponent.
    return (short) (sign | (((Math.getExponent(step) + 24) << 10) + (int) steps));
  }

  private static short brain(float number) {
    int bits = Float.floatToRawIntBits(number);
    return Float.isNaN(number) ? 0x7fc0 : (short) ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16);
  }
}

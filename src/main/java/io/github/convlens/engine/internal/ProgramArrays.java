package io.github.convlens.engine.internal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.convlens.engine.Precision;
import io.github.convlens.program.ArrayFile;
import io.github.convlens.program.Dim;
import io.github.convlens.program.ProgramException;
import io.github.convlens.program.ScalarType;
import io.github.convlens.program.TensorType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A program's numbers as arrays of DJL, and back. */
public final class ProgramArrays {
  private ProgramArrays() {}

  /**
   * DJL's type for PyTorch's. DJL aborts the process where it is asked for bfloat16, so such
   * numbers are float32 in Java, which holds them exactly.
   *
   * @param what whose type it is, for the message
   * @throws ProgramException if DJL has none
   */
  public static DataType type(ScalarType elements, String what) {
    return type(elements)
        .orElseThrow(
            () ->
                new ProgramException(
                    what
                        + " is of type "
                        + elements
                        + ", which DJL's arrays do not have.\nConvert it in forward, or in the"
                        + " model before the export, for example to float32 or int64."));
  }

  /** What an array of this type is in Java: float32 where it is bfloat16. */
  public static ScalarType inJava(ScalarType elements) {
    return elements == ScalarType.BFLOAT16 ? ScalarType.FLOAT32 : elements;
  }

  /** DJL's type for PyTorch's; empty where it has none. */
  public static Optional<DataType> type(ScalarType elements) {
    return switch (elements) {
      case FLOAT32, BFLOAT16 -> Optional.of(DataType.FLOAT32);
      case FLOAT64 -> Optional.of(DataType.FLOAT64);
      case FLOAT16 -> Optional.of(DataType.FLOAT16);
      case UINT8 -> Optional.of(DataType.UINT8);
      case INT8 -> Optional.of(DataType.INT8);
      case INT32 -> Optional.of(DataType.INT32);
      case INT64 -> Optional.of(DataType.INT64);
      case BOOL -> Optional.of(DataType.BOOLEAN);
      default -> Optional.empty();
    };
  }

  /**
   * An array of given numbers, in memory of its own.
   *
   * @param name whose numbers they are, for the message
   * @param type their type and sizes, which are numbers
   * @param bytes the elements, row after row, little-endian
   * @throws ProgramException if DJL has no such type
   */
  public static NDArray of(NDManager manager, String name, TensorType type, ByteBuffer bytes) {
    Shape shape = type.shape(Map.of());
    DataType dataType = type(type.elements(), name);
    if (shape.size() == 0) {
      return manager.create(shape, dataType);
    }
    ByteBuffer numbers = type.elements() == ScalarType.BFLOAT16 ? widened(bytes) : bytes;
    try (NDArray lent = manager.create(numbers, shape, dataType)) {
      return lent.duplicate(); // what is lent may lie in the file, where nothing may be written
    }
  }

  /** A bfloat16 is the upper half of a float32. */
  private static ByteBuffer widened(ByteBuffer halves) {
    ByteBuffer wide =
        ByteBuffer.allocateDirect(2 * halves.remaining()).order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer from = halves.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    while (from.hasRemaining()) {
      wide.putShort((short) 0).putShort(from.getShort());
    }
    return wide.flip();
  }

  /** An array's numbers for a file, of the type that DJL has them in. */
  public static ArrayFile.Numbers numbers(NDArray array) {
    DataType type = array.getDataType();
    ScalarType elements =
        Arrays.stream(ScalarType.values())
            .filter(each -> each.torchName().equals(torchName(type)))
            .findFirst()
            .orElseThrow();
    List<Dim> sizes = Arrays.stream(array.getShape().getShape()).mapToObj(Dim::of).toList();
    return new ArrayFile.Numbers(new TensorType(elements, sizes), bytes(array, elements));
  }

  /** The same for an array that holds numbers of a precision: float32 may stand for bfloat16. */
  public static ArrayFile.Numbers numbers(NDArray array, Precision precision) {
    ArrayFile.Numbers own = numbers(array);
    if (precision != Precision.BFLOAT16) {
      return own;
    }
    TensorType type = new TensorType(ScalarType.BFLOAT16, own.type().sizes());
    return new ArrayFile.Numbers(type, bytes(array, ScalarType.BFLOAT16));
  }

  private static String torchName(DataType type) {
    return type == DataType.BOOLEAN ? "bool" : type.name().toLowerCase(Locale.ROOT);
  }

  /** The elements of an array as the program's type has them, row after row, little-endian. */
  public static ByteBuffer bytes(NDArray array, ScalarType elements) {
    ByteBuffer bytes = array.toByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    if (elements != ScalarType.BFLOAT16) {
      return bytes;
    }
    ByteBuffer halves = ByteBuffer.allocate(bytes.remaining() / 2).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      halves.putShort(rounded(bytes.getInt()));
    }
    return halves.flip();
  }

  /** The nearest bfloat16 of a float32's bits, ties to the even one; as libtorch does it. */
  private static short rounded(int bits) {
    if (Float.isNaN(Float.intBitsToFloat(bits))) {
      return 0x7fc0;
    }
    int even = (bits >>> 16) & 1;
    return (short) ((bits + 0x7fff + even) >>> 16);
  }
}

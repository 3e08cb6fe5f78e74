package io.github.convlens.engine;

import io.github.convlens.program.ScalarType;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes a TorchScript module as Python's pickle, in its protocol 2. */
final class Pickle {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  private Pickle() {
    bytes.write(0x80);
    bytes.write(2);
  }

  static byte[] emptyTuple() {
    return new Pickle().put(')').end();
  }

  /** A module without attributes. */
  static byte[] emptyModule(String type) {
    Pickle pickle = new Pickle();
    pickle.beginModule(type);
    pickle.endModule();
    return pickle.end();
  }

  static Pickle begin() {
    return new Pickle();
  }

  void beginModule(String type) {
    global("__torch__", type);
    put(')').put(0x81).put('}').put('(');
  }

  void endModule() {
    put('u').put('b');
  }

  byte[] end() {
    return put('.').bytes.toByteArray();
  }

  void text(String text) {
    byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
    put('X').put(encoded.length, 4);
    bytes.writeBytes(encoded);
  }

  void truth(boolean value) {
    put(value ? 0x88 : 0x89);
  }

  private void whole(long value) {
    put(0x8a).put(8);
    put(value, 8);
  }

  /** Whether an array learns. */
  enum Learns {
    /** It is a parameter. */
    YES,
    /** It is a buffer. */
    NO
  }

  /**
   * An array, row after row.
   *
   * @param record its record in the archive, {@code data/RECORD}
   * @param place by which {@link #again} gets it once more
   */
  void array(String record, ScalarType elements, long[] sizes, Learns learns, int place) {
    global("torch._utils", "_rebuild_tensor_v2");
    put('(').put('(');
    text("storage");
    global("torch", storage(elements));
    text(record);
    text("cpu");
    long count = 1;
    for (long size : sizes) {
      count *= size;
    }
    whole(count);
    put('t').put('Q');
    whole(0);
    wholes(sizes);
    wholes(strides(sizes));
    truth(learns == Learns.YES);
    global("collections", "OrderedDict");
    put(')').put('R').put('t').put('R');
    put('r').put(place, 4);
  }

  /** The array that was written with this place. */
  void again(int place) {
    put('j').put(place, 4);
  }

  private void wholes(long[] values) {
    put('(');
    for (long value : values) {
      whole(value);
    }
    put('t');
  }

  private static long[] strides(long[] sizes) {
    long[] strides = new long[sizes.length];
    long stride = 1;
    for (int axis = sizes.length - 1; axis >= 0; axis--) {
      strides[axis] = stride;
      stride *= Math.max(1, sizes[axis]);
    }
    return strides;
  }

  private static String storage(ScalarType elements) {
    return switch (elements) {
      case UINT8 -> "ByteStorage";
      case INT8 -> "CharStorage";
      case INT16 -> "ShortStorage";
      case INT32 -> "IntStorage";
      case INT64 -> "LongStorage";
      case FLOAT16 -> "HalfStorage";
      case FLOAT32 -> "FloatStorage";
      case FLOAT64 -> "DoubleStorage";
      case BOOL -> "BoolStorage";
      case BFLOAT16 -> "BFloat16Storage";
      default -> throw new IllegalArgumentException("no storage of " + elements);
    };
  }

  private void global(String module, String name) {
    put('c');
    bytes.writeBytes((module + "\n" + name + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private Pickle put(int code) {
    bytes.write(code);
    return this;
  }

  private void put(long value, int width) {
    ByteBuffer all = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value);
    bytes.write(all.array(), 0, width);
  }
}

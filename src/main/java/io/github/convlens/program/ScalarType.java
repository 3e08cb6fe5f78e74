package io.github.convlens.program;

import java.util.Arrays;
import java.util.Optional;

/**
 * What an array's elements are. Each is known by its name in PyTorch ({@code torch.float32}), by
 * the short one in a print ({@code f32}), by libtorch's number (6), and by that of the file (7).
 */
public enum ScalarType {
  /** 8 bits without a sign. */
  UINT8("uint8", "u8", 0, 1, 1),
  /** 8 bits. */
  INT8("int8", "i8", 1, 2, 1),
  /** 16 bits. */
  INT16("int16", "i16", 2, 3, 2),
  /** 32 bits. */
  INT32("int32", "i32", 3, 4, 4),
  /** 64 bits. */
  INT64("int64", "i64", 4, 5, 8),
  /** IEEE half precision. */
  FLOAT16("float16", "f16", 5, 6, 2),
  /** IEEE single precision. */
  FLOAT32("float32", "f32", 6, 7, 4),
  /** IEEE double precision. */
  FLOAT64("float64", "f64", 7, 8, 8),
  /** Two halves. */
  COMPLEX32("complex32", "c32", 8, 9, 4),
  /** Two singles. */
  COMPLEX64("complex64", "c64", 9, 10, 8),
  /** Two doubles. */
  COMPLEX128("complex128", "c128", 10, 11, 16),
  /** True or false, a byte each. */
  BOOL("bool", "b8", 11, 12, 1),
  /** The upper half of a single. */
  BFLOAT16("bfloat16", "bf16", 15, 13, 2),
  /** 5 bits of exponent, 2 of fraction. */
  FLOAT8_E5M2("float8_e5m2", "f8e5m2", 23, 30, 1),
  /** 4 bits of exponent, 3 of fraction. */
  FLOAT8_E4M3FN("float8_e4m3fn", "f8e4m3fn", 24, 29, 1),
  /** 5 bits of exponent, 2 of fraction, no negative zero. */
  FLOAT8_E5M2FNUZ("float8_e5m2fnuz", "f8e5m2fnuz", 25, 32, 1),
  /** 4 bits of exponent, 3 of fraction, no negative zero. */
  FLOAT8_E4M3FNUZ("float8_e4m3fnuz", "f8e4m3fnuz", 26, 31, 1),
  /** 16 bits without a sign. */
  UINT16("uint16", "u16", 27, 28, 2),
  /** 32 bits without a sign. */
  UINT32("uint32", "u32", 28, 34, 4),
  /** 64 bits without a sign. */
  UINT64("uint64", "u64", 29, 35, 8);

  private final String torchName;
  private final String shortName;
  private final int number;
  private final int numberInFile;
  private final int bytes;

  ScalarType(String torchName, String shortName, int number, int numberInFile, int bytes) {
    this.torchName = torchName;
    this.shortName = shortName;
    this.number = number;
    this.numberInFile = numberInFile;
    this.bytes = bytes;
  }

  /** PyTorch's name, {@code float32}. */
  public String torchName() {
    return torchName;
  }

  /** libtorch's number, which operators take: 6 for float32. */
  public int number() {
    return number;
  }

  /** The number that a {@code .pt2} file has for it: 7 for float32. */
  int numberInFile() {
    return numberInFile;
  }

  /** The bytes of an element. */
  public int bytes() {
    return bytes;
  }

  /** By the number in a file. */
  static Optional<ScalarType> ofFile(int number) {
    return Arrays.stream(values()).filter(each -> each.numberInFile == number).findFirst();
  }

  /** By PyTorch's name, {@code float32}. */
  static Optional<ScalarType> ofTorch(String name) {
    return Arrays.stream(values()).filter(each -> each.torchName.equals(name)).findFirst();
  }

  /** By the name in a print, {@code f32}. */
  static Optional<ScalarType> ofPrint(String name) {
    return Arrays.stream(values()).filter(each -> each.shortName.equals(name)).findFirst();
  }

  /** PyTorch's name. */
  @Override
  public String toString() {
    return torchName;
  }
}

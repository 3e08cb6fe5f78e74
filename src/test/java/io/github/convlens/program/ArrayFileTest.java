package io.github.convlens.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of arrays, as NumPy and the library safetensors write them, and damaged ones. */
class ArrayFileTest {
  private static final Path NUMPYS =
      Path.of("src/test/resources/io/github/convlens/engine/programs/tokens.npz");

  @TempDir Path folder;

  private static ArrayFile.Numbers numbers(ScalarType type, byte[] bytes, long... sizes) {
    List<Dim> dims = new java.util.ArrayList<>();
    for (long size : sizes) {
      dims.add(Dim.of(size));
    }
    return new ArrayFile.Numbers(new TensorType(type, dims), ByteBuffer.wrap(bytes));
  }

  private Path file(String name, byte[] bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes);
  }

  @Test
  void readsWhatNumPyWrites() throws IOException {
    Map<String, ArrayFile.Numbers> all = ArrayFile.read(NUMPYS);
    assertEquals(Set.of("ids", "x", "y0", "y1", "y2", "y3"), all.keySet());
    assertEquals("int64[3, 4]", all.get("ids").type().toString());
    assertEquals("float32[]", all.get("y2").type().toString());
    assertEquals("bool[3, 4, 5]", all.get("y3").type().toString());
    assertEquals(4, all.get("y2").bytes().remaining());
  }

  @Test
  void readsWhatItWrites() throws IOException {
    Map<String, ArrayFile.Numbers> arrays = new LinkedHashMap<>();
    arrays.put("a", numbers(ScalarType.INT8, new byte[] {1, 2, 3}, 3));
    arrays.put("b", numbers(ScalarType.FLOAT64, new byte[0], 2, 0));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ArrayFile.writeNpz(out, arrays);
    assertEquals(arrays, ArrayFile.read(file("a.npz", out.toByteArray())));
    ByteArrayOutputStream one = new ByteArrayOutputStream();
    ArrayFile.writeNpy(one, arrays.get("a"));
    assertEquals(Map.of("", arrays.get("a")), ArrayFile.read(file("a.npy", one.toByteArray())));
  }

  private static byte[] safetensors(String header, int data) {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + text.length + data)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(text.length)
        .put(text)
        .array();
  }

  @Test
  void readsSafetensors() throws IOException {
    byte[] bytes =
        safetensors(
            "{\"__metadata__\":{\"format\":\"pt\"},"
                + "\"w\":{\"dtype\":\"BF16\",\"shape\":[2,1],\"data_offsets\":[0,4]}}",
            4);
    Map<String, ArrayFile.Numbers> all = ArrayFile.read(file("w.safetensors", bytes));
    assertEquals("bfloat16[2, 1]", all.get("w").type().toString());
    assertEquals(4, all.get("w").bytes().remaining());
  }

  private void refuses(String message, String name, byte[] bytes) throws IOException {
    Path file = file(name, bytes);
    ProgramException e = assertThrows(ProgramException.class, () -> ArrayFile.read(file));
    assertEquals(message, String.valueOf(e.getMessage()).replace(folder + "/", ""));
  }

  private static byte[] npy(String header, int data) {
    byte[] text = header.getBytes(StandardCharsets.ISO_8859_1);
    ByteBuffer bytes = ByteBuffer.allocate(10 + text.length + data).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0});
    return bytes.putShort((short) text.length).put(text).array();
  }

  @Test
  void refusesWhatItCannotRead() throws IOException {
    String damaged = " is cut off or damaged: its length is not what it says.\nCopy it again.";
    String small = "{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }";
    refuses("'a.npy'" + damaged, "a.npy", npy(small, 11));
    refuses("'a.npy'" + damaged, "a.npy", npy(small.replace("3,", "99999999999,"), 12));
    refuses(
        "'a.npy' has elements of NumPy's type '>f4', which is not read.\n"
            + "Convert it: x.astype(numpy.float32).",
        "a.npy",
        npy(small.replace('<', '>'), 12));
    refuses(
        "'a.npy' is an array of records or objects, which is not read.\nSave plain numbers.",
        "a.npy",
        npy("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (3,), }", 12));
    refuses(
        "'w.safetensors', 'w'" + damaged,
        "w.safetensors",
        safetensors("{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,9]}}", 9));
    refuses(
        "'w.safetensors'" + damaged,
        "w.safetensors",
        new byte[] {(byte) 255, 127, 0, 0, 0, 0, 0, 0, 0});
    refuses(
        "'x.txt' is no file of arrays.\nGive a .npy, .npz or .safetensors.",
        "x.txt",
        "hello".getBytes(StandardCharsets.UTF_8));
  }

  private void refusesHeader(String message, String header, int data) throws IOException {
    refuses(
        "'w.safetensors'"
            + message
            + "\nSave it again: safetensors.torch.save_file(model.state_dict(),"
            + " \"model.safetensors\").",
        "w.safetensors",
        safetensors(header, data));
  }

  private static String floats(String name, String shape, int from, int to) {
    return String.format(
        "\"%s\":{\"dtype\":\"F32\",\"shape\":[%s],\"data_offsets\":[%d,%d]}",
        name, shape, from, to);
  }

  @Test
  void whatIsWrongInAHeaderIsNamed() throws IOException {
    String a = floats("a", "2", 0, 8);
    for (String none : List.of("{" + a, "\ufeff{}", "{}{}", "[1]", "{\"a\":" + "[".repeat(9999))) {
      refusesHeader(": its header is no JSON.", none, 8);
    }
    refusesHeader(" has two arrays called 'a'.", "{" + a + "," + floats("a", "2", 8, 16) + "}", 16);
    refusesHeader(": its 'a' and 'b' overlap.", "{" + a + "," + floats("b", "2", 4, 12) + "}", 12);
    refusesHeader(
        " has 4 bytes that are no array's, from 8 behind the header.",
        "{" + a + "," + floats("b", "1", 12, 16) + "}",
        16);
    refusesHeader(" has 8 bytes that are no array's, from 8 behind the header.", "{" + a + "}", 16);
    String odd = ", 'a' is not described as safetensors writes it.";
    refusesHeader(odd, "{" + floats("a", "2.5", 0, 8) + "}", 8);
    refusesHeader(odd, "{\"a\":{}}", 0);
    refusesHeader(odd, "{\"a\":1}", 0);
    refuses(
        "'w.safetensors', 'a' has elements of type Q4, which is not read.\n"
            + "Convert it before it is saved: array.float().",
        "w.safetensors",
        safetensors("{" + a.replace("F32", "Q4") + "}", 8));
  }

  /** {@code numpy.asfortranarray}: 0, 1, 2 and 3, 4, 5 are its rows. */
  @Test
  void whatLiesColumnAfterColumnIsTurned() throws IOException {
    ByteBuffer bytes =
        ByteBuffer.wrap(npy("{'descr': '<f4', 'fortran_order': True, 'shape': (2, 3), }", 24))
            .order(ByteOrder.LITTLE_ENDIAN);
    float[] byColumn = {0, 3, 1, 4, 2, 5};
    for (int i = 0; i < byColumn.length; i++) {
      bytes.putFloat(bytes.capacity() - 24 + 4 * i, byColumn[i]);
    }
    ByteBuffer read = ArrayFile.read(file("f.npy", bytes.array())).get("").bytes();
    for (int i = 0; i < byColumn.length; i++) {
      assertEquals(i, read.getFloat(4 * i));
    }
  }

  private static void refusesToWrite(String message, boolean isNpz, String name, ScalarType type) {
    Map<String, ArrayFile.Numbers> all =
        Map.of(
            name,
            new ArrayFile.Numbers(
                new TensorType(type, List.of(Dim.of(1))), ByteBuffer.allocate(type.bytes())));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ProgramException e =
        assertThrows(
            ProgramException.class,
            () -> {
              if (isNpz) {
                ArrayFile.writeNpz(out, all);
              } else {
                ArrayFile.writeSafetensors(out, all);
              }
            });
    assertEquals(message, e.getMessage());
  }

  @Test
  void namesAndTypesThatAFileCannotHaveAreTold() {
    for (String name : List.of("../x", "/abs", "a\\b", "a\0b")) {
      refusesToWrite(
          "'"
              + name
              + "' is no name that an .npz should have: as a file's it would lead out of the"
              + " archive.\nWrite a .safetensors.",
          true,
          name,
          ScalarType.FLOAT32);
    }
    refusesToWrite(
        "'w' is complex128[1], a type that a .safetensors cannot hold.\nWrite an .npz.",
        false,
        "w",
        ScalarType.COMPLEX128);
    refusesToWrite(
        "'__metadata__' is no name that an array of a .safetensors can have.\nWrite an .npz.",
        false,
        "__metadata__",
        ScalarType.FLOAT32);
  }
}

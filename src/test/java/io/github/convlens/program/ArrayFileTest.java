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
        "'a.npy' lies column after column (Fortran's order), which is not read.\n"
            + "Save numpy.ascontiguousarray(x).",
        "a.npy",
        npy("{'descr': '<f4', 'fortran_order': True, 'shape': (1, 3), }", 12));
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
    refuses("'w.safetensors'" + damaged, "w.safetensors", safetensors("{\"w\":1}", 0));
    String one = "\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}";
    String next = one.replace("[0,8]", "[8,16]");
    refuses(
        "'w.safetensors'" + damaged,
        "w.safetensors",
        safetensors("{" + one + "," + next + "}", 16));
    refuses("'w.safetensors'" + damaged, "w.safetensors", safetensors("{\"w\":{}}", 0));
    refuses(
        "'w.safetensors'" + damaged,
        "w.safetensors",
        new byte[] {(byte) 255, 127, 0, 0, 0, 0, 0, 0, 0});
    refuses(
        "'x.txt' is no file of arrays.\nGive a .npy, .npz or .safetensors.",
        "x.txt",
        "hello".getBytes(StandardCharsets.UTF_8));
  }
}

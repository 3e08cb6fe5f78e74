package io.github.convlens.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Pictures of every kind, against what Pillow reads in them: see pictures.py. */
class PictureFilesTest {
  private static final Path FOLDER =
      Path.of("src/test/resources/io/github/convlens/engine/pictures");

  @TempDir private Path temporary;

  @TestFactory
  Stream<DynamicTest> readsWhatPillowReads() throws IOException {
    return Files.readAllLines(FOLDER.resolve("expected.tsv")).stream()
        .filter(line -> !line.startsWith("#"))
        .map(line -> line.split("\t"))
        .map(parts -> DynamicTest.dynamicTest(parts[0], () -> check(parts[0], parts[1])));
  }

  private static void check(String name, String expected) throws IOException {
    Path file = FOLDER.resolve(name);
    List<String> notes = new ArrayList<>();
    if (expected.equals("refused")) {
      String message =
          assertThrows(IOException.class, () -> Pictures.read(file, notes::add)).getMessage();
      assertTrue(message.startsWith("'" + file + "' is damaged: "), message);
      return;
    }
    int[] numbers = Arrays.stream(expected.split(" ")).mapToInt(Integer::parseInt).toArray();
    int pixels = numbers[0] * numbers[1];
    try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
      var array =
          Pictures.array(
              manager, Precision.FLOAT32, Pictures.read(file, notes::add), 3, Optional.empty());
      assertEquals(new Shape(1, 3, numbers[0], numbers[1]), array.getShape());
      float[] values = array.toFloatArray();
      // Decoders of JPEG may round differently.
      double tolerance = name.endsWith(".jpg") ? 1.01 / 255 : 1e-6;
      for (int i = 0; i < pixels; i++) {
        for (int channel = 0; channel < 3; channel++) {
          assertEquals(
              numbers[2 + 3 * i + channel] / 255.0,
              values[channel * pixels + i],
              tolerance,
              "pixel " + i + ", channel " + channel);
        }
      }
    }
  }

  @Test
  void transparentPixelsAreNoted() throws IOException {
    for (String name :
        List.of("rgba.png", "grey-alpha.png", "grey16-alpha.png", "palette-trns.png")) {
      assertEquals(
          List.of(
              "'"
                  + FOLDER.resolve(name)
                  + "' has transparent pixels; they are taken in the colours that the file has"
                  + " under them. Put it on a background first if they are to have another."),
          notes(name));
    }
    for (String name : List.of("rgb.png", "grey-alpha-opaque.png", "palette.png", "rgb.jpg")) {
      assertEquals(List.of(), notes(name), name);
    }
  }

  private static List<String> notes(String name) throws IOException {
    List<String> notes = new ArrayList<>();
    Pictures.read(FOLDER.resolve(name), notes::add);
    return notes;
  }

  /**
   * A few kilobytes that would become 2.5 billion pixels, in every depth that fits Java's sizes.
   */
  @Test
  void isLookedAtBeforeItIsUnpacked() throws IOException {
    for (int bits : new int[] {1, 8}) {
      Path file = temporary.resolve("bomb" + bits + ".png");
      Files.write(file, png(50_000, 50_000, bits));
      String message =
          assertThrows(IOException.class, () -> Pictures.read(file, note -> {})).getMessage();
      assertEquals("'" + file + "' is 50000x50000; no side may be longer than 16384.", message);
    }
  }

  private static byte[] png(int height, int width, int bits) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeLong(0x89504e470d0a1a0aL);
    ByteArrayOutputStream header = new ByteArrayOutputStream();
    DataOutputStream fields = new DataOutputStream(header);
    fields.writeInt(width);
    fields.writeInt(height);
    fields.write(new byte[] {(byte) bits, 0, 0, 0, 0});
    chunk(out, "IHDR", header.toByteArray());
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    try (var zipped = new DeflaterOutputStream(data, new Deflater(9))) {
      zipped.write(new byte[1 << 20]);
    }
    chunk(out, "IDAT", data.toByteArray());
    chunk(out, "IEND", new byte[0]);
    return bytes.toByteArray();
  }

  private static void chunk(DataOutputStream out, String kind, byte[] data) throws IOException {
    out.writeInt(data.length);
    byte[] name = kind.getBytes(StandardCharsets.US_ASCII);
    out.write(name);
    out.write(data);
    CRC32 sum = new CRC32();
    sum.update(name);
    sum.update(data);
    out.writeInt((int) sum.getValue());
  }
}

package io.github.convlens.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.Size;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Pictures as torchvision's transforms make them (picture_transforms.py). */
class PictureTransformTest {
  private static final Path FOLDER =
      Path.of("src/test/resources/io/github/convlens/engine/pictures");

  @TestFactory
  Stream<DynamicTest> numbersAreThoseOfTorchvision() throws IOException {
    BufferedImage scene = Pictures.read(FOLDER.resolve("scene.png"), note -> {});
    return Files.readAllLines(FOLDER.resolve("transforms.tsv")).stream()
        .map(line -> line.split("\t", -1))
        .map(
            fields ->
                DynamicTest.dynamicTest(
                    "Resize " + fields[0] + ", CenterCrop " + fields[1],
                    () -> check(scene, fields)));
  }

  /** Scaled pixels may be off by one of 255, where Pillow rounds otherwise; a few are. */
  private static void check(BufferedImage scene, String[] fields) {
    PictureTransform transform =
        new PictureTransform(
            fields[0].equals("-") ? Optional.empty() : Optional.of(resize(fields[0])),
            fields[1].equals("-") ? Optional.empty() : Optional.of(size(fields[1])),
            numbers(fields[2], ","),
            numbers(fields[3], ","));
    List<Double> expected = numbers(fields[6], " ");
    try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
      NDArray made = Pictures.array(manager, Precision.FLOAT32, scene, 3, transform);
      assertEquals(
          new Shape(1, 3, Long.parseLong(fields[4]), Long.parseLong(fields[5])), made.getShape());
      float[] values = made.toFloatArray();
      double level = 1.0 / 255 / transform.deviation().stream().mapToDouble(d -> d).min().orElse(1);
      int off = 0;
      for (int i = 0; i < values.length; i++) {
        assertEquals(expected.get(i), values[i], 1.001 * level, "number " + i);
        off += Math.abs(expected.get(i) - values[i]) > 1e-5 ? 1 : 0;
      }
      assertTrue(off <= values.length / 50, off + " of " + values.length + " are off");
    }
  }

  private static PictureTransform.Resize resize(String text) {
    return text.contains("x")
        ? new PictureTransform.Exactly(size(text))
        : new PictureTransform.ShorterSide(Long.parseLong(text));
  }

  private static Size size(String text) {
    long[] numbers = Arrays.stream(text.split("x")).mapToLong(Long::parseLong).toArray();
    return numbers.length == 1 ? Size.square(numbers[0]) : new Size(numbers);
  }

  private static List<Double> numbers(String text, String separator) {
    return Arrays.stream(text.split(separator)).map(Double::valueOf).toList();
  }

  @Test
  void sizesAreThoseOfResize() {
    PictureTransform.Resize resize = new PictureTransform.ShorterSide(256);
    assertEquals(new Size(256, 341), resize.of(new Size(480, 640)));
    assertEquals(new Size(455, 256), resize.of(new Size(640, 360)));
    assertEquals(new Size(256, 256), resize.of(new Size(7, 7)));
  }

  @Test
  void whatCannotBeMadeIsRefused() {
    assertRefused(
        "numbers cannot be divided by a deviation of 0.",
        () -> of(Optional.empty(), List.of(0.5), List.of(0.0)));
    assertRefused(
        "mean and deviation have one number, or one a channel.",
        () -> of(Optional.empty(), List.of(), List.of(1.0)));
    assertRefused(
        "a picture of 0x0 cannot be made; its sides must be from 1 to 16384.",
        () -> of(Optional.of(new PictureTransform.ShorterSide(0)), List.of(0.0), List.of(1.0)));
    PictureTransform wide =
        of(Optional.of(new PictureTransform.ShorterSide(256)), List.of(0.0), List.of(1.0));
    assertRefused(
        "a picture of 256x25600 cannot be made; its sides must be from 1 to 16384.",
        () -> wide.size(new Size(1, 100)));
    assertRefused(
        "the mean has 3 numbers, and the picture one channel. Give one number.",
        () -> of(Optional.empty(), List.of(1.0, 2.0, 3.0), List.of(1.0)).checkChannels(1));
    assertRefused(
        "the deviation has 2 numbers, and the picture 3 channels. Give one number, or 3.",
        () -> of(Optional.empty(), List.of(1.0), List.of(1.0, 2.0)).checkChannels(3));
  }

  private static PictureTransform of(
      Optional<PictureTransform.Resize> resize, List<Double> mean, List<Double> deviation) {
    return new PictureTransform(resize, Optional.empty(), mean, deviation);
  }

  private static void assertRefused(String text, Runnable made) {
    assertEquals(text, assertThrows(IllegalArgumentException.class, made::run).getMessage());
  }
}

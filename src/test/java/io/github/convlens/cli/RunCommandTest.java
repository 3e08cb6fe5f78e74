package io.github.convlens.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.convlens.program.ArrayFile;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code convlens run} on pictures, with checks and timings, whose numbers no file can hold. */
class RunCommandTest {
  private static final String EDGES = "[[1, -1]]";
  private static final String PROGRAMS = "src/test/resources/io/github/convlens/engine/programs/";

  @TempDir Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Path picture = Path.of("");

  /** Black and, from column 3 on, white: 4 rows, 7 columns. */
  @BeforeEach
  void draw() throws IOException {
    BufferedImage image = new BufferedImage(7, 4, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < 4; y++) {
      for (int x = 3; x < 7; x++) {
        image.setRGB(x, y, 0xffffff);
      }
    }
    picture = folder.resolve("picture.png");
    ImageIO.write(image, "png", picture.toFile());
  }

  @Test
  void findsTheEdgeOfAPicture() throws IOException {
    Path maps = folder.resolve("maps");
    assertEquals(
        0,
        run(
            "--image",
            picture.toString(),
            "--weights",
            EDGES,
            "--save-maps",
            maps.toString(),
            "nn.Conv2d(1, 1, (1, 2))"));
    assertEquals("[4, 6]\nfrom -1.000 to 0.000, mean -0.1667\n", out.toString());
    assertTrue(err.toString().contains("note: 1 feature map(s) written to " + maps));
    BufferedImage map = ImageIO.read(maps.resolve("channel-000.png").toFile());
    assertEquals(List.of(6, 4), List.of(map.getWidth(), map.getHeight()));
    for (int x = 0; x < 6; x++) {
      // only the step from column 2 to 3 is not zero; the smallest number is black
      assertEquals(x == 2 ? 0 : 255, map.getRaster().getSample(x, 1, 0), "column " + x);
    }
    assertEquals(List.of("channel-000.png"), names(maps));
  }

  @Test
  void savesTheLayerThatIsNamed() throws IOException {
    Path maps = folder.resolve("maps");
    Files.createDirectories(maps);
    Files.writeString(maps.resolve("channel-000.png"), "an older one");
    assertEquals(0, run("--net", "lenet", "--layer", "3", "--save-maps", maps.toString()));
    assertEquals(16, names(maps).size());
    BufferedImage map = ImageIO.read(maps.resolve("channel-000.png").toFile());
    assertEquals(List.of(10, 10), List.of(map.getWidth(), map.getHeight()));
  }

  @Test
  void scalesThePictureToTheInput() {
    assertEquals(0, run("--image", picture.toString(), "--input", "8x14", "nn.MaxPool2d(2)"));
    assertTrue(out.toString().startsWith("[4, 7]\n"), out.toString());
  }

  @Test
  void aFolderThatCannotBeWrittenIsNamed() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "kept");
    assertEquals(2, run("--input", "4x4", "--save-maps", file.toString(), "nn.MaxPool2d(2)"));
    assertTrue(
        err.toString().contains("error: option --save-maps: '" + file + "' cannot be written: "),
        err.toString());
    assertEquals("kept", Files.readString(file));
    assertEquals("", out.toString());
  }

  @Test
  void aDamagedPictureIsNamed() throws IOException {
    byte[] whole = Files.readAllBytes(picture);
    Path cut = Files.write(folder.resolve("cut.png"), java.util.Arrays.copyOf(whole, 45));
    assertEquals(2, run("--image", cut.toString(), "nn.MaxPool2d(2)"));
    assertTrue(
        err.toString().startsWith("error: option --image: '" + cut + "' is damaged: "),
        err.toString());
  }

  @Test
  void transparentPixelsAreNoted() throws IOException {
    Path file = folder.resolve("transparent.png");
    BufferedImage image = new BufferedImage(2, 2, BufferedImage.TYPE_INT_ARGB);
    image.setRGB(0, 0, 0x00ffffff);
    image.setRGB(1, 1, 0xffffffff);
    ImageIO.write(image, "png", file.toFile());
    assertEquals(0, run("--image", file.toString(), "nn.Identity()"));
    assertTrue(
        err.toString().startsWith("note: '" + file + "' has transparent pixels; "), err.toString());
    assertTrue(out.toString().endsWith("mean 0.5000\n"), out.toString());
  }

  @Test
  void aPictureHasOneOrThreeChannels() {
    assertEquals(2, run("--image", picture.toString(), "--input", "4x4x7", "nn.Conv2d(4, 1, 3)"));
    assertEquals(
        "error: option --image: a picture has 1 channel (brightness) or 3 (red, green, blue), but"
            + " the first layer takes 4.\n",
        err.toString());
  }

  @Test
  void verifiesEveryLayer() {
    assertEquals(0, run("--net", "lenet", "--verify"));
    List<String> lines = out.toString().lines().toList();
    assertEquals("12 of 12 layers agree", lines.get(lines.size() - 1));
    assertEquals(12, lines.stream().filter(line -> line.endsWith("  agrees")).count());
  }

  @Test
  void timesBothLayouts() {
    String timing = "note: timing 2 runs in float32 with 1 thread ...\n";
    assertEquals(
        0,
        run("--input", "4x9x14", "--time", "--runs", "2", "--channels-last", "nn.Conv2d(4, 6, 3)"));
    List<String> lines = out.toString().lines().toList();
    assertTrue(lines.get(2).startsWith("channels first: median of 2 runs "), out.toString());
    assertTrue(lines.get(3).startsWith("channels last:  median of 2 runs "), out.toString());
    assertTrue(err.toString().contains(timing), err.toString());
  }

  @Test
  void namesTheShapeOfTheExample() {
    String[] question = {
      "--net",
      "examples/shapes.pt2",
      "--image",
      "examples/shape.png",
      "--top",
      "1",
      "--labels",
      "examples/shapes.txt"
    };
    assertEquals(0, run(question));
    assertEquals("1.0000  class 1  ring", out.toString().lines().toList().get(2));
  }

  @Test
  void aPictureIsScaledToTheSizeOfTheExport() {
    String[] program = {"--net", PROGRAMS + "sizes.pt2", "--image", picture.toString()};
    assertEquals(0, run(program));
    assertTrue(err.toString().endsWith("note: the picture is scaled to 9x11.\n"), err.toString());
    String scaled = out.toString();
    out.getBuffer().setLength(0);
    assertEquals(0, run(with(program, "--resize", "9x11")));
    assertEquals(scaled, out.toString());
  }

  @Test
  void aPictureIsScaledToThePresetsOwnInput() {
    assertEquals(0, run("--net", "lenet", "--image", picture.toString()));
    assertTrue(out.toString().startsWith("[10]\n"), out.toString());
    assertTrue(
        err.toString().startsWith("note: the picture is scaled to 28x28.\n"), err.toString());
  }

  @Test
  void aPictureOfAnotherSizeKeepsItsProportions() {
    String net = "examples/shapes.pt2";
    String start =
        "note: PyTorch 2.7.1 on cpu\nerror: options --resize and --crop make a picture of ";
    assertEquals(2, run("--net", net, "--image", picture.toString(), "--crop", "20"));
    assertEquals(
        start + "20x20, and the input is 28x28. Use --resize 32 --crop 28.\n", err.toString());
    err.getBuffer().setLength(0);
    assertEquals(2, run("--net", net, "--image", picture.toString(), "--resize", "28"));
    assertEquals(start + "28x49, and the input is 28x28. Use --crop 28.\n", err.toString());
  }

  @Test
  void savesTensors() throws IOException {
    Path file = folder.resolve("y.safetensors");
    assertEquals(0, run("--input", "1x4x4", "--save-output", file.toString(), "nn.MaxPool2d(2)"));
    ArrayFile.Numbers saved = ArrayFile.read(file).get("y0");
    assertEquals("float32[1, 1, 2, 2]", saved.type().toString());
  }

  /** What a program draws is drawn anew for each seed, and is the same for the same. */
  @Test
  void aSeedIsForWhatAProgramDraws() {
    Set<String> ranges = new HashSet<>();
    for (String seed : List.of("1", "2", "1", "2")) {
      out.getBuffer().setLength(0);
      assertEquals(0, run("--net", PROGRAMS + "draws.pt2", "--seed", seed), err::toString);
      ranges.add(out.toString());
    }
    assertEquals(2, ranges.size(), ranges::toString);
  }

  /** NumPy has no bfloat16; its float32 is what such an array is in Java. */
  @Test
  void anInputOfBfloat16IsGivenAsFloat32() {
    assertEquals(
        0,
        run("--net", PROGRAMS + "bfloat16.pt2", "--input-file", PROGRAMS + "bfloat16.npz"),
        err::toString);
    assertTrue(out.toString().startsWith("[2, 4]\n"), out.toString());
  }

  private int run(String... words) {
    String[] args =
        Stream.concat(Stream.of("run", "--device", "cpu"), Stream.of(words)).toArray(String[]::new);
    return ConvLens.run(
        InputStream.nullInputStream(), new PrintWriter(out), new PrintWriter(err), args);
  }

  private static String[] with(String[] words, String... more) {
    return Stream.concat(Stream.of(words), Stream.of(more)).toArray(String[]::new);
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}

package io.github.convlens.lesson;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import io.github.convlens.engine.LayerBlocks;
import io.github.convlens.engine.PyTorchInit;
import io.github.convlens.graph.Shapes;
import io.github.convlens.notation.PyTorch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointsTest {
  private static final Shape INPUT = new Shape(1, 2, 4, 5);

  @TempDir private Path temporary;
  private final List<String> notes = new ArrayList<>();

  @Test
  void theNewestComesBackWithItsProperties() throws IOException {
    Checkpoints checkpoints = checkpoints();
    float[] second;
    try (Model model = model()) {
      initialize(model, 1);
      model.setProperty("Result", "so far so good");
      checkpoints.save(model, 9, "seed 1");
      initialize(model, 2);
      second = weights(model);
      checkpoints.save(model, 10, "seed 1");
    }
    try (Model model = initialized()) {
      assertEquals(OptionalInt.of(10), checkpoints.restore(model, "seed 1", notes::add));
      assertArrayEquals(second, weights(model));
      assertEquals("so far so good", model.getProperty("Result"));
    }
    assertEquals(List.of(), notes);
    assertEquals(List.of("net-0009.checkpoint", "net-0010.checkpoint"), files());
  }

  @Test
  void withoutAFolderThereIsNone() throws IOException {
    try (Model model = initialized()) {
      float[] before = weights(model);
      assertEquals(OptionalInt.empty(), checkpoints().restore(model, "", notes::add));
      assertArrayEquals(before, weights(model));
    }
  }

  /** Files of another net, folders, and what a kill in the middle of writing leaves, are none. */
  @Test
  void othersFilesAreNone() throws IOException {
    Path folder = Files.createDirectories(checkpoints().folder());
    Files.writeString(folder.resolve("partial"), "in the way once");
    Files.writeString(folder.resolve(".convlens-1.part"), "ConvLens checkpoint 1");
    Files.writeString(folder.resolve("other-0004.checkpoint"), "ConvLens checkpoint 1");
    Files.writeString(folder.resolve("net-0005.checkpoint.old"), "ConvLens checkpoint 1");
    Files.createDirectories(folder.resolve("net-0006.checkpoint"));
    try (Model model = initialized()) {
      assertEquals(OptionalInt.empty(), checkpoints().restore(model, "", notes::add));
      checkpoints().save(model, 3, "");
      assertEquals(OptionalInt.of(3), checkpoints().restore(model, "", notes::add));
    }
    assertEquals(List.of(), notes);
    assertTrue(files().contains("partial"), "not ours to remove");
  }

  /** A folder of that name, with something in it, once stopped every save. */
  @Test
  void junkNamedPartialIsNotInTheWay() throws IOException {
    Path partial = Files.createDirectories(checkpoints().folder().resolve("partial"));
    Files.writeString(partial.resolve("net-0003.params"), "DJL@");
    Files.writeString(partial.resolve("junk"), "junk");
    try (Model model = initialized()) {
      checkpoints().save(model, 3, "");
    }
    assertEquals(List.of("net-0003.checkpoint", "partial"), files());
  }

  @Test
  void aFileInTheFoldersPlaceIsRefusedAtOnce() throws IOException {
    Path file = Files.writeString(checkpoints().folder(), "kept");
    IOException e = assertThrows(IOException.class, () -> checkpoints().makeFolder());
    assertEquals("'" + file + "' cannot be written: it is a file, not a folder.", e.getMessage());
    assertEquals("kept", Files.readString(file));
  }

  /** Cut anywhere, a file is passed over for the one before it, and the weights are that one's. */
  @Test
  void aFileThatIsNotWholeIsPassedOver() throws IOException {
    Damage damage = new Damage();
    for (int length = 0; length < damage.whole.length; length += 7) {
      damage.check(Arrays.copyOf(damage.whole, length), "cut after " + length);
    }
  }

  /** What is no checkpoint at all does not stand before the good ones, and is called what it is. */
  @Test
  void garbageIsPassedOver() throws IOException {
    Damage damage = new Damage();
    byte[] garbage = new byte[5000];
    new Random(1).nextBytes(garbage);
    damage.check(garbage, "which is no checkpoint", "noise");
    damage.check(
        "DJL@ and so on".getBytes(StandardCharsets.UTF_8), "which is no checkpoint", "DJL");
    damage.check(new byte[3000], "which is no checkpoint", "zeros");
  }

  /** Bits turned, bytes replaced, cut out, put in: never believed, and never more than a note. */
  @Test
  void damagedBytesAreNeverBelieved() throws IOException {
    Damage damage = new Damage();
    Random random = new Random(42);
    for (int i = 0; i < 600; i++) {
      byte[] bytes = damage.whole.clone();
      int at = random.nextInt(bytes.length);
      String what;
      switch (i % 4) {
        case 0 -> {
          bytes[at] ^= (byte) (1 << random.nextInt(8));
          what = "a bit at ";
        }
        case 1 -> {
          int until = Math.min(bytes.length, at + 1 + random.nextInt(8));
          Arrays.fill(bytes, at, until, (byte) (random.nextBoolean() ? 0xff : 0x7f));
          bytes[at] ^= (byte) (Arrays.equals(bytes, damage.whole) ? 1 : 0);
          what = "high bytes at ";
        }
        case 2 -> {
          System.arraycopy(damage.whole, at, bytes, Math.max(0, at - 1), bytes.length - at);
          bytes = Arrays.copyOf(bytes, bytes.length - 1);
          what = "a byte taken out before ";
        }
        default -> {
          bytes = Arrays.copyOf(bytes, bytes.length + 1);
          System.arraycopy(damage.whole, at, bytes, at + 1, damage.whole.length - at);
          what = "a byte put in at ";
        }
      }
      damage.check(bytes, what + at);
    }
  }

  /** Two good checkpoints, the newer of which is damaged again and again. */
  private final class Damage {
    private final Checkpoints checkpoints = checkpoints();
    private final Path newest = checkpoints.folder().resolve("net-0002.checkpoint");
    private final float[] first;
    private final byte[] whole;

    Damage() throws IOException {
      try (Model model = initialized()) {
        first = weights(model);
        checkpoints.save(model, 1, "seed 1");
        initialize(model, 2);
        checkpoints.save(model, 2, "seed 1");
      }
      whole = Files.readAllBytes(newest);
    }

    void check(byte[] damaged, String what) throws IOException {
      boolean begins = Arrays.equals(Arrays.copyOf(damaged, 22), Arrays.copyOf(whole, 22));
      boolean isCut = damaged.length < 22 && Arrays.mismatch(damaged, whole) == damaged.length;
      check(
          damaged,
          begins || isCut ? "which is not whole: its checksum is wrong" : "which is no checkpoint",
          what);
    }

    void check(byte[] damaged, String words, String what) throws IOException {
      Files.write(newest, damaged);
      notes.clear();
      try (Model model = initialized()) {
        assertEquals(
            OptionalInt.of(1), checkpoints.restore(model, "seed 1", notes::add), () -> what);
        assertArrayEquals(first, weights(model), what);
        assertEquals(List.of("passed over " + newest + ", " + words), notes, what);
      }
    }
  }

  @Test
  void ifNoneIsWholeTheWeightsStay() throws IOException {
    Checkpoints checkpoints = checkpoints();
    try (Model model = initialized()) {
      checkpoints.save(model, 1, "");
    }
    Path only = checkpoints.folder().resolve("net-0001.checkpoint");
    byte[] whole = Files.readAllBytes(only);
    Files.write(only, Arrays.copyOf(whole, whole.length - 1));
    try (Model model = model()) {
      initialize(model, 2);
      float[] before = weights(model);
      assertEquals(OptionalInt.empty(), checkpoints.restore(model, "", notes::add));
      assertArrayEquals(before, weights(model));
    }
  }

  /** As PyTorch's load_state_dict: what is missing, and what has another shape, with both. */
  @Test
  void anotherNetworksWeightsAreRefused() throws IOException {
    try (Model model = model("nn.Sequential(nn.Conv2d(2, 3, (2, 3)), nn.PReLU())")) {
      initialize(model, 1);
      checkpoints().save(model, 1, "");
    }
    try (Model model = model("nn.Sequential(nn.Conv2d(2, 5, (2, 3)), nn.BatchNorm2d(5))")) {
      initialize(model, 2);
      float[] before = weights(model);
      IllegalArgumentException e =
          assertThrows(
              IllegalArgumentException.class, () -> checkpoints().restore(model, "", notes::add));
      assertEquals(
          ("the checkpoint " + checkpoints().folder().resolve("net-0001.checkpoint"))
              + " does not fit the network.\n"
              + "0.weight: (3, 2, 2, 3) float32 in the file, (5, 2, 2, 3) float32 in the network\n"
              + "0.bias: (3) float32 in the file, (5) float32 in the network\n"
              + "1.weight: (1) float32 in the file, (5) float32 in the network\n"
              + "1.bias: missing in the file, (5) float32 in the network\n"
              + "1.running_mean: missing in the file, (5) float32 in the network\n"
              + "1.running_var: missing in the file, (5) float32 in the network\n"
              + "Build the network that it was made with, name another folder, or delete this one.",
          e.getMessage());
      assertArrayEquals(before, weights(model));
    }
  }

  /** Of a network on many lines, the first that was edited is shown. */
  @Test
  void anEditedNetworkIsAnotherTraining() throws IOException {
    try (Model model = initialized()) {
      checkpoints().save(model, 4, "seed 1\nSequential(\n  Conv2d(1, 6, 5)\n  ReLU()\n)");
      IllegalArgumentException e =
          assertThrows(
              IllegalArgumentException.class,
              () ->
                  checkpoints()
                      .restore(
                          model,
                          "seed 1\nSequential(\n  Conv2d(1, 12, 5)\n  ReLU()\n)",
                          notes::add));
      assertTrue(
          e.getMessage().contains("It was made with Conv2d(1, 6, 5); this is Conv2d(1, 12, 5).\n"),
          e.getMessage());
    }
  }

  @Test
  void anotherTrainingsCheckpointIsRefused() throws IOException {
    Checkpoints checkpoints = checkpoints();
    try (Model model = model()) {
      initialize(model, 1);
      checkpoints.save(model, 4, "seed 1, 512 pictures");
    }
    try (Model model = initialized()) {
      String message =
          assertThrows(
                  IllegalArgumentException.class,
                  () -> checkpoints.restore(model, "seed 2, 512 pictures", notes::add))
              .getMessage();
      assertEquals(
          "the checkpoint "
              + checkpoints.folder().resolve("net-0004.checkpoint")
              + " belongs to another training.\n"
              + "It was made with seed 1, 512 pictures; this is seed 2, 512 pictures.\n"
              + "Name another folder, or delete this one.",
          message);
    }
  }

  private Checkpoints checkpoints() {
    return new Checkpoints(temporary.resolve("checkpoints"));
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(checkpoints().folder())) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static Model initialized() {
    Model model = model();
    initialize(model, 1);
    return model;
  }

  private static Model model() {
    return model("nn.Sequential(nn.Conv2d(2, 3, (2, 3)), nn.Flatten(), nn.Linear(27, 4))");
  }

  private static Model model(String notation) {
    Block block = LayerBlocks.of(Shapes.infer(PyTorch.parse(notation), INPUT));
    Model model = Model.newInstance("net");
    model.setBlock(block);
    return model;
  }

  private static void initialize(Model model, long seed) {
    model.getBlock().clear();
    PyTorchInit.seeded(seed).setInitializers(model.getBlock());
    model.getBlock().initialize(model.getNDManager(), DataType.FLOAT32, INPUT);
  }

  private static float[] weights(Model model) {
    float[] all = new float[0];
    for (var parameter : model.getBlock().getParameters().values()) {
      NDArray array = parameter.getArray();
      float[] values = array.toFloatArray();
      int before = all.length;
      all = Arrays.copyOf(all, before + values.length);
      System.arraycopy(values, 0, all, before, values.length);
    }
    return all;
  }
}

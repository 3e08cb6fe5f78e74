package io.github.convlens.lesson;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import io.github.convlens.engine.LayerBlocks;
import io.github.convlens.engine.PyTorchInit;
import io.github.convlens.notation.PyTorch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
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
    try (Model model = model()) {
      assertEquals(OptionalInt.of(10), checkpoints.restore(model, "seed 1", notes::add));
      assertArrayEquals(second, weights(model));
      assertEquals("so far so good", model.getProperty("Result"));
    }
    assertEquals(List.of(), notes);
    assertEquals(List.of("net-0009.params", "net-0010.params"), files());
  }

  @Test
  void withoutAFolderThereIsNone() throws IOException {
    try (Model model = model()) {
      assertEquals(OptionalInt.empty(), checkpoints().restore(model, "", notes::add));
      assertFalse(model.getBlock().isInitialized());
    }
  }

  /** Files of another net, and what a kill in the middle of writing leaves, are no checkpoints. */
  @Test
  void othersFilesAreNone() throws IOException {
    Path folder = checkpoints().folder();
    Files.createDirectories(folder.resolve("partial"));
    Files.writeString(folder.resolve("partial").resolve("net-0003.params"), "DJL@");
    Files.writeString(folder.resolve("other-0004.params"), "DJL@");
    Files.writeString(folder.resolve("net-0005.params.old"), "DJL@");
    try (Model model = model()) {
      assertEquals(OptionalInt.empty(), checkpoints().restore(model, "", notes::add));
      initialize(model, 1);
      checkpoints().save(model, 3, "");
    }
    assertTrue(files().contains("net-0003.params"));
    assertFalse(files().contains("partial"));
  }

  /** Cut anywhere, a file is passed over for the one before it, and the weights are that one's. */
  @Test
  void aFileThatIsNotWholeIsPassedOver() throws IOException {
    Checkpoints checkpoints = checkpoints();
    float[] first;
    try (Model model = model()) {
      initialize(model, 1);
      first = weights(model);
      checkpoints.save(model, 1, "");
      initialize(model, 2);
      checkpoints.save(model, 2, "");
    }
    Path newest = checkpoints.folder().resolve("net-0002.params");
    byte[] whole = Files.readAllBytes(newest);
    int cuts = 0;
    for (int length = 0; length < whole.length; length += 7, cuts++) {
      Files.write(newest, Arrays.copyOf(whole, length));
      try (Model model = model()) {
        notes.clear();
        int cut = length;
        assertEquals(
            OptionalInt.of(1),
            checkpoints.restore(model, "", notes::add),
            () -> "cut after " + cut + " of " + whole.length);
        assertArrayEquals(first, weights(model));
        assertEquals(List.of("passed over " + newest + ", which is not whole"), notes);
      }
    }
    assertTrue(cuts > 150, cuts + " cuts");
  }

  /** Nothing that was loaded in part may stay. */
  @Test
  void ifNoneIsWholeTheModelStaysWithoutWeights() throws IOException {
    Checkpoints checkpoints = checkpoints();
    try (Model model = model()) {
      initialize(model, 1);
      checkpoints.save(model, 1, "");
    }
    Path only = checkpoints.folder().resolve("net-0001.params");
    byte[] whole = Files.readAllBytes(only);
    Files.write(only, Arrays.copyOf(whole, whole.length - 1));
    try (Model model = model()) {
      assertEquals(OptionalInt.empty(), checkpoints.restore(model, "", notes::add));
      assertFalse(model.getBlock().isInitialized());
      initialize(model, 1); // and can be given some
    }
  }

  @Test
  void anotherTrainingsCheckpointIsRefused() throws IOException {
    Checkpoints checkpoints = checkpoints();
    try (Model model = model()) {
      initialize(model, 1);
      checkpoints.save(model, 4, "seed 1, 512 pictures");
    }
    try (Model model = model()) {
      String message =
          assertThrows(
                  IllegalArgumentException.class,
                  () -> checkpoints.restore(model, "seed 2, 512 pictures", notes::add))
              .getMessage();
      assertEquals(
          "the checkpoint "
              + checkpoints.folder().resolve("net-0004.params")
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

  private static Model model() {
    Block block =
        LayerBlocks.of(
            PyTorch.parse("nn.Sequential(nn.Conv2d(2, 3, (2, 3)), nn.Flatten(), nn.Linear(27, 4))")
                .layer());
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

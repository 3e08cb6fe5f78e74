package io.github.convlens.lesson;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.initializer.ConstantInitializer;
import io.github.convlens.engine.LayerBlocks;
import io.github.convlens.graph.Shapes;
import io.github.convlens.notation.PyTorch;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example's training, in seconds, on pictures that are easy to tell apart. */
class LeNetFashionMnistTest {
  @TempDir private Path folder;
  private int threads;

  @BeforeEach
  void writeFiles() throws IOException {
    Engine.getEngine("PyTorch"); // else there is nobody to ask for threads
    threads = JniUtils.getNumThreads();
    MadeUpPictures.write(folder, 600, 100);
  }

  @AfterEach
  void giveThreadsBack() {
    JniUtils.setNumThreads(threads);
  }

  private record Run(int exit, String out, String err) {
    List<String> lines() {
      return out.lines().toList();
    }

    /** Loss, accuracy, accuracy on the test pictures of each epoch. */
    List<double[]> epochs() {
      List<double[]> epochs = new ArrayList<>();
      for (String line : lines()) {
        if (line.contains(" loss ")) {
          String[] numbers = line.replaceAll(".*loss |[a-z ]", "").split(",");
          epochs.add(Arrays.stream(numbers).mapToDouble(Double::parseDouble).toArray());
        }
      }
      return epochs;
    }
  }

  @Test
  void theModernNetLearns() throws Exception {
    Run run = train("here", "--net", "modern", "--epochs", "15", "--slice", "512");
    assertEquals(0, run.exit(), run.err());
    List<double[]> epochs = run.epochs();
    assertEquals(15, epochs.size(), run.out());
    double[] first = epochs.get(0);
    double[] last = epochs.get(14);
    assertTrue(last[0] < first[0] / 2, run.out());
    assertTrue(last[1] > first[1] + 0.3, run.out());
    assertTrue(last[2] > first[2] + 0.3, run.out());
    assertEquals("modern: 512 pictures, batch 64, learning rate 0.2, seed 0", run.lines().get(0));
  }

  /** Both nets: three epochs at once, or one, and then two more from its checkpoint. */
  @Test
  void whatWasInterruptedEndsAsIfItHadNotBeen() throws Exception {
    Run whole = train("whole", "--epochs", "3", "--slice", "300");
    assertEquals(0, whole.exit(), whole.err());
    assertEquals(8, whole.lines().size(), whole.out());
    train("parts", "--epochs", "1", "--slice", "300");
    Run rest = train("parts", "--epochs", "3", "--slice", "300");
    assertEquals(0, rest.exit(), rest.err());

    List<String> expected = new ArrayList<>(whole.lines());
    String from = ": goes on after epoch 1, from " + folder.resolve("parts");
    expected.add(2, "lesson" + from);
    expected.add(7, "modern" + from);
    assertEquals(expected, rest.lines());
    for (String last : List.of("lesson-0003.checkpoint", "modern-0003.checkpoint")) {
      assertArrayEquals(
          Files.readAllBytes(folder.resolve("whole").resolve(last)),
          Files.readAllBytes(folder.resolve("parts").resolve(last)),
          last);
    }
  }

  /** What has been trained to the end says so again and trains no more. */
  @Test
  void aFinishedTrainingIsNotRepeated() throws Exception {
    String[] options = {"--net", "lesson", "--epochs", "1", "--slice", "50"};
    Run first = train("here", options);
    Run second = train("here", options);
    assertEquals(first.lines(), second.lines().subList(0, 2));
    assertEquals(3, second.lines().size(), second.out());
  }

  @Test
  void leavesNoArrayBehind() throws Exception {
    int[] arrays = new int[2];
    for (int i = 0; i < 2; i++) {
      train("run " + i, "--net", "modern", "--epochs", "2", "--slice", "100");
      try (NDManager manager = NDManager.newBaseManager()) {
        arrays[i] = manager.getParentManager().getManagedArrays().size();
      }
    }
    assertEquals(arrays[0], arrays[1]);
  }

  @Test
  void saysWhatIsWrong() throws Exception {
    Path file = folder.resolve("t10k-labels-idx1-ubyte.gz");
    Files.writeString(file, "?");
    Run run = train("here", "--net", "modern");
    assertEquals(1, run.exit());
    assertEquals("", run.out());
    assertEquals(
        "error: the data file " + file + " breaks off within its first 8 bytes.\n",
        run.err().replaceFirst("Get it again.*\\R", ""));
    assertEquals(
        "error: --slice, --threads and --epochs must be at least 1.\n",
        train("here", "--slice", "0").err());
    assertEquals(
        "error: 'tpu' is not a device. Use auto, cpu, cuda, cuda:N or mps.\n",
        train("here", "--device", "tpu").err());
  }

  /** As if the example had had 12 channels then, and been edited to 6. */
  @Test
  void anEditedNetIsAnotherTraining() throws Exception {
    String[] options = {"--net", "modern", "--epochs", "1", "--slice", "50"};
    assertEquals(0, train("here", options).exit());
    rewrite(folder.resolve("here"), settings -> settings.replace("(1, 6,", "(1, 12,"), 0);
    Run run = train("here", options);
    assertEquals(1, run.exit());
    assertEquals(
        ("error: the checkpoint " + folder.resolve("here").resolve("modern-0001.checkpoint"))
            + " belongs to another training.\n"
            + "It was made with nn.Conv2d(1, 12, kernel_size=5, padding=2); this is"
            + " nn.Conv2d(1, 6, kernel_size=5, padding=2).\n"
            + "Name another folder, or delete this one.\n",
        run.err());
  }

  @Test
  void aFileInTheCheckpointsPlaceIsRefusedBeforeTheTraining() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "kept");
    Run run = train("file", "--net", "modern", "--epochs", "1", "--slice", "50");
    assertEquals(1, run.exit());
    assertEquals(
        "error: '" + file + "' cannot be written: it is a file, not a folder.\n", run.err());
    assertEquals(0, run.epochs().size(), run.out());
  }

  /** Weights that are no numbers stand for steps that were too large. */
  @Test
  void aLossThatIsNoNumberIsOneLine() throws Exception {
    train("here", "--net", "modern", "--epochs", "1", "--slice", "50");
    rewrite(folder.resolve("here"), settings -> settings, Float.NaN);
    Run run = train("here", "--net", "modern", "--epochs", "2", "--slice", "50");
    assertEquals(1, run.exit());
    assertEquals(
        "error: modern: in epoch 2 the loss is no longer a number (NaN). Try a lower learning"
            + " rate.\n",
        run.err());
  }

  /** Writes the first checkpoint anew, with these settings and this number for all weights. */
  private static void rewrite(Path checkpoints, UnaryOperator<String> settings, float weight)
      throws IOException {
    CheckpointFile.Header header;
    try (CheckpointFile file = new CheckpointFile(checkpoints.resolve("modern-0001.checkpoint"))) {
      header = file.header();
    }
    String notation = header.settings().lines().skip(1).collect(Collectors.joining("\n"));
    try (Model model = Model.newInstance("modern")) {
      Shape picture = new Shape(1, 1, 28, 28);
      model.setBlock(LayerBlocks.of(Shapes.infer(PyTorch.parse(notation), picture)));
      model.getBlock().setInitializer(new ConstantInitializer(weight), parameter -> true);
      model.getBlock().initialize(model.getNDManager(), DataType.FLOAT32, picture);
      header.properties().forEach(model::setProperty);
      new Checkpoints(checkpoints).save(model, 1, settings.apply(header.settings()));
    }
  }

  private Run train(String checkpoints, String... options) throws ReflectiveOperationException {
    List<String> all = new ArrayList<>(List.of("--data", folder.toString()));
    all.addAll(List.of("--checkpoints", folder.resolve(checkpoints).toString()));
    all.addAll(List.of(options));
    return run(all.toArray(String[]::new));
  }

  private static Run run(String... options) throws ReflectiveOperationException {
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
    ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
    try {
      System.setOut(new PrintStream(outBytes, true, StandardCharsets.UTF_8));
      System.setErr(new PrintStream(errBytes, true, StandardCharsets.UTF_8));
      Object exit =
          Class.forName("LeNetFashionMnist")
              .getMethod("run", String[].class)
              .invoke(null, (Object) options);
      String logged = errBytes.toString(StandardCharsets.UTF_8);
      return new Run(
          (int) exit,
          outBytes.toString(StandardCharsets.UTF_8),
          logged.replaceAll("(?m)^\\[.*] (INFO|WARN) .*\\R", ""));
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
  }
}

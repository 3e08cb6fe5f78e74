package io.github.convlens.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonObject;
import io.github.convlens.engine.PyTorchEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every notebook gives what is saved in it. With the system property {@code convlens.notebooks} set
 * to {@code write} (the profile {@code notebooks}) the outputs are written instead.
 */
class NotebooksTest {
  static final Path FOLDER = Path.of("notebooks-java");
  private static final String LETTERS = "letters";

  /**
   * All notebooks, English and Chinese, or those whose path contains the system property {@code
   * convlens.notebooks.only}.
   */
  static List<Path> files() throws IOException {
    String only = System.getProperty("convlens.notebooks.only", "");
    try (Stream<Path> files = Files.walk(FOLDER)) {
      return files
          .filter(file -> file.toString().endsWith(".ipynb") && file.toString().contains(only))
          .sorted()
          .toList();
    }
  }

  @BeforeAll
  static void startTheEngine() {
    PyTorchEngine.start(progress -> {});
  }

  @TestFactory
  Stream<DynamicTest> giveWhatIsSavedInThem() throws IOException {
    boolean write = System.getProperty("convlens.notebooks", "check").equals("write");
    return files().stream()
        .map(
            file ->
                DynamicTest.dynamicTest(
                    file.toString(),
                    () -> {
                      if (write) {
                        write(file);
                      } else {
                        check(file);
                      }
                    }));
  }

  /**
   * After <i>Run All</i> a reader goes back and changes a cell, and solves the exercises; the
   * Chinese have the same code, but say in Chinese whether an answer is right.
   */
  @TestFactory
  Stream<DynamicTest> canBeRunAgainFromAnyCellAndEachExerciseSolved() throws IOException {
    return files().stream()
        .map(
            file ->
                DynamicTest.dynamicTest(
                    file.toString(),
                    () -> {
                      if (FOLDER.equals(file.getParent())) {
                        Notebook.read(file).runAndGoBack();
                      } else {
                        Notebook.read(file).runAndSolve();
                      }
                    }));
  }

  private static void check(Path file) throws IOException {
    Notebook saved = Notebook.read(file);
    assertEquals(saved.text(), Files.readString(file), "as Jupyter writes it");
    JsonObject ours = saved.metadata().getAsJsonObject("convlens");
    boolean alike = Output.string(ours.get(LETTERS)).equals(Pictures.letters());
    new SavedOutputs(alike ? Pictures.EXACT : Pictures.ROUGH).check(saved, saved.run());
  }

  private static void write(Path file) throws IOException {
    Notebook notebook = Notebook.read(file).run();
    JsonObject ours = new JsonObject();
    ours.addProperty(LETTERS, Pictures.letters());
    notebook.metadata().add("convlens", ours);
    Files.writeString(file, notebook.text());
  }
}

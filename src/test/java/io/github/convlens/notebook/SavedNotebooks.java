package io.github.convlens.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/** The notebook files, and what is held of each: a run of it gives what is saved. */
final class SavedNotebooks {
  static final Path FOLDER = Path.of("notebooks-java");
  static final Path CHINESE = FOLDER.resolve("zh");
  private static final String LETTERS = "letters";

  private SavedNotebooks() {}

  /** All notebooks, English and Chinese. */
  static List<Path> all() throws IOException {
    return Stream.concat(in(FOLDER).stream(), in(CHINESE).stream()).toList();
  }

  /**
   * The notebooks of a folder, or those whose path contains the system property {@code
   * convlens.notebooks.only}.
   */
  static List<Path> in(Path folder) throws IOException {
    String only = System.getProperty("convlens.notebooks.only", "");
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".ipynb") && file.toString().contains(only))
          .sorted()
          .toList();
    }
  }

  /**
   * A test for each notebook of a folder: a run gives what is saved. With the system property
   * {@code convlens.notebooks} set to {@code write} (the profile {@code notebooks}) it is saved
   * instead.
   *
   * @param run how it is run
   */
  static Stream<DynamicTest> tests(Path folder, UnaryOperator<Notebook> run) throws IOException {
    boolean write = System.getProperty("convlens.notebooks", "check").equals("write");
    return in(folder).stream()
        .map(
            file ->
                DynamicTest.dynamicTest(
                    file.toString(),
                    () -> {
                      if (write) {
                        write(file);
                      } else {
                        check(file, run);
                      }
                    }));
  }

  private static void check(Path file, UnaryOperator<Notebook> run) throws IOException {
    Notebook saved = Notebook.read(file);
    assertEquals(saved.text(), Files.readString(file), "as Jupyter writes it");
    JsonObject ours = saved.metadata().getAsJsonObject("convlens");
    boolean alike = Output.string(ours.get(LETTERS)).equals(Pictures.letters());
    new SavedOutputs(alike ? Pictures.EXACT : Pictures.ROUGH).check(saved, run.apply(saved));
  }

  private static void write(Path file) throws IOException {
    Notebook notebook = Notebook.read(file).run();
    JsonObject ours = new JsonObject();
    ours.addProperty(LETTERS, Pictures.letters());
    notebook.metadata().add("convlens", ours);
    Files.writeString(file, notebook.text());
  }
}

package io.github.convlens.lesson;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example that fine-tunes an exported program, on fewer pictures. */
class FineTuneTest {
  @TempDir private Path folder;

  @Test
  void theProgramLearnsTenOtherKinds() throws Exception {
    MadeUpPictures.write(folder, 300, 10);
    Path saved = folder.resolve("saved");
    List<String> lines =
        run("--data", folder.toString(), "--slice", "300", "--save", saved.toString());
    assertEquals(3, lines.size(), lines::toString);
    assertTrue(
        lines.get(1).matches("all the network: accuracy (1.000|0.9\\d\\d)"), lines::toString);
    assertEquals("saved in " + saved, lines.get(2));
    try (Stream<Path> files = Files.list(saved)) {
      assertEquals(1, files.count());
    }
  }

  private static List<String> run(String... args) throws ReflectiveOperationException {
    PrintStream before = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    try (PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8)) {
      System.setOut(out);
      Class.forName("FineTune").getMethod("run", String[].class).invoke(null, (Object) args);
    } finally {
      System.setOut(before);
    }
    return printed.toString(StandardCharsets.UTF_8).lines().toList();
  }
}

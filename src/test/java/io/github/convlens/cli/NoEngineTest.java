package io.github.convlens.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands that need no engine load none: neither DJL's engine classes nor a window system. */
class NoEngineTest {
  private static final List<String> FORBIDDEN =
      List.of("ai.djl.engine.", "ai.djl.pytorch.", "ai.djl.nn.", "ai.djl.util.", "java.awt.");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "shape --input 8x8 Conv2d(1,1,3)",
        "shape --input 8x8 --kernel 3x5 --explain",
        "shape --input 8x8 Conv2d(1,1,9)",
        "shape --net resnet18",
        "trace --net resnet50",
        "trace --net lenet --format json",
        "trace --net src/test/resources/io/github/convlens/oracles/programs/unet.pt2",
        "shape --net src/test/resources/io/github/convlens/oracles/programs/dynamic.txt",
        "code --net lenet",
        "weights show src/test/resources/io/github/convlens/program/state.pth",
        "weights copy src/test/resources/io/github/convlens/oracles/programs/unet.pt2"
            + " src/test/resources/io/github/convlens/oracles/programs/unet.pt2 target/unet.pt2",
        "weights convert src/test/resources/io/github/convlens/oracles/programs/unet.pt2 target/w.npz",
        "nets",
        "solve --input 224 --output 56",
        "plan --input 224 --layers 8 --halvings 5",
        "page --out target/page.html --net lenet",
        "lesson notes --claim 4",
        "lesson --help",
        "shape --help"
      })
  void loadsNoEngine(String command) throws IOException, InterruptedException {
    Set<String> loaded = classesLoadedBy(command.split(" "));
    assertTrue(loaded.contains("io.github.convlens.cli.ConvLens"), "the log names classes");
    assertEquals(List.of(), loaded.stream().filter(NoEngineTest::isForbidden).sorted().toList());
  }

  /** A start is as long as what it loads, lambdas among them. */
  @Test
  void aShapeTakesFewClasses() throws IOException, InterruptedException {
    Set<String> loaded = classesLoadedBy("shape", "--input", "8x8", "Conv2d(1,1,3)");
    long ours = loaded.stream().filter(name -> name.startsWith("io.github.convlens.")).count();
    assertTrue(ours <= 80, ours + " classes of ours");
  }

  @Test
  void drawingLoadsNoEngineEither() throws IOException, InterruptedException {
    Set<String> loaded = classesLoadedBy("draw", "--net", "lenet", "--out", "target/no-engine.svg");
    assertTrue(loaded.contains("java.awt.Font"), "texts are measured");
    List<String> ofDjl = loaded.stream().filter(name -> name.startsWith("ai.djl.")).toList();
    assertTrue(
        ofDjl.stream().allMatch(name -> name.startsWith("ai.djl.ndarray.types.")), ofDjl::toString);
  }

  @Test
  void theSameTestSeesAnEngineThatIsLoaded() throws IOException, InterruptedException {
    assertTrue(classesLoadedBy("doctor").stream().anyMatch(NoEngineTest::isForbidden));
  }

  private static boolean isForbidden(String name) {
    return FORBIDDEN.stream().anyMatch(name::startsWith);
  }

  private static Set<String> classesLoadedBy(String... words)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xlog:class+load:stdout",
                "-cp",
                System.getProperty("java.class.path"),
                ConvLens.class.getName()));
    command.addAll(List.of(words));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String log = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return log.lines()
        .filter(line -> line.contains(" source: "))
        .map(line -> line.substring(0, line.indexOf(" source: ")))
        .map(line -> line.substring(line.lastIndexOf(' ') + 1))
        .collect(Collectors.toSet());
  }
}

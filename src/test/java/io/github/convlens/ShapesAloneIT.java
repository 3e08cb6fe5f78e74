package io.github.convlens;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever asks for shapes needs ConvLens's jar and DJL's API, and nothing else. */
class ShapesAloneIT {
  @TempDir private Path folder;

  @Test
  void layersNetworksPrintsAndTracesNeedTwoJars() throws IOException, InterruptedException {
    Path program =
        Files.writeString(
            folder.resolve("Alone.java"),
            """
            import ai.djl.ndarray.types.Shape;
            import io.github.convlens.graph.Shapes;
            import io.github.convlens.layer.Convention;
            import io.github.convlens.notation.PyTorch;
            import io.github.convlens.notation.Presets;
            import io.github.convlens.trace.Colour;
            import io.github.convlens.trace.Trace;
            import io.github.convlens.trace.TraceTable;

            public class Alone {
              public static void main(String[] args) throws Exception {
                var conv = PyTorch.parse("nn.Conv2d(3, 64, 7, stride=2, padding=3)").layer();
                System.out.println(conv.output(new Shape(1, 3, 224, 224)));
                var net = PyTorch.parse(Presets.text("resnet18"));
                var shaped = Shapes.infer(net, new Shape(1, 3, 224, 224));
                System.out.println(shaped.output());
                var table = new StringBuilder();
                new TraceTable(100, Colour.NONE)
                    .write(Trace.of(shaped, Convention.TORCHVISION), table);
                System.out.println(table.toString().contains("11,689,512"));
              }
            }
            """);
    Path lib = Path.of("target", "convlens", "lib").toAbsolutePath();
    String jars = only(lib, "convlens-*.jar") + File.pathSeparator + only(lib, "api-*.jar");
    Process java =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                jars,
                program.toString())
            .redirectErrorStream(true)
            .start();
    String printed = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals("(1, 64, 112, 112)\n(1, 1000)\ntrue\n", printed.replace("\r\n", "\n"));
    assertEquals(0, java.waitFor());
  }

  /** Names of annotations stand in class files; their jars are for compilers and stay out. */
  @Test
  void theDistributionHasNoAnnotationsForCompilers() throws IOException {
    try (var jars = Files.list(Path.of("target", "convlens", "lib"))) {
      assertTrue(jars.noneMatch(jar -> jar.toString().matches(".*(jspecify|annotations).*")));
    }
  }

  /** The manual says which versions of the engine belong to this one. */
  @Test
  void theManualNamesTheEnginesVersions() throws IOException {
    String manual = Files.readString(Path.of("src", "site", "markdown", "java.md"));
    Path lib = Path.of("target", "convlens", "lib");
    for (String artifact : new String[] {"convlens", "pytorch-engine", "pytorch-jni"}) {
      String jar = only(lib, artifact + "-*.jar").getFileName().toString();
      String version = jar.substring(artifact.length() + 1, jar.length() - ".jar".length());
      assertTrue(
          manual.contains(
              "<artifactId>%s</artifactId>\n  <version>%s</version>".formatted(artifact, version)),
          jar);
    }
  }

  private static Path only(Path folder, String pattern) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, pattern)) {
      return files.iterator().next();
    }
  }
}

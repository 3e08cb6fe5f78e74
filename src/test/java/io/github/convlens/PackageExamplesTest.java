package io.github.convlens;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each package for users says since when it is there and has an example, which compiles. */
class PackageExamplesTest {
  private static final Path SOURCES = Path.of("src/main/java/io/github/convlens");
  private static final Pattern EXAMPLE =
      Pattern.compile("<pre>\\{@code\n(.*?) \\* }</pre>", Pattern.DOTALL);

  @TempDir Path folder;

  @Test
  void examplesCompile() throws IOException {
    List<Path> packages = packages();
    List<JavaFileObject> programs = packages.stream().map(each -> program(each, packages)).toList();
    DiagnosticCollector<JavaFileObject> faults = new DiagnosticCollector<>();
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    compiler
        .getTask(null, null, faults, List.of("-proc:none", "-d", folder.toString()), null, programs)
        .call();
    assertEquals(
        "",
        faults.getDiagnostics().stream()
            .filter(fault -> fault.getKind() == Diagnostic.Kind.ERROR)
            .map(Diagnostic::toString)
            .collect(Collectors.joining("\n")));
  }

  private static List<Path> packages() throws IOException {
    try (Stream<Path> files = Files.walk(SOURCES)) {
      return files
          .filter(file -> file.endsWith("package-info.java"))
          .filter(file -> !file.toString().contains("internal"))
          .sorted()
          .toList();
    }
  }

  private static JavaFileObject program(Path described, List<Path> packages) {
    String name = name(described);
    String imports =
        packages.stream()
            .map(each -> "import io.github.convlens." + name(each) + ".*;\n")
            .collect(Collectors.joining());
    String text =
        "import ai.djl.ndarray.*;\nimport ai.djl.ndarray.types.Shape;\nimport ai.djl.nn.Block;\n"
            + "import java.io.*;\nimport java.nio.file.*;\nimport java.util.List;\n"
            + "import javax.imageio.ImageIO;\n"
            + imports
            + "class Example"
            + name.substring(0, 1).toUpperCase(Locale.ROOT)
            + name.substring(1)
            + " {\n  void run() throws Exception {\n"
            + example(described)
            + "  }\n}\n";
    return new SimpleJavaFileObject(
        URI.create("string:///" + name + "/Example.java"), JavaFileObject.Kind.SOURCE) {
      @Override
      public CharSequence getCharContent(boolean ignoreEncodingErrors) {
        return text;
      }

      @Override
      public boolean isNameCompatible(String simpleName, JavaFileObject.Kind kind) {
        return true;
      }
    };
  }

  private static String name(Path described) {
    return described.getName(described.getNameCount() - 2).toString();
  }

  private static String example(Path described) {
    try {
      String text = Files.readString(described).replace("\r\n", "\n");
      assertTrue(text.contains("\n * @since "), described + " does not say since when it is there");
      Matcher example = EXAMPLE.matcher(text);
      assertTrue(example.find(), described + " has no example");
      return example.group(1).replaceAll("(?m)^ \\* ?", "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package io.github.convlens.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.convlens.cli.ConvLens;
import io.github.convlens.engine.internal.NativeLibrary;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a user reads when the engine cannot start, in a process and with a cache of its own. */
class EngineStartTest {
  @TempDir Path folder;

  @Test
  void aHalfWrittenCacheIsNamed() throws IOException, InterruptedException {
    assumeTrue(NativeLibrary.bundled().isPresent(), "no native jar on the class path");
    Path library = folder.resolve("pytorch").resolve(NativeLibrary.bundled().get());
    Files.createDirectories(library);
    for (String name :
        List.of("libtorch.so", "libtorch_cpu.so", "libc10.so", "libgomp-98b21ff3.so.1")) {
      Files.writeString(library.resolve(name), "cut off");
    }
    assumeTrue(NativeLibrary.platform().equals("linux-x86_64"), "the files' names are Linux's");
    assertEquals(
        "error: the unpacked PyTorch library is damaged.\n"
            + "These files are not as long as they are in the jar: ["
            + (library.resolve("libc10.so") + ", ")
            + (library.resolve("libgomp-98b21ff3.so.1") + ", ")
            + (library.resolve("libtorch.so") + ", ")
            + (library.resolve("libtorch_cpu.so") + "].\n")
            + ("Delete the folder " + library + " and run this again.\n")
            + "exit 1",
        lesson(folder, System.getProperty("java.class.path")));
  }

  @Test
  void aFolderThatCannotBeWrittenIsNamed() throws IOException, InterruptedException {
    assumeTrue(NativeLibrary.bundled().isPresent(), "no native jar on the class path");
    Path file = Files.writeString(folder.resolve("file"), "not a folder");
    String printed = lesson(file, System.getProperty("java.class.path"));
    Path cache = file.resolve("pytorch");
    List<String> lines = printed.lines().toList();
    assertEquals(
        List.of(
            "note: unpacking the native PyTorch library into "
                + cache
                + " (about 450 MB, once) ...",
            "error: the PyTorch engine does not start."),
        lines.subList(0, 2)); // the third line is the operating system's
    assertEquals(
        List.of(
            "The folder "
                + cache
                + " cannot be written. Make it writable, or set DJL_CACHE_DIR to one that is.",
            "exit 1"),
        lines.subList(3, lines.size()));
  }

  @Test
  void aMissingNativeLibraryIsNamed() throws IOException, InterruptedException {
    List<String> lines = lesson(folder, classPathWithout("pytorch-native")).lines().toList();
    assertEquals("error: the PyTorch engine does not start.", lines.get(0));
    assertEquals(
        List.of(
            "There is no native PyTorch library for "
                + NativeLibrary.platform()
                + " on the class path, and downloads are off. Set DJL_OFFLINE=false to let DJL"
                + " download one, add ai.djl.pytorch:pytorch-native-cpu with the classifier "
                + NativeLibrary.platform()
                + ", or set PYTORCH_LIBRARY_PATH to a folder that has it.",
            "exit 1"),
        lines.subList(2, 4));
  }

  @Test
  void aMissingEngineIsNamed() throws IOException, InterruptedException {
    assertEquals(
        List.of(
            "error: the PyTorch engine does not start.",
            "ClassNotFoundException: ai.djl.pytorch.engine.PtEngineProvider",
            "DJL's PyTorch engine is not on the class path. Add"
                + " ai.djl.pytorch:pytorch-engine:0.36.0, and the pytorch-jni and"
                + " pytorch-native-cpu that belong to it.",
            "exit 1"),
        lesson(folder, classPathWithout("pytorch-engine")).lines().toList());
  }

  @Test
  void aMissingJniLibraryIsNamed() throws IOException, InterruptedException {
    List<String> lines = lesson(folder, classPathWithout("pytorch-jni")).lines().toList();
    assertEquals(
        List.of(
            "DJL's JNI library is not on the class path. Add"
                + " ai.djl.pytorch:pytorch-jni:2.7.1-0.36.0.",
            "exit 1"),
        lines.subList(lines.size() - 2, lines.size()));
  }

  private static String classPathWithout(String jar) {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> !entry.contains(jar))
        .collect(Collectors.joining(File.pathSeparator));
  }

  /** What `convlens lesson pooling` prints to standard error with that cache, and its exit code. */
  private static String lesson(Path cache, String classPath)
      throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=off",
            "-cp",
            classPath,
            ConvLens.class.getName(),
            "lesson",
            "pooling");
    builder.environment().put("DJL_CACHE_DIR", cache.toString());
    builder.environment().remove("DJL_OFFLINE");
    Process process = builder.redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    String printed = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    return printed + "exit " + process.waitFor();
  }
}

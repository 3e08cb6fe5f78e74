package io.github.convlens.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.convlens.engine.PyTorchEngine;
import io.github.convlens.engine.internal.NativeLibrary;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorCommandTest {
  @TempDir Path folder;

  @Test
  void tellsWhatIsThereAndThatItWorks() {
    StringWriter out = new StringWriter();
    int exit =
        ConvLens.run(
            InputStream.nullInputStream(), new PrintWriter(out), new PrintWriter(out), "doctor");
    assertEquals(0, exit);
    List<String> names =
        out.toString()
            .lines()
            .map(line -> line.substring(0, 17).strip())
            .filter(n -> !n.isEmpty())
            .toList();
    assertEquals(
        List.of(
            "ConvLens",
            "Java",
            "Platform",
            "DJL",
            "JNI library",
            "Native library",
            "Cache folder",
            "Network",
            "CPU threads",
            "Native files",
            "Engine",
            "Engine threads",
            "Device cpu"),
        names.subList(0, 13));
    assertTrue(out.toString().contains("DJL               0.36.0\n"), out.toString());
    assertTrue(out.toString().contains("JNI library       2.7.1-0.36.0\n"));
    assertTrue(out.toString().contains("Engine            PyTorch 2.7.1 starts\n"));
    assertTrue(out.toString().contains("Network           off (DJL_OFFLINE=false turns it on)\n"));
    assertTrue(out.toString().contains("Platform          " + NativeLibrary.platform() + "\n"));
  }

  /** A JNI library that somebody has built for another PyTorch, beside that one. */
  @Test
  void namesTheJniLibraryBesideThatOfTheUser() throws IOException {
    assumeTrue(NativeLibrary.overridePath().isEmpty(), "PYTORCH_LIBRARY_PATH is set");
    PyTorchEngine.start(progress -> {}); // the files that are made here are none
    Path jni = Files.createFile(folder.resolve(System.mapLibraryName("djl_torch")));
    System.setProperty("PYTORCH_LIBRARY_PATH", folder.toString());
    try {
      StringWriter out = new StringWriter();
      ConvLens.run(
          InputStream.nullInputStream(), new PrintWriter(out), new PrintWriter(out), "doctor");
      assertEquals(
          List.of(
              "JNI library       " + jni,
              "Native library    " + folder + " (PYTORCH_LIBRARY_PATH)"),
          out.toString().lines().toList().subList(4, 6));
    } finally {
      System.clearProperty("PYTORCH_LIBRARY_PATH");
    }
  }

  @Test
  void tellsWhatToDoWhereTheNativeLibraryIsMissing() throws IOException, InterruptedException {
    String classPath =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> !entry.contains("pytorch-native"))
            .collect(Collectors.joining(File.pathSeparator));
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            classPath,
            ConvLens.class.getName(),
            "doctor");
    builder.environment().put("DJL_CACHE_DIR", folder.toString());
    builder.environment().remove("DJL_OFFLINE");
    Process process = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(1, process.waitFor());
    assertTrue(
        out.contains(
            "Native library    none on the class path: DJL takes one from its cache or the"),
        out);
    assertTrue(out.contains("Engine            PROBLEM the PyTorch engine does not start.\n"), out);
    assertTrue(out.contains("Set DJL_OFFLINE=false to let DJL download one"), out);
  }
}

package io.github.convlens.engine.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.convlens.cli.ConvLens;
import io.github.convlens.engine.PyTorchEngine;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Native code that is damaged or could be another's is refused with the reason, in processes with
 * caches of their own: links to the library that this machine has unpacked already.
 */
class NativeCodeTest {
  private static final String JNI = "libdjl_torch.so";

  @TempDir Path folder;
  private Path library = Path.of("");

  @BeforeEach
  void link() throws IOException {
    assumeTrue(NativeLibrary.platform().equals("linux-x86_64"), "the files' names are Linux's");
    assumeTrue(NativeLibrary.bundled().isPresent(), "no native jar on the class path");
    PyTorchEngine.start(line -> {});
    library = linked(Files.createDirectory(folder.toRealPath().resolve("cache")));
  }

  private static Path linked(Path cache) throws IOException {
    String name = NativeLibrary.bundled().orElseThrow();
    Path library = Files.createDirectories(cache.resolve("pytorch").resolve(name));
    try (Stream<Path> files = Files.list(NativeLibrary.cacheFolder().resolve(name))) {
      for (Path file : files.filter(path -> path.toString().contains(".so")).toList()) {
        Files.createSymbolicLink(library.resolve(file.getFileName()), file);
      }
    }
    return library;
  }

  private static Path jni(Path library) throws IOException {
    try (Stream<Path> files = Files.list(library)) {
      return files.filter(file -> file.toString().endsWith(JNI)).findFirst().orElseThrow();
    }
  }

  /** Puts other bytes in the place of the linked JNI library. */
  private Path damagedJni(int length, int change) throws IOException {
    Path jni = jni(library);
    byte[] bytes = Files.readAllBytes(jni);
    bytes[length - 1] += (byte) change;
    Files.delete(jni);
    return Files.write(jni, Arrays.copyOf(bytes, length));
  }

  private Path cache() {
    return folder.resolve("cache");
  }

  private String lesson() throws IOException, InterruptedException {
    return new OwnProcess().cache(cache()).run(ConvLens.class, "lesson", "pooling");
  }

  private String doctor() throws IOException, InterruptedException {
    return new OwnProcess().cache(cache()).run(ConvLens.class, "doctor");
  }

  @Test
  void whatIsWholeStarts() throws IOException, InterruptedException {
    String printed = doctor();
    assertTrue(
        printed.contains("Native files      5 unpacked, lengths and checksums as in the jar\n"),
        printed);
    assertTrue(printed.endsWith("exit 0"), printed);
  }

  @Test
  void aJniLibraryThatWasCutIsNamed() throws IOException, InterruptedException {
    Path jni = damagedJni(100_000, 0);
    assertEquals(
        "error: the unpacked PyTorch library is damaged.\n"
            + ("These files are not as long as they are in the jar: [" + jni + "].\n")
            + ("Delete the folder " + library + " and run this again.\n")
            + "exit 1",
        lesson());
    String printed = doctor();
    assertTrue(
        printed.contains(
            "Native files      PROBLEM not those of the jar: ["
                + jni
                + "]. Delete the folder "
                + library
                + ".\n"),
        printed);
    assertTrue(printed.endsWith("exit 1"), printed);
  }

  @Test
  void aChangeThatKeepsTheLengthIsNamed() throws IOException, InterruptedException {
    Path jni = damagedJni(Math.toIntExact(Files.size(jni(library))), 1);
    assertEquals(
        "error: the unpacked PyTorch library is damaged.\n"
            + ("These files are not those of the jar: [" + jni + "].\n")
            + ("Delete the folder " + library + " and run this again.\n")
            + "exit 1",
        lesson());
  }

  @Test
  void aFolderThatOthersCanWriteIsRefused() throws IOException, InterruptedException {
    Files.setAttribute(library, "unix:mode", 0777);
    assertEquals(
        refusal(library.resolve("libc10.so"), "everyone can write to " + library + "."), lesson());
    String printed = doctor();
    assertTrue(printed.contains("Engine            PROBLEM native code is not loaded"), printed);
    assertTrue(printed.endsWith("exit 1"), printed);
  }

  /** Where no home can be written, DJL takes one folder for all users, and what it finds there. */
  @Test
  void aLibraryThatAnotherPlantedIsNotLoaded() throws IOException, InterruptedException {
    assumeTrue(Ownership.user().equals("0"), "only root can give files to another user");
    Path shared = Files.createDirectory(folder.toRealPath().resolve("shared"));
    Files.setAttribute(shared, "unix:mode", 01777);
    Path planted = linked(Files.createDirectory(shared.resolve("djl.ai-0")));
    Files.setAttribute(shared.resolve("djl.ai-0"), "unix:uid", 65534);
    String printed =
        new OwnProcess()
            .option("-Duser.home=" + folder.resolve("absent"))
            .option("-Djava.io.tmpdir=" + shared)
            .run(ConvLens.class, "lesson", "pooling");
    Path cache = planted.getParent();
    assertEquals(refusal(cache, cache.getParent() + " belongs to nobody."), printed);
  }

  private static String refusal(Path path, String reason) {
    return "error: native code is not loaded from where another user can put it: "
        + (path + ".\n")
        + (reason + "\n")
        + "Set DJL_CACHE_DIR to a folder that only you can write to, in one of your own; or, if you"
        + " trust what is there, make it yours (chown) and take others' right to write (chmod"
        + " go-w).\n"
        + "exit 1";
  }

  @Test
  void withoutAHomeEachUserHasAFolder() throws IOException, InterruptedException {
    String printed =
        new OwnProcess()
            .option("-Duser.home=" + folder.resolve("absent"))
            .option("-Djava.io.tmpdir=" + folder)
            .classPath(withoutNative())
            .run(ConvLens.class, "doctor");
    String cache = folder.resolve("djl.ai-" + Ownership.user()).resolve("pytorch").toString();
    assertTrue(printed.contains("Cache folder      " + cache + " (empty;"), printed);
  }

  private static String withoutNative() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> !entry.contains("pytorch-native"))
        .collect(Collectors.joining(File.pathSeparator));
  }

  @Test
  void anInterruptedUnpackingLeavesNothing() throws IOException, InterruptedException {
    Path empty = Files.createDirectory(folder.resolve("empty"));
    Process process = new OwnProcess().cache(empty).start(ConvLens.class, "lesson", "pooling");
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      assertTrue(reader.readLine().startsWith("note: unpacking "), "it begins");
      while (process.isAlive() && Unpacking.leftOvers(empty.resolve("pytorch")).isEmpty()) {
        Thread.onSpinWait();
      }
      process.toHandle().destroy(); // SIGTERM, and the streams stay open
      reader.lines().forEach(line -> {});
    }
    assertEquals(143, process.waitFor());
    try (Stream<Path> left = Files.list(empty.resolve("pytorch"))) {
      assertEquals(List.of(empty.resolve("pytorch/unpacking.lock")), left.toList());
    }
  }

  @Test
  void aFolderThatCannotBeReadIsNamed() throws IOException, InterruptedException {
    assumeTrue(!Ownership.user().equals("0"), "root reads everything");
    Path closed = Files.createDirectory(cache().resolve("pytorch").resolve("closed"));
    Files.setAttribute(closed, "unix:mode", 0);
    String printed = doctor();
    assertTrue(printed.contains("PROBLEM " + closed + " cannot be read.\n"), printed);
    assertTrue(printed.endsWith("exit 0"), printed);
  }

  @Test
  void leftOversAreSeenAndRemoved() throws IOException, InterruptedException {
    Path left = Files.createDirectory(cache().resolve("pytorch").resolve("unpacking1"));
    String printed = doctor();
    assertTrue(printed.contains(left + " is of an unpacking under way or interrupted"), printed);
    assertTrue(printed.contains("removed " + left + ", which an interrupted"), printed);
    assertFalse(Files.exists(left));
  }

  @Test
  void aFileSystemThatMayNotExecuteIsNamed() throws IOException, InterruptedException {
    Path mounted = Files.createDirectory(folder.resolve("mounted"));
    Process mount =
        new ProcessBuilder(
                "mount",
                "-t",
                "tmpfs",
                "-o",
                "noexec,size=16m,mode=755",
                "none",
                mounted.toString())
            .start();
    assumeTrue(mount.waitFor() == 0, "nothing can be mounted here");
    try {
      Path library = linked(mounted);
      try (Stream<Path> links = Files.list(library)) {
        for (Path link : links.filter(file -> !file.endsWith("libtorch_cpu.so")).toList()) {
          Path file = link.toRealPath();
          Files.delete(link);
          Files.copy(file, link);
        }
      }
      String printed = new OwnProcess().cache(mounted).run(ConvLens.class, "lesson", "pooling");
      assertTrue(
          printed.endsWith(
              "The folder "
                  + mounted.resolve("pytorch")
                  + " lies on a file system from which nothing may be executed (mount option"
                  + " noexec). Set DJL_CACHE_DIR to a folder on another.\n"
                  + "exit 1"),
          printed);
    } finally {
      new ProcessBuilder("umount", mounted.toString()).start().waitFor();
    }
  }
}

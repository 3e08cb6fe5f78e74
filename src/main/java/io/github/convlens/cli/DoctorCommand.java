package io.github.convlens.cli;

import ai.djl.engine.Engine;
import ai.djl.util.cuda.CudaUtils;
import io.github.convlens.engine.Devices;
import io.github.convlens.engine.EngineException;
import io.github.convlens.engine.PyTorchEngine;
import io.github.convlens.engine.internal.DjlSettings;
import io.github.convlens.engine.internal.NativeLibrary;
import io.github.convlens.layer.internal.Printable;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code convlens doctor}: what is installed, what works, and what to do about the rest. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Show versions, native library, cache, threads and devices, and what to do where one is wrong.",
      "Exit code 1 if the engine does not start."
    },
    optionListHeading = "%nOptions:%n")
final class DoctorCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    NativeLibrary.CacheContent cache = NativeLibrary.cacheContent();
    row(out, "ConvLens", Version.of("convlens"));
    row(
        out,
        "Java",
        System.getProperty("java.version") + ", " + System.getProperty("java.vm.name"));
    row(out, "Platform", NativeLibrary.platform());
    row(out, "DJL", Engine.getDjlVersion());
    row(out, "JNI library", NativeLibrary.jniVersion().orElse("none on the class path"));
    row(out, "Native library", nativeLibrary());
    row(out, "Cache folder", NativeLibrary.cacheFolder() + " (" + size(cache.bytes()) + ")");
    cache.unreadable().forEach(path -> row(out, "", "PROBLEM " + path + " cannot be read."));
    cache.leftOvers().forEach(path -> row(out, "", leftOver(path)));
    row(out, "Network", DjlSettings.isOffline() ? "off (DJL_OFFLINE=false turns it on)" : "on");
    row(out, "CPU threads", Integer.toString(Runtime.getRuntime().availableProcessors()));
    versionsMatch().ifPresent(problem -> row(out, "", "PROBLEM " + problem));
    List<Path> damaged = NativeLibrary.damagedFiles();
    row(out, "Native files", nativeFiles(damaged));
    if (!damaged.isEmpty()) {
      row(out, "Engine", "not started: what is damaged may end the process");
      return CommandLine.ExitCode.SOFTWARE;
    }
    return engine(out);
  }

  private static String nativeFiles(List<Path> damaged) {
    if (!damaged.isEmpty()) {
      return "PROBLEM not those of the jar: "
          + damaged
          + ". Delete the folder "
          + damaged.get(0).getParent()
          + ".";
    }
    long files = NativeLibrary.filesToCheck();
    return files == 0
        ? "none unpacked from a jar"
        : files + " unpacked, lengths and checksums as in the jar";
  }

  private static String leftOver(Path path) {
    return path
        + " is of an unpacking under way or interrupted; a start removes it once nobody is at it.";
  }

  private int engine(PrintWriter out) {
    try {
      Engine engine = PyTorchEngine.start(line -> spec.commandLine().getErr().println(line));
      row(out, "Engine", "PyTorch " + engine.getVersion() + " starts");
      row(out, "Engine threads", Integer.toString(PyTorchEngine.threads()));
      Devices.Inventory inventory = Devices.Inventory.of(engine);
      row(out, "Device cpu", "usable");
      cuda(out, inventory);
      return CommandLine.ExitCode.OK;
    } catch (EngineException e) {
      row(out, "Engine", "PROBLEM " + indented(e));
      return CommandLine.ExitCode.SOFTWARE;
    }
  }

  private static void cuda(PrintWriter out, Devices.Inventory inventory) {
    if (inventory.gpus() == 0) {
      try {
        Devices.select(Devices.parse("cuda"), inventory);
      } catch (EngineException e) {
        row(out, "Device cuda", indented(e));
      }
    }
    for (int gpu = 0; gpu < inventory.gpus(); gpu++) {
      row(
          out,
          "Device cuda:" + gpu,
          "usable, CUDA "
              + CudaUtils.getCudaVersionString()
              + ", compute capability "
              + CudaUtils.getComputeCapability(gpu));
    }
    if (inventory.build() == Devices.Kind.MPS) {
      row(out, "Device mps", "this build can use it");
    }
  }

  private static String nativeLibrary() {
    return NativeLibrary.overridePath()
        .map(path -> path + " (PYTORCH_LIBRARY_PATH)")
        .or(() -> NativeLibrary.bundled().map(name -> name + " (jar on the class path)"))
        .orElse("none on the class path: DJL takes one from its cache or the network");
  }

  private static String size(long bytes) {
    return bytes == 0
        ? "empty; the first start fills it"
        : String.format(Locale.ROOT, "%.0f MB", bytes / 1e6);
  }

  /** DJL looks for another library on the network where these do not belong together. */
  private static Optional<String> versionsMatch() {
    String wanted = Version.of("pytorch") + "-" + Engine.getDjlVersion();
    return NativeLibrary.jniVersion()
        .filter(found -> !found.equals(wanted))
        .map(
            found ->
                "the JNI library is "
                    + found
                    + " where "
                    + wanted
                    + " belongs: use the lib/ of one distribution.");
  }

  private static String indented(EngineException e) {
    return String.valueOf(e.getMessage()).replace("\n", "\n" + " ".repeat(18));
  }

  private static void row(PrintWriter out, String name, String value) {
    out.printf(Locale.ROOT, "%-17s %s%n", name, Printable.lines(value));
  }
}

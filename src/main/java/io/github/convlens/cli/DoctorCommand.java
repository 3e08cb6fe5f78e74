package io.github.convlens.cli;

import ai.djl.engine.Engine;
import ai.djl.util.cuda.CudaUtils;
import io.github.convlens.engine.Devices;
import io.github.convlens.engine.EngineException;
import io.github.convlens.engine.PyTorchEngine;
import io.github.convlens.engine.internal.DjlSettings;
import io.github.convlens.engine.internal.NativeLibrary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine;

/** {@code convlens doctor}: what is installed, what works, and what to do about the rest. */
final class DoctorCommand extends Subcommand {
  private final FormatOption format = new FormatOption();

  DoctorCommand() {
    super(
        "doctor",
        "Show versions, native library, cache, threads and devices, and what to do where one is wrong.",
        "Exit code 1 if the engine does not start.");
    takes(format);
  }

  @Override
  public Integer call() throws IOException {
    if (!format.isJson()) {
      return examine(new DoctorReport.Text(out()));
    }
    JsonAnswer answer = new JsonAnswer(spec().commandLine());
    DoctorReport.Json report = new DoctorReport.Json();
    int exitCode = examine(report);
    answer.print(report::write);
    return exitCode;
  }

  private int examine(DoctorReport report) {
    NativeLibrary.CacheContent cache = NativeLibrary.cacheContent();
    report.fact("ConvLens", Version.of("convlens"));
    report.fact(
        "Java", System.getProperty("java.version") + ", " + System.getProperty("java.vm.name"));
    report.fact("Platform", NativeLibrary.platform());
    report.fact("DJL", Engine.getDjlVersion());
    report.fact("JNI library", jniLibrary());
    report.fact("Native library", nativeLibrary());
    report.fact("Cache folder", NativeLibrary.cacheFolder() + " (" + size(cache.bytes()) + ")");
    cache.unreadable().forEach(path -> report.problem("", path + " cannot be read."));
    cache.leftOvers().forEach(path -> report.remark(leftOver(path)));
    report.fact("Network", DjlSettings.isOffline() ? "off (DJL_OFFLINE=false turns it on)" : "on");
    report.number("CPU threads", Runtime.getRuntime().availableProcessors());
    versionsMatch().ifPresent(problem -> report.problem("", problem));
    List<Path> damaged = NativeLibrary.damagedFiles();
    if (!damaged.isEmpty()) {
      report.problem("Native files", damage(damaged));
      report.fact("Engine", "not started: what is damaged may end the process");
      return CommandLine.ExitCode.SOFTWARE;
    }
    report.fact("Native files", nativeFiles());
    return engine(report);
  }

  private static String damage(List<Path> damaged) {
    return "not those of the jar: "
        + damaged
        + ". Delete the folder "
        + damaged.get(0).getParent()
        + ".";
  }

  private static String nativeFiles() {
    long files = NativeLibrary.filesToCheck();
    return files == 0
        ? "none unpacked from a jar"
        : files + " unpacked, lengths and checksums as in the jar";
  }

  private static String leftOver(Path path) {
    return path
        + " is of an unpacking under way or interrupted; a start removes it once nobody is at it.";
  }

  private int engine(DoctorReport report) {
    try {
      Engine engine = PyTorchEngine.start(line -> err().println(line));
      report.fact("Engine", "PyTorch " + NativeLibrary.version(engine.getVersion()) + " starts");
      report.number("Engine threads", PyTorchEngine.threads());
      Devices.Inventory inventory = Devices.Inventory.of(engine);
      report.fact("Device cpu", "usable");
      cuda(report, inventory);
      return CommandLine.ExitCode.OK;
    } catch (EngineException e) {
      report.problem("Engine", String.valueOf(e.getMessage()));
      return CommandLine.ExitCode.SOFTWARE;
    }
  }

  private static void cuda(DoctorReport report, Devices.Inventory inventory) {
    if (inventory.gpus() == 0) {
      try {
        Devices.select(Devices.parse("cuda"), inventory);
      } catch (EngineException e) {
        report.fact("Device cuda", String.valueOf(e.getMessage()));
      }
    }
    for (int gpu = 0; gpu < inventory.gpus(); gpu++) {
      report.fact(
          "Device cuda:" + gpu,
          "usable, CUDA "
              + CudaUtils.getCudaVersionString()
              + ", compute capability "
              + CudaUtils.getComputeCapability(gpu));
    }
    if (inventory.build() == Devices.Kind.MPS) {
      report.fact("Device mps", "this build can use it");
    }
  }

  private static String jniLibrary() {
    return NativeLibrary.ownJni()
        .map(Path::toString)
        .or(NativeLibrary::jniVersion)
        .orElse("none on the class path");
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
        .filter(found -> !found.equals(wanted) && NativeLibrary.ownJni().isEmpty())
        .map(
            found ->
                "the JNI library is "
                    + found
                    + " where "
                    + wanted
                    + " belongs: use the lib/ of one distribution.");
  }
}

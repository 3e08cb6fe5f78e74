package io.github.convlens.engine;

import ai.djl.engine.Engine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** Starts DJL's PyTorch engine, without the network, and explains what keeps it from starting. */
public final class PyTorchEngine {
  /** The engine's name in DJL. */
  public static final String NAME = "PyTorch";

  private PyTorchEngine() {}

  /**
   * Tells DJL to stay off the network, unless the user has said otherwise with {@code DJL_OFFLINE}
   * or {@code -Dai.djl.offline}. Must be called before any other class of DJL's engine is used.
   */
  public static void stayOffline() {
    if (System.getenv("DJL_OFFLINE") == null && System.getProperty("ai.djl.offline") == null) {
      System.setProperty("ai.djl.offline", "true");
    }
  }

  /**
   * The engine, started if it was not running yet. The first start on a machine unpacks the native
   * library; {@code progress} is told before that begins.
   *
   * @param progress receives a line when something takes long
   * @throws EngineException if the native library is missing, damaged or cannot be unpacked
   */
  public static Engine start(Consumer<String> progress) {
    stayOffline();
    List<Path> damaged = NativeLibrary.damagedFiles();
    if (!damaged.isEmpty()) {
      throw new EngineException(
          "the unpacked PyTorch library is incomplete.\n"
              + ("These files are not as long as they are in the jar: " + damaged + ".\n")
              + ("Delete the folder " + damaged.get(0).getParent() + " and run this again."));
    }
    if (NativeLibrary.needsUnpacking()) {
      progress.accept(
          "unpacking the native PyTorch library into "
              + NativeLibrary.cacheFolder()
              + " (about 430 MB, once) ...");
    }
    try {
      return Engine.getEngine(NAME);
    } catch (ai.djl.engine.EngineException
        | IllegalArgumentException
        | AssertionError
        | LinkageError e) {
      throw explain(e);
    }
  }

  private static EngineException explain(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String why = root.getClass().getSimpleName() + ": " + root.getMessage();
    return new EngineException(
        "the PyTorch engine does not start.\n" + why + "\n" + remedy(), failure);
  }

  private static String remedy() {
    Path cache = NativeLibrary.cacheFolder();
    Path existing = cache;
    while (existing.getParent() != null && !Files.exists(existing)) {
      existing = existing.getParent();
    }
    if (NativeLibrary.overridePath().isPresent()) {
      return "PYTORCH_LIBRARY_PATH is "
          + NativeLibrary.overridePath().get()
          + ": it must name a folder with the libraries of PyTorch "
          + NativeLibrary.jniVersion().orElse("?").replaceAll("-.*", "")
          + ".";
    }
    if (NativeLibrary.bundled().isEmpty()) {
      return "There is no native PyTorch library for "
          + NativeLibrary.platform()
          + " on the class path, and "
          + (NativeLibrary.isOffline()
              ? "downloads are off. Set DJL_OFFLINE=false to let DJL download one,"
              : "DJL could not download one. Check the network,")
          + " or set PYTORCH_LIBRARY_PATH to a folder that has it.";
    }
    if (!Files.isDirectory(existing) || !Files.isWritable(existing)) {
      return "The folder "
          + cache
          + " cannot be written. Make it writable, or set DJL_CACHE_DIR to one that is.";
    }
    return "Delete the folder "
        + cache
        + " so that it is unpacked again, and check that its disk has 500 MB free.";
  }
}

package io.github.convlens.engine;

import ai.djl.engine.Engine;
import ai.djl.engine.EngineProvider;
import ai.djl.pytorch.engine.PtEngineProvider;
import ai.djl.pytorch.jni.JniUtils;
import io.github.convlens.engine.internal.DjlSettings;
import io.github.convlens.engine.internal.NativeLibrary;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Starts DJL's PyTorch engine, without the network, and explains what keeps it from starting. */
public final class PyTorchEngine {
  /** The engine's name in DJL. */
  public static final String NAME = "PyTorch";

  private static volatile @Nullable Engine started;

  private PyTorchEngine() {}

  /**
   * The engine, started if it was not running yet. The first start on a machine unpacks the native
   * library; {@code progress} is told before that begins. DJL's own ways to the engine, as {@code
   * NDManager.newBaseManager()}, lead here, too.
   *
   * @param progress receives a line when something takes long
   * @throws EngineException if the native library is missing, damaged, where another user could
   *     have put it, or cannot be unpacked
   */
  public static Engine start(Consumer<String> progress) {
    Engine running = started;
    return running == null ? startOnce(progress) : running;
  }

  /** How many threads compute one operator on the CPU. DJL tells it nowhere but here. */
  public static int threads() {
    return JniUtils.getNumThreads();
  }

  private static synchronized Engine startOnce(Consumer<String> progress) {
    Engine running = started;
    if (running != null) {
      return running;
    }
    DjlSettings.apply();
    try {
      EngineProvider provider = new PtEngineProvider(); // where it is missing, nothing is unpacked
      NativeLibrary.prepare(progress);
      running = provider.getEngine();
      started = running;
      return running;
    } catch (InterruptedIOException e) {
      throw new EngineException(
          "the unpacking of the native PyTorch library was interrupted.\n"
              + "Nothing of it is left; the next start begins again.",
          e);
    } catch (IOException
        | ai.djl.engine.EngineException
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
        "the PyTorch engine does not start.\n" + why + "\n" + remedy(why), failure);
  }

  private static String remedy(String why) {
    return missingJar(why).orElseGet(() -> remedyWithJars(why));
  }

  /** Which of the jars that belong together is missing, where it is one of DJL's own. */
  private static Optional<String> missingJar(String why) {
    String djl = Engine.getDjlVersion();
    if (why.startsWith("ClassNotFoundException: ai.djl.pytorch.")) {
      return Optional.of(
          "DJL's PyTorch engine is not on the class path. Add ai.djl.pytorch:pytorch-engine:"
              + djl
              + ", and the pytorch-jni and pytorch-native-cpu that belong to it.");
    }
    boolean hasJni =
        NativeLibrary.jniVersion().isPresent() || NativeLibrary.overridePath().isPresent();
    return hasJni
        ? Optional.empty()
        : NativeLibrary.bundled()
            .map(
                library ->
                    "DJL's JNI library is not on the class path. Add ai.djl.pytorch:pytorch-jni:"
                        + library.replaceAll("-.*", "")
                        + ("-" + djl + "."));
  }

  private static String remedyWithJars(String why) {
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
          + (DjlSettings.isOffline()
              ? "downloads are off. Set DJL_OFFLINE=false to let DJL download one,"
              : "DJL could not download one. Check the network,")
          + " add ai.djl.pytorch:pytorch-native-cpu with the classifier "
          + NativeLibrary.platform()
          + ", or set PYTORCH_LIBRARY_PATH to a folder that has it.";
    }
    if (why.endsWith("failed to map segment from shared object")) {
      return "The folder "
          + cache
          + " lies on a file system from which nothing may be executed (mount option noexec). Set"
          + " DJL_CACHE_DIR to a folder on another.";
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

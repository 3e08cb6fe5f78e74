package io.github.convlens.engine;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.StandardCapabilities;
import ai.djl.util.cuda.CudaUtils;
import io.github.convlens.engine.internal.NativeLibrary;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which device to compute on. A wish is parsed without an engine, then held against what the
 * machine has; nothing falls back to the CPU without a word.
 */
public final class Devices {
  private static final Pattern NAME = Pattern.compile("(auto|cpu|cuda|gpu|mps)(?::(\\d{1,3}))?");

  private Devices() {}

  /** What was asked for. */
  public enum Kind {
    /** A GPU where one is usable, the CPU otherwise. */
    AUTO,
    /** The CPU. */
    CPU,
    /** An NVIDIA GPU through CUDA; also called {@code gpu}. */
    CUDA,
    /** Apple's GPU through Metal. */
    MPS
  }

  /**
   * A wish for a device.
   *
   * @param kind which kind
   * @param index which one of that kind, if one was named
   */
  public record Wish(Kind kind, OptionalInt index) {
    /** Whatever is there. */
    public static final Wish AUTO = new Wish(Kind.AUTO, OptionalInt.empty());

    /** As on the command line: {@code cuda:1}. */
    @Override
    public String toString() {
      String name = kind.name().toLowerCase(Locale.ROOT);
      return index.isPresent() ? name + ":" + index.getAsInt() : name;
    }
  }

  /**
   * What the machine and the native library have.
   *
   * @param build {@link Kind#CUDA} if the native library was built with CUDA, {@link Kind#MPS} if
   *     it can use Metal, {@link Kind#CPU} otherwise
   * @param gpus number of CUDA devices that the driver shows
   */
  public record Inventory(Kind build, int gpus) {
    /** Asks the running engine. */
    public static Inventory of(Engine engine) {
      if (engine.hasCapability(StandardCapabilities.CUDA)) {
        return new Inventory(Kind.CUDA, CudaUtils.getGpuCount());
      }
      boolean metal = NativeLibrary.platform().equals("osx-aarch64");
      return new Inventory(metal ? Kind.MPS : Kind.CPU, 0);
    }
  }

  /**
   * Reads a device's name: {@code auto}, {@code cpu}, {@code cuda}, {@code cuda:1}, {@code gpu},
   * {@code gpu:0}, {@code mps}.
   *
   * @throws IllegalArgumentException if it is none of these
   */
  public static Wish parse(String name) {
    Matcher matcher = NAME.matcher(name.trim().toLowerCase(Locale.ROOT));
    boolean matches = matcher.matches();
    boolean indexed = matches && matcher.group(2) != null;
    boolean canBeIndexed =
        matches && (matcher.group(1).equals("cuda") || matcher.group(1).equals("gpu"));
    if (!matches || (indexed && !canBeIndexed)) {
      throw new IllegalArgumentException(
          "'" + name + "' is not a device. Use auto, cpu, cuda, cuda:N or mps.");
    }
    Kind kind =
        matcher.group(1).equals("gpu")
            ? Kind.CUDA
            : Kind.valueOf(matcher.group(1).toUpperCase(Locale.ROOT));
    return new Wish(
        kind, indexed ? OptionalInt.of(Integer.parseInt(matcher.group(2))) : OptionalInt.empty());
  }

  /**
   * The device that a wish names.
   *
   * @throws EngineException if the machine does not have it; the message says what was looked for,
   *     what was found, and how to get it
   */
  public static Device select(Wish wish, Inventory inventory) {
    return switch (wish.kind()) {
      case CPU -> Device.cpu();
      case AUTO -> inventory.gpus() > 0 ? Device.gpu(0) : Device.cpu();
      case MPS -> metal(inventory);
      case CUDA -> cuda(wish, inventory);
    };
  }

  /** The device's name as this class reads it: {@code cpu}, {@code cuda:0}, {@code mps}. */
  public static String name(Device device) {
    if (device.isGpu()) {
      return "cuda:" + device.getDeviceId();
    }
    return device.getDeviceType();
  }

  private static Device metal(Inventory inventory) {
    if (inventory.build() != Kind.MPS) {
      throw new EngineException(
          "device mps cannot be used.\n"
              + ("Metal needs macOS on arm64; this is " + NativeLibrary.platform() + ".\n")
              + "Use --device cpu or --device cuda.");
    }
    return Device.of("mps", -1);
  }

  private static String whereFrom() {
    return NativeLibrary.overridePath()
        .map(path -> "PYTORCH_LIBRARY_PATH is " + path + ".")
        .or(
            () ->
                NativeLibrary.bundled()
                    .map(
                        jar ->
                            "Found "
                                + jar
                                + " on the class path, which wins over every CUDA build."))
        .orElse("There is no native library on the class path.");
  }

  private static Device cuda(Wish wish, Inventory inventory) {
    int index = wish.index().orElse(0);
    if (inventory.build() != Kind.CUDA) {
      throw new EngineException(
          "device "
              + wish
              + " cannot be used: the native PyTorch library is a CPU build.\n"
              + (whereFrom() + "\n")
              + "Build with `mvn clean package -Pcuda` and let DJL download the CUDA library "
              + "(DJL_OFFLINE=false), or set PYTORCH_LIBRARY_PATH; or use --device cpu.");
    }
    if (inventory.gpus() == 0) {
      throw new EngineException(
          "device "
              + wish
              + " cannot be used: the CUDA driver shows no GPU.\n"
              + "Looked for devices with the CUDA runtime and found 0.\n"
              + "Check that `nvidia-smi` lists one, that CUDA_VISIBLE_DEVICES does not hide it, and that "
              + "the folder of libcudart is in LD_LIBRARY_PATH; or use --device cpu.");
    }
    if (index >= inventory.gpus()) {
      throw new EngineException(
          "device "
              + wish
              + " does not exist.\n"
              + ("The CUDA driver shows " + inventory.gpus() + " GPU(s), ")
              + ("cuda:0 to cuda:" + (inventory.gpus() - 1) + ".\n")
              + "Use one of these, or --device cpu.");
    }
    return Device.gpu(index);
  }
}

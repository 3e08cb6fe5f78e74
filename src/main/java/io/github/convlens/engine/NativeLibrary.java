package io.github.convlens.engine;

import ai.djl.util.Utils;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * Where the native PyTorch library comes from, known without loading it: a jar on the class path
 * that DJL unpacks into its cache, a folder named by {@code PYTORCH_LIBRARY_PATH}, or neither.
 */
public final class NativeLibrary {
  private static final String BUNDLED = "native/lib/pytorch.properties";

  private NativeLibrary() {}

  /** The folder into which DJL unpacks or downloads native libraries of PyTorch. */
  public static Path cacheFolder() {
    return Utils.getEngineCacheDir("pytorch").toAbsolutePath();
  }

  /** The bytes of all files in the cache folder; 0 where it does not exist. */
  public static long cacheBytes() {
    Path folder = cacheFolder();
    if (!Files.isDirectory(folder)) {
      return 0;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> Math.max(0, size(file))).sum();
    } catch (IOException e) {
      return 0;
    }
  }

  /** The folder named by the environment or a system property, if one is named. */
  public static Optional<String> overridePath() {
    return Optional.ofNullable(Utils.getEnvOrSystemProperty("PYTORCH_LIBRARY_PATH"));
  }

  /**
   * Version, flavor and platform of the native jar on the class path: {@code
   * 2.7.1-cpu-linux-x86_64}.
   */
  public static Optional<String> bundled() {
    return properties(BUNDLED)
        .map(
            found ->
                found.getProperty("version", "?")
                    + "-"
                    + found.getProperty("flavor", "?")
                    + "-"
                    + found.getProperty("classifier", "?"));
  }

  /** The version of the JNI jar on the class path: {@code 2.7.1-0.35.1}. */
  public static Optional<String> jniVersion() {
    return properties("jnilib/pytorch.properties").map(found -> found.getProperty("jni_version"));
  }

  /** Whether DJL must unpack the jar before its first use, which takes a while. */
  public static boolean needsUnpacking() {
    return overridePath().isEmpty()
        && bundled()
            .map(name -> !Files.exists(cacheFolder().resolve(name).resolve(libraryName())))
            .orElse(false);
  }

  /**
   * Files in the cache that are not as long as the jar says: left by a process that was killed
   * while it unpacked, or by a full disk. DJL would load them and fail.
   */
  public static List<Path> damagedFiles() {
    Optional<String> name = bundled();
    if (name.isEmpty() || needsUnpacking() || overridePath().isPresent()) {
      return List.of();
    }
    Path folder = cacheFolder().resolve(name.get());
    return properties(BUNDLED).map(found -> found.getProperty("libraries", "").split(",")).stream()
        .flatMap(Stream::of)
        .filter(library -> !library.isEmpty() && size(folder.resolve(library)) != inJar(library))
        .map(folder::resolve)
        .toList();
  }

  /** Whether DJL is told not to use the network. */
  public static boolean isOffline() {
    return Utils.isOfflineMode();
  }

  /** This machine's platform in the form of the native jars' classifiers: {@code linux-x86_64}. */
  public static String platform() {
    String os = System.getProperty("os.name", "?").toLowerCase(Locale.ROOT);
    String arch = System.getProperty("os.arch", "?");
    String family = os.startsWith("win") ? "win" : os.startsWith("mac") ? "osx" : os;
    return family + "-" + ("amd64".equals(arch) ? "x86_64" : arch);
  }

  private static long inJar(String library) {
    String entry =
        properties(BUNDLED)
            .map(p -> "pytorch/" + p.getProperty("flavor") + "/" + p.getProperty("classifier"))
            .orElseThrow();
    URL url = NativeLibrary.class.getClassLoader().getResource(entry + "/" + library);
    try {
      return url == null ? -1 : url.openConnection().getContentLengthLong();
    } catch (IOException e) {
      return -1;
    }
  }

  private static String libraryName() {
    return System.mapLibraryName("torch");
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      return -1;
    }
  }

  private static Optional<Properties> properties(String resource) {
    URL url = NativeLibrary.class.getClassLoader().getResource(resource);
    if (url == null) {
      return Optional.empty();
    }
    Properties properties = new Properties();
    try (InputStream in = url.openStream()) {
      properties.load(in);
      return Optional.of(properties);
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}

package io.github.convlens.engine.internal;

import ai.djl.util.Utils;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What ConvLens tells DJL before DJL starts, unless the user has said otherwise: to stay off the
 * network, to report no usage, and to keep native code where nobody else can put some.
 */
public final class DjlSettings {
  private DjlSettings() {}

  /**
   * Sets DJL's system properties. Those that are set already, and the environment's variables, win:
   * {@code DJL_OFFLINE}, {@code OPT_OUT_TRACKING}, {@code DJL_CACHE_DIR}.
   *
   * <p>{@link PyTorchProvider} calls this while DJL looks for its engines, so that it holds for
   * programs that begin with a call of DJL's, too.
   */
  public static void apply() {
    set("ai.djl.offline", System.getenv("DJL_OFFLINE"), "true");
    set("OPT_OUT_TRACKING", System.getenv("OPT_OUT_TRACKING"), "true");
    if (!Files.isWritable(Path.of(System.getProperty("user.home")))) {
      // DJL would take one folder for all users, and whatever code it finds there.
      Path shared = Path.of(System.getProperty("java.io.tmpdir"));
      set(
          "DJL_CACHE_DIR",
          System.getenv("DJL_CACHE_DIR"),
          shared.resolve("djl.ai-" + Ownership.user()).toString());
    }
  }

  /** Whether DJL is told not to use the network. */
  public static boolean isOffline() {
    apply();
    return Utils.isOfflineMode();
  }

  private static void set(String property, @Nullable String environment, String value) {
    if (environment == null && System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }
}

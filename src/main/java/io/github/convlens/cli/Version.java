package io.github.convlens.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The versions that this build was made with, written down by the build. */
final class Version {
  private Version() {}

  /** {@code convlens 0.1.0 (DJL 0.36.0, PyTorch 2.7.1)}. */
  static String line() {
    return "convlens " + of("convlens") + " (DJL " + of("djl") + ", PyTorch " + of("pytorch") + ")";
  }

  /** The version of {@code convlens}, {@code djl} or {@code pytorch}. */
  static String of(String name) {
    Properties versions = new Properties();
    try (InputStream in = Version.class.getResourceAsStream("version.properties")) {
      if (in != null) {
        versions.load(in);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return versions.getProperty(name, "unknown");
  }
}

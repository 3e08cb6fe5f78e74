package io.github.convlens.engine.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which PyTorch a folder of the user's holds. */
class NativeLibraryTest {
  private static final String PROPERTY = "PYTORCH_LIBRARY_PATH";
  @TempDir private Path torch;

  @BeforeEach
  void nothingIsSet() {
    assumeTrue(NativeLibrary.overridePath().isEmpty(), "PYTORCH_LIBRARY_PATH is set");
  }

  @AfterEach
  void clear() {
    System.clearProperty(PROPERTY);
  }

  /** The file of a PyTorch from Python, as it is in its package. */
  @Test
  void aPythonsFolderSaysItsVersion() throws IOException {
    System.setProperty(PROPERTY, torch.resolve("lib").toString());
    assertEquals("2.7.1", NativeLibrary.version("2.7.1"));
    Files.writeString(
        torch.resolve("version.py"),
        """
        from typing import Optional

        __all__ = ['__version__', 'debug', 'cuda', 'git_version', 'hip', 'rocm', 'xpu']
        __version__ = '2.13.0+cpu'
        debug = False
        """);
    assertEquals("2.13.0+cpu", NativeLibrary.version("2.7.1"));
    System.clearProperty(PROPERTY);
    assertEquals("2.7.1", NativeLibrary.version("2.7.1"));
  }
}

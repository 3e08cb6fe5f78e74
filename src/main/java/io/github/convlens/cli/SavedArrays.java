package io.github.convlens.cli;

import ai.djl.ndarray.NDArray;
import io.github.convlens.engine.ProgramArrays;
import io.github.convlens.file.UnwritableException;
import io.github.convlens.file.WholeFiles;
import io.github.convlens.program.ArrayFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The file of {@code --save-output}. */
final class SavedArrays {
  private SavedArrays() {}

  /** Writes what comes out as y0, y1, and so on; a .npy holds one. */
  static void write(List<NDArray> outputs, Path file) throws IOException {
    Map<String, ArrayFile.Numbers> arrays = new LinkedHashMap<>();
    for (int i = 0; i < outputs.size(); i++) {
      arrays.put("y" + i, ProgramArrays.numbers(outputs.get(i)));
    }
    boolean isAlone = file.toString().toLowerCase(Locale.ROOT).endsWith(".npy");
    if (isAlone && arrays.size() > 1) {
      throw new RequestException(
          "option --save-output: a .npy holds one array, and the program gives "
              + arrays.size()
              + ". Use .npz.");
    }
    try {
      WholeFiles.write(
          file,
          stream -> {
            if (isAlone) {
              ArrayFile.writeNpy(stream, arrays.values().iterator().next());
            } else {
              ArrayFile.writeNpz(stream, arrays);
            }
          });
    } catch (UnwritableException e) {
      if (e.isMisplaced()) {
        throw new RequestException("option --save-output: " + e.getMessage());
      }
      throw e;
    }
  }
}

package io.github.convlens.cli;

import ai.djl.ndarray.NDArray;
import io.github.convlens.engine.internal.ProgramArrays;
import io.github.convlens.program.ArrayFile;
import io.github.convlens.program.ProgramException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The file of {@code --save-output}. */
final class SavedArrays {
  private static final String OPTION = "option --save-output: ";

  private SavedArrays() {}

  /** Where what comes out goes, by its suffix. */
  static OutputFile file(String name) {
    return OutputFile.of(
        OPTION, name, OutputFile.Kind.NPZ, OutputFile.Kind.NPY, OutputFile.Kind.SAFETENSORS);
  }

  /** Rejects several outputs where the file holds one. */
  static void check(int outputs, OutputFile file) {
    if (file.kind() == OutputFile.Kind.NPY && outputs > 1) {
      throw new RequestException(
          OPTION + "a .npy holds one array, and the program gives " + outputs + ". Use .npz.");
    }
  }

  /** Writes what comes out as y0, y1, and so on; a .npy holds one. */
  static void write(List<NDArray> outputs, OutputFile file) throws IOException {
    check(outputs.size(), file);
    Map<String, ArrayFile.Numbers> arrays = new LinkedHashMap<>();
    for (int i = 0; i < outputs.size(); i++) {
      arrays.put("y" + i, ProgramArrays.numbers(outputs.get(i)));
    }
    try {
      file.write(
          stream -> {
            switch (file.kind()) {
              case NPY -> ArrayFile.writeNpy(stream, arrays.values().iterator().next());
              case SAFETENSORS -> ArrayFile.writeSafetensors(stream, arrays);
              default -> ArrayFile.writeNpz(stream, arrays);
            }
          });
    } catch (ProgramException e) {
      throw new RequestException(OPTION + e.getMessage(), e);
    }
  }
}

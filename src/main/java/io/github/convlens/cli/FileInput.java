package io.github.convlens.cli;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.convlens.engine.Precision;
import io.github.convlens.engine.internal.ProgramArrays;
import io.github.convlens.engine.internal.RandomInput;
import io.github.convlens.graph.Shaped;
import io.github.convlens.layer.internal.ShapeText;
import io.github.convlens.notation.InputSize;
import io.github.convlens.program.ArrayFile;
import io.github.convlens.program.ProgramException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * The array of {@code --input-file} for a network.
 *
 * @param numbers the array
 */
record FileInput(ArrayFile.Numbers numbers) {
  private static final String OPTION = "option --input-file: ";

  /** All arrays of the file. */
  static Map<String, ArrayFile.Numbers> arrays(Path file) throws IOException {
    try {
      return ArrayFile.read(file);
    } catch (ProgramException e) {
      throw new RequestException(OPTION + e.getMessage(), e);
    }
  }

  /** The only array of a file, or that with the name of the network's input. */
  static FileInput read(Path file, String name) throws IOException {
    Map<String, ArrayFile.Numbers> arrays = arrays(file);
    if (arrays.size() == 1) {
      return new FileInput(arrays.values().iterator().next());
    }
    ArrayFile.Numbers named = arrays.get(name);
    if (named == null) {
      throw new RequestException(
          OPTION
              + "it has "
              + arrays.size()
              + " arrays, and none is called "
              + name
              + ", as the network's input is.\nSave that one alone, or under this name.");
    }
    return new FileInput(named);
  }

  private Shape shape() {
    return numbers.type().shape(Map.of());
  }

  /** The array's shape as the question. */
  InputSize size() {
    try {
      return InputSize.of(shape());
    } catch (IllegalArgumentException e) {
      throw new RequestException(
          OPTION + "its array is " + numbers.type() + ".\n" + "Give one of one to five axes.", e);
    }
  }

  /** Rejects an array that the network's input in this precision is not. */
  void check(Shaped network, Precision precision) {
    Shape input = network.input();
    if (!shape().equals(input)) {
      throw new RequestException(
          OPTION
              + "its array is "
              + ShapeText.listed(shape())
              + ", and the network's input "
              + ShapeText.listed(input)
              + ".\nSave it with all axes, the batch in front.");
    }
    DataType type = ProgramArrays.type(numbers.type().elements(), OPTION + "the array");
    if (RandomInput.isOfIndices(network, 0)) {
      checkIndices(type);
    } else if (type != precision.dataType()) {
      throw new RequestException(
          OPTION
              + "its array is of type "
              + numbers.type().elements()
              + ", and the network runs in "
              + precision
              + ".\nConvert it there: x.astype(\""
              + precision
              + "\")"
              + (type.isFloating() ? ", or add --dtype " + Precision.of(type) + "." : "."));
    }
  }

  private void checkIndices(DataType type) {
    if (type != DataType.INT64 && type != DataType.INT32) {
      throw new RequestException(
          OPTION
              + "its array is of type "
              + numbers.type().elements()
              + ", and an Embedding reads whole numbers.\nConvert it there: x.astype(\"int64\").");
    }
  }

  NDArray array(NDManager manager) {
    return ProgramArrays.of(manager, "the input", numbers.type(), numbers.bytes());
  }
}

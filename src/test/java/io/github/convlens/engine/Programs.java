package io.github.convlens.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.convlens.engine.internal.ProgramArrays;
import io.github.convlens.program.ArrayFile;
import io.github.convlens.program.Program;
import io.github.convlens.program.Pt2File;
import io.github.convlens.program.Value;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Exported programs, and PyTorch's answers beside them. */
final class Programs {
  private static final Path RESOURCES = Path.of("src/test/resources/io/github/convlens");

  /** The oracle's, and those of {@code small_programs.py}. */
  private static final List<Path> FOLDERS =
      List.of(RESOURCES.resolve("oracles/programs"), RESOURCES.resolve("engine/programs"));

  private Programs() {}

  /** The names of all that have answers. */
  static List<String> names() {
    List<String> names = new ArrayList<>();
    for (Path folder : FOLDERS) {
      try (Stream<Path> files = Files.list(folder)) {
        files
            .map(file -> file.getFileName().toString())
            .filter(name -> name.endsWith(".npz"))
            .map(name -> name.substring(0, name.length() - 4))
            .sorted()
            .forEach(names::add);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return names;
  }

  static Path file(String name, String ending) {
    for (Path folder : FOLDERS) {
      if (Files.exists(folder.resolve(name + ending))) {
        return folder.resolve(name + ending);
      }
    }
    throw new IllegalArgumentException(name + ending);
  }

  static Program read(String name) throws IOException {
    return Pt2File.read(file(name, ".pt2"));
  }

  /** The answers, by their names. */
  static Map<String, NDArray> numbers(NDManager manager, String name) throws IOException {
    Map<String, NDArray> numbers = new LinkedHashMap<>();
    ArrayFile.read(file(name, ".npz"))
        .forEach(
            (key, each) ->
                numbers.put(key, ProgramArrays.of(manager, key, each.type(), each.bytes())));
    return numbers;
  }

  /** The program's inputs among the answers. */
  static NDList inputs(Program program, Map<String, NDArray> numbers) {
    NDList inputs = new NDList();
    for (Value.Tensor tensor : program.userTensors()) {
      inputs.add(numbers.get(numbers.containsKey(tensor.name()) ? tensor.name() : "x"));
    }
    return inputs;
  }

  /** {@code y0}, {@code y1}, and so on. */
  static List<NDArray> numbered(Map<String, NDArray> numbers, String prefix) {
    List<NDArray> found = new ArrayList<>();
    for (int i = 0; numbers.containsKey(prefix + i); i++) {
      found.add(numbers.get(prefix + i));
    }
    return found;
  }

  /** The largest difference, as a share of the largest number where that is more than 1. */
  static double off(NDArray actual, NDArray expected) {
    return difference(actual, expected) / Math.max(1, largest(expected));
  }

  /** The largest difference, as a share of the largest number. */
  static double relative(NDArray actual, NDArray expected) {
    double difference = difference(actual, expected);
    return difference == 0 ? 0 : difference / largest(expected);
  }

  private static double difference(NDArray actual, NDArray expected) {
    Shape shape = expected.getShape();
    if (!actual.getShape().equals(shape) || actual.getDataType() != expected.getDataType()) {
      return Double.POSITIVE_INFINITY;
    }
    try (NDArray a = actual.toType(DataType.FLOAT64, true);
        NDArray b = expected.toType(DataType.FLOAT64, true);
        NDArray off = a.sub(b).abs().max()) {
      return off.getDouble();
    }
  }

  private static double largest(NDArray array) {
    try (NDArray wide = array.toType(DataType.FLOAT64, true);
        NDArray most = wide.abs().max()) {
      return most.getDouble();
    }
  }
}

package io.github.convlens.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import io.github.convlens.graph.Node;
import io.github.convlens.graph.Tree;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;

/** The rule by which an array's name decides its numbers: named_numbers.py has the same. */
final class NamedNumbers {
  private NamedNumbers() {}

  /** Numbers from -1 to 1 that a hash makes of a name and an index. */
  static double[] numbers(String name, long size) {
    CRC32 crc = new CRC32();
    crc.update(name.getBytes(StandardCharsets.UTF_8));
    double[] numbers = new double[Math.toIntExact(size)];
    for (int i = 0; i < numbers.length; i++) {
      long h = (i * 2_654_435_761L + crc.getValue()) & 0xffffffffL;
      h = ((h ^ (h >> 16)) * 0x45d9f3b) & 0xffffffffL;
      h ^= h >> 16;
      numbers[i] = h / 0x1p31 - 1;
    }
    return numbers;
  }

  static NDArray array(NDManager manager, Precision precision, String name, Shape shape) {
    return Rule.array(manager, precision, shape, numbers(name, shape.size()));
  }

  /** What a network learns and keeps, by the names of PyTorch's state dict. */
  static Map<String, Parameter> parameters(Block network) {
    GraphBlock block = (GraphBlock) network;
    Map<String, Parameter> parameters = new LinkedHashMap<>();
    List<Node> nodes = block.graph().nodes();
    for (int i = 0; i < nodes.size(); i++) {
      for (Parameter parameter : block.block(i).getDirectParameters().values()) {
        if (isKept(parameter)) {
          parameters.put(Tree.join(nodes.get(i).path(), name(parameter)), parameter);
        }
      }
    }
    return parameters;
  }

  /** What a state dict has: DJL's normalisations have more, which stands still. */
  static boolean isKept(Parameter parameter) {
    return parameter.requiresGradient()
        || parameter.getType() == Parameter.Type.RUNNING_MEAN
        || parameter.getType() == Parameter.Type.RUNNING_VAR;
  }

  /** DJL's own blocks call theirs otherwise than PyTorch. */
  static String name(Parameter parameter) {
    return switch (parameter.getName()) {
      case "gamma" -> "weight";
      case "beta" -> "bias";
      case "runningMean" -> "running_mean";
      case "runningVar" -> "running_var";
      default -> parameter.getName();
    };
  }

  /** Gives an initialised network the numbers of its parameters' names. */
  static void fill(Block network) {
    parameters(network).forEach(NamedNumbers::fill);
  }

  /** Gives one parameter the numbers of a name, in its own number type. */
  static void fill(String name, Parameter parameter) {
    Shape shape = parameter.getShape();
    double[] v = numbers(name, shape.size());
    boolean matrix = shape.dimension() > 1;
    boolean variance = name.endsWith("running_var");
    boolean shift = name.endsWith("running_mean") || name.endsWith("bias");
    double bound = matrix ? Math.sqrt(6.0 / (shape.size() / shape.get(0))) : 0.25;
    double scale = variance ? 0.5 : shift ? 0.1 : bound;
    double middle = variance || !(shift || matrix) ? 1 : 0;
    for (int i = 0; i < v.length; i++) {
      v[i] = middle + scale * v[i];
    }
    NDArray array = parameter.getArray();
    Precision precision = Precision.of(array.getDataType());
    try (NDArray values = Rule.array(array.getManager(), precision, shape, v)) {
      array.set(values.toByteBuffer());
    }
  }
}

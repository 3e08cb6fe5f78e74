package io.github.convlens.notation;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.LayerSpec;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * A network as a program: a complete Java class that builds the same layers as DJL blocks, in plain
 * DJL 0.35, each with the shape that it makes behind it as a comment.
 *
 * <p>Where DJL has no such block, the class brings a small method that does it with NDArray
 * operations. The blocks are untrained, and parameters are as many as in PyTorch, with two
 * exceptions: DJL counts a batch normalisation's running mean and variance as parameters too, and
 * it always gives it a scale and a shift.
 */
public final class DjlCode {
  private static final Map<String, String> IMPORTS =
      Map.ofEntries(
          Map.entry("NDArray", "ai.djl.ndarray.NDArray"),
          Map.entry("NDArrays", "ai.djl.ndarray.NDArrays"),
          Map.entry("NDList", "ai.djl.ndarray.NDList"),
          Map.entry("NDManager", "ai.djl.ndarray.NDManager"),
          Map.entry("NDIndex", "ai.djl.ndarray.index.NDIndex"),
          Map.entry("Shape", "ai.djl.ndarray.types.Shape"),
          Map.entry("Activation", "ai.djl.nn.Activation"),
          Map.entry("Block", "ai.djl.nn.Block"),
          Map.entry("Blocks", "ai.djl.nn.Blocks"),
          Map.entry("LambdaBlock", "ai.djl.nn.LambdaBlock"),
          Map.entry("ParallelBlock", "ai.djl.nn.ParallelBlock"),
          Map.entry("Parameter", "ai.djl.nn.Parameter"),
          Map.entry("SequentialBlock", "ai.djl.nn.SequentialBlock"),
          Map.entry("Conv2d", "ai.djl.nn.convolutional.Conv2d"),
          Map.entry("Linear", "ai.djl.nn.core.Linear"),
          Map.entry("BatchNorm", "ai.djl.nn.norm.BatchNorm"),
          Map.entry("Dropout", "ai.djl.nn.norm.Dropout"),
          Map.entry("LayerNorm", "ai.djl.nn.norm.LayerNorm"),
          Map.entry("Pool", "ai.djl.nn.pooling.Pool"),
          Map.entry("ConstantInitializer", "ai.djl.training.initializer.ConstantInitializer"),
          Map.entry("List", "java.util.List"));

  private DjlCode() {}

  /**
   * The source of a class {@code Network} with a method {@code public static Block build()}.
   *
   * @param layer the network
   * @param input its input, batch axis first; sizes that depend on it become numbers in the code
   * @throws io.github.convlens.layer.ShapeException if the network cannot take the input
   */
  public static String of(LayerSpec layer, Shape input) {
    LayerSpec resolved = layer.resolve(input);
    DjlBlocks blocks = new DjlBlocks();
    String expression = blocks.block(resolved, input, "");
    StringBuilder body = new StringBuilder();
    body.append("\n  /** The network for an input of shape ").append(input).append(". */\n");
    body.append("  public static Block build() {\n    return ");
    body.append(DjlText.indented(DjlText.closed(expression, ";"), 4)).append("\n  }\n");
    blocks.methods().forEach((name, text) -> body.append(method(name, text)));
    DjlHelpers.usedBy(body.toString())
        .forEach(
            helper ->
                body.append('\n')
                    .append(DjlText.indented("  " + helper.stripTrailing(), 2))
                    .append('\n'));
    return imports(body.toString())
        + "\n/** Made by ConvLens from PyTorch's notation. */\n"
        + "public final class Network {\n  private Network() {}\n"
        + body
        + "}\n";
  }

  private static String method(String name, String expression) {
    return "\n  private static Block "
        + name
        + "() {\n    return "
        + DjlText.indented(DjlText.closed(expression, ";"), 4)
        + "\n  }\n";
  }

  private static String imports(String code) {
    Set<String> used = new HashSet<>(Arrays.asList(code.split("[^A-Za-z0-9]+")));
    StringBuilder text = new StringBuilder();
    IMPORTS.entrySet().stream()
        .filter(entry -> used.contains(entry.getKey()))
        .map(entry -> "import " + entry.getValue() + ";\n")
        .sorted()
        .forEach(text::append);
    return text.toString();
  }
}

package io.github.convlens.cli;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.convlens.graph.Edge;
import io.github.convlens.graph.Graph;
import io.github.convlens.layer.ActivationSpec;
import io.github.convlens.layer.ActivationSpec.Function;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.internal.ShapeText;
import java.io.InputStream;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The most probable classes of a network's scores, by their names. */
final class TopClasses {
  /** Names of as many classes as any network has. */
  private static final int MAX_BYTES = 16 << 20;

  @Option(
      names = "--top",
      paramLabel = "N",
      description = "Print the N most probable classes of the scores, by softmax.")
  private @Nullable Integer count;

  @Option(
      names = "--labels",
      paramLabel = "FILE",
      description = "The names of the classes for --top, one on each line.")
  private @Nullable String file;

  private List<String> labels = List.of();

  /** Reads the names; refuses what is wrong before anything runs. */
  void prepare(InputStream stdin) {
    if (count != null && count < 1) {
      throw new RequestException("option --top: it must be at least 1, not " + count + ".");
    }
    if (file == null) {
      return;
    }
    if (count == null) {
      throw new RequestException("option --labels: it goes with --top N.");
    }
    String missing = "option --labels: '" + file + "' is not a readable file.";
    String tooLong = "option --labels: the file is longer than 16 MiB. Give names alone.";
    try (TextFile text = TextFile.open(file, stdin, "option --labels: ", missing)) {
      labels = text.text(MAX_BYTES, tooLong).stripTrailing().lines().map(String::strip).toList();
    }
  }

  /** Refuses outputs that are no scores of classes, where classes are wanted. */
  void check(Graph graph, List<Shape> outputs) {
    if (count == null) {
      return;
    }
    if (outputs.size() != 1) {
      throw new RequestException(
          "option --top: it takes one vector of scores, and the network gives "
              + outputs.size()
              + " arrays. Leave it out.");
    }
    Shape shape = outputs.get(0);
    boolean isVector = shape.dimension() == 1 || shape.dimension() == 2;
    if (!isVector || shape.get(shape.dimension() - 1) < 2) {
      throw new RequestException(
          "option --top: it takes a vector with a score for each class, [1, classes], and the"
              + " network gives "
              + ShapeText.listed(shape)
              + ". Leave it out.");
    }
    if (last(graph).filter(layer -> is(layer, Function.SIGMOID)).isPresent()) {
      throw new RequestException(
          "option --top: the network ends with a Sigmoid, which gives each class a probability of"
              + " its own. Leave it out.");
    }
    long classes = shape.get(shape.dimension() - 1);
    if (file != null && labels.size() != classes) {
      throw new RequestException(
          "option --labels: the file has "
              + labels.size()
              + (labels.size() == 1 ? " line" : " lines")
              + ", and the network gives scores of "
              + classes
              + " classes. Give a line for each.");
    }
  }

  /** Prints the classes of each row of scores, once {@link #check} has passed. */
  void print(Graph graph, NDList outputs, PrintWriter out) {
    if (count == null) {
      return;
    }
    boolean areShares = last(graph).filter(layer -> is(layer, Function.SOFTMAX)).isPresent();
    try (NDArray wide = outputs.head().toType(DataType.FLOAT64, true)) {
      double[] all = wide.toDoubleArray();
      int classes = Math.toIntExact(wide.getShape().get(wide.getShape().dimension() - 1));
      int rows = all.length / classes;
      for (int row = 0; row < rows; row++) {
        double[] scores =
            IntStream.range(row * classes, (row + 1) * classes).mapToDouble(i -> all[i]).toArray();
        if (rows > 1) {
          out.println("input " + row + ":");
        }
        lines(areShares ? scores : softmax(scores)).forEach(out::println);
      }
    }
  }

  private static Optional<LayerSpec> last(Graph graph) {
    return graph.outputs().get(0) instanceof Edge.OfNode node
        ? Optional.of(graph.nodes().get(node.node()).layer())
        : Optional.empty();
  }

  private static boolean is(LayerSpec layer, Function function) {
    return layer instanceof ActivationSpec activation && activation.function() == function;
  }

  private static double[] softmax(double[] scores) {
    double largest = Double.NEGATIVE_INFINITY;
    for (double score : scores) {
      largest = Math.max(largest, score);
    }
    double sum = 0;
    double[] shares = new double[scores.length];
    for (int i = 0; i < scores.length; i++) {
      shares[i] = Math.exp(scores[i] - largest);
      sum += shares[i];
    }
    for (int i = 0; i < scores.length; i++) {
      shares[i] /= sum;
    }
    return shares;
  }

  /** {@code 0.4213 class 281 tabby}, the most probable first; of equal ones the lower. */
  private List<String> lines(double[] shares) {
    int most = count == null ? 0 : Math.min(count, shares.length);
    List<Integer> best =
        IntStream.range(0, shares.length)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer i) -> -shares[i]))
            .limit(most)
            .toList();
    int width = String.valueOf(best.stream().max(Comparator.naturalOrder()).orElse(0)).length();
    List<String> lines = new ArrayList<>();
    for (int each : best) {
      String number = String.format(Locale.ROOT, "%.4f  class %" + width + "d", shares[each], each);
      lines.add(labels.isEmpty() ? number : number + "  " + labels.get(each));
    }
    return lines;
  }
}

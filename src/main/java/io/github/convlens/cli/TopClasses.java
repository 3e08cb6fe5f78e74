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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import picocli.CommandLine.Model.CommandSpec;

/** The most probable classes of a network's scores, by their names. */
final class TopClasses implements Arguments {
  /** Names of as many classes as any network has. */
  private static final int MAX_BYTES = 16 << 20;

  private final Argument<Integer> count =
      Argument.option("--top")
          .says("Print the N most probable classes of the scores, by softmax.")
          .integer();

  private final Argument<String> file =
      Argument.option("--labels")
          .says("The names of the classes for --top, one on each line.")
          .text("FILE");

  private List<String> labels = List.of();

  @Override
  public void addTo(CommandSpec command) {
    count.addTo(command);
    file.addTo(command);
  }

  /** Reads the names; refuses what is wrong before anything runs. */
  void prepare(InputStream stdin) {
    if (count.hasValue() && count.value() < 1) {
      throw new RequestException("option --top: it must be at least 1, not " + count.value() + ".");
    }
    if (!file.hasValue()) {
      return;
    }
    if (!count.hasValue()) {
      throw new RequestException("option --labels: it goes with --top N.");
    }
    String missing = "option --labels: '" + file.value() + "' is not a readable file.";
    String tooLong = "option --labels: the file is longer than 16 MiB. Give names alone.";
    try (TextFile text = TextFile.open(file.value(), stdin, "option --labels: ", missing)) {
      labels = text.text(MAX_BYTES, tooLong).stripTrailing().lines().map(String::strip).toList();
    }
  }

  /** Refuses outputs that are no scores of classes, where classes are wanted. */
  void check(Graph graph, List<Shape> outputs) {
    if (!count.hasValue()) {
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
    if (file.hasValue() && labels.size() != classes) {
      throw new RequestException(
          "option --labels: the file has "
              + labels.size()
              + (labels.size() == 1 ? " line" : " lines")
              + ", and the network gives scores of "
              + classes
              + " classes. Give a line for each.");
    }
  }

  /**
   * A class.
   *
   * @param index its place among the scores
   * @param name its name, where names are given
   * @param probability its share, by softmax
   */
  record Share(int index, Optional<String> name, double probability) {}

  /** Tells the classes of each row of scores, once {@link #check} has passed. */
  void tell(Graph graph, NDList outputs, RunForm form) {
    if (!count.hasValue()) {
      return;
    }
    boolean areShares = last(graph).filter(layer -> is(layer, Function.SOFTMAX)).isPresent();
    List<List<Share>> inputs = new ArrayList<>();
    try (NDArray wide = outputs.head().toType(DataType.FLOAT64, true)) {
      double[] all = wide.toDoubleArray();
      int classes = Math.toIntExact(wide.getShape().get(wide.getShape().dimension() - 1));
      for (int from = 0; from < all.length; from += classes) {
        double[] scores = Arrays.copyOfRange(all, from, from + classes);
        inputs.add(best(areShares ? scores : softmax(scores)));
      }
    }
    form.classes(inputs);
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

  /** The most probable first; of equal ones the lower. */
  private List<Share> best(double[] shares) {
    int most = count.hasValue() ? Math.min(count.value(), shares.length) : 0;
    return IntStream.range(0, shares.length)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer i) -> -shares[i]))
        .limit(most)
        .map(i -> new Share(i, name(i), shares[i]))
        .toList();
  }

  private Optional<String> name(int index) {
    return labels.isEmpty() ? Optional.empty() : Optional.of(labels.get(index));
  }
}

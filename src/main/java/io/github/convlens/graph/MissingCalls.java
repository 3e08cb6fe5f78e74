package io.github.convlens.graph;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.internal.Exact;
import io.github.convlens.layer.internal.Printable;
import io.github.convlens.layer.internal.ShapeText;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The calls without which a Linear of a guessed {@code forward} does not fit. PyTorch's CIFAR-10
 * tutorial has a Linear of 400 = 16 x 5 x 5 features behind a map of 16 x 10 x 10, since its one
 * pool runs twice and the print shows it once.
 *
 * <p>Tried are pools behind convolutions, the printed pools and those of 2 first: behind the last
 * convolution, behind all that have none, behind one, behind any set of them.
 *
 * @param assumptions the calls, those that are the most usual
 * @param others sets of calls that make the Linear fit as well
 * @param network the network with the calls
 * @param input the input with which it fits: the given one, or one of a usual size
 * @param map what reaches the Linear then, before it is flattened
 */
public record MissingCalls(
    List<Assumption> assumptions,
    List<List<Assumption>> others,
    Graph network,
    Shape input,
    Shape map) {

  /** Takes copies of the lists. */
  public MissingCalls {
    assumptions = List.copyOf(assumptions);
    others = List.copyOf(others);
  }

  /**
   * The pools that are missing where a Linear refuses; empty where none behind convolutions without
   * a pool would help.
   */
  public static Optional<MissingCalls> pools(Graph graph, Shape input) {
    return MissingCallSearch.of(graph, input).flatMap(MissingCallSearch::pools);
  }

  /**
   * The same, or what else makes the Linear fit: another input, a mean, an adaptive pool, a second
   * pool. Empty where nothing does.
   */
  static List<MissingCalls> all(Graph graph, Shape input) {
    Optional<MissingCallSearch> found = MissingCallSearch.of(graph, input);
    if (found.isEmpty()) {
      return List.of();
    }
    MissingCallSearch search = found.get();
    return search
        .pools()
        .map(List::of)
        .orElseGet(
            () ->
                Stream.of(search.poolsForAnotherSize(), search.global().or(search::morePools))
                    .flatMap(Optional::stream)
                    .toList());
  }

  /** {@code --assume pool2@conv1 --assume pool2@conv2}. */
  public String options() {
    return assumptions.stream()
        .map(each -> "--assume " + Printable.line(each.toString()))
        .collect(Collectors.joining(" "));
  }

  /**
   * What may be missing, with the arithmetic, and how to put it in.
   *
   * @param missing one or more
   * @param given the input that was refused
   */
  static String remedy(List<MissingCalls> missing, Shape given) {
    String reasons =
        missing.stream().map(each -> each.reason(given)).collect(Collectors.joining("; "));
    String uses =
        missing.stream()
            .map(each -> each.otherInput(given, "an input of ", " and ") + each.options())
            .collect(Collectors.joining(", or "));
    return "A call that the print does not show may be missing: "
        + reasons
        + ".\nUse "
        + uses
        + ".";
  }

  private String reason(Shape given) {
    String alternatives =
        others.stream().map(each -> ", or " + paths(each)).collect(Collectors.joining());
    return "with "
        + call()
        + " behind "
        + paths(assumptions)
        + alternatives
        + (others.isEmpty() ? "" : ",")
        + otherInput(given, " and an input of ", "")
        + " the Linear is given "
        + product()
        + " features";
  }

  private String otherInput(Shape given, String before, String after) {
    return given.equals(input) ? "" : before + ShapeText.crossed(input.slice(2)) + after;
  }

  /** {@code conv1, conv2 and conv3}. */
  private static String paths(List<Assumption> calls) {
    List<String> paths = calls.stream().map(each -> Printable.line(each.path())).toList();
    int last = paths.size() - 1;
    return last == 0
        ? paths.get(0)
        : String.join(", ", paths.subList(0, last)) + " and " + paths.get(last);
  }

  private String call() {
    String call = assumptions.get(0).call();
    if (network.byPath().containsKey(call)) {
      long calls = network.nodes().stream().filter(node -> node.path().equals(call)).count();
      return Printable.line(call) + (calls > assumptions.size() ? " once more" : "");
    }
    return AssumedCall.of(call).orElseThrow().over(map.dimension() - 2).toString();
  }

  /** {@code 16 x 5 x 5 = 400}. */
  private String product() {
    String sizes = ShapeText.crossed(map.slice(1)).replace("x", " x ");
    return isMean()
        ? Long.toString(map.get(1))
        : sizes + " = " + Exact.product(map, 1, map.dimension());
  }

  private boolean isMean() {
    return assumptions.get(0).call().equals("mean");
  }
}

package io.github.convlens.program;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.ShapeException;
import io.github.convlens.layer.internal.Exact;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * {@code einsum('bij,bjk->bik', a, b)}: its output's shape and its multiply-adds. PyTorch
 * multiplies the operands from left to right, two at a time, each time as one batched matrix
 * product; where nothing is summed over both it multiplies element by element, which does not
 * count.
 */
final class Einsum {
  private final List<List<Object>> labels = new ArrayList<>();
  private final List<Object> outputLabels = new ArrayList<>();
  private final List<Map<Object, Long>> sizes = new ArrayList<>();
  private final Map<Object, Long> all = new HashMap<>();

  private Einsum(String equation, List<Shape> shapes) {
    String compact = equation.replace(" ", "");
    int arrow = compact.indexOf("->");
    String[] inputs = (arrow < 0 ? compact : compact.substring(0, arrow)).split(",", -1);
    if (inputs.length != shapes.size()) {
      throw wrong(equation);
    }
    Map<Object, Integer> counts = new HashMap<>();
    for (int i = 0; i < inputs.length; i++) {
      List<Object> names = names(inputs[i], shapes.get(i).dimension());
      add(equation, names, shapes.get(i));
      names.forEach(name -> counts.merge(name, 1, Integer::sum));
    }
    if (arrow >= 0) {
      outputLabels.addAll(outputNames(compact.substring(arrow + 2)));
    } else {
      all.keySet().stream().filter(Integer.class::isInstance).sorted().forEach(outputLabels::add);
      counts.keySet().stream()
          .filter(name -> name instanceof Character && counts.getOrDefault(name, 0) == 1)
          .sorted()
          .forEach(outputLabels::add);
    }
  }

  static Einsum of(Given given) {
    return given.call().argument(0, "equation").orElse(Argument.NONE)
            instanceof Argument.Text equation
        ? new Einsum(equation.value(), given.shapes())
        : new Einsum("", List.of());
  }

  /** Letters; what an ellipsis stands for is counted from the end: -1, -2. */
  private static List<Object> names(String term, int rank) {
    List<Object> names = new ArrayList<>();
    int letters = term.replace("...", "").length();
    for (int i = 0; i < term.length(); i++) {
      if (term.startsWith("...", i)) {
        for (int axis = rank - letters; axis > 0; axis--) {
          names.add(-axis);
        }
        i += 2;
      } else {
        names.add(term.charAt(i));
      }
    }
    return names;
  }

  private List<Object> outputNames(String term) {
    int ellipsis = (int) all.keySet().stream().filter(Integer.class::isInstance).count();
    return names(term, term.replace("...", "").length() + ellipsis);
  }

  private void add(String equation, List<Object> names, Shape shape) {
    if (names.size() != shape.dimension()) {
      throw wrong(equation);
    }
    Map<Object, Long> own = new HashMap<>();
    for (int i = 0; i < names.size(); i++) {
      own.put(names.get(i), shape.get(i));
      all.merge(names.get(i), shape.get(i), Math::max);
    }
    labels.add(names);
    sizes.add(own);
  }

  private static ShapeException wrong(String equation) {
    return ShapeException.of(
        "an einsum needs a letter for each axis",
        "The equation is '" + equation + "'.",
        "Use an input with as many axes as the program was exported with.");
  }

  Shape output() {
    return new Shape(outputLabels.stream().mapToLong(all::get).toArray());
  }

  /** The sum over the products of two. */
  long macs() {
    long sum = 0;
    Map<Object, Long> left = sizes.isEmpty() ? Map.of() : sizes.get(0);
    for (int i = 1; i < sizes.size(); i++) {
      Map<Object, Long> right = sizes.get(i);
      Set<Object> later = new LinkedHashSet<>(outputLabels);
      labels.subList(i + 1, labels.size()).forEach(later::addAll);
      sum = Exact.add(sum, pair(left, right, later));
      left = joined(left, right, later);
    }
    return sum;
  }

  private static long pair(Map<Object, Long> left, Map<Object, Long> right, Set<Object> later) {
    boolean sums = false;
    long product = 1;
    Set<Object> names = new LinkedHashSet<>(left.keySet());
    names.addAll(right.keySet());
    for (Object name : names) {
      long one = left.getOrDefault(name, 1L);
      long other = right.getOrDefault(name, 1L);
      boolean isSummed = !later.contains(name);
      if (isSummed && one > 1 && other > 1) {
        sums = true;
        product = Exact.multiply(product, one);
      } else if (!isSummed) {
        product = Exact.multiply(product, Math.max(one, other));
      }
    }
    return sums ? product : 0;
  }

  private static Map<Object, Long> joined(
      Map<Object, Long> left, Map<Object, Long> right, Set<Object> later) {
    Map<Object, Long> joined = new HashMap<>(left);
    right.forEach((name, size) -> joined.merge(name, size, Math::max));
    joined.keySet().retainAll(later);
    return joined;
  }
}

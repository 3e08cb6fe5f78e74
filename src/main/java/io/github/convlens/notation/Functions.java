package io.github.convlens.notation;

import io.github.convlens.layer.ActivationSpec;
import io.github.convlens.layer.AdaptivePoolSpec;
import io.github.convlens.layer.AvgPoolSpec;
import io.github.convlens.layer.ConcatenationSpec;
import io.github.convlens.layer.FlattenSpec;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.MatrixProductSpec;
import io.github.convlens.layer.MaxPoolSpec;
import io.github.convlens.layer.MeanSpec;
import io.github.convlens.layer.Size;
import io.github.convlens.layer.SplitSpec;
import io.github.convlens.layer.UpsampleSpec;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/** The functions that a recipe can call, named as in torch and torch.nn.functional. */
final class Functions {
  /** Runs children one behind the other: {@code in_order(layers*, x)}. */
  static final String IN_ORDER = "in_order";

  /** Puts each child's output behind all that came before it: {@code dense(layers*, x)}. */
  static final String DENSE = "dense";

  private static final TreeMap<String, Function<List<Long>, LayerSpec>> TABLE = new TreeMap<>();

  static {
    TABLE.put("relu", n -> ActivationSpec.of(ActivationSpec.Function.RELU));
    TABLE.put("relu6", n -> ActivationSpec.of(ActivationSpec.Function.RELU6));
    TABLE.put("leaky_relu", n -> ActivationSpec.of(ActivationSpec.Function.LEAKY_RELU));
    TABLE.put("sigmoid", n -> ActivationSpec.of(ActivationSpec.Function.SIGMOID));
    TABLE.put("hardsigmoid", n -> ActivationSpec.of(ActivationSpec.Function.HARDSIGMOID));
    TABLE.put("tanh", n -> ActivationSpec.of(ActivationSpec.Function.TANH));
    TABLE.put("gelu", n -> ActivationSpec.of(ActivationSpec.Function.GELU));
    TABLE.put("silu", n -> ActivationSpec.of(ActivationSpec.Function.SILU));
    TABLE.put(
        "softmax", n -> ActivationSpec.along(ActivationSpec.Function.SOFTMAX, (int) first(n, 1)));
    TABLE.put(
        "log_softmax",
        n -> ActivationSpec.along(ActivationSpec.Function.LOG_SOFTMAX, (int) first(n, 1)));
    TABLE.put("flatten", n -> new FlattenSpec((int) first(n, 1), -1));
    TABLE.put(
        "mean", n -> new MeanSpec(n.stream().map(Long::intValue).toList(), MeanSpec.Axes.DROPPED));
    TABLE.put("max_pool2d", n -> MaxPoolSpec.of(Size.square(first(n, 2))));
    TABLE.put("avg_pool2d", n -> AvgPoolSpec.of(Size.square(first(n, 2))));
    TABLE.put(
        "adaptive_avg_pool2d",
        n ->
            new AdaptivePoolSpec(
                AdaptivePoolSpec.Reduction.AVERAGE,
                OptionalLong.of(first(n, 1)),
                OptionalLong.of(first(n, 1))));
    TABLE.put(
        "interpolate",
        n ->
            new UpsampleSpec(
                new UpsampleSpec.Target.By(List.of((double) first(n, 2))),
                UpsampleSpec.Mode.NEAREST,
                UpsampleSpec.Corners.EDGES));
    TABLE.put("cat", n -> new ConcatenationSpec((int) first(n, 1)));
    TABLE.put("matmul", n -> new MatrixProductSpec());
    TABLE.put(
        "chunk",
        n ->
            new SplitSpec(
                n.size() > 1 ? n.get(1).intValue() : 1, new SplitSpec.Parts.Chunks(first(n, 2))));
  }

  private Functions() {}

  private static long first(List<Long> numbers, long usual) {
    return numbers.isEmpty() ? usual : numbers.get(0);
  }

  static boolean isKnown(String name) {
    return TABLE.containsKey(name) || name.equals(IN_ORDER) || name.equals(DENSE);
  }

  static Set<String> names() {
    Set<String> names = new TreeSet<>(TABLE.keySet());
    names.add(IN_ORDER);
    names.add(DENSE);
    return names;
  }

  /** The layer that a function computes, with these whole numbers. */
  static LayerSpec of(String name, List<Long> numbers) {
    Function<List<Long>, LayerSpec> function = TABLE.get(name);
    if (function == null) {
      throw new IllegalStateException(name + " is no function of one array");
    }
    return function.apply(numbers);
  }
}

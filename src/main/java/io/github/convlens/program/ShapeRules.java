package io.github.convlens.program;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.MatrixProductSpec;
import io.github.convlens.layer.ShapeException;
import io.github.convlens.layer.SumSpec;
import io.github.convlens.layer.internal.Exact;
import io.github.convlens.layer.internal.ShapeText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What PyTorch's functions make of shapes, for those that are no layer of the package {@code
 * layer}. Each is tried on the recorded shapes before it is believed.
 */
final class ShapeRules {
  /** The shapes that a call makes. */
  private interface Rule {
    List<Shape> of(Given given);
  }

  /** Element by element, of arrays that are broadcast. */
  private static final Set<String> ELEMENTWISE =
      Set.of(
          ("abs exp expm1 log log1p log2 log10 sqrt rsqrt square pow neg sin cos tan asin acos atan"
                  + " atan2 sinh cosh erf erfc sign floor ceil round trunc frac reciprocal clamp"
                  + " clamp_min clamp_max clip add sub rsub mul div floor_divide remainder fmod"
                  + " maximum minimum fmin fmax where eq ne gt ge lt le logical_and logical_or"
                  + " logical_not logical_xor bitwise_and bitwise_or bitwise_not bitwise_xor"
                  + " masked_fill addcmul addcdiv lerp isnan isinf isfinite nan_to_num copy fill zero"
                  + " relu sigmoid tanh silu gelu hardtanh hardswish hardsigmoid leaky_relu elu selu"
                  + " celu mish softplus log_sigmoid hardshrink softshrink threshold dropout")
              .split(" "));

  /** The shape stays, and elements of one place read others. */
  private static final Set<String> SAME_SHAPE =
      Set.of(
          ("softmax log_softmax _softmax _log_softmax cumsum cumprod flip roll tril triu zeros_like"
                  + " ones_like full_like rand_like randn_like empty_like"
                  + " layer_norm group_norm rms_norm")
              .split(" "));

  /** One number is made of those along axes. */
  private static final Set<String> REDUCTIONS =
      Set.of(
          ("sum mean amax amin max min prod var std logsumexp linalg_vector_norm norm argmax argmin"
                  + " any all median")
              .split(" "));

  /** Elements stay where they are, or go. */
  private static final Set<String> KEEPS_PLACES =
      Set.of(
          ("view reshape _unsafe_view view_as reshape_as unflatten flatten unsqueeze squeeze select"
                  + " slice expand expand_as unbind chunk split split_with_sizes stack cat sum mean"
                  + " amax amin max min prod var std linalg_vector_norm norm tril triu")
              .split(" "));

  private static final Map<String, Rule> RULES = rules();

  private ShapeRules() {}

  /** {@code add} of {@code add_}: what is done in place makes the same shape. */
  static String plain(String function) {
    return function.endsWith("_") && !function.startsWith("_")
        ? function.substring(0, function.length() - 1)
        : function;
  }

  static boolean isElementwise(String function) {
    return ELEMENTWISE.contains(plain(function));
  }

  /** Whether a position reads itself alone, where its axis keeps its size. */
  static boolean keepsPlaces(String function) {
    return KEEPS_PLACES.contains(function);
  }

  /** The shapes; empty where no rule is known. */
  static Optional<List<Shape>> shapes(Given given) {
    String function = plain(given.call().function());
    if (ELEMENTWISE.contains(function)) {
      return Optional.of(new SumSpec().outputs(given.shapes()));
    }
    if (SAME_SHAPE.contains(function)) {
      return Optional.of(List.of(given.shape(0)));
    }
    if (REDUCTIONS.contains(function)) {
      return Optional.of(reduced(given, function));
    }
    return Optional.ofNullable(RULES.get(function)).map(rule -> rule.of(given));
  }

  private static Map<String, Rule> rules() {
    Map<String, Rule> rules = new HashMap<>();
    for (String name : List.of("view", "reshape", "_unsafe_view", "_reshape_copy")) {
      rules.put(name, given -> one(viewed(given, given.shape(0), given.wholes(1, "size"))));
    }
    for (String name : List.of("view_as", "reshape_as", "expand_as")) {
      rules.put(name, given -> one(given.shape(1)));
    }
    rules.put("flatten", ShapeRules::flattened);
    rules.put("unflatten", ShapeRules::unflattened);
    rules.put("unsqueeze", given -> one(unsqueezed(given)));
    rules.put("squeeze", given -> one(squeezed(given)));
    rules.put("transpose", ShapeRules::transposed);
    rules.put("t", given -> one(given.rank() < 2 ? given.shape(0) : swapped(given.shape(0), 0, 1)));
    rules.put("permute", ShapeRules::permuted);
    rules.put(
        "select", given -> one(without(given.shape(0), given.axis(1, "dim", 0, given.rank()))));
    rules.put("slice", given -> one(sliced(given)));
    rules.put("expand", given -> one(expanded(given)));
    rules.put("repeat", given -> one(repeated(given)));
    rules.put("unbind", ShapeRules::unbound);
    rules.put("chunk", ShapeRules::chunked);
    rules.put("split", ShapeRules::split);
    rules.put("split_with_sizes", ShapeRules::splitBySizes);
    rules.put("stack", given -> one(stacked(given)));
    rules.put("cat", given -> one(concatenated(given)));
    rules.put("pad", given -> one(padded(given)));
    rules.put("constant_pad_nd", given -> one(padded(given)));
    for (String name : List.of("matmul", "bmm", "mm")) {
      rules.put(name, given -> one(product(given.shape(0), given.shape(1))));
    }
    for (String name : List.of("addmm", "baddbmm")) {
      rules.put(name, given -> one(product(given.shape(1), given.shape(2))));
    }
    rules.put("linear", ShapeRules::linear);
    rules.put("scaled_dot_product_attention", ShapeRules::attended);
    rules.put("einsum", given -> one(Einsum.of(given).output()));
    return rules;
  }

  private static List<Shape> one(Shape shape) {
    return List.of(shape);
  }

  private static Shape viewed(Given given, Shape input, List<Long> sizes) {
    long elements = Exact.elements(input);
    long known = sizes.stream().filter(size -> size != -1).reduce(1L, Exact::multiply);
    boolean open = sizes.contains(-1L);
    if (open ? known == 0 || elements % known != 0 : elements != known) {
      throw baked(
          given,
          "it makes "
              + sizes
              + ", which does not fit the "
              + elements
              + " elements of "
              + ShapeText.listed(input));
    }
    return new Shape(
        sizes.stream().mapToLong(size -> size == -1 ? elements / known : size).toArray());
  }

  /** The refusal of sizes that the program has as numbers. */
  static ShapeException baked(Given given, String why) {
    return baked(given.call().name(), why);
  }

  static ShapeException baked(String call, String why) {
    return ShapeException.of(
            "the program was exported for one size, which is part of this call",
            "The call is " + call + ": " + why + ".",
            "Use the size that it was exported for, or export it with the axes that vary, 0 for the"
                + " batch, 2 and 3 for height and width: torch.export.export(model, (x,),"
                + " dynamic_shapes=({0: torch.export.Dim(\"batch\")},)).")
        .atAnySize();
  }

  private static List<Shape> flattened(Given given) {
    int rank = given.rank();
    Shape input = given.shape(0);
    int from = given.axis(1, "start_dim", 0, rank);
    int to = given.axis(2, "end_dim", -1, rank);
    Shape joined = new Shape(rank == 0 ? 1 : Exact.product(input, from, to + 1));
    return rank == 0
        ? one(joined)
        : one(input.slice(0, from).addAll(joined).addAll(input.slice(to + 1, rank)));
  }

  private static List<Shape> unflattened(Given given) {
    Shape input = given.shape(0);
    int axis = given.axis(1, "dim", 0, given.rank());
    Shape parts = viewed(given, new Shape(input.get(axis)), given.wholes(2, "sizes"));
    return one(input.slice(0, axis).addAll(parts).addAll(input.slice(axis + 1, given.rank())));
  }

  private static Shape unsqueezed(Given given) {
    int axis = given.axis(1, "dim", 0, given.rank() + 1);
    Shape input = given.shape(0);
    return input.slice(0, axis).add(1).addAll(input.slice(axis, given.rank()));
  }

  private static Shape squeezed(Given given) {
    boolean all = given.call().argument(1, "dim").isEmpty();
    Set<Integer> axes = new TreeSet<>();
    given.wholes(1, "dim").forEach(axis -> axes.add(given.axis(axis, given.rank())));
    Shape input = given.shape(0);
    Shape output = new Shape();
    for (int i = 0; i < given.rank(); i++) {
      boolean goes = input.get(i) == 1 && (all || axes.contains(i));
      output = goes ? output : output.add(input.get(i));
    }
    return output;
  }

  private static List<Shape> transposed(Given given) {
    int one = given.axis(1, "dim0", 0, given.rank());
    return one(swapped(given.shape(0), one, given.axis(2, "dim1", 0, given.rank())));
  }

  private static Shape swapped(Shape input, int one, int other) {
    long[] sizes = input.getShape().clone();
    sizes[one] = input.get(other);
    sizes[other] = input.get(one);
    return new Shape(sizes);
  }

  private static List<Shape> permuted(Given given) {
    return one(
        new Shape(
            given.wholes(1, "dims").stream()
                .mapToLong(axis -> given.shape(0).get(given.axis(axis, given.rank())))
                .toArray()));
  }

  private static Shape without(Shape input, int axis) {
    return input.slice(0, axis).addAll(input.slice(axis + 1, input.dimension()));
  }

  private static Shape with(Shape input, int axis, long size) {
    long[] sizes = input.getShape().clone();
    sizes[axis] = size;
    return new Shape(sizes);
  }

  private static Shape sliced(Given given) {
    int axis = given.axis(1, "dim", 0, given.rank());
    long size = given.shape(0).get(axis);
    long start = bounded(given.whole(2, "start", 0), size);
    long end = bounded(given.whole(3, "end", Long.MAX_VALUE), size);
    long step = Math.max(1, given.whole(4, "step", 1));
    return with(given.shape(0), axis, Math.max(0, -Math.floorDiv(start - end, step)));
  }

  private static long bounded(long place, long size) {
    return Math.max(0, Math.min(size, place < 0 ? place + size : place));
  }

  private static Shape expanded(Given given) {
    List<Long> sizes = given.wholes(1, "size");
    int more = sizes.size() - given.rank();
    long[] output = new long[sizes.size()];
    for (int i = 0; i < output.length; i++) {
      long now = i < more ? 1 : given.shape(0).get(i - more);
      output[i] = sizes.get(i) == -1 ? now : sizes.get(i);
      if (now != 1 && now != output[i]) {
        throw baked(given, "it makes " + sizes + " of " + ShapeText.listed(given.shape(0)));
      }
    }
    return new Shape(output);
  }

  private static Shape repeated(Given given) {
    List<Long> times = given.wholes(1, "repeats");
    int more = times.size() - given.rank();
    long[] output = new long[times.size()];
    for (int i = 0; i < output.length; i++) {
      output[i] = Exact.multiply(times.get(i), i < more ? 1 : given.shape(0).get(i - more));
    }
    return new Shape(output);
  }

  private static List<Shape> unbound(Given given) {
    int axis = given.axis(1, "dim", 0, given.rank());
    return Collections.nCopies(count(given.shape(0).get(axis)), without(given.shape(0), axis));
  }

  /** No program has more outputs of a call. */
  private static int count(long parts) {
    return (int) Math.min(parts, 1 << 16);
  }

  private static List<Shape> chunked(Given given) {
    int axis = given.axis(2, "dim", 0, given.rank());
    long size = given.shape(0).get(axis);
    long chunks = Math.max(1, given.whole(1, "chunks", 1));
    return parts(given.shape(0), axis, Math.max(1, -Math.floorDiv(-size, chunks)));
  }

  private static List<Shape> split(Given given) {
    int axis = given.axis(2, "dim", 0, given.rank());
    if (given.call().argument(1, "split_size").orElse(Argument.NONE) instanceof Argument.Items) {
      return splitBySizes(given);
    }
    return parts(given.shape(0), axis, Math.max(1, given.whole(1, "split_size", 1)));
  }

  private static List<Shape> parts(Shape input, int axis, long each) {
    List<Shape> parts = new ArrayList<>();
    for (long rest = input.get(axis); rest > 0 && parts.size() < 1 << 16; rest -= each) {
      parts.add(with(input, axis, Math.min(each, rest)));
    }
    return parts;
  }

  private static List<Shape> splitBySizes(Given given) {
    int axis = given.axis(2, "dim", 0, given.rank());
    List<Long> sizes = given.wholes(1, "split_sizes");
    long sum = sizes.stream().reduce(0L, Exact::add);
    if (sum != given.shape(0).get(axis)) {
      throw baked(given, "it makes " + sizes + " of " + given.shape(0).get(axis));
    }
    return sizes.stream().map(size -> with(given.shape(0), axis, size)).toList();
  }

  private static Shape stacked(Given given) {
    Shape first = given.shape(0);
    for (Shape other : given.shapes()) {
      if (!other.equals(first)) {
        throw ShapeException.of(
            "stacked arrays must have one shape",
            "They are " + ShapeText.listed(first) + " and " + ShapeText.listed(other) + ".",
            "Use an input whose sides the branches divide alike.");
      }
    }
    int axis = given.axis(1, "dim", 0, given.rank() + 1);
    return first.slice(0, axis).add(given.shapes().size()).addAll(first.slice(axis, given.rank()));
  }

  private static Shape concatenated(Given given) {
    int axis = given.axis(1, "dim", 0, given.rank());
    long sum = 0;
    for (Shape each : given.shapes()) {
      if (each.dimension() != given.rank()
          || !with(each, axis, 1).equals(with(given.shape(0), axis, 1))) {
        throw ShapeException.of(
            "concatenated arrays must agree but for one axis",
            "They are "
                + String.join(" and ", given.shapes().stream().map(ShapeText::listed).toList())
                + ", joined on axis "
                + axis
                + ".",
            "Use an input whose sides the branches divide alike.");
      }
      sum = Exact.add(sum, each.get(axis));
    }
    return with(given.shape(0), axis, sum);
  }

  private static Shape padded(Given given) {
    List<Long> pad = given.wholes(1, "pad");
    long[] sizes = given.shape(0).getShape().clone();
    for (int i = 0; i < pad.size(); i++) {
      int axis = sizes.length - 1 - i / 2;
      sizes[axis] = Exact.add(sizes[axis], pad.get(i));
    }
    if (Arrays.stream(sizes).anyMatch(size -> size < 0)) {
      throw baked(given, "it cuts more off than there is: " + pad);
    }
    return new Shape(sizes);
  }

  private static Shape product(Shape left, Shape right) {
    Shape one = left.dimension() == 1 ? new Shape(1, left.get(0)) : left;
    Shape other = right.dimension() == 1 ? new Shape(right.get(0), 1) : right;
    Shape output = new MatrixProductSpec().outputs(List.of(one, other)).get(0);
    Shape rows = left.dimension() == 1 ? without(output, output.dimension() - 2) : output;
    return right.dimension() == 1 ? without(rows, rows.dimension() - 1) : rows;
  }

  private static List<Shape> linear(Given given) {
    Shape weight = given.shape(1);
    return one(product(given.shape(0), swapped(weight, 0, 1)));
  }

  private static List<Shape> attended(Given given) {
    Shape query = given.shape(0);
    Shape value = given.shape(2);
    int last = given.rank() - 1;
    return one(with(query, last, value.get(value.dimension() - 1)));
  }

  private static List<Shape> reduced(Given given, String function) {
    int at = function.endsWith("norm") ? 2 : 1;
    Shape input = given.shape(0);
    Set<Integer> axes = new TreeSet<>();
    given.wholes(at, "dim").forEach(axis -> axes.add(given.axis(axis, given.rank())));
    int keepAt = function.equals("var") || function.equals("std") ? -1 : at + 1;
    boolean keeps = given.isTrue(keepAt, "keepdim");
    Shape output = new Shape();
    for (int i = 0; i < given.rank(); i++) {
      boolean goes = axes.isEmpty() || axes.contains(i);
      output = !goes ? output.add(input.get(i)) : keeps ? output.add(1) : output;
    }
    boolean pair = given.call().outputs().size() == 2;
    return pair ? List.of(output, output) : one(output);
  }
}

package io.github.convlens.notation;

import io.github.convlens.notation.Value.Constant;
import io.github.convlens.notation.Value.Whole;
import io.github.convlens.notation.Value.Word;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A call as PyTorch's own programs write it, {@code x.flatten(1)}, {@code torch.cat([a, b], 1)},
 * {@code F.relu(x)}, made one of a recipe's functions. Where PyTorch's default is another than the
 * function's, the argument must be written.
 *
 * @param name the recipe's function; empty where the first item is the result
 * @param items what is given by position, the array first
 * @param named what is given by name
 */
record TorchCall(String name, List<Item> items, Map<String, Value> named) {
  /** What {@code x.size(0)} is. */
  static final Item BATCH = new Item.Scalar(new Word("the size of the batch"));

  private static final Set<String> MODULES =
      Set.of("F", "torch", "nn.functional", "torch.nn.functional", "functional");

  private static final Set<String> SHAPES =
      Set.of(
          "cat", "chunk", "flatten", "matmul", "mean", "pad", "permute", "reshape", "split",
          "view");

  private static final Set<String> SAME = Set.of("contiguous", "clone", "detach");

  /** Those whose dim is another in PyTorch where it is not written. */
  private static final Map<String, Integer> NEED_DIM =
      Map.of(
          "cat", 1, "chunk", 2, "flatten", 1, "mean", 1, "softmax", 1, "log_softmax", 1, "glu", 1);

  private static final String SUMS = "Write a + b, a - b, a * b or a / 2.";

  private static final Map<String, String> INSTEAD =
      Map.ofEntries(
          Map.entry("add", SUMS),
          Map.entry("sub", SUMS),
          Map.entry("mul", SUMS),
          Map.entry("div", SUMS),
          Map.entry(
              "sum", "Write a + b, or sum([a, b]), to add arrays; mean(x, [2, 3]) over axes."),
          Map.entry(
              "transpose",
              "Write permute(x, [0, 2, 1]) of three axes, permute(x, [0, 1, 3, 2]) of four: all of them in their new order."),
          Map.entry("squeeze", "Write flatten(x), or mean(x, [2, 3]), which drops its axes."),
          Map.entry("unsqueeze", "Write reshape(x, 1, 8, 8): all sizes behind the batch."),
          Map.entry("stack", "Write cat(a, b, dim=1) where that is meant."),
          Map.entry("size", "Write x.size(0) for the batch, and -1 for a size to be worked out."),
          Map.entry("forward", "Write child(x)."));

  /** Whether a dotted name is a function of a module of PyTorch's. */
  static boolean isQualified(String name) {
    int dot = name.lastIndexOf('.');
    return dot > 0 && MODULES.contains(name.substring(0, dot));
  }

  private static boolean isKnown(String function) {
    return SHAPES.contains(function)
        || SAME.contains(function)
        || (Functions.layer(function).isPresent() && !function.equals("layer_norm"));
  }

  /** Why a function of PyTorch's cannot be called here: a rule and a remedy. */
  record Refusal(String rule, String remedy) {}

  /** A call that is written in PyTorch's way and cannot be read. */
  static final class RefusedCall extends Exception {
    private static final long serialVersionUID = 1L;
    private final transient Refusal refusal;

    RefusedCall(String rule, String remedy) {
      super(rule);
      refusal = new Refusal(rule, remedy);
    }

    Refusal refusal() {
      return refusal;
    }
  }

  /**
   * The call in a recipe's words.
   *
   * @param written the name as it is written, {@code torch.cat} or {@code .flatten}
   * @param items the array and what is given behind it
   */
  static TorchCall of(String written, List<Item> items, Map<String, Value> named)
      throws RefusedCall {
    String function = written.substring(written.lastIndexOf('.') + 1);
    if (function.equals("size") && items.size() == 2 && items.get(1).equals(Item.Scalar.of(0))) {
      return new TorchCall("", List.of(BATCH), Map.of());
    }
    if (!isKnown(function)) {
      throw new RefusedCall(
          written + " is not among the functions of recipes.",
          INSTEAD.getOrDefault(
              function, "Use one of " + String.join(", ", Functions.names()) + "."));
    }
    if (SAME.contains(function)) {
      return new TorchCall("", items.subList(0, 1), Map.of());
    }
    checkDim(written, function, items, named);
    return switch (function) {
      case "view", "reshape" -> reshape(written, items, named);
      case "split" -> split(written, items, named);
      case "mean" -> mean(items, named);
      case "dropout" -> new TorchCall("dropout", items.subList(0, 1), Map.of());
      default -> new TorchCall(function, items, named);
    };
  }

  private static void checkDim(
      String written, String function, List<Item> items, Map<String, Value> named)
      throws RefusedCall {
    Integer place = NEED_DIM.get(function);
    String dim = function.equals("flatten") ? "start_dim" : "dim";
    if (place != null && items.size() <= place && !named.containsKey(dim)) {
      throw new RefusedCall(
          written + " is called without " + dim + ", and its default in PyTorch is not 1.",
          "Write " + dim + "=1, or what you mean.");
    }
    if (function.equals("cat") && !(items.get(0) instanceof Item.Many)) {
      throw new RefusedCall(
          written + " takes the arrays in a list.", "Write " + written + "([a, b], dim=1).");
    }
  }

  /** {@code x.view(x.size(0), -1)}, {@code x.view(-1, 16, 5, 5)}: the batch stays. */
  private static TorchCall reshape(String written, List<Item> items, Map<String, Value> named)
      throws RefusedCall {
    List<Item> sizes =
        items.size() == 2 && items.get(1) instanceof Item.Many many
            ? many.items()
            : items.subList(1, items.size());
    Item minusOne = Item.Scalar.of(-1);
    boolean keeps =
        sizes.size() > 1
            && named.isEmpty()
            && (sizes.get(0).equals(BATCH)
                || (sizes.get(0).equals(minusOne)
                    && !sizes.subList(1, sizes.size()).contains(minusOne)));
    if (!keeps) {
      throw new RefusedCall(
          written + " is given sizes that do not begin with the batch.",
          "Write x.view(x.size(0), -1), or reshape(x, 16, 5, 5) with the sizes behind the batch.");
    }
    List<Item> rest = new ArrayList<>(List.of(items.get(0)));
    if (sizes.size() == 2 && sizes.get(1).equals(minusOne)) {
      return new TorchCall("flatten", rest, Map.of());
    }
    rest.addAll(sizes.subList(1, sizes.size()));
    return new TorchCall("reshape", rest, Map.of());
  }

  /** {@code x.split([1, 3], 1)}; of one number PyTorch makes as many parts as there are. */
  private static TorchCall split(String written, List<Item> items, Map<String, Value> named)
      throws RefusedCall {
    Map<String, Value> all = new HashMap<>(named);
    if (items.size() == 3 && items.get(2) instanceof Item.Scalar dim) {
      all.put("dim", dim.value());
    }
    if (items.size() < 2 || !(items.get(1) instanceof Item.Many) || !all.containsKey("dim")) {
      throw new RefusedCall(
          written + " is read with a list of sizes and its dim.",
          "Write "
              + written
              + (written.startsWith(".") ? "([16, 48], dim=1)." : "(x, [16, 48], dim=1)."));
    }
    return new TorchCall("split", items.subList(0, 2), all);
  }

  /** {@code x.mean([2, 3], True)}: the second number is keepdim. */
  private static TorchCall mean(List<Item> items, Map<String, Value> named) throws RefusedCall {
    if (items.size() < 3) {
      return new TorchCall("mean", items, named);
    }
    if (items.size() > 3
        || !(items.get(2) instanceof Item.Scalar keep)
        || !(keep.value() instanceof Constant)
        || (items.get(1) instanceof Item.Scalar axis && !(axis.value() instanceof Whole))) {
      throw new RefusedCall("mean takes its axes in a list.", "Write x.mean([2, 3]).");
    }
    Map<String, Value> all = new HashMap<>(named);
    all.put("keepdim", keep.value());
    return new TorchCall("mean", items.subList(0, 2), all);
  }
}

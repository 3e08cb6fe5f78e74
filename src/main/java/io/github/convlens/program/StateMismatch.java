package io.github.convlens.program;

import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Why weights do not fit a network, as {@code load_state_dict} says it: every name. */
final class StateMismatch {
  /** Names of a kind that a message lists. */
  private static final int MOST = 10;

  private final StateDict.Owner owner;
  private final Map<String, Shape> wanted;
  private final StateDict given;
  private final List<String> missing;
  private final List<String> unexpected;
  private final List<String> misshapen;

  private StateMismatch(StateDict.Owner owner, Map<String, Shape> wanted, StateDict given) {
    this.owner = owner;
    this.wanted = wanted;
    this.given = given;
    missing =
        wanted.keySet().stream()
            .filter(name -> !given.names().contains(name) && !StateDict.isCounter(name))
            .toList();
    unexpected = given.names().stream().filter(name -> !wanted.containsKey(name)).toList();
    misshapen =
        wanted.entrySet().stream()
            .flatMap(each -> misfit(each.getKey(), each.getValue()).stream())
            .toList();
  }

  /**
   * Refuses weights whose names or shapes are not those of the network.
   *
   * @param owner whose weights they shall be
   * @param wanted the shapes by their names, in the order of the network
   */
  static void check(StateDict.Owner owner, Map<String, Shape> wanted, StateDict given) {
    StateMismatch mismatch = new StateMismatch(owner, wanted, given);
    if (!mismatch.missing.isEmpty()
        || !mismatch.unexpected.isEmpty()
        || !mismatch.misshapen.isEmpty()) {
      throw new ProgramException(mismatch.message());
    }
  }

  private Optional<String> misfit(String name, Shape shape) {
    return given
        .type(name)
        .filter(type -> !fits(type.shape(Map.of()), shape))
        .map(type -> name + " is " + type.sizes() + ", not " + Arrays.toString(shape.getShape()));
  }

  /** A counter may have an axis, as PyTorch 0.3 wrote it. */
  private static boolean fits(Shape own, Shape shape) {
    return own.equals(shape) || (shape.dimension() == 0 && own.size() == 1);
  }

  private String message() {
    StringBuilder message = new StringBuilder("the weights do not fit the " + owner + ".\n");
    append(message, "Missing", missing);
    append(message, "Unexpected", unexpected);
    append(message, "Of another shape", misshapen);
    return message.append("Nothing was loaded. ").append(remedy()).toString();
  }

  private static void append(StringBuilder message, String what, List<String> names) {
    if (!names.isEmpty()) {
      message.append(what).append(" (").append(names.size()).append("): ");
      message.append(names.stream().limit(MOST).collect(Collectors.joining(", ")));
      message.append(names.size() > MOST ? " and " + (names.size() - MOST) + " more.\n" : ".\n");
    }
  }

  private String remedy() {
    Optional<String> prefix = prefix(given.names(), wanted.keySet());
    if (prefix.isPresent()) {
      return "All names begin with '"
          + prefix.get()
          + "', and fit without it.\nTake it off: convlens weights convert --remove-prefix "
          + prefix.get()
          + " FROM TO, or StateDict.withoutPrefix.";
    }
    Optional<String> printed = prefix(wanted.keySet(), given.names());
    if (printed.isPresent()) {
      String attribute = printed.get().substring(0, printed.get().length() - 1);
      return "The "
          + owner
          + "'s names begin with '"
          + printed.get()
          + "', and fit without it.\n"
          + (owner == StateDict.Owner.NETWORK ? "Print" : "Export")
          + " the model inside: model."
          + attribute
          + ".";
    }
    if (unexpected.stream().anyMatch(StateMismatch::isParametrized)) {
      return "They are of a model whose weights are computed from others, as weight_norm and"
          + " spectral_norm do.\nRemove that before saving:"
          + " torch.nn.utils.parametrize.remove_parametrizations(module, \"weight\"), or"
          + " torch.nn.utils.remove_weight_norm(module).";
    }
    if (owner == StateDict.Owner.PROGRAM) {
      return "Give the weights of the model that was exported, or export the model that they are"
          + " of: "
          + Pt2File.SAVE;
    }
    return missing.isEmpty() && misshapen.isEmpty()
        ? "A print does not show parameters of a class's own. Export the program, which has them: "
            + Pt2File.SAVE
        : "Give the weights of the model that was printed, or print the model that they are of.";
  }

  private static boolean isParametrized(String name) {
    return name.contains("parametrizations.")
        || name.endsWith(".weight_g")
        || name.endsWith(".weight_v")
        || name.endsWith(".weight_orig");
  }

  /** What all of the long names begin with, where they are the short ones but for that. */
  private static Optional<String> prefix(Set<String> longNames, Set<String> shortNames) {
    Set<String> least = new LinkedHashSet<>(learned(shortNames));
    List<String> most = learned(longNames);
    if (least.isEmpty() || most.isEmpty()) {
      return Optional.empty();
    }
    String first = least.iterator().next();
    return most.stream()
        .filter(name -> name.endsWith("." + first))
        .map(name -> name.substring(0, name.length() - first.length()))
        .filter(
            prefix ->
                most.stream().allMatch(name -> name.startsWith(prefix))
                    && most.stream()
                        .map(name -> name.substring(prefix.length()))
                        .collect(Collectors.toSet())
                        .equals(least))
        .findFirst();
  }

  private static List<String> learned(Set<String> names) {
    List<String> learned = new ArrayList<>(names);
    learned.removeIf(StateDict::isCounter);
    return learned;
  }
}

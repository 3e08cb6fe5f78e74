package io.github.convlens.graph;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.graph.SmallestInput.Attempts;
import io.github.convlens.graph.SmallestInput.Search;
import io.github.convlens.layer.Axis;
import io.github.convlens.layer.ShapeException;
import io.github.convlens.layer.internal.Printable;
import io.github.convlens.layer.internal.ShapeText;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongFunction;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What the network's input should be, where the layer's message does not say it already: {@code 33
 * at the network's input}, or {@code or an input of 28x28 to the network} where no single axis is
 * to blame. In front of it, where a {@code forward} was guessed, which calls may be missing.
 */
final class Hints {
  private static final int MOST_TRIES = 64;
  private static final int MOST_TRIES_FOR_A_SQUARE = 256;
  private static final long LARGEST_UNIT = 64;

  private final Graph graph;
  private final List<Shape> inputs;

  Hints(Graph graph, List<Shape> inputs) {
    this.graph = graph;
    this.inputs = inputs;
  }

  /** The failure with what is likely to be missing or wrong, and with a hint where there is one. */
  ShapeException added(ShapeException failure) {
    List<Assumption> given = Assumption.inFrontOf(graph, failure.path().orElse(""));
    return given.isEmpty() ? explained(failure) : blaming(given, failure);
  }

  /** Calls that were put in by hand are in front: they are the likely cause, or not enough. */
  private ShapeException blaming(List<Assumption> given, ShapeException failure) {
    String calls =
        given.stream()
            .map(assumption -> "--assume " + Printable.line(assumption.toString()))
            .collect(Collectors.joining(" and "));
    List<MissingCalls> missing =
        inputs.size() == 1 ? MissingCalls.all(graph, inputs.get(0)) : List.of();
    if (missing.isEmpty()) {
      return withSize(
          failure.remediedBy(
              "The likely cause is what was put in: "
                  + calls
                  + ". Leave out what forward does not call there, or put it where it does."));
    }
    ShapeException more = failure.remediedBy(MissingCalls.remedy(missing, inputs.get(0)));
    return withSize(more).followedBy("Or " + calls + " is wrong: it is in front of this layer.");
  }

  private ShapeException explained(ShapeException failure) {
    if (inputs.size() == 1) {
      List<MissingCalls> missing = MissingCalls.all(graph, inputs.get(0));
      if (!missing.isEmpty()) {
        return withSize(failure.remediedBy(MissingCalls.remedy(missing, inputs.get(0))));
      }
    }
    Optional<Note> assumed = assumed(failure);
    if (assumed.isPresent() && isFirstCall(failure)) {
      ShapeException first = withSize(failure);
      boolean isGuess = !graph.guessed().isEmpty() && !assumed.get().remedy().isEmpty();
      return isGuess ? first.followedBy(assumed.get().remedy()) : first;
    }
    return assumed
        .map(note -> caused(failure, note))
        .orElseGet(() -> taken(failure).orElseGet(() -> withSize(failure)));
  }

  /** Nothing was assumed in front of the first call but, maybe, that it is the first. */
  private boolean isFirstCall(ShapeException failure) {
    return graph.nodes().isEmpty() || graph.nodes().get(0).path().equals(failure.path().orElse(""));
  }

  private ShapeException caused(ShapeException failure, Note note) {
    String cause = "The likely cause is what was assumed: " + note.withoutRemedy();
    ShapeException caused = withSize(failure.remediedBy(cause));
    return note.remedy().isEmpty() ? caused : caused.followedBy(note.remedy());
  }

  /**
   * What a class around the failure was taken to be, in front of the number that is wrong if it is
   * that; a window that is too large for its input is so in any forward.
   */
  private Optional<ShapeException> taken(ShapeException failure) {
    if (SmallestInput.needsMore(failure) || isFirstCall(failure)) {
      return Optional.empty();
    }
    return closest(graph.taken(), failure)
        .map(
            note ->
                withSize(
                    failure.following(
                        "A likely cause: " + note.withoutRemedy() + "\n" + note.remedy())));
  }

  /** What was assumed of the innermost class around the failure for which something was. */
  private Optional<Note> assumed(ShapeException failure) {
    return closest(
        graph.notes().stream().filter(note -> note.kind() == Note.Kind.ASSUMPTION).toList(),
        failure);
  }

  private Optional<Note> closest(List<Note> notes, ShapeException failure) {
    String path = failure.path().orElse("");
    return notes.stream()
        .filter(note -> !isBehind(note, path))
        .max(Comparator.comparingInt(note -> closeness(note, path)));
  }

  /** Whether all that a note speaks of runs behind a module, and cannot have made it fail. */
  private boolean isBehind(Note note, String path) {
    return !note.paths().isEmpty()
        && note.paths().stream().allMatch(place -> firstCall(place) > firstCall(path));
  }

  /** The first call of a module or of what is in it; -1 if there is none. */
  private int firstCall(String path) {
    for (int i = 0; i < graph.nodes().size(); i++) {
      String called = graph.nodes().get(i).path();
      if (called.equals(path) || called.startsWith(path + ".")) {
        return i;
      }
    }
    return -1;
  }

  /** How much of a path a note's nearest place has in common with it. */
  private static int closeness(Note note, String path) {
    return note.paths().stream()
        .filter(place -> path.equals(place) || path.startsWith(place + "."))
        .mapToInt(String::length)
        .max()
        .orElse(note.paths().isEmpty() ? 0 : -1);
  }

  private ShapeException withSize(ShapeException failure) {
    boolean nested = failure.path().filter(path -> !path.isEmpty()).isPresent();
    if (!nested || !sizesMayHelp(failure) || Axis.in(inputs.get(0)).isEmpty()) {
      return failure;
    }
    if (graph.notes().stream().anyMatch(note -> note.kind() == Note.Kind.OTHER_SIZES)) {
      return failure.followedBy("Or use the sizes that it was exported for.");
    }
    Shape input = inputs.get(0);
    Attempts attempts = new Attempts(graph);
    Optional<Axis> axis = failure.axis().filter(Axis.in(input)::contains);
    Optional<String> hint =
        SmallestInput.needsMore(failure) && axis.isPresent()
            ? needed(attempts, input, axis.get(), failure)
            : another(attempts, input);
    return hint.map(failure::adding).orElse(failure);
  }

  /** Where a flatten may have been assumed, another size may be the one with which it fits. */
  private boolean sizesMayHelp(ShapeException failure) {
    boolean assumed = graph.nodes().stream().anyMatch(node -> node.origin() == Node.Origin.ASSUMED);
    return inputs.size() == 1 && (failure.isBySize() || assumed);
  }

  /** What the failing layer needs, and what the whole network needs if that is more. */
  private static Optional<String> needed(
      Attempts attempts, Shape input, Axis axis, ShapeException failure) {
    OptionalLong layer = forLayer(attempts, input, axis, failure);
    if (layer.isEmpty()) {
      return Optional.empty();
    }
    StringBuilder text = new StringBuilder();
    if (layer.getAsLong() != failure.neededInput().orElseThrow()) {
      text.append(layer.getAsLong()).append(" at the network's input");
    }
    OptionalLong whole = forNetwork(attempts, input, axis);
    if (whole.isPresent() && whole.getAsLong() > layer.getAsLong()) {
      text.append(text.isEmpty() ? "" : ", ").append(whole.getAsLong());
      text.append(" for the whole network");
    }
    return Optional.of(text.toString()).filter(hint -> !hint.isEmpty());
  }

  /**
   * An input that passes where this one does not: all sides rounded up to a power of two's
   * multiple, which branches that halve and double need; or equal sides, which a Linear may need.
   */
  private static Optional<String> another(Attempts attempts, Shape input) {
    for (long unit = 2; unit <= LARGEST_UNIT; unit *= 2) {
      Shape rounded = rounded(input, unit);
      if (attempts.failure(rounded).isEmpty()) {
        return Optional.of(atInput(rounded));
      }
    }
    LongFunction<Shape> squares = n -> SmallestInput.cube(input, n);
    OptionalLong side =
        new Search(attempts, squares, SmallestInput::needsMore, e -> false)
            .from(1, MOST_TRIES_FOR_A_SQUARE);
    return side.isEmpty()
        ? Optional.empty()
        : Optional.of(atInput(squares.apply(side.getAsLong())));
  }

  private static Shape rounded(Shape input, long unit) {
    Shape shape = input;
    for (Axis axis : Axis.in(input)) {
      long size = Math.min(axis.of(input), SmallestInput.LARGEST);
      shape = axis.with(shape, -Math.floorDiv(-size, unit) * unit);
    }
    return shape;
  }

  private static String atInput(Shape input) {
    return "or an input of " + ShapeText.crossed(input.slice(2)) + " to the network";
  }

  /** The size on one axis, the others as given, with which the failing layer has enough. */
  private static OptionalLong forLayer(
      Attempts attempts, Shape input, Axis axis, ShapeException failure) {
    Predicate<ShapeException> again =
        e ->
            SmallestInput.needsMore(e)
                && e.axis().equals(failure.axis())
                && e.path().equals(failure.path());
    return new Search(attempts, n -> axis.with(input, n), again, SmallestInput::needsMore)
        .from(next(input, axis), MOST_TRIES);
  }

  /** The size on one axis with which every layer has enough, if the others are large enough. */
  private static OptionalLong forNetwork(Attempts attempts, Shape input, Axis axis) {
    long first = next(input, axis);
    LongFunction<Shape> all = n -> axis.with(othersAtLeast(input, axis, n), n);
    OptionalLong square =
        new Search(attempts, all, SmallestInput::needsMore, e -> false).from(first, MOST_TRIES);
    if (square.isEmpty()) {
      return square;
    }
    Shape wide = othersAtLeast(input, axis, square.getAsLong());
    return new Search(attempts, n -> axis.with(wide, n), SmallestInput::needsMore, e -> false)
        .from(first, MOST_TRIES);
  }

  private static Shape othersAtLeast(Shape input, Axis axis, long n) {
    Shape shape = input;
    for (Axis other : Axis.in(input)) {
      if (other != axis) {
        shape = other.with(shape, Math.max(other.of(input), n));
      }
    }
    return shape;
  }

  private static long next(Shape input, Axis axis) {
    return Math.min(axis.of(input), SmallestInput.LARGEST) + 1;
  }
}

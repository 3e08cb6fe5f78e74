package io.github.convlens.plan;

import io.github.convlens.graph.MissingCalls;
import io.github.convlens.graph.Note;
import io.github.convlens.layer.LinearSpec;
import java.util.List;
import java.util.Optional;

/**
 * The in_features that a network's Linears need for a given input. LeNet on 28x28: its first Linear
 * needs 400; on 32x32 it needs 576, although 400 are written.
 *
 * @param linears the first Linears behind the last map; a network may have several heads
 * @param appended in_features of a Linear put behind the end, with a Flatten in front where the
 *     output is a map: the elements of one input's output
 * @param notes what was assumed: a flatten that a print does not show
 */
public record Features(List<Need> linears, long appended, List<Note> notes) {
  /** Takes copies of the lists. */
  public Features {
    linears = List.copyOf(linears);
    notes = List.copyOf(notes);
  }

  /**
   * What a Linear needs.
   *
   * @param path its path
   * @param written the layer as written
   * @param inFeatures the in_features that are right
   * @param missing calls that a print does not show, with which the number that is written is right
   */
  public record Need(
      String path, LinearSpec written, long inFeatures, Optional<MissingCalls> missing) {
    /** Whether the number is written already, or left to a LazyLinear. */
    public boolean isRight() {
      return written.inFeatures() == 0 || written.inFeatures() == inFeatures;
    }

    /** {@code classifier.1: in_features=9216}, and what is written if that is another number. */
    @Override
    public String toString() {
      String other = isRight() ? "" : other();
      return (path.isEmpty() ? "Linear" : path) + ": in_features=" + inFeatures + other;
    }

    private String other() {
      long number = written.inFeatures();
      return missing
          .map(calls -> " as printed; " + number + ", as written, with " + calls.options())
          .orElse(", not " + number);
    }
  }
}

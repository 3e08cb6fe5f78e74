package io.github.convlens.lesson;

import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.stream.Stream;

/**
 * One experiment of the lesson: the code that a learner writes, what should come out, and a way to
 * do it again.
 *
 * @param section the section it belongs to
 * @param title what it shows, in a few words
 * @param notation the layer in PyTorch's notation; empty where the experiment is not about one
 *     layer
 * @param code Java for a learner, with the static methods of {@link D2l} imported and a manager
 *     named {@code manager}; its last line is the result
 * @param expected the result as text, as {@link Numbers} writes it
 * @param arithmetic how the result follows, line by line; may be empty
 * @param body the same as {@code code}, compiled
 */
public record Experiment(
    Section section,
    String title,
    String notation,
    List<String> code,
    String expected,
    List<String> arithmetic,
    Body body) {

  /** The parts of the lesson. */
  public enum Section {
    /** Padding and stride: the four shapes of the notebook. */
    PADDING_AND_STRIDE("padding-and-stride", "Padding and stride"),
    /** Several input and output channels. */
    CHANNELS("channels", "Input and output channels"),
    /** Cross-correlation, edges, learning a kernel. */
    CONVOLUTION("convolution", "Convolutions for images"),
    /** Maximum and average pooling. */
    POOLING("pooling", "Pooling"),
    /** LeNet, layer by layer. */
    LENET("lenet", "LeNet"),
    /** The chapter's exercises that have an answer to compute. */
    EXERCISES("exercises", "Exercises", "as expected");

    private final String word;
    private final String heading;
    private final String standard;

    Section(String word, String heading) {
      this(word, heading, "as in the notebook");
    }

    Section(String word, String heading, String standard) {
      this.word = word;
      this.heading = heading;
      this.standard = standard;
    }

    /** The section's name on the command line. */
    public String word() {
      return word;
    }

    /** The section's heading. */
    public String heading() {
      return heading;
    }

    /** What the results are held against: {@code as in the notebook}. */
    public String standard() {
      return standard;
    }
  }

  /** What an experiment does on the engine. */
  @FunctionalInterface
  public interface Body {
    /**
     * Does it.
     *
     * @param manager where all arrays are made; the caller closes it
     * @return the result as text
     */
    String run(NDManager manager);
  }

  /**
   * What came out.
   *
   * @param experiment what was done
   * @param result the result as text
   */
  public record Outcome(Experiment experiment, String result) {
    /** Whether the result is the expected one. */
    public boolean matches() {
      return result.equals(experiment.expected());
    }
  }

  /** Lines that experiments share, and those of one of them. */
  static List<String> lines(List<String> shared, String... own) {
    return Stream.concat(shared.stream(), Stream.of(own)).toList();
  }

  /** Takes copies of the lists. */
  public Experiment {
    code = List.copyOf(code);
    arithmetic = List.copyOf(arithmetic);
  }

  /**
   * Does the experiment on the manager's device, in a manager of its own that is closed on return.
   *
   * @param manager names the device; nothing stays in it
   */
  public Outcome run(NDManager manager) {
    try (NDManager scratch = manager.newSubManager()) {
      return new Outcome(this, body.run(scratch));
    }
  }
}

package io.github.convlens.lesson;

import ai.djl.ndarray.NDManager;
import io.github.convlens.language.Language;
import java.util.List;
import java.util.Optional;
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

  /** The parts of the lesson, in the order of the course. */
  public enum Section {
    /** Cross-correlation, edges, learning a kernel. */
    CONVOLUTION(
        "convolution", "Convolutions for images", "01-convolution", "Convolutions for Images"),
    /** Padding and stride: the four shapes of the notebook. */
    PADDING_AND_STRIDE(
        "padding-and-stride", "Padding and stride", "02-padding-and-stride", "Padding and Stride"),
    /** Several input and output channels. */
    CHANNELS(
        "channels",
        "Input and output channels",
        "03-channels",
        "Multiple Input and Multiple Output Channels"),
    /** Maximum and average pooling. */
    POOLING("pooling", "Pooling", "04-pooling", "Pooling"),
    /** LeNet, layer by layer. */
    LENET("lenet", "LeNet", "05-lenet", "Convolutional Neural Networks (LeNet)"),
    /** The chapter's exercises that have an answer to compute. */
    EXERCISES("exercises", "Exercises", "", "Convolutional Neural Networks");

    private final String word;
    private final String heading;
    private final String notebook;
    private final String chapter;

    Section(String word, String heading, String notebook, String chapter) {
      this.word = word;
      this.heading = heading;
      this.notebook = notebook;
      this.chapter = chapter;
    }

    /** The section's name on the command line. */
    public String word() {
      return word;
    }

    /** The section's heading. */
    public String heading(Language language) {
      return language.say(heading);
    }

    /** What the results are held against: {@code as in the notebook}. */
    public String standard(Language language) {
      return this == EXERCISES ? language.say("as expected") : language.say("as in the notebook");
    }

    /**
     * The path of the notebook that the section follows, from ConvLens's folder; empty for the
     * exercises, which stand at the end of several.
     */
    public Optional<String> notebook(Language language) {
      return notebook.isEmpty()
          ? Optional.empty()
          : Optional.of(language.say("notebooks-java/%s.ipynb", notebook));
    }

    /** What d2l, the book, calls its section on this, or its chapter. */
    public String bookTitle(Language language) {
      return language.say(chapter);
    }

    /** Where it is in the book. */
    public String bookLink(Language language) {
      return language.say("https://d2l.ai/")
          + "chapter_convolutional-neural-networks/"
          + switch (this) {
            case CONVOLUTION -> "conv-layer";
            case PADDING_AND_STRIDE -> "padding-and-strides";
            case CHANNELS -> "channels";
            case POOLING -> "pooling";
            case LENET -> "lenet";
            case EXERCISES -> "index";
          }
          + ".html";
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

  /** The same experiment with its title and arithmetic in another language. */
  public Experiment in(Language language) {
    return new Experiment(
        section,
        language.say(title),
        notation,
        code,
        expected,
        arithmetic.stream().map(line -> language.say(line)).toList(),
        body);
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

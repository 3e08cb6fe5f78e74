package io.github.convlens.layer;

import io.github.convlens.layer.internal.Printable;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A layer that cannot be built, or cannot take the shape it is given. The message names the rule,
 * shows the arithmetic with the numbers that were given, and says what to change:
 *
 * <pre>
 * layer features.3, MaxPool2d(kernel_size=3, stride=2), height: the kernel does not fit.
 * It spans 3 but the padded input is 2 (input 2 + padding 0 + 0).
 * Use padding >= 1, kernel &lt;= 2, or an input of at least 3 here (63 at the network's input).
 * </pre>
 *
 * <p>The layer below says what is wrong; whoever knows more adds it on the way up with {@link #on},
 * {@link #at} and {@link #inside}.
 */
public final class ShapeException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final String rule;
  private final String arithmetic;
  private final String remedy;
  private final transient @Nullable Axis axis;
  private final @Nullable String path;
  private final @Nullable String notation;
  private final long needed;
  private final Sizes sizes;

  /** Whether another size of the network's input may help. */
  private enum Sizes {
    MAY_HELP,
    DO_NOT_HELP
  }

  private ShapeException(
      String rule,
      String arithmetic,
      String remedy,
      @Nullable Axis axis,
      @Nullable String path,
      @Nullable String notation,
      long needed,
      Sizes sizes,
      @Nullable Throwable cause) {
    super(message(rule, arithmetic, remedy, axis, path, notation), cause);
    this.rule = rule;
    this.arithmetic = arithmetic;
    this.remedy = remedy;
    this.axis = axis;
    this.path = path;
    this.notation = notation;
    this.needed = needed;
    this.sizes = sizes;
  }

  /**
   * A new exception.
   *
   * @param rule what must hold or what fails, without a full stop
   * @param arithmetic a sentence with every number that was received
   * @param remedy a sentence that says what to change
   */
  public static ShapeException of(String rule, String arithmetic, String remedy) {
    return new ShapeException(rule, arithmetic, remedy, null, null, null, -1, Sizes.MAY_HELP, null);
  }

  /** Sizes whose sum or product does not fit into 63 bits. */
  public static ShapeException overflow(ArithmeticException cause) {
    return new ShapeException(
        "the numbers are too large",
        "A size, a parameter count or a number of multiply-adds passes 2^63 - 1.",
        "Use smaller sizes.",
        null,
        null,
        null,
        -1,
        Sizes.DO_NOT_HELP,
        cause);
  }

  /** The same, on the given axis. */
  public ShapeException on(Axis where) {
    return copy(remedy, where, path, notation, needed, sizes);
  }

  /** The same, with the size that the axis needs at least for the layer to work. */
  public ShapeException needing(long size) {
    return copy(remedy, axis, path, notation, size, sizes);
  }

  /** The same, where the mistake is one at any size of the network's input. */
  public ShapeException atAnySize() {
    return copy(remedy, axis, path, notation, needed, Sizes.DO_NOT_HELP);
  }

  /**
   * The same, in the layer with this name and notation (a composition: its type alone); a layer
   * that is known already stays.
   */
  public ShapeException at(String name, LayerSpec layer) {
    if (notation != null) {
      return this;
    }
    String text = layer.toString();
    return copy(remedy, axis, name, text.contains("\n") ? layer.type() : text, needed, sizes);
  }

  /** The same, one level further out: the name of the composition goes in front of the path. */
  public ShapeException inside(String name) {
    if (name.isEmpty()) {
      return this;
    }
    String longer = path == null || path.isEmpty() ? name : name + "." + path;
    return copy(remedy, axis, longer, notation, needed, sizes);
  }

  /** The same with a longer remedy: the text stands in brackets before the full stop. */
  public ShapeException adding(String hint) {
    String longer = remedy.substring(0, remedy.length() - 1) + " (" + hint + ").";
    return copy(longer, axis, path, notation, needed, sizes);
  }

  /** The same with another line behind the remedy. */
  public ShapeException followedBy(String line) {
    return copy(remedy + "\n" + line, axis, path, notation, needed, sizes);
  }

  /** The same with another line in front of the remedy: a cause that is likelier than a number. */
  public ShapeException following(String line) {
    return copy(line + "\nOr " + lowered(remedy), axis, path, notation, needed, sizes);
  }

  private static String lowered(String sentence) {
    return sentence.substring(0, 1).toLowerCase(Locale.ROOT) + sentence.substring(1);
  }

  /** The same with another remedy: sentences that say what to change. */
  public ShapeException remediedBy(String otherRemedy) {
    return copy(otherRemedy, axis, path, notation, needed, sizes);
  }

  private ShapeException copy(
      String newRemedy,
      @Nullable Axis newAxis,
      @Nullable String newPath,
      @Nullable String newNotation,
      long newNeeded,
      Sizes newSizes) {
    ShapeException copy =
        new ShapeException(
            rule,
            arithmetic,
            newRemedy,
            newAxis,
            newPath,
            newNotation,
            newNeeded,
            newSizes,
            getCause());
    copy.setStackTrace(getStackTrace());
    return copy;
  }

  /** The axis on which it fails, if it is one axis. */
  public Optional<Axis> axis() {
    return Optional.ofNullable(axis);
  }

  /** The least input size on {@link #axis()} with which the layer works, where one is known. */
  public OptionalLong neededInput() {
    return needed < 0 ? OptionalLong.empty() : OptionalLong.of(needed);
  }

  /** Whether an input of another size is a remedy worth looking for. */
  public boolean isBySize() {
    return sizes == Sizes.MAY_HELP;
  }

  /** The path of the layer that fails ({@code features.3}), where one has been named. */
  public Optional<String> path() {
    return Optional.ofNullable(path);
  }

  /** A path or a notation is not longer in a message. */
  private static final int LONGEST_NAME = 300;

  private static String message(
      String rule,
      String arithmetic,
      String remedy,
      @Nullable Axis axis,
      @Nullable String path,
      @Nullable String notation) {
    StringBuilder text = new StringBuilder();
    if (path != null && !path.isEmpty()) {
      text.append("layer ").append(brief(path)).append(", ");
    }
    if (notation != null) {
      text.append(brief(notation)).append(axis == null ? ": " : ", ");
    }
    if (axis != null) {
      text.append(axis).append(": ");
    }
    text.append(rule).append(".\n").append(arithmetic).append('\n').append(remedy);
    return Printable.message(text.toString());
  }

  private static String brief(String name) {
    return Printable.brief(Printable.line(name), LONGEST_NAME);
  }
}

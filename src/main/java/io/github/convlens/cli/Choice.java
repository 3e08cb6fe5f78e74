package io.github.convlens.cli;

import io.github.convlens.notation.internal.Nearest;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Reads one of an enum's constants by the word that its {@code toString} gives, and lists the
 * words.
 *
 * @param <E> the enum
 */
abstract class Choice<E extends Enum<E>> implements ITypeConverter<E>, Iterable<String> {
  private final E[] constants;
  private final String what;

  /** A choice among these, called {@code what} in messages: "a format". */
  Choice(E[] constants, String what) {
    this.constants = constants;
    this.what = what;
  }

  @Override
  public E convert(String word) {
    for (E constant : constants) {
      if (constant.toString().equals(word)) {
        return constant;
      }
    }
    throw new TypeConversionException(refusal(word, what, words()));
  }

  /** That a word is none of those that there are, and which was meant. */
  static String refusal(String word, String what, List<String> words) {
    return "'"
        + word
        + "' is not "
        + what
        + ". "
        + Nearest.choice(word, words).map(near -> "Did you mean " + near + "? ").orElse("")
        + "Use "
        + String.join(", ", words)
        + ".";
  }

  @Override
  public Iterator<String> iterator() {
    return words().iterator();
  }

  private List<String> words() {
    return Arrays.stream(constants).map(Enum::toString).toList();
  }
}

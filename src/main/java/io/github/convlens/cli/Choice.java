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
  private final Class<E> type;
  private final String what;

  /** A choice among the constants of {@code type}, called {@code what} in messages: "a format". */
  Choice(Class<E> type, String what) {
    this.type = type;
    this.what = what;
  }

  @Override
  public E convert(String word) {
    for (E constant : type.getEnumConstants()) {
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
    return Arrays.stream(type.getEnumConstants()).map(Enum::toString).toList();
  }
}

package io.github.convlens.notation.internal;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/** The known name that a misspelt one was most likely meant to be. */
public final class Nearest {
  /** Longer names are nobody's misspelling. */
  private static final int LONGEST = 40;

  /** The letters that a name must have for a slip in it to be told from another name. */
  private static final int ENOUGH_LETTERS = 5;

  private Nearest() {}

  /** The nearest name, if no more than a third of the letters (at least one) are wrong. */
  public static Optional<String> of(String word, Collection<String> names) {
    if (word.length() > LONGEST) {
      return Optional.empty();
    }
    String nearest = null;
    int least = Math.min(Math.max(2, word.length() / 3) + 1, word.length());
    for (String name : names) {
      int distance = distance(lower(word), lower(name));
      if (distance < least) {
        least = distance;
        nearest = name;
      }
    }
    return Optional.ofNullable(nearest);
  }

  /**
   * The same among choices, of which one often writes the beginning alone: comp is compare and not
   * cost, and padding, or paddding, is padding-and-stride where no other begins so.
   */
  public static Optional<String> choice(String word, Collection<String> names) {
    if (word.length() > LONGEST) {
      return Optional.empty();
    }
    String lower = lower(word);
    return only(names, name -> !lower.isEmpty() && lower(name).startsWith(lower))
        .or(() -> of(word, names))
        .or(() -> only(names, name -> begins(name, word)));
  }

  private static Optional<String> only(Collection<String> names, Predicate<String> meant) {
    List<String> found = names.stream().filter(meant).toList();
    return found.size() == 1 ? Optional.of(found.get(0)) : Optional.empty();
  }

  private static boolean begins(String name, String word) {
    String beginning = name.substring(0, Math.min(word.length(), name.length()));
    return distance(lower(word), lower(beginning)) <= word.length() / 3;
  }

  /**
   * The layer that is meant by a class's name, where no other can be: the same letters in other
   * cases, or one slip of the fingers. Names that differ in their digits are different layers, and
   * so are those that begin otherwise or have one capital more, as LayerNorm2d, Conv3d, CReLU and
   * LinearX show.
   */
  public static Optional<String> layer(String word, Collection<String> names) {
    String plain = lower(word).replace("_", "");
    for (String name : names) {
      if (plain.equals(lower(name))) {
        return Optional.of(name);
      }
    }
    String found = null;
    for (String name : names) {
      if (isSlip(word, name)) {
        if (found != null) {
          return Optional.empty();
        }
        found = name;
      }
    }
    return Optional.ofNullable(found);
  }

  private static boolean isSlip(String word, String name) {
    if (word.length() > LONGEST || word.isEmpty() || count(name, Character::isLetter) < 4) {
      return false;
    }
    String written = lower(word);
    String known = lower(name);
    boolean alike =
        written.charAt(0) == known.charAt(0)
            && digits(written).equals(digits(known))
            && count(word, Character::isUpperCase) <= count(name, Character::isUpperCase);
    return alike && isOneSlip(written, known, partAt(name, firstDifference(written, known)));
  }

  /**
   * A letter too much or too few, two swapped, or one for another at the end or in a long part of
   * the name: MixPool2d is not MaxPool2d.
   */
  private static boolean isOneSlip(String written, String known, int part) {
    int at = firstDifference(written, known);
    String restWritten = written.substring(Math.min(at + 1, written.length()));
    String restKnown = known.substring(Math.min(at + 1, known.length()));
    if (written.length() != known.length()) {
      boolean more = written.length() > known.length();
      boolean oneLetter =
          more
              ? restWritten.equals(known.substring(at))
              : restKnown.equals(written.substring(Math.min(at, written.length())));
      return oneLetter && Math.min(written.length(), known.length()) >= ENOUGH_LETTERS;
    }
    if (at + 1 < known.length()
        && written.charAt(at) == known.charAt(at + 1)
        && written.charAt(at + 1) == known.charAt(at)) {
      return restWritten.substring(1).equals(restKnown.substring(1));
    }
    boolean last = restKnown.isEmpty();
    return (last || part >= ENOUGH_LETTERS) && restWritten.equals(restKnown);
  }

  private static int firstDifference(String one, String other) {
    int i = 0;
    while (i < one.length() && i < other.length() && one.charAt(i) == other.charAt(i)) {
      i++;
    }
    return i;
  }

  /** How many letters the part of a name has that a place lies in: 4 for the v of Conv2d. */
  private static int partAt(String name, int place) {
    int at = Math.min(place, name.length() - 1);
    int from = at;
    while (from > 0 && Character.isLowerCase(name.charAt(from))) {
      from--;
    }
    int to = at + 1;
    while (to < name.length() && Character.isLowerCase(name.charAt(to))) {
      to++;
    }
    return to - from;
  }

  /** What is asked of a letter. */
  private interface Question {
    boolean isTrue(char letter);
  }

  private static int count(String word, Question question) {
    int count = 0;
    for (int i = 0; i < word.length(); i++) {
      count += question.isTrue(word.charAt(i)) ? 1 : 0;
    }
    return count;
  }

  private static String digits(String word) {
    StringBuilder digits = new StringBuilder();
    for (int i = 0; i < word.length(); i++) {
      if (Character.isDigit(word.charAt(i))) {
        digits.append(word.charAt(i));
      }
    }
    return digits.toString();
  }

  private static String lower(String word) {
    return word.toLowerCase(Locale.ROOT);
  }

  /** Letters to insert, delete or replace (Levenshtein 1965). */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}

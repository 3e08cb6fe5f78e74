package io.github.convlens.language;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A language of figures and lessons. PyTorch's notation, paths and numbers are the same in all of
 * them, and errors are English.
 */
public enum Language {
  /** The language in which the texts stand in the code. */
  ENGLISH("en", ", ", " ", "."),
  /** Simplified Chinese, with the terms of zh.d2l.ai. */
  CHINESE("zh", "、", "", "。");

  private final String tag;
  private final String comma;
  private final String space;
  private final String stop;

  Language(String tag, String comma, String space, String stop) {
    this.tag = tag;
    this.comma = comma;
    this.space = space;
    this.stop = stop;
  }

  /** The Chinese texts by the English ones. */
  private static final class Chinese {
    private static final Map<String, String> TEXTS = read();

    private static Map<String, String> read() {
      try (InputStream table = Language.class.getResourceAsStream("zh.tsv")) {
        if (table == null) {
          throw new IllegalStateException("zh.tsv is missing in ConvLens's jar");
        }
        String text = new String(table.readAllBytes(), StandardCharsets.UTF_8);
        return text.lines()
            .map(line -> line.split("\t", -1))
            .collect(Collectors.toUnmodifiableMap(cells -> cells[0], cells -> cells[1]));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** The language of people with this locale: Chinese for {@code zh} and its kin, else English. */
  public static Language of(Locale locale) {
    return locale.getLanguage().equals(CHINESE.tag) ? CHINESE : ENGLISH;
  }

  /**
   * A text in this language, with its numbers put in as {@link String#format} does it, in digits
   * that are the same everywhere; without arguments it is the text as it is. A text that has no
   * translation stays English.
   *
   * @param english the text or template as it stands in the code
   * @param arguments what its placeholders stand for
   */
  public String say(String english, Object... arguments) {
    String text = translation(english).orElse(english);
    return arguments.length == 0 ? text : String.format(Locale.ROOT, text, arguments);
  }

  /** What this language has for an English text or template, if anything. */
  Optional<String> translation(String english) {
    return Optional.ofNullable(this == ENGLISH ? english : Chinese.TEXTS.get(english));
  }

  /** Items one after the other: {@code rows, columns}. */
  public String list(List<String> items) {
    return String.join(comma, items);
  }

  /** Sentences one after the other; one that does not end in a sign gets a full stop. */
  public String sentences(List<String> sentences) {
    return sentences.stream()
        .map(sentence -> sentence.matches("(?s).*[.!?。！？]") ? sentence : sentence + stop)
        .collect(Collectors.joining(space));
  }

  /** The language's tag, as in a locale: {@code en}, {@code zh}. */
  @Override
  public String toString() {
    return tag;
  }
}

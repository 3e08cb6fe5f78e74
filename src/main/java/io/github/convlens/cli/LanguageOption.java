package io.github.convlens.cli;

import io.github.convlens.language.Language;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which language answers are in, for the commands that speak several. */
final class LanguageOption {
  @Option(
      names = "--lang",
      converter = Name.class,
      completionCandidates = Name.class,
      paramLabel = "LANGUAGE",
      description = {
        "One of ${COMPLETION-CANDIDATES}",
        "(default: that of the system, if it is one of them, or else en)."
      })
  private Optional<Language> language = Optional.empty();

  /** Languages by their tags. */
  static final class Name extends Choice<Language> {
    Name() {
      super(Language.class, "a language that ConvLens speaks");
    }
  }

  /** The one that was asked for, or that of the system. */
  Language language() {
    return language.orElseGet(() -> Language.of(Locale.getDefault(Locale.Category.DISPLAY)));
  }
}

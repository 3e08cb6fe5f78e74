package io.github.convlens.cli;

import io.github.convlens.language.Language;
import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;

/** Which language answers are in, for the commands that speak several. */
final class LanguageOption implements Arguments {
  private final Argument<Language> language =
      Argument.option("--lang")
          .says(
              "One of ${COMPLETION-CANDIDATES}",
              "(default: that of the system, if it is one of them, or else en).")
          .choice("LANGUAGE", Language.class, new Name());

  @Override
  public void addTo(CommandSpec command) {
    language.addTo(command);
  }

  /** Languages by their tags. */
  static final class Name extends Choice<Language> {
    Name() {
      super(Language.values(), "a language that ConvLens speaks");
    }
  }

  /** The one that was asked for, or that of the system. */
  Language language() {
    return language.orElse(Language.of(Locale.getDefault(Locale.Category.DISPLAY)));
  }
}

package io.github.convlens.cli;

import java.util.Iterator;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.TypeConversionException;

/**
 * Whether an answer is for people or for programs. It reads its own words and lists them: a command
 * that lives for a tenth of a second loads one class for it.
 */
final class FormatOption implements Arguments, ITypeConverter<String>, Iterable<String> {
  private static final List<String> FORMATS = List.of("text", "json");

  private final Argument<String> format =
      Argument.option("--format")
          .byDefault("text")
          .says("One of ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
          .choice("FORMAT", String.class, this);

  @Override
  public void addTo(CommandSpec command) {
    format.addTo(command);
  }

  /** Whether one JSON object is wanted. */
  boolean isJson() {
    return format.value().equals("json");
  }

  @Override
  public String convert(String word) {
    if (!FORMATS.contains(word)) {
      throw new TypeConversionException(Choice.refusal(word, "a format", FORMATS));
    }
    return word;
  }

  @Override
  public Iterator<String> iterator() {
    return FORMATS.iterator();
  }
}

package io.github.convlens.cli;

import java.util.Iterator;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/**
 * Whether an answer is for people or for programs. It reads its own words and lists them: a command
 * that lives for a tenth of a second loads one class for it.
 */
final class FormatOption implements ITypeConverter<String>, Iterable<String> {
  private static final List<String> FORMATS = List.of("text", "json");

  @Option(
      names = "--format",
      defaultValue = "text",
      paramLabel = "FORMAT",
      converter = FormatOption.class,
      completionCandidates = FormatOption.class,
      description = "One of ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private String format = "text";

  /** Whether one JSON object is wanted. */
  boolean isJson() {
    return format.equals("json");
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

package io.github.convlens.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Where rows go as soon as they are measured: standard output, and a file if one is named. */
final class Report implements AutoCloseable {
  private final Optional<PrintStream> file;

  private Report(Optional<PrintStream> file) {
    this.file = file;
  }

  /** A report into a new file; into none where there is no name. */
  static Report into(String name) throws IOException {
    if (name.isBlank()) {
      return new Report(Optional.empty());
    }
    PrintStream file =
        new PrintStream(Files.newOutputStream(Path.of(name)), true, StandardCharsets.UTF_8);
    file.println("# Speed and memory\n\nWritten by the harness; [README.md](README.md) says how.");
    return new Report(Optional.of(file));
  }

  /** Begins a table. */
  void machine(List<String> lines) {
    print("");
    print("```text");
    lines.forEach(this::print);
    print("```");
    print("");
    Table.head().forEach(this::print);
  }

  void row(String row) {
    print(row);
  }

  private void print(String line) {
    System.out.println(line);
    file.ifPresent(stream -> stream.println(line));
  }

  @Override
  public void close() {
    file.ifPresent(PrintStream::close);
  }
}

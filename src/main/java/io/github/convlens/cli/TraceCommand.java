package io.github.convlens.cli;

import io.github.convlens.layer.Convention;
import io.github.convlens.trace.Colour;
import io.github.convlens.trace.Trace;
import io.github.convlens.trace.TraceCsv;
import io.github.convlens.trace.TraceJson;
import io.github.convlens.trace.TraceMarkdown;
import io.github.convlens.trace.TraceTable;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** {@code convlens trace}: every layer's shape, parameters, cost and receptive field. */
final class TraceCommand extends Subcommand {
  private final InputOption input = new InputOption();

  private final NetOptions net = new NetOptions();

  private final Argument<Format> format =
      Argument.option("--format")
          .byDefault("text")
          .says("One of ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
          .choice("FORMAT", Format.class, new FormatName());

  private final Argument<Integer> depth =
      Argument.option("--depth").says("Show blocks deeper than N names as one row.").integer();

  private final Argument<Convention> convention =
      Argument.option("--convention")
          .byDefault("torchvision")
          .says(
              "What counts as cost, always of the whole batch: ${COMPLETION-CANDIDATES} (default:"
                  + " ${DEFAULT-VALUE}, multiply-adds without bias).")
          .choice("NAME", Convention.class, new ConventionName());

  private final Argument<Integer> width =
      Argument.option("--width")
          .says(
              "Columns of the text table (default: what COLUMNS says, or the terminal has, or 100).")
          .integer();

  private final InputStream in;

  TraceCommand(InputStream in) {
    super(
        "trace",
        "Follow a shape through a network, without an engine.",
        "Every layer's output, parameters, multiply-adds, activation bytes and receptive field.");
    this.in = in;
    takes(input, net, format, depth, convention, width);
    examples(
        "  convlens trace --net resnet18 --depth 2",
        "  convlens trace --input 3x224x224 --net model.txt --format json > trace.json",
        "  convlens trace --net model.pt2",
        "  python -c 'import torchvision; print(torchvision.models.vgg11())' |",
        "      convlens trace --input 3x224x224 -");
  }

  /** How a trace is written. */
  enum Format {
    /** A table for people. */
    TEXT,
    /** One object, its names fixed. */
    JSON,
    /** RFC 4180. */
    CSV,
    /** A table for a README. */
    MARKDOWN;

    /** The word of the command line. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Formats by their words. */
  static final class FormatName extends Choice<Format> {
    FormatName() {
      super(Format.values(), "a format");
    }
  }

  /** Conventions by their words. */
  static final class ConventionName extends Choice<Convention> {
    ConventionName() {
      super(Convention.values(), "a convention");
    }
  }

  @Override
  public Integer call() throws IOException {
    PrintWriter out = out();
    PrintWriter err = err();
    if (depth.hasValue() && depth.value() < 1) {
      throw new RequestException(
          "option --depth: it must be at least 1, not " + depth.value() + ".");
    }
    if (width.hasValue() && width.value() < TraceTable.LEAST_COLUMNS) {
      throw new RequestException(
          "option --width: it must be at least "
              + TraceTable.LEAST_COLUMNS
              + ", not "
              + width.value()
              + ".");
    }
    if (format.value() != Format.TEXT) {
      Idle.reject(
          spec(), "it is about the text table, not --format " + format.value() + ".", "--width");
    }
    NetOptions.Question question = net.read(in).on(input.sizes());
    Trace trace = Traces.of(net, question.graph(), question.inputs(), convention.value(), err);
    TraceJson.Ends ends =
        question.program().isPresent() ? TraceJson.Ends.ALL : TraceJson.Ends.FIRST;
    write(depth.hasValue() ? trace.collapsed(depth.value()) : trace, ends, out);
    return CommandLine.ExitCode.OK;
  }

  private void write(Trace trace, TraceJson.Ends ends, PrintWriter out) throws IOException {
    switch (format.value()) {
      case TEXT -> new TraceTable(columns(), colour()).write(trace, out);
      case JSON -> TraceJson.write(trace, ends, out);
      case CSV -> TraceCsv.write(trace, out);
      case MARKDOWN -> TraceMarkdown.write(trace, out);
    }
  }

  private int columns() {
    if (width.hasValue()) {
      return width.value();
    }
    return Columns.given().orElse(TraceTable.DEFAULT_COLUMNS);
  }

  private static Colour colour() {
    return Ansi.AUTO.enabled() ? Colour.ANSI : Colour.NONE;
  }
}

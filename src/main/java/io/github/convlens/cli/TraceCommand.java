package io.github.convlens.cli;

import io.github.convlens.layer.Convention;
import io.github.convlens.trace.Colour;
import io.github.convlens.trace.Trace;
import io.github.convlens.trace.TraceCsv;
import io.github.convlens.trace.TraceJson;
import io.github.convlens.trace.TraceMarkdown;
import io.github.convlens.trace.TraceTable;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code convlens trace}: every layer's shape, parameters, cost and receptive field. */
@Command(
    name = "trace",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Follow a shape through a network, without an engine.",
      "Every layer's output, parameters, multiply-adds, activation bytes and receptive field."
    },
    parameterListHeading = "%n",
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  convlens trace --net resnet18 --depth 2",
      "  convlens trace --input 3x224x224 --net model.txt --format json > trace.json",
      "  convlens trace --net model.pt2",
      "  python -c 'import torchvision; print(torchvision.models.vgg11())' |",
      "      convlens trace --input 3x224x224 -"
    })
final class TraceCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @ParentCommand private @Nullable ConvLens parent;

  @Mixin private InputOption input = new InputOption();

  @Mixin private NetOptions net = new NetOptions();

  @Option(
      names = "--format",
      defaultValue = "text",
      paramLabel = "FORMAT",
      converter = FormatName.class,
      completionCandidates = FormatName.class,
      description = "One of ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private Format format = Format.TEXT;

  @Option(
      names = "--depth",
      paramLabel = "N",
      description = "Show blocks deeper than N names as one row.")
  private @Nullable Integer depth;

  @Option(
      names = "--convention",
      defaultValue = "torchvision",
      paramLabel = "NAME",
      converter = ConventionName.class,
      completionCandidates = ConventionName.class,
      description =
          "What counts as cost, always of the whole batch: ${COMPLETION-CANDIDATES} (default:"
              + " ${DEFAULT-VALUE}, multiply-adds without bias).")
  private Convention convention = Convention.TORCHVISION;

  @Option(
      names = "--width",
      paramLabel = "N",
      description =
          "Columns of the text table (default: what COLUMNS says, or the terminal has, or 100).")
  private @Nullable Integer width;

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
      super(Format.class, "a format");
    }
  }

  /** Conventions by their words. */
  static final class ConventionName extends Choice<Convention> {
    ConventionName() {
      super(Convention.class, "a convention");
    }
  }

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    if (depth != null && depth < 1) {
      throw new RequestException("option --depth: it must be at least 1, not " + depth + ".");
    }
    if (width != null && width < TraceTable.LEAST_COLUMNS) {
      throw new RequestException(
          "option --width: it must be at least "
              + TraceTable.LEAST_COLUMNS
              + ", not "
              + width
              + ".");
    }
    if (format != Format.TEXT) {
      Idle.reject(spec, "it is about the text table, not --format " + format + ".", "--width");
    }
    NetOptions.Question question = net.read(ConvLens.in(parent)).on(input.sizes());
    Trace trace = Traces.of(net, question.graph(), question.inputs(), convention, err);
    TraceJson.Ends ends =
        question.program().isPresent() ? TraceJson.Ends.ALL : TraceJson.Ends.FIRST;
    write(depth == null ? trace : trace.collapsed(depth), ends, out);
    return CommandLine.ExitCode.OK;
  }

  private void write(Trace trace, TraceJson.Ends ends, PrintWriter out) throws IOException {
    switch (format) {
      case TEXT -> new TraceTable(columns(), colour()).write(trace, out);
      case JSON -> TraceJson.write(trace, ends, out);
      case CSV -> TraceCsv.write(trace, out);
      case MARKDOWN -> TraceMarkdown.write(trace, out);
    }
  }

  private int columns() {
    if (width != null) {
      return width;
    }
    return Columns.given().orElse(TraceTable.DEFAULT_COLUMNS);
  }

  private static Colour colour() {
    return Ansi.AUTO.enabled() ? Colour.ANSI : Colour.NONE;
  }
}

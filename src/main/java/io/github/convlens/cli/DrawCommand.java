package io.github.convlens.cli;

import io.github.convlens.figure.Curve;
import io.github.convlens.figure.Figure;
import io.github.convlens.figure.Figures;
import io.github.convlens.file.Png;
import io.github.convlens.graph.Graph;
import io.github.convlens.layer.Convention;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.ShapeText;
import io.github.convlens.notation.InputSize;
import io.github.convlens.trace.Row;
import io.github.convlens.trace.Trace;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code convlens draw}: a figure of a layer or a network, as PNG or SVG, or the page. */
@Command(
    name = "draw",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Draw a layer or a network into a file, without an engine.",
      "FILE.html is a page in which the window can be moved; FILE.png and FILE.svg show a figure:",
      "",
      "  window           the window on the padded input, and the output it makes",
      "  steps            the window at each output position",
      "  stack            a network as blocks that follow height, width and channels",
      "  receptive-field  what an output sees of the input",
      "  sizes            height after each layer",
      "  cost             multiply-adds and parameters of each layer",
      "",
      "Prints nothing; what a figure leaves out is a note on standard error."
    },
    parameterListHeading = "%n",
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  convlens draw --input 8x8 --out window.svg --at 1,1 \\",
      "      \"nn.Conv2d(1, 1, kernel_size=(3, 5), padding=(0, 1), stride=(3, 4))\"",
      "  convlens draw --input 8x8 --kernel 3 --stride 2 --what steps --out steps.png",
      "  convlens draw --net resnet18 --out resnet18.svg",
      "  convlens draw --net vgg16 --what receptive-field --out seen.png",
      "  convlens draw --net lenet --out lenet.html"
    })
final class DrawCommand implements Callable<Integer> {
  /** The axes of a batch of pictures. */
  private static final int PICTURE = 4;

  @Spec private CommandSpec spec = CommandSpec.create();

  @ParentCommand private @Nullable ConvLens parent;

  @Mixin private InputOption input = new InputOption();

  @Mixin private NetOptions net = new NetOptions();

  @ArgGroup(exclusive = false, heading = "%nOne convolution by its numbers, instead of LAYERS:%n")
  private @Nullable WindowOptions window;

  @Option(
      names = "--what",
      paramLabel = "FIGURE",
      converter = SubjectName.class,
      completionCandidates = SubjectName.class,
      description = {
        "One of ${COMPLETION-CANDIDATES}",
        "(default: window for one layer that has one, or else stack)."
      })
  private @Nullable Subject what;

  @Option(
      names = "--at",
      paramLabel = "ROW,COLUMN",
      converter = OutputCell.Converter.class,
      description = "The output cell of a window or a receptive field, from 0 (default: 0,0).")
  private @Nullable OutputCell at;

  @Option(
      names = {"-o", "--out"},
      required = true,
      paramLabel = "FILE",
      description = "FILE.png, FILE.svg or FILE.html; replaced, once it is drawn, if it is there.")
  private String out = "";

  /** What is drawn. */
  enum Subject {
    /** A window and its output. */
    WINDOW,
    /** All windows. */
    STEPS,
    /** Blocks. */
    STACK,
    /** What an output sees. */
    RECEPTIVE_FIELD,
    /** Size against depth. */
    SIZES,
    /** Bars. */
    COST;

    /** Whether there is one of sequences and volumes, too. */
    boolean isForAllAxes() {
      return this == STACK || this == COST;
    }

    /** The word of the command line. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** Figures by their words. */
  static final class SubjectName extends Choice<Subject> {
    SubjectName() {
      super(Subject.class, "a figure");
    }
  }

  @Override
  public Integer call() throws IOException {
    PrintWriter err = spec.commandLine().getErr();
    OutputFile file =
        OutputFile.of(out, OutputFile.Kind.PNG, OutputFile.Kind.SVG, OutputFile.Kind.HTML);
    Overwriting.reject(spec, "--out", file.path());
    NetOptions.Question question = question();
    if (file.kind() == OutputFile.Kind.HTML) {
      rejectBesidePage();
      PageCommand.write(file, question.graph(), question.input(), at, net, err);
      return CommandLine.ExitCode.OK;
    }
    Trace trace = Traces.of(net, question.graph(), question.inputs(), Convention.TORCHVISION, err);
    Figure figure = figure(trace);
    figure.notes().forEach(note -> err.println("note: " + note));
    file.write(stream -> write(figure, file.kind(), stream));
    return CommandLine.ExitCode.OK;
  }

  private static void write(Figure figure, OutputFile.Kind kind, OutputStream stream)
      throws IOException {
    if (kind == OutputFile.Kind.SVG) {
      stream.write(figure.svg().getBytes(StandardCharsets.UTF_8));
    } else {
      stream.write(Png.bytes(figure.image(2)));
    }
  }

  private void rejectBesidePage() {
    if (what != null) {
      throw new RequestException(
          "option --what: a page shows the window of any layer. Leave it out, or use FILE.png or"
              + " FILE.svg.");
    }
  }

  private NetOptions.Question question() {
    if (window == null) {
      return net.read(ConvLens.in(parent)).on(input.sizes());
    }
    net.rejectBeside("the options --kernel ...");
    net.rejectReading();
    InputSize size = InputOption.one(input.sizes());
    if (size == null) {
      throw NetOptions.missingInput();
    }
    return NetOptions.Question.of(Graph.of(window.layer(size)), size);
  }

  private Figure figure(Trace trace) {
    Subject subject = what == null ? usual(trace) : what;
    OutputCell cell = cellFor(subject);
    if (!subject.isForAllAxes() && trace.input().dimension() != PICTURE) {
      throw new RequestException(
          ("option --what: the figure '" + subject + "' is about pictures, and the input is ")
              + (ShapeText.listed(trace.input()) + ". Use --what stack or cost."));
    }
    return switch (subject) {
      case WINDOW -> Figures.window(only(trace), trace.input(), cell.row(), cell.column());
      case STEPS -> Figures.steps(only(trace), trace.input());
      case STACK -> Figures.stack(trace);
      case RECEPTIVE_FIELD -> Figures.receptiveField(trace, cell.row(), cell.column());
      case SIZES -> Figures.sizes(List.of(Curve.of("height", trace)));
      case COST -> Figures.cost(trace);
    };
  }

  /** The layer of a figure that shows one. */
  private static LayerSpec only(Trace trace) {
    if (trace.rows().size() != 1) {
      throw new RequestException(
          "option --what: this figure shows one layer, and there are "
              + trace.rows().size()
              + ". Give it one, or draw the stack.");
    }
    return trace.rows().get(0).layer();
  }

  private OutputCell cellFor(Subject subject) {
    if (at == null) {
      return OutputCell.FIRST;
    }
    if (subject != Subject.WINDOW && subject != Subject.RECEPTIVE_FIELD) {
      throw new RequestException(
          "option --at: the figure '"
              + subject
              + "' is not about one output. Use --what window or receptive-field, or leave it out.");
    }
    return at;
  }

  private static Subject usual(Trace trace) {
    if (trace.rows().size() != 1) {
      return Subject.STACK;
    }
    Row only = trace.rows().get(0);
    return only.input().dimension() == PICTURE && only.layer().taps().isPresent()
        ? Subject.WINDOW
        : Subject.STACK;
  }
}

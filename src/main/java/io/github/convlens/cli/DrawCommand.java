package io.github.convlens.cli;

import io.github.convlens.figure.Figure;
import io.github.convlens.file.internal.Gif;
import io.github.convlens.file.internal.Png;
import io.github.convlens.graph.Graph;
import io.github.convlens.layer.Convention;
import io.github.convlens.layer.internal.ShapeText;
import io.github.convlens.notation.InputSize;
import io.github.convlens.notation.Presets;
import io.github.convlens.notation.PyTorch;
import io.github.convlens.trace.Trace;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
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
      "FILE.html is a page in which the window can be moved, FILE.gif a film of its steps;"
          + " FILE.png and FILE.svg show a figure:",
      "",
      "  window           the window on the padded input, and the output it makes",
      "  steps            the window at each output position",
      "  matrices         a layer's arithmetic: X * K = Y with numbers",
      "  same             where each author of a 'same' padding puts it",
      "  compare          two layers, or the sizes in two networks: --beside",
      "  stack            a network as blocks that follow height, width and channels",
      "  receptive-field  what an output sees of the input",
      "  fields           how large the receptive field is after each layer",
      "  sizes            height and width after each layer",
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
      "  convlens draw --input 8x8 --kernel 3 --stride 2 --out steps.gif",
      "  convlens draw --net resnet18 --layer conv1 --at 3,5 --out conv1.png",
      "  convlens draw --net resnet18 --layer layer3 --what receptive-field --at 7,7 --out seen.png",
      "  convlens draw --net lenet --out lenet.html"
    })
final class DrawCommand implements Callable<Integer> {
  /** The axes of a batch of pictures. */
  private static final int PICTURE = 4;

  /** Twice 100 %, sharp on screens of high resolution. */
  private static final int PNG_SCALE = 2;

  private static final double GIF_SCALE = 1.5;

  /** How long a film shows each step. */
  private static final int GIF_HUNDREDTHS = 80;

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
      description =
          "One of ${COMPLETION-CANDIDATES} (default: window for one layer that has one, or else"
              + " stack).")
  private @Nullable Subject what;

  @Option(
      names = "--layer",
      paramLabel = "PATH",
      description =
          "Whose window, steps or matrices in a network: layer1.0.conv1; or up to which layer or block"
              + " the receptive field goes: layer1.")
  private @Nullable String layer;

  @Option(
      names = "--beside",
      paramLabel = "LAYERS",
      description = "What is compared with: layers in PyTorch's notation, or a preset.")
  private @Nullable String beside;

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
      description =
          "FILE.png, FILE.svg, FILE.gif or FILE.html; replaced, once it is drawn, if it is there.")
  private String out = "";

  @Mixin private LanguageOption language = new LanguageOption();

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
        OutputFile.of(
            out,
            OutputFile.Kind.PNG,
            OutputFile.Kind.SVG,
            OutputFile.Kind.GIF,
            OutputFile.Kind.HTML);
    Overwriting.reject(spec, "--out", file.path());
    NetOptions.Question question = question();
    if (file.kind() == OutputFile.Kind.HTML) {
      rejectBesidePage();
      PageCommand.write(file, question.graph(), question.input(), at, net, err);
      return CommandLine.ExitCode.OK;
    }
    List<Figure> figures =
        figures(file.kind(), question, err).stream()
            .map(figure -> figure.in(language.language()))
            .toList();
    figures.get(figures.size() - 1).notes().forEach(note -> err.println("note: " + note));
    file.write(stream -> write(figures, file.kind(), stream));
    return CommandLine.ExitCode.OK;
  }

  private static void write(List<Figure> figures, OutputFile.Kind kind, OutputStream stream)
      throws IOException {
    Figure first = figures.get(0);
    switch (kind) {
      case SVG -> stream.write(first.svg().getBytes(StandardCharsets.UTF_8));
      case GIF ->
          stream.write(
              Gif.bytes(figures.size(), i -> figures.get(i).image(GIF_SCALE), GIF_HUNDREDTHS));
      default -> stream.write(Png.bytes(first.image(PNG_SCALE)));
    }
  }

  private void rejectBesidePage() {
    Idle.reject(spec, "a page is in English.", "--lang");
    for (String option : List.of("--what", "--layer", "--beside")) {
      if (spec.commandLine().getParseResult().hasMatchedOption(option)) {
        throw new RequestException(
            ("option " + option + ": a page shows the window of any layer. Leave it out, or use")
                + " FILE.png or FILE.svg.");
      }
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

  /** One figure, or the frames of a film. */
  private List<Figure> figures(
      OutputFile.Kind kind, NetOptions.Question question, PrintWriter err) {
    if (what == Subject.SAME) {
      rejectIdle(what);
      return List.of(DrawnFigure.same(question.graph(), question.inputs().get(0)));
    }
    Trace trace = Traces.of(net, question.graph(), question.inputs(), Convention.TORCHVISION, err);
    DrawnFigure drawn = new DrawnFigure(trace, layer, at == null ? OutputCell.FIRST : at);
    Subject subject = subject(kind, drawn);
    rejectIdle(subject);
    if (!subject.isForAllAxes() && trace.input().dimension() != PICTURE) {
      throw new RequestException(
          ("option --what: the figure '" + subject + "' is about pictures, and the input is ")
              + (ShapeText.listed(trace.input()) + ". Use --what stack, sizes, fields or cost."));
    }
    if (kind == OutputFile.Kind.GIF) {
      return drawn.film();
    }
    return List.of(subject == Subject.COMPARE ? compared(drawn, err) : drawn.figure(subject));
  }

  private Subject subject(OutputFile.Kind kind, DrawnFigure drawn) {
    if (kind != OutputFile.Kind.GIF) {
      return what == null ? drawn.usual() : what;
    }
    if (what != null && what != Subject.STEPS) {
      throw new RequestException(
          "option --what: a film shows the steps of a window. Leave it out, or use FILE.png or"
              + " FILE.svg.");
    }
    return Subject.STEPS;
  }

  private void rejectIdle(Subject subject) {
    if (at != null && !subject.isAboutOneOutput()) {
      throw new RequestException(
          "option --at: the figure '"
              + subject
              + "' is not about one output. Use --what window, matrices, compare or"
              + " receptive-field, or leave it out.");
    }
    if (layer != null && !subject.isAboutOneLayer()) {
      throw new RequestException(
          "option --layer: the figure '"
              + subject
              + "' is not about one layer of a network. Use --what window, steps, matrices or"
              + " receptive-field, or leave it out.");
    }
    if (beside != null && subject != Subject.COMPARE) {
      throw new RequestException(
          "option --beside: the figure '"
              + subject
              + "' compares nothing. Use --what compare, or leave it out.");
    }
  }

  private Figure compared(DrawnFigure drawn, PrintWriter err) {
    if (beside == null) {
      throw new RequestException(
          "option --beside is missing: what the layers are compared with, such as --beside"
              + " \"Conv2d(1, 1, 3, padding=1)\".");
    }
    String text = Presets.names().contains(beside) ? Presets.text(beside) : beside;
    Trace other =
        Traces.of(net, PyTorch.parse(text), drawn.trace().input(), Convention.TORCHVISION, err);
    return drawn.beside(other);
  }
}

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
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import picocli.CommandLine;

/** {@code convlens draw}: a figure of a layer or a network, as PNG or SVG, or the page. */
final class DrawCommand extends Subcommand {
  /** The axes of a batch of pictures. */
  private static final int PICTURE = 4;

  /** Twice 100 %, sharp on screens of high resolution. */
  private static final int PNG_SCALE = 2;

  private static final double GIF_SCALE = 1.5;

  /** How long a film shows each step. */
  private static final int GIF_HUNDREDTHS = 80;

  private final InputOption input = new InputOption();

  private final NetOptions net = new NetOptions();

  private final WindowOptions window = new WindowOptions();

  private final Argument<Subject> what =
      Argument.option("--what")
          .says(
              "One of ${COMPLETION-CANDIDATES} (default: window for one layer that has one, or else"
                  + " stack).")
          .choice("FIGURE", Subject.class, new SubjectName());

  private final Argument<String> layer =
      Argument.option("--layer")
          .says(
              "Whose window, steps or matrices in a network: layer1.0.conv1; or up to which layer or block"
                  + " the receptive field goes: layer1.")
          .text("PATH");

  private final Argument<String> beside =
      Argument.option("--beside")
          .says("What is compared with: layers in PyTorch's notation, or a preset.")
          .text("LAYERS");

  private final Argument<OutputCell> at =
      Argument.option("--at")
          .says("The output cell of a window or a receptive field, from 0 (default: 0,0).")
          .read("ROW,COLUMN", OutputCell.class, new OutputCell.Converter());

  private final Argument<String> out =
      Argument.option("-o", "--out")
          .required()
          .says(
              "FILE.png, FILE.svg, FILE.gif or FILE.html; replaced, once it is drawn, if it is there.")
          .text("FILE");

  private final LanguageOption language = new LanguageOption();

  private final InputStream in;

  DrawCommand(InputStream in) {
    super(
        "draw",
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
        "Prints nothing; what a figure leaves out is a note on standard error.");
    this.in = in;
    takes(input, net, window, what, layer, beside, at, out, language);
    examples(
        "  convlens draw --input 8x8 --out window.svg --at 1,1 \\",
        "      \"nn.Conv2d(1, 1, kernel_size=(3, 5), padding=(0, 1), stride=(3, 4))\"",
        "  convlens draw --input 8x8 --kernel 3 --stride 2 --what steps --out steps.png",
        "  convlens draw --net resnet18 --out resnet18.svg",
        "  convlens draw --input 8x8 --kernel 3 --stride 2 --out steps.gif",
        "  convlens draw --net resnet18 --layer conv1 --at 3,5 --out conv1.png",
        "  convlens draw --net resnet18 --layer layer3 --what receptive-field --at 7,7 --out seen.png",
        "  convlens draw --net lenet --out lenet.html");
  }

  /** Figures by their words. */
  static final class SubjectName extends Choice<Subject> {
    SubjectName() {
      super(Subject.values(), "a figure");
    }
  }

  @Override
  public Integer call() throws IOException {
    PrintWriter err = err();
    OutputFile file =
        OutputFile.of(
            out.value(),
            OutputFile.Kind.PNG,
            OutputFile.Kind.SVG,
            OutputFile.Kind.GIF,
            OutputFile.Kind.HTML);
    Overwriting.reject(spec(), "--out", file.path());
    NetOptions.Question question = question();
    if (file.kind() == OutputFile.Kind.HTML) {
      rejectBesidePage();
      PageCommand.write(file, question.graph(), question.input(), at.orNull(), net, err);
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
    Idle.reject(spec(), "a page is in English.", "--lang");
    for (String option : List.of("--what", "--layer", "--beside")) {
      if (spec().commandLine().getParseResult().hasMatchedOption(option)) {
        throw new RequestException(
            ("option " + option + ": a page shows the window of any layer. Leave it out, or use")
                + " FILE.png or FILE.svg.");
      }
    }
  }

  private NetOptions.Question question() {
    if (!window.isGiven()) {
      return net.read(in).on(input.sizes());
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
    if (what.orNull() == Subject.SAME) {
      rejectIdle(what.value());
      return List.of(DrawnFigure.same(question.graph(), question.inputs().get(0)));
    }
    Trace trace = Traces.of(net, question.graph(), question.inputs(), Convention.TORCHVISION, err);
    DrawnFigure drawn = new DrawnFigure(trace, layer.orNull(), at.orElse(OutputCell.FIRST));
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
      return what.hasValue() ? what.value() : drawn.usual();
    }
    if (what.hasValue() && what.value() != Subject.STEPS) {
      throw new RequestException(
          "option --what: a film shows the steps of a window. Leave it out, or use FILE.png or"
              + " FILE.svg.");
    }
    return Subject.STEPS;
  }

  private void rejectIdle(Subject subject) {
    if (at.hasValue() && !subject.isAboutOneOutput()) {
      throw new RequestException(
          "option --at: the figure '"
              + subject
              + "' is not about one output. Use --what window, matrices, compare or"
              + " receptive-field, or leave it out.");
    }
    if (layer.hasValue() && !subject.isAboutOneLayer()) {
      throw new RequestException(
          "option --layer: the figure '"
              + subject
              + "' is not about one layer of a network. Use --what window, steps, matrices or"
              + " receptive-field, or leave it out.");
    }
    if (beside.hasValue() && subject != Subject.COMPARE) {
      throw new RequestException(
          "option --beside: the figure '"
              + subject
              + "' compares nothing. Use --what compare, or leave it out.");
    }
  }

  private Figure compared(DrawnFigure drawn, PrintWriter err) {
    if (!beside.hasValue()) {
      throw new RequestException(
          "option --beside is missing: what the layers are compared with, such as --beside"
              + " \"Conv2d(1, 1, 3, padding=1)\".");
    }
    String text =
        Presets.names().contains(beside.value()) ? Presets.text(beside.value()) : beside.value();
    Trace other =
        Traces.of(net, PyTorch.parse(text), drawn.trace().input(), Convention.TORCHVISION, err);
    return drawn.beside(other);
  }
}

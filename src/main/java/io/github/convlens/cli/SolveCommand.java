package io.github.convlens.cli;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.graph.Graph;
import io.github.convlens.layer.Axis;
import io.github.convlens.layer.Size;
import io.github.convlens.layer.internal.ShapeText;
import io.github.convlens.notation.InputSize;
import io.github.convlens.plan.Bounds;
import io.github.convlens.plan.NoSolution;
import io.github.convlens.plan.SamePadding;
import io.github.convlens.plan.Solutions;
import io.github.convlens.plan.Solver;
import io.github.convlens.plan.WindowKind;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** {@code convlens solve}: from the size that is wanted back to what makes it. */
final class SolveCommand extends Subcommand {
  /** What says how windows are looked for. */
  private static final String[] SEARCH = {
    "--kind", "--top", "--max-kernel", "--max-stride", "--max-padding", "--max-dilation"
  };

  private final Argument<String> input =
      Argument.option("-i", "--input")
          .says(
              "The given size: N for all axes, HxW, or CxHxW for a network; L or DxHxW in place of"
                  + " HxW for layers of one or three axes.")
          .text("SIZE");

  private final Argument<String> output =
      Argument.option("--output")
          .says("The wanted size: N for all axes, HxW, or DxHxW for volumes.")
          .text("HxW");

  private final Argument<String> oldOutput =
      Argument.option("-o").hidden().says("What --output is.").text("HxW");

  private final NetOptions net = new NetOptions();

  private final Argument<Boolean> smallest =
      Argument.option("--smallest").says("The smallest input that the network takes.").flag();

  private final Argument<Boolean> features =
      Argument.option("--features")
          .says("The in_features of the first Linear for --input, and of one at the end.")
          .flag();

  private final Argument<Boolean> same =
      Argument.option("--same").says("Compare the meanings of 'same' padding.").flag();

  private final Argument<String> kernel =
      Argument.option("--kernel")
          .says("The kernel that the answers shall have, N or HxW; of --same, N.")
          .text("HxW");

  private final Argument<String> stride =
      Argument.option("--stride")
          .says("The stride that they shall have; of --same (default there: 1).")
          .text("HxW");

  private final Argument<String> padding =
      Argument.option("--padding").says("The padding per side that they shall have.").text("HxW");

  private final Argument<String> dilation =
      Argument.option("--dilation").says("The dilation that they shall have.").text("HxW");

  private final Argument<Kind> kind =
      Argument.option("--kind")
          .byDefault("conv")
          .says("One of ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
          .choice("KIND", Kind.class, new KindName());

  private final Argument<Integer> top =
      Argument.option("--top")
          .byDefault("10")
          .says(
              "How many answers to print, the usual ones first; 0: all (default: ${DEFAULT-VALUE}).")
          .integer();

  private final Argument<Long> maxKernel =
      Argument.option("--max-kernel")
          .byDefault("64")
          .says("Largest kernel to look at (default: ${DEFAULT-VALUE}).")
          .number();

  private final Argument<Long> maxStride =
      Argument.option("--max-stride")
          .byDefault("32")
          .says("Largest stride to look at (default: ${DEFAULT-VALUE}).")
          .number();

  private final Argument<Long> maxPadding =
      Argument.option("--max-padding")
          .byDefault("32")
          .says("Largest padding to look at (default: ${DEFAULT-VALUE}).")
          .number();

  private final Argument<Long> maxDilation =
      Argument.option("--max-dilation")
          .byDefault("4")
          .says("Largest dilation to look at (default: ${DEFAULT-VALUE}).")
          .number();

  private final Argument<Long> maxInput =
      Argument.option("--max-input")
          .byDefault("4096")
          .says(
              "The largest input to look at, for --output of a network (default: ${DEFAULT-VALUE}).")
          .number();

  private final FormatOption format = new FormatOption();

  private final InputStream in;

  SolveCommand(InputStream in) {
    super(
        "solve",
        "Go backwards, from the size that is wanted to what makes it, without an engine.",
        "Which windows make a wanted size of a given one; which inputs a network needs for a"
            + " wanted map, or at least; the in_features of its Linear; what 'same' padding means to"
            + " whom.");
    this.in = in;
    takes(
        input,
        output,
        oldOutput,
        net,
        smallest,
        features,
        same,
        kernel,
        stride,
        padding,
        dilation,
        kind,
        top,
        maxKernel,
        maxStride,
        maxPadding,
        maxDilation,
        maxInput,
        format);
    examples(
        "  convlens solve --input 224 --output 56",
        "  convlens solve --input 640x480 --output 160x120 --top 3",
        "  convlens solve --input 3 --output 6 --kind transposed",
        "  convlens solve --input 224 --output 112 --kernel 7",
        "  convlens solve --net resnet18 --output 7x7",
        "  convlens solve --net model.pt2 --output 7x7",
        "  convlens solve --net alexnet --smallest",
        "  convlens solve --net lenet --features --input 32x32",
        "  convlens solve --same --kernel 4 --stride 2 --input 7");
  }

  /** Kinds of windows. */
  enum Kind {
    /** Convolutions. */
    CONV("conv", WindowKind.CONVOLUTION),
    /** Pools. */
    POOL("pool", WindowKind.POOL),
    /** Pools that round up. */
    CEIL_POOL("ceil-pool", WindowKind.CEIL_POOL),
    /** Transposed convolutions. */
    TRANSPOSED("transposed", WindowKind.TRANSPOSED_CONVOLUTION);

    private final String word;
    private final WindowKind window;

    Kind(String word, WindowKind window) {
      this.word = word;
      this.window = window;
    }

    /** The word of the command line. */
    @Override
    public String toString() {
      return word;
    }
  }

  /** Kinds by their words. */
  static final class KindName extends Choice<Kind> {
    KindName() {
      super(Kind.values(), "a kind");
    }
  }

  @Override
  public Integer call() throws IOException {
    if (top.value() < 0) {
      throw new RequestException(
          "option --top: it must not be negative, here it is " + top.value() + ".");
    }
    SolveForm form =
        format.isJson()
            ? new SolveJson(new JsonAnswer(spec().commandLine()))
            : new SolveText(out());
    tellOldOutput();
    if (same.value()) {
      same(form);
    } else if (net.isGiven()) {
      network(form);
    } else {
      windows(form);
    }
    return CommandLine.ExitCode.OK;
  }

  /** {@code -o} is a file in all other commands. */
  private void tellOldOutput() {
    if (!oldOutput.hasValue()) {
      return;
    }
    if (output.hasValue()) {
      throw new RequestException("option -o: it is --output, which is given, too. Leave -o out.");
    }
    err()
        .println(
            "note: option -o: it is deprecated here, as -o is --out FILE in other commands. Write"
                + " --output "
                + oldOutput.value()
                + ".");
  }

  /** The wanted size, however it is given. */
  private Argument<String> wanted() {
    return oldOutput.hasValue() ? oldOutput : output;
  }

  private void same(SolveForm form) throws IOException {
    net.rejectBeside("--same");
    net.rejectReading();
    Idle.reject(
        spec(),
        "--same has no use for it; it takes --input, --kernel and --stride.",
        "--output",
        "-o",
        "--smallest",
        "--features",
        "--padding",
        "--dilation",
        "--max-input");
    Idle.reject(
        spec(), "--same has no use for it; it takes --input, --kernel and --stride.", SEARCH);
    long kernels = side("--kernel", required(kernel, "--kernel"));
    long strides = stride.hasValue() ? side("--stride", stride.value()) : 1;
    long size = side("--input", required(input, "--input"));
    form.same(kernels, strides, size, SamePadding.compare(kernels, strides, size));
  }

  private void windows(SolveForm form) throws IOException {
    net.rejectReading();
    Idle.reject(
        spec(),
        "it is about a network, and none is given.",
        "--smallest",
        "--features",
        "--max-input");
    Size from = Sizes.of("--input", required(input, "--input"));
    Size to = Sizes.of("--output", required(wanted(), "--output"));
    Bounds bounds =
        new Bounds(maxKernel.value(), maxStride.value(), maxDilation.value(), maxPadding.value());
    List<Bounds> axes = new ArrayList<>(Collections.nCopies(from.axes().size(), bounds));
    give(axes, NoSolution.Bound.KERNEL, kernel.orNull());
    give(axes, NoSolution.Bound.STRIDE, stride.orNull());
    give(axes, NoSolution.Bound.PADDING, padding.orNull());
    give(axes, NoSolution.Bound.DILATION, dilation.orNull());
    Solutions solutions = Solver.solve(kind.value().window, from, to, axes).orThrow();
    boolean alike = axes.stream().distinct().count() == 1;
    form.windows(kind.value().toString(), from, to, solutions, alike, top.value());
  }

  /** Narrows a bound of each axis to the number that is given for it. */
  private void give(List<Bounds> axes, NoSolution.Bound bound, @Nullable String text) {
    if (text == null) {
      return;
    }
    Idle.reject(spec(), "--" + bound + " says the number.", "--max-" + bound);
    Size given = Sizes.of("--" + bound, text, axes.size());
    if (given.axes().size() != axes.size()) {
      throw new RequestException(
          ("option --" + bound + ": '" + text + "' has " + given.axes().size())
              + (" numbers, and --input has "
                  + axes.size()
                  + " axes. Use a number for each, or one")
              + " for all.");
    }
    for (int i = 0; i < axes.size(); i++) {
      axes.set(i, axes.get(i).with(bound, given.on(given.axes().get(i))));
    }
  }

  private void network(SolveForm form) throws IOException {
    List<String> questions = new ArrayList<>();
    if (wanted().hasValue()) {
      questions.add("--output");
    }
    if (smallest.value()) {
      questions.add("--smallest");
    }
    if (features.value()) {
      questions.add("--features");
    }
    if (questions.size() != 1) {
      throw new RequestException(
          "a network takes one question: --output HxW, --smallest or --features"
              + (questions.isEmpty() ? "." : ", not " + String.join(" and ", questions) + "."));
    }
    Idle.reject(spec(), "it is about single windows, and a network is given.", SEARCH);
    Idle.reject(
        spec(),
        "it is about single windows, and a network is given.",
        "--kernel",
        "--stride",
        "--padding",
        "--dilation");
    if (!wanted().hasValue()) {
      Idle.reject(spec(), "it goes with --output.", "--max-input");
    }
    PrintWriter err = err();
    NetOptions.Chosen chosen = net.read(in);
    if (chosen.program().isPresent() && !features.value()) {
      Idle.reject(spec(), "batch and channels are those of the program.", "--input");
    }
    int axes =
        Axis.in(
                chosen
                    .program()
                    .map(ProgramNet::only)
                    .orElseGet(() -> InputSize.anyFor(chosen.graph())))
            .size();
    InputSize size = input.hasValue() ? networkInput(input.value(), axes) : null;
    List<InputSize> sizes = size == null ? List.of() : List.of(size);
    Shape like = features.value() ? chosen.on(sizes).inputs().get(0) : chosen.like(size);
    if (!features.value() && input.hasValue()) {
      rejectSizeAlone(chosen, like);
    }
    Graph graph =
        chosen
            .program()
            .map(program -> chosen.graph().with(program.ofOtherSizes()))
            .orElse(chosen.graph());
    SolveAnswers answers = new SolveAnswers(graph, like, form, note -> net.tell(note, err));
    if (!features.value() && axes == 0) {
      throw new RequestException(
          "the program's input is "
              + ShapeText.listed(like)
              + ", which has no height and width to be found. Ask for --features.");
    }
    if (wanted().hasValue()) {
      answers.inputs(
          Sizes.of("--output", wanted().value(), axes),
          maxInput.value(),
          inputs ->
              chosen
                  .program()
                  .map(program -> program.within(inputs, like, maxInput.value()))
                  .orElse(inputs));
    } else if (smallest.value()) {
      answers.smallest();
    } else {
      answers.features();
    }
  }

  /**
   * Of an input that is to be found no more than batch, channels and number of axes can be given.
   */
  private void rejectSizeAlone(NetOptions.Chosen chosen, Shape like) {
    Shape unsaid = chosen.like(null);
    boolean sizeAlone = networkInput(input.value(), like.dimension() - 2).channels().isEmpty();
    if (sizeAlone && unsaid.dimension() == like.dimension()) {
      Idle.reject(
          spec(),
          "the input's size is what is asked for; of a given one, CxHxW, batch and channels count.",
          "--input");
    }
  }

  /** {@code 32} stands for {@code 32x32}, or for what there is of axes. */
  private static InputSize networkInput(String text, int axes) {
    boolean all = text.matches("\\d+") && axes > 0;
    return InputSize.parse(all ? String.join("x", Collections.nCopies(axes, text)) : text);
  }

  private static long side(String option, String text) {
    Size size = Sizes.of(option, text);
    if (!size.isSquare()) {
      throw new RequestException("--same is about one axis. Use " + option + " N.");
    }
    return size.height();
  }

  private static String required(Argument<String> argument, String option) {
    if (!argument.hasValue()) {
      throw new RequestException("option " + option + " is missing. See convlens solve --help.");
    }
    return argument.value();
  }
}

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
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code convlens solve}: from the size that is wanted back to what makes it. */
@Command(
    name = "solve",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Go backwards, from the size that is wanted to what makes it, without an engine.",
      "Which windows make a wanted size of a given one; which inputs a network needs for a"
          + " wanted map, or at least; the in_features of its Linear; what 'same' padding means to"
          + " whom."
    },
    parameterListHeading = "%n",
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  convlens solve --input 224 --output 56",
      "  convlens solve --input 640x480 --output 160x120 --top 3",
      "  convlens solve --input 3 --output 6 --kind transposed",
      "  convlens solve --input 224 --output 112 --kernel 7",
      "  convlens solve --net resnet18 --output 7x7",
      "  convlens solve --net model.pt2 --output 7x7",
      "  convlens solve --net alexnet --smallest",
      "  convlens solve --net lenet --features --input 32x32",
      "  convlens solve --same --kernel 4 --stride 2 --input 7"
    })
final class SolveCommand implements Callable<Integer> {
  /** What says how windows are looked for. */
  private static final String[] SEARCH = {
    "--kind", "--top", "--max-kernel", "--max-stride", "--max-padding", "--max-dilation"
  };

  @Spec private CommandSpec spec = CommandSpec.create();

  @ParentCommand private @Nullable ConvLens parent;

  @Option(
      names = {"-i", "--input"},
      paramLabel = "SIZE",
      description =
          "The given size: N for all axes, HxW, or CxHxW for a network; L or DxHxW in place of"
              + " HxW for layers of one or three axes.")
  private @Nullable String input;

  @Option(
      names = "--output",
      paramLabel = "HxW",
      description = "The wanted size: N for all axes, HxW, or DxHxW for volumes.")
  private @Nullable String output;

  @Option(names = "-o", hidden = true, description = "What --output is.")
  private @Nullable String oldOutput;

  @Mixin private NetOptions net = new NetOptions();

  @Option(names = "--smallest", description = "The smallest input that the network takes.")
  private boolean smallest;

  @Option(
      names = "--features",
      description = "The in_features of the first Linear for --input, and of one at the end.")
  private boolean features;

  @Option(names = "--same", description = "Compare the meanings of 'same' padding.")
  private boolean same;

  @Option(
      names = "--kernel",
      paramLabel = "HxW",
      description = "The kernel that the answers shall have, N or HxW; of --same, N.")
  private @Nullable String kernel;

  @Option(
      names = "--stride",
      paramLabel = "HxW",
      description = "The stride that they shall have; of --same (default there: 1).")
  private @Nullable String stride;

  @Option(
      names = "--padding",
      paramLabel = "HxW",
      description = "The padding per side that they shall have.")
  private @Nullable String padding;

  @Option(
      names = "--dilation",
      paramLabel = "HxW",
      description = "The dilation that they shall have.")
  private @Nullable String dilation;

  @Option(
      names = "--kind",
      paramLabel = "KIND",
      converter = KindName.class,
      completionCandidates = KindName.class,
      defaultValue = "conv",
      description = "One of ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private Kind kind = Kind.CONV;

  @Option(
      names = "--top",
      paramLabel = "N",
      defaultValue = "10",
      description =
          "How many answers to print, the usual ones first; 0: all (default: ${DEFAULT-VALUE}).")
  private int top;

  @Option(
      names = "--max-kernel",
      paramLabel = "N",
      defaultValue = "64",
      description = "Largest kernel to look at (default: ${DEFAULT-VALUE}).")
  private long maxKernel;

  @Option(
      names = "--max-stride",
      paramLabel = "N",
      defaultValue = "32",
      description = "Largest stride to look at (default: ${DEFAULT-VALUE}).")
  private long maxStride;

  @Option(
      names = "--max-padding",
      paramLabel = "N",
      defaultValue = "32",
      description = "Largest padding to look at (default: ${DEFAULT-VALUE}).")
  private long maxPadding;

  @Option(
      names = "--max-dilation",
      paramLabel = "N",
      defaultValue = "4",
      description = "Largest dilation to look at (default: ${DEFAULT-VALUE}).")
  private long maxDilation;

  @Option(
      names = "--max-input",
      paramLabel = "N",
      defaultValue = "4096",
      description =
          "The largest input to look at, for --output of a network (default: ${DEFAULT-VALUE}).")
  private long maxInput;

  @Mixin private FormatOption format = new FormatOption();

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
      super(Kind.class, "a kind");
    }
  }

  @Override
  public Integer call() throws IOException {
    if (top < 0) {
      throw new RequestException("option --top: it must not be negative, here it is " + top + ".");
    }
    SolveForm form =
        format.isJson()
            ? new SolveJson(new JsonAnswer(spec.commandLine()))
            : new SolveText(spec.commandLine().getOut());
    takeOldOutput();
    if (same) {
      same(form);
    } else if (net.isGiven()) {
      network(form);
    } else {
      windows(form);
    }
    return CommandLine.ExitCode.OK;
  }

  /** {@code -o} is a file in all other commands. */
  private void takeOldOutput() {
    if (oldOutput == null) {
      return;
    }
    if (output != null) {
      throw new RequestException("option -o: it is --output, which is given, too. Leave -o out.");
    }
    spec.commandLine()
        .getErr()
        .println(
            "note: option -o: it is deprecated here, as -o is --out FILE in other commands. Write"
                + " --output "
                + oldOutput
                + ".");
    output = oldOutput;
  }

  private void same(SolveForm form) throws IOException {
    net.rejectBeside("--same");
    net.rejectReading();
    Idle.reject(
        spec,
        "--same has no use for it; it takes --input, --kernel and --stride.",
        "--output",
        "-o",
        "--smallest",
        "--features",
        "--padding",
        "--dilation",
        "--max-input");
    Idle.reject(spec, "--same has no use for it; it takes --input, --kernel and --stride.", SEARCH);
    long kernels = side("--kernel", required(kernel, "--kernel"));
    long strides = stride == null ? 1 : side("--stride", stride);
    long size = side("--input", required(input, "--input"));
    form.same(kernels, strides, size, SamePadding.compare(kernels, strides, size));
  }

  private void windows(SolveForm form) throws IOException {
    net.rejectReading();
    Idle.reject(
        spec,
        "it is about a network, and none is given.",
        "--smallest",
        "--features",
        "--max-input");
    Size from = Sizes.of("--input", required(input, "--input"));
    Size to = Sizes.of("--output", required(output, "--output"));
    Bounds bounds = new Bounds(maxKernel, maxStride, maxDilation, maxPadding);
    List<Bounds> axes = new ArrayList<>(Collections.nCopies(from.axes().size(), bounds));
    give(axes, NoSolution.Bound.KERNEL, kernel);
    give(axes, NoSolution.Bound.STRIDE, stride);
    give(axes, NoSolution.Bound.PADDING, padding);
    give(axes, NoSolution.Bound.DILATION, dilation);
    Solutions solutions = Solver.solve(kind.window, from, to, axes).orThrow();
    boolean alike = axes.stream().distinct().count() == 1;
    form.windows(kind.toString(), from, to, solutions, alike, top);
  }

  /** Narrows a bound of each axis to the number that is given for it. */
  private void give(List<Bounds> axes, NoSolution.Bound bound, @Nullable String text) {
    if (text == null) {
      return;
    }
    Idle.reject(spec, "--" + bound + " says the number.", "--max-" + bound);
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
    if (output != null) {
      questions.add("--output");
    }
    if (smallest) {
      questions.add("--smallest");
    }
    if (features) {
      questions.add("--features");
    }
    if (questions.size() != 1) {
      throw new RequestException(
          "a network takes one question: --output HxW, --smallest or --features"
              + (questions.isEmpty() ? "." : ", not " + String.join(" and ", questions) + "."));
    }
    Idle.reject(spec, "it is about single windows, and a network is given.", SEARCH);
    Idle.reject(
        spec,
        "it is about single windows, and a network is given.",
        "--kernel",
        "--stride",
        "--padding",
        "--dilation");
    if (output == null) {
      Idle.reject(spec, "it goes with --output.", "--max-input");
    }
    PrintWriter err = spec.commandLine().getErr();
    NetOptions.Chosen chosen = net.read(ConvLens.in(parent));
    if (chosen.program().isPresent() && !features) {
      Idle.reject(spec, "batch and channels are those of the program.", "--input");
    }
    int axes =
        Axis.in(
                chosen
                    .program()
                    .map(ProgramNet::only)
                    .orElseGet(() -> InputSize.anyFor(chosen.graph())))
            .size();
    InputSize size = input == null ? null : networkInput(input, axes);
    List<InputSize> sizes = size == null ? List.of() : List.of(size);
    Shape like = features ? chosen.on(sizes).inputs().get(0) : chosen.like(size);
    if (!features && input != null) {
      rejectSizeAlone(chosen, like);
    }
    Graph graph =
        chosen
            .program()
            .map(program -> chosen.graph().with(program.ofOtherSizes()))
            .orElse(chosen.graph());
    SolveAnswers answers = new SolveAnswers(graph, like, form, note -> net.tell(note, err));
    if (!features && axes == 0) {
      throw new RequestException(
          "the program's input is "
              + ShapeText.listed(like)
              + ", which has no height and width to be found. Ask for --features.");
    }
    if (output != null) {
      answers.inputs(
          Sizes.of("--output", output, axes),
          maxInput,
          inputs ->
              chosen
                  .program()
                  .map(program -> program.within(inputs, like, maxInput))
                  .orElse(inputs));
    } else if (smallest) {
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
    boolean sizeAlone =
        networkInput(String.valueOf(input), like.dimension() - 2).channels().isEmpty();
    if (sizeAlone && unsaid.dimension() == like.dimension()) {
      Idle.reject(
          spec,
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

  private static <T> T required(@Nullable T value, String option) {
    if (value == null) {
      throw new RequestException("option " + option + " is missing. See convlens solve --help.");
    }
    return value;
  }
}

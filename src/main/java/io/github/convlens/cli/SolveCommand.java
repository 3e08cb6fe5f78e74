package io.github.convlens.cli;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.Axis;
import io.github.convlens.layer.Size;
import io.github.convlens.notation.InputSize;
import io.github.convlens.plan.Bounds;
import io.github.convlens.plan.WindowKind;
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
      "Which windows make a wanted size of a given one; which inputs a network needs for a wanted map,"
          + " or at least; the in_features of its Linear; what 'same' padding means to whom."
    },
    parameterListHeading = "%n",
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  convlens solve --input 224 --output 56",
      "  convlens solve --input 640x480 --output 160x120 --top 3",
      "  convlens solve --input 3 --output 6 --kind transposed",
      "  convlens solve --net resnet18 --output 7x7",
      "  convlens solve --net alexnet --smallest",
      "  convlens solve --net lenet --features --input 32x32",
      "  convlens solve --same --kernel 4 --stride 2 --input 7"
    })
final class SolveCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @ParentCommand private @Nullable ConvLens parent;

  @Option(
      names = {"-i", "--input"},
      paramLabel = "SIZE",
      description = {
        "The given size: N for all axes, HxW, or CxHxW for a network;",
        "L or DxHxW in place of HxW for layers of one or three axes."
      })
  private @Nullable String input;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "HxW",
      description = "The wanted size: N for all axes, HxW, or DxHxW for volumes.")
  private @Nullable String output;

  @Mixin private NetOptions net = new NetOptions();

  @Option(names = "--smallest", description = "The smallest input that the network takes.")
  private boolean smallest;

  @Option(
      names = "--features",
      description = "The in_features of the first Linear for --input, and of one at the end.")
  private boolean features;

  @Option(names = "--same", description = "Compare the meanings of 'same' padding.")
  private boolean same;

  @Option(names = "--kernel", paramLabel = "N", description = "The kernel, for --same.")
  private @Nullable Long kernel;

  @Option(
      names = "--stride",
      paramLabel = "N",
      defaultValue = "1",
      description = "The stride, for --same (default: ${DEFAULT-VALUE}).")
  private long stride;

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
      defaultValue = "31",
      description = "Largest kernel to look at (default: ${DEFAULT-VALUE}).")
  private long maxKernel;

  @Option(
      names = "--max-stride",
      paramLabel = "N",
      defaultValue = "8",
      description = "Largest stride to look at (default: ${DEFAULT-VALUE}).")
  private long maxStride;

  @Option(
      names = "--max-padding",
      paramLabel = "N",
      defaultValue = "15",
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
      description = "The largest input to look at, for a network (default: ${DEFAULT-VALUE}).")
  private long maxInput;

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
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    if (top < 0) {
      throw new RequestException("option --top: it must not be negative, here it is " + top + ".");
    }
    if (same) {
      net.rejectBeside("--same");
      net.rejectReading();
      SolveAnswers.same(required(kernel, "--kernel"), stride, side("--same"), out);
    } else if (net.isGiven()) {
      network(out);
    } else {
      net.rejectReading();
      Bounds bounds = new Bounds(maxKernel, maxStride, maxDilation, maxPadding);
      Size from = Sizes.of("--input", required(input, "--input"));
      Size to = Sizes.of("--output", required(output, "--output"));
      SolveAnswers.windows(kind.window, from, to, bounds, top, out);
    }
    return CommandLine.ExitCode.OK;
  }

  private void network(PrintWriter out) {
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
    PrintWriter err = spec.commandLine().getErr();
    NetOptions.Chosen chosen = net.read(ConvLens.in(parent));
    int axes = Axis.in(InputSize.anyFor(chosen.graph())).size();
    InputSize size = input == null ? null : networkInput(input, axes);
    Shape like = features ? chosen.inputOr(size).shapeFor(chosen.graph()) : chosen.like(size);
    SolveAnswers answers = new SolveAnswers(chosen.graph(), like, out, note -> net.tell(note, err));
    if (output != null) {
      answers.inputs(Sizes.of("--output", output, axes), maxInput);
    } else if (smallest) {
      answers.smallest();
    } else {
      answers.features();
    }
  }

  /** {@code 32} stands for {@code 32x32}, or for what there is of axes. */
  private static InputSize networkInput(String text, int axes) {
    boolean all = text.matches("\\d+") && axes > 0;
    return InputSize.parse(all ? String.join("x", Collections.nCopies(axes, text)) : text);
  }

  private long side(String question) {
    Size size = Sizes.of("--input", required(input, "--input"));
    if (!size.isSquare()) {
      throw new RequestException(question + " is about one axis. Use --input N.");
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

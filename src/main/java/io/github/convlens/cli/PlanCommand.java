package io.github.convlens.cli;

import com.google.gson.stream.JsonWriter;
import io.github.convlens.layer.Size;
import io.github.convlens.layer.internal.ShapeText;
import io.github.convlens.plan.Plan;
import io.github.convlens.trace.ReceptiveField;
import io.github.convlens.trace.Row;
import io.github.convlens.trace.Trace;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code convlens plan}: a network that has the wished properties. */
@Command(
    name = "plan",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Design a stack of convolutions with so many layers, some of which halve the size,"
          + " without an engine.",
      "The network goes to standard output in PyTorch's notation, its totals to standard"
          + " error, so that it can be piped into trace, code or run."
    },
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  convlens plan --input 224 --layers 100 --halvings 5",
      "  convlens plan --input 224 --layers 8 --final 7 --double | convlens trace --input"
          + " 3x224x224 -"
    })
final class PlanCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = {"-i", "--input"},
      required = true,
      converter = Sizes.class,
      paramLabel = "HxW",
      description = "Rows and columns of the picture: N or HxW.")
  private Size input = Size.ONE;

  @Option(
      names = "--layers",
      required = true,
      paramLabel = "N",
      description = "How many convolutions.")
  private long layers;

  @Option(
      names = "--halvings",
      paramLabel = "N",
      description = "How many have stride 2, spread evenly (default: 0).")
  private @Nullable Long halvings;

  @Option(
      names = "--final",
      converter = Sizes.class,
      paramLabel = "HxW",
      description = "The wanted size of the last map, instead of --halvings.")
  private @Nullable Size finalSize;

  @Option(
      names = "--kernel",
      paramLabel = "N",
      description = "Kernel of the layers, odd (default: 3).")
  private @Nullable Long kernel;

  @Option(
      names = "--first-kernel",
      paramLabel = "N",
      description = "Kernel of the first layer, odd (default: that of all layers).")
  private @Nullable Long firstKernel;

  @Option(
      names = "--channels",
      paramLabel = "N",
      defaultValue = "64",
      description = "Channels of the first layer (default: ${DEFAULT-VALUE}).")
  private long channels;

  @Option(
      names = "--input-channels",
      paramLabel = "N",
      defaultValue = "3",
      description = "Channels of the picture (default: ${DEFAULT-VALUE}).")
  private long inputChannels;

  @Option(names = "--double", description = "Double the channels at each halving.")
  private boolean doubling;

  @Option(names = "--relu", description = "Put a ReLU behind each convolution.")
  private boolean relu;

  @Mixin private FormatOption format = new FormatOption();

  @Override
  public Integer call() throws IOException {
    if (layers == 1 && firstKernel != null) {
      Idle.reject(spec, "the only layer has the kernel of --first-kernel.", "--kernel");
    }
    Plan plan = plan();
    if (doubling && plan.strides().positions().stream().allMatch(layer -> layer == 1)) {
      throw new RequestException(
          "option --double: it doubles the channels where a layer behind the first halves the size,"
              + " and none does. Use --halvings or --final, or leave it out.");
    }
    Trace trace = plan.trace();
    if (format.isJson()) {
      new JsonAnswer(spec.commandLine()).print(json -> write(json, plan, trace));
      return CommandLine.ExitCode.OK;
    }
    PrintWriter out = spec.commandLine().getOut();
    out.println(plan.network());
    out.flush();
    print(plan, trace, spec.commandLine().getErr());
    return CommandLine.ExitCode.OK;
  }

  private Plan plan() {
    long kernels = kernel == null ? 3 : kernel;
    return Plan.of(input, layers, wantedHalvings())
        .withKernels(new Plan.Kernels(firstKernel == null ? kernels : firstKernel, kernels))
        .withChannels(
            new Plan.Channels(
                inputChannels, channels, doubling ? Plan.Growth.DOUBLING : Plan.Growth.CONSTANT))
        .withActivations(relu ? Plan.Activations.RELU : Plan.Activations.NONE);
  }

  private long wantedHalvings() {
    if (finalSize == null) {
      return halvings == null ? 0 : halvings;
    }
    if (halvings != null) {
      throw new RequestException("give either --halvings or --final, not both.");
    }
    return Plan.halvings(input, finalSize);
  }

  private static void print(Plan plan, Trace trace, PrintWriter err) {
    String halving =
        plan.strides().positions().stream().map(String::valueOf).collect(Collectors.joining(", "));
    err.printf(
        Locale.ROOT,
        "note: %d convolutions, %s to %s; stride 2 in layers %s%n",
        plan.strides().layers(),
        ShapeText.crossed(plan.input()),
        ShapeText.crossed(trace.output().slice(2)),
        halving.isEmpty() ? "none" : halving);
    List<Row> rows = trace.rows();
    err.printf(
        Locale.ROOT,
        "note: receptive field %d, %,d multiply-adds, %,d parameters%n",
        rows.get(rows.size() - 1).receptiveField().fields().get(0).size(),
        trace.totals().cost(),
        trace.totals().parameters());
  }

  private static void write(JsonWriter json, Plan plan, Trace trace) throws IOException {
    List<Row> rows = trace.rows();
    json.name("notation").value(plan.network().toString());
    JsonAnswer.size(json, "input", plan.input());
    JsonAnswer.numbers(json, "output", LongStream.of(trace.output().slice(2).getShape()));
    json.name("convolutions").value(plan.strides().layers());
    JsonAnswer.numbers(
        json, "halvings", plan.strides().positions().stream().mapToLong(Long::longValue));
    json.name("receptiveField").beginObject();
    JsonAnswer.numbers(
        json,
        "size",
        rows.get(rows.size() - 1).receptiveField().fields().stream()
            .mapToLong(ReceptiveField.OnAxis::size));
    json.endObject().name("parameters").value(trace.totals().parameters());
    json.name("macs").value(trace.totals().cost());
  }
}

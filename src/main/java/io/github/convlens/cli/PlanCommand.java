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
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import picocli.CommandLine;

/** {@code convlens plan}: a network that has the wished properties. */
final class PlanCommand extends Subcommand {
  private final Argument<Size> input =
      Argument.option("-i", "--input")
          .required()
          .says("Rows and columns of the picture: N or HxW.")
          .read("HxW", Size.class, new Sizes());

  private final Argument<Long> layers =
      Argument.option("--layers").required().says("How many convolutions.").number();

  private final Argument<Long> halvings =
      Argument.option("--halvings")
          .says("How many have stride 2, spread evenly (default: 0).")
          .number();

  private final Argument<Size> finalSize =
      Argument.option("--final")
          .says("The wanted size of the last map, instead of --halvings.")
          .read("HxW", Size.class, new Sizes());

  private final Argument<Long> kernel =
      Argument.option("--kernel").says("Kernel of the layers, odd (default: 3).").number();

  private final Argument<Long> firstKernel =
      Argument.option("--first-kernel")
          .says("Kernel of the first layer, odd (default: that of all layers).")
          .number();

  private final Argument<Long> channels =
      Argument.option("--channels")
          .byDefault("64")
          .says("Channels of the first layer (default: ${DEFAULT-VALUE}).")
          .number();

  private final Argument<Long> inputChannels =
      Argument.option("--input-channels")
          .byDefault("3")
          .says("Channels of the picture (default: ${DEFAULT-VALUE}).")
          .number();

  private final Argument<Boolean> doubling =
      Argument.option("--double").says("Double the channels at each halving.").flag();

  private final Argument<Boolean> relu =
      Argument.option("--relu").says("Put a ReLU behind each convolution.").flag();

  private final FormatOption format = new FormatOption();

  PlanCommand() {
    super(
        "plan",
        "Design a stack of convolutions with so many layers, some of which halve the size,"
            + " without an engine.",
        "The network goes to standard output in PyTorch's notation, its totals to standard"
            + " error, so that it can be piped into trace, code or run.");
    takes(
        input,
        layers,
        halvings,
        finalSize,
        kernel,
        firstKernel,
        channels,
        inputChannels,
        doubling,
        relu,
        format);
    examples(
        "  convlens plan --input 224 --layers 100 --halvings 5",
        "  convlens plan --input 224 --layers 8 --final 7 --double | convlens trace --input"
            + " 3x224x224 -");
  }

  @Override
  public Integer call() throws IOException {
    if (layers.value() == 1 && firstKernel.hasValue()) {
      Idle.reject(spec(), "the only layer has the kernel of --first-kernel.", "--kernel");
    }
    Plan plan = plan();
    if (doubling.value() && plan.strides().positions().stream().allMatch(layer -> layer == 1)) {
      throw new RequestException(
          "option --double: it doubles the channels where a layer behind the first halves the size,"
              + " and none does. Use --halvings or --final, or leave it out.");
    }
    Trace trace = plan.trace();
    if (format.isJson()) {
      new JsonAnswer(spec().commandLine()).print(json -> write(json, plan, trace));
      return CommandLine.ExitCode.OK;
    }
    PrintWriter out = out();
    out.println(plan.network());
    out.flush();
    print(plan, trace, err());
    return CommandLine.ExitCode.OK;
  }

  private Plan plan() {
    long kernels = kernel.orElse(3L);
    return Plan.of(input.value(), layers.value(), wantedHalvings())
        .withKernels(new Plan.Kernels(firstKernel.orElse(kernels), kernels))
        .withChannels(
            new Plan.Channels(
                inputChannels.value(),
                channels.value(),
                doubling.value() ? Plan.Growth.DOUBLING : Plan.Growth.CONSTANT))
        .withActivations(relu.value() ? Plan.Activations.RELU : Plan.Activations.NONE);
  }

  private long wantedHalvings() {
    if (!finalSize.hasValue()) {
      return halvings.orElse(0L);
    }
    if (halvings.hasValue()) {
      throw new RequestException("give either --halvings or --final, not both.");
    }
    return Plan.halvings(input.value(), finalSize.value());
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

package io.github.convlens.cli;

import io.github.convlens.layer.ShapeText;
import io.github.convlens.layer.Size;
import io.github.convlens.plan.Plan;
import io.github.convlens.plan.PlanRequest;
import io.github.convlens.plan.Planner;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
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
      "Design a stack of convolutions with so many layers, halved so often, seeing so much, costing no"
          + " more than that, without an engine.",
      "The network goes to standard output in PyTorch's notation, its totals to standard error, so that"
          + " it can be piped into trace, code or run."
    },
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  convlens plan --input 224 --layers 100 --halvings 5",
      "  convlens plan --input 224 --receptive-field 224 --max-macs 2G",
      "  convlens plan --input 224 --layers 8 --final 7 --double | convlens trace --input 3x224x224 -"
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
      paramLabel = "N",
      description = "How many convolutions (without: the cheapest stack for --receptive-field).")
  private @Nullable Long layers;

  @Option(names = "--halvings", paramLabel = "N", description = "How many have stride 2.")
  private @Nullable Long halvings;

  @Option(
      names = "--final",
      converter = Sizes.class,
      paramLabel = "HxW",
      description = "The wanted size of the last map.")
  private @Nullable Size finalSize;

  @Option(
      names = "--kernel",
      paramLabel = "N",
      description = "Kernel of the layers, odd (default: 3; 3 or 5 for the cheapest stack).")
  private @Nullable Long kernel;

  @Option(names = "--first-kernel", paramLabel = "N", description = "Kernel of the first layer.")
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

  @Option(
      names = "--receptive-field",
      paramLabel = "N",
      description = "How much of the picture the last map's positions see at least.")
  private @Nullable Long receptiveField;

  @Option(
      names = "--max-macs",
      converter = Quantity.class,
      paramLabel = "N",
      description = "The most multiply-adds: a number, or 500k, 300M, 2G, 1T.")
  private @Nullable Long maxMacs;

  @Option(
      names = "--max-parameters",
      converter = Quantity.class,
      paramLabel = "N",
      description = "The most parameters.")
  private @Nullable Long maxParameters;

  @Option(names = "--relu", description = "Put a ReLU behind each convolution.")
  private boolean relu;

  @Override
  public Integer call() {
    Plan plan = Planner.plan(request());
    PrintWriter out = spec.commandLine().getOut();
    out.println(plan.network());
    out.flush();
    print(plan, spec.commandLine().getErr());
    return CommandLine.ExitCode.OK;
  }

  private PlanRequest request() {
    return new PlanRequest(
        input,
        optional(layers),
        optional(halvings),
        Optional.ofNullable(finalSize),
        new PlanRequest.Kernels(optional(firstKernel), optional(kernel)),
        new PlanRequest.Channels(
            inputChannels,
            channels,
            doubling ? PlanRequest.Growth.DOUBLING : PlanRequest.Growth.CONSTANT),
        new PlanRequest.Limits(optional(maxMacs), optional(maxParameters)),
        optional(receptiveField),
        relu ? PlanRequest.Activations.RELU : PlanRequest.Activations.NONE);
  }

  private static void print(Plan plan, PrintWriter err) {
    String halving =
        plan.layers().stream()
            .filter(Plan.Layer::halves)
            .map(layer -> Integer.toString(layer.number()))
            .collect(Collectors.joining(", "));
    err.printf(
        Locale.ROOT,
        "note: %d convolutions, %s to %s; stride 2 in layers %s%n",
        plan.layers().size(),
        ShapeText.crossed(plan.request().input()),
        ShapeText.crossed(plan.finalSize()),
        halving.isEmpty() ? "none" : halving);
    err.printf(
        Locale.ROOT,
        "note: receptive field %d, %,d multiply-adds, %,d parameters%n",
        plan.receptiveField(),
        plan.macs(),
        plan.parameters());
  }

  private static OptionalLong optional(@Nullable Long value) {
    return value == null ? OptionalLong.empty() : OptionalLong.of(value);
  }
}

package io.github.convlens.cli;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.Convention;
import io.github.convlens.layer.internal.ShapeText;
import io.github.convlens.notation.Presets;
import io.github.convlens.notation.PyTorch;
import io.github.convlens.trace.Totals;
import io.github.convlens.trace.Trace;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code convlens nets}: the networks that {@code --net} knows by name. */
@Command(
    name = "nets",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "List the networks that --net knows by name: input, parameters, multiply-adds.",
      "With a NAME, print that network in PyTorch's notation, to be changed and used as a file, which",
      "then needs --input."
    },
    parameterListHeading = "%n",
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  convlens nets",
      "  convlens nets lenet > mine.txt",
      "  convlens trace --net mine.txt --input 28x28"
    })
final class NetsCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(arity = "0..1", paramLabel = "NAME", description = "The network to print.")
  private @Nullable String name;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    if (name != null) {
      if (!Presets.names().contains(name)) {
        throw new RequestException(
            "there is no network '" + name + "'. Use " + String.join(", ", Presets.names()) + ".");
      }
      out.print(Presets.text(name));
      return CommandLine.ExitCode.OK;
    }
    out.printf("%-15s  %-13s  %13s  %15s%n", "name", "input", "parameters", "MACs");
    for (String net : Presets.names()) {
      Shape input = Presets.input(net);
      Totals totals =
          Trace.of(PyTorch.parse(Presets.text(net)), input, Convention.TORCHVISION).totals();
      out.printf(
          Locale.ROOT,
          "%-15s  %-13s  %,13d  %,15d%n",
          net,
          ShapeText.crossed(input),
          totals.parameters(),
          totals.cost());
    }
    return CommandLine.ExitCode.OK;
  }
}

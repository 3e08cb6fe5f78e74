package io.github.convlens.cli;

import com.google.gson.stream.JsonWriter;
import io.github.convlens.graph.Graph;
import io.github.convlens.layer.Convention;
import io.github.convlens.layer.internal.ShapeText;
import io.github.convlens.notation.Presets;
import io.github.convlens.notation.PyTorch;
import io.github.convlens.trace.Totals;
import io.github.convlens.trace.Trace;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** {@code convlens nets}: the networks that {@code --net} knows by name. */
final class NetsCommand extends Subcommand {
  private final Argument<String> name =
      Argument.parameter("NAME", () -> Presets.names().iterator(), "The network to print.");

  private final FormatOption format = new FormatOption();

  NetsCommand() {
    super(
        "nets",
        "List the networks that --net knows by name: input, parameters, multiply-adds.",
        "With a NAME, print that network in PyTorch's notation, to be changed and used as a"
            + " file, which then needs --input.");
    takes(name, format);
    examples(
        "  convlens nets",
        "  convlens nets lenet > mine.txt",
        "  convlens trace --net mine.txt --input 28x28");
  }

  @Override
  public Integer call() throws IOException {
    if (name.hasValue() && !Presets.names().contains(name.value())) {
      throw new RequestException(
          "there is no network '"
              + name.value()
              + "'. "
              + Presets.nearest(name.value())
                  .map(preset -> "Did you mean " + preset + "? ")
                  .orElse("")
              + "Use "
              + String.join(", ", Presets.names())
              + ".");
    }
    PrintWriter out = out();
    if (format.isJson()) {
      new JsonAnswer(spec().commandLine()).print(json -> write(json, name.orNull()));
    } else if (name.hasValue()) {
      out.print(Presets.text(name.value()));
    } else {
      table(out);
    }
    return CommandLine.ExitCode.OK;
  }

  private static Totals totals(String net) {
    Graph network = PyTorch.parse(Presets.text(net));
    return Trace.of(network, Presets.input(net), Convention.TORCHVISION).totals();
  }

  private static void table(PrintWriter out) {
    out.printf("%-15s  %-13s  %13s  %15s%n", "name", "input", "parameters", "MACs");
    for (String net : Presets.names()) {
      Totals totals = totals(net);
      out.printf(
          Locale.ROOT,
          "%-15s  %-13s  %,13d  %,15d%n",
          net,
          ShapeText.crossed(Presets.input(net)),
          totals.parameters(),
          totals.cost());
    }
  }

  private static void write(JsonWriter json, @Nullable String name) throws IOException {
    if (name != null) {
      members(json, name);
      json.name("notation").value(Presets.text(name));
      return;
    }
    json.name("networks").beginArray();
    for (String net : Presets.names()) {
      json.beginObject();
      members(json, net);
      json.endObject();
    }
    json.endArray();
  }

  private static void members(JsonWriter json, String net) throws IOException {
    Totals totals = totals(net);
    json.name("name").value(net);
    JsonAnswer.numbers(json, "input", LongStream.of(Presets.input(net).getShape()));
    json.name("parameters").value(totals.parameters()).name("macs").value(totals.cost());
  }
}

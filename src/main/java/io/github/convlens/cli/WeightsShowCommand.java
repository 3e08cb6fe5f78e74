package io.github.convlens.cli;

import com.google.gson.stream.JsonWriter;
import io.github.convlens.layer.internal.Exact;
import io.github.convlens.layer.internal.Printable;
import io.github.convlens.program.StateDict;
import io.github.convlens.program.TensorType;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.LongStream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code convlens weights show}: names, types, shapes and bytes. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = "List the arrays of a file of weights: name, type, shape, bytes.",
    parameterListHeading = "%n",
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  convlens weights show model.pth",
      "  convlens weights show model.pt2 --format json"
    })
final class WeightsShowCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      paramLabel = "FILE",
      description = "A .safetensors, .npz, .pth or .pt2, told by its content.")
  private String file = "";

  @Mixin private FormatOption format = new FormatOption();

  @Override
  public Integer call() throws IOException {
    StateDict weights = StateDict.read(TextFile.path(file, ""));
    if (format.isJson()) {
      new JsonAnswer(spec.commandLine()).print(json -> write(json, weights));
    } else {
      print(weights, spec.commandLine().getOut());
    }
    return CommandLine.ExitCode.OK;
  }

  private static long elements(StateDict weights) {
    return weights.names().stream().mapToLong(weights::elements).reduce(0, Exact::add);
  }

  private static long bytes(StateDict weights) {
    return weights.names().stream().mapToLong(weights::bytes).reduce(0, Exact::add);
  }

  private static void print(StateDict weights, PrintWriter out) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("name", "type", "shape", "bytes"));
    for (String name : weights.names()) {
      TensorType type = weights.type(name).orElseThrow();
      rows.add(
          List.of(
              Printable.line(name),
              type.elements().torchName(),
              type.sizes().toString(),
              grouped(weights.bytes(name))));
    }
    int[] widths = new int[4];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], Printable.width(row.get(i)));
      }
    }
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length - 1; i++) {
        out.print(Printable.padded(row.get(i), widths[i] + 2));
      }
      out.println(" ".repeat(widths[3] - row.get(3).length()) + row.get(3));
    }
    out.println();
    out.println(
        "Total: "
            + grouped(weights.names().size())
            + (weights.names().size() == 1 ? " array, " : " arrays, ")
            + grouped(elements(weights))
            + " numbers, "
            + grouped(bytes(weights))
            + " bytes");
  }

  private static String grouped(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  private static void write(JsonWriter json, StateDict weights) throws IOException {
    json.name("arrays").beginArray();
    for (String name : weights.names()) {
      TensorType type = weights.type(name).orElseThrow();
      json.beginObject().name("name").value(name);
      json.name("type").value(type.elements().torchName());
      JsonAnswer.numbers(json, "shape", LongStream.of(type.shape(Map.of()).getShape()));
      json.name("bytes").value(weights.bytes(name)).endObject();
    }
    json.endArray().name("totals").beginObject();
    json.name("arrays").value(weights.names().size());
    json.name("elements").value(elements(weights)).name("bytes").value(bytes(weights));
    json.endObject();
  }
}

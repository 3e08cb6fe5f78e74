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
import java.util.stream.LongStream;
import picocli.CommandLine;

/** {@code convlens weights show}: names, types, shapes and bytes. */
final class WeightsShowCommand extends Subcommand {
  private final Argument<String> file =
      Argument.parameter(0, "FILE", "A .safetensors, .npz, .pth or .pt2, told by its content.");

  private final FormatOption format = new FormatOption();

  WeightsShowCommand() {
    super("show", "List the arrays of a file of weights: name, type, shape, bytes.");
    takes(file, format);
    examples(
        "  convlens weights show model.pth", "  convlens weights show model.pt2 --format json");
  }

  @Override
  public Integer call() throws IOException {
    StateDict weights = StateDict.read(TextFile.path(file.value(), ""));
    if (format.isJson()) {
      new JsonAnswer(spec().commandLine()).print(json -> write(json, weights));
    } else {
      print(weights, out());
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

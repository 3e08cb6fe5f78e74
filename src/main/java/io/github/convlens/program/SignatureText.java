package io.github.convlens.program;

import io.github.convlens.program.Program.Input;
import io.github.convlens.program.Program.Output;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The part of a printed program behind {@code Graph signature}: which input is which parameter. It
 * is a table since PyTorch 2.6, and Python's own text of the objects before.
 */
final class SignatureText {
  private final Map<String, Input> inputs = new LinkedHashMap<>();
  private final List<Output> outputs = new ArrayList<>();
  private final List<Program.Range> ranges = new ArrayList<>();
  private boolean complete;

  /** Adds a line. */
  void add(String line, long number) {
    if (line.contains("ExportGraphSignature(")) {
      old(line);
    } else if (line.startsWith("Range constraints:")) {
      complete = true;
      addRanges(line);
    } else if (line.indexOf(": ") > 0) {
      addRow(line);
    }
  }

  boolean isComplete() {
    return complete || !inputs.isEmpty();
  }

  /** The input of this name; one that no line tells is the user's. */
  Input input(String name) {
    Input known = inputs.get(name);
    return known == null ? new Input(Input.Kind.USER, name, Optional.empty()) : known;
  }

  /** The output at a place of {@code return}. */
  Output output(int place, Argument value) {
    Output known = place < outputs.size() ? outputs.get(place) : null;
    return known == null
        ? new Output(Output.Kind.USER, value, Optional.empty())
        : new Output(known.kind(), value, known.target());
  }

  List<Program.Range> ranges() {
    return ranges;
  }

  /** {@code p_c_weight: PARAMETER target='c.weight'}. */
  private void addRow(String line) {
    int colon = line.indexOf(": ");
    String name = line.substring(0, colon);
    String kind = line.substring(colon + 2);
    int end = kind.indexOf(' ');
    addKind(
        name,
        end < 0 ? kind : kind.substring(0, end),
        between(kind, "target='", "'"),
        kind.contains("persistent=False"));
  }

  private void addKind(String name, String kind, Optional<String> target, boolean unsaved) {
    switch (kind) {
      case "PARAMETER" -> put(name, Input.Kind.PARAMETER, target);
      case "BUFFER" -> put(name, unsaved ? Input.Kind.UNSAVED_BUFFER : Input.Kind.BUFFER, target);
      case "CONSTANT_TENSOR" -> put(name, Input.Kind.CONSTANT, target);
      case "USER_INPUT" -> put(name, Input.Kind.USER, Optional.empty());
      case "USER_OUTPUT" -> addOutput(Output.Kind.USER, name, target);
      case "BUFFER_MUTATION" -> addOutput(Output.Kind.BUFFER_MUTATION, name, target);
      case "USER_INPUT_MUTATION" -> addOutput(Output.Kind.INPUT_MUTATION, name, target);
      default ->
          throw new ProgramException(
              "the printed program has an input or output of the kind "
                  + kind
                  + ", which is not read: objects of C++, tokens, losses.\nExport the model without"
                  + " it.");
    }
  }

  private void put(String name, Input.Kind kind, Optional<String> target) {
    inputs.put(name, new Input(kind, name, target));
  }

  private void addOutput(Output.Kind kind, String name, Optional<String> target) {
    outputs.add(new Output(kind, new Argument.Reference(name), target));
  }

  /** {@code InputSpec(kind=<InputKind.PARAMETER: 2>, arg=TensorArgument(name='p'), target='c')}. */
  private void old(String line) {
    for (String start : List.of("InputSpec(", "OutputSpec(")) {
      for (int at = line.indexOf(start); at >= 0; ) {
        int next = line.indexOf(start, at + 1);
        String spec = next < 0 ? line.substring(at) : line.substring(at, next);
        String kind = between(spec, "Kind.", ":").orElse("?");
        addKind(
            between(spec, "name='", "'").orElse(""),
            kind,
            between(spec, "target='", "'"),
            spec.contains("persistent=False"));
        at = next;
      }
    }
  }

  /** {@code {s77: VR[1, 64], 2*s39: VR[8, 1024]}}. */
  private void addRanges(String line) {
    int at = line.indexOf('{') + 1;
    for (int range = line.indexOf(": VR[", at); range >= 0; range = line.indexOf(": VR[", at)) {
      int end = line.indexOf(']', range);
      if (end < 0) {
        return;
      }
      String expression = line.substring(at, range);
      String[] bounds = line.substring(range + ": VR[".length(), end).split(",", -1);
      ranges.add(
          new Program.Range(
              Dim.parse(expression.startsWith(",") ? expression.substring(1).strip() : expression),
              bound(bounds[0]),
              bound(bounds[bounds.length - 1])));
      at = end + 1;
    }
  }

  private static OptionalLong bound(String text) {
    try {
      return OptionalLong.of(Long.parseLong(text.strip()));
    } catch (NumberFormatException e) {
      return OptionalLong.empty(); // int_oo: there is none
    }
  }

  private static Optional<String> between(String text, String before, String after) {
    int from = text.indexOf(before);
    int to = from < 0 ? -1 : text.indexOf(after, from + before.length());
    return to < 0 ? Optional.empty() : Optional.of(text.substring(from + before.length(), to));
  }
}

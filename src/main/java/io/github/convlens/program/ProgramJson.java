package io.github.convlens.program;

import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.convlens.layer.ShapeException;
import io.github.convlens.program.Program.Input;
import io.github.convlens.program.Program.Output;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads the description of a program in a file, schema 5 to 8 of {@code torch._export.serde}. */
final class ProgramJson {
  private static final long NEWEST_SCHEMA = 8;

  /** What old files do not say: these are passed by their names. */
  private static final Set<String> BY_NAME =
      Set.of(
          "dtype",
          "layout",
          "device",
          "pin_memory",
          "memory_format",
          "approximate",
          "alpha",
          "value",
          "correction",
          "rounding_mode",
          "scale",
          "enable_gqa",
          "generator");

  private final String file;
  private final JsonObject json;
  private final Map<String, Value> values = new LinkedHashMap<>();
  private final Map<String, String> modules = new LinkedHashMap<>();

  /** The values that sizes had when the program was exported. */
  private final Map<Dim, Long> hints = new LinkedHashMap<>();

  /**
   * A description.
   *
   * @param file what messages call the file
   */
  ProgramJson(String file, JsonObject json) {
    this.file = file;
    this.json = json;
  }

  /**
   * The program.
   *
   * @throws ProgramException if something in it is missing or not known
   */
  Program program(Weights weights) {
    try {
      checkVersion();
      JsonObject module = json.getAsJsonObject("graph_module");
      JsonObject graph = module.getAsJsonObject("graph");
      JsonObject signature = module.getAsJsonObject("signature");
      List<Call> calls = new ArrayList<>();
      readGraph(graph, calls);
      Program program =
          new Program(
              Optional.ofNullable(json.get("torch_version")).map(JsonElement::getAsString),
              inputs(signature.getAsJsonArray("input_specs"), graph),
              calls,
              values,
              outputs(signature.getAsJsonArray("output_specs")),
              ranges(),
              exported(),
              modules,
              weights);
      return Checks.checked(file, program);
    } catch (NullPointerException
        | ClassCastException
        | IllegalStateException
        | UnsupportedOperationException
        | NumberFormatException e) {
      throw new ProgramException(
          file
              + ": its description of the program lacks something, or has it in another form than"
              + " PyTorch 2.1 to 2.13 write.\n"
              + Pt2File.SAVE_AGAIN,
          e);
    }
  }

  private void checkVersion() {
    JsonElement version = json.get("schema_version");
    long major =
        version != null && version.isJsonObject()
            ? version.getAsJsonObject().get("major").getAsLong()
            : -1;
    if (major < 4 || major > NEWEST_SCHEMA) {
      throw new ProgramException(
          file
              + " is written in "
              + (major < 0 ? "an unnamed version" : "version " + major)
              + " of the format; versions 4 to "
              + NEWEST_SCHEMA
              + " are known.\nExport it with PyTorch 2.3 to 2.13.");
    }
  }

  private void readGraph(JsonObject graph, List<Call> calls) {
    JsonObject tensors = graph.getAsJsonObject("tensor_values");
    for (String name : tensors.keySet()) {
      values.put(name, new Value.Tensor(name, tensorType(tensors.getAsJsonObject(name))));
    }
    for (String kind : List.of("sym_int_values", "sym_bool_values", "sym_float_values")) {
      JsonObject numbers = graph.getAsJsonObject(kind);
      if (numbers != null) {
        for (String name : numbers.keySet()) {
          values.put(name, new Value.Symbolic(name, dim(numbers.getAsJsonObject(name))));
        }
      }
    }
    for (JsonElement node : graph.getAsJsonArray("nodes")) {
      addCall(node.getAsJsonObject(), calls);
    }
  }

  private void addCall(JsonObject node, List<Call> calls) {
    String target = node.get("target").getAsString();
    if (Inlining.isWrapper(target)) {
      inline(node, calls);
      return;
    }
    Checks.checkOperator(file, Operators.name(target));
    List<Argument.Named> arguments = new ArrayList<>();
    for (JsonElement each : node.getAsJsonArray("inputs")) {
      arguments.add(named(each.getAsJsonObject()));
    }
    JsonArray outputs = node.getAsJsonArray("outputs");
    List<String> names = new ArrayList<>();
    outputs.forEach(output -> addNames(output.getAsJsonObject(), names));
    JsonObject metadata = node.getAsJsonObject("metadata");
    ModuleStack stack = ModuleStack.parse(metadata.get("nn_module_stack"));
    stack.modules().forEach(modules::putIfAbsent);
    JsonElement own = node.get("name");
    String name =
        (own != null && !own.isJsonNull())
            ? own.getAsString()
            : names.isEmpty() ? "" : names.get(0);
    calls.add(
        new Call(
            name,
            Operators.name(target),
            arguments,
            results(outputs),
            names,
            stack.path(),
            stack.type()));
  }

  /** A block that runs as it stands, but with a switch of Python's set around it. */
  private void inline(JsonObject node, List<Call> calls) {
    JsonArray given = node.getAsJsonArray("inputs");
    int graphAt = 0;
    while (!argument(given, graphAt).has("as_graph")) {
      graphAt++;
    }
    List<String> before = new ArrayList<>();
    for (int i = 0; i < graphAt; i++) {
      before.add(value(argument(given, i)).toString());
    }
    Inlining.check(file, node.get("target").getAsString(), before);
    JsonObject graph =
        argument(given, graphAt).getAsJsonObject("as_graph").getAsJsonObject("graph");
    List<Call> inside = new ArrayList<>();
    readGraph(graph, inside);
    Map<String, String> renamed = new LinkedHashMap<>();
    JsonArray parameters = graph.getAsJsonArray("inputs");
    for (int i = 0; i < parameters.size(); i++) {
      List<String> outer = new ArrayList<>();
      addNames(argument(given, graphAt + 1 + i), outer);
      List<String> inner = new ArrayList<>();
      addNames(parameters.get(i).getAsJsonObject(), inner);
      renamed.put(inner.get(0), outer.get(0));
    }
    List<String> results = new ArrayList<>();
    graph.getAsJsonArray("outputs").forEach(each -> addNames(each.getAsJsonObject(), results));
    List<String> names = new ArrayList<>();
    node.getAsJsonArray("outputs").forEach(each -> addNames(each.getAsJsonObject(), names));
    for (int i = 0; i < Math.min(results.size(), names.size()); i++) {
      renamed.putIfAbsent(results.get(i), names.get(i));
    }
    inside.forEach(call -> calls.add(Inlining.renamed(call, renamed)));
  }

  private static JsonObject argument(JsonArray given, int place) {
    return given.get(place).getAsJsonObject().getAsJsonObject("arg");
  }

  private Argument.Named named(JsonObject input) {
    String name = input.get("name").getAsString();
    JsonElement kind = input.get("kind");
    int told = kind == null || kind.isJsonNull() ? 0 : kind.getAsInt();
    boolean byName = told == 0 ? BY_NAME.contains(name) : told == 2;
    return new Argument.Named(
        name,
        value(input.getAsJsonObject("arg")),
        byName ? Argument.Passing.BY_NAME : Argument.Passing.BY_PLACE);
  }

  private static void addNames(JsonObject output, List<String> names) {
    String kind = output.keySet().iterator().next();
    JsonElement value = output.get(kind);
    switch (kind) {
      case "as_tensor" -> names.add(value.getAsJsonObject().get("name").getAsString());
      case "as_tensors" ->
          value
              .getAsJsonArray()
              .forEach(each -> names.add(each.getAsJsonObject().get("name").getAsString()));
      case "as_sym_int", "as_sym_bool", "as_sym_float" ->
          names.add(value.getAsJsonObject().get("as_name").getAsString());
      case "as_none" -> {}
      default -> throw new IllegalStateException("an output of the kind " + kind);
    }
  }

  private static Call.Results results(JsonArray outputs) {
    if (outputs.isEmpty() || outputs.get(0).getAsJsonObject().has("as_none")) {
      return Call.Results.NONE;
    }
    if (outputs.size() > 1) {
      return Call.Results.TUPLE;
    }
    return outputs.get(0).getAsJsonObject().has("as_tensors")
        ? Call.Results.LIST
        : Call.Results.ONE;
  }

  /** What stands behind {@code as_...}. */
  private Argument value(JsonObject argument) {
    String kind = argument.keySet().iterator().next();
    JsonElement value = argument.get(kind);
    return switch (kind) {
      case "as_none" -> Argument.NONE;
      case "as_tensor" -> new Argument.Reference(value.getAsJsonObject().get("name").getAsString());
      case "as_int" -> new Argument.Whole(whole(value));
      case "as_float" -> new Argument.Real(real(value));
      case "as_bool" -> new Argument.Truth(value.getAsBoolean());
      case "as_string" -> new Argument.Text(value.getAsString());
      case "as_scalar_type" -> new Argument.Type(elements(value.getAsInt()));
      case "as_memory_format" -> memoryFormat(value.getAsInt());
      case "as_layout" -> new Argument.Layout(value.getAsInt() == 7 ? "strided" : "sparse");
      case "as_device" -> device(value.getAsJsonObject());
      case "as_sym_int", "as_sym_bool", "as_sym_float", "as_optional_tensor" ->
          either(value.getAsJsonObject());
      case "as_tensors" ->
          items(
              value,
              each -> new Argument.Reference(each.getAsJsonObject().get("name").getAsString()));
      case "as_ints" -> items(value, each -> new Argument.Whole(whole(each)));
      case "as_floats" -> items(value, each -> new Argument.Real(real(each)));
      case "as_bools" -> items(value, each -> new Argument.Truth(each.getAsBoolean()));
      case "as_strings" -> items(value, each -> new Argument.Text(each.getAsString()));
      case "as_sym_ints", "as_sym_bools", "as_sym_floats", "as_optional_tensors" ->
          items(value, each -> either(each.getAsJsonObject()));
      default ->
          throw new ProgramException(
              file
                  + " has a call with an argument of the kind "
                  + kind.replaceFirst("^as_", "")
                  + ", which is not known here.\nRewrite that part of forward without it, and"
                  + " export the model again.");
    };
  }

  private static Argument items(JsonElement array, Function<JsonElement, Argument> of) {
    List<Argument> items = new ArrayList<>();
    array.getAsJsonArray().forEach(each -> items.add(of.apply(each)));
    return new Argument.Items(items);
  }

  /** {@code {"as_name": "sym_size"}}, {@code {"as_int": 10}}, {@code {"as_none": true}}. */
  private Argument either(JsonObject item) {
    return item.has("as_name")
        ? new Argument.Reference(item.get("as_name").getAsString())
        : value(item);
  }

  /** Gson would cut a number that is too large, or a fraction. */
  static long whole(JsonElement value) {
    return Long.parseLong(value.getAsString());
  }

  /** JSON has no infinity: PyTorch writes these in words. */
  private static double real(JsonElement value) {
    return switch (value.getAsString()) {
      case "Infinity", "inf" -> Double.POSITIVE_INFINITY;
      case "-Infinity", "-inf" -> Double.NEGATIVE_INFINITY;
      case "NaN", "nan" -> Double.NaN;
      default -> value.getAsDouble();
    };
  }

  private static Argument device(JsonObject device) {
    JsonElement index = device.get("index");
    return new Argument.Device(
        device.get("type").getAsString(),
        index == null || index.isJsonNull()
            ? OptionalInt.empty()
            : OptionalInt.of(index.getAsInt()));
  }

  private Argument memoryFormat(int number) {
    for (Argument.MemoryFormat format : Argument.MemoryFormat.values()) {
      if (format.numberInFile() == number) {
        return format;
      }
    }
    throw unknown("memory format", number);
  }

  private ScalarType elements(int number) {
    return ScalarType.ofFile(number).orElseThrow(() -> unknown("type of elements", number));
  }

  private ProgramException unknown(String what, int number) {
    return new ProgramException(
        file
            + " has a "
            + what
            + " of the number "
            + number
            + ", which PyTorch up to 2.13 does not write.\nExport it with PyTorch 2.13.");
  }

  /** The type of an array by what a file says about it. */
  TensorType tensorType(JsonObject meta) {
    List<Dim> sizes = new ArrayList<>();
    meta.getAsJsonArray("sizes").forEach(each -> sizes.add(dim(each.getAsJsonObject())));
    int layout = meta.get("layout").getAsInt();
    if (layout != 7) {
      throw new ProgramException(
          file + " has a sparse array, which is not read.\nMake it dense before the export.");
    }
    return new TensorType(elements(meta.get("dtype").getAsInt()), sizes);
  }

  private Dim dim(JsonObject size) {
    for (String number : List.of("as_int", "as_bool", "as_float")) {
      JsonElement value = size.get(number);
      if (value != null) {
        return number.equals("as_int")
            ? Dim.of(whole(value))
            : new Dim.Unknown(value.getAsString());
      }
    }
    JsonObject expression = size.getAsJsonObject("as_expr");
    Dim dim = Dim.parse(expression.get("expr_str").getAsString());
    if (expression.get("hint") instanceof JsonObject hint && hint.has("as_int")) {
      hints.put(dim, hint.get("as_int").getAsLong());
    }
    return dim;
  }

  /** What the hints say of the symbols; nothing where they contradict each other. */
  private Map<String, Long> exported() {
    try {
      return Symbols.of(
          List.of(new TensorType(ScalarType.FLOAT32, List.copyOf(hints.keySet()))),
          List.of(new Shape(hints.values().stream().mapToLong(Long::longValue).toArray())));
    } catch (ShapeException e) {
      return Map.of();
    }
  }

  private List<Input> inputs(JsonArray specs, JsonObject graph) {
    List<Input> inputs = new ArrayList<>();
    for (JsonElement each : specs) {
      JsonObject spec = each.getAsJsonObject();
      String kind = spec.keySet().iterator().next();
      JsonObject about = spec.getAsJsonObject(kind);
      switch (kind) {
        case "user_input" -> inputs.add(user(about.getAsJsonObject("arg")));
        case "parameter" -> inputs.add(parameter(about, graph.getAsJsonObject("tensor_values")));
        case "buffer" -> {
          JsonElement saved = about.get("persistent");
          boolean isSaved = saved == null || saved.isJsonNull() || saved.getAsBoolean();
          inputs.add(
              input(isSaved ? Input.Kind.BUFFER : Input.Kind.UNSAVED_BUFFER, about, "buffer_name"));
        }
        case "tensor_constant" ->
            inputs.add(input(Input.Kind.CONSTANT, about, "tensor_constant_name"));
        case "constant_input" ->
            inputs.add(
                new Input(Input.Kind.FIXED, about.get("name").getAsString(), Optional.empty()));
        default ->
            throw new ProgramException(
                file
                    + " has an input of the kind "
                    + kind
                    + ", which is not read: objects of C++ and tokens.\nExport the model without"
                    + " it.");
      }
    }
    return inputs;
  }

  private static Input parameter(JsonObject about, JsonObject tensors) {
    Input input = input(Input.Kind.PARAMETER, about, "parameter_name");
    JsonObject tensor = tensors.getAsJsonObject(input.name());
    JsonElement learns = tensor == null ? null : tensor.get("requires_grad");
    boolean isFrozen = learns != null && !learns.getAsBoolean();
    return new Input(input.kind(), input.name(), input.target(), isFrozen);
  }

  private static Input input(Input.Kind kind, JsonObject about, String target) {
    return new Input(
        kind,
        about.getAsJsonObject("arg").get("name").getAsString(),
        Optional.of(about.get(target).getAsString()));
  }

  private static Input user(JsonObject argument) {
    List<String> names = new ArrayList<>();
    String kind = argument.keySet().iterator().next();
    if (kind.equals("as_tensor") || kind.equals("as_sym_int")) {
      addNames(argument, names);
      return new Input(Input.Kind.USER, names.get(0), Optional.empty());
    }
    return new Input(Input.Kind.FIXED, kind, Optional.empty());
  }

  private List<Output> outputs(JsonArray specs) {
    List<Output> outputs = new ArrayList<>();
    for (JsonElement each : specs) {
      JsonObject spec = each.getAsJsonObject();
      String kind = spec.keySet().iterator().next();
      JsonObject about = spec.getAsJsonObject(kind);
      switch (kind) {
        case "user_output" ->
            outputs.add(
                new Output(
                    Output.Kind.USER, value(about.getAsJsonObject("arg")), Optional.empty()));
        case "buffer_mutation" ->
            outputs.add(mutation(Output.Kind.BUFFER_MUTATION, about, "buffer_name"));
        case "user_input_mutation" ->
            outputs.add(mutation(Output.Kind.INPUT_MUTATION, about, "user_input_name"));
        default ->
            throw new ProgramException(
                file
                    + " has an output of the kind "
                    + kind
                    + ": it was exported with its loss or for training.\n"
                    + Pt2File.SAVE_AGAIN);
      }
    }
    return outputs;
  }

  private static Output mutation(Output.Kind kind, JsonObject about, String target) {
    return new Output(
        kind,
        new Argument.Reference(about.getAsJsonObject("arg").get("name").getAsString()),
        Optional.of(about.get(target).getAsString()));
  }

  private List<Program.Range> ranges() {
    JsonObject all = json.getAsJsonObject("range_constraints");
    List<Program.Range> ranges = new ArrayList<>();
    for (String expression : all.keySet()) {
      JsonObject range = all.getAsJsonObject(expression);
      ranges.add(
          new Program.Range(
              Dim.parse(expression), bound(range.get("min_val")), bound(range.get("max_val"))));
    }
    return ranges;
  }

  private static OptionalLong bound(@Nullable JsonElement bound) {
    return bound == null || bound.isJsonNull()
        ? OptionalLong.empty()
        : OptionalLong.of(bound.getAsLong());
  }
}

package io.github.convlens.program;

import ai.djl.ndarray.types.Shape;
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
  private final Json json;
  private final Map<String, Value> values = new LinkedHashMap<>();
  private final Map<String, String> modules = new LinkedHashMap<>();

  /** The values that sizes had when the program was exported. */
  private final Map<Dim, Long> hints = new LinkedHashMap<>();

  /**
   * A description.
   *
   * @param file what messages call the file
   */
  ProgramJson(String file, Json json) {
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
      Json module = json.at("graph_module");
      Json graph = module.at("graph");
      Json signature = module.at("signature");
      List<Call> calls = new ArrayList<>();
      readGraph(graph, calls);
      Program program =
          new Program(
              Optional.ofNullable(json.find("torch_version")).map(Json::text),
              inputs(signature.at("input_specs"), graph),
              calls,
              values,
              outputs(signature.at("output_specs")),
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
    Json version = json.find("schema_version");
    long major = version != null && version.isObject() ? version.at("major").whole() : -1;
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

  private void readGraph(Json graph, List<Call> calls) {
    Json tensors = graph.at("tensor_values");
    for (String name : tensors.names()) {
      values.put(name, new Value.Tensor(name, tensorType(tensors.at(name))));
    }
    for (String kind : List.of("sym_int_values", "sym_bool_values", "sym_float_values")) {
      Json numbers = graph.find(kind);
      if (numbers != null) {
        for (String name : numbers.names()) {
          values.put(name, new Value.Symbolic(name, dim(numbers.at(name))));
        }
      }
    }
    for (Json node : graph.at("nodes")) {
      addCall(node, calls);
    }
  }

  private void addCall(Json node, List<Call> calls) {
    String target = node.at("target").text();
    if (Inlining.isWrapper(target)) {
      inline(node, calls);
      return;
    }
    Checks.checkOperator(file, Operators.name(target));
    List<Argument.Named> arguments = new ArrayList<>();
    for (Json each : node.at("inputs")) {
      arguments.add(named(each));
    }
    Json outputs = node.at("outputs");
    List<String> names = new ArrayList<>();
    outputs.forEach(output -> addNames(output, names));
    Json metadata = node.at("metadata");
    ModuleStack stack = ModuleStack.parse(metadata.find("nn_module_stack"));
    stack.modules().forEach(modules::putIfAbsent);
    Json own = node.find("name");
    String name = own != null ? own.text() : names.isEmpty() ? "" : names.get(0);
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
  private void inline(Json node, List<Call> calls) {
    Json given = node.at("inputs");
    int graphAt = 0;
    while (!argument(given, graphAt).has("as_graph")) {
      graphAt++;
    }
    List<String> before = new ArrayList<>();
    for (int i = 0; i < graphAt; i++) {
      before.add(value(argument(given, i)).toString());
    }
    Inlining.check(file, node.at("target").text(), before);
    Json graph = argument(given, graphAt).at("as_graph").at("graph");
    List<Call> inside = new ArrayList<>();
    readGraph(graph, inside);
    Map<String, String> renamed = new LinkedHashMap<>();
    Json parameters = graph.at("inputs");
    for (int i = 0; i < parameters.size(); i++) {
      List<String> outer = new ArrayList<>();
      addNames(argument(given, graphAt + 1 + i), outer);
      List<String> inner = new ArrayList<>();
      addNames(parameters.at(i), inner);
      renamed.put(inner.get(0), outer.get(0));
    }
    List<String> results = new ArrayList<>();
    graph.at("outputs").forEach(each -> addNames(each, results));
    List<String> names = new ArrayList<>();
    node.at("outputs").forEach(each -> addNames(each, names));
    for (int i = 0; i < Math.min(results.size(), names.size()); i++) {
      renamed.putIfAbsent(results.get(i), names.get(i));
    }
    inside.forEach(call -> calls.add(Inlining.renamed(call, renamed)));
  }

  private static Json argument(Json given, int place) {
    return given.at(place).at("arg");
  }

  private Argument.Named named(Json input) {
    String name = input.at("name").text();
    Json kind = input.find("kind");
    long told = kind == null ? 0 : kind.whole();
    boolean byName = told == 0 ? BY_NAME.contains(name) : told == 2;
    return new Argument.Named(
        name,
        value(input.at("arg")),
        byName ? Argument.Passing.BY_NAME : Argument.Passing.BY_PLACE);
  }

  private static void addNames(Json output, List<String> names) {
    String kind = output.names().iterator().next();
    Json value = output.at(kind);
    switch (kind) {
      case "as_tensor" -> names.add(value.at("name").text());
      case "as_tensors" -> value.forEach(each -> names.add(each.at("name").text()));
      case "as_sym_int", "as_sym_bool", "as_sym_float" -> names.add(value.at("as_name").text());
      case "as_none" -> {}
      default -> throw new IllegalStateException("an output of the kind " + kind);
    }
  }

  private static Call.Results results(Json outputs) {
    if (outputs.size() == 0 || outputs.at(0).has("as_none")) {
      return Call.Results.NONE;
    }
    if (outputs.size() > 1) {
      return Call.Results.TUPLE;
    }
    return outputs.at(0).has("as_tensors") ? Call.Results.LIST : Call.Results.ONE;
  }

  /** What stands behind {@code as_...}. */
  private Argument value(Json argument) {
    String kind = argument.names().iterator().next();
    Json value = argument.at(kind);
    return switch (kind) {
      case "as_none" -> Argument.NONE;
      case "as_tensor" -> new Argument.Reference(value.at("name").text());
      case "as_int" -> new Argument.Whole(value.whole());
      case "as_float" -> new Argument.Real(value.real());
      case "as_bool" -> new Argument.Truth(value.truth());
      case "as_string" -> new Argument.Text(value.text());
      case "as_scalar_type" -> new Argument.Type(elements(number(value)));
      case "as_memory_format" -> memoryFormat(number(value));
      case "as_layout" -> new Argument.Layout(number(value) == 7 ? "strided" : "sparse");
      case "as_device" -> device(value);
      case "as_sym_int", "as_sym_bool", "as_sym_float", "as_optional_tensor" -> either(value);
      case "as_tensors" -> items(value, each -> new Argument.Reference(each.at("name").text()));
      case "as_ints" -> items(value, each -> new Argument.Whole(each.whole()));
      case "as_floats" -> items(value, each -> new Argument.Real(each.real()));
      case "as_bools" -> items(value, each -> new Argument.Truth(each.truth()));
      case "as_strings" -> items(value, each -> new Argument.Text(each.text()));
      case "as_sym_ints", "as_sym_bools", "as_sym_floats", "as_optional_tensors" ->
          items(value, each -> either(each));
      default ->
          throw new ProgramException(
              file
                  + " has a call with an argument of the kind "
                  + kind.replaceFirst("^as_", "")
                  + ", which is not known here.\nRewrite that part of forward without it, and"
                  + " export the model again.");
    };
  }

  private static Argument items(Json array, Function<Json, Argument> of) {
    List<Argument> items = new ArrayList<>();
    array.forEach(each -> items.add(of.apply(each)));
    return new Argument.Items(items);
  }

  /** {@code {"as_name": "sym_size"}}, {@code {"as_int": 10}}, {@code {"as_none": true}}. */
  private Argument either(Json item) {
    return item.has("as_name") ? new Argument.Reference(item.at("as_name").text()) : value(item);
  }

  private static int number(Json value) {
    return Integer.parseInt(value.text());
  }

  private static Argument device(Json device) {
    Json index = device.find("index");
    return new Argument.Device(
        device.at("type").text(),
        index == null ? OptionalInt.empty() : OptionalInt.of(number(index)));
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
  TensorType tensorType(Json meta) {
    List<Dim> sizes = new ArrayList<>();
    meta.at("sizes").forEach(each -> sizes.add(dim(each)));
    int layout = number(meta.at("layout"));
    if (layout != 7) {
      throw new ProgramException(
          file + " has a sparse array, which is not read.\nMake it dense before the export.");
    }
    return new TensorType(elements(number(meta.at("dtype"))), sizes);
  }

  private Dim dim(Json size) {
    for (String number : List.of("as_int", "as_bool", "as_float")) {
      Json value = size.find(number);
      if (value != null) {
        return number.equals("as_int") ? Dim.of(value.whole()) : new Dim.Unknown(value.text());
      }
    }
    Json expression = size.at("as_expr");
    Dim dim = Dim.parse(expression.at("expr_str").text());
    Json hint = expression.find("hint");
    if (hint != null && hint.isObject() && hint.has("as_int")) {
      hints.put(dim, hint.at("as_int").whole());
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

  private List<Input> inputs(Json specs, Json graph) {
    List<Input> inputs = new ArrayList<>();
    for (Json spec : specs) {
      String kind = spec.names().iterator().next();
      Json about = spec.at(kind);
      switch (kind) {
        case "user_input" -> inputs.add(user(about.at("arg")));
        case "parameter" -> inputs.add(parameter(about, graph.at("tensor_values")));
        case "buffer" -> {
          Json saved = about.find("persistent");
          boolean isSaved = saved == null || saved.truth();
          inputs.add(
              input(isSaved ? Input.Kind.BUFFER : Input.Kind.UNSAVED_BUFFER, about, "buffer_name"));
        }
        case "tensor_constant" ->
            inputs.add(input(Input.Kind.CONSTANT, about, "tensor_constant_name"));
        case "constant_input" ->
            inputs.add(new Input(Input.Kind.FIXED, about.at("name").text(), Optional.empty()));
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

  private static Input parameter(Json about, Json tensors) {
    Input input = input(Input.Kind.PARAMETER, about, "parameter_name");
    Json tensor = tensors.find(input.name());
    Json learns = tensor == null ? null : tensor.find("requires_grad");
    boolean isFrozen = learns != null && !learns.truth();
    return new Input(input.kind(), input.name(), input.target(), isFrozen);
  }

  private static Input input(Input.Kind kind, Json about, String target) {
    return new Input(kind, about.at("arg").at("name").text(), Optional.of(about.at(target).text()));
  }

  private static Input user(Json argument) {
    List<String> names = new ArrayList<>();
    String kind = argument.names().iterator().next();
    if (kind.equals("as_tensor") || kind.equals("as_sym_int")) {
      addNames(argument, names);
      return new Input(Input.Kind.USER, names.get(0), Optional.empty());
    }
    return new Input(Input.Kind.FIXED, kind, Optional.empty());
  }

  private List<Output> outputs(Json specs) {
    List<Output> outputs = new ArrayList<>();
    for (Json spec : specs) {
      String kind = spec.names().iterator().next();
      Json about = spec.at(kind);
      switch (kind) {
        case "user_output" ->
            outputs.add(new Output(Output.Kind.USER, value(about.at("arg")), Optional.empty()));
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

  private static Output mutation(Output.Kind kind, Json about, String target) {
    return new Output(
        kind,
        new Argument.Reference(about.at("arg").at("name").text()),
        Optional.of(about.at(target).text()));
  }

  private List<Program.Range> ranges() {
    Json all = json.at("range_constraints");
    List<Program.Range> ranges = new ArrayList<>();
    for (String expression : all.names()) {
      Json range = all.at(expression);
      ranges.add(
          new Program.Range(
              Dim.parse(expression), bound(range.find("min_val")), bound(range.find("max_val"))));
    }
    return ranges;
  }

  private static OptionalLong bound(@Nullable Json bound) {
    return bound == null ? OptionalLong.empty() : OptionalLong.of(bound.whole());
  }
}

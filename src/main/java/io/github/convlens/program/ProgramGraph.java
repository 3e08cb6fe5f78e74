package io.github.convlens.program;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.graph.Edge;
import io.github.convlens.graph.Graph;
import io.github.convlens.graph.Module;
import io.github.convlens.graph.Node;
import io.github.convlens.graph.Note;
import io.github.convlens.graph.Tree;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.RecurrentSpec;
import io.github.convlens.layer.ShapeException;
import io.github.convlens.layer.internal.Exact;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A program as a graph. A call of a known kind is the layer that a print shows for it; any other is
 * a {@link RecordedSpec}. What is made of parameters and constants alone is no node: its parameters
 * and multiply-adds count where it is used first. Each parameter counts once.
 */
public final class ProgramGraph {
  /** What gives its input back: other types, other places in memory. */
  private static final Set<String> PASSES =
      Set.of(
          "contiguous",
          "clone",
          "detach",
          "alias",
          "to",
          "_to_copy",
          "type_as",
          "lift_fresh_copy",
          "requires_grad");

  private final Program program;
  private final Map<String, Long> symbols;
  private final Map<String, Program.Input> inputs;
  private final Set<String> read = new HashSet<>();
  private final Graph.Builder builder = new Graph.Builder();
  private final Map<String, Item> items = new HashMap<>();
  private final Map<String, Long> foldedMacs = new HashMap<>();
  private final Set<String> counted = new HashSet<>();

  /** The elements of each parameter, by its name in the state dict. */
  private final Map<String, Long> elementsOf = new LinkedHashMap<>();

  /** What each module is, before it was charged with parameters, and after. */
  private final Map<String, LayerSpec> modules = new LinkedHashMap<>();

  private final Map<String, LayerSpec> chargedModules = new HashMap<>();

  /** What a name stands for. */
  private sealed interface Item {
    /** An array that depends on the user's inputs. */
    record Array(Edge edge) implements Item {}

    /**
     * An array that does not.
     *
     * @param sources the parameters and calls that it is made of
     */
    record Own(Set<String> sources) implements Item {}
  }

  private ProgramGraph(Program program) {
    this.program = program;
    symbols = ProgramInputs.symbols(program);
    inputs = program.inputsByName();
    program.calls().forEach(call -> call.arguments().forEach(each -> addRead(each.value())));
    program.outputs().forEach(output -> addRead(output.value()));
  }

  private void addRead(Argument argument) {
    read.addAll(Checks.references(argument));
  }

  /**
   * The graph of a program; its inputs are {@link Program#userTensors}.
   *
   * @throws ProgramException if it has no input or gives nothing back that depends on one
   */
  public static Graph of(Program program) {
    return new ProgramGraph(program).graph();
  }

  private Graph graph() {
    for (Program.Input input : program.inputs()) {
      switch (input.kind()) {
        case PARAMETER -> addParameter(input);
        case BUFFER, UNSAVED_BUFFER, CONSTANT -> items.put(input.name(), new Item.Own(Set.of()));
        case USER -> {
          if (program.tensor(input.name()).isPresent()) {
            items.put(input.name(), new Item.Array(builder.input(input.name())));
          }
        }
        case FIXED -> {}
      }
    }
    if (program.userTensors().isEmpty()) {
      throw new ProgramException(
          "the program has no input whose shape could be followed.\nExport the model with an array"
              + " as argument.");
    }
    program.calls().forEach(this::add);
    List<Edge> outputs = outputs();
    addUncalled();
    return builder.build(outputs, Names.tree(modules, program.modules()));
  }

  /** Tied weights are one parameter, that of the first name. */
  private void addParameter(Program.Input input) {
    String name = program.weights().original(input.target().orElse(input.name()));
    items.put(input.name(), new Item.Own(Set.of(name)));
    program
        .tensor(input.name())
        .ifPresent(tensor -> elementsOf.put(name, Exact.elements(tensor.type().shape(symbols))));
  }

  private List<Edge> outputs() {
    List<Edge> outputs = new ArrayList<>();
    for (Program.Output output : program.outputs()) {
      if (output.kind() == Program.Output.Kind.USER) {
        for (String name : Checks.references(output.value())) {
          if (items.get(name) instanceof Item.Array array) {
            outputs.add(array.edge());
          } else if (program.tensor(name).isPresent()) {
            builder.note(
                Note.remark(
                    "output " + name + " does not depend on the input, and is left out.", ""));
          }
        }
      }
    }
    if (outputs.isEmpty()) {
      throw new ProgramException(
          "no output of the program depends on its input.\nLook at what forward returns.");
    }
    noteOthers();
    return outputs;
  }

  /** What comes out and is no array has no shape to be shown. */
  private void noteOthers() {
    List<String> others =
        program.outputs().stream()
            .filter(output -> output.kind() == Program.Output.Kind.USER)
            .map(Program.Output::value)
            .filter(value -> Checks.references(value).stream().noneMatch(this::isArray))
            .map(Argument::toString)
            .toList();
    if (!others.isEmpty()) {
      builder.note(
          Note.remark(
              "forward also returns what is no array, and is left out: "
                  + String.join(", ", others)
                  + ".",
              ""));
    }
  }

  private boolean isArray(String name) {
    return program.tensor(name).isPresent();
  }

  private void add(Call call) {
    List<TensorType> made = new ArrayList<>();
    for (String output : call.outputs()) {
      Optional<Value.Tensor> tensor = program.tensor(output);
      if (tensor.isEmpty()) {
        break;
      }
      made.add(tensor.get().type());
    }
    if (made.isEmpty()) {
      return; // it checks something, or is about sizes
    }
    List<Operand> operands = operands(call);
    if (operands.stream().noneMatch(each -> each.from() == Operand.From.CALL)) {
      fold(call, operands, made);
    } else if (isPassed(call, operands)) {
      items.put(call.outputs().get(0), item(operands.get(0)));
    } else {
      addNode(call, operands, made);
    }
  }

  private static boolean isPassed(Call call, List<Operand> operands) {
    String function = ShapeRules.plain(call.function());
    boolean ofOne = function.equals("cat") && operands.size() == 1;
    return ofOne || PASSES.contains(function);
  }

  private Item item(Operand operand) {
    Item item = items.get(operand.name());
    return item == null ? new Item.Own(Set.of()) : item;
  }

  private List<Operand> operands(Call call) {
    List<Operand> operands = new ArrayList<>();
    for (Argument.Named argument : call.arguments()) {
      for (String name : Checks.references(argument.value())) {
        program
            .tensor(name)
            .ifPresent(
                tensor ->
                    operands.add(
                        new Operand(
                            name,
                            tensor.type(),
                            items.get(name) instanceof Item.Array
                                ? Operand.From.CALL
                                : Operand.From.PROGRAM)));
      }
    }
    return operands;
  }

  /** A call that reads parameters and constants alone. */
  private void fold(Call call, List<Operand> operands, List<TensorType> made) {
    Set<String> sources = new LinkedHashSet<>();
    for (Operand operand : operands) {
      if (item(operand) instanceof Item.Own own) {
        sources.addAll(own.sources());
      }
    }
    RecordedSpec spec =
        new RecordedSpec(call, operands, sizes(call), made, RecordedSpec.Knowledge.RECORD);
    Given given = spec.given(List.of(), symbols);
    long macs = Macs.of(given, made.stream().map(type -> type.shape(symbols)).toList());
    if (macs > 0) {
      foldedMacs.put(call.name(), macs);
      sources.add(call.name());
    }
    call.outputs().forEach(output -> items.put(output, new Item.Own(sources)));
  }

  private Map<String, Dim> sizes(Call call) {
    Map<String, Dim> sizes = new HashMap<>();
    for (Argument.Named argument : call.arguments()) {
      for (String name : Checks.references(argument.value())) {
        if (program.values().get(name) instanceof Value.Symbolic number) {
          sizes.put(name, number.expression());
        }
      }
    }
    return sizes;
  }

  private void addNode(Call call, List<Operand> operands, List<TensorType> made) {
    List<Operand> all = new ArrayList<>(operands);
    LayerSpec layer = known(call, operands, made);
    if (layer == null) {
      addSources(call, all, made);
      layer = recorded(call, all, made);
    }
    List<Edge> edges = new ArrayList<>();
    for (Operand operand : all) {
      if (operand.isInput() && items.get(operand.name()) instanceof Item.Array array) {
        edges.add(array.edge());
      }
    }
    Edge first = place(call, layer, operands, edges);
    for (int i = 0; i < call.outputs().size(); i++) {
      items.put(call.outputs().get(i), new Item.Array(Graph.Builder.output(first, i)));
    }
  }

  /** A layer of the call's kind, if it makes the recorded sizes of the recorded ones. */
  private @Nullable LayerSpec known(Call call, List<Operand> operands, List<TensorType> made) {
    LayerSpec layer = Kinds.of(call, operands);
    return layer != null && makes(layer, operands, call, made) ? layer : null;
  }

  private boolean makes(LayerSpec layer, List<Operand> operands, Call call, List<TensorType> made) {
    List<Shape> shapes =
        Operand.inputs(operands).stream().map(each -> each.type().shape(symbols)).toList();
    try {
      List<Shape> outputs = layer.outputs(shapes);
      for (int i = 0; i < made.size(); i++) {
        boolean known = i < outputs.size();
        if (known
            ? !outputs.get(i).equals(made.get(i).shape(symbols))
            : read.contains(call.outputs().get(i))) {
          return false;
        }
      }
      layer.macs(shapes);
      return true;
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      return false;
    }
  }

  private LayerSpec recorded(Call call, List<Operand> operands, List<TensorType> made) {
    Map<String, Dim> sizes = sizes(call);
    RecordedSpec byRule =
        new RecordedSpec(call, operands, sizes, made, RecordedSpec.Knowledge.RULE);
    boolean fits = false;
    try {
      List<Shape> inputs =
          Operand.inputs(operands).stream().map(each -> each.type().shape(symbols)).toList();
      fits =
          ShapeRules.shapes(byRule.given(inputs, symbols)).isPresent()
              && makes(byRule, operands, call, made);
    } catch (ShapeException | IndexOutOfBoundsException e) {
      // The rule is not that of this overload.
    }
    RecordedSpec spec =
        fits
            ? byRule
            : new RecordedSpec(call, operands, sizes, made, RecordedSpec.Knowledge.RECORD);
    if (!spec.isReadingKnown()) {
      builder.note(
          Note.remark(
              "what "
                  + spec.type()
                  + " reads is not followed; it is taken to read all of its input.",
              ""));
    }
    return spec;
  }

  /** Where sizes come from an input that the call does not read, that is one of its inputs, too. */
  private void addSources(Call call, List<Operand> operands, List<TensorType> made) {
    Set<String> open = new LinkedHashSet<>();
    made.forEach(type -> type.sizes().forEach(size -> open.addAll(size.symbols())));
    sizes(call).values().forEach(size -> open.addAll(size.symbols()));
    operands.forEach(each -> each.type().sizes().forEach(size -> open.addAll(size.symbols())));
    for (Operand operand : operands) {
      if (operand.isInput()) {
        operand.type().sizes().stream()
            .filter(size -> size.symbols().size() == 1 && size.isStraight())
            .forEach(size -> open.removeAll(size.symbols()));
      }
    }
    for (Value.Tensor input : program.userTensors()) {
      Set<String> has = new HashSet<>();
      input.type().sizes().forEach(size -> has.addAll(size.symbols()));
      if (open.removeAll(has)) {
        operands.add(new Operand(input.name(), input.type(), Operand.From.SIZES));
      }
    }
  }

  /** Calls the layer under its path, with the parameters that are counted here. */
  private Edge place(Call call, LayerSpec layer, List<Operand> operands, List<Edge> edges) {
    String path = Names.module(inputs, call, operands, layer);
    if (path != null && layer.equals(modules.get(path))) {
      LayerSpec same = chargedModules.getOrDefault(path, layer);
      return builder.add(new Node(new Module(path, same), Node.Origin.MODULE, edges));
    }
    List<String> fresh = sources(operands).stream().filter(counted::add).toList();
    long learned = 0;
    long macs = 0;
    for (String source : fresh) {
      macs = Exact.add(macs, foldedMacs.getOrDefault(source, 0L));
      learned = Exact.add(learned, elementsOf.getOrDefault(source, 0L));
    }
    LayerSpec charged = charged(layer, learned, macs);
    if (path == null || modules.containsKey(path)) {
      path = fresh.stream().filter(elementsOf::containsKey).findFirst().orElse(null);
    }
    if (path == null) {
      String block = call.module().orElse("");
      // As a print's recipes have it: a join has the path of its block.
      String name =
          Operand.inputs(operands).size() > 1
              ? block
              : Tree.join(block, "(" + ShapeRules.plain(call.function()) + ")");
      return builder.apply(name, charged, edges);
    }
    modules.put(path, layer);
    chargedModules.put(path, charged);
    return builder.add(new Node(new Module(path, charged), Node.Origin.MODULE, edges));
  }

  private Set<String> sources(List<Operand> operands) {
    Set<String> sources = new LinkedHashSet<>();
    for (Operand operand : operands) {
      if (item(operand) instanceof Item.Own own) {
        sources.addAll(own.sources());
      }
    }
    return sources;
  }

  private LayerSpec charged(LayerSpec layer, long learned, long macs) {
    ChargedSpec.Own own = ChargedSpec.Own.COUNTED;
    if (layer instanceof RecurrentSpec recurrent && recurrent.kind() == RecurrentSpec.Kind.LSTM) {
      own = ChargedSpec.Own.UNSEEN;
      builder.note(
          Note.remark(
              "the multiply-adds of an LSTM are not counted: PyTorch's FlopCounterMode does not see"
                  + " them.",
              ""));
    }
    boolean plain = own == ChargedSpec.Own.COUNTED && macs == 0;
    return plain && layer.parameters() == learned
        ? layer
        : new ChargedSpec(layer, learned, macs, own);
  }

  /** Parameters that no call reads. */
  private void addUncalled() {
    Map<String, Long> uncalled = new LinkedHashMap<>();
    elementsOf.forEach(
        (name, elements) -> {
          if (!counted.contains(name)) {
            uncalled.merge(Names.owner(name), elements, Exact::add);
          }
        });
    Edge input = new Edge.OfInput(0);
    uncalled.forEach(
        (owner, elements) -> {
          String path = modules.containsKey(owner) ? owner + ".not_called" : owner;
          UncalledSpec layer = new UncalledSpec(elements);
          modules.put(path, layer);
          builder.add(new Node(new Module(path, layer), Node.Origin.MODULE, List.of(input)));
          builder.note(uncalled(path));
        });
  }

  private Note uncalled(String path) {
    return program.weights() == Weights.NONE
        ? Note.assumption(
            "no call reads its parameters. They are counted; a print does not show whether they are"
                + " others under a second name.",
            path)
        : Note.remark(
            "no call reads its parameters. They are counted, as PyTorch counts them.", path);
  }
}

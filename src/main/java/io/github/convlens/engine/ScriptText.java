package io.github.convlens.engine;

import io.github.convlens.program.Argument;
import io.github.convlens.program.Call;
import io.github.convlens.program.Program;
import io.github.convlens.program.Program.Input;
import io.github.convlens.program.ProgramException;
import io.github.convlens.program.ScalarType;
import io.github.convlens.program.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A program in TorchScript: a line for each call. {@code torch.ops.aten.conv2d.default(x, w)}
 * becomes {@code torch.conv2d(x, w)}, which PyTorch's own libraries run.
 */
final class ScriptText {
  private static final String DEVICE = "device";

  /** What goes in and comes out as float32, because DJL cannot hold it. */
  static final ScalarType NOT_IN_DJL = ScalarType.BFLOAT16;

  private final Program program;
  private final TrainFlags flags;
  private final Map<String, String> names = new HashMap<>();
  private final Set<String> taken = new HashSet<>();
  private final StringBuilder body = new StringBuilder();
  private final List<String> last = new ArrayList<>();

  private ScriptText(Program program, TrainFlags flags) {
    this.program = program;
    this.flags = flags;
  }

  /**
   * A class whose {@code forward} takes the inputs and then the numbers, in the program's order.
   *
   * @param flags the mode in which it runs
   */
  static String ofArguments(Program program, TrainFlags flags) {
    return new ScriptText(program, flags).ofArguments(List.of());
  }

  /**
   * The same that gives back copies of all arrays that calls read, as they are then, and make.
   *
   * @param read the names of those that each call reads
   */
  static String ofAllCalls(Program program, List<List<String>> read) {
    return new ScriptText(program, TrainFlags.AS_EXPORTED).ofArguments(read);
  }

  /** The arrays that a call makes and that have a type. */
  static List<Value.Tensor> made(Program program, Call call) {
    return call.outputs().stream().flatMap(name -> program.tensor(name).stream()).toList();
  }

  /**
   * A class that holds the numbers itself.
   *
   * @param self how {@code forward} says a parameter: {@code self.conv1.weight}
   */
  static String ofModule(Program program, Map<String, String> self, String attributes) {
    ScriptText text = new ScriptText(program, TrainFlags.OF_THE_MODULE);
    List<String> inputs = new ArrayList<>();
    for (Input input : given(program)) {
      inputs.add(text.name(input.name()) + ": Tensor");
    }
    for (Input input : held(program)) {
      text.line(text.name(input.name()) + " = " + self.get(target(input)));
    }
    return text.write(attributes, inputs, List.of());
  }

  private String ofArguments(List<List<String>> read) {
    List<String> inputs = new ArrayList<>();
    given(program).forEach(input -> inputs.add(argument(input)));
    held(program).forEach(input -> inputs.add(argument(input)));
    return write("  __parameters__ = []\n  __buffers__ = []\n", inputs, read);
  }

  private String argument(Input input) {
    String name = name(input.name());
    if (elements(input.name()).equals(Optional.of(NOT_IN_DJL))) {
      String half = "half_" + name; // no other name begins so
      line(half + " = torch.to(" + name + ", " + NOT_IN_DJL.number() + ")");
      names.put(input.name(), half);
      if (flags == TrainFlags.TRAIN && input.kind() == Input.Kind.BUFFER) {
        last.add("_ = torch.copy_(" + name + ", " + half + ")");
      }
    }
    return name + ": Tensor";
  }

  private Optional<ScalarType> elements(String name) {
    return program.tensor(name).map(tensor -> tensor.type().elements());
  }

  private String write(String attributes, List<String> inputs, List<List<String>> read) {
    if (!inputs.isEmpty() && usesDevice()) {
      String first = inputs.get(0);
      line(DEVICE + " = ops.prim.device(" + first.substring(0, first.indexOf(':')) + ")");
    }
    List<String> seen = new ArrayList<>();
    for (int i = 0; i < program.calls().size(); i++) {
      Call call = program.calls().get(i);
      if (read.isEmpty()) {
        write(call);
      } else {
        read.get(i).forEach(name -> copy(name, seen));
        write(call);
        made(program, call).forEach(tensor -> copy(tensor.name(), seen));
      }
    }
    last.forEach(this::line);
    List<String> results =
        read.isEmpty() ? results(program).stream().map(this::toDjl).toList() : seen;
    return "class Program(Module):\n"
        + attributes
        + "  def forward(self: __torch__.Program"
        + inputs.stream().map(input -> ",\n    " + input).collect(Collectors.joining())
        + ") -> "
        + type(results.size())
        + ":\n"
        + body
        + "    return "
        + (results.size() == 1 ? results.get(0) : "(" + String.join(", ", results) + ")")
        + "\n";
  }

  /** What a later call changes in place must not change what is shown. */
  private void copy(String name, List<String> seen) {
    String copy = "seen_" + seen.size();
    line(copy + " = torch.clone(" + toDjl(name) + ")");
    seen.add(copy);
  }

  private static String type(int results) {
    return results == 1
        ? "Tensor"
        : "Tuple[" + String.join(", ", Collections.nCopies(results, "Tensor")) + "]";
  }

  private String toDjl(String name) {
    boolean isOdd =
        flags != TrainFlags.OF_THE_MODULE && elements(name).equals(Optional.of(NOT_IN_DJL));
    return isOdd ? "torch.to(" + name(name) + ", " + ScalarType.FLOAT32.number() + ")" : name(name);
  }

  /** The arrays that a user gives, in their order. */
  static List<Input> given(Program program) {
    return program.inputs(Input.Kind.USER);
  }

  /** What the program holds numbers for, in the order of its inputs. */
  static List<Input> held(Program program) {
    return program.inputs().stream().filter(input -> input.target().isPresent()).toList();
  }

  static String target(Input input) {
    return input.target().orElseThrow();
  }

  /** The names of the arrays that the user gets; None is left out. */
  static List<String> results(Program program) {
    return program.outputs().stream()
        .filter(output -> output.kind() == Program.Output.Kind.USER)
        .map(Program.Output::value)
        .filter(value -> value instanceof Argument.Reference)
        .map(value -> ((Argument.Reference) value).name())
        .toList();
  }

  private boolean usesDevice() {
    return program.calls().stream()
        .flatMap(call -> call.arguments().stream())
        .anyMatch(argument -> argument.value() instanceof Argument.Device);
  }

  private void write(Call call) {
    if (call.function().equals("_assert_tensor_metadata")) {
      return; // it checks what an export cannot change any more
    }
    List<String> arguments = arguments(call);
    String right =
        call.operator().startsWith("sym.")
            ? SizeArithmetic.text(call, arguments)
            : "torch." + flags.function(call) + "(" + String.join(", ", arguments) + ")";
    List<String> left = call.outputs().stream().map(this::name).toList();
    switch (call.results()) {
      case NONE -> line("_ = " + right);
      case ONE -> line(left.get(0) + " = " + right);
      case TUPLE -> line(String.join(", ", left) + ", = " + right);
      case LIST -> {
        line("list_" + left.get(0) + " = " + right);
        line(String.join(", ", left) + ", = list_" + left.get(0));
      }
    }
    flags.counted(call, program).ifPresent(counter -> count(name(counter)));
  }

  private void count(String counter) {
    line("_ = torch.add_(" + counter + ", int(" + flags.text() + "))");
  }

  private List<String> arguments(Call call) {
    List<String> arguments = new ArrayList<>();
    Optional<TrainFlags.Place> flag = flags.place(call);
    boolean isSet = flag.isEmpty();
    for (int i = 0; i < call.arguments().size(); i++) {
      Argument.Named each = call.arguments().get(i);
      boolean isByName = each.passing() == Argument.Passing.BY_NAME;
      boolean isFlag =
          flag.isPresent()
              && (isByName ? each.name().equals(flag.get().name()) : i == flag.get().place());
      isSet |= isFlag;
      String value =
          isFlag && each.value().equals(new Argument.Truth(false))
              ? flags.text()
              : text(call, each.value());
      arguments.add(isByName ? each.name() + "=" + value : value);
    }
    if (!isSet) {
      arguments.add(flag.get().name() + "=" + flags.text());
    }
    return arguments;
  }

  private String text(Call call, Argument argument) {
    if (argument instanceof Argument.Reference reference) {
      return name(reference.name());
    }
    if (argument instanceof Argument.Items items) {
      return list(call, items.items());
    }
    if (argument instanceof Argument.Type type) {
      return Integer.toString(type.value().number());
    }
    if (argument instanceof Argument.MemoryFormat format) {
      return Integer.toString(format.number());
    }
    if (argument instanceof Argument.Text text) {
      return quoted(text.value());
    }
    if (argument instanceof Argument.Real real) {
      return Scripts.number(real.value());
    }
    if (argument instanceof Argument.Device device) {
      return device(call, device);
    }
    if (argument instanceof Argument.Layout layout && !layout.name().equals("strided")) {
      throw new ProgramException(
          "the call "
              + call.name()
              + " of the program makes a sparse array (torch."
              + layout.name()
              + "), which cannot be run here.\nExport the model without sparse arrays.");
    }
    return argument instanceof Argument.Layout ? "0" : argument.toString();
  }

  private String list(Call call, List<Argument> items) {
    String text =
        items.stream().map(item -> text(call, item)).collect(Collectors.joining(", ", "[", "]"));
    if (items.isEmpty()) {
      return "annotate(List[int], [])";
    }
    return items.contains(Argument.NONE) ? "annotate(List[Optional[Tensor]], " + text + ")" : text;
  }

  /** Where the program made arrays on its device, it makes them on that of what is given. */
  private static String device(Call call, Argument.Device device) {
    if (device.type().equals("meta")) {
      throw new ProgramException(
          "the call "
              + call.name()
              + " of the program makes an array without numbers (device meta), which cannot be"
              + " run.\nExport the model on the CPU.");
    }
    return DEVICE;
  }

  /** A string, whatever is in it. */
  static String quoted(String text) {
    return "\""
        + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n").replace("\r", "\\r")
        + "\"";
  }

  /** A name that Python's and TorchScript's own words cannot be. */
  private String name(String graphName) {
    return names.computeIfAbsent(graphName, this::newName);
  }

  private String newName(String graphName) {
    String name = "v_" + graphName.replaceAll("[^A-Za-z0-9_]", "_");
    while (!taken.add(name)) {
      name += "_";
    }
    return name;
  }

  private void line(String text) {
    body.append("    ").append(text).append('\n');
  }
}

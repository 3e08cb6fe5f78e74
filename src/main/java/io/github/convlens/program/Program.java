package io.github.convlens.program;

import io.github.convlens.layer.internal.Exact;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * A model as {@code torch.export} records it: every call of an operator, in the order in which they
 * run, with its arguments, and the type and shape of every array.
 *
 * @param torchVersion the PyTorch that exported it; a print does not tell
 * @param inputs what goes in: parameters, buffers and constants, and what a user gives
 * @param calls the calls, in their order
 * @param values arrays and sizes by their names in the graph, inputs included
 * @param outputs what comes out, in the order of {@code forward}'s result
 * @param ranges the bounds of the symbols and of expressions of them
 * @param exported the values that the symbols had when it was exported; none with a print
 * @param modules the classes of the modules whose {@code forward} makes calls, and of those around
 *     them, by their paths; none with a print
 * @param weights the numbers of parameters, buffers and constants; none with a print
 */
public record Program(
    Optional<String> torchVersion,
    List<Input> inputs,
    List<Call> calls,
    Map<String, Value> values,
    List<Output> outputs,
    List<Range> ranges,
    Map<String, Long> exported,
    Map<String, String> modules,
    Weights weights) {

  /**
   * Something that goes in.
   *
   * @param kind what it is
   * @param name its name in the graph: {@code p_conv1_weight}
   * @param target its name in the state dict, {@code conv1.weight}; a user's input has none
   * @param isFrozen whether it is a parameter that does not learn: its {@code requires_grad} is
   *     False; a print does not tell
   */
  public record Input(Input.Kind kind, String name, Optional<String> target, boolean isFrozen) {
    /** One that is not frozen. */
    public Input(Input.Kind kind, String name, Optional<String> target) {
      this(kind, name, target, false);
    }

    /** What an input is. */
    public enum Kind {
      /** A learned array. */
      PARAMETER,
      /** An array that is not learned, and in the state dict. */
      BUFFER,
      /** A buffer that is not in the state dict. */
      UNSAVED_BUFFER,
      /** An array that stands in the code. */
      CONSTANT,
      /** An array or a size that the user gives. */
      USER,
      /** An argument that is fixed: the value with which it was exported must be given. */
      FIXED
    }
  }

  /**
   * Something that comes out.
   *
   * @param kind what becomes of it
   * @param value what it is; a user's output may be None or a number
   * @param target the buffer or input that it replaces
   */
  public record Output(Output.Kind kind, Argument value, Optional<String> target) {
    /** What becomes of an output. */
    public enum Kind {
      /** The user gets it. */
      USER,
      /** It is a buffer's new value. */
      BUFFER_MUTATION,
      /** It is the new value of a user's input. */
      INPUT_MUTATION
    }
  }

  /**
   * The bounds of an expression.
   *
   * @param expression a symbol, or more
   * @param least its least value, where there is one
   * @param most its largest value, where there is one
   */
  public record Range(Dim expression, OptionalLong least, OptionalLong most) {}

  /** Takes copies of the lists. */
  public Program {
    inputs = List.copyOf(inputs);
    calls = List.copyOf(calls);
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    outputs = List.copyOf(outputs);
    ranges = List.copyOf(ranges);
    exported = Map.copyOf(exported);
    modules = Collections.unmodifiableMap(new LinkedHashMap<>(modules));
  }

  /** The inputs of a kind, in their order. */
  public List<Input> inputs(Input.Kind kind) {
    return inputs.stream().filter(input -> input.kind() == kind).toList();
  }

  /** The inputs by their names in the graph. */
  Map<String, Input> inputsByName() {
    Map<String, Input> byName = new HashMap<>();
    inputs.forEach(input -> byName.put(input.name(), input));
    return byName;
  }

  /** The arrays that a user gives, in their order. */
  public List<Value.Tensor> userTensors() {
    return inputs(Input.Kind.USER).stream()
        .flatMap(input -> tensor(input.name()).stream())
        .toList();
  }

  /** An array of the program. */
  public Optional<Value.Tensor> tensor(String name) {
    return values.get(name) instanceof Value.Tensor tensor ? Optional.of(tensor) : Optional.empty();
  }

  /**
   * The program up to the last call of a module, whose output is the result; what comes later, and
   * its weights, is not in it.
   *
   * @param path the module's path: {@code layer4.1}
   * @throws ProgramException if the program calls no such module
   */
  public Program upTo(String path) {
    return new Cut(this).upTo(path);
  }

  /**
   * The program in front of a module: its result is what the module reads. With another layer
   * behind it this is what is fine-tuned: {@code program.before("fc")}.
   *
   * @param path the module's path: {@code fc}
   * @throws ProgramException if the program calls no such module, or it reads nothing of others
   */
  public Program before(String path) {
    return new Cut(this).before(path);
  }

  /** The symbols in the sizes of the user's inputs, in their order. */
  Set<String> symbols() {
    Set<String> symbols = new LinkedHashSet<>();
    userTensors()
        .forEach(each -> each.type().sizes().forEach(size -> symbols.addAll(size.symbols())));
    return symbols;
  }

  /** The number of all learned numbers. */
  public long parameters() {
    long sum = 0;
    for (Input input : inputs(Input.Kind.PARAMETER)) {
      sum += tensor(input.name()).map(each -> elements(each.type())).orElse(0L);
    }
    return sum;
  }

  private static long elements(TensorType type) {
    return Exact.elements(type.shape(Map.of()));
  }
}

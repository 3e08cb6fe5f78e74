package io.github.convlens.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.convlens.engine.Verification.Check;
import io.github.convlens.engine.internal.Scratch;
import io.github.convlens.layer.CustomSpec;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.LearnedSpec;
import io.github.convlens.layer.RecurrentSpec;
import io.github.convlens.program.Argument;
import io.github.convlens.program.Call;
import io.github.convlens.program.CallLayer;
import io.github.convlens.program.Program;
import io.github.convlens.program.Program.Input;
import io.github.convlens.program.ProgramInputs;
import io.github.convlens.program.ScalarType;
import io.github.convlens.program.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Holds each call of a program against the sizes in its file and, where its kind has one, against
 * the definition.
 */
final class ProgramVerifier {
  private final ProgramBlock block;
  private final Program program;
  private final Map<String, Long> symbols;
  private final Map<String, String> targets = new HashMap<>();
  private final NDList arrays;
  private int next;

  /** A call that is no layer. */
  private record Other(String type, Shape made) implements CustomSpec {
    @Override
    public Shape output(Shape input) {
      return made;
    }

    @Override
    public String toString() {
      return type;
    }
  }

  private ProgramVerifier(ProgramBlock block, NDList inputs, NDList arrays) {
    this.block = block;
    program = block.program();
    symbols = ProgramInputs.symbols(program, Arrays.asList(inputs.getShapes()));
    this.arrays = arrays;
    for (Input input : ScriptText.held(program)) {
      targets.put(input.name(), ScriptText.target(input));
    }
  }

  /** Runs the program; nothing stays in the inputs' manager. */
  static List<Check> run(ProgramBlock block, NDList inputs, Verification.Progress progress) {
    List<CallLayer> layers = CallLayer.of(block.program());
    NDManager manager = inputs.head().getManager();
    try (NDManager scratch = manager.newSubManager()) {
      NDList given = new NDList();
      inputs.forEach(input -> given.add(Scratch.view(input, scratch)));
      NDList arrays = block.allCalls(given, layers.stream().map(CallLayer::inputs).toList());
      return checks(block, inputs, arrays, progress);
    }
  }

  /** Checks what calls have read and made, in the order of {@link ProgramBlock#allCalls}. */
  static List<Check> checks(
      ProgramBlock block, NDList inputs, NDList arrays, Verification.Progress progress) {
    ProgramVerifier verifier = new ProgramVerifier(block, inputs, arrays);
    List<Check> checks = new ArrayList<>();
    List<CallLayer> layers = CallLayer.of(block.program());
    for (int i = 0; i < layers.size(); i++) {
      checks.addAll(verifier.checks(block.program().calls().get(i), layers.get(i)));
      progress.checked(i + 1, layers.size());
    }
    return checks;
  }

  private List<Check> checks(Call call, CallLayer own) {
    Given given = new Given(call, own.inputs(), take(own.inputs().size()));
    List<Value.Tensor> made = ScriptText.made(program, call);
    List<Output> outputs = new ArrayList<>();
    for (Value.Tensor each : made) {
      NDArray array = take(1).get(0);
      outputs.add(new Output(recorded(each, array), array, each.type().elements()));
    }
    List<Check> ofLayer =
        own.layer()
            .filter(layer -> isComparable(layer, given, outputs))
            .map(layer -> checks(layer, given, outputs))
            .orElse(List.of());
    List<Check> checks = new ArrayList<>();
    for (int k = 0; k < outputs.size(); k++) {
      Output output = outputs.get(k);
      if (output.isEmpty()) {
        continue;
      }
      boolean isChecked = output.hasShape() && k < ofLayer.size();
      checks.add(isChecked ? ofLayer.get(k) : check(given, own.layer(), outputs, k));
    }
    return checks;
  }

  /** What a call reads of other calls and of the user, by name. */
  private record Given(Call call, List<String> names, List<NDArray> arrays) {
    String path() {
      return call.module().orElse("");
    }
  }

  /** What a call has made. */
  private record Output(Shape recorded, NDArray array, ScalarType type) {
    boolean hasShape() {
      return recorded.equals(array.getShape());
    }

    boolean isEmpty() {
      return hasShape() && recorded.size() == 0;
    }

    /** bfloat16 is float32 in Java, and the program computes in bfloat16. */
    Roundoff roundoff() {
      return type == ScalarType.BFLOAT16 ? Roundoff.BFLOAT16 : Roundoff.of(array);
    }
  }

  /** A call that is no layer, or one of which the layer does not say all. */
  private Check check(Given given, Optional<LayerSpec> layer, List<Output> outputs, int k) {
    Output output = outputs.get(k);
    Check shapes =
        new Check(
            given.path(),
            layer.orElse(new Other(given.call.function(), output.recorded)),
            output.recorded,
            output.array.getShape(),
            0,
            0,
            0);
    return output.hasShape()
        ? definition(given, outputs, k)
            .map(each -> Verifier.compare(shapes, each, output.array))
            .orElse(shapes)
        : shapes;
  }

  private Optional<Definition> definition(Given given, List<Output> outputs, int k) {
    CallArguments arguments = new CallArguments(given.call, name -> array(name, given), this::size);
    Roundoff roundoff = outputs.get(k).roundoff();
    return new CallDefinitions(
            arguments,
            k,
            outputs.stream().map(output -> output.array.getShape()).toList(),
            roundoff,
            roundoff.ofCudnn(outputs.get(k).array))
        .definition();
  }

  private Optional<Long> size(String name) {
    return program.values().get(name) instanceof Value.Symbolic size
            && symbols.keySet().containsAll(size.expression().symbols())
        ? Optional.of(size.expression().of(symbols))
        : Optional.empty();
  }

  private Optional<NDArray> array(String name, Given given) {
    String target = targets.get(name);
    if (target != null) {
      return Optional.of(block.parameter(target).getArray());
    }
    int place = given.names.indexOf(name);
    return place < 0 ? Optional.empty() : Optional.of(given.arrays.get(place));
  }

  /** A size that depends on numbers is as it turns out. */
  private Shape recorded(Value.Tensor made, NDArray output) {
    boolean isKnown =
        made.type().sizes().stream().allMatch(size -> symbols.keySet().containsAll(size.symbols()));
    return isKnown ? made.type().shape(symbols) : output.getShape();
  }

  private List<NDArray> take(int count) {
    List<NDArray> taken = arrays.subList(next, next + count);
    next += count;
    return taken;
  }

  /** Definitions of layers are of floating-point numbers. */
  private static boolean isComparable(LayerSpec layer, Given given, List<Output> outputs) {
    boolean holdsMore = layer instanceof LearnedSpec || layer instanceof RecurrentSpec;
    boolean isFloating = given.arrays.stream().allMatch(array -> array.getDataType().isFloating());
    if (holdsMore || given.arrays.isEmpty() || !isFloating) {
      return false;
    }
    List<Shape> shapes = given.arrays.stream().map(NDArray::getShape).toList();
    List<Shape> recorded = outputs.stream().map(Output::recorded).toList();
    try {
      List<Shape> expected = layer.outputs(shapes);
      return expected.equals(recorded.subList(0, Math.min(expected.size(), recorded.size())));
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      return false; // the call is of another overload than the layer
    }
  }

  private List<Check> checks(LayerSpec layer, Given given, List<Output> outputs) {
    List<NDArray> made = outputs.stream().map(Output::array).toList();
    Visit visit = new Visit(given.path(), layer, block, given.arrays, made);
    return Verifier.checks(visit, learned(given.call), outputs.get(0).roundoff());
  }

  /** The program's own numbers, by the names of the arguments, which are those of a state dict. */
  private Learned learned(Call call) {
    Map<String, NDArray> arrays = new HashMap<>();
    for (Argument.Named each : call.arguments()) {
      String target =
          each.value() instanceof Argument.Reference reference
              ? targets.get(reference.name())
              : null;
      if (target != null) {
        arrays.put(each.name(), block.parameter(target).getArray());
      }
    }
    return new Learned(arrays);
  }
}

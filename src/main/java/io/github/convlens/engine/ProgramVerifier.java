package io.github.convlens.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import io.github.convlens.engine.Verification.Check;
import io.github.convlens.layer.AdaptivePoolSpec;
import io.github.convlens.layer.BatchNormSpec;
import io.github.convlens.layer.CustomSpec;
import io.github.convlens.layer.GroupNormSpec;
import io.github.convlens.layer.InstanceNormSpec;
import io.github.convlens.layer.LayerNormSpec;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.LearnedSpec;
import io.github.convlens.layer.PReluSpec;
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
import org.jspecify.annotations.Nullable;

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

  /** Holds what a call is given of the program's numbers, as a layer's block holds it. */
  private static final class Numbers extends AbstractBlock {
    void put(Parameter.Type type, NDArray array) {
      addParameter(
          Parameter.builder()
              .setName(type.name())
              .setType(type)
              .optShape(array.getShape())
              .optArray(array)
              .build());
    }

    @Override
    protected NDList forwardInternal(
        ParameterStore store,
        NDList inputs,
        boolean training,
        @Nullable PairList<String, Object> params) {
      throw new UnsupportedOperationException("it only holds numbers");
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputs) {
      throw new UnsupportedOperationException("it only holds numbers");
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
  static List<Check> run(ProgramBlock block, NDList inputs) {
    List<CallLayer> layers = CallLayer.of(block.program());
    NDManager manager = inputs.head().getManager();
    try (NDManager scratch = manager.newSubManager()) {
      NDList given = new NDList();
      inputs.forEach(input -> given.add(Scratch.view(input, scratch)));
      NDList arrays = block.allCalls(given, layers.stream().map(CallLayer::inputs).toList());
      return checks(block, inputs, arrays);
    }
  }

  /** Checks what calls have read and made, in the order of {@link ProgramBlock#allCalls}. */
  static List<Check> checks(ProgramBlock block, NDList inputs, NDList arrays) {
    return new ProgramVerifier(block, inputs, arrays).checks(CallLayer.of(block.program()));
  }

  private List<Check> checks(List<CallLayer> layers) {
    List<Check> checks = new ArrayList<>();
    for (int i = 0; i < layers.size(); i++) {
      Call call = program.calls().get(i);
      List<Value.Tensor> made = ScriptText.made(program, call);
      List<NDArray> inputs = take(layers.get(i).inputs().size());
      List<NDArray> outputs = take(made.size());
      List<Shape> recorded = new ArrayList<>();
      for (int k = 0; k < made.size(); k++) {
        recorded.add(recorded(made.get(k), outputs.get(k)));
      }
      List<Check> values =
          layers
              .get(i)
              .layer()
              .filter(layer -> isComparable(layer, made, inputs, recorded))
              .map(layer -> Verifier.checks(visit(call, layer, inputs, outputs)))
              .orElse(List.of());
      for (int k = 0; k < made.size(); k++) {
        boolean agrees = recorded.get(k).equals(outputs.get(k).getShape());
        if (agrees && recorded.get(k).size() == 0) {
          continue; // it has no numbers
        }
        Check shapes = shapeOnly(call, layers.get(i).layer(), recorded.get(k), outputs.get(k));
        Optional<Definition> definition =
            agrees && values.isEmpty()
                ? definition(call, layers.get(i).inputs(), inputs, made, outputs, k)
                : Optional.empty();
        NDArray output = outputs.get(k);
        checks.add(
            agrees && k < values.size()
                ? values.get(k)
                : definition.map(each -> Verifier.compare(shapes, each, output)).orElse(shapes));
      }
    }
    return checks;
  }

  /** What a call means that is no layer with a definition. */
  private Optional<Definition> definition(
      Call call,
      List<String> names,
      List<NDArray> inputs,
      List<Value.Tensor> made,
      List<NDArray> outputs,
      int output) {
    NDArray result = outputs.get(output);
    boolean isHeld =
        made.stream().noneMatch(each -> each.type().elements() == ScalarType.BFLOAT16)
            && (isFloating(result) || !result.getDataType().isFloating());
    if (!isHeld) {
      return Optional.empty();
    }
    CallArguments arguments =
        new CallArguments(
            call,
            name -> array(name, names, inputs),
            name ->
                program.values().get(name) instanceof Value.Symbolic size
                        && symbols.keySet().containsAll(size.expression().symbols())
                    ? Optional.of(size.expression().of(symbols))
                    : Optional.empty());
    Roundoff roundoff =
        isFloating(result) ? Roundoff.of(Precision.of(result.getDataType())) : new Roundoff(0, 0);
    boolean tensorFloat = result.getDataType() == DataType.FLOAT32 && result.getDevice().isGpu();
    List<Shape> shapes = outputs.stream().map(NDArray::getShape).toList();
    return new CallDefinitions(
            arguments, output, shapes, roundoff, tensorFloat ? roundoff.tensorFloat() : roundoff)
        .definition();
  }

  private Optional<NDArray> array(String name, List<String> names, List<NDArray> inputs) {
    String target = targets.get(name);
    if (target != null) {
      return Optional.of(block.parameter(target).getArray());
    }
    int place = names.indexOf(name);
    return place < 0 ? Optional.empty() : Optional.of(inputs.get(place));
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

  private static Check shapeOnly(
      Call call, Optional<LayerSpec> layer, Shape recorded, NDArray output) {
    String path = call.module().orElse("");
    return new Check(
        path,
        layer.orElse(new Other(call.function(), recorded)),
        recorded,
        output.getShape(),
        0,
        0,
        0);
  }

  /** Definitions are of floating-point numbers that DJL holds as they are. */
  private boolean isComparable(
      LayerSpec layer, List<Value.Tensor> made, List<NDArray> inputs, List<Shape> recorded) {
    boolean holdsMore = layer instanceof LearnedSpec || layer instanceof RecurrentSpec;
    if (holdsMore || inputs.isEmpty() || !inputs.stream().allMatch(ProgramVerifier::isFloating)) {
      return false;
    }
    if (made.stream().anyMatch(each -> each.type().elements() == ScalarType.BFLOAT16)) {
      return false;
    }
    List<Shape> shapes = inputs.stream().map(NDArray::getShape).toList();
    try {
      if (!(layer instanceof AdaptivePoolSpec)) {
        layer.accept(
            new BlockBuilder(
                Precision.FLOAT32)); // what no block runs has no definition for its axes
      }
      List<Shape> outputs = layer.outputs(shapes);
      return outputs.equals(recorded.subList(0, Math.min(outputs.size(), recorded.size())));
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      return false; // the call is of another overload than the layer
    }
  }

  private static boolean isFloating(NDArray array) {
    DataType type = array.getDataType();
    return type == DataType.FLOAT32 || type == DataType.FLOAT64 || type == DataType.FLOAT16;
  }

  private Visit visit(Call call, LayerSpec layer, List<NDArray> inputs, List<NDArray> outputs) {
    Numbers numbers = new Numbers();
    for (Argument.Named each : call.arguments()) {
      if (each.value() instanceof Argument.Reference reference) {
        String target = targets.get(reference.name());
        if (target != null) {
          type(layer, each.name())
              .ifPresent(type -> numbers.put(type, block.parameter(target).getArray()));
        }
      }
    }
    return new Visit(call.module().orElse(""), layer, numbers, inputs, outputs);
  }

  /** What the argument is to a block of that kind. */
  private static Optional<Parameter.Type> type(LayerSpec layer, String argument) {
    boolean isNorm =
        layer instanceof BatchNormSpec
            || layer instanceof LayerNormSpec
            || layer instanceof GroupNormSpec
            || layer instanceof InstanceNormSpec;
    return switch (argument) {
      case "weight" ->
          Optional.of(
              layer instanceof PReluSpec
                  ? Parameter.Type.OTHER
                  : isNorm ? Parameter.Type.GAMMA : Parameter.Type.WEIGHT);
      case "bias" -> Optional.of(isNorm ? Parameter.Type.BETA : Parameter.Type.BIAS);
      case "running_mean" -> Optional.of(Parameter.Type.RUNNING_MEAN);
      case "running_var" -> Optional.of(Parameter.Type.RUNNING_VAR);
      default -> Optional.empty();
    };
  }
}

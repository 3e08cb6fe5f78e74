package io.github.convlens.engine;

import static io.github.convlens.program.ScalarType.BFLOAT16;
import static io.github.convlens.program.ScalarType.FLOAT16;
import static io.github.convlens.program.ScalarType.FLOAT32;

import ai.djl.MalformedModelException;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import io.github.convlens.engine.OperatorText.Lines;
import io.github.convlens.engine.OperatorText.Mode;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.program.ScalarType;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A layer that PyTorch's own operators run. Its parameters have the names and shapes of its state
 * dict. In bfloat16, which DJL cannot hold, arrays are float32 in Java and bfloat16 within.
 */
final class OperatorBlock extends AbstractBlock implements Specified {
  private static final byte VERSION = 1;

  private final LayerSpec layer;
  private final OperatorText text;
  private final Precision precision;
  private final Half half;
  private final List<Parameter> held = new ArrayList<>();
  private volatile @Nullable Ready ready;

  /** Whether PyTorch can compute a layer in half precision on every device, in both modes. */
  enum Half {
    /** It can. */
    THERE,
    /** It cannot: numbers are half precision outside and float32 within. */
    MISSING
  }

  /** The operator for the inputs that came last: those that come next are mostly like them. */
  private record Ready(List<Shape> inputs, DataType type, Mode mode, Operator operator) {}

  /**
   * The block of a layer.
   *
   * @param parameters those of the state dict, under their names, without shapes
   */
  OperatorBlock(
      LayerSpec layer, OperatorText text, Precision precision, List<Parameter> parameters) {
    this(layer, text, precision, Half.THERE, parameters);
  }

  /** The same for layers whose half precision PyTorch may lack. */
  OperatorBlock(
      LayerSpec layer,
      OperatorText text,
      Precision precision,
      Half half,
      List<Parameter> parameters) {
    super(VERSION);
    this.layer = layer;
    this.text = text;
    this.precision = precision;
    this.half = half;
    parameters.forEach(parameter -> held.add(addParameter(parameter)));
  }

  @Override
  public LayerSpec layer() {
    return layer;
  }

  @Override
  protected void prepare(Shape[] inputShapes) {
    Map<String, Shape> shapes = layer.state();
    held.forEach(parameter -> parameter.setShape(shapes.get(parameter.getName())));
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore parameterStore,
      NDList inputs,
      boolean training,
      @Nullable PairList<String, Object> params) {
    check(inputs);
    NDList given = new NDList(inputs);
    for (Parameter parameter : held) {
      given.add(parameterStore.getValue(parameter, inputs.head().getDevice(), training));
    }
    List<Shape> shapes = Arrays.asList(inputs.getShapes());
    DataType type = inputs.head().getDataType();
    return operator(shapes, type, training ? Mode.TRAINING : Mode.INFERENCE).run(given);
  }

  private Operator operator(List<Shape> inputs, DataType type, Mode mode) {
    Ready last = ready;
    if (last == null || last.mode != mode || last.type != type || !last.inputs.equals(inputs)) {
      last = new Ready(inputs, type, mode, Operator.of(function(inputs, type, mode)));
      ready = last;
    }
    return last.operator;
  }

  /** What it computes for inputs of these shapes: its parameters come behind them. */
  Operator.Function function(List<Shape> inputs, DataType type, Mode mode) {
    return function(inputs.size(), type, text.of(inputs, mode), mode);
  }

  private Operator.Function function(int inputs, DataType type, Lines lines, Mode mode) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < inputs; i++) {
      names.add(inputs == 1 ? "x" : "x" + i);
    }
    held.forEach(parameter -> names.add(parameter.getName().replace('.', '_')));
    if (precision == Precision.BFLOAT16) {
      return half == Half.THERE
          ? cast(inputs, names, lines, mode, List.of(BFLOAT16), List.of(FLOAT32))
          : cast(
              inputs, names, lines, mode, List.of(BFLOAT16, FLOAT32), List.of(BFLOAT16, FLOAT32));
    }
    return type == DataType.FLOAT16 && half == Half.MISSING
        ? cast(inputs, names, lines, mode, List.of(FLOAT32), List.of(FLOAT16))
        : new Operator.Function(names, lines.statements(), lines.results());
  }

  /** Arrays become other types at the start and at the end; so do those that are changed. */
  private Operator.Function cast(
      int inputs,
      List<String> names,
      Lines lines,
      Mode mode,
      List<ScalarType> start,
      List<ScalarType> end) {
    List<String> given = names.stream().map(name -> "given_" + name).toList();
    List<String> statements = new ArrayList<>();
    for (String name : names) {
      statements.add(name + " = " + to("given_" + name, start));
    }
    statements.addAll(lines.statements());
    List<String> results = new ArrayList<>();
    for (String result : lines.results()) {
      statements.add("result_" + results.size() + " = " + to(result, end));
      results.add("result_" + results.size());
    }
    for (int i = 0; mode == Mode.TRAINING && i < held.size(); i++) {
      if (isStatistic(held.get(i))) {
        String name = names.get(inputs + i);
        statements.add("_ = torch.copy_(given_" + name + ", " + name + ")");
      }
    }
    return new Operator.Function(given, statements, results);
  }

  private static boolean isStatistic(Parameter parameter) {
    return parameter.getType() == Parameter.Type.RUNNING_MEAN
        || parameter.getType() == Parameter.Type.RUNNING_VAR;
  }

  private static String to(String name, List<ScalarType> types) {
    String text = name;
    for (ScalarType type : types) {
      text = Bfloat16.to(text, type);
    }
    return text;
  }

  /**
   * As DJL's, but for shapes that are not the layer's.
   *
   * @throws MalformedModelException if there are such; then the block holds no weights
   */
  @Override
  public void loadParameters(NDManager manager, DataInputStream is)
      throws IOException, MalformedModelException {
    super.loadParameters(manager, is);
    Map<String, Parameter> loaded = new LinkedHashMap<>();
    held.forEach(parameter -> loaded.put(parameter.getName(), parameter));
    LoadedShapes.check(layer.state(), loaded);
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputShapes) {
    return outputShapes(inputShapes);
  }

  /** As PyTorch prints it. */
  @Override
  public String toString() {
    return layer.toString();
  }
}

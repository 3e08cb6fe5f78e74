package io.github.convlens.engine;

import ai.djl.MalformedModelException;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
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
  private final List<Parameter> held = new ArrayList<>();
  private volatile @Nullable Ready ready;

  /** The operator for the inputs that came last: those that come next are mostly like them. */
  private record Ready(List<Shape> inputs, Mode mode, Operator operator) {}

  /**
   * The block of a layer.
   *
   * @param parameters those of the state dict, under their names, without shapes
   */
  OperatorBlock(
      LayerSpec layer, OperatorText text, Precision precision, List<Parameter> parameters) {
    super(VERSION);
    this.layer = layer;
    this.text = text;
    this.precision = precision;
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
    return operator(shapes, training ? Mode.TRAINING : Mode.INFERENCE).run(given);
  }

  private Operator operator(List<Shape> inputs, Mode mode) {
    Ready last = ready;
    if (last == null || last.mode != mode || !last.inputs.equals(inputs)) {
      Operator.Function function = function(inputs.size(), text.of(inputs, mode), mode);
      last = new Ready(inputs, mode, Operator.of(function));
      ready = last;
    }
    return last.operator;
  }

  private Operator.Function function(int inputs, Lines lines, Mode mode) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < inputs; i++) {
      names.add(inputs == 1 ? "x" : "x" + i);
    }
    held.forEach(parameter -> names.add(parameter.getName().replace('.', '_')));
    return precision == Precision.BFLOAT16
        ? halved(inputs, names, lines, mode)
        : new Operator.Function(names, lines.statements(), lines.results());
  }

  /** Arrays become bfloat16 at the start and float32 at the end; so do those that are changed. */
  private Operator.Function halved(int inputs, List<String> names, Lines lines, Mode mode) {
    List<String> given = names.stream().map(name -> "given_" + name).toList();
    List<String> statements = new ArrayList<>();
    for (String name : names) {
      statements.add(name + " = " + to("given_" + name, ScalarType.BFLOAT16));
    }
    statements.addAll(lines.statements());
    List<String> results = new ArrayList<>();
    for (String result : lines.results()) {
      statements.add("result_" + results.size() + " = " + to(result, ScalarType.FLOAT32));
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

  private static String to(String name, ScalarType type) {
    return Scripts.call("to", name, type.number());
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

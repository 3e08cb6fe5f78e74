package io.github.convlens.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import io.github.convlens.engine.internal.ProgramArrays;
import io.github.convlens.program.ArrayFile;
import io.github.convlens.program.ProgramException;
import io.github.convlens.program.ScalarType;
import io.github.convlens.program.StateDict;
import io.github.convlens.program.TensorType;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Numbers of a state dict put in the place of a block's, all or none.
 *
 * @param owner whose names they are
 * @param shapes what must be there, by PyTorch's names
 * @param parameters where it goes; what has none is asked for and handed to the others
 * @param others keeps the rest
 */
record StateLoad(
    StateDict.Owner owner,
    Map<String, Shape> shapes,
    Map<String, Parameter> parameters,
    Others others) {

  /** Keeps numbers that no parameter takes. */
  @FunctionalInterface
  interface Others {
    /** Keeps those of a name. */
    void keep(String name, ArrayFile.Numbers numbers);
  }

  /** Into a program's parameters, by their names. */
  static StateLoad intoProgram(Map<String, Parameter> parameters) {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    parameters.forEach((name, parameter) -> shapes.put(name, parameter.getArray().getShape()));
    return new StateLoad(StateDict.Owner.PROGRAM, shapes, parameters, (name, numbers) -> {});
  }

  /**
   * Loads them.
   *
   * @throws ProgramException if they do not fit; then nothing has changed
   */
  void load(StateDict weights) throws IOException {
    weights.requireFits(shapes, owner);
    Map<String, ArrayFile.Numbers> all = new LinkedHashMap<>();
    try (StateDict.Reader reader = weights.open()) {
      for (String name : weights.names()) {
        TensorType type = weights.type(name).orElseThrow();
        checkType(name, type.elements());
        all.put(name, new ArrayFile.Numbers(type, reader.bytes(name)));
      }
    }
    all.forEach(this::put);
  }

  private void checkType(String name, ScalarType elements) {
    if (parameters.containsKey(name) && ProgramArrays.type(elements).isEmpty()) {
      throw new ProgramException(
          "the weights called "
              + name
              + " are of type "
              + elements
              + ", which cannot be loaded.\nConvert them: model.float().state_dict().");
    }
  }

  private void put(String name, ArrayFile.Numbers numbers) {
    Parameter parameter = parameters.get(name);
    if (parameter == null) {
      others.keep(name, numbers);
      return;
    }
    NDArray target = parameter.getArray();
    try (NDManager scratch = target.getManager().newSubManager(target.getDevice());
        NDArray unwatched = target.stopGradient()) {
      NDArray given = ProgramArrays.of(scratch, name, numbers.type(), numbers.bytes());
      unwatched.set(
          new NDIndex("..."), given.reshape(target.getShape()).toType(target.getDataType(), false));
    }
  }
}

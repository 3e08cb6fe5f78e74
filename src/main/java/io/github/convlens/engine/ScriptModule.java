package io.github.convlens.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Parameter;
import io.github.convlens.engine.internal.ProgramArrays;
import io.github.convlens.file.internal.WholeFiles;
import io.github.convlens.program.Program;
import io.github.convlens.program.Program.Input;
import io.github.convlens.program.ScalarType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A program as a TorchScript module that holds its numbers under PyTorch's names. */
final class ScriptModule {
  private final Program program;
  private final Map<String, Parameter> held;
  private final Map<String, ScriptArchive.Elements> data = new LinkedHashMap<>();
  private final Map<Parameter, Integer> written = new HashMap<>();
  private final Map<String, String> self = new HashMap<>();
  private final StringBuilder classes = new StringBuilder();
  private final Pickle pickle = Pickle.begin();
  private int count;

  /** A module's attributes: arrays by their names, and modules. */
  private static final class Part {
    private final Map<String, Input> arrays = new LinkedHashMap<>();
    private final Map<String, Part> parts = new LinkedHashMap<>();
    private String type = "Program";
  }

  ScriptModule(Program program, Map<String, Parameter> held) {
    this.program = program;
    this.held = held;
  }

  void save(Path file) throws IOException {
    Part root = new Part();
    for (Input input : ScriptText.held(program)) {
      add(root, input);
    }
    writeNumbers(root);
    for (Part part : root.parts.values()) {
      declareAll(part);
    }
    classes.append(ScriptText.ofModule(program, self, attributes(root)));
    WholeFiles.write(file, out -> ScriptArchive.write(out, classes.toString(), pickle.end(), data));
  }

  private void add(Part root, Input input) {
    String[] path = ScriptText.target(input).split("\\.", -1);
    Part part = root;
    StringBuilder access = new StringBuilder("self");
    for (int i = 0; i < path.length; i++) {
      access.insert(0, "getattr(").append(", ").append(ScriptText.quoted(path[i])).append(")");
      if (i < path.length - 1) {
        part = part.parts.computeIfAbsent(path[i], name -> new Part());
      }
    }
    part.arrays.put(path[path.length - 1], input);
    self.put(ScriptText.target(input), access.toString());
  }

  private void writeNumbers(Part part) {
    if (count++ > 0) {
      part.type = "Part" + (count - 1);
    }
    pickle.beginModule(part.type);
    pickle.text("training");
    pickle.truth(false);
    part.arrays.forEach(this::write);
    part.parts.forEach(
        (name, inner) -> {
          pickle.text(name);
          writeNumbers(inner);
        });
    pickle.endModule();
  }

  private void write(String name, Input input) {
    pickle.text(name);
    Parameter parameter = held.get(ScriptText.target(input));
    if (parameter == null) {
      throw new IllegalStateException(ScriptText.target(input));
    }
    Integer place = written.get(parameter);
    if (place != null) {
      pickle.again(place);
      return;
    }
    int next = written.size();
    written.put(parameter, next);
    ScalarType elements = program.weights().type(ScriptText.target(input)).orElseThrow().elements();
    NDArray array = parameter.getArray();
    pickle.array(
        Integer.toString(next),
        elements,
        array.getShape().getShape(),
        isParameter(input) && !input.isFrozen() ? Pickle.Learns.YES : Pickle.Learns.NO,
        next);
    data.put(Integer.toString(next), () -> ProgramArrays.bytes(array, elements));
  }

  private static boolean isParameter(Input input) {
    return input.kind() == Input.Kind.PARAMETER;
  }

  private void declareAll(Part part) {
    part.parts.values().forEach(this::declareAll);
    classes.append("class ").append(part.type).append("(Module):\n").append(attributes(part));
  }

  private static String attributes(Part part) {
    List<String> parameters = new ArrayList<>();
    List<String> buffers = new ArrayList<>();
    StringBuilder types = new StringBuilder("  training : bool\n");
    part.arrays.forEach(
        (name, input) -> {
          (isParameter(input) ? parameters : buffers).add(ScriptText.quoted(name) + ", ");
          types.append("  __annotations__[").append(ScriptText.quoted(name)).append("] = Tensor\n");
        });
    part.parts.forEach(
        (name, inner) ->
            types
                .append("  __annotations__[")
                .append(ScriptText.quoted(name))
                .append("] = __torch__.")
                .append(inner.type)
                .append('\n'));
    return "  __parameters__ = ["
        + String.join("", parameters)
        + "]\n  __buffers__ = ["
        + String.join("", buffers)
        + "]\n"
        + types;
  }
}

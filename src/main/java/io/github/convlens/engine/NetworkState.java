package io.github.convlens.engine;

import ai.djl.MalformedModelException;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.ParameterList;
import ai.djl.util.Pair;
import io.github.convlens.engine.internal.ProgramArrays;
import io.github.convlens.graph.Graph;
import io.github.convlens.graph.Module;
import io.github.convlens.graph.Node;
import io.github.convlens.graph.Tree;
import io.github.convlens.program.ArrayFile;
import io.github.convlens.program.StateDict;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The state dict of a network's block: PyTorch's names for its parameters, which are {@code
 * layer1.0.conv1.weight} for the module {@code layer1.0.conv1}, and shapes for them. Modules that
 * forward does not call have theirs, too; their numbers are kept beside the block.
 */
final class NetworkState {
  private static final String COUNTER = BlockBuilder.COUNTER;

  private final GraphBlock network;
  private final Map<String, Shape> shapes = new LinkedHashMap<>();
  private final Map<String, Parameter> parameters = new LinkedHashMap<>();

  NetworkState(GraphBlock network) {
    this.network = network;
    Graph graph = network.graph();
    Map<String, Module> modules = new LinkedHashMap<>();
    graph.notCalled().forEach(module -> modules.put(module.path(), module));
    for (int i = 0; i < graph.nodes().size(); i++) {
      Node node = graph.nodes().get(i);
      if (node.origin() == Node.Origin.MODULE) {
        modules.put(node.path(), node.module());
        hold(node.module(), network.block(i));
      }
    }
    expect(graph.tree(), modules);
    modules.values().forEach(this::expect);
  }

  /** In the order in which PyTorch prints the modules. */
  private void expect(Tree names, Map<String, Module> modules) {
    Optional.ofNullable(modules.remove(names.path())).ifPresent(this::expect);
    names.children().forEach(child -> expect(child, modules));
  }

  private void expect(Module module) {
    module.layer().state().forEach((name, shape) -> shapes.put(full(module, name), shape));
  }

  private void hold(Module module, Block block) {
    for (String name : module.layer().state().keySet()) {
      if (!name.equals(COUNTER)) {
        parameters.put(full(module, name), parameter(module, block, name));
      }
    }
  }

  private static String full(Module module, String name) {
    return module.path().isEmpty() ? name : module.path() + "." + name;
  }

  /** Ours have PyTorch's names, DJL's have types. */
  private static Parameter parameter(Module module, Block block, String name) {
    ParameterList direct = block.getDirectParameters();
    return Optional.ofNullable(direct.get(name))
        .or(
            () ->
                direct.values().stream()
                    .filter(parameter -> torchName(parameter.getType()).equals(name))
                    .findFirst())
        .orElseThrow(() -> new IllegalStateException("the block of " + module + " has no " + name));
  }

  private static String torchName(Parameter.Type type) {
    return switch (type) {
      case WEIGHT, GAMMA, OTHER -> "weight";
      case BIAS, BETA -> "bias";
      case RUNNING_MEAN -> "running_mean";
      case RUNNING_VAR -> "running_var";
    };
  }

  /**
   * All parameters of the block by PyTorch's names; those that only DJL's blocks have, scales that
   * are 1 and shifts that are 0, behind their module's path.
   */
  Map<String, Parameter> named() {
    Map<String, Parameter> named = new LinkedHashMap<>();
    Set<Parameter> known = Collections.newSetFromMap(new IdentityHashMap<>());
    parameters.forEach(
        (name, parameter) -> {
          named.put(name, parameter);
          known.add(parameter);
        });
    List<Node> nodes = network.graph().nodes();
    for (int i = 0; i < nodes.size(); i++) {
      for (Pair<String, Parameter> each : network.block(i).getDirectParameters()) {
        if (known.add(each.getValue())) {
          named.put(full(nodes.get(i).module(), each.getKey()), each.getValue());
        }
      }
    }
    return named;
  }

  /** The numbers of the block, and those that were loaded for modules that are not called. */
  StateDict save() {
    checkInitialized();
    Map<String, ArrayFile.Numbers> arrays = new LinkedHashMap<>();
    for (String name : shapes.keySet()) {
      Optional.ofNullable(parameters.get(name))
          .map(parameter -> ProgramArrays.numbers(parameter.getArray(), network.precision()))
          .or(() -> network.uncalled(name))
          .ifPresent(numbers -> arrays.put(name, numbers));
    }
    return StateDict.of(arrays);
  }

  /**
   * Puts numbers in the place of the block's.
   *
   * @throws io.github.convlens.program.ProgramException if they do not fit; then nothing has
   *     changed
   */
  void load(StateDict weights) throws IOException {
    checkInitialized();
    new StateLoad(StateDict.Owner.NETWORK, shapes, parameters, this::keep).load(weights);
  }

  /** Takes a copy: these may lie in the file. */
  private void keep(String name, ArrayFile.Numbers numbers) {
    if (!name.equals(COUNTER) && !name.endsWith("." + COUNTER)) {
      ByteBuffer bytes = numbers.bytes();
      ByteBuffer copy = ByteBuffer.allocate(bytes.remaining()).order(bytes.order());
      network.keepUncalled(
          name, new ArrayFile.Numbers(numbers.type(), copy.put(bytes.duplicate()).flip()));
    }
  }

  /**
   * Refuses parameters that were loaded by their order from a file of another network.
   *
   * @throws MalformedModelException if one has another shape; then the block holds none
   */
  void checkShapes() throws MalformedModelException {
    LoadedShapes.check(shapes, parameters);
  }

  private void checkInitialized() {
    if (!parameters.values().stream().allMatch(Parameter::isInitialized)) {
      throw new IllegalStateException(
          "the block holds no weights yet.\nInitialise it first: PyTorchInit.seeded(0)"
              + ".initialize(block, manager, Precision.FLOAT32, shape).");
    }
  }
}

package io.github.convlens.engine;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import io.github.convlens.graph.Graph;
import io.github.convlens.graph.Module;
import io.github.convlens.graph.Node;
import io.github.convlens.graph.Tree;
import io.github.convlens.program.ArrayFile;
import io.github.convlens.program.StateDict;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The state dict of a network's block: PyTorch's names for its parameters, which are {@code
 * layer1.0.conv1.weight} for the module {@code layer1.0.conv1}, and shapes for them. Modules that
 * forward does not call have theirs, too; their numbers are kept beside the block.
 */
final class NetworkState {
  /** A counter that moves no number unless momentum is None, which the engine does not run. */
  private static final String COUNTER = "num_batches_tracked";

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

  private static Parameter parameter(Module module, Block block, String name) {
    return block.getDirectParameters().values().stream()
        .filter(parameter -> torchName(parameter.getType()).equals(name))
        .findFirst()
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

  /** The numbers of the block, and those that were loaded for modules that are not called. */
  StateDict save() {
    checkInitialized();
    Map<String, ArrayFile.Numbers> arrays = new LinkedHashMap<>();
    for (String name : shapes.keySet()) {
      Optional.ofNullable(parameters.get(name))
          .map(parameter -> ProgramArrays.numbers(parameter.getArray()))
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

  private void checkInitialized() {
    if (!parameters.values().stream().allMatch(Parameter::isInitialized)) {
      throw new IllegalStateException(
          "the block holds no weights yet.\nInitialise it first: PyTorchInit.seeded(0)"
              + ".initialize(block, manager, Precision.FLOAT32, shape).");
    }
  }
}

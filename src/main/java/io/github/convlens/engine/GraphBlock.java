package io.github.convlens.engine;

import ai.djl.MalformedModelException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.ParameterList;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import io.github.convlens.engine.internal.Scratch;
import io.github.convlens.graph.Edge;
import io.github.convlens.graph.Graph;
import io.github.convlens.graph.Node;
import io.github.convlens.graph.Shaped;
import io.github.convlens.graph.Shapes;
import io.github.convlens.layer.ShapeException;
import io.github.convlens.program.ArrayFile;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A network as a DJL block: a child for each module, under PyTorch's path, which runs as often as
 * the network calls it; functions between them have no parameters and are no children. Each
 * intermediate array is closed as soon as the last call that needs it has read it.
 */
final class GraphBlock extends AbstractBlock {
  private static final byte VERSION = 1;

  private final Graph graph;
  private final Precision precision;
  private final List<Block> blocks = new ArrayList<>();
  private final Map<Edge, Integer> readers = new HashMap<>();

  private @Nullable Map<String, Parameter> named;

  /** Numbers of modules that are not called, by their names in a state dict. */
  private final Map<String, ArrayFile.Numbers> uncalled = new HashMap<>();

  /**
   * The block of a network whose layers are all decided.
   *
   * @param precision what its blocks compute in, if it is bfloat16
   * @param build makes the block of a node
   * @throws ShapeException if the engine cannot run one of its layers, with the layer's path
   * @throws IllegalArgumentException if a function has parameters, which no module owns
   */
  GraphBlock(Graph graph, Precision precision, Function<Node, Block> build) {
    super(VERSION);
    this.graph = graph;
    this.precision = precision;
    Map<String, Block> modules = new HashMap<>();
    for (Node node : graph.nodes()) {
      try {
        blocks.add(
            node.origin() == Node.Origin.MODULE
                ? modules.computeIfAbsent(
                    node.path(), path -> addChildBlock(path, build.apply(node)))
                : function(node, build));
      } catch (ShapeException e) {
        throw e.at(node.path(), node.layer());
      }
      node.inputs().forEach(this::count);
    }
    graph.outputs().forEach(this::count);
  }

  private static Block function(Node node, Function<Node, Block> build) {
    Block block = build.apply(node);
    if (!block.getDirectParameters().isEmpty()) {
      throw new IllegalArgumentException(
          "a function has no parameters of its own.\n"
              + node.layer()
              + " has some.\nCall it as a module, with a path.");
    }
    return block;
  }

  private void count(Edge edge) {
    readers.merge(edge, 1, Integer::sum);
  }

  /** The network. */
  Graph graph() {
    return graph;
  }

  /** What its blocks compute in, where it is bfloat16. */
  Precision precision() {
    return precision;
  }

  /** The block that a node calls. */
  Block block(int node) {
    return blocks.get(node);
  }

  /** By PyTorch's names: {@code layer1.0.conv1.weight}. */
  @Override
  public ParameterList getParameters() {
    Map<String, Parameter> known = named;
    if (known == null) {
      known = new NetworkState(this).named();
      named = known;
    }
    return new ParameterList(known);
  }

  /** Numbers that were loaded for a module that is not called. */
  Optional<ArrayFile.Numbers> uncalled(String name) {
    return Optional.ofNullable(uncalled.get(name));
  }

  /** Keeps numbers of a module that is not called, for a state dict. */
  void keepUncalled(String name, ArrayFile.Numbers numbers) {
    uncalled.put(name, numbers);
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore parameterStore,
      NDList inputs,
      boolean training,
      PairList<String, Object> params) {
    return run(parameterStore, inputs, training, visit -> {});
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore parameterStore, NDList data, NDList labels, PairList<String, Object> params) {
    return run(parameterStore, data, true, visit -> {});
  }

  /**
   * Runs the network and shows each call to a visitor.
   *
   * @throws IllegalArgumentException if there are not as many arrays as inputs
   * @throws ShapeException if a layer cannot take what reaches it, with the layer's path
   */
  NDList run(
      ParameterStore parameterStore, NDList inputs, boolean training, Consumer<Visit> visitor) {
    int number = graph.inputs().size();
    if (inputs.size() != number) {
      throw new IllegalArgumentException(
          "the network takes "
              + (number == 1 ? "one input.\n" : number + " inputs.\n")
              + (inputs.size() == 1 ? "Here is 1 array.\n" : "Here are " + inputs.size() + ".\n")
              + "Give it an array for each.");
    }
    return new Run(parameterStore, inputs, training, visitor).outputs();
  }

  /** One forward pass. */
  private final class Run {
    /** Of an input: it is the caller's, and stays open. */
    private static final int ALWAYS = Integer.MAX_VALUE / 2;

    private final ParameterStore parameterStore;
    private final NDList inputs;
    private final boolean training;
    private final Consumer<Visit> visitor;
    private final List<NDList> made = new ArrayList<>(blocks.size());

    /** How often each array is still read; a layer may hand on the very array that it is given. */
    private final IdentityHashMap<NDArray, Integer> uses = new IdentityHashMap<>();

    Run(ParameterStore parameterStore, NDList inputs, boolean training, Consumer<Visit> visitor) {
      this.parameterStore = parameterStore;
      this.training = training;
      this.visitor = visitor;
      this.inputs = new NDList();
      for (int i = 0; i < inputs.size(); i++) {
        NDArray input = inputs.get(i);
        boolean isRounded = precision == Precision.BFLOAT16 && input.getDataType().isFloating();
        this.inputs.add(isRounded ? Bfloat16.round(input) : input);
        int read = isRounded ? readers.getOrDefault(new Edge.OfInput(i), 0) : ALWAYS;
        uses.merge(this.inputs.get(i), read, (a, b) -> Math.min(ALWAYS, a + b));
      }
    }

    NDList outputs() {
      try {
        inputs.forEach(this::closeUnread);
        for (int i = 0; i < blocks.size(); i++) {
          visit(i);
        }
      } catch (RuntimeException e) {
        made.forEach(output -> Scratch.close(output, inputs));
        throw e;
      }
      NDList outputs = new NDList();
      graph.outputs().forEach(edge -> outputs.add(array(edge)));
      return outputs;
    }

    private void visit(int i) {
      Node node = graph.nodes().get(i);
      NDList given = new NDList();
      node.inputs().forEach(edge -> given.add(array(edge)));
      NDList output = call(node, blocks.get(i), given);
      made.add(output);
      for (int o = 0; o < output.size(); o++) {
        int read = readers.getOrDefault(new Edge.OfNode(i, o), 0);
        uses.merge(output.get(o), read, Integer::sum);
      }
      visitor.accept(
          new Visit(
              node.path(), node.layer(), blocks.get(i), List.copyOf(given), List.copyOf(output)));
      given.forEach(
          array -> {
            uses.merge(array, -1, Integer::sum);
            closeUnread(array);
          });
      output.forEach(this::closeUnread);
    }

    private NDList call(Node node, Block block, NDList given) {
      try {
        if (!(block instanceof Specified)) { // those check for themselves
          node.layer().outputs(given.stream().map(NDArray::getShape).toList());
        }
        return block.forward(parameterStore, given, training);
      } catch (ShapeException e) {
        throw e.at(node.path(), node.layer());
      }
    }

    private NDArray array(Edge edge) {
      return edge instanceof Edge.OfNode from
          ? made.get(from.node()).get(from.output())
          : inputs.get(((Edge.OfInput) edge).index());
    }

    private void closeUnread(NDArray array) {
      if (uses.getOrDefault(array, 0) == 0) {
        array.close();
      }
    }
  }

  /**
   * DJL's own asks blocks for shapes in ways that run them; here the layers know. A module is
   * initialised for its first call, once; also where it has weights, which DJL marks for training
   * here.
   */
  @Override
  public void initializeChildBlocks(NDManager manager, DataType dataType, Shape... inputShapes) {
    Shaped shaped = Shapes.infer(graph, List.of(inputShapes));
    List<Node> nodes = shaped.graph().nodes();
    Set<String> modules = new HashSet<>();
    for (int i = 0; i < nodes.size(); i++) {
      Shape[] shapes = shaped.inputsOf(nodes.get(i)).toArray(Shape[]::new);
      if (nodes.get(i).origin() == Node.Origin.MODULE && modules.add(nodes.get(i).path())) {
        blocks.get(i).initialize(manager, dataType, shapes);
      }
    }
  }

  /**
   * As DJL's, but for shapes that are not the network's.
   *
   * @throws MalformedModelException if there are such; then the block holds no weights
   */
  @Override
  public void loadParameters(NDManager manager, DataInputStream is)
      throws IOException, MalformedModelException {
    super.loadParameters(manager, is);
    new NetworkState(this).checkShapes();
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputShapes) {
    return Shapes.infer(graph, List.of(inputShapes)).outputs().toArray(Shape[]::new);
  }

  /** As PyTorch prints it. */
  @Override
  public String toString() {
    return graph.toString();
  }
}

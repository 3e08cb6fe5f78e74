package io.github.convlens.graph;

import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.ShapeException;
import io.github.convlens.layer.internal.Exact;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A network: the calls of its {@code forward} in an order in which they can run, and what it gives
 * back. {@code Graph.sequential(conv, relu)} is {@code nn.Sequential(conv, relu)}.
 *
 * @param inputs the names of the inputs
 * @param nodes the calls; each reads inputs and earlier nodes only
 * @param outputs what the network gives back
 * @param tree the names of its modules, nested
 * @param notCalled modules that {@code forward} does not call: heads for training, say
 * @param notes what had to be assumed in reading it
 * @param guessed the paths of the blocks whose {@code forward} was guessed: what it calls besides
 *     their children is not known. Empty where all is exact
 * @param taken what classes are taken to be whose name and children say it: no note of an answer,
 *     but a cause to name where one does not fit
 */
public record Graph(
    List<String> inputs,
    List<Node> nodes,
    List<Edge> outputs,
    Tree tree,
    List<Module> notCalled,
    List<Note> notes,
    List<String> guessed,
    List<Note> taken) {

  /**
   * Checks the edges and takes copies of the lists.
   *
   * @throws IllegalArgumentException if a node reads a later one or itself, an edge leads nowhere,
   *     or two modules share a path
   */
  public Graph {
    inputs = List.copyOf(inputs);
    nodes = List.copyOf(nodes);
    outputs = List.copyOf(outputs);
    notCalled = List.copyOf(notCalled);
    notes = Note.grouped(notes);
    guessed = List.copyOf(guessed);
    taken = List.copyOf(taken);
    for (int i = 0; i < nodes.size(); i++) {
      Node node = nodes.get(i);
      for (Edge edge : node.inputs()) {
        check(edge, inputs.size(), i, node);
      }
    }
    for (Edge edge : outputs) {
      check(edge, inputs.size(), nodes.size(), null);
    }
    if (nodes.size() > 1) {
      checkPaths(nodes);
    }
  }

  private static void checkPaths(List<Node> nodes) {
    Map<String, LayerSpec> layers = new HashMap<>();
    for (Node node : nodes) {
      if (node.origin() == Node.Origin.MODULE) {
        LayerSpec other = layers.putIfAbsent(node.path(), node.layer());
        if (other != null && other != node.layer() && !other.equals(node.layer())) {
          throw new IllegalArgumentException(
              "two modules are called " + node.path() + ": " + other + " and " + node.layer());
        }
      }
    }
  }

  /** A network in which nothing was guessed. */
  public Graph(
      List<String> inputs,
      List<Node> nodes,
      List<Edge> outputs,
      Tree tree,
      List<Module> notCalled,
      List<Note> notes) {
    this(inputs, nodes, outputs, tree, notCalled, notes, List.of(), List.of());
  }

  private static void check(Edge edge, int inputs, int nodes, @Nullable Node reader) {
    boolean known =
        edge instanceof Edge.OfNode from
            ? from.node() >= 0 && from.node() < nodes && from.output() >= 0
            : edge instanceof Edge.OfInput input && input.index() >= 0 && input.index() < inputs;
    if (!known) {
      throw new IllegalArgumentException(
          (reader == null ? "the output" : "node " + nodes + " (" + reader.path() + ")")
              + " reads "
              + edge
              + ", which is not there yet.\nA node reads the inputs and the nodes before it; a"
              + " network has no cycles.");
    }
  }

  /** The same network with one more note. */
  public Graph with(Note note) {
    List<Note> more = new ArrayList<>(notes);
    more.add(note);
    return new Graph(inputs, nodes, outputs, tree, notCalled, more, guessed, taken);
  }

  /** The network that is one layer. */
  public static Graph of(LayerSpec layer) {
    Builder builder = new Builder();
    Edge x = builder.input("x");
    Edge y = builder.call(new Module("", layer), x);
    return builder.build(List.of(y), new Tree(layer.type(), "", List.of()));
  }

  /** Layers one behind the other, named by their number, from 0, as PyTorch names them. */
  public static Graph sequential(LayerSpec... layers) {
    Builder builder = new Builder();
    Edge last = builder.input("x");
    List<Tree> names = new ArrayList<>();
    for (int i = 0; i < layers.length; i++) {
      String name = Integer.toString(i);
      last = builder.call(new Module(name, layers[i]), last);
      names.add(new Tree(layers[i].type(), name, List.of()));
    }
    return builder.build(List.of(last), new Tree("Sequential", "", names));
  }

  /** Makes a graph call by call. */
  public static final class Builder {
    private final List<String> inputs = new ArrayList<>(1);
    private final List<Node> nodes = new ArrayList<>();
    private final List<Module> notCalled = new ArrayList<>();
    private final List<Note> notes = new ArrayList<>();
    private final List<String> guessed = new ArrayList<>();
    private final List<Note> taken = new ArrayList<>();

    /** Another input of the network. */
    public Edge input(String name) {
      inputs.add(name);
      return new Edge.OfInput(inputs.size() - 1);
    }

    /** Calls a module; the answer is its first output. */
    public Edge call(Module module, Edge... arguments) {
      return add(new Node(module, Node.Origin.MODULE, List.of(arguments)));
    }

    /** Calls a function in the block with this path; the answer is its first output. */
    public Edge apply(String path, LayerSpec function, List<Edge> arguments) {
      return add(new Node(new Module(path, function), Node.Origin.FUNCTION, arguments));
    }

    /** Calls a function that nobody wrote. */
    public Edge assume(String path, LayerSpec function, Edge argument) {
      return add(new Node(new Module(path, function), Node.Origin.ASSUMED, List.of(argument)));
    }

    /** A node made elsewhere; the answer is its first output. */
    public Edge add(Node node) {
      nodes.add(node);
      return new Edge.OfNode(nodes.size() - 1, 0);
    }

    /** The layer of a call that was added. */
    public LayerSpec layer(Edge.OfNode call) {
      return nodes.get(call.node()).layer();
    }

    /** Another output of the node that an edge comes from. */
    public static Edge output(Edge ofNode, int output) {
      if (!(ofNode instanceof Edge.OfNode from)) {
        throw new IllegalArgumentException("an input of the network is one array, not several.");
      }
      return new Edge.OfNode(from.node(), output);
    }

    /** A module that is there and not called. */
    public void notCalled(Module module) {
      notCalled.add(module);
    }

    /** Something that a user must know. */
    public void note(Note note) {
      notes.add(note);
    }

    /** The {@code forward} of the block with this path is a guess. */
    public void guessed(String path) {
      guessed.add(path);
    }

    /** What a class is taken to be without doubt. */
    public void taken(Note note) {
      taken.add(note);
    }

    /** The paths of the modules that were called so far. */
    public Set<String> called() {
      Set<String> called = new HashSet<>();
      for (Node node : nodes) {
        if (node.origin() == Node.Origin.MODULE) {
          called.add(node.path());
        }
      }
      return called;
    }

    /** The node that an edge comes from; empty for an input of the network. */
    public Optional<Node> maker(Edge edge) {
      return edge instanceof Edge.OfNode from
          ? Optional.of(nodes.get(from.node()))
          : Optional.empty();
    }

    /** The graph. */
    public Graph build(List<Edge> outputs, Tree tree) {
      return new Graph(inputs, nodes, outputs, tree, notCalled, notes, guessed, taken);
    }
  }

  /** The modules that are called, each once, in the order of their first call. */
  public Collection<Module> modules() {
    return byPath().values();
  }

  Map<String, Module> byPath() {
    Map<String, Module> modules = new LinkedHashMap<>();
    for (Node node : nodes) {
      if (node.origin() == Node.Origin.MODULE) {
        modules.putIfAbsent(node.path(), node.module());
      }
    }
    return modules;
  }

  /**
   * The module with this path.
   *
   * @throws IllegalArgumentException if there is none
   */
  public Module module(String path) {
    Module module = byPath().get(path);
    return module != null
        ? module
        : notCalled.stream()
            .filter(each -> each.path().equals(path))
            .findFirst()
            .orElseThrow(() -> unknown(path));
  }

  private IllegalArgumentException unknown(String path) {
    List<String> some =
        modules().stream().map(Module::path).filter(each -> !each.isEmpty()).limit(5).toList();
    return new IllegalArgumentException(
        "there is no layer called "
            + path
            + (some.isEmpty()
                ? ".\nIt is a single layer without a name."
                : ".\nIts layers are "
                    + String.join(", ", some)
                    + (modules().size() > 5 ? ", ..." : "")
                    + "."));
  }

  /** The same network with each module's layer replaced; a module that runs twice stays one. */
  public Graph map(UnaryOperator<LayerSpec> replace) {
    Map<String, LayerSpec> replaced = new HashMap<>();
    Function<Module, Module> of =
        module ->
            new Module(
                module.path(),
                replaced.computeIfAbsent(module.path(), path -> replace.apply(module.layer())));
    return new Graph(
        inputs,
        nodes.stream()
            .map(
                node ->
                    node.origin() == Node.Origin.MODULE
                        ? new Node(of.apply(node.module()), node.origin(), node.inputs())
                        : node)
            .toList(),
        outputs,
        tree,
        notCalled.stream().map(of).toList(),
        notes,
        guessed,
        taken);
  }

  /**
   * The network up to the last call of a module or block: what it gives back is that call's output.
   * Modules that come later are not in it.
   *
   * @param path a module's path, {@code layer1.0.conv1}, or a block's, {@code layer1.0}
   * @throws IllegalArgumentException if nothing has this path
   */
  public Graph upTo(String path) {
    int last =
        IntStream.iterate(nodes.size() - 1, i -> i >= 0, i -> i - 1)
            .filter(i -> isWithin(nodes.get(i).path(), path))
            .findFirst()
            .orElseThrow(() -> unknown(path));
    List<Edge> end = List.of(new Edge.OfNode(last, 0));
    return new Graph(
            inputs, nodes.subList(0, last + 1), end, tree, List.of(), notes, guessed, taken)
        .needed();
  }

  static boolean isWithin(String path, String outer) {
    return path.equals(outer) || outer.isEmpty() || path.startsWith(outer + ".");
  }

  /** The same without the nodes that no output depends on. */
  private Graph needed() {
    boolean[] isNeeded = new boolean[nodes.size()];
    mark(outputs, isNeeded);
    for (int i = nodes.size() - 1; i >= 0; i--) {
      if (isNeeded[i]) {
        mark(nodes.get(i).inputs(), isNeeded);
      }
    }
    int[] places = new int[nodes.size()];
    List<Node> kept = new ArrayList<>();
    for (int i = 0; i < nodes.size(); i++) {
      if (isNeeded[i]) {
        places[i] = kept.size();
        Node node = nodes.get(i);
        kept.add(new Node(node.module(), node.origin(), moved(node.inputs(), places)));
      }
    }
    Set<String> called = kept.stream().map(Node::path).collect(Collectors.toSet());
    Tree names = new Tree(tree.type(), tree.path(), called(tree, called));
    return new Graph(inputs, kept, moved(outputs, places), names, notCalled, notes, guessed, taken);
  }

  /** The children that have something to do with these paths. */
  private static List<Tree> called(Tree tree, Set<String> paths) {
    List<Tree> kept = new ArrayList<>();
    for (Tree child : tree.children()) {
      List<Tree> inside = called(child, paths);
      if (!inside.isEmpty() || paths.contains(child.path())) {
        kept.add(new Tree(child.type(), child.path(), inside));
      }
    }
    return kept;
  }

  private static void mark(List<Edge> edges, boolean[] isNeeded) {
    for (Edge edge : edges) {
      if (edge instanceof Edge.OfNode from) {
        isNeeded[from.node()] = true;
      }
    }
  }

  private static List<Edge> moved(List<Edge> edges, int[] places) {
    return edges.stream()
        .map(
            edge ->
                edge instanceof Edge.OfNode from
                    ? (Edge) new Edge.OfNode(places[from.node()], from.output())
                    : edge)
        .toList();
  }

  /**
   * The layer of a network that is one layer.
   *
   * @throws IllegalStateException if it is more than one
   */
  public LayerSpec layer() {
    if (nodes.size() != 1) {
      throw new IllegalStateException(
          "the network has "
              + nodes.size()
              + " calls, not one layer: ask for a module by its path.");
    }
    return nodes.get(0).layer();
  }

  /** All learned numbers of the modules that are called, each module once. */
  public long parameters() {
    return modules().stream().mapToLong(Graph::parameters).reduce(0, Exact::add);
  }

  private static long parameters(Module module) {
    try {
      return module.layer().parameters();
    } catch (ShapeException e) {
      throw e.at(module.path(), module.layer());
    }
  }

  /** As PyTorch prints it: {@code print(model)}. What forward calls as a function is not in it. */
  @Override
  public String toString() {
    Map<String, Module> modules = byPath();
    notCalled.forEach(module -> modules.putIfAbsent(module.path(), module));
    return tree.print(
        leaf -> {
          Module module = modules.get(leaf.path());
          return module == null ? leaf.type() + "()" : module.layer().toString();
        });
  }
}

package io.github.convlens.graph;

import io.github.convlens.layer.PoolSpec;
import io.github.convlens.layer.internal.Printable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A call that a {@code forward} makes and a print does not show: {@code pool2@conv2} is a pool of 2
 * behind the child conv2, {@code pool@conv2} is the printed module pool that runs again there. It
 * can be put in where a {@code forward} was guessed.
 *
 * @param call the path of a layer of the network, or else {@code pool2}, {@code pool3s2p1}, {@code
 *     avg2}, {@code adaptive6}, {@code mean} or {@code flatten}
 * @param path the path of the child behind which it is called
 */
public record Assumption(String call, String path) {
  private static final int MOST_PLACES = 12;
  private static final int LONGEST = 80;
  private static final String PUT_IN = " is put in ";

  /**
   * Reads {@code pool2@conv2}.
   *
   * @throws IllegalArgumentException if the text is not of this form
   */
  public static Assumption parse(String text) {
    int at = text.indexOf('@');
    if (at < 1 || at == text.length() - 1) {
      throw new IllegalArgumentException(
          "'" + shown(text) + "' is not of the form CALL@PATH, such as pool2@conv2.");
    }
    return new Assumption(text.substring(0, at), text.substring(at + 1));
  }

  /**
   * The network with the calls put in. Where several are behind one child, the first one runs
   * first. A pool that is printed in front of all layers that learn runs here only. Each is {@link
   * Node.Origin#ASSUMED}, or a module that runs again, which a note tells.
   *
   * @throws IllegalArgumentException if nothing was guessed in the network, or it has no such place
   *     or call; the message says which there are
   */
  public static Graph put(Graph graph, List<Assumption> assumptions) {
    Insertion insertion = new Insertion(graph);
    for (Assumption assumption : assumptions) {
      insertion.add(assumption);
    }
    return insertion.graph();
  }

  /** {@code pool2@conv2}. */
  @Override
  public String toString() {
    return call + "@" + path;
  }

  /**
   * The calls that were put in and lead to a module: an error there may be theirs.
   *
   * @param path the module's path
   */
  static List<Assumption> inFrontOf(Graph graph, String path) {
    List<Note> putIn = graph.notes().stream().filter(note -> note.text().contains(PUT_IN)).toList();
    boolean hasCall = graph.nodes().stream().anyMatch(node -> node.layer() instanceof AssumedCall);
    if (putIn.isEmpty() && !hasCall) {
      return List.of(); // what follows takes long in a network of thousands of blocks
    }
    List<Places.Place> places = new Places(graph).all();
    List<Set<Assumption>> behind = new ArrayList<>(graph.nodes().size());
    List<String> ends = new ArrayList<>(graph.nodes().size());
    Set<Assumption> found = new LinkedHashSet<>();
    for (Node node : graph.nodes()) {
      Set<Assumption> all = new LinkedHashSet<>();
      for (Edge edge : node.inputs()) {
        if (edge instanceof Edge.OfNode from) {
          all.addAll(behind.get(from.node()));
        }
      }
      if (node.path().equals(path)) {
        found.addAll(all);
      }
      Optional<Assumption> here =
          node.layer() instanceof AssumedCall call
              ? function(call, node.path(), places)
              : again(putIn, node, ends);
      here.ifPresent(all::add);
      behind.add(all);
      ends.add(here.map(Assumption::path).orElse(node.path()));
    }
    return List.copyOf(found);
  }

  /** The assumption that has put a function in. */
  private static Optional<Assumption> function(
      AssumedCall call, String path, List<Places.Place> places) {
    return places.stream()
        .map(place -> new Assumption(call.toString(), place.path()))
        .filter(assumption -> assumption.functionPath().equals(path))
        .findFirst();
  }

  /**
   * The assumption by which a module runs again, or elsewhere.
   *
   * @param ends for each node in front its path, or that of the child behind which it was put in
   */
  private static Optional<Assumption> again(List<Note> notes, Node node, List<String> ends) {
    String start = Printable.line(node.path()) + PUT_IN;
    return notes.stream()
        .filter(note -> note.text().startsWith(start))
        .flatMap(note -> note.paths().stream())
        .filter(
            place ->
                node.inputs().get(0) instanceof Edge.OfNode from
                    && Graph.isWithin(ends.get(from.node()), place))
        .map(place -> new Assumption(node.path(), place))
        .findFirst();
  }

  /** {@code block.(pool2@conv2)}: the path of the call where it is of a function. */
  private String functionPath() {
    String block = path.substring(0, path.lastIndexOf('.') + 1);
    return block + "(" + call + "@" + path.substring(block.length()) + ")";
  }

  private static String shown(String text) {
    return Printable.brief(Printable.line(text), LONGEST);
  }

  /** Puts calls into a network. */
  private static final class Insertion {
    private final Graph graph;
    private final Places places;
    private final List<List<Assumption>> behind = new ArrayList<>();
    private final List<Node> nodes = new ArrayList<>();
    private final List<Note> notes;

    /** For each node of the graph its place among {@link #nodes}. */
    private final int[] moved;

    /** For each node of the graph what is now where its output was. */
    private final List<Edge> last = new ArrayList<>();

    /** The paths of the pools that do not run where they are printed. */
    private final Set<String> elsewhere = new HashSet<>();

    Insertion(Graph graph) {
      this.graph = graph;
      places = new Places(graph);
      notes = new ArrayList<>(graph.notes());
      moved = new int[graph.nodes().size()];
      graph.nodes().forEach(node -> behind.add(new ArrayList<>(0)));
    }

    void add(Assumption assumption) {
      Places.Place place =
          places.behind(assumption.path).orElseThrow(() -> noPlace(assumption.path));
      Module module = module(assumption); // refuses a call that is not known
      if (isInFrontOfAll(module)) {
        elsewhere.add(module.path());
      }
      behind.get(place.node()).add(assumption);
    }

    private IllegalArgumentException noPlace(String path) {
      List<String> paths =
          places.all().stream().map(Places.Place::path).limit(MOST_PLACES).toList();
      String rest = places.all().size() > MOST_PLACES ? ", ..." : "";
      return new IllegalArgumentException(
          paths.isEmpty()
              ? "nothing is guessed in these layers: " + asWritten()
              : "'"
                  + shown(path)
                  + "' is not a place where forward may call more than the print shows. The places"
                  + " are "
                  + paths.stream().map(Assumption::shown).collect(Collectors.joining(", "))
                  + rest
                  + ".");
    }

    /** Why nothing is guessed: there is no class, or its recipe is known. */
    private String asWritten() {
      return firstClass(graph.tree())
          .map(
              type ->
                  "a known recipe says what forward of "
                      + Printable.brief(Printable.line(type), LONGEST)
                      + " does. If yours does something else, say so with --recipes FILE; else leave"
                      + " the option out.")
          .orElse(
              "they run as they are written. Write the missing one where it runs, or leave the"
                  + " option out.");
    }

    /** The first class with children that is neither PyTorch's own nor the notation's. */
    private static Optional<String> firstClass(Tree tree) {
      if (tree.children().isEmpty()) {
        return Optional.empty();
      }
      if (!tree.type().equals("Sequential") && !tree.type().startsWith(Tree.OURS)) {
        return Optional.of(tree.type());
      }
      return tree.children().stream()
          .map(Insertion::firstClass)
          .flatMap(Optional::stream)
          .findFirst();
    }

    /** What is called: a layer of the network with this path, or a function. */
    private Module module(Assumption assumption) {
      Module printed = graph.byPath().get(assumption.call);
      if (printed != null) {
        return printed;
      }
      AssumedCall function =
          AssumedCall.of(assumption.call).orElseThrow(() -> unknown(assumption.call));
      function.over(2); // refuses numbers that no pool can have
      return new Module(
          new Assumption(function.toString(), assumption.path).functionPath(), function);
    }

    private static IllegalArgumentException unknown(String call) {
      return new IllegalArgumentException(
          "'"
              + shown(call)
              + "' is neither a layer of this print, which runs again, nor a call that is known. Use "
              + AssumedCall.WORDS
              + ".");
    }

    /**
     * Whether a module is a pool that is printed in front of every layer with parameters. It was
     * declared there, to run later: nobody pools the picture itself.
     */
    private boolean isInFrontOfAll(Module module) {
      return module.layer() instanceof PoolSpec
          && graph.nodes().stream()
              .takeWhile(node -> node.layer().parameters() == 0)
              .anyMatch(node -> node.module().equals(module));
    }

    Graph graph() {
      for (int i = 0; i < graph.nodes().size(); i++) {
        Node node = graph.nodes().get(i);
        List<Edge> inputs = edges(node.inputs());
        moved[i] = nodes.size();
        Edge end = inputs.get(0);
        if (!elsewhere.contains(node.path())) {
          nodes.add(new Node(node.module(), node.origin(), inputs));
          end = new Edge.OfNode(moved[i], 0);
        }
        for (Assumption assumption : behind.get(i)) {
          call(assumption, end);
          end = new Edge.OfNode(nodes.size() - 1, 0);
        }
        last.add(end);
      }
      return new Graph(
          graph.inputs(),
          nodes,
          edges(graph.outputs()),
          graph.tree(),
          graph.notCalled(),
          notes,
          graph.guessed(),
          graph.taken());
    }

    private void call(Assumption assumption, Edge input) {
      Module module = module(assumption);
      boolean printed = module.path().equals(assumption.call);
      if (printed) {
        notes.add(
            Note.assumption(
                Printable.line(assumption.call)
                    + PUT_IN
                    + (elsewhere.contains(assumption.call)
                        ? "behind it, not where it is printed"
                        : "once more behind it")
                    + ": a print does not show when and how often forward calls a layer.",
                assumption.path));
      }
      Node.Origin origin = printed ? Node.Origin.MODULE : Node.Origin.ASSUMED;
      nodes.add(new Node(module, origin, List.of(input)));
    }

    private List<Edge> edges(List<Edge> edges) {
      List<Edge> result = new ArrayList<>(edges.size());
      for (Edge edge : edges) {
        result.add(edge instanceof Edge.OfNode from ? edge(from) : edge);
      }
      return result;
    }

    private Edge edge(Edge.OfNode from) {
      return from.output() == 0
          ? last.get(from.node())
          : new Edge.OfNode(moved[from.node()], from.output());
    }
  }
}

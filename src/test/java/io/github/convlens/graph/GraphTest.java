package io.github.convlens.graph;

import static io.github.convlens.graph.Nets.conv;
import static io.github.convlens.graph.Nets.layers;
import static io.github.convlens.graph.Nets.linear;
import static io.github.convlens.graph.Nets.named;
import static io.github.convlens.graph.Nets.relu;
import static io.github.convlens.graph.Nets.residual;
import static io.github.convlens.graph.Nets.seq;
import static io.github.convlens.graph.Nets.sequential;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.FlattenSpec;
import io.github.convlens.layer.IdentitySpec;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.PReluSpec;
import io.github.convlens.layer.SplitSpec;
import io.github.convlens.layer.SumSpec;
import io.github.convlens.notation.Presets;
import io.github.convlens.notation.PyTorch;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Modules own parameters, nodes call them, edges lead forwards. */
class GraphTest {
  private static final Tree NO_NAMES = new Tree("Net", "", List.of());

  /** {@code act} runs twice; {@code aux} is there for training only. */
  private static Graph shared() {
    Graph.Builder builder = new Graph.Builder();
    Module act = new Module("act", new PReluSpec(4, 0.25));
    Edge x = builder.input("x");
    Edge first = builder.call(act, builder.call(new Module("conv1", conv(3, 4, 3, 1, 1)), x));
    Edge second = builder.call(act, builder.call(new Module("conv2", conv(4, 4, 3, 1, 1)), first));
    builder.notCalled(new Module("aux", linear(9, 2)));
    Tree tree =
        new Tree(
            "Net",
            "",
            List.of(
                new Tree("Conv2d", "conv1", List.of()),
                new Tree("PReLU", "act", List.of()),
                new Tree("Conv2d", "conv2", List.of()),
                new Tree("Linear", "aux", List.of())));
    return builder.build(List.of(second), tree);
  }

  private static String refused(Executable call) {
    return assertThrows(IllegalArgumentException.class, call).getMessage();
  }

  @Test
  void aModuleThatRunsTwiceIsOneModule() {
    Graph net = shared();
    assertEquals(
        List.of("conv1", "act", "conv2"), net.modules().stream().map(Module::path).toList());
    assertEquals((27 * 4 + 4) + 4 + (36 * 4 + 4), net.parameters());
    assertEquals(4, net.nodes().size());
    assertEquals(
        """
        Net(
          (conv1): Conv2d(3, 4, kernel_size=(3, 3), padding=(1, 1))
          (act): PReLU(num_parameters=4)
          (conv2): Conv2d(4, 4, kernel_size=(3, 3), padding=(1, 1))
          (aux): Linear(in_features=9, out_features=2)
        )\
        """,
        net.toString());
  }

  @Test
  void modulesAreFoundByTheirPath() {
    Graph net = shared();
    assertEquals("PReLU(num_parameters=4)", net.module("act").layer().toString());
    assertEquals(20, net.module("aux").layer().parameters()); // not called, but there
    assertEquals(
        "there is no layer called conv3.\nIts layers are conv1, act, conv2.",
        refused(() -> net.module("conv3")));
    Graph long7 = Graph.sequential(relu(), relu(), relu(), relu(), relu(), relu(), relu());
    assertEquals(
        "there is no layer called 7.\nIts layers are 0, 1, 2, 3, 4, ....",
        refused(() -> long7.module("7")));
    assertEquals(
        "there is no layer called 0.\nIt is a single layer without a name.",
        refused(() -> Graph.of(relu()).module("0")));
  }

  @Test
  void mapReplacesAModuleOnceAndEverywhere() {
    List<LayerSpec> asked = new ArrayList<>();
    Graph changed =
        shared()
            .map(
                layer -> {
                  asked.add(layer);
                  return layer instanceof PReluSpec ? relu() : layer;
                });
    assertEquals(4, asked.size()); // conv1, act, conv2, aux
    assertEquals(
        List.of(
            "Conv2d(3, 4, kernel_size=(3, 3), padding=(1, 1))",
            "ReLU()",
            "Conv2d(4, 4, kernel_size=(3, 3), padding=(1, 1))",
            "ReLU()"),
        layers(changed));
    assertSame(changed.nodes().get(1).module().layer(), changed.nodes().get(3).module().layer());
    // what forward calls as a function belongs to no module
    Graph sum = Nets.graph(residual(relu()));
    assertEquals(List.of("Identity()", "add()"), layers(sum.map(layer -> new IdentitySpec())));
  }

  @Test
  void aNetworkEndsAtAModuleOrABlock() {
    Graph net =
        sequential(
            named("stem", conv(3, 4, 3, 1, 1)),
            named("body", residual(seq(conv(4, 4, 3, 1, 1), relu()))),
            named("head", seq(FlattenSpec.ALL, linear(64, 10))));
    assertEquals(
        List.of("Conv2d(3, 4, kernel_size=(3, 3), padding=(1, 1))"), layers(net.upTo("stem")));
    assertEquals(
        """
        Sequential(
          (stem): Conv2d(3, 4, kernel_size=(3, 3), padding=(1, 1))
          (body): convlens.Residual(
            (main): Sequential(
              (0): Conv2d(4, 4, kernel_size=(3, 3), padding=(1, 1))
              (1): ReLU()
            )
          )
        )\
        """,
        net.upTo("body").toString());
    assertEquals(
        new Shape(2, 4, 4, 4), Shapes.infer(net.upTo("body"), new Shape(2, 3, 4, 4)).output());
    // the branch of the sum that is not asked for is left out
    assertEquals(2, net.upTo("body.main.0").nodes().size());
    assertEquals(net.nodes(), net.upTo("").nodes());
    assertEquals(net.upTo("body"), PyTorch.parse(net.upTo("body").toString()));
    assertEquals(
        "there is no layer called bod.\nIts layers are stem, body.main.0, body.main.1, head.0,"
            + " head.1.",
        refused(() -> net.upTo("bod")));
  }

  @Test
  void aSharedModuleIsRunUpToItsLastCall() {
    assertEquals(4, shared().upTo("act").nodes().size());
    assertEquals(3, shared().upTo("conv2").nodes().size());
    assertEquals(List.of(), shared().upTo("conv2").notCalled());
  }

  @Test
  void severalInputsAndOutputs() {
    Graph.Builder builder = new Graph.Builder();
    Edge one = builder.input("one");
    Edge other = builder.input("other");
    Edge sum = builder.apply("", new SumSpec(), List.of(one, other));
    Edge left =
        builder.apply("(chunk)", new SplitSpec(1, new SplitSpec.Parts.Chunks(2)), List.of(sum));
    Edge right = Graph.Builder.output(left, 1);
    Graph net = builder.build(List.of(right, left, sum), NO_NAMES);
    Shaped shaped = Shapes.infer(net, List.of(new Shape(2, 5, 4), new Shape(2, 5, 1)));
    assertEquals(
        List.of(new Shape(2, 2, 4), new Shape(2, 3, 4), new Shape(2, 5, 4)), shaped.outputs());
    assertEquals(
        "an input of the network is one array, not several.",
        refused(() -> Graph.Builder.output(one, 1)));
  }

  @Test
  void edgesLeadForwards() {
    Module module = new Module("loop", relu());
    Edge own = new Edge.OfNode(0, 0);
    assertEquals(
        "node 0 (loop) reads OfNode[node=0, output=0], which is not there yet.\n"
            + "A node reads the inputs and the nodes before it; a network has no cycles.",
        refused(() -> graph(List.of(new Node(module, Node.Origin.MODULE, List.of(own))), own)));
    Node first = new Node(module, Node.Origin.MODULE, List.of(new Edge.OfNode(1, 0)));
    Node second = new Node(new Module("b", relu()), Node.Origin.MODULE, List.of(own));
    assertEquals(
        "node 0 (loop) reads OfNode[node=1, output=0], which is not there yet.\n"
            + "A node reads the inputs and the nodes before it; a network has no cycles.",
        refused(() -> graph(List.of(first, second), own)));
    assertEquals(
        "the output reads OfNode[node=0, output=0], which is not there yet.\n"
            + "A node reads the inputs and the nodes before it; a network has no cycles.",
        refused(() -> graph(List.of(), own)));
    assertEquals(
        "the output reads OfInput[index=1], which is not there yet.\n"
            + "A node reads the inputs and the nodes before it; a network has no cycles.",
        refused(() -> graph(List.of(), new Edge.OfInput(1))));
    refused(() -> graph(List.of(), new Edge.OfInput(-1)));
  }

  private static Graph graph(List<Node> nodes, Edge output) {
    return new Graph(List.of("x"), nodes, List.of(output), NO_NAMES, List.of(), List.of());
  }

  @Test
  void aPathNamesOneModule() {
    Graph.Builder builder = new Graph.Builder();
    Edge x = builder.input("x");
    Edge a = builder.call(new Module("a", relu()), x);
    Edge same = builder.call(new Module("a", relu()), a); // an equal layer: the module again
    Edge other = builder.call(new Module("a", new IdentitySpec()), same);
    assertEquals(
        "two modules are called a: ReLU() and Identity()",
        refused(() -> builder.build(List.of(other), NO_NAMES)));
  }

  @Test
  void aNetworkOfOneLayerIsThatLayer() {
    assertEquals(relu(), Graph.of(relu()).layer());
    assertEquals("ReLU()", Graph.of(relu()).toString());
    IllegalStateException e =
        assertThrows(IllegalStateException.class, () -> Graph.sequential(relu(), relu()).layer());
    assertEquals(
        "the network has 2 calls, not one layer: ask for a module by its path.", e.getMessage());
  }

  static List<String> presets() {
    return Presets.names();
  }

  /** Also what is left of it where a known class misses its last children. */
  @ParameterizedTest
  @MethodSource("presets")
  void whatIsPrintedReadsBack(String name) {
    Graph net = PyTorch.parse(Presets.text(name));
    assertEquals(net, PyTorch.parse(net.toString()));
    assertEquals(net.toString(), PyTorch.parse(net.toString()).toString());
    String last = net.modules().stream().map(Module::path).collect(Collectors.toList()).get(3);
    Graph start = net.upTo(last);
    assertEquals(start.toString(), PyTorch.parse(start.toString()).toString());
  }

  @Test
  void aNameIsTheLastPartOfAPath() {
    assertEquals("conv1", new Tree("Conv2d", "layer1.0.conv1", List.of()).name());
    assertEquals("conv1", new Tree("Conv2d", "conv1", List.of()).name());
    assertEquals("", new Tree("Net", "", List.of()).name());
  }
}

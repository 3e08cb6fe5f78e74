package io.github.convlens.graph;

import static io.github.convlens.graph.Nets.conv;
import static io.github.convlens.graph.Nets.named;
import static io.github.convlens.graph.Nets.relu;
import static io.github.convlens.graph.Nets.residual;
import static io.github.convlens.graph.Nets.seq;
import static io.github.convlens.graph.Nets.sequential;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.ProcessorTime;
import io.github.convlens.layer.Axis;
import io.github.convlens.layer.Convention;
import io.github.convlens.layer.CustomSpec;
import io.github.convlens.layer.IdentitySpec;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.PaddingMode;
import io.github.convlens.layer.Reach;
import io.github.convlens.layer.ShapeException;
import io.github.convlens.layer.SplitSpec;
import io.github.convlens.notation.NotationException;
import io.github.convlens.notation.PyTorch;
import io.github.convlens.trace.Explanation;
import io.github.convlens.trace.Row;
import io.github.convlens.trace.Seen;
import io.github.convlens.trace.Trace;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Shapes are put on a network once, by the layers, of whatever kind; and what cannot be is said.
 */
class ShapesTest {
  /** Counts how often it is asked. */
  private static final class Counting implements CustomSpec {
    private int asked;

    @Override
    public String type() {
      return "Counting";
    }

    @Override
    public Shape output(Shape input) {
      asked++;
      return input;
    }
  }

  /**
   * A user's own kind: every other row, two learned numbers, as many multiply-adds as it has
   * outputs.
   */
  private record EveryOtherRow(long gain) implements CustomSpec {
    @Override
    public String type() {
      return "EveryOtherRow";
    }

    @Override
    public Shape output(Shape input) {
      if (!Axis.in(input).contains(Axis.HEIGHT)) {
        throw ShapeException.of("a picture is needed", "It is no picture.", "Use a picture.");
      }
      return Axis.HEIGHT.with(input, (Axis.HEIGHT.of(input) + 1) / 2);
    }

    @Override
    public long weights() {
      return 2;
    }

    @Override
    public long macs(Shape input) {
      return output(input).size();
    }

    @Override
    public Optional<Reach> reach(Axis axis, Shape input) {
      return Optional.of(
          axis == Axis.HEIGHT
              ? new Reach(1, 2, o -> Reach.Run.of(2 * o, 1, 1), PaddingMode.ZEROS)
              : Reach.POINT);
    }

    @Override
    public String toString() {
      return "EveryOtherRow(" + gain + ")";
    }
  }

  private static String refused(Graph net, Shape... inputs) {
    return assertThrows(ShapeException.class, () -> Shapes.infer(net, List.of(inputs)))
        .getMessage();
  }

  @Test
  void oneQuestionAsksEachNodeOnce() {
    Counting[] layers = {new Counting(), new Counting(), new Counting(), new Counting()};
    Graph net =
        sequential(
            named("stem", layers[0]),
            named("body", residual(seq(layers[1], conv(3, 3, 3, 1, 1)), layers[2])),
            named("head", seq(layers[3])));
    Shape input = new Shape(1, 3, 8, 9);
    Shaped shaped = Shapes.infer(net, input);
    assertEquals("[1, 1, 1, 1]", asked(layers));
    for (Convention convention : Convention.values()) {
      Trace trace = Trace.of(shaped, convention);
      trace.collapsed(1);
      assertEquals(0, Explanation.of(trace).filter(String::isEmpty).count());
    }
    Seen.of(shaped, shaped.graph().outputs().get(0), List.of(3L, 4L));
    assertEquals("[1, 1, 1, 1]", asked(layers));
    Trace.of(net, input, Convention.TORCHVISION);
    assertEquals("[2, 2, 2, 2]", asked(layers));
    assertThrows(IllegalArgumentException.class, () -> net.upTo("tail"));
    net.parameters();
    assertEquals("[2, 2, 2, 2]", asked(layers));
  }

  private static String asked(Counting[] layers) {
    return Arrays.toString(Arrays.stream(layers).mapToInt(layer -> layer.asked).toArray());
  }

  @Test
  void aUserCanAddAKindOfLayer() {
    Graph net = sequential(conv(3, 4, 3, 1, 1), named("skip", new EveryOtherRow(7)), relu());
    Trace trace = Trace.of(net, new Shape(2, 3, 9, 5), Convention.TORCHVISION);
    Row row = trace.rows().get(1);
    assertEquals(new Shape(2, 4, 5, 5), trace.output());
    assertEquals("EveryOtherRow(7)", row.notation());
    assertEquals(2, row.parameters());
    assertEquals(2 * 4 * 5 * 5, row.cost());
    assertEquals("2", row.receptiveField().height().stride().toString());
    assertEquals("1", row.receptiveField().width().stride().toString());
    Seen seen = Seen.of(trace.network(), net.outputs().get(0), List.of(2L, 0L));
    assertEquals(List.of(new Seen.Positions.Range(3, 6)), seen.on(Axis.HEIGHT).ranges());
    assertEquals(List.of(new Seen.Positions.Range(-1, 2)), seen.on(Axis.WIDTH).ranges());
    assertEquals(
        "layer skip, EveryOtherRow(7): a picture is needed.\nIt is no picture.\nUse a picture.",
        refused(sequential(named("skip", new EveryOtherRow(7))), new Shape(2, 3)));
  }

  /** PyTorch: mat1 and mat2 shapes cannot be multiplied (72x12 and 864x10). */
  @Test
  void aForgottenFlattenIsRefusedAsInPyTorch() {
    String start = "nn.Sequential(nn.Conv2d(1, 6, 5), nn.ReLU(), nn.MaxPool2d(2), ";
    Shape input = new Shape(1, 1, 28, 28);
    for (int features : new int[] {864, 8, 6}) {
      assertEquals(
          "layer 3, Linear(in_features="
              + features
              + ", out_features=10): the input's last axis must be in_features.\nin_features is "
              + features
              + " but the last axis is 12, and flattened the input [1, 6, 12, 12] has 864 features."
              + "\nUse a Flatten and in_features=864.",
          refused(PyTorch.parse(start + "nn.Linear(" + features + ", 10))"), input));
    }
    Graph right = PyTorch.parse(start + "nn.Flatten(), nn.Linear(864, 10))");
    assertEquals(new Shape(1, 10), Shapes.infer(right, input).output());
    Graph lazy = PyTorch.parse(start + "nn.LazyLinear(10))");
    assertEquals(new Shape(1, 6, 12, 10), Shapes.infer(lazy, input).output()); // as PyTorch does
  }

  @Test
  void asManyInputsAsTheNetworkHas() {
    Shape picture = new Shape(1, 3, 8, 9);
    assertEquals(
        "the network takes one input.\nHere there are 2.\nGive a shape for each.",
        refused(Graph.of(relu()), picture, picture));
    assertEquals(
        "the network takes one input.\nHere there are 0.\nGive a shape for each.",
        refused(Graph.of(relu())));
    Graph.Builder builder = new Graph.Builder();
    Edge one = builder.input("one");
    Edge other = builder.input("other");
    Edge both = builder.call(new Module("conv", conv(3, 4, 3, 1, 1)), one, other);
    Graph net = builder.build(List.of(both), new Tree("Net", "", List.of()));
    assertEquals(
        "the network takes 2 inputs.\nHere there is 1.\nGive a shape for each.",
        refused(net, picture));
    assertEquals(
        "layer conv, Conv2d(3, 4, kernel_size=(3, 3), padding=(1, 1)): the layer takes one input.\n"
            + "Here there are 2.\nJoin them first, by adding or concatenating, or give it one of"
            + " them.",
        refused(net, picture, picture));
  }

  @Test
  void sequencesPicturesAndVolumesAreNotMixed() {
    Graph net = PyTorch.parse("nn.Sequential(nn.ReLU(), nn.Conv2d(3, 4, 3))");
    assertEquals(
        "layer 1, Conv2d(3, 4, kernel_size=(3, 3)): the input must be a picture (batch, channels,"
            + " height, width).\nIt has 3 axes: [3, 8, 9].\nGive the input its batch and"
            + " channels, too; behind a Flatten or Linear, put an Unflatten between.",
        refused(net, new Shape(3, 8, 9)));
    assertEquals(
        "Conv3d(3, 4, kernel_size=(3, 3, 3)): the input must be a volume (batch, channels, depth,"
            + " height, width).\nIt has 4 axes: [1, 3, 8, 9].\nGive the input its batch"
            + " and channels, too; behind a Flatten or Linear, put an Unflatten between.",
        refused(PyTorch.parse("nn.Conv3d(3, 4, 3)"), new Shape(1, 3, 8, 9)));
    assertEquals(
        "MaxPool1d(kernel_size=2): the input must be a sequence (batch, channels, length).\n"
            + "It has 4 axes: [1, 3, 8, 9].\nUse an input of three axes, or the layer for as many.",
        refused(PyTorch.parse("nn.MaxPool1d(2)"), new Shape(1, 3, 8, 9)));
  }

  @Test
  void anOutputThatIsNotMadeIsNotRead() {
    Graph.Builder builder = new Graph.Builder();
    LayerSpec chunk = new SplitSpec(1, new SplitSpec.Parts.Chunks(2));
    Edge made = builder.apply("(chunk)", chunk, List.of(builder.input("x")));
    Edge third = Graph.Builder.output(made, 2);
    Edge read = builder.call(new Module("act", relu()), third);
    Tree names = new Tree("Net", "", List.of());
    String message =
        "an output is read that is not made.\n"
            + "Output 2 of chunk(2, dim=1) is read, and it makes 2.\n"
            + "Read an output from 0 to 1.";
    assertEquals(
        "layer act, ReLU(): " + message,
        refused(builder.build(List.of(read), names), new Shape(1, 4)));
    Graph.Builder shorter = new Graph.Builder();
    shorter.apply("(chunk)", chunk, List.of(shorter.input("x")));
    assertEquals(message, refused(shorter.build(List.of(third), names), new Shape(1, 4)));
  }

  @Test
  void sizesBeyond63BitsAreAMessage() {
    long half = Long.MAX_VALUE / 2 + 1;
    String tooLarge =
        "the numbers are too large.\nA size, a parameter count or a number of multiply-adds passes"
            + " 2^63 - 1.\nUse smaller sizes.";
    assertEquals(
        "layer 1, PixelShuffle(2): " + tooLarge,
        refused(
            PyTorch.parse("nn.Sequential(nn.ReLU(), nn.PixelShuffle(2))"),
            new Shape(1, 4, half, 2)));
    assertEquals(
        "layer 1, Flatten(): " + tooLarge,
        refused(PyTorch.parse("nn.Sequential(nn.ReLU(), nn.Flatten())"), new Shape(1, half, 2, 2)));
    assertEquals(
        "layer 1, concat(): " + tooLarge,
        refused(
            PyTorch.parse("nn.Sequential(nn.ReLU(), Concat(nn.ReLU(), nn.ReLU()))"),
            new Shape(1, half, 2, 2)));
  }

  @Test
  @Tag("large")
  void aMillionModules() {
    Graph net =
        ProcessorTime.assertUnder(
            Duration.ofSeconds(30), () -> PyTorch.parse("Net(\n  (0-999998): 999999 x PReLU()\n)"));
    Shaped shaped =
        ProcessorTime.assertUnder(
            Duration.ofSeconds(30), () -> Shapes.infer(net, new Shape(1, 3, 4, 5)));
    assertEquals(999_999, shaped.graph().parameters());
    assertEquals("PReLU()", net.module("999998").layer().toString());
    NotationException e =
        assertThrows(
            NotationException.class,
            () -> PyTorch.parse("Net(\n  (0-1000000): 1000001 x PReLU()\n)"));
    assertEquals(
        "line 2, column 16: this makes more than 1000000 layers.\n"
            + "  (0-1000000): 1000001 x PReLU()\n               ^\nRepeat it less often.",
        e.getMessage());
  }

  @Test
  void aLazyModuleThatRunsTwiceHasItsFirstChannels() {
    Graph.Builder builder = new Graph.Builder();
    Module lazy = new Module("conv", conv(0, 5, 3, 1, 1));
    Edge first = builder.call(lazy, builder.input("x"));
    Edge second = builder.call(lazy, first);
    Graph net =
        builder.build(
            List.of(second),
            new Tree("Net", "", List.of(new Tree("LazyConv2d", "conv", List.of()))));
    assertEquals(
        "layer conv, Conv2d(3, 5, kernel_size=(3, 3), padding=(1, 1)): the input has the wrong"
            + " number of channels.\n"
            + "in_channels is 3 but the input has 5: [1, 5, 8, 9].\n"
            + "Use in_channels=5, or an input of 3 channels.",
        refused(net, new Shape(1, 3, 8, 9)));
    Shaped shaped = Shapes.infer(net, new Shape(1, 5, 8, 9));
    assertEquals(5 * 5 * 9 + 5, shaped.graph().parameters());
    assertEquals(
        "Net(\n  (conv): Conv2d(5, 5, kernel_size=(3, 3), padding=(1, 1))\n)",
        shaped.graph().toString());
  }

  /** What a reader may assume between two layers, and no input needs. */
  private record NotNeeded() implements CustomSpec {
    @Override
    public String type() {
      return "NotNeeded";
    }

    @Override
    public LayerSpec resolve(Shape input) {
      return new IdentitySpec();
    }

    @Override
    public Shape output(Shape input) {
      return input;
    }
  }

  /** The second part of a split stays the second one where what was assumed behind it is gone. */
  @Test
  void whatIsNotNeededLeavesTheArrayBehindWhichItStood() {
    Graph.Builder builder = new Graph.Builder();
    Edge x = builder.input("x");
    SplitSpec parts = new SplitSpec(1, new SplitSpec.Parts.Sizes(List.of(2L, 3L)));
    Edge first = builder.call(new Module("split", parts), x);
    Edge second = Graph.Builder.output(first, 1);
    Edge gone = builder.assume("(gone)", new NotNeeded(), second);
    Edge behind = builder.call(new Module("behind", conv(3, 4, 1, 1, 0)), gone);
    Edge beside = builder.call(new Module("beside", conv(3, 5, 1, 1, 0)), second);
    Graph graph =
        builder.build(List.of(first, gone, behind, beside), new Tree("Net", "", List.of()));
    Shaped shaped = Shapes.infer(graph, new Shape(1, 5, 6, 7));
    assertEquals(
        List.of("split", "behind", "beside"),
        shaped.graph().nodes().stream().map(Node::path).toList());
    assertEquals(List.of(new Edge.OfNode(0, 1)), shaped.graph().nodes().get(1).inputs());
    assertEquals(List.of(new Edge.OfNode(0, 1)), shaped.graph().nodes().get(2).inputs());
    assertEquals(
        List.of(
            new Shape(1, 2, 6, 7),
            new Shape(1, 3, 6, 7),
            new Shape(1, 4, 6, 7),
            new Shape(1, 5, 6, 7)),
        shaped.outputs());
  }

  /**
   * A thousand layers are sent an input 1 + 60 + 24 times in search of missing calls, whatever may
   * be missing, and 100 times in search of the smallest picture.
   */
  @Test
  void aLongNetworkIsTriedLessOften() {
    Counting counting = new Counting();
    Graph.Builder builder = new Graph.Builder();
    Edge last = builder.call(new Module("counting", counting), builder.input("x"));
    for (int i = 0; i < 994; i++) {
      last = builder.call(new Module("act" + i, relu()), last);
    }
    for (String path : List.of("a", "b", "c", "d")) {
      last = builder.call(new Module(path, conv(8, 8, 3, 1, 1)), last);
    }
    last = builder.call(new Module("fc", Nets.linear(8 * 211, 5)), last);
    builder.guessed("");
    Graph graph = builder.build(List.of(last), new Tree("Net", "", List.of()));
    assertEquals(1000, graph.nodes().size());
    assertEquals(List.of(), MissingCalls.all(graph, new Shape(1, 8, 64, 64)));
    assertEquals(1 + 60 + 24, counting.asked);
    counting.asked = 0;
    assertEquals(OptionalLong.empty(), SmallestInput.square(graph, new Shape(1, 8, 1, 2)));
    assertEquals(100, counting.asked);
  }
}

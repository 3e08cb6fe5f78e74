package io.github.convlens.graph;

import static io.github.convlens.graph.Nets.concat;
import static io.github.convlens.graph.Nets.layers;
import static io.github.convlens.graph.Nets.named;
import static io.github.convlens.graph.Nets.residual;
import static io.github.convlens.graph.Nets.seq;
import static io.github.convlens.graph.Nets.sequential;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.ActivationSpec;
import io.github.convlens.layer.ActivationSpec.Function;
import io.github.convlens.layer.Affine;
import io.github.convlens.layer.Axis;
import io.github.convlens.layer.BatchNormSpec;
import io.github.convlens.layer.Bias;
import io.github.convlens.layer.ConvSpec;
import io.github.convlens.layer.Convention;
import io.github.convlens.layer.FlattenSpec;
import io.github.convlens.layer.IdentitySpec;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.LinearSpec;
import io.github.convlens.layer.MaxPoolSpec;
import io.github.convlens.layer.ShapeException;
import io.github.convlens.layer.Size;
import io.github.convlens.layer.Windows;
import io.github.convlens.trace.Trace;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/**
 * Layers in a row, in branches and in blocks: shapes, counts, paths, and that nothing is put in.
 */
class CompositionTest {
  private static final Shape PICTURE = new Shape(2, 6, 7, 5);
  private static final LayerSpec RELU = ActivationSpec.of(Function.RELU);

  private static String refused(Graph net, Shape input) {
    return assertThrows(ShapeException.class, () -> Shapes.infer(net, input)).getMessage();
  }

  @Test
  void aFailureNamesItsPathItsLayerAndItsAxis() {
    LayerSpec tooTall = ConvSpec.of(6, 3, Windows.of(new Size(9, 2)));
    Graph net = sequential(named("stem", RELU), named("layer", seq(RELU, seq(tooTall, RELU))));
    String expected =
        "layer layer.1.0, Conv2d(6, 3, kernel_size=(9, 2)), height: the kernel does not fit.\n"
            + "It spans 9 but the padded input is 7 (input 7 + padding 0 + 0).\n"
            + "Use padding >= 1, kernel <= 7, or an input of at least 9 here.";
    List<Executable> questions =
        List.of(
            () -> Shapes.infer(net, PICTURE), () -> Trace.of(net, PICTURE, Convention.TORCHVISION));
    for (Executable question : questions) {
      ShapeException e = assertThrows(ShapeException.class, question);
      assertEquals(expected, e.getMessage());
      assertEquals(Optional.of("layer.1.0"), e.path());
      assertEquals(Optional.of(Axis.HEIGHT), e.axis());
      assertEquals(9, e.neededInput().orElseThrow());
    }
  }

  @Test
  void aFailureInABranchOfABlockHasAPathToo() {
    LayerSpec wrong = new LinearSpec(8, 4, Bias.WITH);
    Graph net = sequential(Nets.module("Net", named("fc", concat(RELU, wrong))));
    assertEquals(
        "layer 0.fc.1, Linear(in_features=8, out_features=4): the input's last axis must be"
            + " in_features.\nin_features is 8 but the last axis is 9: [2, 9].\n"
            + "Use in_features=9, or an input of 8 features.",
        refused(net, new Shape(2, 9)));
  }

  @Test
  void aSumThatFailsIsNamedByItsPath() {
    LayerSpec main = ConvSpec.of(6, 6, Windows.of(new Size(3, 2)));
    assertEquals(
        "layer 0, add(): the inputs of a sum must have the same shape.\n"
            + "They are [2, 6, 5, 4] and [2, 6, 7, 5].\n"
            + "Use a 1x1 Conv2d with the same stride as the shortcut, or a padding that keeps the"
            + " size.",
        refused(sequential(residual(main, new IdentitySpec())), PICTURE));
  }

  @Test
  void countsOfALazyLayerFail() {
    Graph lazy = Graph.sequential(RELU, new LinearSpec(0, 4, Bias.WITH));
    assertEquals(
        "layer 1, LazyLinear(out_features=4): a lazy layer takes its channels from its input.\n"
            + "LazyLinear has not seen an input yet, so its parameters are not known.\n"
            + "Call resolve(input) first.",
        assertThrows(ShapeException.class, lazy::parameters).getMessage());
  }

  @Test
  void hintsStandInBracketsAndPathsGrowOutwards() {
    ShapeException e =
        ShapeException.of("a rule", "Some numbers.", "Use 5 here.")
            .adding("33 at the network's input")
            .at("0", new IdentitySpec())
            .at("other", RELU)
            .inside("")
            .inside("a");
    assertEquals(
        "layer a.0, Identity(): a rule.\nSome numbers.\nUse 5 here (33 at the network's input).",
        e.getMessage());
    assertEquals("a.b", Tree.join("a", "b"));
    assertEquals("a", Tree.join("a", ""));
    assertEquals("b", Tree.join("", "b"));
  }

  @Test
  void branchesAddTheirChannelsAndTheirCounts() {
    LayerSpec one = ConvSpec.of(6, 3, Windows.of(Size.ONE));
    LayerSpec wide = ConvSpec.of(6, 4, Windows.of(new Size(3, 1)).withPadding(new Size(1, 0)));
    Trace concat = Trace.of(Nets.graph(concat(one, wide)), PICTURE, Convention.TORCHVISION);
    assertEquals(new Shape(2, 7, 7, 5), concat.output());
    assertEquals(6 * 3 + 6 * 4 * 3 + 7, concat.totals().parameters());
    assertEquals(2 * 35 * (18 + 72), concat.totals().cost());
    Graph sum = Nets.graph(residual(one, ConvSpec.of(6, 3, Windows.of(Size.ONE))));
    Trace traced = Trace.of(sum, PICTURE, Convention.TORCHVISION);
    assertEquals(new Shape(2, 3, 7, 5), traced.output());
    assertEquals(2 * 21, sum.parameters());
    assertEquals(2 * 2 * 35 * 18, traced.totals().cost());
  }

  @Test
  void lazyLayersTakeTheirChannelsFromTheirInput() {
    Graph net =
        Graph.sequential(
            ConvSpec.of(0, 8, Windows.of(new Size(3, 2))),
            new BatchNormSpec(0, 1e-5, 0.1, Affine.SCALE_AND_SHIFT),
            FlattenSpec.ALL,
            new LinearSpec(0, 3, Bias.WITH));
    Shaped shaped = Shapes.infer(net, PICTURE);
    assertEquals(
        List.of(
            "Conv2d(6, 8, kernel_size=(3, 2))",
            "BatchNorm2d(8)",
            "Flatten()",
            "Linear(in_features=160, out_features=3)"),
        layers(shaped.graph()));
    assertEquals(shaped.output(), Shapes.infer(shaped.graph(), PICTURE).output());
    assertEquals(
        "Sequential(\n  (0): Conv2d(6, 8, kernel_size=(3, 2))\n  (1): BatchNorm2d(8)\n"
            + "  (2): Flatten()\n  (3): Linear(in_features=160, out_features=3)\n)",
        shaped.graph().toString());
    assertSame(RELU, RELU.resolve(PICTURE));
  }

  /** What PyTorch refuses is refused: nothing stands in a Sequential but what is written. */
  @Test
  void nothingIsPutInFrontOfALinear() {
    LayerSpec flat = new LinearSpec(210, 3, Bias.WITH);
    LayerSpec channels = new LinearSpec(6, 3, Bias.WITH);
    LayerSpec pool = MaxPoolSpec.of(Size.ONE);
    for (Graph net :
        List.of(
            sequential(flat),
            sequential(RELU, flat),
            sequential(RELU, seq(RELU, flat)),
            sequential(Nets.module("Head", named("c", seq(RELU, flat)))),
            sequential(seq(pool, flat)),
            sequential(RELU, channels))) {
      String message = refused(net, PICTURE);
      assertEquals("Use a Flatten and in_features=210.", message.lines().toList().get(2));
    }
    assertEquals(
        "layer 0, Linear(in_features=8, out_features=3): the input's last axis must be"
            + " in_features.\nin_features is 8 but the last axis is 5, and flattened the input"
            + " [2, 6, 7, 5] has 210 features.\nUse a Flatten and in_features=210.",
        refused(sequential(new LinearSpec(8, 3, Bias.WITH)), PICTURE));
    // the last axis fits: a Linear over columns, as in PyTorch
    assertEquals(
        new Shape(2, 6, 7, 3),
        Shapes.infer(sequential(new LinearSpec(5, 3, Bias.WITH)), PICTURE).output());
    assertEquals(
        List.of("Linear(in_features=5, out_features=3)"),
        layers(Shapes.infer(sequential(new LinearSpec(0, 3, Bias.WITH)), PICTURE).graph()));
  }
}

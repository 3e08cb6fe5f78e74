package io.github.convlens.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.ActivationSpec.Function;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Layers in a row, in branches and in modules: shapes, counts, paths, and what goes unsaid. */
class CompositionTest {
  private static final Shape PICTURE = new Shape(2, 6, 7, 5);
  private static final LayerSpec RELU = ActivationSpec.of(Function.RELU);

  @Test
  void aFailureNamesItsPathItsLayerAndItsAxis() {
    LayerSpec tooTall = Conv2dSpec.of(6, 3, Window2d.of(new Size(9, 2)));
    LayerSpec block = SequentialSpec.of(tooTall, RELU);
    SequentialSpec net =
        new SequentialSpec(
            List.of(new Child("stem", RELU), new Child("layer", SequentialSpec.of(RELU, block))));
    String expected =
        "layer layer.1.0, Conv2d(6, 3, kernel_size=(9, 2)), height: the kernel does not fit.\n"
            + "It spans 9 but the padded input is 7 (input 7 + padding 0 + 0).\n"
            + "Use padding >= 1, kernel <= 7, or an input of at least 9 here.";
    for (ShapeException e :
        List.of(
            assertThrows(ShapeException.class, () -> net.output(PICTURE)),
            assertThrows(ShapeException.class, () -> net.macs(PICTURE)),
            assertThrows(ShapeException.class, () -> net.resolve(PICTURE)))) {
      assertEquals(expected, e.getMessage());
      assertEquals(Optional.of("layer.1.0"), e.path());
      assertEquals(Optional.of(Axis.HEIGHT), e.axis());
      assertEquals(9, e.neededInput().orElseThrow());
    }
  }

  @Test
  void aFailureInABranchOrAModuleHasAPathToo() {
    LayerSpec wrong = new LinearSpec(8, 4, Bias.WITH);
    SequentialSpec forward =
        new SequentialSpec(List.of(new Child("fc", ConcatSpec.of(RELU, wrong))));
    ModuleSpec module = new ModuleSpec("Net", List.of(), forward);
    ShapeException e =
        assertThrows(ShapeException.class, () -> SequentialSpec.of(module).output(new Shape(2, 9)));
    assertEquals(
        "layer 0.fc.1, Linear(in_features=8, out_features=4): the input's last axis must be"
            + " in_features.\nin_features is 8 but the last axis is 9: [2, 9].\n"
            + "Use in_features=9, or an input of 8 features.",
        e.getMessage());
  }

  @Test
  void aSumThatFailsIsNamedByItsTypeNotByItsTree() {
    LayerSpec main = Conv2dSpec.of(6, 6, Window2d.of(new Size(3, 2)));
    ShapeException e =
        assertThrows(
            ShapeException.class,
            () -> SequentialSpec.of(ResidualSpec.of(main, new IdentitySpec())).output(PICTURE));
    assertEquals(
        "layer 0, Residual: the branches of a sum must have the same shape.\n"
            + "main makes [2, 6, 5, 4] but shortcut makes [2, 6, 7, 5].\n"
            + "Use a 1x1 Conv2d with the same stride as the shortcut, or a padding that keeps the"
            + " size.",
        e.getMessage());
  }

  @Test
  void countsOfALazyLayerFailWithItsPath() {
    ShapeException e =
        assertThrows(
            ShapeException.class,
            () -> SequentialSpec.of(RELU, new LinearSpec(0, 4, Bias.WITH)).parameters());
    assertEquals(
        "layer 1, LazyLinear(out_features=4): a lazy layer takes its channels from its input.\n"
            + "LazyLinear has not seen an input yet, so its parameters are not known.\n"
            + "Call resolve(input) first.",
        e.getMessage());
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
    assertEquals("a.b", Child.join("a", "b"));
    assertEquals("a", Child.join("a", ""));
    assertEquals("b", Child.join("", "b"));
  }

  @Test
  void branchesAddTheirChannelsAndTheirCounts() {
    LayerSpec one = Conv2dSpec.of(6, 3, Window2d.of(Size.ONE));
    LayerSpec wide = Conv2dSpec.of(6, 4, Window2d.of(new Size(3, 1)).withPadding(new Size(1, 0)));
    ConcatSpec concat = ConcatSpec.of(one, wide);
    assertEquals(new Shape(2, 7, 7, 5), concat.output(PICTURE));
    assertEquals(6 * 3 + 6 * 4 * 3, concat.weights());
    assertEquals(7, concat.biases());
    assertEquals(2 * 35 * (18 + 72), concat.macs(PICTURE));
    ResidualSpec sum = ResidualSpec.of(one, Conv2dSpec.of(6, 3, Window2d.of(Size.ONE)));
    assertEquals(new Shape(2, 3, 7, 5), sum.output(PICTURE));
    assertEquals(2 * 21, sum.parameters());
    assertEquals(2 * 2 * 35 * 18, sum.macs(PICTURE));
  }

  @Test
  void lazyLayersTakeTheirChannelsFromTheirInput() {
    LayerSpec net =
        SequentialSpec.of(
            Conv2dSpec.of(0, 8, Window2d.of(new Size(3, 2))),
            new BatchNorm2dSpec(0, 1e-5, 0.1, Affine.SCALE_AND_SHIFT),
            FlattenSpec.ALL,
            new LinearSpec(0, 3, Bias.WITH));
    assertEquals(
        "Conv2d(6, 8, kernel_size=(3, 2)) | BatchNorm2d(8) | Flatten() |"
            + " Linear(in_features=160, out_features=3)",
        layers(net.resolve(PICTURE)));
    assertEquals(net.output(PICTURE), net.resolve(PICTURE).output(PICTURE));
    assertEquals(net.macs(PICTURE), net.resolve(PICTURE).macs(PICTURE));
    assertSame(RELU, RELU.resolve(PICTURE));
  }

  @Test
  void aFlattenIsImpliedWhereItAloneMakesALinearFit() {
    LayerSpec linear = new LinearSpec(210, 3, Bias.WITH);
    String flat = "Flatten() | Linear(in_features=210, out_features=3)";
    assertEquals(flat, layers(SequentialSpec.of(linear).resolve(PICTURE)));
    SequentialSpec resolved = (SequentialSpec) SequentialSpec.of(RELU, linear).resolve(PICTURE);
    assertEquals("ReLU() | " + flat, layers(resolved));
    assertEquals(
        List.of(Child.Origin.WRITTEN, Child.Origin.IMPLIED, Child.Origin.WRITTEN),
        resolved.children().stream().map(Child::origin).toList());
    assertEquals(List.of("0", "(flatten)", "1"), names(resolved));
    assertEquals(new Shape(2, 3), resolved.output(PICTURE));
  }

  @Test
  void aFlattenIsImpliedBeforeANestWhoseFirstWorkIsALinear() {
    LayerSpec linear = new LinearSpec(210, 3, Bias.WITH);
    LayerSpec dropout = new DropoutSpec(DropoutSpec.Unit.ELEMENT, 0.5);
    LayerSpec classifier = SequentialSpec.of(dropout, new IdentitySpec(), RELU, linear);
    LayerSpec head = new ModuleSpec("Head", List.of(new Child("c", classifier)), classifier);
    for (LayerSpec nested : List.of(classifier, head)) {
      SequentialSpec resolved = (SequentialSpec) SequentialSpec.of(nested).resolve(PICTURE);
      assertEquals(List.of("(flatten)", "0"), names(resolved));
      assertEquals(new Shape(2, 3), resolved.output(PICTURE));
    }
  }

  @Test
  void anAverageIsImpliedWhereTheLinearTakesTheChannels() {
    SequentialSpec resolved =
        (SequentialSpec) SequentialSpec.of(RELU, new LinearSpec(6, 3, Bias.WITH)).resolve(PICTURE);
    assertEquals(List.of("0", "(avgpool)", "(flatten)", "1"), names(resolved));
    assertEquals(new Shape(2, 3), resolved.output(PICTURE));
    SequentialSpec point =
        (SequentialSpec)
            SequentialSpec.of(new LinearSpec(6, 3, Bias.WITH)).resolve(new Shape(2, 6, 1, 1));
    assertEquals(List.of("(flatten)", "0"), names(point)); // 6 x 1 x 1 needs no average
  }

  @Test
  void nothingIsImpliedWhereTheShapesDoNotForceIt() {
    // the last axis fits: a Linear over columns
    unchanged(new LinearSpec(5, 3, Bias.WITH), PICTURE);
    unchanged(new LinearSpec(0, 3, Bias.WITH), PICTURE, "Linear(in_features=5, out_features=3)");
    // no picture
    unchanged(new LinearSpec(9, 3, Bias.WITH), new Shape(2, 9));
    unchanged(new LinearSpec(9, 3, Bias.WITH), new Shape(2, 6, 9));
    // a layer with a window is no Linear
    unchanged(MaxPool2dSpec.of(new Size(2, 3)), PICTURE);
    // neither flattened nor averaged would it fit: the Linear's own message
    LayerSpec wrong = SequentialSpec.of(new LinearSpec(8, 3, Bias.WITH));
    ShapeException e = assertThrows(ShapeException.class, () -> wrong.resolve(PICTURE));
    assertEquals(
        "layer 0, Linear(in_features=8, out_features=3): the input's last axis must be"
            + " in_features.\nin_features is 8 but the last axis is 5, and flattened the input"
            + " [2, 6, 7, 5] has 210 features.\nUse a Flatten and in_features=210.",
        e.getMessage());
    // a pool stands between, so the nest itself is not fed flat
    LayerSpec pooled =
        SequentialSpec.of(
            SequentialSpec.of(MaxPool2dSpec.of(Size.ONE), new LinearSpec(210, 3, Bias.WITH)));
    SequentialSpec resolved = (SequentialSpec) pooled.resolve(PICTURE);
    assertEquals(List.of("0"), names(resolved));
    assertEquals(
        List.of("0", "(flatten)", "1"), names((SequentialSpec) resolved.children().get(0).layer()));
  }

  private static void unchanged(LayerSpec layer, Shape input) {
    unchanged(layer, input, layer.toString());
  }

  private static void unchanged(LayerSpec layer, Shape input, String expected) {
    assertEquals(expected, layers(SequentialSpec.of(layer).resolve(input)));
  }

  private static String layers(LayerSpec sequential) {
    return ((SequentialSpec) sequential)
        .children().stream()
            .map(child -> child.layer().toString())
            .collect(Collectors.joining(" | "));
  }

  private static List<String> names(SequentialSpec sequential) {
    return sequential.children().stream().map(Child::name).toList();
  }
}

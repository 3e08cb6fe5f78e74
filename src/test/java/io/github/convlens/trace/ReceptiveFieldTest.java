package io.github.convlens.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.graph.Nets;
import io.github.convlens.graph.Note;
import io.github.convlens.layer.AvgPoolSpec;
import io.github.convlens.layer.Axis;
import io.github.convlens.layer.Bias;
import io.github.convlens.layer.ConvSpec;
import io.github.convlens.layer.ConvTransposeSpec;
import io.github.convlens.layer.Convention;
import io.github.convlens.layer.FlattenSpec;
import io.github.convlens.layer.IdentitySpec;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.MeanSpec;
import io.github.convlens.layer.PadSpec;
import io.github.convlens.layer.PaddingMode;
import io.github.convlens.layer.Ratio;
import io.github.convlens.layer.Size;
import io.github.convlens.layer.UnflattenSpec;
import io.github.convlens.layer.UpsampleSpec;
import io.github.convlens.layer.Windows;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Published receptive fields, and how fields compose where networks branch or flatten. */
class ReceptiveFieldTest {
  /** Araujo, Norris and Sim (2019): AlexNet v2 of TF-Slim; VALID is padding 0, SAME (k - 1) / 2. */
  private static final Nets.Part ALEXNET_V2 =
      Nets.seq(
          Nets.named("conv1", Nets.conv(3, 64, 11, 4, 0)),
          Nets.named("pool1", Nets.maxPool(3, 2, 0)),
          Nets.named("conv2", Nets.conv(64, 192, 5, 1, 2)),
          Nets.named("pool2", Nets.maxPool(3, 2, 0)),
          Nets.named("conv3", Nets.conv(192, 384, 3, 1, 1)),
          Nets.named("conv4", Nets.conv(384, 384, 3, 1, 1)),
          Nets.named("conv5", Nets.conv(384, 256, 3, 1, 1)),
          Nets.named("pool5", Nets.maxPool(3, 2, 0)));

  @ParameterizedTest
  @CsvSource({
    "conv1, 11, 4, 0",
    "pool1, 19, 8, 0",
    "conv2, 51, 8, 16",
    "conv3, 99, 16, 32",
    "conv4, 131, 16, 48",
    "conv5, 163, 16, 64",
    "pool5, 195, 32, 64"
  })
  void alexnetV2(String path, long size, long stride, long padding) {
    check(row(trace(ALEXNET_V2, 1, 3, 224, 260), path), size, stride, padding);
  }

  @Test
  void vgg16() {
    List<LayerSpec> layers = new ArrayList<>();
    long in = 3;
    for (int[] stage : new int[][] {{64, 2}, {128, 2}, {256, 3}, {512, 3}, {512, 3}}) {
      for (int i = 0; i < stage[1]; i++) {
        layers.add(Nets.conv(in, stage[0], 3, 1, 1));
        in = stage[0];
      }
      layers.add(Nets.maxPool(2, 2, 0));
    }
    Trace trace = trace(Nets.seq(layers), 1, 3, 224, 256);
    check(trace.rows().get(trace.rows().size() - 1), 212, 32, 90);
  }

  @Test
  void resnet50BeforeItsAveragePool() {
    Trace trace = trace(Nets.resnet50(), 1, 3, 224, 256);
    check(row(trace, "layer4.2"), 427, 32, 213);
    assertEquals("add(bn3, input)", row(trace, "layer4.2").notation());
    assertEquals("add(bn3, downsample)", row(trace, "layer4.0").notation());
    assertEquals(25_557_032, trace.totals().parameters());
  }

  /** TF-Slim puts the stride into a block's last unit, torchvision into its first. */
  @ParameterizedTest
  @CsvSource({"true, 483", "false, 427"})
  void whereTheStrideStandsInResnet50(boolean last, long size) {
    List<LayerSpec> layers = new ArrayList<>();
    layers.add(Nets.conv(3, 1, 7, 2, 3));
    layers.add(Nets.maxPool(3, 2, 1));
    int[] units = {3, 4, 6, 3};
    for (int block = 0; block < 4; block++) {
      for (int unit = 0; unit < units[block]; unit++) {
        boolean strided = last ? unit == units[block] - 1 && block < 3 : unit == 0 && block > 0;
        layers.add(Nets.conv(1, 1, 3, strided ? 2 : 1, 1));
      }
    }
    Trace trace = trace(Nets.seq(layers), 1, 3, 224, 256);
    ReceptiveField field = trace.rows().get(trace.rows().size() - 1).receptiveField();
    assertEquals(size, field.height().size());
    assertEquals(Ratio.of(32), field.width().stride());
  }

  @Test
  void linearBehindFlattenSeesWhatAnyPositionSees() {
    Object net =
        Nets.seq(Nets.conv(1, 2, 3, 2, 1), Nets.relu(), FlattenSpec.ALL, Nets.linear(30, 7));
    Trace trace = trace(net, 4, 1, 5, 9); // 3 x 5 positions, 2 apart, 3 wide
    assertEquals(field(3, 3, 2, 2, -1, -1), trace.rows().get(2).receptiveField());
    assertEquals(field(7, 11, 0, 0, -1, -1), trace.rows().get(3).receptiveField());
  }

  @Test
  void pixelsMadeOfFeaturesAllSeeTheWhole() {
    Object net =
        Nets.seq(
            FlattenSpec.ALL, new UnflattenSpec(1, List.of(1L, 6L, 4L)), Nets.conv(1, 2, 3, 1, 1));
    Trace trace = trace(net, 1, 1, 3, 8);
    assertEquals(field(3, 8, 0, 0, 0, 0), trace.rows().get(2).receptiveField());
  }

  @Test
  void branchesSeeTheUnion() {
    Object net =
        Nets.concat(Nets.conv(2, 3, 1, 1, 0), Nets.conv(2, 4, 5, 1, 2), Nets.conv(2, 5, 3, 1, 1));
    Trace trace = trace(net, 1, 2, 8, 9);
    assertEquals(field(5, 5, 1, 1, -2, -2), trace.rows().get(3).receptiveField());
    assertEquals("concat(0, 1, 2)", trace.rows().get(3).notation());
    assertEquals(new Shape(1, 12, 8, 9), trace.output());
    assertEquals(List.of(), trace.notes());
  }

  @Test
  void branchesThatLieElsewhereAreNamed() {
    Object shifted = Nets.seq(AvgPoolSpec.of(Size.square(2)), Nets.conv(2, 3, 1, 1, 0));
    Object net =
        Nets.seq(
            Nets.named("stem", Nets.relu()),
            Nets.named("block", Nets.residual(Nets.conv(2, 3, 3, 2, 1), shifted)));
    Trace trace = trace(net, 1, 2, 8, 10);
    assertEquals(
        List.of(
            "block: what meets here does not lie at the same place of the input: on the mean input"
                + " 2 lies 0.5 rows behind input 1."),
        trace.notes().stream().map(Note::toString).toList());
    assertEquals(field(3, 3, 2, 2, -1, -1), row(trace, "block").receptiveField());
  }

  /**
   * Where the strides of two branches differ, the sum has the first one's, and at both ends of the
   * map sees all that either does. With stride 2 output i sees 2 i - 1 to 2 i + 1, and of what is
   * cut to four positions i, or i + 4.
   */
  @ParameterizedTest
  @CsvSource({
    "0, -4, true, 5, 2, -3",
    "0, -4, false, 6, 1, -1",
    "-4, 0, true, 6, 2, -1",
    "-4, 0, false, 6, 1, -1"
  })
  void branchesOfTwoStrides(
      long before, long behind, boolean stridedFirst, long size, long stride, long start) {
    LayerSpec strided = row(3, 2, 1);
    LayerSpec cut = pad(before, behind);
    Object sum = stridedFirst ? Nets.residual(strided, cut) : Nets.residual(cut, strided);
    assertEquals(onRow(size, Ratio.of(stride), start), field(sum, 8));
  }

  /** Output 0 of the first branch sees all that the second one can, output 3 does not. */
  @Test
  void aWideWindowDoesNotSeeAllEverywhere() {
    assertEquals(onRow(11, Ratio.of(3), -6), field(Nets.residual(row(9, 3, 4), pad(0, -6)), 10));
  }

  /** A window over a single position spans its padding as any other does. */
  @Test
  void aWindowOverOnePosition() {
    assertEquals(onRow(3, Ratio.ONE, -1), field(row(3, 1, 1), 1));
  }

  /** What every position sees of a mean that is added is all there is, or as much as is left. */
  @Test
  void aMeanThatIsAdded() {
    Object all = mean();
    Object start = Nets.seq(pad(0, -3), mean());
    Object end = Nets.seq(pad(-3, 0), mean());
    assertEquals(onRow(8, Ratio.ZERO, 0), field(Nets.residual(all, new IdentitySpec()), 8));
    assertEquals(onRow(8, Ratio.ZERO, 0), field(Nets.residual(row(1, 1, 0), all), 8));
    assertEquals(onRow(12, Ratio.ONE, -7), field(Nets.residual(row(1, 1, 0), start), 8));
    assertEquals(onRow(8, Ratio.ZERO, 0), field(Nets.residual(start, new IdentitySpec()), 8));
    assertEquals(onRow(12, Ratio.ONE, -4), field(Nets.residual(row(1, 1, 0), end), 8));
    assertEquals(onRow(8, Ratio.ZERO, 0), field(Nets.residual(end, new IdentitySpec()), 8));
  }

  /** Even outputs see something in one branch alone, odd ones in the other: x0, x0, x1, x1. */
  @Test
  void branchesThatFillEachOthersHoles() {
    Object net = Nets.residual(holes(), Nets.seq(holes(), pad(1, -1)));
    assertEquals(onRow(1, new Ratio(1, 2), 0), field(net, 4));
    Object later = Nets.seq(pad(-2, 0), net);
    assertEquals(onRow(1, new Ratio(1, 2), 2), field(later, 6));
  }

  /** Position 2 i sees 2 i - 2 to 2 i + 2, the next one itself alone; a pool of 2 sees both. */
  @Test
  void aPoolOverWideAndNarrowPositions() {
    Object wide = Nets.seq(row(5, 2, 2), holes());
    Object net = Nets.seq(Nets.residual(wide, new IdentitySpec()), row(2, 2, 0));
    assertEquals(onRow(5, Ratio.of(2), -2), field(net, 10));
  }

  /** So many kinds of positions are told apart, and no more. */
  @Test
  void positionsOfManyKinds() {
    for (long kinds : List.of(600L, 1024L)) {
      Trace trace =
          trace(
              Nets.seq(enlarging(kinds), Nets.residual(row(3, 1, 1), new IdentitySpec())), 1, 1, 2);
      assertEquals(List.of(), trace.notes());
      assertEquals(onRow(2, new Ratio(1, kinds), -1), lastOnRow(trace));
    }
    assertEquals(onRow(1, Ratio.ONE, 0), field(Nets.seq(enlarging(600), row(600, 600, 0)), 2));
    Object most = Nets.seq(enlarging(32), enlarging(32));
    assertEquals(onRow(1, new Ratio(1, 1024), 0), field(most, 2));
    Object more = Nets.seq(enlarging(33), enlarging(32));
    assertEquals(onRow(2, Ratio.ZERO, 0), field(more, 2));
    Trace trace = trace(Nets.residual(blocks(33), blocks(37)), 1, 1, 33 * 37);
    assertEquals(onRow(33 * 37, Ratio.ZERO, 0), lastOnRow(trace));
    assertEquals(
        "on length the receptive field is not followed through this: each position is said to see"
            + " all that goes in.",
        trace.notes().get(0).toString());
  }

  /** One number for each block of so many positions. */
  private static Object blocks(long size) {
    return Nets.seq(row(size, size, 0), enlarging(size));
  }

  private static LayerSpec enlarging(long factor) {
    return new UpsampleSpec(
        new UpsampleSpec.Target.By(List.of((double) factor)),
        UpsampleSpec.Mode.NEAREST,
        UpsampleSpec.Corners.EDGES);
  }

  /** Output i sees 2 i in one branch and i in the other: they lie 0 to 2999 positions apart. */
  @Test
  void theMeanOffsetOfALongMap() {
    Trace trace = trace(Nets.residual(row(1, 2, 0), pad(0, -3000)), 1, 1, 6000);
    assertEquals(
        List.of(
            "what meets here does not lie at the same place of the input: on the mean input 2 lies"
                + " 1499.5 positions in front of input 1."),
        trace.notes().stream().map(Note::toString).toList());
  }

  private static LayerSpec row(long kernel, long stride, long padding) {
    Windows windows = Windows.of(new Size(kernel)).withStride(new Size(stride));
    return ConvSpec.of(1, 1, windows.withPadding(new Size(padding)));
  }

  private static LayerSpec pad(long before, long behind) {
    return new PadSpec(PaddingMode.ZEROS, 0, new Size(before), new Size(behind));
  }

  private static LayerSpec mean() {
    return new MeanSpec(List.of(2), MeanSpec.Axes.KEPT);
  }

  /**
   * {@code ConvTranspose1d(1, 1, 1, stride=2, output_padding=1)}: every other output reads none.
   */
  private static LayerSpec holes() {
    return new ConvTransposeSpec(
        1, 1, new Size(1), new Size(2), new Size(0), new Size(1), 1, Bias.WITH, new Size(1));
  }

  private static ReceptiveField.OnAxis onRow(long size, Ratio stride, long start) {
    return new ReceptiveField.OnAxis(size, stride, start);
  }

  private static ReceptiveField.OnAxis field(Object net, long length) {
    return lastOnRow(trace(net, 1, 1, length));
  }

  private static ReceptiveField.OnAxis lastOnRow(Trace trace) {
    return last(trace).receptiveField().on(Axis.LENGTH);
  }

  /** Its upper branches come back to the places that they left: the mean offset is 0. */
  @ParameterizedTest
  @CsvSource({"false, false", "true, false", "false, true", "true, true"})
  void aUNetHasNothingToSayOnAlignment(boolean strided, boolean bilinear) {
    Object net = Nets.seq(Nets.conv(3, 4, 3, 1, 1), Nets.relu());
    for (int depth = 0; depth < 4; depth++) {
      Object down = strided ? Nets.conv(4, 4, 2, 2, 0) : Nets.maxPool(2, 2, 0);
      Object up =
          bilinear
              ? new UpsampleSpec(
                  new UpsampleSpec.Target.By(2, 2),
                  UpsampleSpec.Mode.BILINEAR,
                  UpsampleSpec.Corners.EDGES)
              : new ConvTransposeSpec(
                  4,
                  4,
                  Size.square(2),
                  Size.square(2),
                  Size.ZERO,
                  Size.ZERO,
                  1,
                  Bias.WITH,
                  Size.ONE);
      Object inner = depth == 0 ? Nets.conv(4, 4, 3, 1, 1) : net;
      net =
          Nets.seq(
              Nets.conv(4, 4, 3, 1, 1),
              Nets.relu(),
              Nets.named("skip", Nets.concat(Nets.seq(), Nets.seq(down, inner, up))),
              Nets.conv(8, 4, 3, 1, 1));
    }
    Trace trace = trace(net, 1, 4, 48, 64);
    assertEquals(List.of(), trace.notes());
    assertEquals(new Shape(1, 4, 48, 64), trace.output());
    assertEquals(Ratio.ONE, last(trace).receptiveField().height().stride());
  }

  private static Row last(Trace trace) {
    return trace.rows().get(trace.rows().size() - 1);
  }

  private static ReceptiveField field(
      long height, long width, long strideH, long strideW, long startH, long startW) {
    return new ReceptiveField(
        List.of(Axis.HEIGHT, Axis.WIDTH),
        List.of(
            new ReceptiveField.OnAxis(height, Ratio.of(strideH), startH),
            new ReceptiveField.OnAxis(width, Ratio.of(strideW), startW)));
  }

  private static Trace trace(Object net, long... input) {
    return Trace.of(Nets.graph(net), new Shape(input), Convention.TORCHVISION);
  }

  private static Row row(Trace trace, String path) {
    return trace.rows().stream().filter(row -> row.path().equals(path)).findFirst().orElseThrow();
  }

  private static void check(Row row, long size, long stride, long padding) {
    assertEquals(
        field(size, size, stride, stride, -padding, -padding), row.receptiveField(), row.path());
    assertEquals(padding, row.receptiveField().width().effectivePadding());
  }
}

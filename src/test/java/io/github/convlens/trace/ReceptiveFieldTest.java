package io.github.convlens.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.graph.Nets;
import io.github.convlens.graph.Note;
import io.github.convlens.layer.AvgPoolSpec;
import io.github.convlens.layer.Axis;
import io.github.convlens.layer.Bias;
import io.github.convlens.layer.ConvTransposeSpec;
import io.github.convlens.layer.Convention;
import io.github.convlens.layer.FlattenSpec;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.Ratio;
import io.github.convlens.layer.Size;
import io.github.convlens.layer.UnflattenSpec;
import io.github.convlens.layer.UpsampleSpec;
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

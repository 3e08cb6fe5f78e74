package io.github.convlens.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.AvgPool2dSpec;
import io.github.convlens.layer.Child;
import io.github.convlens.layer.ConcatSpec;
import io.github.convlens.layer.FlattenSpec;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.Ratio;
import io.github.convlens.layer.ResidualSpec;
import io.github.convlens.layer.SequentialSpec;
import io.github.convlens.layer.Size;
import io.github.convlens.layer.UnflattenSpec;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Published receptive fields, and how fields compose where networks branch or flatten. */
class ReceptiveFieldTest {
  /** Araujo, Norris and Sim (2019): AlexNet v2 of TF-Slim; VALID is padding 0, SAME (k - 1) / 2. */
  private static final SequentialSpec ALEXNET_V2 =
      new SequentialSpec(
          List.of(
              new Child("conv1", Nets.conv(3, 64, 11, 4, 0)),
              new Child("pool1", Nets.maxPool(3, 2, 0)),
              new Child("conv2", Nets.conv(64, 192, 5, 1, 2)),
              new Child("pool2", Nets.maxPool(3, 2, 0)),
              new Child("conv3", Nets.conv(192, 384, 3, 1, 1)),
              new Child("conv4", Nets.conv(384, 384, 3, 1, 1)),
              new Child("conv5", Nets.conv(384, 256, 3, 1, 1)),
              new Child("pool5", Nets.maxPool(3, 2, 0))));

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
    check(Nets.row(Nets.trace(ALEXNET_V2, 1, 3, 224, 260), path), size, stride, padding);
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
    Trace trace = Nets.trace(SequentialSpec.of(layers.toArray(LayerSpec[]::new)), 1, 3, 224, 256);
    check(trace.rows().get(trace.rows().size() - 1), 212, 32, 90);
  }

  @Test
  void resnet50BeforeItsAveragePool() {
    Trace trace = Nets.trace(Nets.resnet50(), 1, 3, 224, 256);
    check(Nets.row(trace, "layer4.2"), 427, 32, 213);
    assertEquals("add(main, input)", Nets.row(trace, "layer4.2").notation());
    assertEquals("add(main, downsample)", Nets.row(trace, "layer4.0").notation());
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
    Trace trace = Nets.trace(SequentialSpec.of(layers.toArray(LayerSpec[]::new)), 1, 3, 224, 256);
    ReceptiveField field = trace.rows().get(trace.rows().size() - 1).receptiveField();
    assertEquals(size, field.height().size());
    assertEquals(Ratio.of(32), field.width().stride());
  }

  @Test
  void linearBehindFlattenSeesWhatAnyPositionSees() {
    LayerSpec net =
        SequentialSpec.of(
            Nets.conv(1, 2, 3, 2, 1), Nets.relu(), FlattenSpec.ALL, Nets.linear(30, 7));
    Trace trace = Nets.trace(net, 4, 1, 5, 9); // 3 x 5 positions, 2 apart, 3 wide
    assertEquals(field(3, 3, 2, 2, -1, -1), trace.rows().get(2).receptiveField());
    assertEquals(field(7, 11, 0, 0, -1, -1), trace.rows().get(3).receptiveField());
  }

  @Test
  void pixelsMadeOfFeaturesAllSeeTheWhole() {
    LayerSpec net =
        SequentialSpec.of(
            FlattenSpec.ALL, new UnflattenSpec(1, List.of(1L, 6L, 4L)), Nets.conv(1, 2, 3, 1, 1));
    Trace trace = Nets.trace(net, 1, 1, 3, 8);
    assertEquals(field(3, 8, 0, 0, 0, 0), trace.rows().get(2).receptiveField());
  }

  @Test
  void branchesSeeTheUnion() {
    LayerSpec net =
        ConcatSpec.of(Nets.conv(2, 3, 1, 1, 0), Nets.conv(2, 4, 5, 1, 2), Nets.conv(2, 5, 3, 1, 1));
    Trace trace = Nets.trace(net, 1, 2, 8, 9);
    assertEquals(field(5, 5, 1, 1, -2, -2), trace.rows().get(3).receptiveField());
    assertEquals("concat(0, 1, 2)", trace.rows().get(3).notation());
    assertEquals(new Shape(1, 12, 8, 9), trace.output());
    assertEquals(List.of(), trace.notes());
  }

  @Test
  void branchesThatLieElsewhereAreNamed() {
    LayerSpec shifted =
        SequentialSpec.of(AvgPool2dSpec.of(Size.square(2)), Nets.conv(2, 3, 1, 1, 0));
    LayerSpec net =
        new SequentialSpec(
            List.of(
                new Child("stem", Nets.relu()),
                new Child("block", ResidualSpec.of(Nets.conv(2, 3, 3, 2, 1), shifted))));
    Trace trace = Nets.trace(net, 1, 2, 8, 10);
    assertEquals(
        List.of(
            "block, add, height: what meets here does not lie at the same place of the input: "
                + "block.main has stride 2 and centre 0, block.shortcut has stride 2 and centre 1/2.",
            "block, add, width: what meets here does not lie at the same place of the input: "
                + "block.main has stride 2 and centre 0, block.shortcut has stride 2 and centre 1/2."),
        trace.notes());
    assertEquals(field(3, 3, 2, 2, -1, -1), Nets.row(trace, "block").receptiveField());
  }

  private static ReceptiveField field(
      long height, long width, long strideH, long strideW, long startH, long startW) {
    return new ReceptiveField(
        new ReceptiveField.OnAxis(height, Ratio.of(strideH), startH),
        new ReceptiveField.OnAxis(width, Ratio.of(strideW), startW));
  }

  private static void check(Row row, long size, long stride, long padding) {
    assertEquals(
        field(size, size, stride, stride, -padding, -padding), row.receptiveField(), row.path());
    assertEquals(padding, row.receptiveField().width().effectivePadding());
  }
}

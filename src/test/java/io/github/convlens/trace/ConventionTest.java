package io.github.convlens.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.graph.Graph;
import io.github.convlens.graph.Nets;
import io.github.convlens.layer.AdaptivePoolSpec;
import io.github.convlens.layer.AvgPoolSpec;
import io.github.convlens.layer.BatchNormSpec;
import io.github.convlens.layer.Bias;
import io.github.convlens.layer.ConvSpec;
import io.github.convlens.layer.ConvTransposeSpec;
import io.github.convlens.layer.Convention;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.PReluSpec;
import io.github.convlens.layer.PaddingMode;
import io.github.convlens.layer.Size;
import io.github.convlens.layer.Windows;
import java.util.Arrays;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Costs that others publish, and costs counted by hand. */
class ConventionTest {
  private static final Shape BATCH = new Shape(7, 1, 28, 28);
  private static final LayerSpec CONV = Nets.conv(1, 10, 5, 1, 0);

  /** The first lines of torchinfo's README. */
  @Test
  void torchinfosReadme() {
    Trace trace = Trace.of(Graph.of(CONV), BATCH, Convention.TORCHINFO);
    assertEquals(260, trace.totals().parameters());
    assertEquals(1_048_320, trace.totals().cost());
  }

  @Test
  void oneConvolutionInThreeConventions() {
    // 7 x 10 x 24 x 24 outputs of 25 products each.
    assertEquals(1_008_000, Convention.TORCHVISION.cost(CONV, BATCH));
    assertEquals(2 * 1_008_000 + 40_320, Convention.TF_PROFILER.cost(CONV, BATCH));
    LayerSpec unbiased =
        new ConvSpec(1, 10, Windows.of(Size.square(5)), 1, Bias.WITHOUT, PaddingMode.ZEROS);
    assertEquals(1_008_000, Convention.TORCHINFO.cost(unbiased, BATCH));
    assertEquals(2 * 1_008_000, Convention.TF_PROFILER.cost(unbiased, BATCH));
  }

  /** Every input meets every tap of every output channel: 2 x 2 x 3 inputs x 4 taps = 48. */
  @Test
  void transposedConvolutionsAreCountedOnInputPositions() {
    Shape input = new Shape(1, 3, 2, 2);
    assertEquals(48, Convention.TORCHVISION.cost(transposed(Bias.WITHOUT), input));
    assertEquals(48, Convention.TORCHINFO.cost(transposed(Bias.WITHOUT), input));
    assertEquals(96, Convention.TF_PROFILER.cost(transposed(Bias.WITHOUT), input));
    // The bias is added to each of the 4 x 4 outputs.
    assertEquals(48, Convention.TORCHVISION.cost(transposed(Bias.WITH), input));
    assertEquals(48 + 16, Convention.TORCHINFO.cost(transposed(Bias.WITH), input));
    assertEquals(96 + 16, Convention.TF_PROFILER.cost(transposed(Bias.WITH), input));
  }

  private static LayerSpec transposed(Bias bias) {
    return new ConvTransposeSpec(
        3, 1, Size.square(2), Size.square(2), Size.ZERO, Size.ZERO, 1, bias, Size.ONE);
  }

  @Test
  void whatElseHasParameters() {
    Shape picture = new Shape(3, 5, 4, 6);
    assertEquals(0, Convention.TORCHVISION.cost(BatchNormSpec.of(5), picture));
    assertEquals(3 * 10, Convention.TORCHINFO.cost(BatchNormSpec.of(5), picture));
    assertEquals(0, Convention.TF_PROFILER.cost(BatchNormSpec.of(5), picture));
    assertEquals(3 * 5, Convention.TORCHINFO.cost(new PReluSpec(5, 0.25), picture));
    Shape features = new Shape(3, 400);
    LayerSpec linear = Nets.linear(400, 120);
    assertEquals(3 * 48_000, Convention.TORCHVISION.cost(linear, features));
    assertEquals(3 * 48_120, Convention.TORCHINFO.cost(linear, features));
    assertEquals(3 * (96_000 + 120), Convention.TF_PROFILER.cost(linear, features));
  }

  @Test
  void poolsInTensorFlow() {
    Shape picture = new Shape(3, 5, 7, 6);
    // 3 x 5 pictures of 3 x 2 outputs, 2 x 3 taps each.
    LayerSpec average = AvgPoolSpec.of(new Size(2, 3)); // rows 7 / 2 = 3, columns 6 / 3 = 2
    assertEquals(15 * 6 * 6, Convention.TF_PROFILER.cost(average, picture));
    assertEquals(15 * 42 * 9, Convention.TF_PROFILER.cost(Nets.maxPool(3, 1, 1), picture));
    // The whole picture once.
    LayerSpec global = AdaptivePoolSpec.globalAverage();
    assertEquals(15 * 42, Convention.TF_PROFILER.cost(global, picture));
    // 7 rows on 3: windows 0..2, 2..4, 4..6 = 9; 6 columns on 4: 0..1, 1..2, 3..4, 4..5 = 8.
    LayerSpec uneven =
        new AdaptivePoolSpec(
            AdaptivePoolSpec.Reduction.AVERAGE, OptionalLong.of(3), OptionalLong.of(4));
    assertEquals(15 * 9 * 8, Convention.TF_PROFILER.cost(uneven, picture));
    assertEquals(0, Convention.TORCHINFO.cost(uneven, picture));
    assertEquals(0, Convention.TORCHVISION.cost(average, picture));
  }

  @Test
  void lenet() {
    assertEquals(61_706, lenet(Convention.TORCHVISION).parameters());
    assertEquals(416_520, lenet(Convention.TORCHVISION).cost());
    // 156 x 784 + 2416 x 100 + 48120 + 10164 + 850
    assertEquals(423_038, lenet(Convention.TORCHINFO).cost());
    // 2 x 416520 + biases 6 x 784 + 16 x 100 + 214 + pools 4 x (6 x 196 + 16 x 25)
    assertEquals(833_040 + 4_704 + 1_600 + 214 + 6_304, lenet(Convention.TF_PROFILER).cost());
  }

  private static Totals lenet(Convention convention) {
    return Trace.of(Nets.graph(Nets.lenet()), new Shape(1, 1, 28, 28), convention).totals();
  }

  /** A module that runs twice has its parameters once, and its cost twice. */
  @Test
  void sharedModules() {
    LayerSpec shared = new PReluSpec(4, 0.25);
    Object once = Nets.named("act", shared);
    Graph net = Nets.sequential(once, once);
    Trace trace = Trace.of(net, new Shape(2, 4, 3, 5), Convention.TORCHINFO);
    assertEquals(4, trace.totals().parameters());
    assertEquals(16, trace.totals().cost());
  }

  @Test
  void words() {
    assertEquals("[torchvision, torchinfo, tf-profiler]", Arrays.toString(Convention.values()));
  }
}

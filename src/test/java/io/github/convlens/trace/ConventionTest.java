package io.github.convlens.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import io.github.convlens.notation.Presets;
import io.github.convlens.notation.PyTorch;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Costs that others publish, and costs counted by hand. */
class ConventionTest {
  private static final Shape BATCH = new Shape(7, 1, 28, 28);

  /** What the tools count for layers, or for a network of torchvision. */
  private record Counted(String input, String layers, long torchinfo, long fvcore) {}

  private static List<Counted> rows() throws IOException {
    List<Counted> rows = new ArrayList<>();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(
                    ConventionTest.class.getResourceAsStream(
                        "/io/github/convlens/oracles/conventions.tsv")),
                StandardCharsets.UTF_8))) {
      lines.readLine();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] cells = line.split("\t");
        rows.add(
            new Counted(cells[0], cells[1], Long.parseLong(cells[2]), Long.parseLong(cells[3])));
      }
    }
    return rows;
  }

  private static long cost(Counted row, Convention convention) {
    boolean preset = Presets.names().contains(row.layers());
    String layers = preset ? Presets.text(row.layers()) : row.layers();
    return trace(row.input(), layers, convention).totals().cost();
  }

  private static Trace trace(String input, String layers, Convention convention) {
    Graph graph = PyTorch.parse(layers);
    long[] sizes = Arrays.stream(input.split("x")).mapToLong(Long::parseLong).toArray();
    return Trace.of(graph, new Shape(sizes), convention);
  }

  private static final LayerSpec CONV = Nets.conv(1, 10, 5, 1, 0);

  /** The first lines of torchinfo's README. */
  @Test
  void torchinfosReadme() {
    Trace trace = Trace.of(Graph.of(CONV), BATCH, Convention.TORCHINFO);
    assertEquals(260, trace.totals().parameters());
    assertEquals(1_048_320, trace.totals().cost());
  }

  /** Rows of torchinfo's tests/test_output: tmva_net_column_totals, groups, lstm and linear.out. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1x384x64x64 | ConvTranspose2d(384, 128, (2, 1), stride=(2, 1)) | 806354944",
        "1x384x64x64 | ConvTranspose2d(384, 128, 2, stride=2) | 3223322624",
        "1x128x128x64 | ConvTranspose2d(128, 128, (2, 1), stride=(2, 1)) | 538968064",
        "1x128x128x128 | ConvTranspose2d(128, 128, 2, stride=2) | 4303355904",
        "7x16x28x28 | Conv2d(16, 32, 3, groups=4) | 5602688",
        "32x16x8 | Linear(8, 64) | 294912",
        "1x100 | Embedding(20, 300) | 6000",
        "1x100x300 | LSTM(300, 512, num_layers=2, batch_first=True) | 376832000"
      })
  void torchinfosOwnTests(String input, String layer, long macs) {
    assertEquals(macs, trace(input, layer, Convention.TORCHINFO).totals().cost());
  }

  /** The example in the documentation of fvcore's FlopCountAnalysis. */
  @Test
  void fvcoresExample() {
    String conv = "Sequential(Conv2d(3, 10, 1), ReLU(), Flatten(), Linear(1000, 10))";
    assertEquals(13_000, trace("1x3x10x10", conv, Convention.FVCORE).totals().cost());
  }

  /** src/test/python/conventions.py asked torchinfo and fvcore themselves. */
  @Test
  void torchinfoAndFvcoreThemselves() throws IOException {
    int rows = 0;
    for (Counted row : rows()) {
      assertEquals(row.torchinfo(), cost(row, Convention.TORCHINFO), row::toString);
      assertEquals(row.fvcore(), cost(row, Convention.FVCORE), row::toString);
      rows++;
    }
    assertTrue(rows > 75, "rows: " + rows);
  }

  @Test
  void whereTheToolsDisagreeANoteSaysSo() {
    assertEquals(
        "[counted at every position, as torchinfo's main branch does; its release 1.8.0 counts a"
            + " Linear once for each item of the batch.]",
        trace("4x6x10", "Linear(10, 7)", Convention.TORCHINFO).notes().toString());
    assertEquals(
        "[0, 1: fvcore does not know this operation and counts nothing for it.]",
        trace(
                "2x3x9x7",
                "Sequential(Conv2d(3, 3, 3, padding='same'), Conv2d(3, 8, 3, padding='valid'))",
                Convention.FVCORE)
            .notes()
            .toString());
    assertEquals(List.of(), trace("4x10", "Linear(10, 7)", Convention.TORCHINFO).notes());
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
    assertEquals(96, Convention.TF_PROFILER.cost(transposed(Bias.WITHOUT), input));
    // The bias is added to each of the 4 x 4 outputs.
    assertEquals(48, Convention.TORCHVISION.cost(transposed(Bias.WITH), input));
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
    assertEquals(
        "[torchvision, torchinfo, fvcore, tf-profiler]", Arrays.toString(Convention.values()));
  }
}

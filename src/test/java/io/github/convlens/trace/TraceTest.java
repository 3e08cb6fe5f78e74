package io.github.convlens.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.ProcessorTime;
import io.github.convlens.graph.Edge;
import io.github.convlens.graph.Graph;
import io.github.convlens.graph.Module;
import io.github.convlens.graph.Nets;
import io.github.convlens.graph.Node;
import io.github.convlens.graph.Note;
import io.github.convlens.graph.Shapes;
import io.github.convlens.graph.Tree;
import io.github.convlens.layer.Axis;
import io.github.convlens.layer.Bias;
import io.github.convlens.layer.ConvSpec;
import io.github.convlens.layer.Convention;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.MaxPoolSpec;
import io.github.convlens.layer.PaddingMode;
import io.github.convlens.layer.Rounding;
import io.github.convlens.layer.Size;
import io.github.convlens.layer.SumSpec;
import io.github.convlens.layer.Windows;
import io.github.convlens.layer.internal.ShapeText;
import io.github.convlens.notation.PyTorch;
import io.github.convlens.notation.Recipes;
import io.github.convlens.trace.internal.Texts;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rows, blocks and sums; networks of any length. */
class TraceTest {
  @Test
  void lenetLayerByLayer() {
    Trace trace = trace(Nets.lenet(), 1, 1, 28, 28);
    assertEquals(
        List.of(
            "1x6x28x28",
            "1x6x28x28",
            "1x6x14x14",
            "1x16x10x10",
            "1x16x10x10",
            "1x16x5x5",
            "1x400",
            "1x120",
            "1x120",
            "1x84",
            "1x84",
            "1x10"),
        trace.rows().stream().map(row -> ShapeText.crossed(row.output())).toList());
    assertEquals(
        List.of(156L, 2416L, 48_120L, 10_164L, 850L),
        trace.rows().stream().map(Row::parameters).filter(count -> count > 0).toList());
    assertEquals(61_706, trace.totals().parameters());
    assertEquals(4 * 6 * 28 * 28, trace.rows().get(0).activationBytes());
    assertEquals(new Shape(1, 10), trace.output());
  }

  /** A gate is made of the whole map, and lies at no place of it. */
  @Test
  void aGateIsNotOutOfPlace() {
    Graph gated =
        PyTorch.parse(
            "SqueezeExcitation((avgpool): AdaptiveAvgPool2d(1) (fc1): Conv2d(8, 2, 1) (fc2):"
                + " Conv2d(2, 8, 1) (activation): ReLU() (scale_activation): Sigmoid())");
    assertEquals(List.of(), Trace.of(gated, new Shape(1, 8, 9, 7), Convention.TORCHVISION).notes());
  }

  @Test
  void lazyLayersAreResolvedAndAssumedOnesMarked() {
    Graph net = PyTorch.parse("MyNet((0): nn.LazyConv2d(5, (3, 2)), (1): nn.Linear(5 * 4 * 6, 3))");
    Trace trace = Trace.of(net, new Shape(2, 7, 6, 7), Convention.TORCHVISION);
    assertEquals(
        List.of(
            "Conv2d(7, 5, kernel_size=(3, 2))",
            "Flatten()",
            "Linear(in_features=120, out_features=3)"),
        trace.rows().stream().map(Row::notation).toList());
    assertEquals(Node.Origin.ASSUMED, trace.rows().get(1).origin());
    assertEquals(
        List.of(Note.Kind.ASSUMPTION, Note.Kind.ASSUMPTION),
        trace.notes().stream().map(Note::kind).toList());
    assertEquals(
        "(flatten): Flatten() is put in: a print does not show what forward calls as a function.",
        trace.notes().get(1).toString());
  }

  @Test
  void blocksCollapseToSums() {
    Trace trace = trace(Nets.resnet50(), 1, 3, 224, 224);
    Trace blocks = trace.collapsed(1);
    assertEquals(
        List.of(
            "conv1",
            "bn1",
            "relu",
            "maxpool",
            "layer1",
            "layer2",
            "layer3",
            "layer4",
            "avgpool",
            "(flatten)",
            "fc"),
        blocks.rows().stream().map(Row::path).toList());
    Row layer1 = blocks.rows().get(4);
    assertEquals("Sequential(...)", layer1.notation());
    assertEquals(new Shape(1, 64, 56, 56), layer1.input());
    assertEquals(new Shape(1, 256, 56, 56), layer1.output());
    assertEquals(215_808, layer1.parameters()); // torchvision's resnet50().layer1
    assertEquals(35, layer1.receptiveField().height().size());
    assertEquals(trace.totals(), Totals.of(blocks.rows()));
    assertEquals(trace.totals(), Totals.of(trace.collapsed(2).rows()));
    assertEquals(23, trace.collapsed(2).rows().size());
    assertEquals(trace.rows(), trace.collapsed(9).rows());
    assertEquals(
        "depth must be at least 1.\nHere it is 0.\nUse 1 for the outermost blocks.",
        assertThrows(IllegalArgumentException.class, () -> trace.collapsed(0)).getMessage());
  }

  /** PyTorch's numel: twice 4 x 4 x 9 + 4, 4 slopes, and 16; with the slopes twice it were 320. */
  @Test
  void aPReluSharedInABlockIsCountedOnce() {
    String print =
        """
        Net(
          (block): Block(
            (conv1): Conv2d(4, 4, kernel_size=(3, 3), padding=(1, 1))
            (act): PReLU(num_parameters=4)
            (conv2): Conv2d(4, 4, kernel_size=(3, 3), padding=(1, 1))
          )
          (head): Conv2d(4, 4, kernel_size=(1, 1), bias=False)
        )\
        """;
    Recipes recipes =
        Recipes.KNOWN
            .with("Block: conv1 act conv2 = act(conv2(act(conv1(x))) + x)")
            .with("Net: block head = head(block(x))");
    Graph net = PyTorch.parse(print, recipes);
    Trace trace = Trace.of(net, new Shape(1, 4, 6, 7), Convention.TORCHVISION);
    assertEquals(2 * (4 * 4 * 9 + 4) + 4 + 16, net.parameters());
    assertEquals(316, trace.totals().parameters());
    assertEquals(300, trace.collapsed(1).rows().get(0).parameters());
    assertEquals(
        List.of("block.conv1", "block.act", "block.conv2", "block", "block.act", "head"),
        trace.rows().stream().map(Row::path).toList());
    assertEquals(
        List.of(148L, 4L, 148L, 0L, 0L, 16L), trace.rows().stream().map(Row::parameters).toList());
    assertEquals("add(conv2, input)", trace.rows().get(3).notation());
    assertEquals(List.of(), trace.notes());
  }

  @Test
  void whatSlidesOverTokensSeesTheWholePicture() {
    Graph net =
        PyTorch.parse(
            "nn.Sequential(nn.Conv2d(1, 4, 3), nn.Flatten(2), nn.ReflectionPad1d(2),"
                + " nn.AdaptiveAvgPool1d(5), nn.Conv1d(4, 2, 3))");
    Trace trace = Trace.of(net, new Shape(1, 1, 9, 8), Convention.TORCHVISION);
    assertEquals(
        List.of("3", "3", "9x8", "9x8", "9x8"),
        trace.rows().stream().map(row -> Texts.fieldSize(row.receptiveField())).toList());
  }

  @Test
  void sequencesAndVolumesHaveTheirOwnAxes() throws IOException {
    Graph text =
        PyTorch.parse("nn.Sequential(nn.Conv1d(3, 4, 5, stride=2), nn.ReLU(), nn.MaxPool1d(2))");
    Trace sequence = Trace.of(text, new Shape(2, 3, 31), Convention.TORCHVISION);
    assertEquals(List.of(Axis.LENGTH), sequence.rows().get(2).receptiveField().axes());
    assertEquals(7, sequence.rows().get(2).receptiveField().on(Axis.LENGTH).size());
    assertEquals(2 * 4 * 14 * 3 * 5, sequence.totals().cost());
    StringBuilder csv = new StringBuilder();
    TraceCsv.write(sequence, csv);
    assertEquals(
        "path,layer,notation,input,output,parameters,macs,sizeLength,strideLength,startLength,"
            + "activationBytes",
        csv.toString().lines().findFirst().orElseThrow());
    Graph volume = PyTorch.parse("nn.Conv3d(2, 3, (1, 3, 5), padding=(0, 1, 2), stride=(2, 1, 1))");
    Trace trace = Trace.of(volume, new Shape(1, 2, 7, 8, 9), Convention.TORCHVISION);
    assertEquals(new Shape(1, 3, 4, 8, 9), trace.output());
    ReceptiveField field = trace.rows().get(0).receptiveField();
    assertEquals(List.of(Axis.DEPTH, Axis.HEIGHT, Axis.WIDTH), field.axes());
    assertEquals("1x3x5", Texts.fieldSize(field));
    assertEquals("2x1x1", Texts.fieldStride(field));
    assertEquals("(0, -1, -2)", Texts.fieldStart(field));
    StringBuilder json = new StringBuilder();
    TraceJson.write(trace, json);
    assertTrue(
        json.toString()
            .contains(
                "\"receptiveField\":{\"size\":[1,3,5],\"stride\":[2,1,1],\"start\":[0,-1,-2]}"),
        json.toString());
  }

  @Test
  void pixelsThatNoWindowReads() {
    // Columns 0-1, 3-4 of 7 are read; of 8 rows all but row 3 and row 7.
    Row pool = row(new MaxPoolSpec(window(new Size(3, 2), new Size(4, 3)), Rounding.FLOOR));
    assertEquals(Optional.of(new Unread(Axis.HEIGHT, 8, 2, 1)), pool.unread(Axis.HEIGHT));
    assertEquals(
        "3 of 7 columns unread, 2 of them behind the last window",
        pool.unread(Axis.WIDTH).orElseThrow().toString());
    // Dilation 2 and stride 2 never leave the even rows.
    Row dilated = row(conv(window(new Size(2, 2), new Size(2, 1)).withDilation(new Size(2, 3))));
    assertEquals(
        "4 of 8 rows unread, 1 of them behind the last window", text(dilated, Axis.HEIGHT));
    assertEquals(Optional.empty(), dilated.unread(Axis.WIDTH));
    // What is left over at the end is padding: nothing to complain about.
    Row padded = row(conv(window(new Size(3, 3), new Size(2, 2)).withPadding(new Size(1, 1))));
    assertEquals(Optional.empty(), padded.unread(Axis.HEIGHT));
    assertEquals(Optional.empty(), row(Nets.relu()).unread(Axis.WIDTH));
  }

  private static String text(Row row, Axis axis) {
    return row.unread(axis).orElseThrow().toString();
  }

  private static Trace trace(Object net, long... input) {
    return Trace.of(Nets.graph(net), new Shape(input), Convention.TORCHVISION);
  }

  private static Row row(LayerSpec layer) {
    return trace(layer, 1, 1, 8, 7).rows().get(0);
  }

  private static LayerSpec conv(Windows window) {
    return new ConvSpec(1, 2, window, 1, Bias.WITH, PaddingMode.ZEROS);
  }

  private static Windows window(Size kernel, Size stride) {
    return Windows.of(kernel).withStride(stride);
  }

  @Test
  @Tag("large")
  void aHundredThousandLayers() throws IOException {
    List<LayerSpec> layers = new ArrayList<>();
    LayerSpec conv = Nets.conv(1, 1, 3, 1, 1);
    for (int i = 0; i < 50_000; i++) {
      layers.add(conv);
      layers.add(Nets.relu());
    }
    Graph net = Nets.sequential(layers.toArray());
    // Its own processor time, since the machine may be busy; it takes about 0.3 s.
    ThreadMXBean clock = ManagementFactory.getThreadMXBean();
    long before = clock.getCurrentThreadCpuTime();
    Trace trace = Trace.of(net, new Shape(1, 1, 32, 24), Convention.TORCHVISION);
    assertTrue(clock.getCurrentThreadCpuTime() - before < 5_000_000_000L);
    assertEquals(100_000, trace.rows().size());
    assertEquals(500_000, trace.totals().parameters());
    assertEquals(100_001, trace.rows().get(99_999).receptiveField().width().size());
    writeAll(trace);
  }

  private static void writeAll(Trace trace) throws IOException {
    Counter counter = new Counter();
    new TraceTable(100, Colour.NONE).write(trace, counter);
    TraceJson.write(trace, counter);
    TraceCsv.write(trace, counter);
    TraceMarkdown.write(trace, counter);
    assertTrue(counter.largest < 1000, "nothing is held back to be written at once");
    assertTrue(counter.total > 10_000_000);
  }

  /** Counts what is written, and forgets it. */
  private static final class Counter implements Appendable {
    private long total;
    private int largest;

    @Override
    public Appendable append(CharSequence text) {
      return append(text, 0, text.length());
    }

    @Override
    public Appendable append(CharSequence text, int start, int end) {
      total += end - start;
      largest = Math.max(largest, end - start);
      return this;
    }

    @Override
    public Appendable append(char character) {
      total++;
      return this;
    }
  }

  @Test
  void nestedBlocksAreWalkedOnce() {
    Object net = Nets.conv(1, 1, 3, 1, 1);
    for (int depth = 0; depth < 200; depth++) {
      net = Nets.seq(Nets.named("d", net));
    }
    Object deep = net;
    Trace trace = ProcessorTime.assertUnder(Duration.ofSeconds(4), () -> trace(deep, 1, 1, 8, 9));
    assertEquals(1, trace.rows().size());
    assertEquals(199, trace.blocks().size());
  }

  /** A network that is built by hand: its names say which functions belong to a block. */
  @Test
  void whatABlockJoins() {
    Graph.Builder builder = new Graph.Builder();
    Edge x = builder.input("x");
    Edge start = builder.apply("block", Nets.relu(), List.of(x));
    Edge conv = builder.call(new Module("block.conv", Nets.conv(3, 3, 1, 1, 0)), start);
    Edge sum = builder.apply("block", new SumSpec(), List.of(conv, start));
    Edge loose = builder.apply("loose", new SumSpec(), List.of(sum, sum));
    Tree leaf = new Tree("Conv2d", "block.conv", List.of());
    Tree block = new Tree("Block", "block", List.of(leaf));
    Graph graph = builder.build(List.of(loose), new Tree("Net", "", List.of(block)));
    Trace trace = Trace.of(graph, new Shape(1, 3, 4, 5), Convention.TORCHVISION);
    assertEquals(
        List.of("block ReLU()", "block.conv", "block add(conv, ReLU)", "loose add()"),
        trace.rows().stream()
            .map(
                row ->
                    row.path().equals("block.conv")
                        ? row.path()
                        : row.path() + " " + row.notation())
            .toList());
    assertEquals(
        List.of("block Block(...)", "loose add()"),
        trace.collapsed(1).rows().stream().map(row -> row.path() + " " + row.notation()).toList());
  }

  /** The axes of an input are those that the layer sees which reads it, or all where none does. */
  @Test
  void severalInputsHaveAxesOfTheirOwn() {
    Graph.Builder builder = new Graph.Builder();
    Edge picture = builder.input("picture");
    Edge steps = builder.input("steps");
    builder.input("unread");
    Edge conv = builder.call(new Module("conv", Nets.conv(3, 4, 3, 1, 0)), picture);
    LayerSpec lstm = PyTorch.parse("LSTM(10, 20)").layer();
    Edge last = builder.call(new Module("lstm", lstm), steps);
    Graph graph = builder.build(List.of(conv, last), new Tree("Net", "", List.of()));
    List<Shape> inputs =
        List.of(new Shape(1, 3, 8, 8), new Shape(5, 3, 10), new Shape(1, 2, 3, 4, 5));
    Trace trace = Trace.of(Shapes.infer(graph, inputs), Convention.TORCHVISION);
    assertEquals(Axis.of(2), trace.rows().get(0).receptiveField().axes());
    assertEquals(List.of(), trace.rows().get(1).receptiveField().axes());
  }

  /** The cost is called what the convention counts. */
  @ParameterizedTest
  @CsvSource({
    "TORCHVISION, MACs, macs",
    "TORCHINFO, MACs, macs",
    "FVCORE, flops, flops",
    "TF_PROFILER, operations, operations"
  })
  void namesOfTheCost(Convention convention, String name, String field) {
    Trace trace = Trace.of(Graph.of(Nets.relu()), new Shape(1, 3, 4, 5), convention);
    assertEquals(name, Texts.costName(trace));
    assertEquals(field, Texts.costField(trace));
  }
}

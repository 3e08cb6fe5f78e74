package io.github.convlens.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.ProcessorTime;
import io.github.convlens.layer.Axis;
import io.github.convlens.layer.Bias;
import io.github.convlens.layer.Child;
import io.github.convlens.layer.Conv2dSpec;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.LinearSpec;
import io.github.convlens.layer.MaxPool2dSpec;
import io.github.convlens.layer.PaddingMode;
import io.github.convlens.layer.Rounding;
import io.github.convlens.layer.SequentialSpec;
import io.github.convlens.layer.ShapeText;
import io.github.convlens.layer.Size;
import io.github.convlens.layer.Window2d;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Rows, blocks and sums; networks of any length. */
class TraceTest {
  @Test
  void lenetLayerByLayer() {
    Trace trace = Nets.trace(Nets.lenet(), 1, 1, 28, 28);
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

  @Test
  void lazyLayersAreResolvedAndImpliedOnesMarked() {
    LayerSpec lazy = Conv2dSpec.of(0, 5, Window2d.of(new Size(3, 2)));
    LayerSpec net = SequentialSpec.of(lazy, new LinearSpec(5 * 4 * 6, 3, Bias.WITH));
    Trace trace = Nets.trace(net, 2, 7, 6, 7);
    assertEquals(
        List.of(
            "Conv2d(7, 5, kernel_size=(3, 2))",
            "Flatten()",
            "Linear(in_features=120, out_features=3)"),
        trace.rows().stream().map(Row::notation).toList());
    assertEquals(Child.Origin.IMPLIED, trace.rows().get(1).origin());
    assertEquals(1, trace.notes().size());
  }

  @Test
  void blocksCollapseToSums() {
    Trace trace = Nets.trace(Nets.resnet50(), 1, 3, 224, 224);
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

  @Test
  void pixelsThatNoWindowReads() {
    // Columns 0-1, 3-4 of 7 are read; of 8 rows all but row 3 and row 7.
    Row pool = row(new MaxPool2dSpec(window(new Size(3, 2), new Size(4, 3)), Rounding.FLOOR));
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

  private static Row row(LayerSpec layer) {
    return Nets.trace(layer, 1, 1, 8, 7).rows().get(0);
  }

  private static LayerSpec conv(Window2d window) {
    return new Conv2dSpec(1, 2, window, 1, Bias.WITH, PaddingMode.ZEROS);
  }

  private static Window2d window(Size kernel, Size stride) {
    return Window2d.of(kernel).withStride(stride);
  }

  @Test
  void aHundredThousandLayers() throws IOException {
    List<LayerSpec> layers = new ArrayList<>();
    LayerSpec conv = Nets.conv(1, 1, 3, 1, 1);
    for (int i = 0; i < 50_000; i++) {
      layers.add(conv);
      layers.add(Nets.relu());
    }
    LayerSpec net = SequentialSpec.of(layers.toArray(LayerSpec[]::new));
    // Its own processor time, since the machine may be busy; it takes about 0.3 s.
    ThreadMXBean clock = ManagementFactory.getThreadMXBean();
    long before = clock.getCurrentThreadCpuTime();
    Trace trace = Nets.trace(net, 1, 1, 32, 24);
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
    LayerSpec net = Nets.conv(1, 1, 3, 1, 1);
    for (int depth = 0; depth < 200; depth++) {
      net = new SequentialSpec(List.of(new Child("d", net)));
    }
    LayerSpec deep = net;
    Trace trace =
        ProcessorTime.assertUnder(Duration.ofSeconds(4), () -> Nets.trace(deep, 1, 1, 8, 9));
    assertEquals(1, trace.rows().size());
    assertEquals(199, trace.blocks().size());
  }
}

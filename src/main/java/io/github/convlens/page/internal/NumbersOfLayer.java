package io.github.convlens.page.internal;

import com.google.gson.stream.JsonWriter;
import io.github.convlens.graph.Graph;
import io.github.convlens.layer.AvgPoolSpec;
import io.github.convlens.layer.Axis;
import io.github.convlens.layer.Bias;
import io.github.convlens.layer.ConvSpec;
import io.github.convlens.layer.ConvTransposeSpec;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.MaxPoolSpec;
import io.github.convlens.layer.Padding;
import io.github.convlens.layer.Rounding;
import io.github.convlens.layer.Size;
import io.github.convlens.layer.Windows;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * The numbers of a single layer, for the page's sliders: {@code "numbers": {"type": "Conv2d", "in":
 * 1, "out": 1, "kernel": [3, 5], ...}}; null where sliders cannot say what the layer says (a
 * network, layers of three axes, numbers above 2^53). A padding with numbers of its own for each
 * side is a layer in front of the convolution. Of a sequence the first number of each pair is 1.
 */
final class NumbersOfLayer {
  private final JsonWriter json;
  private final int axes;

  private NumbersOfLayer(JsonWriter json, int axes) {
    this.json = json;
    this.axes = axes;
  }

  static void write(Graph graph, JsonWriter json) throws IOException {
    Optional<ConvSpec> padded = Sliding.padded(graph);
    if (padded.isEmpty() && graph.nodes().size() != 1) {
      json.nullValue();
      return;
    }
    LayerSpec layer = padded.isPresent() ? padded.get() : graph.layer();
    NumbersOfLayer numbers = new NumbersOfLayer(json, layer.spatialAxes());
    if (layer.spatialAxes() < 1 || layer.spatialAxes() > 2) {
      json.nullValue();
    } else if (layer instanceof ConvSpec conv
        && conv.inChannels() > 0
        && areExact(conv.inChannels(), conv.outChannels(), conv.groups())
        && isWritten(conv.window())) {
      numbers.open("Conv", conv.inChannels(), conv.outChannels(), conv.groups());
      numbers.window(conv.window());
      json.name("padding_mode").value(conv.paddingMode().toString());
      json.name("bias").value(conv.bias() == Bias.WITH).endObject();
    } else if (layer instanceof ConvTransposeSpec conv
        && conv.inChannels() > 0
        && areExact(conv.inChannels(), conv.outChannels(), conv.groups())
        && areExact(conv.kernel(), conv.stride(), conv.padding())
        && areExact(conv.dilation(), conv.outputPadding())) {
      numbers.open("ConvTranspose", conv.inChannels(), conv.outChannels(), conv.groups());
      numbers.pair("kernel", conv.kernel(), 1);
      numbers.pair("stride", conv.stride(), 1);
      numbers.pair("padding", conv.padding(), 0);
      numbers.pair("dilation", conv.dilation(), 1);
      numbers.pair("output_padding", conv.outputPadding(), 0);
      json.name("bias").value(conv.bias() == Bias.WITH).endObject();
    } else if (layer instanceof MaxPoolSpec pool && isWritten(pool.window())) {
      numbers.pool("MaxPool", pool.window(), pool.rounding());
      json.endObject();
    } else if (layer instanceof AvgPoolSpec pool
        && isWritten(pool.window())
        && pool.divisorOverride().isEmpty()) {
      numbers.pool("AvgPool", pool.window(), pool.rounding());
      json.name("count_include_pad").value(pool.divisor() == AvgPoolSpec.Divisor.PADDED);
      json.endObject();
    } else {
      json.nullValue();
    }
  }

  private static boolean isWritten(Windows window) {
    boolean known =
        window.padding() instanceof Padding.Explicit sides
            ? areExact(sides.before(), sides.after())
            : window.padding() == Padding.Automatic.SAME;
    return known && areExact(window.kernel(), window.stride(), window.dilation());
  }

  private static boolean areExact(Size... sizes) {
    return Arrays.stream(sizes)
        .allMatch(size -> size.axes().stream().allMatch(axis -> areExact(size.on(axis))));
  }

  private static boolean areExact(long... numbers) {
    return LongStream.of(numbers).allMatch(number -> number <= Explorer.LARGEST);
  }

  private void type(String type) throws IOException {
    json.beginObject().name("type").value(type + axes + "d");
  }

  private void open(String type, long in, long out, long groups) throws IOException {
    type(type);
    json.name("in").value(in).name("out").value(out).name("groups").value(groups);
  }

  private void pool(String type, Windows window, Rounding rounding) throws IOException {
    type(type);
    json.name("ceil").value(rounding == Rounding.CEIL);
    window(window);
  }

  /** {@code "padding"} holds the numbers in front, {@code "after"} those behind. */
  private void window(Windows window) throws IOException {
    pair("kernel", window.kernel(), 1);
    pair("stride", window.stride(), 1);
    pair("dilation", window.dilation(), 1);
    if (window.padding() instanceof Padding.Explicit sides) {
      pair("padding", sides.before(), 0);
      pair("after", sides.after(), 0);
      json.name("same").value(false);
    } else {
      json.name("same").value(true);
    }
  }

  private void pair(String name, Size size, long absent) throws IOException {
    json.name(name).beginArray();
    if (axes == 1) {
      json.value(absent);
    }
    for (Axis axis : size.axes()) {
      json.value(size.on(axis));
    }
    json.endArray();
  }
}

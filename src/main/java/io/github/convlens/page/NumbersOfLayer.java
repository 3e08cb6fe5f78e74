package io.github.convlens.page;

import com.google.gson.stream.JsonWriter;
import io.github.convlens.layer.AvgPoolSpec;
import io.github.convlens.layer.ConvSpec;
import io.github.convlens.layer.ConvTransposeSpec;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.MaxPoolSpec;
import io.github.convlens.layer.Padding;
import io.github.convlens.layer.PaddingMode;
import io.github.convlens.layer.Rounding;
import io.github.convlens.layer.Size;
import io.github.convlens.layer.Windows;
import java.io.IOException;
import java.util.Arrays;
import java.util.stream.LongStream;

/**
 * The numbers of a single layer, for the page's sliders: {@code "numbers": {"type": "Conv2d", "in":
 * 1, "out": 1, "kernel": [3, 5], ...}}; null where sliders cannot say what the layer says (a
 * network, layers of one or three axes, 'same' padding, other modes, a pool that counts no padding,
 * numbers above 2^53).
 */
final class NumbersOfLayer {
  private final JsonWriter json;

  private NumbersOfLayer(JsonWriter json) {
    this.json = json;
  }

  static void write(LayerSpec layer, JsonWriter json) throws IOException {
    json.name("numbers");
    NumbersOfLayer numbers = new NumbersOfLayer(json);
    if (layer.spatialAxes() != 2) {
      json.nullValue();
      return;
    }
    if (layer instanceof ConvSpec conv
        && conv.inChannels() > 0
        && areExact(conv.inChannels(), conv.outChannels(), conv.groups())
        && conv.paddingMode() == PaddingMode.ZEROS
        && isPair(conv.window())) {
      numbers.open("Conv2d", conv.inChannels(), conv.outChannels(), conv.groups());
      numbers.window(conv.window());
    } else if (layer instanceof ConvTransposeSpec conv
        && conv.inChannels() > 0
        && areExact(conv.inChannels(), conv.outChannels(), conv.groups())
        && areExact(conv.kernel(), conv.stride(), conv.padding())
        && areExact(conv.dilation(), conv.outputPadding())) {
      numbers.open("ConvTranspose2d", conv.inChannels(), conv.outChannels(), conv.groups());
      numbers.pair("kernel", conv.kernel());
      numbers.pair("stride", conv.stride());
      numbers.pair("padding", conv.padding());
      numbers.pair("dilation", conv.dilation());
      numbers.pair("output_padding", conv.outputPadding());
    } else if (layer instanceof MaxPoolSpec pool && isPair(pool.window())) {
      numbers.pool("MaxPool2d", pool.window(), pool.rounding());
    } else if (layer instanceof AvgPoolSpec pool
        && isPair(pool.window())
        && pool.divisor() == AvgPoolSpec.Divisor.PADDED
        && pool.divisorOverride().isEmpty()) {
      numbers.pool("AvgPool2d", pool.window(), pool.rounding());
    } else {
      json.nullValue();
      return;
    }
    json.endObject();
  }

  private static boolean isPair(Windows window) {
    return window.padding() instanceof Padding.Explicit sides
        && sides.isSymmetric()
        && areExact(window.kernel(), window.stride(), sides.perSide(), window.dilation());
  }

  private static boolean areExact(Size... sizes) {
    return Arrays.stream(sizes).allMatch(size -> areExact(size.height(), size.width()));
  }

  private static boolean areExact(long... numbers) {
    return LongStream.of(numbers).allMatch(number -> number <= Explorer.LARGEST);
  }

  private void open(String type, long in, long out, long groups) throws IOException {
    json.beginObject().name("type").value(type);
    json.name("in").value(in).name("out").value(out).name("groups").value(groups);
  }

  private void pool(String type, Windows window, Rounding rounding) throws IOException {
    json.beginObject().name("type").value(type);
    json.name("ceil").value(rounding == Rounding.CEIL);
    window(window);
  }

  private void window(Windows window) throws IOException {
    pair("kernel", window.kernel());
    pair("stride", window.stride());
    pair("padding", ((Padding.Explicit) window.padding()).perSide());
    pair("dilation", window.dilation());
  }

  private void pair(String name, Size size) throws IOException {
    json.name(name).beginArray().value(size.height()).value(size.width()).endArray();
  }
}

package io.github.convlens.page.internal;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;

/**
 * All that is drawn of a layer with a window, but for what changes from one output element to the
 * next.
 */
final class Scene {
  /** An array with more elements is shown without its numbers. */
  private static final long MOST_VALUES = 1 << 14;

  /** So many products at most are summed up for one drawing. */
  private static final long MOST_TERMS = 1 << 18;

  /** So many input channels are drawn at once. */
  static final long MOST_CHANNELS = 4;

  /** A matrix product with more of one number than this is no longer readable. */
  private static final long MOST_MATRIX = 64;

  private final Example example;
  private final Sliding layer;
  private final long out;
  private final long first;

  /**
   * A drawing.
   *
   * @param example the layer and its numbers
   * @param out the output channel; too large a number means the last one
   * @param first the first input channel that is drawn, from the group's first
   */
  Scene(Example example, long out, long first) {
    this.example = example;
    this.layer = example.layer();
    this.out = Math.max(0, Math.min(out, layer.outChannels() - 1));
    this.first = Math.max(0, Math.min(first, layer.depth() - 1));
  }

  long out() {
    return out;
  }

  long first() {
    return first;
  }

  /** How many channels are drawn. */
  long shown() {
    return Math.min(MOST_CHANNELS, layer.depth() - first);
  }

  /** An element of an array. */
  private interface Element {
    double at(long row, long column);
  }

  /**
   * {@code "kind", "height": {..}, "width": {..}} as {@link Lane#write} has them; {@code
   * "channels": {"in", "out", "groups", "from", "depth", "first", "shown", "chosen"}}; {@code
   * "padding"}, the number that stands there; the arrays {@code "x"} and {@code "kernel"} and what
   * each channel gives, {@code "partial"}, an array for each channel that is drawn; their sum over
   * all channels, {@code "values"}. An array is null where it would be too large.
   */
  void write(JsonWriter json) throws IOException {
    json.name("kind").value(layer.kind().name().toLowerCase(java.util.Locale.ROOT));
    json.name("padding").value(example.padding());
    channels(json);
    Lane height = layer.height();
    Lane width = layer.width();
    Part.Area whole = new Part.Area(0, height.output(), 0, width.output());
    json.name("x").beginArray();
    for (long c = first; c < first + shown(); c++) {
      long channel = layer.firstChannel(out) + c;
      array(json, height.input(), width.input(), (y, x) -> example.x(channel, y, x));
    }
    json.endArray().name("kernel").beginArray();
    for (long c = first; c < first + shown() && layer.hasKernel(); c++) {
      long channel = c;
      array(json, height.kernel(), width.kernel(), (a, b) -> example.weight(out, channel, a, b));
    }
    json.endArray().name("partial").beginArray();
    for (long c = first; c < first + shown() && layer.depth() > 1; c++) {
      long channel = c;
      values(json, whole, 1, (y, x) -> example.partial(out, channel, y, x));
    }
    json.endArray().name("values");
    values(json, whole, layer.depth(), (y, x) -> example.value(out, y, x));
    matrix(json.name("matrix"));
    example.numbers().problem(layer, json.name("problem"));
  }

  /**
   * The numbers of a part: {@code "row", "column"} and {@code "x"} of the input, {@code "outRow",
   * "outColumn"}, {@code "partial"} and {@code "values"} of the output, as {@link #write} has them.
   */
  void near(JsonWriter json, Part part) throws IOException {
    Part.Area in = part.input().within(layer.height().input(), layer.width().input());
    Part.Area of = part.output().within(layer.height().output(), layer.width().output());
    json.name("row").value(in.row()).name("column").value(in.column());
    json.name("outRow").value(of.row()).name("outColumn").value(of.column());
    json.name("x").beginArray();
    for (long c = first; c < first + shown(); c++) {
      long channel = layer.firstChannel(out) + c;
      array(
          json,
          in.rows(),
          in.columns(),
          (y, x) -> example.x(channel, in.row() + y, in.column() + x));
    }
    json.endArray().name("partial").beginArray();
    for (long c = first; c < first + shown() && layer.depth() > 1; c++) {
      long channel = c;
      values(json, of, 1, (y, x) -> example.partial(out, channel, of.row() + y, of.column() + x));
    }
    json.endArray().name("values");
    values(json, of, layer.depth(), (y, x) -> example.value(out, of.row() + y, of.column() + x));
  }

  private void channels(JsonWriter json) throws IOException {
    json.name("channels").beginObject();
    json.name("in").value(layer.inChannels()).name("out").value(layer.outChannels());
    json.name("groups").value(layer.groups()).name("from").value(layer.firstChannel(out));
    json.name("depth").value(layer.depth()).name("first").value(first);
    json.name("shown").value(shown()).name("chosen").value(out).endObject();
  }

  private void values(JsonWriter json, Part.Area of, long channels, Element element)
      throws IOException {
    long rows = of.rows();
    long columns = of.columns();
    boolean few =
        example.hasValues()
            && channels <= MOST_TERMS
            && rows <= MOST_VALUES
            && columns <= MOST_VALUES
            && example.taps() * channels <= MOST_TERMS
            && rows * columns <= MOST_TERMS / Math.max(1, example.taps() * channels);
    if (few) {
      array(json, rows, columns, element);
    } else {
      json.nullValue();
    }
  }

  private static void array(JsonWriter json, long rows, long columns, Element element)
      throws IOException {
    if (rows > MOST_VALUES || columns > MOST_VALUES || rows * columns > MOST_VALUES) {
      json.nullValue();
      return;
    }
    json.beginArray();
    for (long row = 0; row < rows; row++) {
      json.beginArray();
      for (long column = 0; column < columns; column++) {
        json.value(Example.text(element.at(row, column)));
      }
      json.endArray();
    }
    json.endArray();
  }

  /**
   * A 1x1 convolution as a matrix product, {@code {"k", "x", "y"}}: (out, in) by (in, positions) is
   * (out, positions); null where it is none, or too large.
   */
  private void matrix(JsonWriter json) throws IOException {
    long columns = layer.width().input();
    long in = layer.inChannels();
    long outs = layer.outChannels();
    if (!layer.isPointwise()
        || Math.max(in, outs) > MOST_MATRIX / 4
        || Math.max(columns, layer.height().input()) > MOST_MATRIX
        || columns * layer.height().input() > MOST_MATRIX) {
      json.nullValue();
      return;
    }
    long positions = columns * layer.height().input();
    json.beginObject();
    array(json.name("k"), outs, in, (o, c) -> example.weight(o, c, 0, 0));
    array(json.name("x"), in, positions, (c, p) -> example.x(c, p / columns, p % columns));
    array(json.name("y"), outs, positions, (o, p) -> example.value(o, p / columns, p % columns));
    json.endObject();
  }
}

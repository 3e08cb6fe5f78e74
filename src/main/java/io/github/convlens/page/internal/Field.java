package io.github.convlens.page.internal;

import ai.djl.ndarray.types.Shape;
import com.google.gson.stream.JsonWriter;
import io.github.convlens.graph.Edge;
import io.github.convlens.graph.Shaped;
import io.github.convlens.layer.Axis;
import io.github.convlens.layer.internal.Exact;
import io.github.convlens.trace.Seen;
import io.github.convlens.trace.internal.Texts;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * What an output element sees of the picture that goes into the network.
 *
 * @param seen which pixels
 * @param picture the network's input (batch, channels, height, width)
 */
record Field(Seen seen, Shape picture) {
  /** More parts of a picture are smaller than can be told apart. */
  private static final long MOST_PARTS = 4000;

  /** Of an element of an array; empty if it sees nothing, or what goes in is no picture. */
  static Optional<Field> of(Shaped network, Edge edge, List<Long> position) {
    if (!Axis.in(network.input()).equals(Axis.of(2))) {
      return Optional.empty();
    }
    return Optional.of(new Field(Seen.of(network, edge, position), network.input()))
        .filter(field -> !field.seen.boxes().isEmpty());
  }

  /** Whether all of its numbers are at most so large. */
  boolean isUpTo(long largest) {
    return Axis.of(2).stream()
        .map(seen::on)
        .flatMapToLong(all -> LongStream.of(all.first(), all.last()))
        .allMatch(number -> Math.abs(number) <= largest);
  }

  /**
   * {@code {"picture": [28, 28], "rows": [-2, 13], "columns": [2, 17], "holes": ["49", "169"],
   * "parts": [[row, rows, column, columns], ..]}}: the first and the last row and column; how many
   * pixels are seen of how many that lie between these, null where it is all of them; and what is
   * seen of the picture, null where that is too much.
   */
  void write(JsonWriter json) throws IOException {
    Seen.Positions rows = seen.on(Axis.HEIGHT);
    Seen.Positions columns = seen.on(Axis.WIDTH);
    json.beginObject().name("picture").beginArray();
    json.value(Axis.HEIGHT.of(picture)).value(Axis.WIDTH.of(picture)).endArray();
    json.name("rows").beginArray().value(rows.first()).value(rows.last()).endArray();
    json.name("columns").beginArray().value(columns.first()).value(columns.last()).endArray();
    holes(json.name("holes"));
    parts(json.name("parts"));
    json.endObject();
  }

  private void holes(JsonWriter json) throws IOException {
    long read = seen.count(picture);
    long spanned = Exact.multiply(spanned(Axis.HEIGHT), spanned(Axis.WIDTH));
    if (read < spanned) {
      json.beginArray().value(Texts.total(read)).value(Texts.total(spanned)).endArray();
    } else {
      json.nullValue();
    }
  }

  private long spanned(Axis axis) {
    Seen.Positions all = seen.on(axis).within(0, axis.of(picture));
    return all.isEmpty() ? 0 : all.last() - all.first() + 1;
  }

  private void parts(JsonWriter json) throws IOException {
    long parts =
        seen.boxes().stream()
            .mapToLong(box -> (long) box.get(0).ranges().size() * box.get(1).ranges().size())
            .sum();
    if (parts > MOST_PARTS) {
      json.nullValue();
      return;
    }
    json.beginArray();
    for (List<Seen.Positions> box : seen.boxes()) {
      for (Seen.Positions.Range rows : box.get(0).within(0, Axis.HEIGHT.of(picture)).ranges()) {
        for (Seen.Positions.Range columns : box.get(1).within(0, Axis.WIDTH.of(picture)).ranges()) {
          json.beginArray().value(rows.from()).value(rows.to() - rows.from());
          json.value(columns.from()).value(columns.to() - columns.from()).endArray();
        }
      }
    }
    json.endArray();
  }
}

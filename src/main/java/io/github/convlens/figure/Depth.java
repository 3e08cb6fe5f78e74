package io.github.convlens.figure;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.language.Language;
import io.github.convlens.layer.Axis;
import io.github.convlens.layer.internal.ShapeText;
import io.github.convlens.trace.Row;
import io.github.convlens.trace.Trace;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What becomes of the axes of one network's input, layer by layer.
 *
 * @param curves a curve for each axis, in one where they are the same
 * @param layers the names of the layers, one for each step of a curve
 */
record Depth(List<Curve> curves, List<String> layers) {
  /** The sizes, up to the first output with another number of axes. */
  static Depth ofSizes(Language language, Trace trace) {
    int axes = trace.input().dimension();
    List<Row> rows = new ArrayList<>();
    for (Row row : trace.rows()) {
      if (row.output().dimension() != axes) {
        break;
      }
      rows.add(row);
    }
    return new Depth(
        merged(language, trace, axis -> sizes(language, trace.input(), rows, axis)), names(rows));
  }

  /** The receptive fields, and behind them the input's own sizes. */
  static Depth ofFields(Language language, Trace trace) {
    List<Row> rows =
        trace.rows().stream()
            .filter(row -> row.receptiveField().axes().equals(Axis.in(trace.input())))
            .toList();
    List<Curve> curves =
        new ArrayList<>(merged(language, trace, axis -> fields(language, rows, axis)));
    for (Curve input : merged(language, trace, axis -> inputs(language, trace, rows, axis))) {
      curves.add(new Curve(language.say("the input's %s", input.name()), input.sizes()));
    }
    return new Depth(curves, names(rows));
  }

  private static Curve sizes(Language language, Shape input, List<Row> rows, Axis axis) {
    List<Long> sizes = new ArrayList<>(List.of(axis.of(input)));
    rows.forEach(row -> sizes.add(axis.of(row.output())));
    return new Curve(language.say(axis.toString()), sizes);
  }

  private static Curve fields(Language language, List<Row> rows, Axis axis) {
    List<Long> fields = new ArrayList<>(List.of(1L));
    rows.forEach(row -> fields.add(row.receptiveField().on(axis).size()));
    return new Curve(language.say(axis.toString()), fields);
  }

  private static Curve inputs(Language language, Trace trace, List<Row> rows, Axis axis) {
    return new Curve(
        language.say(axis.toString()),
        Collections.nCopies(rows.size() + 1, axis.of(trace.input())));
  }

  private static List<Curve> merged(Language language, Trace trace, Function<Axis, Curve> curve) {
    List<Axis> axes = Axis.in(trace.input());
    if (axes.isEmpty()) {
      throw new FigureException(
          "this figure is about the axes of a sequence, a picture or a volume",
          "The input is " + ShapeText.listed(trace.input()) + ".",
          "Use an input with an axis behind the channels, or draw the stack or the cost.");
    }
    Map<List<Long>, Curve> merged = new LinkedHashMap<>();
    for (Axis axis : axes) {
      Curve next = curve.apply(axis);
      merged.merge(
          next.sizes(),
          next,
          (one, other) ->
              new Curve(language.say("%s and %s", one.name(), other.name()), one.sizes()));
    }
    return List.copyOf(merged.values());
  }

  /** {@code features.3 MaxPool2d}. */
  private static List<String> names(List<Row> rows) {
    return rows.stream()
        .map(row -> row.path().isEmpty() ? row.type() : row.path() + " " + row.type())
        .toList();
  }
}

package io.github.convlens.figure;

import io.github.convlens.figure.Card.Meaning;
import io.github.convlens.figure.Sketch.Anchor;
import io.github.convlens.language.Language;
import io.github.convlens.layer.internal.ShapeText;
import io.github.convlens.trace.Row;
import io.github.convlens.trace.Trace;
import io.github.convlens.trace.internal.Texts;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Two layers, or two networks, on one input. */
final class Comparison {
  private static final double GAP = 36;

  private Comparison() {}

  static Drawing of(Language language, Trace one, Trace other, long row, long column) {
    return hasWindow(one) && hasWindow(other)
        ? windows(language, one, other, row, column)
        : SizesFigure.of(language, List.of(curve("1: ", one), curve("2: ", other)));
  }

  private static boolean hasWindow(Trace trace) {
    return trace.rows().size() == 1
        && trace.input().dimension() == 4
        && trace.rows().get(0).layer().taps().isPresent();
  }

  private static Curve curve(String number, Trace trace) {
    String type = trace.network().graph().tree().simpleType();
    return Curve.of(number + type, trace);
  }

  private static Drawing windows(Language language, Trace one, Trace other, long row, long column) {
    Sketch body = new Sketch();
    Map<Role, Meaning> legend = new LinkedHashMap<>();
    List<String> lines = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    double y = 0;
    for (int i = 0; i < 2; i++) {
      String number = i == 0 ? "1: " : "2: ";
      Row traced = (i == 0 ? one : other).rows().get(0);
      WindowLayer layer = WindowLayer.of(traced.layer(), traced.input());
      layer.checkCell(row, column);
      WindowFigure.checkSpan(layer);
      WindowFigure figure = WindowFigure.small(language, layer, row, column);
      Sketch window = figure.body();
      Rectangle2D.Double room = window.room();
      String title = number + traced.notation();
      window.label(Role.TEXT, Lettering.HEADING, Anchor.LEFT, room.x, room.y - 12, title);
      body.add(window, -room.x, y - window.room().y);
      y += window.room().height + GAP;
      figure.legend().forEach(key -> legend.putIfAbsent(key.role(), key));
      String which = Integer.toString(i + 1);
      lines.add(language.say("%s: %s", which, figure.sentence()));
      figure.notes().forEach(note -> notes.add(language.say("%s: %s", which, note)));
    }
    lines.add(differences(language, one.rows().get(0), other.rows().get(0)));
    String title = language.say("Two layers on %s", ShapeText.crossed(one.input()));
    return new Card(language, title, List.copyOf(legend.values()), lines, notes).around(body);
  }

  /** What differs in numbers. */
  private static String differences(Language language, Row one, Row other) {
    return language.say(
        "Output %s and %s; parameters %s and %s; MACs %s and %s.",
        ShapeText.crossed(one.output()),
        ShapeText.crossed(other.output()),
        Texts.total(one.parameters()),
        Texts.total(other.parameters()),
        Texts.total(one.cost()),
        Texts.total(other.cost()));
  }
}

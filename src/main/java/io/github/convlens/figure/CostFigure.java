package io.github.convlens.figure;

import io.github.convlens.figure.Card.Meaning;
import io.github.convlens.figure.Sketch.Anchor;
import io.github.convlens.language.Language;
import io.github.convlens.trace.Trace;
import io.github.convlens.trace.internal.Texts;
import java.util.List;

/** Bars of multiply-adds and parameters, a line for each layer. */
final class CostFigure {
  /** Lines of a figure. */
  private static final int MOST = 44;

  private static final double LINE = 19;
  private static final double BAR = 200;
  private static final double NUMBER = 56;

  private final Language language;
  private final Trace trace;
  private final Folded folded;

  private CostFigure(Language language, Trace trace, Folded folded) {
    this.language = language;
    this.trace = trace;
    this.folded = folded;
  }

  static Drawing of(Language language, Trace trace) {
    Folded folded =
        Folded.of(
            language,
            trace,
            MOST,
            items -> items.size() <= MOST,
            row -> row.cost() > 0 || row.parameters() > 0);
    return new CostFigure(language, trace, folded).draw();
  }

  private Drawing draw() {
    Sketch body = new Sketch();
    double names = 0;
    for (Folded.Item row : folded.items()) {
      names = Math.max(names, Lettering.SMALL.width(name(row)));
    }
    double macs = names + 12;
    double parameters = macs + BAR + NUMBER + 16;
    heading(body, language.say(Texts.costName(trace)), macs);
    heading(body, language.say("parameters"), parameters);
    double y = 0;
    for (Folded.Item row : folded.items()) {
      body.label(Role.TEXT, Lettering.SMALL, Anchor.RIGHT, names, y + 12, name(row));
      bar(body, Role.MACS, macs, y, row.cost(), mostMacs());
      bar(body, Role.PARAMETERS, parameters, y, row.parameters(), mostParameters());
      y += LINE;
    }
    List<Meaning> legend =
        List.of(
            new Meaning(Role.MACS, sum(trace.totals().cost(), language.say(Texts.costName(trace)))),
            new Meaning(
                Role.PARAMETERS, sum(trace.totals().parameters(), language.say("parameters"))));
    String title = language.say("Cost of each layer");
    return new Card(language, title, legend, List.of(), folded.notes()).around(body);
  }

  private static void heading(Sketch body, String text, double x) {
    body.label(Role.TEXT, Lettering.HEADING, Anchor.LEFT, x, -8, text);
  }

  private String sum(long number, String what) {
    return language.say("%s %s in total", Texts.total(number), what);
  }

  private String name(Folded.Item row) {
    String path = row.path(language).isEmpty() ? "" : row.path(language) + "  ";
    return Lettering.SMALL.cut(path + row.type(), 230);
  }

  private static void bar(Sketch body, Role role, double x, double y, long value, long most) {
    double length = most == 0 ? 0 : BAR * ((double) value / most);
    if (value > 0) {
      body.box(role, x, y + 3, Math.max(1, length), LINE - 7);
    }
    String number = value == 0 ? "0" : Texts.compact(value);
    body.label(Role.QUIET, Lettering.SMALL, Anchor.LEFT, x + length + 6, y + 12, number);
  }

  private long mostMacs() {
    return folded.items().stream().mapToLong(Folded.Item::cost).max().orElse(0);
  }

  private long mostParameters() {
    return folded.items().stream().mapToLong(Folded.Item::parameters).max().orElse(0);
  }
}

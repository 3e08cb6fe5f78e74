package io.github.convlens.figure;

import io.github.convlens.figure.Card.Meaning;
import io.github.convlens.figure.Sketch.Anchor;
import io.github.convlens.trace.Texts;
import io.github.convlens.trace.Trace;
import java.util.List;

/** Bars of multiply-adds and parameters, a line for each layer. */
final class CostFigure {
  /** Lines of a figure. */
  private static final int MOST = 44;

  private static final double LINE = 19;
  private static final double BAR = 200;
  private static final double NUMBER = 56;

  private final Trace trace;
  private final Folded folded;

  private CostFigure(Trace trace, Folded folded) {
    this.trace = trace;
    this.folded = folded;
  }

  static Figure of(Trace trace) {
    Folded folded =
        Folded.of(
            trace,
            MOST,
            items -> items.size() <= MOST,
            row -> row.cost() > 0 || row.parameters() > 0);
    return new CostFigure(trace, folded).draw();
  }

  private Figure draw() {
    Sketch body = new Sketch();
    double names = 0;
    for (Folded.Item row : folded.items()) {
      names = Math.max(names, Lettering.SMALL.width(name(row)));
    }
    double macs = names + 12;
    double parameters = macs + BAR + NUMBER + 16;
    heading(body, Texts.costName(trace), macs);
    heading(body, "parameters", parameters);
    double y = 0;
    for (Folded.Item row : folded.items()) {
      body.label(Role.TEXT, Lettering.SMALL, Anchor.RIGHT, names, y + 12, name(row));
      bar(body, Role.MACS, macs, y, row.cost(), mostMacs());
      bar(body, Role.PARAMETERS, parameters, y, row.parameters(), mostParameters());
      y += LINE;
    }
    List<Meaning> legend =
        List.of(
            new Meaning(Role.MACS, sum(trace.totals().cost(), Texts.costName(trace))),
            new Meaning(Role.PARAMETERS, sum(trace.totals().parameters(), "parameters")));
    return new Card("Cost of each layer", legend, List.of(), folded.notes()).around(body);
  }

  private static void heading(Sketch body, String text, double x) {
    body.label(Role.TEXT, Lettering.HEADING, Anchor.LEFT, x, -8, text);
  }

  private static String sum(long number, String what) {
    return Texts.total(number) + " " + what + " in total";
  }

  private static String name(Folded.Item row) {
    String path = row.path().isEmpty() ? "" : row.path() + "  ";
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

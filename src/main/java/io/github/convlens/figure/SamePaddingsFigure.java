package io.github.convlens.figure;

import io.github.convlens.figure.Card.Meaning;
import io.github.convlens.figure.Sketch.Anchor;
import io.github.convlens.language.Language;
import io.github.convlens.layer.Window;
import io.github.convlens.plan.SamePadding;
import java.util.List;

/** A row of cells for each author of a "same" padding. */
final class SamePaddingsFigure {
  /** Cells of the padded axis that are drawn. */
  private static final int MOST = 40;

  private static final double CELL = 22;
  private static final double LINE = 52;

  private final Language language;
  private final List<SamePadding> all;
  private final Extent shown;

  private SamePaddingsFigure(Language language, List<SamePadding> all, Extent shown) {
    this.language = language;
    this.all = all;
    this.shown = shown;
  }

  static Drawing of(Language language, long kernel, long stride, long input) {
    List<SamePadding> all = SamePadding.compare(kernel, stride, input);
    Extent axis = new Extent(0, input);
    for (SamePadding one : all) {
      if (one.window().isPresent()) {
        axis = axis.union(padded(one.window().get(), input));
      }
    }
    if (axis.size() > MOST) {
      throw new FigureException(
          "the padded axis is too long to draw",
          ("It is " + axis.size() + " for kernel " + kernel + " and input " + input)
              + ("; at most " + MOST + " cells are drawn."),
          "Use a smaller input or kernel; where the padding goes depends on neither's size.");
    }
    return new SamePaddingsFigure(language, all, axis).draw(kernel, stride, input);
  }

  private static Extent padded(Window window, long input) {
    return new Extent(-window.padBefore(), input + window.padAfter());
  }

  private Drawing draw(long kernel, long stride, long input) {
    Sketch body = new Sketch();
    Grid grid = new Grid(new Extent(0, 1), shown, CELL);
    double y = 0;
    for (SamePadding one : all) {
      Sketch line = new Sketch();
      line.label(Role.TEXT, Lettering.BODY, Anchor.LEFT, 0, -7, line(one));
      one.window().ifPresent(window -> cells(line, grid, window, input));
      body.add(line, 0, y);
      y += one.window().isPresent() ? LINE : LINE / 2;
    }
    List<Meaning> legend =
        List.of(
            new Meaning(Role.INPUT, language.say("input")),
            new Meaning(Role.PADDING, language.say("padding")),
            new Meaning(Role.WINDOW, language.say("the first window")));
    String title =
        language.say("\"Same\" padding: kernel %d, stride %d, input %d", kernel, stride, input);
    return new Card(language, title, legend, List.of(), List.of()).around(body);
  }

  /** What one author does; the rule behind a rejection is that of the error, and English. */
  private String line(SamePadding one) {
    String author = language.say(one.author().toString());
    return one.window()
        .map(
            window ->
                language.say(
                    "%s: %d before, %d after, output %d",
                    author, window.padBefore(), window.padAfter(), one.output().orElseThrow()))
        .orElseGet(() -> language.say("%s: rejected, %s", author, language.say(one.rule())));
  }

  private void cells(Sketch line, Grid grid, Window window, long input) {
    Extent inside = new Extent(0, input);
    Extent padded = padded(window, input);
    for (long position = padded.from(); position < padded.to(); position++) {
      Role role = inside.contains(position) ? Role.INPUT : Role.PADDING;
      line.box(role, grid.x(position), 0, CELL, CELL);
    }
    Extent first = new Extent(padded.from(), padded.from() + window.span());
    grid.area(line, Role.WINDOW, new Extent(0, 1), first);
  }
}

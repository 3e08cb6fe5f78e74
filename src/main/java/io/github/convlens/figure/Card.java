package io.github.convlens.figure;

import io.github.convlens.figure.Sketch.Anchor;
import io.github.convlens.language.Language;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The card around a sketch: a title above, what the colours mean and sentences below.
 *
 * @param language what its own texts are in
 * @param title the figure's name
 * @param legend roles and what they mean
 * @param lines sentences and formulas
 * @param notes sentences on what the figure leaves out; they stand last
 */
record Card(
    Language language, String title, List<Meaning> legend, List<String> lines, List<String> notes) {
  private static final int MARGIN = 16;
  private static final int SWATCH = 14;

  /** Titles and sentences may make a narrow figure this wide. */
  private static final double LEAST_WIDTH = 440;

  /** What a role means. */
  record Meaning(Role role, String meaning) {}

  Card {
    legend = List.copyOf(legend);
    lines = List.copyOf(lines);
    notes = List.copyOf(notes);
  }

  /** The sketch on the card. */
  Drawing around(Sketch body) {
    Rectangle2D.Double room = body.room();
    double width = Math.max(LEAST_WIDTH, room.width);
    Sketch all = new Sketch();
    double y = 0;
    for (String line : Lettering.TITLE.wrap(title, width)) {
      y += Lettering.TITLE.lineHeight();
      all.label(Role.TEXT, Lettering.TITLE, Anchor.LEFT, 0, y - 4, line);
    }
    y += 12;
    all.add(body, -room.x, y - room.y);
    y += room.height + 16;
    y = legend(all, y, width);
    List<String> sentences = new ArrayList<>(lines);
    sentences.addAll(notes);
    for (String sentence : sentences) {
      for (String line : Lettering.BODY.wrap(sentence, width)) {
        all.label(Role.TEXT, Lettering.BODY, Anchor.LEFT, 0, y + Lettering.BODY.ascent(), line);
        y += Lettering.BODY.lineHeight();
      }
    }
    return drawing(all);
  }

  /** The legend in rows no wider than {@code width}; answers where it ends. */
  private double legend(Sketch all, double top, double width) {
    if (legend.isEmpty()) {
      return top;
    }
    double x = 0;
    double y = top;
    for (Meaning key : legend) {
      double text = Lettering.BODY.width(key.meaning);
      if (x > 0 && x + SWATCH + 6 + text > width) {
        x = 0;
        y += SWATCH + 9;
      }
      swatch(all, key.role, x, y);
      all.label(Role.TEXT, Lettering.BODY, Anchor.LEFT, x + SWATCH + 6, y + 12, key.meaning);
      x += SWATCH + 6 + text + 20;
    }
    return y + SWATCH + 12;
  }

  private static void swatch(Sketch all, Role role, double x, double y) {
    if (role.isCurve()) {
      all.line(role, x, y + 7, x + SWATCH, y + 7);
    } else {
      all.box(role, x + 1, y + 1, SWATCH - 2, SWATCH - 2);
    }
  }

  private Drawing drawing(Sketch all) {
    Rectangle2D.Double room = all.room();
    int width = (int) Math.ceil(room.width) + 2 * MARGIN;
    int height = (int) Math.ceil(room.height) + 2 * MARGIN;
    List<Mark> marks = new ArrayList<>();
    marks.add(new Mark.Box(Role.CARD, 0.5, 0.5, width - 1, height - 1));
    all.marks().forEach(mark -> marks.add(mark.moved(MARGIN - room.x, MARGIN - room.y)));
    return new Drawing(
        language, title, sentences(), width, height, marks, withLetters(marks), Optional.empty());
  }

  /** The notes, and one more where letters are missing here. */
  private List<String> withLetters(List<Mark> marks) {
    List<String> all = new ArrayList<>(notes);
    marks.stream()
        .filter(mark -> mark instanceof Mark.Label label && !canShow(label))
        .findFirst()
        .ifPresent(
            label ->
                all.add(
                    language.say(
                        "This machine has no font for '%s': a PNG or GIF shows boxes there, an SVG"
                            + " what its reader's fonts have. For Chinese install Debian's"
                            + " fonts-noto-cjk or the like.",
                        ((Mark.Label) label).text())));
    return all;
  }

  private static boolean canShow(Mark.Label label) {
    return label.lettering().canShow(label.text());
  }

  /** The sentences, and what the colours stand for. */
  private String sentences() {
    List<String> sentences = new ArrayList<>(lines);
    sentences.addAll(notes);
    if (!legend.isEmpty()) {
      List<String> keys = legend.stream().map(Meaning::meaning).toList();
      sentences.add(language.say("Drawn are: %s.", language.list(keys)));
    }
    return language.sentences(sentences);
  }
}

package io.github.convlens.figure;

import io.github.convlens.language.Language;
import io.github.convlens.layer.internal.Printable;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.Path2D;
import java.awt.geom.Point2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A finished figure: its marks from back to front.
 *
 * @param language what its labels are in
 * @param title what it shows
 * @param sentences what it says besides
 * @param width pixels
 * @param height pixels
 * @param marks from back to front
 * @param notes what it leaves out
 * @param again draws the same in a language; empty where that is not known
 */
record Drawing(
    Language language,
    String title,
    String sentences,
    int width,
    int height,
    List<Mark> marks,
    List<String> notes,
    Optional<Function<Language, Drawing>> again)
    implements Figure {
  Drawing {
    title = Printable.line(title);
    sentences = Printable.line(sentences);
    marks = List.copyOf(marks);
    notes = List.copyOf(notes);
  }

  /** What is drawn in English and can be drawn in all languages. */
  static Drawing of(Function<Language, Drawing> draw) {
    return draw.apply(Language.ENGLISH).drawnBy(draw);
  }

  private Drawing drawnBy(Function<Language, Drawing> draw) {
    return new Drawing(language, title, sentences, width, height, marks, notes, Optional.of(draw));
  }

  /** The same with other sentences for those who cannot see it. */
  Drawing saying(String others) {
    return new Drawing(language, title, others, width, height, marks, notes, again);
  }

  @Override
  public Drawing in(Language other) {
    return again.map(draw -> draw.apply(other).drawnBy(draw)).orElse(this);
  }

  /** The same on a card of another size, at least its own. */
  Drawing sized(int newWidth, int newHeight) {
    List<Mark> same = new ArrayList<>();
    same.add(new Mark.Box(Role.CARD, 0.5, 0.5, newWidth - 1, newHeight - 1));
    same.addAll(marks.subList(1, marks.size()));
    return new Drawing(language, title, sentences, newWidth, newHeight, same, notes, again);
  }

  @Override
  public String description() {
    String name = language.say("%s.", title);
    return sentences.isEmpty() ? name : language.sentences(List.of(name, sentences));
  }

  /** What a shell prints of a figure. */
  @Override
  public String toString() {
    return description();
  }

  @Override
  public String svg() {
    return SvgText.of(this);
  }

  @Override
  public void draw(Graphics2D graphics) {
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    graphics.setRenderingHint(
        RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
    graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    marks.forEach(mark -> draw(mark, graphics));
  }

  private static void draw(Mark mark, Graphics2D graphics) {
    if (mark instanceof Mark.Label label) {
      graphics.setColor(label.role().ink());
      graphics.setFont(label.lettering().font());
      graphics.drawString(label.text(), (float) label.x(), (float) label.baseline());
      return;
    }
    Role role = mark.role();
    Shape outline = outline(mark);
    Color fill = role.fill();
    if (fill != null && !(mark instanceof Mark.Line)) {
      graphics.setColor(fill);
      graphics.fill(outline);
    }
    if (role.thickness() > 0) {
      graphics.setColor(role.line());
      graphics.setStroke(stroke(role));
      graphics.draw(outline);
    }
  }

  private static BasicStroke stroke(Role role) {
    if (role.dashes().isEmpty()) {
      return new BasicStroke(role.thickness(), BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER);
    }
    String[] words = role.dashes().split(" ", -1);
    float[] dashes = new float[words.length];
    for (int i = 0; i < dashes.length; i++) {
      dashes[i] = Float.parseFloat(words[i]);
    }
    return new BasicStroke(
        role.thickness(), BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 10, dashes, 0);
  }

  private static Shape outline(Mark mark) {
    if (mark instanceof Mark.Box box) {
      return new Rectangle2D.Double(box.x(), box.y(), box.width(), box.height());
    }
    if (mark instanceof Mark.Line line) {
      return path(line.points());
    }
    Path2D.Double path = path(((Mark.Face) mark).points());
    path.closePath();
    return path;
  }

  private static Path2D.Double path(List<Point2D.Double> points) {
    Path2D.Double path = new Path2D.Double();
    path.moveTo(points.get(0).x, points.get(0).y);
    points.subList(1, points.size()).forEach(p -> path.lineTo(p.x, p.y));
    return path;
  }
}

package io.github.convlens.figure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.convlens.language.Language;
import java.awt.Color;
import java.awt.font.FontRenderContext;
import java.awt.font.TextLayout;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What holds for every figure, looked at on some hundred of them. */
class EveryFigureTest {
  private static final Map<String, Figure> FIGURES = inAllLanguages(Samples.all());

  private static Map<String, Figure> inAllLanguages(Map<String, Figure> figures) {
    Map<String, Figure> all = new LinkedHashMap<>(figures);
    figures.forEach((name, figure) -> all.put(name + ", Chinese", figure.in(Language.CHINESE)));
    return all;
  }

  @Test
  void noTextCoversAnother() {
    int pairs = 0;
    for (Map.Entry<String, Figure> figure : FIGURES.entrySet()) {
      List<Mark.Label> labels = labels(figure.getValue()).toList();
      List<Rectangle2D> places = labels.stream().map(EveryFigureTest::letters).toList();
      for (int i = 0; i < labels.size(); i++) {
        for (int j = i + 1; j < labels.size(); j++) {
          String texts = labels.get(i).text() + " and " + labels.get(j).text();
          assertFalse(
              places.get(i).intersects(places.get(j)),
              () -> figure.getKey() + ": " + texts + " cover each other");
          pairs++;
        }
      }
    }
    assertTrue(pairs > 10_000, "there are labels");
  }

  @Test
  void everyTextLiesInsideTheFigure() {
    FIGURES.forEach(
        (name, figure) -> {
          Rectangle2D page = new Rectangle2D.Double(0, 0, figure.width(), figure.height());
          labels(figure)
              .forEach(
                  label -> assertTrue(page.contains(letters(label)), name + ": " + label.text()));
        });
  }

  @Test
  void everyFigureFitsOnAScreen() {
    FIGURES.forEach(
        (name, figure) -> {
          assertTrue(figure.width() <= 1340, name + " is " + figure.width() + " wide");
          assertTrue(figure.height() <= 1100, name + " is " + figure.height() + " high");
        });
  }

  @Test
  void theSvgHasTheTextsAndMarksOfTheDrawing() {
    FIGURES.forEach(
        (name, figure) -> {
          SvgDocument svg = SvgDocument.of(figure);
          assertEquals(labels(figure).map(Mark.Label::text).toList(), svg.texts(), name);
          int marks = ((Drawing) figure).marks().size();
          int elements = svg.root().getElementsByTagName("*").getLength();
          int words = ((Drawing) figure).sentences().isEmpty() ? 1 : 2;
          assertEquals(marks + words, elements, name + ": one element a mark, title and desc");
        });
  }

  @Test
  void theSameRequestMakesTheSameBytes() {
    Map<String, Figure> again = inAllLanguages(Samples.all());
    assertEquals(FIGURES.keySet(), again.keySet());
    FIGURES.forEach((name, figure) -> assertEquals(figure.svg(), again.get(name).svg(), name));
  }

  @Test
  void textsHaveContrast() {
    for (Role ink : List.of(Role.TEXT, Role.QUIET)) {
      assertTrue(contrast(ink.ink(), Role.CARD.fill()) >= 4.5, ink + " on the card");
    }
    for (Role cell : List.of(Role.INPUT, Role.READ)) {
      assertTrue(contrast(Role.TEXT.ink(), cell.fill()) >= 4.5, "numbers on " + cell);
    }
  }

  @Test
  void linesThatCarryMeaningHaveContrastToo() {
    Stream.of(Role.values())
        .filter(role -> role.isCurve() || role == Role.WINDOW || role == Role.SPREAD)
        .forEach(role -> assertTrue(contrast(role.line(), Color.WHITE) >= 3, role.toString()));
  }

  @Test
  void thePictureShowsTheCells() {
    Figure figure = Samples.matrices();
    BufferedImage image = figure.image(2);
    assertEquals(2 * figure.width(), image.getWidth());
    assertEquals(2 * figure.height(), image.getHeight());
    Mark.Box marked =
        ((Drawing) figure)
            .marks().stream()
                .filter(mark -> mark.role() == Role.READ)
                .map(Mark.Box.class::cast)
                .findFirst()
                .orElseThrow();
    int x = (int) (2 * (marked.x() + 3));
    int y = (int) (2 * (marked.y() + 3));
    assertEquals(Role.READ.fill(), new Color(image.getRGB(x, y)));
    assertEquals(Color.WHITE, new Color(image.getRGB(8, 8)));
  }

  private static Stream<Mark.Label> labels(Figure figure) {
    return ((Drawing) figure)
        .marks().stream().filter(Mark.Label.class::isInstance).map(Mark.Label.class::cast);
  }

  /** Where the letters are inked, by Java's own layout. */
  private static Rectangle2D letters(Mark.Label label) {
    FontRenderContext context = new FontRenderContext(null, true, true);
    TextLayout layout = new TextLayout(label.text(), label.lettering().font(), context);
    Rectangle2D bounds = layout.getBounds();
    return new Rectangle2D.Double(
        label.x() + bounds.getX(),
        label.baseline() + bounds.getY(),
        bounds.getWidth(),
        bounds.getHeight());
  }

  /** WCAG 2: (lighter + 0.05) / (darker + 0.05) of the relative luminances. */
  private static double contrast(Color one, Color other) {
    double lighter = Math.max(luminance(one), luminance(other));
    double darker = Math.min(luminance(one), luminance(other));
    return (lighter + 0.05) / (darker + 0.05);
  }

  private static double luminance(Color color) {
    return 0.2126 * linear(color.getRed())
        + 0.7152 * linear(color.getGreen())
        + 0.0722 * linear(color.getBlue());
  }

  private static double linear(int channel) {
    double value = channel / 255.0;
    return value <= 0.04045 ? value / 12.92 : Math.pow((value + 0.055) / 1.055, 2.4);
  }
}

package io.github.convlens.figure;

import java.awt.Color;
import java.awt.geom.Point2D;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A drawing as SVG. Each mark is one element whose class is its role; looks are attributes and
 * there are no ids, so that several figures can stand in one page. A text gets the length that it
 * was measured with, whatever font the reader has.
 */
final class SvgText {
  private final StringBuilder svg = new StringBuilder();

  private SvgText() {}

  static String of(Drawing drawing) {
    SvgText text = new SvgText();
    text.document(drawing);
    return text.svg.toString();
  }

  private void document(Drawing drawing) {
    svg.append("<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\"");
    number("width", drawing.width());
    number("height", drawing.height());
    attribute("viewBox", "0 0 " + drawing.width() + " " + drawing.height());
    attribute("font-family", "'DejaVu Sans', Verdana, Helvetica, Arial, sans-serif");
    svg.append(">\n<title>").append(escaped(drawing.title())).append("</title>\n");
    if (!drawing.sentences().isEmpty()) {
      svg.append("<desc>").append(escaped(drawing.sentences())).append("</desc>\n");
    }
    drawing.marks().forEach(this::mark);
    svg.append("</svg>\n");
  }

  private void mark(Mark mark) {
    if (mark instanceof Mark.Box box) {
      open("rect", mark);
      number("x", box.x());
      number("y", box.y());
      number("width", box.width());
      number("height", box.height());
      shape(mark.role(), mark.role().fill());
    } else if (mark instanceof Mark.Line line) {
      open("polyline", mark);
      points(line.points());
      shape(mark.role(), null);
    } else if (mark instanceof Mark.Face face) {
      open("polygon", mark);
      points(face.points());
      shape(mark.role(), mark.role().fill());
    } else if (mark instanceof Mark.Label label) {
      label(label);
    }
  }

  private void label(Mark.Label label) {
    open("text", label);
    number("x", label.x());
    number("y", label.baseline());
    number("textLength", label.width());
    attribute("lengthAdjust", "spacingAndGlyphs");
    number("font-size", label.lettering().size());
    if (label.lettering().isBold()) {
      attribute("font-weight", "bold");
    }
    attribute("fill", hex(label.role().ink()));
    svg.append('>').append(escaped(label.text())).append("</text>\n");
  }

  private void shape(Role role, @Nullable Color fill) {
    attribute("fill", fill == null ? "none" : hex(fill));
    if (role.thickness() > 0) {
      attribute("stroke", hex(role.line()));
      number("stroke-width", role.thickness());
      if (!role.dashes().isEmpty()) {
        attribute("stroke-dasharray", role.dashes());
      }
    }
    svg.append("/>\n");
  }

  private void open(String element, Mark mark) {
    svg.append('<').append(element);
    attribute("class", mark.role().word());
  }

  private void points(List<Point2D.Double> points) {
    StringBuilder text = new StringBuilder();
    for (Point2D.Double point : points) {
      text.append(text.isEmpty() ? "" : " ").append(number(point.x)).append(',');
      text.append(number(point.y));
    }
    attribute("points", text.toString());
  }

  private void number(String name, double value) {
    attribute(name, number(value));
  }

  private void attribute(String name, String value) {
    svg.append(' ').append(name).append("=\"").append(value).append('"');
  }

  /** At most two decimals, none for whole numbers. */
  private static String number(double value) {
    BigDecimal rounded = BigDecimal.valueOf(value).setScale(2, RoundingMode.HALF_UP);
    return rounded.stripTrailingZeros().toPlainString();
  }

  private static String hex(Color color) {
    return String.format(Locale.ROOT, "#%06x", color.getRGB() & 0xffffff);
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}

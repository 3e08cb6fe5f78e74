package io.github.convlens.figure;

import io.github.convlens.layer.internal.Printable;
import java.awt.geom.Point2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Marks while they are being placed, and the room that they take. */
final class Sketch {
  /** Which point of a text stands at the place that is given. */
  enum Anchor {
    /** Its left end. */
    LEFT,
    /** Its middle. */
    MIDDLE,
    /** Its right end. */
    RIGHT
  }

  private final List<Mark> marks = new ArrayList<>();
  private final Rectangle2D.Double room = new Rectangle2D.Double(0, 0, 0, 0);

  /** A rectangle. */
  void box(Role role, double x, double y, double width, double height) {
    marks.add(new Mark.Box(role, x, y, width, height));
    take(x, y, width, height);
  }

  /** A line through points, each x and y. */
  void line(Role role, double... coordinates) {
    List<Point2D.Double> points = points(coordinates);
    marks.add(new Mark.Line(role, points));
    points.forEach(p -> take(p.x, p.y, 0, 0));
  }

  /** A filled polygon through points, each x and y. */
  void face(Role role, double... coordinates) {
    List<Point2D.Double> points = points(coordinates);
    marks.add(new Mark.Face(role, points));
    points.forEach(p -> take(p.x, p.y, 0, 0));
  }

  /** An arrow from one place to another. */
  void arrow(double fromX, double fromY, double toX, double toY) {
    double length = Math.hypot(toX - fromX, toY - fromY);
    double right = length == 0 ? 0 : (toX - fromX) / length;
    double down = length == 0 ? 0 : (toY - fromY) / length;
    double x = toX - 8 * right;
    double y = toY - 8 * down;
    line(Role.ARROW, fromX, fromY, toX - 6 * right, toY - 6 * down);
    face(Role.ARROW, x + 4.5 * down, y - 4.5 * right, toX, toY, x - 4.5 * down, y + 4.5 * right);
  }

  /** A circle. */
  void circle(Role role, double x, double y, double radius) {
    int corners = 36;
    double[] coordinates = new double[2 * corners];
    for (int i = 0; i < corners; i++) {
      coordinates[2 * i] = x + radius * Math.cos(2 * Math.PI * i / corners);
      coordinates[2 * i + 1] = y + radius * Math.sin(2 * Math.PI * i / corners);
    }
    face(role, coordinates);
  }

  /** A text whose anchor stands at x. */
  void label(
      Role role, Lettering lettering, Anchor anchor, double x, double baseline, String text) {
    if (text.isEmpty()) {
      return;
    }
    String shown = Printable.line(text);
    double width = lettering.width(shown);
    double left =
        switch (anchor) {
          case LEFT -> x;
          case MIDDLE -> x - width / 2;
          case RIGHT -> x - width;
        };
    marks.add(new Mark.Label(role, lettering, left, baseline, width, shown));
    take(left, baseline - lettering.ascent(), width, lettering.ascent() + lettering.descent());
  }

  /** A text in the middle of a cell, as high as its digits are. */
  void centred(Role role, Lettering lettering, double x, double y, String text) {
    label(role, lettering, Anchor.MIDDLE, x, y + lettering.size() * 0.36, text);
  }

  /** All of another sketch, moved. */
  void add(Sketch other, double right, double down) {
    other.marks.forEach(mark -> marks.add(mark.moved(right, down)));
    Rectangle2D.Double taken = other.room;
    take(taken.x + right, taken.y + down, taken.width, taken.height);
  }

  /** The room that the marks take; it holds the origin. */
  Rectangle2D.Double room() {
    return (Rectangle2D.Double) room.clone();
  }

  List<Mark> marks() {
    return List.copyOf(marks);
  }

  private void take(double x, double y, double width, double height) {
    room.setRect(room.createUnion(new Rectangle2D.Double(x, y, width, height)));
  }

  private static List<Point2D.Double> points(double... coordinates) {
    Point2D.Double[] points = new Point2D.Double[coordinates.length / 2];
    Arrays.setAll(points, i -> new Point2D.Double(coordinates[2 * i], coordinates[2 * i + 1]));
    return List.of(points);
  }
}

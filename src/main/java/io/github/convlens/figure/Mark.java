package io.github.convlens.figure;

import java.awt.geom.Point2D;
import java.util.List;

/** One thing on a figure. Places are in pixels, y grows downwards. */
sealed interface Mark {
  /** What it stands for. */
  Role role();

  /** The same mark elsewhere. */
  Mark moved(double right, double down);

  /**
   * A rectangle.
   *
   * @param x its left side
   * @param y its upper side
   */
  record Box(Role role, double x, double y, double width, double height) implements Mark {
    @Override
    public Box moved(double right, double down) {
      return new Box(role, x + right, y + down, width, height);
    }
  }

  /** A line through points. */
  record Line(Role role, List<Point2D.Double> points) implements Mark {
    @Override
    public Line moved(double right, double down) {
      return new Line(role, Mark.moved(points, right, down));
    }
  }

  /** A closed and filled line through points. */
  record Face(Role role, List<Point2D.Double> points) implements Mark {
    @Override
    public Face moved(double right, double down) {
      return new Face(role, Mark.moved(points, right, down));
    }
  }

  /**
   * A text.
   *
   * @param x its left end
   * @param baseline where its letters stand
   * @param width its length in this machine's font
   */
  record Label(Role role, Lettering lettering, double x, double baseline, double width, String text)
      implements Mark {
    @Override
    public Label moved(double right, double down) {
      return new Label(role, lettering, x + right, baseline + down, width, text);
    }
  }

  private static List<Point2D.Double> moved(
      List<Point2D.Double> points, double right, double down) {
    return points.stream().map(p -> new Point2D.Double(p.x + right, p.y + down)).toList();
  }
}

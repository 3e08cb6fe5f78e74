package io.github.convlens.figure;

import io.github.convlens.figure.Card.Meaning;
import io.github.convlens.figure.Sketch.Anchor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Size against depth. */
final class SizesFigure {
  private static final double WIDTH = 560;
  private static final double HEIGHT = 300;
  private static final List<Role> ROLES = Stream.of(Role.values()).filter(Role::isCurve).toList();

  private final List<Curve> curves;
  private final double deepest;
  private final double largest;

  private SizesFigure(List<Curve> curves) {
    this.curves = curves;
    this.deepest = Math.max(1, curves.stream().mapToInt(c -> c.sizes().size()).max().orElse(1) - 1);
    this.largest =
        curves.stream().flatMap(c -> c.sizes().stream()).mapToLong(Long::longValue).max().orElse(1);
  }

  static Figure of(List<Curve> curves) {
    if (curves.isEmpty() || curves.size() > ROLES.size()) {
      throw new FigureException(
          "a chart has from 1 to " + ROLES.size() + " curves",
          "Here are " + curves.size() + ".",
          curves.isEmpty() ? "Use one or more." : "Draw several charts.");
    }
    return new SizesFigure(List.copyOf(curves)).draw();
  }

  private Figure draw() {
    Sketch body = new Sketch();
    axes(body);
    List<Meaning> legend = new ArrayList<>();
    for (int i = 0; i < curves.size(); i++) {
      Curve curve = curves.get(i);
      curve(body, ROLES.get(i), curve);
      List<Long> sizes = curve.sizes();
      String ends = ": " + sizes.get(0) + " to " + sizes.get(sizes.size() - 1);
      legend.add(new Meaning(ROLES.get(i), curve.name() + ends));
    }
    return new Card("Size against depth", legend, List.of(), List.of()).around(body);
  }

  private void axes(Sketch body) {
    for (double size = 0; size <= top(); size += step(largest)) {
      double y = y(size);
      body.line(Role.RULE, 0, y, WIDTH, y);
      String text = Long.toString((long) size);
      body.label(Role.QUIET, Lettering.SMALL, Anchor.RIGHT, -8, y + 4, text);
    }
    for (double depth = 0; depth <= deepest; depth += step(deepest)) {
      String text = Long.toString((long) depth);
      double x = x(depth);
      body.line(Role.ARROW, x, HEIGHT, x, HEIGHT + 4);
      body.label(Role.QUIET, Lettering.SMALL, Anchor.MIDDLE, x, HEIGHT + 18, text);
    }
    body.line(Role.ARROW, 0, HEIGHT, WIDTH, HEIGHT);
    body.label(Role.TEXT, Lettering.BODY, Anchor.MIDDLE, WIDTH / 2, HEIGHT + 40, "layers");
    body.label(Role.TEXT, Lettering.BODY, Anchor.LEFT, 0, -16, "size");
  }

  private void curve(Sketch body, Role role, Curve curve) {
    double[] points = new double[2 * curve.sizes().size()];
    for (int i = 0; i < curve.sizes().size(); i++) {
      points[2 * i] = x(i);
      points[2 * i + 1] = y(curve.sizes().get(i));
    }
    body.line(role, points);
  }

  private double x(double depth) {
    return WIDTH * depth / deepest;
  }

  private double y(double size) {
    return HEIGHT * (1 - size / top());
  }

  /** The first rule that no curve rises above. */
  private double top() {
    double step = step(largest);
    return Math.ceil(largest / step) * step;
  }

  /** A round distance that divides {@code range} into about six: 1, 2 or 5 times a power of 10. */
  static double step(double range) {
    double rough = Math.max(1, range / 6);
    double power = Math.pow(10, Math.floor(Math.log10(rough)));
    for (double factor : new double[] {1, 2, 5}) {
      if (factor * power >= rough) {
        return factor * power;
      }
    }
    return 10 * power;
  }
}

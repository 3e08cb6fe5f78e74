package io.github.convlens.figure;

import io.github.convlens.figure.Card.Meaning;
import io.github.convlens.figure.Sketch.Anchor;
import io.github.convlens.language.Language;
import io.github.convlens.trace.Trace;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Size against depth. */
final class SizesFigure {
  private static final double WIDTH = 560;
  private static final double HEIGHT = 300;
  private static final List<Role> ROLES = Stream.of(Role.values()).filter(Role::isCurve).toList();

  private static final double LONGEST_NAME = 180;

  private final Language language;
  private final String title;
  private final List<Curve> curves;
  private final List<String> layers;
  private final double deepest;
  private final double largest;

  private SizesFigure(Language language, String title, List<Curve> curves, List<String> layers) {
    this.language = language;
    this.title = title;
    this.layers = layers;
    this.curves = curves;
    this.deepest = Math.max(1, curves.stream().mapToInt(c -> c.sizes().size()).max().orElse(1));
    this.largest =
        curves.stream().flatMap(c -> c.sizes().stream()).mapToLong(Long::longValue).max().orElse(1);
  }

  /** Curves of several networks. */
  static Drawing of(Language language, List<Curve> curves) {
    return of(language, language.say("Size against depth"), new Depth(curves, List.of()));
  }

  /** The sizes of one network. */
  static Drawing ofSizes(Language language, Trace trace) {
    return of(language, language.say("Size against depth"), Depth.ofSizes(language, trace));
  }

  /** The receptive fields of one network. */
  static Drawing ofFields(Language language, Trace trace) {
    String title = language.say("Receptive field against depth");
    return of(language, title, Depth.ofFields(language, trace));
  }

  /** Curves of one network, whose layers have names. */
  private static Drawing of(Language language, String title, Depth depth) {
    List<Curve> curves = depth.curves();
    if (curves.isEmpty() || curves.size() > ROLES.size()) {
      throw new FigureException(
          "a chart has from 1 to " + ROLES.size() + " curves",
          "Here are " + curves.size() + ".",
          curves.isEmpty() ? "Use one or more." : "Draw several charts.");
    }
    return new SizesFigure(language, title, List.copyOf(curves), depth.layers()).draw();
  }

  private Drawing draw() {
    Sketch body = new Sketch();
    axes(body);
    List<Meaning> legend = new ArrayList<>();
    for (int i = 0; i < curves.size(); i++) {
      Curve curve = curves.get(i);
      curve(body, ROLES.get(i), curve);
      legend.add(new Meaning(ROLES.get(i), ends(curve)));
    }
    return new Card(language, title, legend, names(body), List.of()).around(body);
  }

  /** {@code height: 224 to 7}. */
  private String ends(Curve curve) {
    List<Long> sizes = curve.sizes();
    long first = sizes.get(0);
    return range(curve) == 0
        ? language.say("%s: %d", curve.name(), first)
        : language.say("%s: %d to %d", curve.name(), first, sizes.get(sizes.size() - 1));
  }

  private void axes(Sketch body) {
    for (double size = 0; size <= top(); size += step(largest)) {
      double y = y(size);
      body.line(Role.RULE, 0, y, WIDTH, y);
      String text = Long.toString((long) size);
      body.label(Role.QUIET, Lettering.SMALL, Anchor.RIGHT, -8, y + 4, text);
    }
    for (double depth = 0; depth < deepest; depth += step(deepest)) {
      String text = Long.toString((long) depth);
      double x = x(depth);
      body.line(Role.ARROW, x, HEIGHT, x, HEIGHT + 4);
      body.label(Role.QUIET, Lettering.SMALL, Anchor.MIDDLE, x, HEIGHT + 18, text);
    }
    body.line(Role.ARROW, 0, HEIGHT, WIDTH, HEIGHT);
    body.label(
        Role.TEXT, Lettering.BODY, Anchor.MIDDLE, WIDTH / 2, HEIGHT + 40, language.say("layers"));
    body.label(Role.TEXT, Lettering.BODY, Anchor.LEFT, 0, -16, language.say("size"));
  }

  /** Steps: the size after so many layers, up to the next layer. */
  private void curve(Sketch body, Role role, Curve curve) {
    List<Long> sizes = curve.sizes();
    double[] points = new double[4 * sizes.size()];
    for (int i = 0; i < sizes.size(); i++) {
      points[4 * i] = x(i);
      points[4 * i + 1] = y(sizes.get(i));
      points[4 * i + 2] = x(i + 1);
      points[4 * i + 3] = y(sizes.get(i));
    }
    body.line(role, points);
  }

  /** Names the layers that change the size, where there is room; answers what is to be said. */
  private List<String> names(Sketch body) {
    if (layers.isEmpty()) {
      return List.of();
    }
    Curve curve = Collections.max(curves, Comparator.comparingLong(SizesFigure::range));
    List<Rectangle2D.Double> taken = new ArrayList<>();
    curves.forEach(each -> take(each, taken));
    int changes = 0;
    int named = 0;
    for (int i = 1; i < curve.sizes().size(); i++) {
      if (!curve.sizes().get(i).equals(curve.sizes().get(i - 1))) {
        changes++;
        named += name(body, curve, i, taken) ? 1 : 0;
      }
    }
    if (changes == 0) {
      return List.of();
    }
    return List.of(
        named < changes
            ? language.say(
                "Named are the layers that change it, as far as there is room (%d of %d).",
                named, changes)
            : language.say("Named are the layers that change it."));
  }

  /** How far a curve goes up and down. */
  private static long range(Curve curve) {
    return Collections.max(curve.sizes()) - Collections.min(curve.sizes());
  }

  private boolean name(Sketch body, Curve curve, int layer, List<Rectangle2D.Double> taken) {
    String text = Lettering.SMALL.cutInFront(layers.get(layer - 1), LONGEST_NAME);
    double width = Lettering.SMALL.width(text);
    double y = y(curve.sizes().get(layer));
    boolean rises = curve.sizes().get(layer) > curve.sizes().get(layer - 1);
    double left = rises ? x(layer) - 6 - width : x(layer) + 6;
    double high = Lettering.SMALL.ascent();
    Rectangle2D.Double room = new Rectangle2D.Double(left, y - 5 - high, width, high + 3);
    if (left < 0 || taken.stream().anyMatch(room::intersects)) {
      return false;
    }
    taken.add(room);
    body.label(Role.QUIET, Lettering.SMALL, Anchor.LEFT, left, y - 5, text);
    return true;
  }

  /** The room that a curve's own lines take. */
  private void take(Curve curve, List<Rectangle2D.Double> taken) {
    for (int i = 0; i < curve.sizes().size(); i++) {
      double y = y(curve.sizes().get(i));
      taken.add(new Rectangle2D.Double(x(i), y - 2, x(i + 1) - x(i), 4));
      if (i > 0) {
        double before = y(curve.sizes().get(i - 1));
        taken.add(new Rectangle2D.Double(x(i) - 2, Math.min(y, before), 4, Math.abs(y - before)));
      }
    }
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

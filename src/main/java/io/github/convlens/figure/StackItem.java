package io.github.convlens.figure;

import io.github.convlens.figure.Sketch.Anchor;
import java.util.List;

/**
 * A block of a stack in parallel perspective, or the circle of a join, and the texts below. Its
 * front stands with its left side at 0 and its middle at height 0.
 *
 * @param role what it is
 * @param sign the sign in the circle of a join; empty for a block
 * @param high height of its front
 * @param thick width of its front, or of the circle
 * @param deep how far it recedes to the right
 * @param texts below it: what it is, its size, its path
 * @param level how many halvings lower than the first it stands
 */
record StackItem(
    Role role, String sign, double high, double thick, double deep, List<String> texts, int level) {
  /** What recedes goes up by this part of what it goes to the right. */
  private static final double SLOPE = 0.6;

  private static final double LONGEST_TEXT = 114;
  private static final double LINE = 14;
  private static final double RADIUS = 9;

  /** The circle of a join. */
  static StackItem join(String sign, List<String> texts, int level) {
    return new StackItem(Role.JOIN, sign, 2 * RADIUS, 2 * RADIUS, 0, texts, level);
  }

  private double up() {
    return SLOPE * deep;
  }

  /** What the block and its texts take from left to right. */
  double width() {
    double width = solid();
    for (int i = 0; i < texts.size(); i++) {
      width = Math.max(width, Lettering.SMALL.width(text(i)));
    }
    return width;
  }

  /** The block alone. */
  double solid() {
    return thick + deep;
  }

  /** Its upper side above {@code x}. */
  double top(double x) {
    double inside = Math.max(0, Math.min(x, solid()));
    return -high / 2 - (inside < deep ? SLOPE * inside : up());
  }

  /** Its highest point. */
  double top() {
    return -high / 2 - up();
  }

  double bottom() {
    return high / 2;
  }

  /** Where its right side crosses height 0. */
  double right() {
    return high / 2 >= up() ? solid() : thick + high / 2 / SLOPE;
  }

  /** Draws it with the left side of its front at {@code x} and its middle at {@code y}. */
  void draw(Sketch sketch, double x, double y) {
    Sketch block = new Sketch();
    if (sign.isEmpty()) {
      double upper = -high / 2;
      block.face(role, 0, -upper, thick, -upper, thick, upper, 0, upper);
      block.face(role, 0, upper, thick, upper, solid(), upper - up(), deep, upper - up());
      block.face(role, thick, -upper, solid(), -upper - up(), solid(), upper - up(), thick, upper);
    } else {
      block.circle(role, RADIUS, 0, RADIUS);
      block.centred(Role.TEXT, Lettering.HEADING, RADIUS, 0, sign);
    }
    sketch.add(block, x, y);
  }

  /** Writes its texts below {@code y}, around {@code x}. */
  void write(Sketch sketch, double x, double y) {
    for (int i = 0; i < texts.size(); i++) {
      Role ink = i == 2 ? Role.QUIET : Role.TEXT;
      double baseline = y + LINE * (i + 1);
      sketch.label(ink, Lettering.SMALL, Anchor.MIDDLE, x, baseline, text(i));
    }
  }

  private String text(int index) {
    return index == 2
        ? Lettering.SMALL.cutInFront(texts.get(index), LONGEST_TEXT)
        : Lettering.SMALL.cut(texts.get(index), LONGEST_TEXT);
  }
}

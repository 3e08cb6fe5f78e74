package io.github.convlens.figure;

import java.awt.Color;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a mark stands for; it decides how the mark looks. Blue and orange differ for every kind of
 * colour vision, and no two roles of one figure differ by hue alone.
 */
enum Role {
  /** The card that everything stands on. */
  CARD(0xFFFFFF, 0xD0D7DE, 1, ""),
  /** An input position. */
  INPUT(0xFFFFFF, 0x8C959F, 1, ""),
  /** A position of the padding. */
  PADDING(0xE6EAEF, 0x9AA4AF, 1, "2 2"),
  /** An input position that no window reads. */
  UNREAD(0xC3CAD3, 0x8C959F, 1, ""),
  /** An input position that the kernel reads. */
  READ(0xFFC857, 0x9A5200, 1, ""),
  /** A position of the padding under the kernel. */
  READ_PADDING(0xFFEBC2, 0x9A5200, 1, "2 2"),
  /** The frame of the kernel, from its first to its last tap. */
  WINDOW(null, 0x9A5200, 2.5, ""),
  /** An output position. */
  OUTPUT(0xDCEBF7, 0x5B8DB8, 1, ""),
  /** The output position that the figure is about. */
  MADE(0x0072B2, 0x00466E, 1, ""),
  /** The frame of the outputs that one input goes to. */
  SPREAD(null, 0x00466E, 2.5, "6 3"),
  /** What a transposed convolution makes and its padding cuts off again. */
  CUT(0xE6EAEF, 0x9AA4AF, 1, "2 2"),
  /** What output_padding adds. */
  ADDED(0xBFD9EE, 0x00466E, 1, "2 2"),
  /** A convolution in a stack. */
  CONVOLUTION(0x9CC9EC, 0x00466E, 1, ""),
  /** A pool in a stack. */
  POOL(0xFFC857, 0x9A5200, 1, ""),
  /** A matrix product in a stack. */
  LINEAR(0xA9DCC5, 0x00614A, 1, ""),
  /** A block of several layers in a stack. */
  BLOCK(0x9474BC, 0x3D2160, 1, ""),
  /** Where arrays meet in a stack. */
  JOIN(0xFFFFFF, 0x57606A, 1.5, ""),
  /** Whatever else makes a shape. */
  OTHER(0xE3E7EB, 0x57606A, 1, ""),
  /** A bar of multiply-adds. */
  MACS(0x0072B2, 0x0072B2, 0, ""),
  /** A bar of parameters. */
  PARAMETERS(0xD57A00, 0xD57A00, 0, ""),
  /** The first curve. */
  CURVE_1(null, 0x0072B2, 2.5, ""),
  /** The second curve. */
  CURVE_2(null, 0xC24E00, 2.5, "9 4"),
  /** The third curve. */
  CURVE_3(null, 0x007A5E, 2.5, "2 3"),
  /** The fourth curve. */
  CURVE_4(null, 0x8A4B9E, 2.5, "12 3 2 3"),
  /** The fifth curve. */
  CURVE_5(null, 0x57606A, 2.5, "5 5"),
  /** The sixth curve. */
  CURVE_6(null, 0x7A5C00, 2.5, "14 4"),
  /** A line behind a chart. */
  RULE(null, 0xD8DEE4, 1, ""),
  /** An axis, an arrow, a bracket. */
  ARROW(0x57606A, 0x57606A, 1.5, ""),
  /** What is torn off where a map goes on. */
  TORN(0xFFFFFF, 0xFFFFFF, 1, ""),
  /** The edge along which it is torn. */
  EDGE(null, 0x57606A, 1.25, ""),
  /** Text, and numbers in cells. */
  TEXT(0x1F2933),
  /** Text of second rank: indices, shapes, explanations. */
  QUIET(0x57606A);

  private final @Nullable Color fill;
  private final Color line;
  private final float thickness;
  private final String dashes;

  Role(@Nullable Integer fill, int line, double thickness, String dashes) {
    this.fill = fill == null ? null : new Color(fill);
    this.line = new Color(line);
    this.thickness = (float) thickness;
    this.dashes = dashes;
  }

  Role(int ink) {
    this(ink, ink, 0, "");
  }

  /** The colour inside; null for frames and lines. */
  @Nullable Color fill() {
    return fill;
  }

  /** The colour of the outline. */
  Color line() {
    return line;
  }

  /** The outline's thickness in pixels; 0: there is none. */
  float thickness() {
    return thickness;
  }

  /** Lengths of dashes and gaps in pixels, as SVG writes them: {@code 6 3}; empty: a solid line. */
  String dashes() {
    return dashes;
  }

  /** The colour of a text with this role. */
  Color ink() {
    return line;
  }

  /** Whether it is the line of a chart. */
  boolean isCurve() {
    return name().startsWith("CURVE_");
  }

  /** The class of the mark in SVG: {@code read-padding}. */
  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}

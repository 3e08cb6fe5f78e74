package io.github.convlens.engine;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.engine.Definition.Value;
import io.github.convlens.layer.Axis;
import io.github.convlens.layer.UpsampleSpec;
import io.github.convlens.layer.UpsampleSpec.Corners;
import io.github.convlens.layer.UpsampleSpec.Mode;
import io.github.convlens.layer.UpsampleSpec.Scale;

/** Enlarging, both axes at once: a weighted sum of 1, 4 or 16 pixels around a position. */
final class UpsampleDefinition {
  /** Half a step of a float at 1: in float16, too, PyTorch finds positions in float32. */
  private static final double FLOAT_POSITION = 0x1p-24;

  private final UpsampleSpec layer;
  private final Values x;
  private final Roundoff roundoff;

  UpsampleDefinition(UpsampleSpec layer, Values x, Roundoff roundoff) {
    this.layer = layer;
    this.x = x;
    this.roundoff = roundoff;
  }

  Definition definition() {
    return switch (layer.mode()) {
      case NEAREST -> new Definition(4, p -> nearest(p, 0));
      case NEAREST_EXACT -> new Definition(4, p -> nearest(p, 0.5f));
      case LINEAR, BILINEAR, TRILINEAR -> new Definition(32, p -> between(p, 2));
      case BICUBIC -> new Definition(128, p -> between(p, 4));
    };
  }

  /** By definition in float32: what stands on the edge between two pixels is decided there. */
  private Value nearest(long[] p, float half) {
    long[] q = p.clone();
    for (Axis axis : Axis.of(2)) {
      int i = axis.index(4);
      long place = (long) ((p[i] + half) * (float) step(axis));
      q[i] = Math.min(place, x.shape().get(i) - 1);
    }
    return Value.exact(x.at(q));
  }

  private Value between(long[] p, int taps) {
    double down = position(Axis.HEIGHT, p[2]);
    double across = position(Axis.WIDTH, p[3]);
    double sum = 0;
    double largest = 0;
    for (int i = 0; i < taps; i++) {
      long row = (long) Math.floor(down) + i - taps / 2 + 1;
      for (int j = 0; j < taps; j++) {
        long column = (long) Math.floor(across) + j - taps / 2 + 1;
        double pixel = x.pixel(p[0], p[1], within(row, 2), within(column, 3));
        sum += curve(down - row) * curve(across - column) * pixel;
        largest = Math.max(largest, Math.abs(pixel));
      }
    }
    double position = Math.min(FLOAT_POSITION, roundoff.unit()) * (down + across + 2);
    return new Value(sum, 8 * largest * position + roundoff.of(32 * largest));
  }

  private long within(long place, int axis) {
    return Math.max(0, Math.min(x.shape().get(axis) - 1, place));
  }

  /** How much a pixel counts at a distance: a tent, or Keys's cubic curve with a = -3/4. */
  private double curve(double distance) {
    double d = Math.abs(distance);
    if (layer.mode() == Mode.BILINEAR) {
      return 1 - d;
    }
    double a = -0.75;
    return d <= 1
        ? (a + 2) * d * d * d - (a + 3) * d * d + 1
        : a * d * d * d - 5 * a * d * d + 8 * a * d - 4 * a;
  }

  /** Where an output lies on the input's axis, the first pixel at 0. */
  private double position(Axis axis, long output) {
    long size = x.shape().get(axis.index(4));
    if (layer.corners() == Corners.CENTRES) {
      long places = layer.target().size(axis, size);
      return places == 1 ? 0 : (double) output * (size - 1) / (places - 1);
    }
    double position = (output + 0.5) * step(axis) - 0.5;
    return layer.mode() == Mode.BILINEAR ? Math.max(0, position) : position;
  }

  /** Input pixels for a step of one on the output: by the factor, where one is given. */
  private double step(Axis axis) {
    long size = x.shape().get(axis.index(4));
    long places = layer.target().size(axis, size);
    boolean factor = layer.scale() == Scale.AS_GIVEN && !isCopied(size, places);
    return factor && layer.target() instanceof UpsampleSpec.Target.By by
        ? 1 / by.on(axis)
        : (double) size / places;
  }

  /**
   * What PyTorch's kernels do to an axis that stays, and those of small maps to one that doubles.
   */
  private boolean isCopied(long size, long places) {
    Shape output = layer.output(x.shape());
    boolean nearest = layer.mode() == Mode.NEAREST && output.get(2) + output.get(3) <= 128;
    return (size == places && (nearest || layer.mode() == Mode.BILINEAR))
        || (2 * size == places && nearest);
  }
}

package io.github.convlens.engine;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.engine.Definition.Value;
import io.github.convlens.layer.Axis;
import io.github.convlens.layer.UpsampleSpec;
import io.github.convlens.layer.UpsampleSpec.Corners;
import io.github.convlens.layer.UpsampleSpec.Mode;
import io.github.convlens.layer.UpsampleSpec.Scale;
import java.util.List;

/** Enlarging, all axes at once: a weighted sum of 1, 2 or 4 positions on each. */
final class UpsampleDefinition {
  /** Half a step of a float at 1: in float16, too, PyTorch finds positions in float32. */
  private static final double FLOAT_POSITION = 0x1p-24;

  /** Pictures with up to so many rows and columns have a kernel of their own in PyTorch. */
  private static final long SMALL = 128;

  private final UpsampleSpec layer;
  private final Values x;
  private final Roundoff roundoff;
  private final List<Axis> axes;
  private final boolean isSmall;

  UpsampleDefinition(UpsampleSpec layer, Values x, Roundoff roundoff) {
    this.layer = layer;
    this.x = x;
    this.roundoff = roundoff;
    axes = Axis.in(x.shape());
    Shape output = layer.output(x.shape());
    long places = axes.stream().mapToLong(axis -> axis.of(output)).sum();
    isSmall = axes.size() == 2 && places <= SMALL;
  }

  Definition definition() {
    return switch (layer.mode()) {
      case NEAREST -> new Definition(4, p -> nearest(p, 0));
      case NEAREST_EXACT -> new Definition(4, p -> nearest(p, 0.5f));
      case LINEAR, BILINEAR, TRILINEAR -> between(2);
      case BICUBIC -> between(4);
    };
  }

  /** By definition in float32: what stands on the edge between two pixels is decided there. */
  private Value nearest(long[] p, float half) {
    long[] q = p.clone();
    for (Axis axis : axes) {
      int i = axis.index(q.length);
      q[i] = Math.min(place(p[i], half, step(axis)), x.shape().get(i) - 1);
    }
    return Value.exact(x.at(q));
  }

  /** Where float64 is enlarged by the common kernel, that finds positions in it, too. */
  private long place(long output, float half, double step) {
    return !isSmall && roundoff.unit() < FLOAT_POSITION
        ? (long) ((output + half) * step)
        : (long) ((output + half) * (float) step);
  }

  private Definition between(int taps) {
    return new Definition(
        8 * Math.round(Math.pow(taps, axes.size())),
        p -> {
          double[] positions = new double[axes.size()];
          double off = 2;
          for (int i = 0; i < positions.length; i++) {
            positions[i] = position(axes.get(i), p[2 + i]);
            off += Math.abs(positions[i]);
          }
          Around around = new Around();
          add(taps, 0, positions, p.clone(), 1, around);
          double ofPosition = Math.min(FLOAT_POSITION, roundoff.unit()) * off;
          return new Value(
              around.sum, 16 * around.largest * ofPosition + roundoff.of(32 * around.largest));
        });
  }

  /** The pixels around a position. */
  private static final class Around {
    double sum;
    double largest;
  }

  private void add(int taps, int axis, double[] positions, long[] q, double share, Around around) {
    if (axis == positions.length) {
      double pixel = x.at(q);
      around.sum += share * pixel;
      around.largest = Math.max(around.largest, Math.abs(pixel));
      return;
    }
    long first = (long) Math.floor(positions[axis]) - taps / 2 + 1;
    for (long place = first; place < first + taps; place++) {
      q[2 + axis] = Math.max(0, Math.min(x.shape().get(2 + axis) - 1, place));
      double own = curve(positions[axis] - place);
      add(taps, axis + 1, positions, q, share * own, around);
    }
  }

  /** How much a pixel counts at a distance: a tent, or Keys's cubic curve with a = -3/4. */
  private double curve(double distance) {
    double d = Math.abs(distance);
    if (layer.mode() != Mode.BICUBIC) {
      return 1 - d;
    }
    double a = -0.75;
    return d <= 1
        ? (a + 2) * d * d * d - (a + 3) * d * d + 1
        : a * d * d * d - 5 * a * d * d + 8 * a * d - 4 * a;
  }

  /** Where an output lies on the input's axis, the first pixel at 0. */
  private double position(Axis axis, long output) {
    long size = axis.of(x.shape());
    if (layer.corners() == Corners.CENTRES) {
      long places = layer.target().size(axis, size);
      return places == 1 ? 0 : (double) output * (size - 1) / (places - 1);
    }
    double position = (output + 0.5) * step(axis) - 0.5;
    return layer.mode() == Mode.BICUBIC ? position : Math.max(0, position);
  }

  /** Input pixels for a step of one on the output: by the factor, where one is given. */
  private double step(Axis axis) {
    long size = axis.of(x.shape());
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
    return switch (layer.mode()) {
      case NEAREST -> isSmall && (size == places || 2 * size == places);
      case LINEAR, BILINEAR, TRILINEAR -> size == places;
      case NEAREST_EXACT, BICUBIC -> false;
    };
  }
}

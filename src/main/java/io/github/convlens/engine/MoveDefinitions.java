package io.github.convlens.engine;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.engine.Definition.Value;
import io.github.convlens.layer.PaddingMode;
import java.util.List;

/** Numbers that are put elsewhere, for layers and for calls of programs. */
final class MoveDefinitions {
  private MoveDefinitions() {}

  /** The same numbers in the same order, in another shape. */
  static Definition inOrder(Values x, Shape output) {
    return Definition.copy(p -> x.values()[Math.toIntExact(Values.index(output, p))]);
  }

  /** The first array that has the position, once those before it are counted off. */
  static Definition concatenated(List<Values> arrays, int axis) {
    return Definition.copy(
        p -> {
          long[] q = p.clone();
          int array = 0;
          while (q[axis] >= arrays.get(array).shape().get(axis)) {
            q[axis] -= arrays.get(array++).shape().get(axis);
          }
          return arrays.get(array).at(q);
        });
  }

  /** A part of an axis, from a position on. */
  static Definition part(Values x, int axis, long start) {
    return Definition.copy(
        p -> {
          long[] q = p.clone();
          q[axis] += start;
          return x.at(q);
        });
  }

  /** Axis {@code i} of the output is axis {@code dims[i]} of the input. */
  static Definition permuted(Values x, int... dims) {
    return Definition.copy(
        p -> {
          long[] q = new long[p.length];
          for (int axis = 0; axis < p.length; axis++) {
            q[dims[axis]] = p[axis];
          }
          return x.at(q);
        });
  }

  /** Each whole number becomes the row of the table that it names. */
  static Definition looked(Values table, Values indices, Roundoff roundoff) {
    int rank = indices.shape().dimension();
    return new Definition(
        1,
        p -> {
          long[] q = new long[rank];
          System.arraycopy(p, 0, q, 0, rank);
          double number = table.at((long) indices.at(q), p[rank]);
          boolean isHalf = roundoff.sums() < roundoff.unit(); // whose table may be kept in float32
          return new Value(number, isHalf ? roundoff.of(Math.abs(number)) : 0);
        });
  }

  /**
   * The position that an output stands for; negative padding begins further inside.
   *
   * @param before how many positions are put in front, for each axis
   * @param value what stands around zeros' kind of padding
   */
  static Definition padded(
      Values x, long[] before, PaddingMode mode, double value, Roundoff roundoff) {
    return new Definition(
        1,
        p -> {
          long[] q = p.clone();
          boolean inside = true;
          for (int axis = 0; axis < q.length; axis++) {
            long size = x.shape().get(axis);
            q[axis] -= before[axis];
            inside &= q[axis] >= 0 && q[axis] < size;
            q[axis] = source(mode, q[axis], size);
          }
          return inside || mode != PaddingMode.ZEROS
              ? Value.exact(x.at(q))
              : new Value(value, roundoff.of(Math.abs(value)));
        });
  }

  /** The position that stands at a place of the padding; for zeros, one that is there. */
  static long source(PaddingMode mode, long place, long size) {
    return switch (mode) {
      case REFLECT -> {
        long mirrored = Math.abs(place);
        yield mirrored < size ? mirrored : 2 * (size - 1) - mirrored;
      }
      case CIRCULAR -> Math.floorMod(place, size);
      case REPLICATE, ZEROS -> Math.max(0, Math.min(size - 1, place));
    };
  }

  /** Channel {@code c} comes from row {@code c % groups} of the table and its column. */
  static Definition shuffled(Values x, long groups) {
    long each = x.shape().get(1) / groups;
    return Definition.copy(
        p -> {
          long[] q = p.clone();
          q[1] = p[1] % groups * each + p[1] / groups;
          return x.at(q);
        });
  }

  /** Channel {@code (c r + i) r + j} holds the pixels of row {@code i} and column {@code j}. */
  static Definition toPixels(Values x, long r) {
    return Definition.copy(
        p -> x.at(p[0], (p[1] * r + p[2] % r) * r + p[3] % r, p[2] / r, p[3] / r));
  }

  /** The other way. */
  static Definition toChannels(Values x, long r) {
    return Definition.copy(
        p -> x.at(p[0], p[1] / (r * r), p[2] * r + p[1] / r % r, p[3] * r + p[1] % r));
  }

  /** Tokens (batch, height x width, channels) as a picture. */
  static Definition laidOut(Values tokens, Shape output) {
    return Definition.copy(
        p -> {
          long[] place = p.clone();
          place[0] = 0;
          place[1] = 0;
          return tokens.at(p[0], Values.index(output, place), p[1]);
        });
  }
}

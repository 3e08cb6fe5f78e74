package io.github.convlens.engine;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.engine.CallArguments.Undefined;
import io.github.convlens.engine.Definition.Source;
import io.github.convlens.layer.PaddingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Calls of a program that put numbers elsewhere. */
final class CallMoves {
  private final CallArguments call;
  private final int output;
  private final List<Shape> made;
  private final Roundoff roundoff;

  CallMoves(CallArguments call, int output, List<Shape> made, Roundoff roundoff) {
    this.call = call;
    this.output = output;
    this.made = made;
    this.roundoff = roundoff;
  }

  /** The definition; null where the call is none of these. */
  @Nullable Definition find() {
    return switch (call.function()) {
      case "contiguous", "clone", "detach", "alias", "lift_fresh_copy", "expand", "expand_as" ->
          spread(call.array(0, "self"));
      case "copy" -> spread(call.array(1, "src"));
      case "dropout" -> call.isTrue(2, "train") ? null : spread(call.array(0, "input"));
      case "view",
          "reshape",
          "_unsafe_view",
          "_reshape_copy",
          "view_as",
          "reshape_as",
          "unflatten",
          "flatten",
          "unsqueeze",
          "squeeze" ->
          inOrder();
      case "transpose" -> transposed(call.whole(1, "dim0"), call.whole(2, "dim1"));
      case "t" -> made.get(output).dimension() < 2 ? inOrder() : transposed(0, 1);
      case "permute" -> permuted();
      case "select" -> selected(call.whole(2, "index"));
      case "unbind" -> unbound();
      case "slice" -> sliced();
      case "chunk", "split", "split_with_sizes", "tensor_split" -> part();
      case "stack" -> stacked();
      case "cat" -> concatenated();
      case "flip" -> flipped();
      case "roll" -> rolled();
      case "repeat" -> Definition.copy(repeated(call.array(0, "self")));
      case "embedding" ->
          MoveDefinitions.looked(call.array(0, "weight"), call.array(1, "indices"), Roundoff.NONE);
      case "index" -> indexed();
      case "tril" -> triangle(1);
      case "triu" -> triangle(-1);
      case "pad", "constant_pad_nd" -> padded();
      default -> null;
    };
  }

  private static Definition spread(Values x) {
    return Definition.copy(x::spread);
  }

  private Definition inOrder() {
    return MoveDefinitions.inOrder(call.array(0, "self"), made.get(output));
  }

  private Definition transposed(long one, long other) {
    Values x = call.array(0, "self");
    int rank = x.shape().dimension();
    int[] dims = IntStream.range(0, rank).toArray();
    int first = CallArguments.axis(one, rank);
    int second = CallArguments.axis(other, rank);
    dims[first] = second;
    dims[second] = first;
    return MoveDefinitions.permuted(x, dims);
  }

  private Definition permuted() {
    Values x = call.array(0, "self");
    int rank = x.shape().dimension();
    return MoveDefinitions.permuted(
        x,
        call.wholes(1, "dims").stream().mapToInt(dim -> CallArguments.axis(dim, rank)).toArray());
  }

  private static long[] with(long[] p, int axis, long place) {
    long[] q = new long[p.length + 1];
    System.arraycopy(p, 0, q, 0, axis);
    q[axis] = place;
    System.arraycopy(p, axis, q, axis + 1, p.length - axis);
    return q;
  }

  private static long[] without(long[] p, int axis) {
    long[] q = new long[p.length - 1];
    System.arraycopy(p, 0, q, 0, axis);
    System.arraycopy(p, axis + 1, q, axis, q.length - axis);
    return q;
  }

  private Definition selected(long index) {
    Values x = call.array(0, "self");
    int axis = call.axis(1, "dim", 0, x.shape().dimension());
    long place = index < 0 ? index + x.shape().get(axis) : index;
    return Definition.copy(p -> x.at(with(p, axis, place)));
  }

  private Definition unbound() {
    Values x = call.array(0, "self");
    int axis = call.axis(1, "dim", 0, x.shape().dimension());
    return Definition.copy(p -> x.at(with(p, axis, output)));
  }

  private interface Place {
    long of(long place);
  }

  private static Definition moved(Values x, int axis, Place place) {
    return Definition.copy(
        p -> {
          long[] q = p.clone();
          q[axis] = place.of(p[axis]);
          return x.at(q);
        });
  }

  private Definition sliced() {
    Values x = call.array(0, "self");
    int axis = call.axis(1, "dim", 0, x.shape().dimension());
    long size = x.shape().get(axis);
    long given = call.whole(2, "start", 0);
    long start = Math.max(0, Math.min(size, given < 0 ? given + size : given));
    long step = call.whole(4, "step", 1);
    return moved(x, axis, place -> start + step * place);
  }

  /** Behind the parts in front of it. */
  private Definition part() {
    Values x = call.array(0, "self");
    int axis = call.axis(2, "dim", 0, x.shape().dimension());
    long start = made.subList(0, output).stream().mapToLong(shape -> shape.get(axis)).sum();
    return MoveDefinitions.part(x, axis, start);
  }

  private Definition concatenated() {
    int axis = call.axis(1, "dim", 0, made.get(output).dimension());
    return MoveDefinitions.concatenated(all(), axis);
  }

  private List<Values> all() {
    return call.arrays(0, "tensors").stream()
        .map(each -> each.orElseThrow(Undefined::new))
        .toList();
  }

  private Definition stacked() {
    List<Values> all = all();
    int axis = call.axis(1, "dim", 0, made.get(output).dimension());
    return Definition.copy(p -> all.get((int) p[axis]).at(without(p, axis)));
  }

  private Definition flipped() {
    Values x = call.array(0, "self");
    List<Long> dims = call.wholes(1, "dims");
    return Definition.copy(
        p -> {
          long[] q = p.clone();
          for (long dim : dims) {
            int axis = CallArguments.axis(dim, p.length);
            q[axis] = x.shape().get(axis) - 1 - p[axis];
          }
          return x.at(q);
        });
  }

  private Definition rolled() {
    Values x = call.array(0, "self");
    List<Long> shifts = call.wholes(1, "shifts");
    List<Long> dims = call.wholes(2, "dims");
    if (dims.size() != shifts.size()) {
      throw new Undefined();
    }
    return Definition.copy(
        p -> {
          long[] q = p.clone();
          for (int i = 0; i < dims.size(); i++) {
            int axis = CallArguments.axis(dims.get(i), p.length);
            q[axis] = Math.floorMod(q[axis] - shifts.get(i), x.shape().get(axis));
          }
          return x.at(q);
        });
  }

  private static Source repeated(Values x) {
    int rank = x.shape().dimension();
    return p -> {
      long[] q = new long[rank];
      for (int axis = 0; axis < rank; axis++) {
        q[axis] = p[p.length - rank + axis] % x.shape().get(axis);
      }
      return x.at(q);
    };
  }

  /** Arrays of whole numbers as indices of axes that stand one behind the other. */
  private Definition indexed() {
    Values x = call.array(0, "self");
    List<Optional<Values>> indices = call.arrays(1, "indices");
    int first = 0;
    while (indices.get(first).isEmpty()) {
      first++;
    }
    List<Source> places = new ArrayList<>();
    int wide = 0;
    for (Optional<Values> index : indices.subList(first, indices.size())) {
      Values values = index.orElseThrow(Undefined::new);
      places.add(values::spread);
      wide = Math.max(wide, values.shape().dimension());
    }
    int rank = x.shape().dimension();
    if (made.get(output).dimension() != rank - places.size() + wide
        || call.overload().equals("hacked_twin")) {
      throw new Undefined(); // a mask of true and false
    }
    int from = first;
    int axes = wide;
    return Definition.copy(
        p -> {
          long[] place = Arrays.copyOfRange(p, from, from + axes);
          long[] q = new long[rank];
          System.arraycopy(p, 0, q, 0, from);
          for (int i = 0; i < places.size(); i++) {
            long index = (long) places.get(i).at(place);
            q[from + i] = index < 0 ? index + x.shape().get(from + i) : index;
          }
          System.arraycopy(p, from + axes, q, from + places.size(), rank - from - places.size());
          return x.at(q);
        });
  }

  /** What lies above a diagonal, or below it, is 0. */
  private Definition triangle(int sign) {
    Values x = call.array(0, "self");
    long diagonal = call.whole(1, "diagonal", 0);
    return Definition.copy(
        p -> {
          long right = p[p.length - 1] - p[p.length - 2] - diagonal;
          return sign * right > 0 ? 0 : x.at(p);
        });
  }

  /** The numbers for the last axis come first, in front and behind. */
  private Definition padded() {
    Values x = call.array(0, "self");
    List<Long> pad = call.wholes(1, "pad");
    boolean isConstant = call.function().equals("constant_pad_nd");
    long[] before = new long[x.shape().dimension()];
    for (int i = 0; i < pad.size() / 2; i++) {
      before[before.length - 1 - i] = pad.get(2 * i);
    }
    return MoveDefinitions.padded(
        x,
        before,
        mode(isConstant ? "constant" : call.text(2, "mode")),
        call.number(isConstant ? 2 : 3, "value", 0),
        roundoff);
  }

  private static PaddingMode mode(String name) {
    return switch (name) {
      case "", "constant" -> PaddingMode.ZEROS;
      case "reflect" -> PaddingMode.REFLECT;
      case "replicate" -> PaddingMode.REPLICATE;
      case "circular" -> PaddingMode.CIRCULAR;
      default -> throw new Undefined();
    };
  }
}

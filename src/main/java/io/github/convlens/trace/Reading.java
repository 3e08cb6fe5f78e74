package io.github.convlens.trace;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.AdaptivePool2dSpec;
import io.github.convlens.layer.Axis;
import io.github.convlens.layer.ConvTranspose2dSpec;
import io.github.convlens.layer.Exact;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.Ratio;
import io.github.convlens.layer.Reach;
import io.github.convlens.layer.UpsampleSpec;
import java.util.Optional;
import java.util.function.LongUnaryOperator;

/**
 * Which positions of its input a layer reads on one axis: output {@code o} reads {@code first(o)}
 * to {@code last(o)}, and output {@code o + period} reads {@code advance} positions further on. A
 * layer's {@link Reach} says the same where the stride is a whole number; where it is a fraction,
 * outputs differ in how much they read, which only the layer's own rule tells.
 */
record Reading(long period, long advance, LongUnaryOperator first, LongUnaryOperator last) {

  /** Each output reads the position that it stands on. */
  static final Reading ITSELF = new Reading(1, 1, o -> o, o -> o);

  /** What a layer reads; empty where each output reads the whole axis. */
  static Optional<Reading> of(LayerSpec layer, Axis axis, Shape input) {
    if (layer instanceof ConvTranspose2dSpec transposed) {
      return Optional.of(transposed(transposed, axis));
    }
    if (layer instanceof AdaptivePool2dSpec || layer instanceof UpsampleSpec) {
      return Optional.of(resized(layer, axis.of(input), axis.of(layer.output(input))));
    }
    return layer.reach(axis, input).map(Reading::of);
  }

  private static Reading of(Reach reach) {
    if (reach.equals(Reach.POINT)) {
      return ITSELF;
    }
    long period = reach.stride().denominator();
    long advance = reach.stride().numerator();
    LongUnaryOperator first =
        o -> Exact.add(reach.start(), Math.floorDiv(Exact.multiply(o, advance), period));
    return new Reading(
        period, advance, first, o -> Exact.add(first.applyAsLong(o), reach.span() - 1));
  }

  /** Output {@code o} gets input {@code i} where {@code o = i x stride - padding + tap}. */
  private static Reading transposed(ConvTranspose2dSpec layer, Axis axis) {
    long stride = layer.stride().on(axis);
    long padding = layer.padding().on(axis);
    long span =
        Exact.add(Exact.multiply(layer.dilation().on(axis), layer.kernel().on(axis) - 1), 1);
    return new Reading(
        stride,
        1,
        o -> -Math.floorDiv(span - 1 - o - padding, stride),
        o -> Math.floorDiv(o + padding, stride));
  }

  private static Reading resized(LayerSpec layer, long size, long places) {
    Ratio step = new Ratio(size, places);
    if (layer instanceof UpsampleSpec upsample) {
      return upsampled(upsample, size, places, step);
    }
    return new Reading(
        step.denominator(),
        step.numerator(),
        o -> AdaptivePool2dSpec.start(o, size, places),
        o -> AdaptivePool2dSpec.end(o, size, places) - 1);
  }

  /** The neighbours of the place where an output lies on the input, by the rule of the mode. */
  private static Reading upsampled(UpsampleSpec layer, long size, long places, Ratio step) {
    if (layer.corners() == UpsampleSpec.Corners.CENTRES) {
      Ratio inner = places == 1 ? Ratio.of(size) : new Ratio(size - 1, places - 1);
      return between(layer, inner.denominator(), inner.numerator(), inner::times);
    }
    Ratio half = new Ratio(1, 2);
    PlaceOnInput edges = o -> Ratio.of(o).plus(half).times(step).plus(new Ratio(-1, 2));
    return switch (layer.mode()) {
      case NEAREST -> at(step, o -> step.times(o).floor());
      case NEAREST_EXACT -> at(step, o -> Ratio.of(o).plus(half).times(step).floor());
      case BILINEAR, BICUBIC -> between(layer, step.denominator(), step.numerator(), edges);
    };
  }

  private static Reading at(Ratio step, LongUnaryOperator pixel) {
    return new Reading(step.denominator(), step.numerator(), pixel, pixel);
  }

  private static Reading between(
      UpsampleSpec layer, long period, long advance, PlaceOnInput place) {
    return layer.mode() == UpsampleSpec.Mode.BICUBIC
        ? new Reading(period, advance, o -> place.of(o).floor() - 1, o -> place.of(o).floor() + 2)
        : new Reading(period, advance, o -> place.of(o).floor(), o -> place.of(o).ceil());
  }

  /** Where the middle of an output lies on the input. */
  private interface PlaceOnInput {
    Ratio of(long output);
  }
}

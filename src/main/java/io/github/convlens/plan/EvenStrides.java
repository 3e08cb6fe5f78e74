package io.github.convlens.plan;

import java.util.List;
import java.util.stream.LongStream;

/**
 * Layers of which some have a stride, spread evenly: the i-th of {@code strided} is layer {@code i
 * x (layers + 1) / (strided + 1)}, rounded, so that the others in front of, between and behind them
 * are as many, give or take one. Five of 100: layers 17, 34, 51, 67 and 84.
 *
 * @param layers how many layers, those with a stride among them: 1 to 10,000
 * @param strided how many have a stride: 0 to {@code layers}
 * @param stride their stride
 */
public record EvenStrides(long layers, long strided, long stride) {
  /** The most layers. */
  public static final long MOST_LAYERS = 10_000;

  /**
   * Checks the numbers.
   *
   * @throws PlanException if one is out of its range
   */
  public EvenStrides {
    PlanException.checkBetween("the layers", layers, 1, MOST_LAYERS);
    PlanException.checkBetween("the layers with a stride", strided, 0, layers);
    PlanException.checkBetween("the stride", stride, 1, MOST_LAYERS);
  }

  /** The layers with a stride, counted from 1. */
  public List<Long> positions() {
    return LongStream.rangeClosed(1, strided)
        .map(i -> (2 * i * (layers + 1) + strided + 1) / (2 * (strided + 1)))
        .boxed()
        .toList();
  }

  /** The stride of each layer: {@code stride} or 1. */
  public List<Long> strides() {
    long[] strides = LongStream.generate(() -> 1).limit(layers).toArray();
    positions().forEach(layer -> strides[(int) (layer - 1)] = stride);
    return LongStream.of(strides).boxed().toList();
  }
}

package io.github.convlens.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;

/**
 * How a number type rounds: a number of size {@code m} is off by up to {@code unit x m + least}.
 *
 * @param unit half the distance from 1 to the next number
 * @param sums the same for the type in which sums are added up
 * @param least the smallest number that it tells from zero for sure
 */
record Roundoff(double unit, double sums, double least) {
  /** Whole numbers and truth values are not rounded. */
  static final Roundoff NONE = new Roundoff(0, 0, 0);

  /** The upper half of a float32: 8 bits of precision. */
  static final Roundoff BFLOAT16 = ofUnit(0x1p-8, Float.MIN_NORMAL);

  private static final double FLOAT = 0x1p-24;

  static Roundoff of(Precision precision) {
    return ofUnit(precision.roundoff(), precision.smallest());
  }

  /** That of an array's type. */
  static Roundoff of(NDArray array) {
    DataType type = array.getDataType();
    return type.isFloating() ? of(Precision.of(type)) : NONE;
  }

  /** PyTorch adds up halves in float32. */
  private static Roundoff ofUnit(double unit, double least) {
    return new Roundoff(unit, Math.min(unit, FLOAT), least);
  }

  /**
   * That of the convolutions and recurrent networks that make an array: cuDNN runs those of float32
   * in TF32, 11 bits.
   */
  Roundoff ofCudnn(NDArray output) {
    boolean tensorFloat =
        output.getDataType() == DataType.FLOAT32 && output.getDevice().isGpu() && sums == unit;
    return tensorFloat ? new Roundoff(Precision.FLOAT16.roundoff(), sums, least) : this;
  }

  /**
   * How much a rounding within a sum counts beside one of a number: 1, less where sums are finer.
   */
  double ofSums() {
    return unit == 0 ? 0 : sums / unit;
  }

  /** The error of numbers whose sizes, each times its number of roundings, make up a sum. */
  double of(double magnitude) {
    return unit * magnitude + least;
  }

  /**
   * The magnitude for {@link #of} that a sum of products comes to: each term is off as often as
   * something is added to it. Where the sum has more bits than its terms, those errors are small,
   * and what the terms are off by cancels in part.
   *
   * @param terms how many there are
   * @param largest the largest absolute value that one can have
   */
  double products(long terms, double largest) {
    double ofTerms = sums < unit ? 8 * Math.sqrt((double) terms) : 0;
    return (4 * terms * ofSums() + ofTerms) * largest;
  }

  /**
   * A number as this type holds it, or as float32 does where that is coarser: what is computed once
   * with it and once without shows what becomes of rounding.
   */
  double rounded(double number) {
    double split = number * (Math.max(unit, FLOAT) * 0x1p53 + 1);
    return split - (split - number);
  }

  /**
   * How far an engine may be from numbers of so many steps one after the other.
   *
   * @param difference the largest that {@link #rounded} has made
   * @param terms how many were added up in a step, where more is rounded
   * @param size of the number itself
   */
  double ofSteps(double difference, long terms, double size) {
    double share = unit / Math.max(unit, FLOAT);
    return (16 + Math.sqrt((double) terms)) * share * difference + of(16 * size);
  }
}

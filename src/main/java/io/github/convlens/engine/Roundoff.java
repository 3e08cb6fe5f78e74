package io.github.convlens.engine;

/**
 * How a number type rounds: a number of size {@code m} is off by up to {@code unit x m + least}.
 *
 * @param unit half the distance from 1 to the next number
 * @param least the smallest number that it tells from zero for sure
 */
record Roundoff(double unit, double least) {
  static Roundoff of(Precision precision) {
    return new Roundoff(precision.roundoff(), precision.smallest());
  }

  /** This one with the factors of TF32, which keeps 11 bits. */
  Roundoff tensorFloat() {
    return new Roundoff(Precision.FLOAT16.roundoff(), least);
  }

  /** The error of numbers whose sizes, each times its number of roundings, make up a sum. */
  double of(double magnitude) {
    return unit * magnitude + least;
  }
}

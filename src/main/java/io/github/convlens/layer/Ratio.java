package io.github.convlens.layer;

import io.github.convlens.layer.internal.Exact;
import org.jspecify.annotations.Nullable;

/**
 * An exact fraction in lowest terms: strides of receptive fields, which an upsampling layer makes
 * smaller than one.
 *
 * @param numerator any number
 * @param denominator at least 1
 */
public record Ratio(long numerator, long denominator) {
  /** Zero. */
  public static final Ratio ZERO = new Ratio(0, 1);

  /** One. */
  public static final Ratio ONE = new Ratio(1, 1);

  /**
   * Reduces the fraction.
   *
   * @throws IllegalArgumentException if the denominator is not positive
   */
  public Ratio {
    if (denominator < 1) {
      throw new IllegalArgumentException("a denominator is positive, not " + denominator);
    }
    long divisor = Math.abs(Exact.gcd(numerator, denominator));
    numerator /= divisor;
    denominator /= divisor;
  }

  /** A whole number. */
  public static Ratio of(long whole) {
    return new Ratio(whole, 1);
  }

  /** The sum. */
  public Ratio plus(Ratio other) {
    long left = Exact.multiply(numerator, other.denominator);
    long right = Exact.multiply(other.numerator, denominator);
    return new Ratio(Exact.add(left, right), Exact.multiply(denominator, other.denominator));
  }

  /** The product. */
  public Ratio times(Ratio other) {
    return new Ratio(
        Exact.multiply(numerator, other.numerator), Exact.multiply(denominator, other.denominator));
  }

  /** The product with a whole number. */
  public Ratio times(long factor) {
    return times(of(factor));
  }

  /** The largest whole number that is not greater. */
  public long floor() {
    return Math.floorDiv(numerator, denominator);
  }

  /** The smallest whole number that is not less. */
  public long ceil() {
    return floor() + (numerator % denominator == 0 ? 0 : 1);
  }

  /** The nearest {@code double}. */
  public double doubleValue() {
    return (double) numerator / denominator;
  }

  // as a record's own, which take long to link when the first is called

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Ratio ratio
        && ratio.numerator == numerator
        && ratio.denominator == denominator;
  }

  @Override
  public int hashCode() {
    return 31 * Long.hashCode(numerator) + Long.hashCode(denominator);
  }

  /** {@code 4}, or {@code 1/2}. */
  @Override
  public String toString() {
    return denominator == 1 ? Long.toString(numerator) : numerator + "/" + denominator;
  }
}

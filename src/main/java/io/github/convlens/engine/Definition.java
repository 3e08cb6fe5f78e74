package io.github.convlens.engine;

/**
 * What a layer means, written down once more in plain loops over {@code double}s, one output
 * element at a time: the truth that the engine is held against. Nothing here is shared with the
 * blocks.
 *
 * @param work about how many multiply-adds one element takes
 * @param element computes one element
 */
record Definition(long work, Element element) {
  /** Computes one output element. */
  @FunctionalInterface
  interface Element {
    /**
     * The element at a position.
     *
     * @param position one number for each axis of the output
     */
    Value at(long[] position);
  }

  /** Finds one number. */
  @FunctionalInterface
  interface Source {
    /** The number for a position of the output. */
    double at(long[] position);
  }

  /** Numbers that are only put elsewhere. */
  static Definition copy(Source source) {
    return new Definition(1, p -> Value.exact(source.at(p)));
  }

  /**
   * One output element.
   *
   * @param number what the layer's formula makes, in float64
   * @param tolerance how far rounding may carry an engine from it; 0 for an infinite number
   */
  record Value(double number, double tolerance) {
    /** Four roundings of bfloat16. */
    private static final double COARSEST = 0x1p-6;

    Value {
      if (Double.isInfinite(number) || Double.isNaN(tolerance)) {
        tolerance = 0;
      } else if (Double.isInfinite(tolerance)) { // beside infinities no bound is known
        tolerance = COARSEST * Math.abs(number);
      }
    }

    /** A number that is handed on as it came, so that nothing is rounded. */
    static Value exact(double number) {
      return new Value(number, 0);
    }
  }
}

package io.github.convlens.cli;

import java.util.Locale;

/** What {@code draw} draws. */
enum Subject {
  /** A window and its output. */
  WINDOW,
  /** All windows. */
  STEPS,
  /** A layer's numbers. */
  MATRICES,
  /** What "same" padding means to whom. */
  SAME,
  /** Two layers, or two networks. */
  COMPARE,
  /** Blocks. */
  STACK,
  /** What an output sees. */
  RECEPTIVE_FIELD,
  /** How much an output sees, against depth. */
  FIELDS,
  /** Size against depth. */
  SIZES,
  /** Bars. */
  COST;

  /** Whether there is one of sequences and volumes, too. */
  boolean isForAllAxes() {
    return switch (this) {
      case STACK, COST, SIZES, FIELDS, COMPARE -> true;
      case WINDOW, STEPS, MATRICES, SAME, RECEPTIVE_FIELD -> false;
    };
  }

  /** Whether it shows one layer of a network, or what leads to it. */
  boolean isAboutOneLayer() {
    return switch (this) {
      case WINDOW, STEPS, MATRICES, RECEPTIVE_FIELD -> true;
      case SAME, COMPARE, STACK, FIELDS, SIZES, COST -> false;
    };
  }

  /** Whether an output cell is chosen in it. */
  boolean isAboutOneOutput() {
    return switch (this) {
      case WINDOW, MATRICES, RECEPTIVE_FIELD, COMPARE -> true;
      case STEPS, SAME, STACK, FIELDS, SIZES, COST -> false;
    };
  }

  /** The word of the command line. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}

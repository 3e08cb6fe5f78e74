package io.github.convlens.layer;

import ai.djl.ndarray.types.Shape;

/** Checks that several layers share, each with the message that a user reads. */
final class Require {
  private Require() {}

  /** Rejects shapes that are not (batch, channels, height, width) with positive sizes. */
  static void picture(Shape input) {
    if (input.dimension() != 4) {
      throw ShapeException.of(
          "the input must be a picture (batch, channels, height, width)",
          "It has " + input.dimension() + " axes: " + ShapeText.listed(input) + ".",
          input.dimension() < 4
              ? "Put this layer before the Flatten or Linear, or an Unflatten in front of it."
              : "Use an input of four axes.");
    }
    for (int axis = 0; axis < 4; axis++) {
      if (input.get(axis) < 1) {
        throw ShapeException.of(
            "the input's sizes must be at least 1",
            "It is " + ShapeText.listed(input) + ".",
            "Use a batch, channels, a height and a width of 1 or more.");
      }
    }
  }

  /** The size of a picture on one axis. */
  static long size(Axis axis, Shape input) {
    picture(input);
    return axis.of(input);
  }

  /** Rejects pictures whose number of channels is not the expected one. */
  static void channels(Shape input, long expected, String argument) {
    picture(input);
    long channels = input.get(1);
    if (channels != expected) {
      throw ShapeException.of(
          "the input has the wrong number of channels",
          argument
              + " is "
              + expected
              + " but the input has "
              + channels
              + ": "
              + ShapeText.listed(input)
              + ".",
          "Use " + argument + "=" + channels + ", or an input of " + expected + " channels.");
    }
  }

  /** Rejects channel counts that the groups do not divide. */
  static void groups(long inChannels, long outChannels, long groups) {
    positive(groups, "groups");
    if (inChannels % groups != 0 || outChannels % groups != 0) {
      throw ShapeException.of(
          "groups must divide both channel counts",
          "Here in_channels is "
              + inChannels
              + ", out_channels is "
              + outChannels
              + " and groups is "
              + groups
              + ".",
          "Use one of groups=" + commonDivisors(inChannels, outChannels) + ".");
    }
  }

  /** Rejects counts below one. */
  static void positive(long value, String argument) {
    if (value < 1) {
      throw ShapeException.of(
          argument + " must be at least 1",
          "Here it is " + value + ".",
          "Use " + argument + "=1 or more.");
    }
  }

  /** The axis that a number means, where negative numbers count from the end. */
  static int axis(int dim, Shape input, String argument) {
    int rank = input.dimension();
    int axis = dim < 0 ? dim + rank : dim;
    if (axis < 0 || axis >= rank) {
      throw ShapeException.of(
          argument + " names an axis that the input does not have",
          argument
              + " is "
              + dim
              + " but the input has "
              + rank
              + " axes: "
              + ShapeText.listed(input)
              + ".",
          "Use a number from " + -rank + " to " + (rank - 1) + ".");
    }
    return axis;
  }

  /** What a lazy layer answers where there is no input to tell its channels. */
  static ShapeException unresolved(LayerSpec layer) {
    return ShapeException.of(
        "a lazy layer takes its channels from its input",
        layer.type() + " has not seen an input yet, so its parameters are not known.",
        "Call resolve(input) first.");
  }

  private static String commonDivisors(long a, long b) {
    StringBuilder list = new StringBuilder("1");
    int listed = 1;
    long limit = Math.min(Math.max(a, b), 100_000);
    for (long d = 2; d <= limit && listed < 8; d++) {
      if (a % d == 0 && b % d == 0) {
        list.append(", ").append(d);
        listed++;
      }
    }
    return list.toString();
  }
}

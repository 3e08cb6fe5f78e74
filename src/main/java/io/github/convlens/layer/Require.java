package io.github.convlens.layer;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.internal.ShapeText;
import java.util.List;

/** Checks that several layers share, each with the message that a user reads. */
final class Require {
  private Require() {}

  private static final List<String> LAYOUTS =
      List.of(
          "a sequence (batch, channels, length)",
          "a picture (batch, channels, height, width)",
          "a volume (batch, channels, depth, height, width)");

  /** The only input. */
  static Shape one(List<Shape> inputs) {
    if (inputs.size() != 1) {
      throw ShapeException.of(
          "the layer takes one input",
          "Here there are " + inputs.size() + ".",
          "Join them first, by adding or concatenating, or give it one of them.");
    }
    return inputs.get(0);
  }

  /**
   * Rejects shapes that are not (batch, channels, ...) with so many spatial axes and positive
   * sizes.
   */
  static void spatial(Shape input, int axes) {
    int rank = axes + 2;
    if (input.dimension() != rank) {
      String number = List.of("three", "four", "five").get(axes - 1);
      throw ShapeException.of(
          "the input must be " + LAYOUTS.get(axes - 1),
          "It has " + input.dimension() + " axes: " + ShapeText.listed(input) + ".",
          input.dimension() < rank
              ? "Give the input its batch and channels, too; behind a Flatten or Linear, put an"
                  + " Unflatten between."
              : "Use an input of " + number + " axes, or the layer for as many.");
    }
    positive(input);
  }

  /** Rejects shapes in which a size is below 1. */
  static void positive(Shape input) {
    for (int axis = 0; axis < input.dimension(); axis++) {
      if (input.get(axis) < 1) {
        throw ShapeException.of(
            "the input's sizes must be at least 1",
            "It is " + ShapeText.listed(input) + ".",
            "Use 1 or more on every axis.");
      }
    }
  }

  /** Rejects shapes without a channel axis. */
  static void channelAxis(Shape input) {
    if (input.dimension() < 2) {
      throw ShapeException.of(
          "the input needs a channel axis",
          "It is " + ShapeText.listed(input) + ".",
          "Use an input (batch, channels, ...).");
    }
    positive(input);
  }

  /** Rejects inputs whose number of channels is not the expected one. */
  static void channels(Shape input, long expected, String argument) {
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

  /** Rejects numbers that are no probability. */
  static void probability(double value, String argument) {
    if (!(value >= 0 && value <= 1)) {
      throw ShapeException.of(
          argument + " is a probability", "Here it is " + value + ".", "Use a number from 0 to 1.");
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

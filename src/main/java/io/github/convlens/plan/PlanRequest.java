package io.github.convlens.plan;

import io.github.convlens.layer.Size;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a network should be like. Start with {@link #of} and say what is wished:
 *
 * <pre>
 *   PlanRequest.of(Size.square(224)).withLayers(100).withHalvings(5)
 * </pre>
 *
 * @param input rows and columns of the picture, 1 to 2^20
 * @param layers how many convolutions, 1 to 10,000; empty: as few as the receptive field needs at
 *     the least cost
 * @param halvings how many of them have stride 2; empty: as the other wishes need it
 * @param finalSize rows and columns of the last map; empty: what the halvings make
 * @param kernels the kernels
 * @param channels the channels
 * @param limits what it may cost
 * @param receptiveField how many rows and columns of the picture each position of the last map has
 *     to see at least, 1 to 4096; empty: no wish
 * @param activations what stands behind each convolution
 */
public record PlanRequest(
    Size input,
    OptionalLong layers,
    OptionalLong halvings,
    Optional<Size> finalSize,
    Kernels kernels,
    Channels channels,
    Limits limits,
    OptionalLong receptiveField,
    Activations activations) {

  /** The largest side of a picture: 2^20. */
  public static final long LARGEST_INPUT = 1L << 20;

  /** The most layers. */
  public static final long MOST_LAYERS = 10_000;

  /** The largest receptive field to ask for. */
  public static final long LARGEST_FIELD = 4096;

  /** What stands behind each convolution. */
  public enum Activations {
    /** Nothing. */
    NONE,
    /** A ReLU. */
    RELU
  }

  /**
   * The kernels: odd numbers, so that equal padding on both sides keeps the size.
   *
   * @param first the first layer's; empty: as the others
   * @param others the others'; empty: 3 where the number of layers is given, 3 or 5 where the
   *     cheapest stack is sought
   */
  public record Kernels(OptionalLong first, OptionalLong others) {
    /**
     * Checks the numbers.
     *
     * @throws PlanException if a kernel is even, or not from 1 to 255
     */
    public Kernels {
      first.ifPresent(kernel -> check("the first kernel", kernel));
      others.ifPresent(kernel -> check("the kernel", kernel));
    }

    private static void check(String name, long kernel) {
      PlanException.checkBetween(name, kernel, 1, 255);
      if (kernel % 2 == 0) {
        throw new PlanException(
            name + " must be odd",
            "It is " + kernel + ", and no padding equal on both sides adds " + (kernel - 1) + ".",
            "Use " + (kernel - 1) + " or " + (kernel + 1) + ".");
      }
    }
  }

  /** How channels grow. */
  public enum Growth {
    /** Every layer has the starting number. */
    CONSTANT,
    /** Each halving doubles them: the layer with stride 2 makes twice as many as it takes. */
    DOUBLING
  }

  /**
   * The channels.
   *
   * @param input channels of the picture
   * @param start channels before the first halving
   * @param growth how they grow
   */
  public record Channels(long input, long start, Growth growth) {
    /**
     * Checks the numbers.
     *
     * @throws PlanException if one is not from 1 to 2^20
     */
    public Channels {
      PlanException.checkBetween("the picture's channels", input, 1, 1 << 20);
      PlanException.checkBetween("the starting channels", start, 1, 1 << 20);
    }

    /** The channels of the map behind so many halvings. */
    long behind(int halvings) {
      return growth == Growth.CONSTANT ? start : start << halvings;
    }

    Channels withStart(long newStart) {
      return new Channels(input, newStart, growth);
    }
  }

  /**
   * What the network may cost.
   *
   * @param macs multiply-adds of the convolutions on one picture, without bias; empty: no limit
   * @param parameters weights and biases; empty: no limit
   */
  public record Limits(OptionalLong macs, OptionalLong parameters) {
    /** No limits. */
    public static final Limits NONE = new Limits(OptionalLong.empty(), OptionalLong.empty());

    /**
     * Checks the numbers.
     *
     * @throws PlanException if a limit is below 1
     */
    public Limits {
      macs.ifPresent(m -> PlanException.checkBetween("the most MACs", m, 1, Long.MAX_VALUE));
      parameters.ifPresent(
          p -> PlanException.checkBetween("the most parameters", p, 1, Long.MAX_VALUE));
    }
  }

  /**
   * Checks the numbers; whether the wishes go together is {@link Planner}'s question.
   *
   * @throws PlanException if one is out of its range
   */
  public PlanRequest {
    PlanException.checkBetween("the input's height", input.height(), 1, LARGEST_INPUT);
    PlanException.checkBetween("the input's width", input.width(), 1, LARGEST_INPUT);
    layers.ifPresent(n -> PlanException.checkBetween("the layers", n, 1, MOST_LAYERS));
    halvings.ifPresent(n -> PlanException.checkBetween("the halvings", n, 0, MOST_LAYERS));
    receptiveField.ifPresent(
        n -> PlanException.checkBetween("the receptive field", n, 1, LARGEST_FIELD));
    finalSize.ifPresent(
        size -> {
          PlanException.checkBetween("the final height", size.height(), 1, LARGEST_INPUT);
          PlanException.checkBetween("the final width", size.width(), 1, LARGEST_INPUT);
        });
  }

  /**
   * Nothing wished yet: 3 channels to 16, doubling at each halving, no limits, a ReLU behind each.
   */
  public static PlanRequest of(Size input) {
    return new PlanRequest(
        input,
        OptionalLong.empty(),
        OptionalLong.empty(),
        Optional.empty(),
        new Kernels(OptionalLong.empty(), OptionalLong.empty()),
        new Channels(3, 16, Growth.DOUBLING),
        Limits.NONE,
        OptionalLong.empty(),
        Activations.RELU);
  }

  /** The same with a number of convolutions. */
  public PlanRequest withLayers(long count) {
    return new PlanRequest(
        input,
        OptionalLong.of(count),
        halvings,
        finalSize,
        kernels,
        channels,
        limits,
        receptiveField,
        activations);
  }

  /** The same with a number of layers of stride 2. */
  public PlanRequest withHalvings(long count) {
    return new PlanRequest(
        input,
        layers,
        OptionalLong.of(count),
        finalSize,
        kernels,
        channels,
        limits,
        receptiveField,
        activations);
  }

  /** The same with a size for the last map. */
  public PlanRequest withFinalSize(Size size) {
    return new PlanRequest(
        input,
        layers,
        halvings,
        Optional.of(size),
        kernels,
        channels,
        limits,
        receptiveField,
        activations);
  }

  /** The same with other kernels. */
  public PlanRequest withKernels(Kernels newKernels) {
    return new PlanRequest(
        input,
        layers,
        halvings,
        finalSize,
        newKernels,
        channels,
        limits,
        receptiveField,
        activations);
  }

  /** The same with one kernel for all layers. */
  public PlanRequest withKernel(long kernel) {
    return withKernels(new Kernels(OptionalLong.empty(), OptionalLong.of(kernel)));
  }

  /** The same with other channels. */
  public PlanRequest withChannels(Channels newChannels) {
    return new PlanRequest(
        input,
        layers,
        halvings,
        finalSize,
        kernels,
        newChannels,
        limits,
        receptiveField,
        activations);
  }

  /** The same with other limits. */
  public PlanRequest withLimits(Limits newLimits) {
    return new PlanRequest(
        input,
        layers,
        halvings,
        finalSize,
        kernels,
        channels,
        newLimits,
        receptiveField,
        activations);
  }

  /** The same with a receptive field to reach. */
  public PlanRequest withReceptiveField(long size) {
    return new PlanRequest(
        input,
        layers,
        halvings,
        finalSize,
        kernels,
        channels,
        limits,
        OptionalLong.of(size),
        activations);
  }

  /** The same with or without activations. */
  public PlanRequest withActivations(Activations newActivations) {
    return new PlanRequest(
        input,
        layers,
        halvings,
        finalSize,
        kernels,
        channels,
        limits,
        receptiveField,
        newActivations);
  }
}

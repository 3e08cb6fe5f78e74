package io.github.convlens.lesson;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.training.ParameterStore;
import java.util.Arrays;
import java.util.List;

/** Equal convolutions one behind the other on the engine, with a clock. */
final class TimedStack {
  /** How many timed runs a median is of; odd. */
  static final int RUNS = 7;

  private static final int WARM_UP = 2;

  private final NDManager manager;
  private final NDArray picture;
  private final SequentialBlock net = new SequentialBlock();

  /**
   * Builds the network, with padding that keeps the size for odd kernels, on the manager.
   *
   * @param shape the picture (batch, channels, h, w)
   */
  TimedStack(NDManager manager, Shape shape, long kernel, long layers) {
    this.manager = manager;
    long padding = (kernel - 1) / 2;
    for (long layer = 0; layer < layers; layer++) {
      net.add(
          Conv2d.builder()
              .setFilters((int) shape.get(1))
              .setKernelShape(new Shape(kernel, kernel))
              .optPadding(new Shape(padding, padding))
              .optBias(false)
              .build());
    }
    picture = manager.randomUniform(0, 1, shape);
    net.initialize(manager, DataType.FLOAT32, shape);
  }

  /**
   * The multiply-adds of a run, from the arrays that the engine holds: each number of a layer's
   * output is the sum of as many products as one output channel has weights.
   */
  long multiplyAdds() {
    long sum = 0;
    try (NDManager scratch = manager.newSubManager()) {
      NDArray X = picture.duplicate();
      X.attach(scratch);
      for (Block layer : net.getChildren().values()) {
        X = forward(layer, X);
        NDArray weight = layer.getParameters().get("weight").getArray();
        sum += X.size() * (weight.size() / weight.size(0));
      }
    }
    return sum;
  }

  /**
   * Milliseconds of the timed runs.
   *
   * @param median the middle one
   * @param fastest the one that was disturbed least
   */
  record Times(double median, double fastest) {}

  /** The times of several networks, run in turns so that none is favoured. */
  static List<Times> times(TimedStack... stacks) {
    double[][] times = new double[stacks.length][RUNS];
    for (int run = -WARM_UP; run < RUNS; run++) {
      for (int i = 0; i < stacks.length; i++) {
        double time = stacks[i].milliseconds();
        times[i][Math.max(run, 0)] = time;
      }
    }
    return Arrays.stream(times).map(TimedStack::summary).toList();
  }

  private static Times summary(double[] times) {
    Arrays.sort(times);
    return new Times(times[times.length / 2], times[0]);
  }

  /** One run; reading a number of the result waits for a GPU to be done. */
  private double milliseconds() {
    try (NDManager scratch = manager.newSubManager()) {
      NDArray X = picture.duplicate();
      X.attach(scratch);
      long start = System.nanoTime();
      NDArray Y = forward(net, X);
      Y.get(0, 0, 0, 0).getFloat();
      return (System.nanoTime() - start) / 1e6;
    }
  }

  private NDArray forward(Block block, NDArray X) {
    return block
        .forward(new ParameterStore(manager, false), new NDList(X), false)
        .singletonOrThrow();
  }
}

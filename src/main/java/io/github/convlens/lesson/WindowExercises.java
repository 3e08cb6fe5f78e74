package io.github.convlens.lesson;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.training.ParameterStore;
import java.util.List;
import java.util.function.BinaryOperator;

/** Exercises on sliding windows: what they cost, stride, pooling, padding. */
final class WindowExercises {
  private WindowExercises() {}

  static List<Experiment> experiments() {
    return List.of(
        Exercises.experiment(
            "what doubling costs: a layer; channels doubled; padding doubled",
            List.of(
                "long multiplyAdds(int in, int out, int padding) {",
                "  Block conv2d = Conv2d.builder().setFilters(out).setKernelShape(new Shape(3, 3))",
                "      .optPadding(new Shape(padding, padding)).optBias(false).build();",
                "  NDArray X = manager.ones(new Shape(1, in, 8, 10));",
                "  conv2d.initialize(manager, DataType.FLOAT32, X.getShape());",
                "  NDArray Y = conv2d.forward(",
                "      new ParameterStore(manager, false), new NDList(X), false).singletonOrThrow();",
                "  long productsForOne = conv2d.getParameters().get(0).getValue()",
                "      .getArray().size() / out;",
                "  return Y.size() * productsForOne;",
                "}",
                "List.of(multiplyAdds(2, 3, 1), multiplyAdds(4, 6, 1), multiplyAdds(2, 3, 2))"),
            "[4320, 17280, 6480]",
            List.of(
                "3 x 8 x 10 outputs x 2 x 3 x 3 products = 4320",
                "2 x 2 = 4 times as many for twice the channels in and out",
                "10x12 instead of 8x10 for twice the padding: 1.5 times as many"),
            manager ->
                List.of(
                        multiplyAdds(manager, 2, 3, 1),
                        multiplyAdds(manager, 4, 6, 1),
                        multiplyAdds(manager, 2, 3, 2))
                    .toString()),
        Exercises.experiment(
            "audio with stride 2: half the sampling rate",
            List.of(
                "NDArray X = manager.arange(8f).reshape(1, 8);",
                "corr2d(X, manager.create(new float[][] {{0.5f, 0.5f}})).get(new NDIndex(\":, ::2\"))"),
            "[[0.5, 2.5, 4.5, 6.5]]",
            List.of("one value for every two samples; floor((8 - 2) / 2) + 1 = 4"),
            manager ->
                Numbers.text(halved(manager.arange(8f).reshape(1, 8), new float[] {0.5f, 0.5f}))),
        Exercises.experiment(
            "the highest tone at half the rate: taken sample by sample, and averaged first",
            List.of(
                "NDArray X = manager.create(new float[][] {{1, -1, 1, -1, 1, -1, 1, -1}});",
                "NDArray taken = corr2d(X, manager.create(new float[][] {{1, 0}}));",
                "NDArray averaged = corr2d(X, manager.create(new float[][] {{0.5f, 0.5f}}));",
                "NDArrays.concat(new NDList(taken, averaged), 0).get(new NDIndex(\":, ::2\"))"),
            "[[1, 1, 1, 1], [0, 0, 0, 0]]",
            List.of("every second sample alone makes a constant of the tone: a false sound"),
            manager -> Numbers.text(tone(manager))),
        Exercises.experiment(
            "average pooling is a convolution",
            List.of(
                "NDArray X = manager.arange(12f).reshape(3, 4);",
                "NDArray pooled = pool2d(X, new Shape(2, 3), PoolMode.AVG);",
                "NDArray convolved = corr2d(X, manager.ones(new Shape(2, 3)).div(6));",
                "NDArrays.stack(new NDList(pooled, convolved))"),
            "[[[3, 4], [7, 8]], [[3, 4], [7, 8]]]",
            List.of("all weights 1 / 6: (0 + 1 + 2 + 4 + 5 + 6) / 6 = 3"),
            manager -> Numbers.text(averages(manager))),
        Exercises.experiment(
            "maximum pooling by ReLU: max(a, b) = ReLU(a - b) + b",
            Experiment.lines(
                Exercises.TWELVE,
                "BinaryOperator<NDArray> max = (a, b) -> Activation.relu(a.sub(b)).add(b);",
                "NDArray across = max.apply(X.get(\":, :-1\"), X.get(\":, 1:\"));",
                "max.apply(across.get(\":-1\"), across.get(\"1:\"))"),
            "[[9, 9, 6], [9, 9, 8]]",
            List.of("2x2 windows, first across, then down; max(3, 1, 5, 9) = 9"),
            manager -> Numbers.text(maximum(Exercises.twelve(manager)))),
        Exercises.experiment(
            "mirror padding, the outermost row and column not repeated",
            List.of(
                "NDArray X = manager.arange(12f).reshape(3, 4);",
                "NDArray rows = NDArrays.concat(new NDList(X.get(\"1:2\"), X, X.get(\"1:2\")), 0);",
                "NDArrays.concat(new NDList(rows.get(\":, 1:2\"), rows, rows.get(\":, 2:3\")), 1)"),
            "[[5, 4, 5, 6, 7, 6], [1, 0, 1, 2, 3, 2], [5, 4, 5, 6, 7, 6],"
                + " [9, 8, 9, 10, 11, 10], [5, 4, 5, 6, 7, 6]]",
            List.of("row 1 stands above row 0, and again below row 2; 3x4 becomes 5x6"),
            manager -> Numbers.text(mirrored(manager.arange(12f).reshape(3, 4)))),
        Exercises.experiment(
            "stride 1/2: a transposed convolution",
            List.of(
                "NDArray X = manager.arange(6f).reshape(2, 3);",
                "NDArray K = manager.create(new float[][] {{0, 1}, {2, 3}});",
                "NDArray apart = manager.zeros(new Shape(3, 5));",
                "apart.set(new NDIndex(\"::2, ::2\"), X);",
                "corr2d(apart.pad(new Shape(1, 1, 1, 1), 0), K.flip(0, 1))"),
            "[[0, 0, 0, 1, 0, 2], [0, 0, 2, 3, 4, 6],"
                + " [0, 3, 0, 4, 0, 5], [6, 9, 8, 12, 10, 15]]",
            List.of(
                "a zero between neighbours, kernel - 1 zeros around, the kernel turned round",
                "height: (2 - 1) x 2 + 2 = 4, width: (3 - 1) x 2 + 2 = 6"),
            manager -> Numbers.text(transposed(manager))));
  }

  /** Each output is the sum of as many products as one output channel has weights. */
  private static long multiplyAdds(NDManager manager, int in, int out, int padding) {
    Block conv2d =
        Conv2d.builder()
            .setFilters(out)
            .setKernelShape(new Shape(3, 3))
            .optPadding(new Shape(padding, padding))
            .optBias(false)
            .build();
    NDArray X = manager.ones(new Shape(1, in, 8, 10));
    conv2d.initialize(manager, DataType.FLOAT32, X.getShape());
    NDArray Y =
        conv2d
            .forward(new ParameterStore(manager, false), new NDList(X), false)
            .singletonOrThrow(); // (1, out, 8 + 2 x padding - 2, 10 + 2 x padding - 2)
    return Y.size() * (conv2d.getParameters().get(0).getValue().getArray().size() / out);
  }

  private static NDArray halved(NDArray X, float[] kernel) {
    NDArray K = X.getManager().create(new float[][] {kernel}); // (1, taps)
    return D2l.corr2d(X, K).get(new NDIndex(":, ::2"));
  }

  private static NDArray tone(NDManager manager) {
    NDArray X = manager.create(new float[][] {{1, -1, 1, -1, 1, -1, 1, -1}});
    NDArray taken = halved(X, new float[] {1, 0});
    NDArray averaged = halved(X, new float[] {0.5f, 0.5f});
    return NDArrays.concat(new NDList(taken, averaged), 0); // (2, 4)
  }

  private static NDArray averages(NDManager manager) {
    NDArray X = manager.arange(12f).reshape(3, 4);
    NDArray pooled = D2l.pool2d(X, new Shape(2, 3), D2l.PoolMode.AVG);
    NDArray convolved = D2l.corr2d(X, manager.ones(new Shape(2, 3)).div(6));
    return NDArrays.stack(new NDList(pooled, convolved)); // (2, 2, 2)
  }

  private static NDArray maximum(NDArray X) {
    BinaryOperator<NDArray> max = (a, b) -> Activation.relu(a.sub(b)).add(b);
    NDArray across = max.apply(X.get(":, :-1"), X.get(":, 1:")); // (h, w - 1)
    return max.apply(across.get(":-1"), across.get("1:")); // (h - 1, w - 1)
  }

  private static NDArray mirrored(NDArray X) {
    NDArray rows = NDArrays.concat(new NDList(X.get("1:2"), X, X.get("1:2")), 0); // (5, 4)
    return NDArrays.concat(new NDList(rows.get(":, 1:2"), rows, rows.get(":, 2:3")), 1);
  }

  private static NDArray transposed(NDManager manager) {
    NDArray apart = manager.zeros(new Shape(3, 5));
    apart.set(new NDIndex("::2, ::2"), manager.arange(6f).reshape(2, 3));
    NDArray K = manager.arange(4f).reshape(2, 2);
    return D2l.corr2d(apart.pad(new Shape(1, 1, 1, 1), 0), K.flip(0, 1)); // (4, 6)
  }
}

package io.github.convlens.lesson;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.pooling.Pool;
import ai.djl.training.ParameterStore;
import io.github.convlens.lesson.Experiment.Section;
import java.util.List;

/** Maximum and average pooling. */
final class Pooling {
  private static final String NINE = "NDArray X = manager.arange(9f).reshape(3, 3);";
  private static final String SIXTEEN = "NDArray X = manager.arange(16f).reshape(4, 4);";

  private Pooling() {}

  static List<Experiment> experiments() {
    return List.of(
        experiment(
            "maximum over 2x2",
            "nn.MaxPool2d(2, stride=1)",
            List.of(NINE, "pool2d(X, new Shape(2, 2), PoolMode.MAX)"),
            "[[4, 5], [7, 8]]",
            "max(0, 1, 3, 4) = 4",
            manager -> Numbers.text(pool(manager, D2l.PoolMode.MAX))),
        experiment(
            "mean over 2x2",
            "nn.AvgPool2d(2, stride=1)",
            List.of(NINE, "pool2d(X, new Shape(2, 2), PoolMode.AVG)"),
            "[[2, 3], [5, 6]]",
            "(0 + 1 + 3 + 4) / 4 = 2",
            manager -> Numbers.text(pool(manager, D2l.PoolMode.AVG))),
        experiment(
            "maximum over 3x3: the stride is the window unless another one is given",
            "nn.MaxPool2d(3)",
            List.of(
                SIXTEEN,
                "Block pool = Pool.maxPool2dBlock(new Shape(3, 3), new Shape(3, 3));",
                "compConv2d(pool, X)"),
            "[[10]]",
            "floor((4 - 3) / 3) + 1 = 1: the last row and column are not read",
            manager -> matrix(manager, Pool.maxPool2dBlock(new Shape(3, 3), new Shape(3, 3)))),
        experiment(
            "maximum over 3x3 with padding 1 and stride 2",
            "nn.MaxPool2d(3, padding=1, stride=2)",
            List.of(
                SIXTEEN,
                "Block pool = Pool.maxPool2dBlock(",
                "    new Shape(3, 3), new Shape(2, 2), new Shape(1, 1));",
                "compConv2d(pool, X)"),
            "[[5, 7], [13, 15]]",
            "floor((4 + 1 + 1 - 3) / 2) + 1 = 2",
            manager ->
                matrix(
                    manager,
                    Pool.maxPool2dBlock(new Shape(3, 3), new Shape(2, 2), new Shape(1, 1)))),
        experiment(
            "a rectangular window",
            "nn.MaxPool2d((2, 3), stride=(2, 3), padding=(0, 1))",
            List.of(
                SIXTEEN,
                "Block pool = Pool.maxPool2dBlock(",
                "    new Shape(2, 3), new Shape(2, 3), new Shape(0, 1));",
                "compConv2d(pool, X)"),
            "[[5, 7], [13, 15]]",
            "height: floor((4 - 2) / 2) + 1 = 2; width: floor((4 + 1 + 1 - 3) / 3) + 1 = 2",
            manager ->
                matrix(
                    manager,
                    Pool.maxPool2dBlock(new Shape(2, 3), new Shape(2, 3), new Shape(0, 1)))),
        experiment(
            "two channels are pooled each for itself",
            "nn.MaxPool2d(3, padding=1, stride=2)",
            List.of(
                SIXTEEN,
                "NDArray both = NDArrays.stack(new NDList(X, X.add(1))).expandDims(0);",
                "Block pool = Pool.maxPool2dBlock(",
                "    new Shape(3, 3), new Shape(2, 2), new Shape(1, 1));",
                "pool.forward(new ParameterStore(manager, false), new NDList(both), false)",
                "    .singletonOrThrow().squeeze(0)"),
            "[[[5, 7], [13, 15]], [[6, 8], [14, 16]]]",
            "the number of channels stays",
            manager -> {
              NDArray X = manager.arange(16f).reshape(4, 4);
              NDArray both = NDArrays.stack(new NDList(X, X.add(1))).expandDims(0); // (1, 2, 4, 4)
              Block pool = Pool.maxPool2dBlock(new Shape(3, 3), new Shape(2, 2), new Shape(1, 1));
              ParameterStore none = new ParameterStore(manager, false);
              return Numbers.text(
                  pool.forward(none, new NDList(both), false).singletonOrThrow().squeeze(0));
            }));
  }

  private static NDArray pool(NDManager manager, D2l.PoolMode mode) {
    return D2l.pool2d(manager.arange(9f).reshape(3, 3), new Shape(2, 2), mode);
  }

  private static String matrix(NDManager manager, Block pool) {
    return Numbers.text(D2l.compConv2d(pool, manager.arange(16f).reshape(4, 4)));
  }

  private static Experiment experiment(
      String title,
      String notation,
      List<String> code,
      String expected,
      String arithmetic,
      Experiment.Body body) {
    return new Experiment(
        Section.POOLING, title, notation, code, expected, List.of(arithmetic), body);
  }
}

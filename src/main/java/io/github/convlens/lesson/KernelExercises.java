package io.github.convlens.lesson;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.stream.Stream;

/** Exercises on kernels: edges, matrix products, derivatives, blur, composition. */
final class KernelExercises {
  private static final List<String> DIAGONAL =
      List.of(
          "NDArray X = manager.eye(4, 5, 0, DataType.FLOAT32);",
          "NDArray K = manager.create(new float[][] {{1, -1}});");

  private KernelExercises() {}

  static List<Experiment> experiments() {
    return Stream.concat(edges().stream(), kernels().stream()).toList();
  }

  private static List<Experiment> edges() {
    return List.of(
        Exercises.experiment(
            "a diagonal line under the kernel for vertical edges",
            Experiment.lines(DIAGONAL, "corr2d(X, K)"),
            "[[1, 0, 0, 0], [-1, 1, 0, 0], [0, -1, 1, 0], [0, 0, -1, 1]]",
            List.of("1 where the line is left behind, -1 where it is met: a diagonal has both"),
            manager -> Numbers.text(D2l.corr2d(diagonal(manager), edgeKernel(manager)))),
        Exercises.experiment(
            "the same with the picture transposed",
            Experiment.lines(DIAGONAL, "corr2d(X.transpose(), K)"),
            "[[1, 0, 0], [-1, 1, 0], [0, -1, 1], [0, 0, -1], [0, 0, 0]]",
            List.of("a diagonal stays one: unlike a vertical edge it does not vanish"),
            manager ->
                Numbers.text(D2l.corr2d(diagonal(manager).transpose(), edgeKernel(manager)))),
        Exercises.experiment(
            "the same with the kernel transposed",
            Experiment.lines(DIAGONAL, "corr2d(X, K.transpose())"),
            "[[1, -1, 0, 0, 0], [0, 1, -1, 0, 0], [0, 0, 1, -1, 0]]",
            List.of("the transpose of what K finds in the transposed picture"),
            manager ->
                Numbers.text(D2l.corr2d(diagonal(manager), edgeKernel(manager).transpose()))),
        Exercises.experiment(
            "cross-correlation as one matrix product",
            List.of(
                "NDArray X = manager.arange(12f).reshape(3, 4);",
                "NDArray K = manager.create(new float[][] {{0, 1}, {2, 3}});",
                "NDList windows = new NDList();",
                "for (int i = 0; i < 2; i++) {",
                "  for (int j = 0; j < 3; j++) {",
                "    windows.add(X.get(new NDIndex(\"{}:{}, {}:{}\", i, i + 2, j, j + 2)).flatten());",
                "  }",
                "}",
                "NDArrays.stack(windows).matMul(K.reshape(4, 1)).reshape(2, 3)"),
            "[[24, 30, 36], [48, 54, 60]]",
            List.of(
                "each window becomes a row: (6, 4) x (4, 1) = (6, 1), read as (2, 3)",
                "0 x 0 + 1 x 1 + 4 x 2 + 5 x 3 = 24"),
            manager -> Numbers.text(asMatrixProduct(manager))));
  }

  private static List<Experiment> kernels() {
    return List.of(
        Exercises.experiment(
            "a kernel for the second derivative, on squares",
            List.of(
                "NDArray X = manager.create(new float[][] {{0, 1, 4, 9, 16, 25, 36}});",
                "NDArray K = manager.create(new float[][] {{1, -2, 1}});",
                "corr2d(X, K)"),
            "[[2, 2, 2, 2, 2]]",
            List.of("x^2 has the second derivative 2; a d-th derivative needs d + 1 taps"),
            manager ->
                Numbers.text(
                    D2l.corr2d(
                        manager.create(new float[][] {{0, 1, 4, 9, 16, 25, 36}}),
                        manager.create(new float[][] {{1, -2, 1}})))),
        Exercises.experiment(
            "a kernel for both second derivatives together, on i^2 + 2 j^2",
            List.of(
                "NDArray i = manager.arange(4f).reshape(4, 1);",
                "NDArray j = manager.arange(5f).reshape(1, 5);",
                "NDArray X = i.square().add(j.square().mul(2));",
                "NDArray K = manager.create(new float[][] {{0, 1, 0}, {1, -4, 1}, {0, 1, 0}});",
                "corr2d(X, K)"),
            "[[6, 6, 6], [6, 6, 6]]",
            List.of("2 down and 4 across: 6"),
            manager -> Numbers.text(laplacian(manager))),
        Exercises.experiment(
            "a kernel that blurs, on a single bright pixel",
            List.of(
                "NDArray X = manager.zeros(new Shape(4, 6));",
                "X.set(new NDIndex(\"1, 2\"), 9);",
                "corr2d(X, manager.ones(new Shape(3, 3)).div(9))"),
            "[[1, 1, 1, 0], [1, 1, 1, 0]]",
            List.of("9 / 9 = 1 wherever the 3x3 window covers the pixel"),
            manager -> Numbers.text(blur(manager))),
        Exercises.experiment(
            "two kernels in one: the kernel",
            List.of(
                "NDArray K1 = manager.create(new float[][] {{0, 1}, {2, 3}});",
                "NDArray K2 = manager.create(new float[][] {{1, -1}});",
                "corr2d(K2.pad(new Shape(1, 1, 1, 1), 0), K1.flip(0, 1))"),
            "[[0, 1, -1], [2, 1, -3]]",
            List.of(
                "(h1 + h2 - 1) x (w1 + w2 - 1) = 2x3",
                "[0, 1] and [2, 3], less the same moved one to the right"),
            manager -> Numbers.text(composed(manager))),
        Exercises.experiment(
            "two kernels in one: applied, it gives what both give in turn",
            Experiment.lines(
                Exercises.TWELVE,
                "NDArray K1 = manager.create(new float[][] {{0, 1}, {2, 3}});",
                "NDArray K2 = manager.create(new float[][] {{1, -1}});",
                "NDArray K = corr2d(K2.pad(new Shape(1, 1, 1, 1), 0), K1.flip(0, 1));",
                "NDArrays.stack(new NDList(corr2d(corr2d(X, K1), K2), corr2d(X, K)))"),
            "[[[10, 5], [5, -17]], [[10, 5], [5, -17]]]",
            List.of("no nonlinearity between two convolutions: one would do"),
            manager -> Numbers.text(inTurnAndAtOnce(manager))));
  }

  private static NDArray diagonal(NDManager manager) {
    return manager.eye(4, 5, 0, DataType.FLOAT32);
  }

  private static NDArray edgeKernel(NDManager manager) {
    return manager.create(new float[][] {{1, -1}});
  }

  private static NDArray asMatrixProduct(NDManager manager) {
    NDArray X = manager.arange(12f).reshape(3, 4);
    NDArray K = manager.arange(4f).reshape(2, 2);
    NDList windows = new NDList();
    for (int i = 0; i < 2; i++) {
      for (int j = 0; j < 3; j++) {
        windows.add(X.get(new NDIndex("{}:{}, {}:{}", i, i + 2, j, j + 2)).flatten());
      }
    }
    return NDArrays.stack(windows).matMul(K.reshape(4, 1)).reshape(2, 3); // (6, 4) x (4, 1)
  }

  private static NDArray laplacian(NDManager manager) {
    NDArray i = manager.arange(4f).reshape(4, 1);
    NDArray j = manager.arange(5f).reshape(1, 5);
    NDArray X = i.square().add(j.square().mul(2)); // (4, 5)
    return D2l.corr2d(X, manager.create(new float[][] {{0, 1, 0}, {1, -4, 1}, {0, 1, 0}}));
  }

  private static NDArray blur(NDManager manager) {
    NDArray X = manager.zeros(new Shape(4, 6));
    X.set(new NDIndex("1, 2"), 9);
    return D2l.corr2d(X, manager.ones(new Shape(3, 3)).div(9));
  }

  private static NDArray composed(NDManager manager) {
    NDArray K1 = manager.arange(4f).reshape(2, 2);
    return D2l.corr2d(edgeKernel(manager).pad(new Shape(1, 1, 1, 1), 0), K1.flip(0, 1));
  }

  private static NDArray inTurnAndAtOnce(NDManager manager) {
    NDArray X = Exercises.twelve(manager);
    NDArray K1 = manager.arange(4f).reshape(2, 2);
    NDArray inTurn = D2l.corr2d(D2l.corr2d(X, K1), edgeKernel(manager)); // (2, 2)
    return NDArrays.stack(new NDList(inTurn, D2l.corr2d(X, composed(manager))));
  }
}

package io.github.convlens.lesson;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.convlens.lesson.Experiment.Section;
import java.util.List;

/** Several input and output channels. */
final class Channels {
  private static final List<String> TWO_CHANNELS =
      List.of(
          "NDArray X = manager.create(",
          "    new float[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8, 9},",
          "    new Shape(2, 3, 3));",
          "NDArray K = manager.create(new float[] {0, 1, 2, 3, 1, 2, 3, 4}, new Shape(2, 2, 2));");
  private static final String THREE_KERNELS =
      "NDArray kernels = NDArrays.stack(new NDList(K, K.add(1), K.add(2)));";

  private Channels() {}

  static List<Experiment> experiments() {
    return List.of(
        experiment(
            "one channel",
            List.of(
                "NDArray X = manager.arange(9f).reshape(3, 3);",
                "NDArray K = manager.create(new float[][] {{0, 1}, {2, 3}});",
                "corr2d(X, K)"),
            "[[19, 25], [37, 43]]",
            List.of("0 x 0 + 1 x 1 + 3 x 2 + 4 x 3 = 19"),
            manager -> Numbers.text(D2l.corr2d(nine(manager), kernel(manager)))),
        experiment(
            "two input channels: the sum over the channels",
            Experiment.lines(TWO_CHANNELS, "corr2dMultiIn(X, K)"),
            "[[56, 72], [104, 120]]",
            List.of("channel 0 gives 19, channel 1 gives 1 x 1 + 2 x 2 + 4 x 3 + 5 x 4 = 37: 56"),
            manager -> Numbers.text(D2l.corr2dMultiIn(picture(manager), kernels(manager)))),
        experiment(
            "kernels for three output channels: K, K + 1, K + 2",
            Experiment.lines(TWO_CHANNELS, THREE_KERNELS, "kernels.getShape()"),
            "[3, 2, 2, 2]",
            List.of("(outChannels, inChannels, kernel height, kernel width)"),
            manager -> Numbers.text(stack(kernels(manager)).getShape())),
        experiment(
            "two input and three output channels",
            Experiment.lines(TWO_CHANNELS, THREE_KERNELS, "corr2dMultiInOut(X, kernels)"),
            "[[[56, 72], [104, 120]], [[76, 100], [148, 172]], [[96, 128], [192, 224]]]",
            List.of("each output channel is corr2dMultiIn with its own kernels"),
            manager ->
                Numbers.text(D2l.corr2dMultiInOut(picture(manager), stack(kernels(manager))))),
        experiment(
            "a 1x1 convolution is one matrix product",
            List.of(
                "NDArray X = manager.randomNormal(new Shape(3, 3, 3));",
                "NDArray K = manager.randomNormal(new Shape(2, 3, 1, 1));",
                "NDArray Y1 = corr2dMultiInOut1x1(X, K);",
                "NDArray Y2 = corr2dMultiInOut(X, K);",
                "Y1.sub(Y2).abs().sum().getFloat() < 1e-6"),
            "true",
            List.of("(2, 3) x (3, 9) = (2, 9), read as (2, 3, 3)"),
            manager -> {
              NDArray X = manager.randomNormal(new Shape(3, 3, 3));
              NDArray K = manager.randomNormal(new Shape(2, 3, 1, 1));
              NDArray difference = D2l.corr2dMultiInOut1x1(X, K).sub(D2l.corr2dMultiInOut(X, K));
              return Boolean.toString(difference.abs().sum().getFloat() < 1e-6);
            }));
  }

  private static NDArray nine(NDManager manager) {
    return manager.arange(9f).reshape(3, 3);
  }

  private static NDArray kernel(NDManager manager) {
    return manager.arange(4f).reshape(2, 2);
  }

  private static NDArray picture(NDManager manager) {
    return NDArrays.stack(new NDList(nine(manager), nine(manager).add(1))); // (2, 3, 3)
  }

  private static NDArray kernels(NDManager manager) {
    return NDArrays.stack(new NDList(kernel(manager), kernel(manager).add(1))); // (2, 2, 2)
  }

  private static NDArray stack(NDArray K) {
    return NDArrays.stack(new NDList(K, K.add(1), K.add(2))); // (3, 2, 2, 2)
  }

  private static Experiment experiment(
      String title,
      List<String> code,
      String expected,
      List<String> arithmetic,
      Experiment.Body body) {
    return new Experiment(Section.CHANNELS, title, "", code, expected, arithmetic, body);
  }
}

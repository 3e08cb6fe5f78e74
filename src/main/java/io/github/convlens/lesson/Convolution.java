package io.github.convlens.lesson;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.training.ParameterStore;
import ai.djl.training.initializer.Initializer;
import io.github.convlens.lesson.Experiment.Section;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Cross-correlation, edge detection, and a kernel that is learned instead of written. */
final class Convolution {
  private static final int STEPS = 10;
  private static final float LEARNING_RATE = 0.03f;
  private static final List<String> EDGE_PICTURE =
      List.of(
          "NDArray X = manager.ones(new Shape(6, 8));",
          "X.set(new NDIndex(\":, 2:6\"), 0);",
          "NDArray K = manager.create(new float[][] {{1, -1}});");
  private static final List<String> LEARNER =
      List.of(
          "NDArray X = manager.ones(new Shape(6, 8));",
          "X.set(new NDIndex(\":, 2:6\"), 0);",
          "NDArray Y = corr2d(X, manager.create(new float[][] {{1, -1}})).reshape(1, 1, 6, 7);",
          "Block conv2d = Conv2d.builder().setFilters(1)",
          "    .setKernelShape(new Shape(1, 2)).optBias(false).build();",
          "conv2d.setInitializer(Initializer.ZEROS, Parameter.Type.WEIGHT);",
          "conv2d.initialize(manager, DataType.FLOAT32, new Shape(1, 1, 6, 8));",
          "NDArray weight = conv2d.getParameters().get(0).getValue().getArray();",
          "ParameterStore parameters = new ParameterStore(manager, false);");
  private static final List<String> DESCEND =
      List.of(
          "TrainingStep.descend(List.of(weight), 0.03f, scratch -> {",
          "    NDList picture = new NDList(X.reshape(1, 1, 6, 8));",
          "    picture.attach(scratch);",
          "    return conv2d.forward(parameters, picture, true).singletonOrThrow().sub(Y).square().sum();",
          "  });");

  private Convolution() {}

  static List<Experiment> experiments() {
    return List.of(
        experiment(
            "the edges between white and black columns",
            "",
            Experiment.lines(EDGE_PICTURE, "corr2d(X, K)"),
            rows(6, "[0, 1, 0, 0, 0, -1, 0]"),
            List.of("1 where white turns black, -1 where black turns white"),
            manager -> Numbers.text(D2l.corr2d(edges(manager), edgeKernel(manager)))),
        experiment(
            "the same kernel on the transposed picture sees nothing",
            "",
            Experiment.lines(EDGE_PICTURE, "corr2d(X.transpose(), K)"),
            rows(8, "[0, 0, 0, 0, 0]"),
            List.of("its edges are horizontal now"),
            manager -> Numbers.text(D2l.corr2d(edges(manager).transpose(), edgeKernel(manager)))),
        experiment(
            "one zero around a 3x3 picture",
            "nn.Conv2d(1, 1, kernel_size=2, padding=1, bias=False)",
            padded("corr2d(padded, K)"),
            "[[0, 3, 8, 4], [9, 19, 25, 10], [21, 37, 43, 16], [6, 7, 8, 0]]",
            List.of("floor((3 + 1 + 1 - 2) / 1) + 1 = 4"),
            manager -> Numbers.text(paddedCorrelation(manager))),
        experiment(
            "the same with stride 3 down and 2 across",
            "nn.Conv2d(1, 1, kernel_size=2, padding=1, stride=(3, 2), bias=False)",
            padded("corr2d(padded, K).get(new NDIndex(\"::3, ::2\"))"),
            "[[0, 8], [6, 8]]",
            List.of("height: floor((3 + 1 + 1 - 2) / 3) + 1 = 2", "width:  floor(3 / 2) + 1 = 2"),
            manager -> Numbers.text(paddedCorrelation(manager).get(new NDIndex("::3, ::2")))),
        experiment(
            "learn the kernel: the loss at steps 2, 4, 6, 8, 10",
            "nn.Conv2d(1, 1, kernel_size=(1, 2), bias=False)",
            learn(
                "StringJoiner losses = new StringJoiner(\", \");",
                "float loss = ",
                List.of(
                    "  if (step % 2 == 0) { losses.add(String.format(Locale.ROOT, \"%.4f\", loss)); }",
                    "}", "losses.toString()")),
            "4.9152, 0.8246, 0.1384, 0.0232, 0.0039",
            List.of("sum of squares, learning rate 0.03, from zero weights"),
            manager -> curve(learn(manager).losses())),
        experiment(
            "learn the kernel: the weights after 10 steps",
            "nn.Conv2d(1, 1, kernel_size=(1, 2), bias=False)",
            learn("", "", List.of("}", "weight.reshape(2)")),
            "[0.98847, -0.98847]",
            List.of("the written kernel is [1, -1]"),
            manager -> Numbers.text(learn(manager).weight().reshape(2))),
        experiment(
            "3x3 and then 5x5 without padding equal one 7x7 kernel",
            "",
            List.of(
                "NDArray X = manager.randomNormal(new Shape(12, 14));",
                "NDArray K3 = manager.randomNormal(new Shape(3, 3));",
                "NDArray K5 = manager.randomNormal(new Shape(5, 5));",
                "NDArray wide = K5.pad(new Shape(2, 2, 2, 2), 0);",
                "NDArray K7 = corr2d(wide, K3.flip(0, 1));",
                "NDArray twice = corr2d(corr2d(X, K3), K5);",
                "corr2d(X, K7).sub(twice).abs().max().getFloat() < 1e-4"),
            "true",
            List.of("3 + 5 - 1 = 7: spans add up, less one for each step"),
            manager -> Boolean.toString(composedDifference(manager) < 1e-4)));
  }

  /** The code of ten steps, and what is kept of each. */
  private static List<String> learn(String before, String result, List<String> after) {
    List<String> code = new ArrayList<>(LEARNER);
    if (!before.isEmpty()) {
      code.add(before);
    }
    code.add("for (int step = 1; step <= 10; step++) {");
    code.add("  " + result + DESCEND.get(0));
    code.addAll(DESCEND.subList(1, DESCEND.size()));
    code.addAll(after);
    return code;
  }

  /** What ten steps of gradient descent from zero weights learn of the edge kernel. */
  record Learned(List<Float> losses, NDArray weight) {}

  private static Learned learn(NDManager manager) {
    NDArray X = edges(manager);
    NDArray Y = D2l.corr2d(X, edgeKernel(manager)).reshape(1, 1, 6, 7);
    Block conv2d =
        Conv2d.builder().setFilters(1).setKernelShape(new Shape(1, 2)).optBias(false).build();
    conv2d.setInitializer(Initializer.ZEROS, Parameter.Type.WEIGHT);
    conv2d.initialize(manager, DataType.FLOAT32, new Shape(1, 1, 6, 8));
    NDArray weight = conv2d.getParameters().get(0).getValue().getArray();
    ParameterStore parameters = new ParameterStore(manager, false);
    List<Float> losses =
        IntStream.rangeClosed(1, STEPS)
            .mapToObj(
                step ->
                    TrainingStep.descend(
                        List.of(weight),
                        LEARNING_RATE,
                        scratch -> {
                          NDArray picture = X.reshape(1, 1, 6, 8);
                          picture.attach(scratch);
                          return conv2d
                              .forward(parameters, new NDList(picture), true)
                              .singletonOrThrow()
                              .sub(Y)
                              .square()
                              .sum();
                        }))
            .toList();
    return new Learned(losses, weight);
  }

  private static String curve(List<Float> losses) {
    return IntStream.of(1, 3, 5, 7, 9)
        .mapToObj(i -> String.format(Locale.ROOT, "%.4f", losses.get(i)))
        .collect(Collectors.joining(", "));
  }

  private static float composedDifference(NDManager manager) {
    NDArray X = manager.randomNormal(new Shape(12, 14));
    NDArray K3 = manager.randomNormal(new Shape(3, 3));
    NDArray K5 = manager.randomNormal(new Shape(5, 5));
    NDArray wide = K5.pad(new Shape(2, 2, 2, 2), 0); // (9, 9)
    NDArray K7 = D2l.corr2d(wide, K3.flip(0, 1)); // (7, 7)
    NDArray twice = D2l.corr2d(D2l.corr2d(X, K3), K5); // (6, 8)
    return D2l.corr2d(X, K7).sub(twice).abs().max().getFloat();
  }

  private static NDArray edges(NDManager manager) {
    NDArray X = manager.ones(new Shape(6, 8));
    X.set(new NDIndex(":, 2:6"), 0);
    return X;
  }

  private static NDArray edgeKernel(NDManager manager) {
    return manager.create(new float[][] {{1, -1}});
  }

  private static NDArray paddedCorrelation(NDManager manager) {
    NDArray padded = manager.arange(9f).reshape(3, 3).pad(new Shape(1, 1, 1, 1), 0); // (5, 5)
    return D2l.corr2d(padded, manager.arange(4f).reshape(2, 2)); // (4, 4)
  }

  private static List<String> padded(String result) {
    return List.of(
        "NDArray X = manager.arange(9f).reshape(3, 3);",
        "NDArray K = manager.arange(4f).reshape(2, 2);",
        "NDArray padded = X.pad(new Shape(1, 1, 1, 1), 0);",
        result);
  }

  private static String rows(int count, String row) {
    return "[" + String.join(", ", Collections.nCopies(count, row)) + "]";
  }

  private static Experiment experiment(
      String title,
      String notation,
      List<String> code,
      String expected,
      List<String> arithmetic,
      Experiment.Body body) {
    return new Experiment(Section.CONVOLUTION, title, notation, code, expected, arithmetic, body);
  }
}

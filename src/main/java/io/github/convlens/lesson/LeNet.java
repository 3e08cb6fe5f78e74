package io.github.convlens.lesson;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.pooling.Pool;
import ai.djl.training.ParameterStore;
import io.github.convlens.lesson.Experiment.Section;
import java.util.List;
import java.util.stream.Collectors;

/** LeNet on 28x28: the shape behind each layer, and what each has to learn. */
final class LeNet {
  private static final List<String> CODE =
      List.of(
          "Shape two = new Shape(2, 2);",
          "SequentialBlock net = new SequentialBlock()",
          "    .add(Conv2d.builder().setFilters(6)",
          "        .setKernelShape(new Shape(5, 5)).optPadding(two).build())",
          "    .add(Activation.sigmoidBlock()).add(Pool.avgPool2dBlock(two, two))",
          "    .add(Conv2d.builder().setFilters(16).setKernelShape(new Shape(5, 5)).build())",
          "    .add(Activation.sigmoidBlock()).add(Pool.avgPool2dBlock(two, two))",
          "    .add(Blocks.batchFlattenBlock()).add(Linear.builder().setUnits(120).build())",
          "    .add(Activation.sigmoidBlock()).add(Linear.builder().setUnits(84).build())",
          "    .add(Activation.sigmoidBlock()).add(Linear.builder().setUnits(10).build());",
          "net.initialize(manager, DataType.FLOAT32, new Shape(1, 1, 28, 28));");

  private LeNet() {}

  static List<Experiment> experiments() {
    return List.of(
        new Experiment(
            Section.LENET,
            "the shape behind each layer",
            "",
            Experiment.lines(
                CODE,
                "NDList X = new NDList(manager.randomUniform(0, 1, new Shape(1, 1, 28, 28)));",
                "StringJoiner shapes = new StringJoiner(\" -> \");",
                "for (Block layer : net.getChildren().values()) {",
                "  X = layer.forward(new ParameterStore(manager, false), X, false);",
                "  shapes.add(Arrays.toString(X.singletonOrThrow().getShape().getShape()));",
                "}",
                "shapes.toString()"),
            String.join(
                " -> ",
                List.of(
                    "[1, 6, 28, 28]",
                    "[1, 6, 28, 28]",
                    "[1, 6, 14, 14]",
                    "[1, 16, 10, 10]",
                    "[1, 16, 10, 10]",
                    "[1, 16, 5, 5]",
                    "[1, 400]",
                    "[1, 120]",
                    "[1, 120]",
                    "[1, 84]",
                    "[1, 84]",
                    "[1, 10]")),
            List.of(
                "28 + 2 + 2 - 5 + 1 = 28; 28 / 2 = 14; 14 - 5 + 1 = 10; 10 / 2 = 5; 16 x 5 x 5"),
            LeNet::shapes),
        new Experiment(
            Section.LENET,
            "what each layer has to learn, and all together",
            "",
            Experiment.lines(
                CODE,
                "List<Long> counts = net.getChildren().values().stream()",
                "    .map(layer -> layer.getParameters().values().stream()",
                "        .mapToLong(parameter -> parameter.getShape().size()).sum())",
                "    .filter(count -> count > 0).collect(Collectors.toList());",
                "counts + \" \" + counts.stream().mapToLong(count -> count).sum()"),
            "[156, 2416, 48120, 10164, 850] 61706",
            List.of(
                "6 x (1 x 5 x 5 + 1) = 156, 16 x (6 x 5 x 5 + 1) = 2416,",
                "120 x (400 + 1) = 48120, 84 x (120 + 1) = 10164, 10 x (84 + 1) = 850"),
            LeNet::parameters));
  }

  /** The lesson's LeNet: sigmoid activations and average pooling, (1, 1, 28, 28) to (1, 10). */
  static SequentialBlock block() {
    Shape two = new Shape(2, 2);
    return new SequentialBlock()
        .add(conv(6, two))
        .add(Activation.sigmoidBlock())
        .add(Pool.avgPool2dBlock(two, two))
        .add(conv(16, new Shape(0, 0)))
        .add(Activation.sigmoidBlock())
        .add(Pool.avgPool2dBlock(two, two))
        .add(Blocks.batchFlattenBlock())
        .add(Linear.builder().setUnits(120).build())
        .add(Activation.sigmoidBlock())
        .add(Linear.builder().setUnits(84).build())
        .add(Activation.sigmoidBlock())
        .add(Linear.builder().setUnits(10).build());
  }

  private static Conv2d conv(int filters, Shape padding) {
    return Conv2d.builder()
        .setFilters(filters)
        .setKernelShape(new Shape(5, 5))
        .optPadding(padding)
        .build();
  }

  private static String shapes(NDManager manager) {
    SequentialBlock net = block();
    net.initialize(manager, DataType.FLOAT32, new Shape(1, 1, 28, 28));
    ParameterStore parameters = new ParameterStore(manager, false);
    NDArray X = manager.randomUniform(0, 1, new Shape(1, 1, 28, 28));
    StringBuilder lines = new StringBuilder();
    for (Block layer : net.getChildren().values()) {
      X = layer.forward(parameters, new NDList(X), false).singletonOrThrow();
      lines.append(lines.length() == 0 ? "" : " -> ").append(Numbers.text(X.getShape()));
    }
    return lines.toString();
  }

  private static String parameters(NDManager manager) {
    SequentialBlock net = block();
    net.initialize(manager, DataType.FLOAT32, new Shape(1, 1, 28, 28));
    List<Long> counts =
        net.getChildren().values().stream()
            .map(LeNet::count)
            .filter(count -> count > 0)
            .collect(Collectors.toList());
    return counts + " " + counts.stream().mapToLong(count -> count).sum();
  }

  private static long count(Block layer) {
    return layer.getParameters().values().stream()
        .mapToLong(parameter -> parameter.getShape().size())
        .sum();
  }
}

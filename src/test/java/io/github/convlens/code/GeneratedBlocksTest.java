package io.github.convlens.code;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import io.github.convlens.engine.LayerBlocks;
import io.github.convlens.graph.Edge;
import io.github.convlens.graph.Graph;
import io.github.convlens.graph.Module;
import io.github.convlens.graph.Shapes;
import io.github.convlens.graph.Tree;
import io.github.convlens.layer.ConcatenationSpec;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.MatrixProductSpec;
import io.github.convlens.layer.MeanSpec;
import io.github.convlens.layer.PermuteSpec;
import io.github.convlens.layer.ProductSpec;
import io.github.convlens.layer.ReshapeSpec;
import io.github.convlens.layer.ScaleSpec;
import io.github.convlens.layer.SplitSpec;
import io.github.convlens.layer.SumSpec;
import io.github.convlens.notation.PyTorch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Generated classes against {@code LayerBlocks} with the same weights: outputs, the gradients of
 * inputs and weights, running statistics, all while training; then outputs at another size.
 */
class GeneratedBlocksTest {
  private static final double TOLERANCE = 1e-5;

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          nn.Conv2d(3, 4, (3, 2), stride=(2, 1), padding=(1, 0), dilation=(1, 2)) | 2x3x9x8 | 1x3x7x11
          nn.Conv2d(4, 6, 3, padding='same', groups=2, bias=False)                | 2x4x5x7 | 1x4x8x6
          nn.Conv2d(3, 4, 3, stride=2, padding='same_upper')                      | 2x3x5x8 | 1x3x8x5
          nn.Conv2d(3, 4, (1, 5), padding='same', padding_mode='reflect')         | 2x3x5x8 | 1x3x8x5
          nn.Conv1d(3, 4, 3, stride=2, padding=1, groups=1)                       | 2x3x9   | 1x3x14
          nn.Conv3d(2, 3, (2, 3, 1), padding=(1, 0, 0))                           | 2x2x4x5x3 | 1x2x5x6x4
          nn.MaxPool1d(3, 2, 1)                                                   | 2x3x9   | 1x3x14
          nn.MaxPool2d((3, 2), (2, 1), (1, 0))                                    | 2x3x9x8 | 1x3x6x7
          nn.MaxPool2d(3, 2, ceil_mode=True)                                      | 2x3x8x8 | 1x3x6x7
          nn.MaxPool2d(2, 2, dilation=2)                                          | 2x3x9x8 | 1x3x6x7
          nn.MaxPool3d(2)                                                         | 2x2x4x5x6 | 1x2x5x6x4
          nn.AvgPool1d(3, 2, 1)                                                   | 2x3x9   | 1x3x14
          nn.AvgPool2d((3, 2), (2, 1), (1, 1))                                    | 2x3x9x8 | 1x3x6x7
          nn.AvgPool2d(3, 2, 1, count_include_pad=False)                          | 2x3x9x8 | 1x3x6x7
          nn.AvgPool3d(2)                                                         | 2x2x4x5x6 | 1x2x5x6x4
          nn.AdaptiveAvgPool1d(1)                                                 | 2x3x9   | 1x3x14
          nn.AdaptiveAvgPool2d(1)                                                 | 2x3x9x8 | 1x3x6x7
          nn.AdaptiveAvgPool3d(1)                                                 | 2x2x4x5x6 | 1x2x5x6x4
          nn.AdaptiveAvgPool2d((1, 5))                                            | 2x3x9x8 | 1x3x6x7
          nn.BatchNorm1d(5)                                                       | 4x5     | 2x5
          nn.BatchNorm1d(3, momentum=0.3)                                         | 2x3x9   | 1x3x14
          nn.BatchNorm2d(3, eps=0.01)                                             | 2x3x4x5 | 1x3x5x6
          nn.BatchNorm3d(2)                                                       | 2x2x3x4x5 | 1x2x5x6x4
          nn.LayerNorm((4, 5), eps=0.01)                                          | 2x3x4x5 | 5x2x4x5
          nn.LayerNorm(5)                                                         | 2x3x5   | 1x7x5
          nn.Linear(5, 7)                                                         | 2x5     | 3x5
          nn.Linear(5, 7, bias=False)                                             | 2x3x5   | 1x4x5
          nn.Flatten()                                                            | 2x3x4x5 | 1x3x5x6
          nn.Flatten(1, 2)                                                        | 2x3x4x5 | 1x3x5x6
          nn.PixelShuffle(2)                                                      | 1x4x8x8 | 1x4x16x8
          nn.GroupNorm(2, 4)                                                      | 2x4x5   | 1x4x8
          nn.PReLU(3)                                                             | 2x3x4x5 | 1x3x5x6
          nn.Upsample(scale_factor=2)                                             | 2x3x4x5 | 1x3x5x6
          nn.ConvTranspose2d(3, 2, 3, 2, 1, 1)                                    | 2x3x4x5 | 1x3x5x6
          nn.LeakyReLU(0.2)                                                       | 2x3x4   | 1x5x2
          nn.ReLU6()                                                              | 2x3x4   | 1x5x2
          nn.SiLU()                                                               | 2x3x4   | 1x5x2
          nn.GELU()                                                               | 2x3x4   | 1x5x2
          nn.ELU(0.5)                                                             | 2x3x4   | 1x5x2
          nn.SELU()                                                               | 2x3x4   | 1x5x2
          nn.Softplus()                                                           | 2x3x4   | 1x5x2
          nn.Softsign()                                                           | 2x3x4   | 1x5x2
          nn.Tanh()                                                               | 2x3x4   | 1x5x2
          nn.Sigmoid()                                                            | 2x3x4   | 1x5x2
          nn.Softmax(dim=-1)                                                      | 2x3x4   | 1x5x2
          nn.LogSoftmax()                                                         | 2x3x4   | 2x5x2
          """)
  void aLayerIsWhatLayerBlocksMakes(String notation, String input, String other) throws Exception {
    check(PyTorch.parse(notation), new Shape[] {shape(input)}, shape(other));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          nn.Sequential(nn.Conv2d(3, 4, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.BatchNorm2d(4)) | 2x3x8x6 | 1x3x11x9
          Residual(nn.Sequential(nn.Conv2d(3, 3, 3, padding=1), nn.BatchNorm2d(3), nn.ReLU()))  | 2x3x8x6 | 1x3x5x9
          Residual(nn.Conv2d(3, 5, 3, stride=2, padding=1), nn.Conv2d(3, 5, 1, stride=2))       | 2x3x8x6 | 1x3x5x9
          Concat(nn.Conv2d(3, 4, 1), nn.Identity(), Residual(nn.BatchNorm2d(3)))                | 2x3x8x6 | 1x3x5x9
          Concat(nn.Conv2d(3, 4, 1))                                                            | 2x3x8x6 | 1x3x5x9
          nn.Sequential(Concat(nn.Identity(), nn.Conv1d(2, 3, 3, padding=1)), nn.ReLU())        | 2x2x8   | 1x2x5
          Residual(nn.Conv3d(2, 2, 3, padding=1))                                               | 2x2x3x4x5 | 1x2x4x3x6
          SqueezeExcitation((avgpool): AdaptiveAvgPool2d(1) (fc1): Conv2d(4, 2, 1) (fc2): Conv2d(2, 4, 1) (activation): ReLU() (scale_activation): Sigmoid()) | 2x4x5x6 | 1x4x7x3
          """)
  void aNetworkIsWhatLayerBlocksMakes(String notation, String input, String other)
      throws Exception {
    check(PyTorch.parse(notation), new Shape[] {shape(input)}, shape(other));
  }

  @Test
  void aModuleThatRunsTwiceLearnsFromBoth() throws Exception {
    Graph.Builder builder = new Graph.Builder();
    Edge x = builder.input("x");
    Module conv = new Module("conv", layer("nn.Conv2d(3, 3, 3, padding=1)"));
    Module act = new Module("act", layer("nn.Tanh()"));
    Edge once = builder.call(act, builder.call(conv, x));
    Edge twice = builder.call(act, builder.call(conv, once));
    check(
        builder.build(List.of(twice), tree("Twice", "conv", "act")),
        new Shape[] {new Shape(2, 3, 4, 5)},
        new Shape(1, 3, 6, 3));
  }

  /** Its modules belong to the class around it, each once. */
  @Test
  void aBlockThatRunsTwiceLearnsFromBoth() throws Exception {
    Graph.Builder builder = new Graph.Builder();
    Edge x = builder.input("x");
    Module conv = new Module("block.conv", layer("nn.Conv2d(3, 3, 3, padding=1)"));
    Module act = new Module("block.act", layer("nn.Tanh()"));
    Edge once = builder.call(act, builder.call(conv, x));
    Edge between = builder.call(new Module("norm", layer("nn.BatchNorm2d(3)")), once);
    Edge twice = builder.call(act, builder.call(conv, between));
    Tree block =
        new Tree(
            "Block",
            "block",
            List.of(
                new Tree("Conv2d", "block.conv", List.of()),
                new Tree("Tanh", "block.act", List.of())));
    Tree norm = new Tree("BatchNorm2d", "norm", List.of());
    check(
        builder.build(List.of(twice), new Tree("Twice", "", List.of(block, norm))),
        new Shape[] {new Shape(2, 3, 4, 5)},
        new Shape(1, 3, 6, 3));
  }

  /** Attention over positions, with everything that a forward does without a module. */
  @Test
  void functionsOfArraysAreWhatLayerBlocksMakes() throws Exception {
    Graph.Builder builder = new Graph.Builder();
    Edge x = builder.input("x");
    Edge projected = builder.call(new Module("qkv", layer("nn.Linear(6, 12)")), x);
    Edge parts =
        builder.apply("", new SplitSpec(-1, new SplitSpec.Parts.Chunks(3)), List.of(projected));
    Edge keys = Graph.Builder.output(parts, 1);
    Edge values = Graph.Builder.output(parts, 2);
    Edge turned = builder.apply("", new PermuteSpec(List.of(0, 2, 1)), List.of(keys));
    Edge scores = builder.apply("", new MatrixProductSpec(), List.of(parts, turned));
    Edge weights = builder.call(new Module("softmax", layer("nn.Softmax(dim=-1)")), scores);
    Edge mixed = builder.apply("", new MatrixProductSpec(), List.of(weights, values));
    Edge gated = builder.apply("", new ProductSpec(), List.of(mixed, values));
    Edge sum = builder.apply("", new SumSpec(), List.of(gated, mixed, values));
    Edge shifted = builder.apply("", new ScaleSpec(-0.2, 1), List.of(sum));
    SplitSpec.Parts.Sizes sizes = new SplitSpec.Parts.Sizes(List.of(1L, 3L));
    Edge uneven = builder.apply("", new SplitSpec(2, sizes), List.of(shifted));
    Edge back =
        builder.apply(
            "", new ConcatenationSpec(-1), List.of(Graph.Builder.output(uneven, 1), uneven));
    Edge cut = builder.apply("", new ReshapeSpec(List.of(-1L, 2L, 2L)), List.of(back));
    Edge mean =
        builder.apply("", new MeanSpec(List.of(-3, 2), MeanSpec.Axes.DROPPED), List.of(cut));
    check(
        builder.build(List.of(mean), tree("Attention", "qkv", "softmax")),
        new Shape[] {new Shape(2, 5, 6)},
        new Shape(3, 4, 6));
  }

  /** Chunks of a picture's height follow from the height. */
  @Test
  void chunksOfPicturesAreThoseOfTheirSize() throws Exception {
    Graph.Builder builder = new Graph.Builder();
    Edge x = builder.input("x");
    Edge parts = builder.apply("", new SplitSpec(2, new SplitSpec.Parts.Chunks(2)), List.of(x));
    Edge last = builder.call(new Module("act", layer("nn.Tanh()")), Graph.Builder.output(parts, 1));
    check(
        builder.build(List.of(last, parts), tree("Halves", "act")),
        new Shape[] {new Shape(2, 3, 5, 4)},
        new Shape(1, 3, 8, 6));
  }

  @Test
  void severalInputsAndOutputsAreWhatLayerBlocksMakes() throws Exception {
    Graph.Builder builder = new Graph.Builder();
    Edge left = builder.input("left");
    Edge right = builder.input("right");
    Edge convolved = builder.call(new Module("conv", layer("nn.Conv2d(3, 4, 3)")), left);
    Edge sum = builder.apply("", new SumSpec(), List.of(convolved, right));
    Graph graph = builder.build(List.of(sum, convolved), tree("Two", "conv"));
    check(graph, new Shape[] {new Shape(2, 3, 5, 6), new Shape(1, 4, 3, 1)}, null);
  }

  private static LayerSpec layer(String notation) {
    return PyTorch.parse(notation).layer();
  }

  private static Tree tree(String type, String... modules) {
    return new Tree(
        type, "", Arrays.stream(modules).map(name -> new Tree("", name, List.of())).toList());
  }

  private static Shape shape(String sizes) {
    return new Shape(Arrays.stream(sizes.split("x")).mapToLong(Long::parseLong).toArray());
  }

  private void check(Graph graph, Shape[] inputs, Shape other) throws Exception {
    var shaped = Shapes.infer(graph, List.of(inputs));
    String code = JavaCode.of(shaped, JavaCode.Options.DEFAULT);
    try (Compiled classes = Compiled.of(Map.of("Network", code), folder);
        NDManager manager = NDManager.newBaseManager()) {
      Block expected = LayerBlocks.of(shaped);
      Block actual = classes.build("Network");
      expected.initialize(manager, DataType.FLOAT32, inputs);
      actual.initialize(manager, DataType.FLOAT32, inputs);
      assertEquals(shaped.outputs(), List.of(actual.getOutputShapes(inputs)), code);
      List<NDArray> theirs = weights(expected);
      List<NDArray> ours = weights(actual);
      List<Shape> shapes = theirs.stream().map(NDArray::getShape).toList();
      assertEquals(shapes, ours.stream().map(NDArray::getShape).toList(), code);
      for (int i = 0; i < theirs.size(); i++) {
        fill(theirs.get(i), i);
        fill(ours.get(i), i);
      }
      assertSame(run(expected, manager, true, inputs), run(actual, manager, true, inputs), code);
      assertSame(theirs, ours, code);
      if (other != null) {
        assertSame(run(expected, manager, false, other), run(actual, manager, false, other), code);
      }
    }
  }

  private static List<NDArray> weights(Block block) {
    return block.getParameters().values().stream().map(Parameter::getArray).toList();
  }

  /** Distinct numbers between 0 and 1, so that they may be variances, too. */
  private static void fill(NDArray array, int seed) {
    float[] numbers = new float[(int) array.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = ((i + 31 * seed) * 7919 % 97 + 1) / 100f;
    }
    array.set(numbers);
  }

  /** The outputs; while training also the gradients of the inputs and of all that is learned. */
  private static List<NDArray> run(
      Block block, NDManager manager, boolean isTraining, Shape... shapes) {
    NDList inputs = new NDList();
    for (Shape shape : shapes) {
      NDArray input = manager.zeros(shape);
      fill(input, inputs.size() + 5);
      inputs.add(input.sub(0.5));
    }
    ParameterStore store = new ParameterStore(manager, false);
    if (!isTraining) {
      return new ArrayList<>(block.forward(store, inputs, false));
    }
    inputs.forEach(input -> input.setRequiresGradient(true));
    List<NDArray> all = new ArrayList<>();
    try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
      NDList outputs = block.forward(store, inputs, true);
      NDArray loss = null;
      for (NDArray output : outputs) {
        NDArray weight = manager.zeros(output.getShape());
        fill(weight, 77);
        NDArray part = output.mul(weight).sum();
        loss = loss == null ? part : loss.add(part);
      }
      collector.backward(loss);
      outputs.forEach(output -> all.add(output.stopGradient()));
    }
    inputs.forEach(input -> all.add(input.getGradient()));
    block.getParameters().values().stream()
        .filter(Parameter::requiresGradient)
        .map(parameter -> parameter.getArray().getGradient())
        .forEach(all::add);
    return all;
  }

  private static void assertSame(List<NDArray> expected, List<NDArray> actual, String code) {
    assertEquals(expected.size(), actual.size(), code);
    for (int i = 0; i < expected.size(); i++) {
      assertEquals(expected.get(i).getShape(), actual.get(i).getShape(), code);
      NDArray difference = expected.get(i).sub(actual.get(i)).abs().max();
      assertTrue(difference.getFloat() <= TOLERANCE, i + ": " + difference + "\n" + code);
    }
  }
}

package io.github.convlens.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.RecurrentSpec.Directions;
import io.github.convlens.layer.RecurrentSpec.Layout;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Where the positions of each axis go: {@code 2: 0 0 1} says that they lie on the output's axis 2,
 * whose three positions read 0, 0 and 1. All numbers are those of PyTorch 2.13's gradients.
 */
class PassageTest {
  private static final Shape PICTURE = new Shape(2, 3, 4, 5);

  @Test
  void resizedToAnotherPicture() {
    LayerSpec nearest = new FitSpec(FitSpec.How.NEAREST);
    assertPassages(
        nearest,
        List.of(PICTURE, new Shape(2, 1, 7, 3)),
        "0: 0 1",
        "1: 0 1 2",
        "2: 0 0 1 1 2 2 3",
        "3: 0 1 3");
    assertPassages(
        nearest,
        List.of(PICTURE, new Shape(2, 1, 4, 8)),
        "0: 0 1",
        "1: 0 1 2",
        "2: 0 1 2 3",
        "3: 0 0 1 1 2 3 3 4");
    assertPassages(
        new FitSpec(FitSpec.How.LINEAR),
        List.of(PICTURE, new Shape(2, 1, 4, 8)),
        "0: 0 1",
        "1: 0 1 2",
        "2: 0 1 2 3",
        "not told");
    assertTrue(nearest.reads(0));
    assertFalse(nearest.reads(1), "the other one has the sizes alone");
  }

  /** {@code F.pad(x, [d // 2, d - d // 2])}: an odd one is put, or cut off, behind. */
  @Test
  void paddedToAnotherPicture() {
    LayerSpec pad = new FitSpec(FitSpec.How.PAD);
    assertPassages(
        pad,
        List.of(PICTURE, new Shape(2, 1, 7, 8)),
        "0: 0 1",
        "1: 0 1 2",
        "2: - 0 1 2 3 - -",
        "3: - 0 1 2 3 4 - -");
    assertPassages(
        pad,
        List.of(new Shape(2, 3, 6, 5), new Shape(2, 1, 3, 2)),
        "0: 0 1",
        "1: 0 1 2",
        "2: 2 3 4",
        "3: 2 3");
  }

  /** {@code tokens.transpose(1, 2).view(batch, channels, height, width)}. */
  @Test
  void tokensLaidOut() {
    LayerSpec tokens = new FitSpec(FitSpec.How.TOKENS);
    assertPassages(
        tokens,
        List.of(new Shape(2, 12, 5), new Shape(2, 3, 3, 4)),
        "as axis 0 of [2, 5, 12]",
        "as axis 2 of [2, 5, 12]",
        "as axis 1 of [2, 5, 12]");
    assertPassages(
        new FitSpec(FitSpec.How.ROWS),
        List.of(new Shape(6, 5), new Shape(2, 3, 4)),
        "as axis 0 of [6, 5]",
        "as axis 1 of [6, 5]");
  }

  @Test
  void whatIsLearned() {
    assertPassages(
        new LearnedSpec(LearnedSpec.Operation.PREPEND, List.of(1L, 2L, -1L)),
        List.of(new Shape(2, 4, 5)),
        "0: 0 1",
        "1: - - 0 1 2 3",
        "2: 0 1 2 3 4");
    assertPassages(
        new LearnedSpec(LearnedSpec.Operation.MULTIPLY, List.of(3L, 1L, 1L)),
        List.of(PICTURE),
        "0: 0 1",
        "1: 0 1 2",
        "2: 0 1 2 3",
        "3: 0 1 2 3 4");
    assertPassages(
        new LearnedSpec(LearnedSpec.Operation.ADD, List.of(6L, 4L)),
        List.of(new Shape(2, 1, 4)),
        "0: 0 1",
        "1: 0 0 0 0 0 0",
        "2: 0 1 2 3");
    assertPassages(
        new LearnedSpec(LearnedSpec.Operation.PROJECT, List.of(4L, 7L)),
        List.of(new Shape(2, 3, 4)),
        "0: 0 1",
        "1: 0 1 2",
        "2: 0/1/2/3 0/1/2/3 0/1/2/3 0/1/2/3 0/1/2/3 0/1/2/3 0/1/2/3");
  }

  /** An axis on which all have one position is not repeated. */
  @Test
  void sums() {
    Shape thin = new Shape(2, 1, 4);
    assertEquals(Passage.point(1), new SumSpec().passage(1, List.of(thin, thin), 0, 0));
    List<Shape> repeated = List.of(thin, new Shape(6, 4));
    assertPassages(new SumSpec(), repeated, 0, 0, "0: 0 1", "1: 0 0 0 0 0 0", "2: 0 1 2 3");
    assertPassages(new SumSpec(), repeated, 1, 0, "1: 0 1 2 3 4 5", "2: 0 1 2 3");
  }

  @Test
  void attention() {
    Shape query = new Shape(2, 3, 4);
    Shape keys = new Shape(2, 5, 4);
    for (int index = 0; index < 3; index++) {
      assertPassages(
          attention(Layout.BATCH_FIRST),
          List.of(query, keys, keys),
          index,
          0,
          "0: 0 1",
          "all",
          "all");
      assertPassages(
          attention(Layout.BATCH_FIRST),
          List.of(query, keys, keys),
          index,
          1,
          "0: 0 1",
          "all",
          "all");
      assertPassages(
          new AttentionSpec(),
          List.of(query, keys, new Shape(2, 5, 6)),
          index,
          0,
          "0: 0 1",
          "all",
          "all");
    }
    List<Shape> lengthFirst = List.of(new Shape(3, 2, 4), new Shape(5, 2, 4), new Shape(5, 2, 4));
    assertPassages(attention(Layout.LENGTH_FIRST), lengthFirst, 1, 0, "all", "1: 0 1", "all");
    assertPassages(attention(Layout.LENGTH_FIRST), lengthFirst, 1, 1, "all", "0: 0 1", "all");
  }

  private static LayerSpec attention(Layout layout) {
    return new MultiheadAttentionSpec(4, 2, 0, Bias.WITH, 4, 4, layout);
  }

  /** Both ways a step sees all others; one way, not those behind it, but the last state does. */
  @Test
  void recurrence() {
    List<Shape> lengthFirst = List.of(new Shape(5, 2, 4));
    LayerSpec lstm = recurrent(RecurrentSpec.Kind.LSTM, Layout.LENGTH_FIRST, Directions.BOTH);
    assertPassages(lstm, lengthFirst, 0, 0, "all", "1: 0 1", "all");
    assertPassages(lstm, lengthFirst, 0, 1, "all", "1: 0 1", "all");
    assertPassages(lstm, lengthFirst, 0, 2, "all", "1: 0 1", "all");
    List<Shape> batchFirst = List.of(new Shape(2, 5, 4));
    LayerSpec gru = recurrent(RecurrentSpec.Kind.GRU, Layout.BATCH_FIRST, Directions.BOTH);
    assertPassages(gru, batchFirst, 0, 0, "0: 0 1", "all", "all");
    assertPassages(gru, batchFirst, 0, 1, "1: 0 1", "all", "all");
    LayerSpec oneWay = recurrent(RecurrentSpec.Kind.RNN, Layout.BATCH_FIRST, Directions.ONE);
    assertPassages(oneWay, batchFirst, 0, 0, "0: 0 1", "not told", "all");
    assertPassages(oneWay, batchFirst, 0, 1, "1: 0 1", "all", "all");
    assertPassages(oneWay, List.of(new Shape(5, 4)), 0, 0, "not told", "all");
    assertPassages(oneWay, List.of(new Shape(5, 4)), 0, 1, "all", "all");
    LayerSpec along = recurrent(RecurrentSpec.Kind.RNN, Layout.LENGTH_FIRST, Directions.ONE);
    assertPassages(along, lengthFirst, 0, 0, "not told", "1: 0 1", "all");
  }

  private static LayerSpec recurrent(
      RecurrentSpec.Kind kind, Layout layout, Directions directions) {
    return new RecurrentSpec(kind, 4, 3, 2, Bias.WITH, layout, 0, directions, 0, "tanh");
  }

  @Test
  void activationsThatMixAnAxis() {
    assertPassages(
        ActivationSpec.of(ActivationSpec.Function.SOFTMAX2D),
        List.of(PICTURE),
        "0: 0 1",
        "1: 0/1/2 0/1/2 0/1/2",
        "2: 0 1 2 3",
        "3: 0 1 2 3 4");
    assertPassages(
        ActivationSpec.along(ActivationSpec.Function.SOFTMAX, -2),
        List.of(PICTURE),
        "0: 0 1",
        "1: 0 1 2",
        "2: 0/1/2/3 0/1/2/3 0/1/2/3 0/1/2/3",
        "3: 0 1 2 3 4");
    assertPassages(
        ActivationSpec.along(ActivationSpec.Function.GLU, 1),
        List.of(new Shape(2, 4, 3, 5)),
        "0: 0 1",
        "not told",
        "2: 0 1 2",
        "3: 0 1 2 3 4");
  }

  /** Which channels a group reads is not told. */
  @Test
  void groupsOfChannels() {
    assertPassages(
        new ChannelShuffleSpec(2),
        List.of(new Shape(2, 4, 3, 5)),
        "0: 0 1",
        "not told",
        "2: 0 1 2",
        "3: 0 1 2 3 4");
    ConvTransposeSpec grouped =
        new ConvTransposeSpec(
            4, 6, new Size(3, 2), new Size(2, 1), Size.ZERO, Size.ZERO, 2, Bias.WITH, Size.ONE);
    assertPassages(
        grouped,
        List.of(new Shape(2, 4, 3, 2)),
        "0: 0 1",
        "not told",
        "2: 0 0 0/1 1 1/2 2 2",
        "3: 0 0/1 1");
    LayerSpec depthwise =
        new ConvSpec(4, 4, Windows.of(new Size(1)), 4, Bias.WITH, PaddingMode.ZEROS);
    assertPassages(depthwise, List.of(new Shape(2, 4, 3)), "0: 0 1", "not told", "2: 0 1 2");
    LayerSpec pointwise = ConvSpec.of(4, 4, Windows.of(new Size(1)));
    assertPassages(pointwise, List.of(new Shape(2, 4, 3)), "0: 0 1", "all", "2: 0 1 2");
    ConvTransposeSpec whole =
        new ConvTransposeSpec(
            4, 6, new Size(3, 2), new Size(2, 1), Size.ZERO, Size.ZERO, 1, Bias.WITH, Size.ONE);
    assertPassages(
        whole,
        List.of(new Shape(2, 4, 3, 2)),
        "0: 0 1",
        "all",
        "2: 0 0 0/1 1 1/2 2 2",
        "3: 0 0/1 1");
  }

  @Test
  void productsAndMeans() {
    List<Shape> factors = List.of(new Shape(2, 3, 4), new Shape(5, 1, 4, 6));
    List<Shape> row = List.of(new Shape(1, 4), new Shape(4, 5));
    assertEquals(Passage.point(0), new MatrixProductSpec().passage(0, row, 0, 0));
    assertPassages(new MatrixProductSpec(), factors, 0, 0, "1: 0 1", "2: 0 1 2", "all");
    assertPassages(
        new MatrixProductSpec(), factors, 1, 0, "0: 0 1 2 3 4", "1: 0 0", "all", "3: 0 1 2 3 4 5");
    assertPassages(
        new MeanSpec(List.of(1, 3), MeanSpec.Axes.DROPPED),
        List.of(PICTURE),
        "0: 0 1",
        "all",
        "1: 0 1 2 3",
        "all");
    assertPassages(
        new MeanSpec(List.of(1, 3), MeanSpec.Axes.KEPT),
        List.of(PICTURE),
        "0: 0 1",
        "1: 0/1/2",
        "2: 0 1 2 3",
        "3: 0/1/2/3/4");
  }

  @Test
  void partsAndOrders() {
    assertPassages(
        new SplitSpec(1, new SplitSpec.Parts.Sizes(List.of(2L, 3L))),
        List.of(new Shape(2, 5, 3)),
        0,
        1,
        "0: 0 1",
        "1: 2 3 4",
        "2: 0 1 2");
    assertPassages(
        new PermuteSpec(List.of(0, 2, 3, 1)),
        List.of(PICTURE),
        "0: 0 1",
        "3: 0 1 2",
        "1: 0 1 2 3",
        "2: 0 1 2 3 4");
  }

  private static void assertPassages(LayerSpec layer, List<Shape> inputs, String... expected) {
    assertPassages(layer, inputs, 0, 0, expected);
  }

  private static void assertPassages(
      LayerSpec layer, List<Shape> inputs, int index, int output, String... expected) {
    Shape input = inputs.get(index);
    Shape made = layer.outputs(inputs).get(output);
    List<String> passages = new ArrayList<>();
    for (int axis = 0; axis < input.dimension(); axis++) {
      Passage passage = layer.passage(axis, inputs, index, output);
      passages.add(text(passage, input.get(axis), made));
    }
    assertEquals(List.of(expected), passages, layer + " of " + inputs);
  }

  private static String text(Passage passage, long size, Shape output) {
    if (passage instanceof Passage.To to) {
      return LongStream.range(0, output.get(to.axis()))
          .mapToObj(o -> positions(to.reads().at(o).within(size)))
          .collect(Collectors.joining(" ", to.axis() + ": ", ""));
    }
    if (passage instanceof Passage.Regrouped grouped) {
      return "as axis " + grouped.axis() + " of " + List.of(shape(grouped.before()));
    }
    return passage.equals(Passage.all()) ? "all" : "not told";
  }

  private static String positions(Reach.Run run) {
    return run.count() == 0
        ? "-"
        : run.positions().sorted().mapToObj(Long::toString).collect(Collectors.joining("/"));
  }

  private static Long[] shape(Shape shape) {
    return LongStream.of(shape.getShape()).boxed().toArray(Long[]::new);
  }
}

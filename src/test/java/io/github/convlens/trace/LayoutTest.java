package io.github.convlens.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.graph.Edge;
import io.github.convlens.graph.Graph;
import io.github.convlens.graph.Module;
import io.github.convlens.graph.Note;
import io.github.convlens.graph.Shaped;
import io.github.convlens.graph.Shapes;
import io.github.convlens.graph.Tree;
import io.github.convlens.layer.Axis;
import io.github.convlens.layer.Bias;
import io.github.convlens.layer.ConcatenationSpec;
import io.github.convlens.layer.ConvSpec;
import io.github.convlens.layer.ConvTransposeSpec;
import io.github.convlens.layer.Convention;
import io.github.convlens.layer.FlattenSpec;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.MeanSpec;
import io.github.convlens.layer.PermuteSpec;
import io.github.convlens.layer.Ratio;
import io.github.convlens.layer.RecurrentSpec;
import io.github.convlens.layer.Size;
import io.github.convlens.layer.SumSpec;
import io.github.convlens.layer.Windows;
import io.github.convlens.notation.PyTorch;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Axes that are moved, joined and split again, against PyTorch 2.13's gradients in float64: {@code
 * permuted.tsv} holds the first and the last input with a gradient other than zero, all weights
 * being positive and LayerNorm, whose statistics do not count, left out.
 */
class LayoutTest {
  private static Trace trace(String notation, Shape input) {
    return Trace.of(PyTorch.parse(notation), input, Convention.TORCHVISION);
  }

  private static Shape shape(String input) {
    return new Shape(Arrays.stream(input.split("x")).mapToLong(Long::parseLong).toArray());
  }

  @ParameterizedTest
  @CsvFileSource(
      resources = "permuted.tsv",
      delimiter = '\t',
      numLinesToSkip = 1,
      maxCharsPerColumn = 1000)
  void seesWhatHasAGradient(
      String input, String notation, String unit, String axisName, long first, long last) {
    Axis axis = Axis.valueOf(axisName.toUpperCase(Locale.ROOT));
    Trace trace = trace(notation, shape(input));
    assertEquals(List.of(), trace.notes());
    List<Row> rows = trace.rows();
    assertEquals(
        last - first + 1, rows.get(rows.size() - 1).receptiveField().on(axis).size(), "the table");
    List<Long> position = Arrays.stream(unit.split(",")).skip(1).map(Long::parseLong).toList();
    Shaped network = Shapes.infer(PyTorch.parse(notation), shape(input));
    Seen seen = Seen.of(network, network.graph().outputs().get(0), position);
    assertTrue(seen.exact());
    assertEquals(first, seen.on(axis).first());
    assertEquals(last, seen.on(axis).last());
  }

  /** Behind a 3x3 convolution everything between the permutations sees 3x3. */
  @Test
  void channelsLastSeesWhatChannelsFirstSees() {
    Trace trace =
        trace(
            "Sequential(Conv2d(1, 4, 3), Permute([0, 2, 3, 1]), LayerNorm(4), Linear(4, 9))",
            new Shape(1, 1, 20, 30));
    for (Row row : trace.rows()) {
      assertEquals(3, row.receptiveField().height().size(), row.notation());
      assertEquals(3, row.receptiveField().width().size(), row.notation());
      assertEquals("1", row.receptiveField().height().stride().toString());
    }
  }

  /** PyTorch's outputs see three rows where 8 became 2x4: ours are said to see all, with a note. */
  @Test
  void whatCannotBeFollowedIsSaid() {
    Trace trace =
        trace("Sequential(Conv2d(1, 1, 3), Unflatten(2, (2, 4)), ReLU())", new Shape(1, 1, 10, 14));
    assertEquals(10, trace.rows().get(2).receptiveField().height().size());
    assertEquals(3, trace.rows().get(2).receptiveField().width().size());
    assertEquals(
        List.of(
            "1: on height the receptive field is not followed through this: each position is said"
                + " to see all that goes in."),
        trace.notes().stream().map(Note::toString).toList());
  }

  /**
   * PyTorch's outputs have no gradient where they are padding, and of patches that were cut off.
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ZeroPad1d((1, 2)) | 0 64 65 | 1 2 63
          ZeroPad1d((-10, 0)), ZeroPad1d((10, 0)) | 0 9 | 10 62
          ZeroPad1d((0, -10)), ZeroPad1d((0, 10)) | 53 62 | 0 52
          ZeroPad1d((1, 2)), Unflatten(1, (6, 1)) | 0 64 65 | 1 63
          """)
  void paddingBetweenPatchesSeesNothing(String padding, String nothing, String patch) {
    String notation = "Sequential(Conv2d(1, 6, 8, stride=8), Flatten(2), " + padding + ")";
    Shape input = new Shape(1, 1, 56, 72);
    Shaped network = Shapes.infer(PyTorch.parse(notation), input);
    Edge end = network.graph().outputs().get(0);
    int before = network.of(end).dimension() - 3;
    for (String place : nothing.split(" ")) {
      Seen seen = Seen.of(network, end, place(before, place));
      assertEquals(new Seen(Axis.of(2), List.of(), true), seen, place);
    }
    for (String place : patch.split(" ")) {
      Seen seen = Seen.of(network, end, place(before, place));
      assertEquals(64, seen.count(input), place);
      assertTrue(seen.exact());
    }
  }

  /** Without a position it is told what any of the elements reads. */
  @Test
  void anyTokenReadsAll() {
    Shape input = new Shape(1, 1, 56, 72);
    Shaped network =
        Shapes.infer(
            PyTorch.parse("Sequential(Conv2d(1, 6, 8, stride=8), Flatten(2), ReLU())"), input);
    Seen seen = Seen.of(network, network.graph().outputs().get(0), List.of());
    assertEquals(56 * 72, seen.count(input));
  }

  /** The position of a token behind so many other axes. */
  private static List<Long> place(int before, String token) {
    return before == 0 ? List.of(Long.parseLong(token)) : List.of(0L, Long.parseLong(token));
  }

  /** (length, batch, features): no axis of it is a sequence's behind channels. */
  @Test
  void aRecurrentNetworkHasNoSpatialAxes() {
    Trace trace = trace("LSTM(10, 20)", new Shape(5, 3, 10));
    assertEquals(List.of(), trace.rows().get(0).receptiveField().axes());
  }

  /** PyTorch's gradients: in one direction a step sees none of those behind it, in both all. */
  @Test
  void aRecurrentNetworkBehindAConvolution() {
    assertEquals(
        List.of(
            "2: on length the receptive field is not followed through this: each position is said"
                + " to see all that goes in."),
        notesOf(RecurrentSpec.Directions.ONE, 9));
    assertEquals(List.of(), notesOf(RecurrentSpec.Directions.BOTH, 9));
  }

  /** The one step sees all that there is, in whatever direction. */
  @Test
  void aRecurrentNetworkOfOneStep() {
    assertEquals(List.of(), notesOf(RecurrentSpec.Directions.ONE, 3));
    assertEquals(List.of(), notesOf(RecurrentSpec.Directions.BOTH, 3));
  }

  private static List<String> notesOf(RecurrentSpec.Directions directions, long length) {
    Graph network =
        Graph.sequential(
            ConvSpec.of(1, 4, Windows.of(new Size(3))),
            new PermuteSpec(List.of(2, 0, 1)),
            new RecurrentSpec(
                RecurrentSpec.Kind.LSTM,
                4,
                3,
                1,
                Bias.WITH,
                RecurrentSpec.Layout.LENGTH_FIRST,
                0,
                directions,
                0,
                "tanh"));
    Trace trace = Trace.of(network, new Shape(2, 1, length), Convention.TORCHVISION);
    assertEquals(length, trace.rows().get(2).receptiveField().on(Axis.LENGTH).size());
    Seen seen = Seen.of(trace.network(), trace.network().graph().outputs().get(0), List.of());
    assertEquals(length == 3 || directions == RecurrentSpec.Directions.BOTH, seen.exact());
    return trace.notes().stream().map(Note::toString).toList();
  }

  /** Each output reads one position, in 1031 different ways. */
  @Test
  void tooManyPhasesAreSaid() {
    Trace trace =
        trace("Sequential(Upsample(size=1031), ReLU(), Conv1d(1, 1, 3))", new Shape(1, 1, 1030));
    assertEquals(1030, trace.rows().get(0).receptiveField().on(Axis.LENGTH).size());
    assertEquals(
        List.of(
            "0: on length the receptive field is not followed through this: each position is said"
                + " to see all that goes in."),
        trace.notes().stream().map(Note::toString).toList());
    Trace fewer = trace("Upsample(size=1024)", new Shape(1, 1, 1023));
    assertEquals(1, fewer.rows().get(0).receptiveField().on(Axis.LENGTH).size());
    assertEquals(List.of(), fewer.notes());
  }

  /** PyTorch's gradients: the padding cuts off the first and the last of six positions. */
  @Test
  void whatIsCutOffIsNotSeen() {
    Graph network = Graph.sequential(holes(1), new MeanSpec(List.of(2), MeanSpec.Axes.DROPPED));
    Trace trace = Trace.of(network, new Shape(1, 1, 6), Convention.TORCHVISION);
    ReceptiveField.OnAxis field = trace.rows().get(1).receptiveField().on(Axis.LENGTH);
    assertEquals(new ReceptiveField.OnAxis(4, Ratio.of(0), 1), field);
  }

  /** Output 2i sees position i here and i, i + 1 there; the others see nothing here. */
  @Test
  void placesThatSeeNothingLieNowhere() {
    Graph.Builder builder = new Graph.Builder();
    Edge x = builder.input("x");
    Windows halved = Windows.of(new Size(1)).withStride(new Size(2));
    Edge half = builder.call(new Module("half", ConvSpec.of(1, 1, halved)), x);
    Edge wide = builder.call(new Module("holes", holes(0)), half);
    Edge pairs = builder.call(new Module("pairs", ConvSpec.of(1, 1, Windows.of(new Size(2)))), x);
    Edge sum = builder.apply("", new SumSpec(), List.of(wide, pairs));
    Graph network = builder.build(List.of(sum), new Tree("Net", "", List.of()));
    Trace trace = Trace.of(network, new Shape(1, 1, 8), Convention.TORCHVISION);
    assertEquals(
        List.of(
            "what meets here does not lie at the same place of the input: on the mean input 2 lies"
                + " 0.5 positions behind input 1."),
        trace.notes().stream().map(Note::toString).toList());
  }

  /**
   * x + x.transpose(2, 3): both axes lie on either, so that each position is said to see all.
   * PyTorch's gradients: output (2, 5) sees (2, 5) and (5, 2).
   */
  @Test
  void whatMeetsItsTransposeIsNotFollowed() {
    Trace square = transposedSum(new Shape(1, 1, 9, 9));
    assertEquals(9, square.rows().get(2).receptiveField().height().size());
    assertEquals(9, square.rows().get(2).receptiveField().width().size());
    assertEquals(
        "on height, width the receptive field is not followed through this: each position is said to"
            + " see all that goes in.",
        square.notes().get(0).toString());
  }

  /** A token of all that is joined to those of the patches reads all; PyTorch's gradients. */
  @Test
  void aPooledTokenBesideOthersIsNotFollowed() {
    Graph.Builder builder = new Graph.Builder();
    Edge x = builder.input("x");
    Edge mean = builder.apply("", new MeanSpec(List.of(2, 3), MeanSpec.Axes.KEPT), List.of(x));
    Edge whole = builder.apply("", new FlattenSpec(2, 3), List.of(mean));
    Edge parts = builder.apply("", new FlattenSpec(2, 3), List.of(x));
    Edge tokens = builder.apply("", new ConcatenationSpec(2), List.of(whole, parts));
    Graph network = builder.build(List.of(tokens), new Tree("Net", "", List.of()));
    Shape input = new Shape(1, 2, 3, 4);
    Seen seen = Seen.of(Shapes.infer(network, input), tokens, List.of(0L));
    assertEquals(12, seen.count(input));
    assertFalse(seen.exact());
  }

  private static Trace transposedSum(Shape input) {
    Graph.Builder builder = new Graph.Builder();
    Edge x =
        builder.call(
            new Module("conv", ConvSpec.of(1, 1, Windows.of(Size.square(1)))), builder.input("x"));
    Edge transposed = builder.apply("", new PermuteSpec(List.of(0, 1, 3, 2)), List.of(x));
    Edge sum = builder.apply("", new SumSpec(), List.of(x, transposed));
    Graph network = builder.build(List.of(sum), new Tree("Net", "", List.of()));
    return Trace.of(network, input, Convention.TORCHVISION);
  }

  /** {@code ConvTranspose1d(1, 1, 1, stride=2, padding=padding)}. */
  private static LayerSpec holes(long padding) {
    return new ConvTransposeSpec(
        1, 1, new Size(1), new Size(2), new Size(padding), new Size(0), 1, Bias.WITH, new Size(1));
  }

  /** Of outputs that repeat in two kinds the one that is there counts; PyTorch's gradients. */
  @Test
  void outputsThatAreNotThereSeeNothing() {
    String pooled = ", AdaptiveAvgPool1d(1)";
    Shape input = new Shape(1, 1, 6);
    Trace all = trace("ConvTranspose1d(1, 1, 3, stride=2, padding=1)" + pooled, input);
    assertEquals(6, all.rows().get(1).receptiveField().fields().get(0).size());
    Trace inner = trace("ConvTranspose1d(1, 1, 1, stride=2, padding=1)" + pooled, input);
    assertEquals(4, inner.rows().get(1).receptiveField().fields().get(0).size());
    assertEquals(1, inner.rows().get(1).receptiveField().fields().get(0).start());
  }
}

package io.github.convlens.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.RecurrentSpec.Directions;
import io.github.convlens.layer.RecurrentSpec.Layout;
import io.github.convlens.layer.UpsampleSpec.Corners;
import io.github.convlens.layer.UpsampleSpec.Mode;
import io.github.convlens.layer.UpsampleSpec.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** On both sides of each condition, where PyTorch 2.13 takes one and refuses the other. */
class BordersTest {
  private static final Windows WINDOW = Windows.of(new Size(3, 2));
  private static final LayerSpec UNSHUFFLE =
      new PixelShuffleSpec(PixelShuffleSpec.Direction.TO_CHANNELS, 2);

  private static void rejects(Executable call, String... lines) {
    ShapeException e = assertThrows(ShapeException.class, call);
    assertEquals(String.join("\n", lines), e.getMessage());
  }

  private static void makes(LayerSpec layer, Shape output, Shape... inputs) {
    assertEquals(output, layer.outputs(List.of(inputs)).get(0), layer.toString());
  }

  /** Whatever is asked of a layer for pictures, a sequence is no picture. */
  @Test
  void layersForPicturesRefuseSequences() {
    Shape sequence = new Shape(2, 4, 8);
    List<LayerSpec> layers =
        List.of(
            ConvSpec.of(4, 6, WINDOW),
            ConvSpec.of(0, 6, WINDOW),
            WindowCountTest.transposed(3, 2, 1, 1, 1),
            new ConvTransposeSpec(
                0, 6, Size.ONE, Size.ONE, Size.ZERO, Size.ZERO, 1, Bias.WITH, Size.ONE),
            AdaptivePoolSpec.globalAverage(),
            AvgPoolSpec.of(new Size(3, 2)),
            MaxPoolSpec.of(new Size(3, 2)),
            new LpPoolSpec(2, WINDOW, Rounding.FLOOR),
            new BlurSpec(WINDOW),
            new PixelShuffleSpec(2),
            UNSHUFFLE,
            new PadSpec(PaddingMode.ZEROS, 0, 1, 2, 3, 4),
            new UpsampleSpec(Target.to(new Size(7, 9)), Mode.NEAREST, Corners.EDGES));
    String[] message = {
      "the input must be a picture (batch, channels, height, width).",
      "It has 3 axes: [2, 4, 8].",
      "Give the input its batch and channels, too; behind a Flatten or Linear, put an"
          + " Unflatten between."
    };
    for (LayerSpec layer : layers) {
      assertEquals(2, layer.spatialAxes(), layer.toString());
      rejects(() -> layer.output(sequence), message);
      rejects(() -> layer.reach(Axis.WIDTH, sequence), message);
      if (layer.windows().isPresent() || layer instanceof ConvTransposeSpec) {
        rejects(() -> layer.formula(Axis.WIDTH, sequence), message);
      }
      if (layer.type().startsWith("Lazy")) {
        rejects(() -> layer.resolve(sequence), message);
      }
    }
    rejects(
        () -> AvgPoolSpec.of(new Size(2, 2, 2)).output(new Shape(1, 1, 2, 2)),
        "the input must be a volume (batch, channels, depth, height, width).",
        "It has 4 axes: [1, 1, 2, 2].",
        "Give the input its batch and channels, too; behind a Flatten or Linear, put an"
            + " Unflatten between.");
  }

  @Test
  void lazyLayersAnswerForTheirInput() {
    LayerSpec conv = ConvSpec.of(0, 6, WINDOW);
    makes(conv, new Shape(2, 6, 5, 4), new Shape(2, 3, 7, 5));
    assertEquals(6 * 3 * 3 * 2 * 5 * 4 * 2, conv.macs(new Shape(2, 3, 7, 5)));
    LayerSpec transposed =
        new ConvTransposeSpec(
            0, 6, new Size(3, 2), new Size(2, 1), Size.ZERO, Size.ZERO, 1, Bias.WITH, Size.ONE);
    makes(transposed, new Shape(2, 6, 15, 6), new Shape(2, 3, 7, 5));
    assertEquals(Optional.of(new Size(3, 2)), transposed.taps());
    assertEquals(
        Optional.of("(7 - 1) x 2 + 3 + 0 - 2 x 0 = 15"),
        transposed.formula(Axis.HEIGHT, new Shape(2, 3, 7, 5)));
    assertEquals(Optional.of(new Size(3, 2)), conv.taps());
    assertEquals(
        Optional.of("floor((5 + 0 + 0 - 2) / 1) + 1 = 4"),
        conv.formula(Axis.WIDTH, new Shape(2, 3, 7, 5)));
    assertEquals(
        Optional.of("floor((7 + 0 + 0 - 3) / 3) + 1 = 2"),
        MaxPoolSpec.of(new Size(3, 2)).formula(Axis.HEIGHT, new Shape(2, 3, 7, 5)));
  }

  /** MaxPool1d(3, 2) of 6, MaxPool1d(2, 3, 1) of 4 and MaxPool1d(1, 2) of 2, with ceil_mode. */
  @Test
  void whatCeilAddsAndWhatItDrops() {
    assertEquals(
        "ceil((6 + 0 + 0 - 3) / 2) + 1 = 3", Window.of(3, 2, 0, 1).explain(6, Rounding.CEIL));
    assertEquals(
        "ceil((4 + 1 + 1 - 2) / 3) + 1 - 1 (a window must not start behind the input) = 2",
        Window.of(2, 3, 1, 1).explain(4, Rounding.CEIL));
    assertEquals(
        "ceil((2 + 0 + 0 - 1) / 2) + 1 - 1 (a window must not start behind the input) = 1",
        Window.of(1, 2, 0, 1).explain(2, Rounding.CEIL));
    assertEquals(3, Windows.of(new Size(3, 2)).outputSize(Axis.HEIGHT, 5, Rounding.FLOOR));
    assertEquals(5, Windows.of(new Size(3, 1)).outputSize(Axis.WIDTH, 5, Rounding.FLOOR));
  }

  /** A pool's padding goes up to half of its kernel, which the remedy knows. */
  @Test
  void aPoolIsToldNoPaddingThatItCannotHave() {
    LayerSpec half = new MaxPoolSpec(Windows.of(new Size(4, 4)), Rounding.FLOOR);
    rejects(
        () -> half.output(new Shape(1, 1, 1, 9)),
        "height: the kernel does not fit.",
        "It spans 4 but the padded input is 1 (input 1 + padding 0 + 0).",
        "Use padding >= 2, kernel <= 1, or an input of at least 4 here.");
    LayerSpec odd = new MaxPoolSpec(Windows.of(new Size(5, 5)), Rounding.FLOOR);
    rejects(
        () -> odd.output(new Shape(1, 1, 9, 1)),
        "width: the kernel does not fit.",
        "It spans 5 but the padded input is 1 (input 1 + padding 0 + 0).",
        "Use padding >= 2, kernel <= 1, or an input of at least 5 here.");
  }

  @Test
  void averagesWhosePrintDoesNotShowCeilMode() {
    AvgPoolSpec unshown =
        new AvgPoolSpec(
            Windows.of(new Size(2, 2)).withStride(new Size(2, 2)),
            Rounding.UNSHOWN,
            AvgPoolSpec.Divisor.PADDED,
            OptionalLong.empty());
    assertEquals(
        Optional.of(
            "a print of AvgPool2d does not show ceil_mode. It is taken to be False, which makes"
                + " [1, 3, 2, 3]; with ceil_mode=True it is [1, 3, 3, 3]. Write ceil_mode=True or"
                + " ceil_mode=False to be exact."),
        unshown.assumption(new Shape(1, 3, 5, 6)));
    assertEquals(Optional.empty(), unshown.assumption(new Shape(1, 3, 4, 6)));
    AvgPoolSpec floor = unshown.resolve(new Shape(1, 3, 5, 6));
    assertEquals(Rounding.FLOOR, floor.rounding());
    assertEquals(Optional.empty(), floor.assumption(new Shape(1, 3, 5, 6)));
  }

  @Test
  void batchNormsTakeWhatPyTorchTakes() {
    LayerSpec one = batchNorm(BatchNormSpec.Kind.ONE);
    makes(one, new Shape(2, 4), new Shape(2, 4));
    makes(one, new Shape(2, 4, 3), new Shape(2, 4, 3));
    rejects(
        () -> one.output(new Shape(4)),
        "the input must be (batch, channels), or (batch, channels, length).",
        "It has one axis: [4].",
        "Put the batch axis in front of the input: 1x4 here.");
    rejects(
        () -> one.output(new Shape(2, 4, 3, 3)),
        "the input must be a sequence (batch, channels, length).",
        "It has 4 axes: [2, 4, 3, 3].",
        "Use an input of three axes, or the layer for as many.");
    LayerSpec sync = batchNorm(BatchNormSpec.Kind.SYNC);
    makes(sync, new Shape(2, 4), new Shape(2, 4));
    makes(sync, new Shape(2, 4, 3, 3, 3), new Shape(2, 4, 3, 3, 3));
    rejects(
        () -> sync.output(new Shape(4)),
        "the input needs a channel axis.",
        "It is [4].",
        "Use an input (batch, channels, ...).");
    rejects(
        () -> sync.output(new Shape(0, 4)),
        "the input's sizes must be at least 1.",
        "It is [0, 4].",
        "Use 1 or more on every axis.");
  }

  private static LayerSpec batchNorm(BatchNormSpec.Kind kind) {
    return new BatchNormSpec(
        kind, 4, 1e-5, OptionalDouble.of(0.1), Affine.NONE, Statistics.RUNNING);
  }

  /** How many axes a layer is for (0: any), and how many channels. */
  @Test
  void axesAndChannels() {
    Map<String, String> answers = new TreeMap<>();
    List<LayerSpec> layers = new ArrayList<>(EveryKindTest.LAYERS);
    for (BatchNormSpec.Kind kind : BatchNormSpec.Kind.values()) {
      layers.add(batchNorm(kind));
    }
    layers.add(UNSHUFFLE);
    layers.add(new LocalResponseNormSpec(LocalResponseNormSpec.Kind.CROSS_MAP, 5, 1e-4, 0.75, 1));
    layers.add(ConvSpec.of(0, 4, Windows.of(new Size(1, 1, 1))));
    for (LayerSpec layer : layers) {
      String channels =
          layer.inputChannels().isPresent() ? layer.inputChannels().getAsLong() + "" : "any";
      answers.put(layer.type(), layer.spatialAxes() + " " + channels);
    }
    answers.values().removeIf("0 any"::equals);
    assertEquals(
        "{AdaptiveAvgPool2d=2 any, AvgPool2d=2 any, BatchNorm1d=0 4, BatchNorm2d=2 4,"
            + " BatchNorm3d=3 4, Conv2d=2 4, ConvTranspose2d=2 2, CrossMapLRN2d=2 any, GroupNorm=0"
            + " 4, InstanceNorm2d=2 4, LPPool2d=2 any, LazyConv3d=3 any, MaxPool2d=2 any,"
            + " PixelShuffle=2 any, PixelUnshuffle=2 any, ReflectionPad2d=2 any, SyncBatchNorm=0 4,"
            + " Upsample=2 any, blur=2 any}",
        answers.toString());
  }

  /** The first axis is not a batch that could be put in front, or is no batch afterwards. */
  @Test
  void batchAxes() {
    List<LayerSpec> asGiven = new ArrayList<>();
    for (LayerSpec layer : EveryKindTest.LAYERS) {
      if (layer.takesShapeAsGiven()) {
        asGiven.add(layer);
        assertEquals(true, layer.keepsBatchAxis(), layer.toString());
      }
    }
    assertEquals(
        "[Embedding(10, 3), MultiheadAttention(8, 2, batch_first=True), GRU(4, 3,"
            + " batch_first=True)]",
        asGiven.toString());
    assertEquals(true, batchNorm(BatchNormSpec.Kind.ONE).takesShapeAsGiven());
    assertEquals(false, batchNorm(BatchNormSpec.Kind.TWO).takesShapeAsGiven());
    List<LayerSpec> moving =
        List.of(
            new ConcatenationSpec(0),
            new SplitSpec(0, new SplitSpec.Parts.Chunks(2)),
            new UnflattenSpec(0, List.of(2L, -1L)),
            new FlattenSpec(0, -1),
            new MeanSpec(List.of(), MeanSpec.Axes.DROPPED),
            new MeanSpec(List.of(1, 0), MeanSpec.Axes.DROPPED),
            new PermuteSpec(List.of(1, 0, 2)),
            new PermuteSpec(List.of()));
    for (LayerSpec layer : moving) {
      assertEquals(false, layer.keepsBatchAxis(), layer.toString());
      assertEquals(true, layer.takesShapeAsGiven(), layer.toString());
    }
  }

  @Test
  void ordersAndMeans() {
    makes(new PermuteSpec(List.of(0, -1, 1)), new Shape(2, 5, 3), new Shape(2, 3, 5));
    rejects(
        () -> new PermuteSpec(List.of(0, 1, 3)),
        "dims must name every axis once.",
        "Here they are [0, 1, 3].",
        "Use an order of the axes, such as [0, 2, 3, 1].");
    rejects(
        () -> new PermuteSpec(List.of(0, 1, -4)),
        "dims must name every axis once.",
        "Here they are [0, 1, -4].",
        "Use an order of the axes, such as [0, 2, 3, 1].");
    makes(new MeanSpec(List.of(), MeanSpec.Axes.DROPPED), new Shape(), new Shape(2, 3));
    makes(new MeanSpec(List.of(), MeanSpec.Axes.KEPT), new Shape(1, 1), new Shape(2, 3));
    assertEquals(
        "[0, 1]", new MeanSpec(List.of(), MeanSpec.Axes.DROPPED).over(new Shape(2, 3)).toString());
    makes(new MatrixProductSpec(), new Shape(3, 5), new Shape(3, 4), new Shape(4, 5));
    makes(new SplitSpec(1, new SplitSpec.Parts.Chunks(2)), new Shape(2, 3, 5), new Shape(2, 5, 5));
    assertEquals(
        new Shape(2, 3, 5),
        new SplitSpec(1, new SplitSpec.Parts.Chunks(2)).output(new Shape(2, 5, 5)));
    assertEquals(new Shape(2, 5, 5), ConcatenationSpec.OF_CHANNELS.output(new Shape(2, 5, 5)));
  }

  @Test
  void layersOfSeveralInputsRefuseOne() {
    rejects(
        () -> new MatrixProductSpec().output(new Shape(2, 3)),
        "a matrix product takes two inputs.",
        "Here there is one.",
        "Give it two.");
    rejects(
        () -> new AttentionSpec().output(new Shape(2, 3, 4)),
        "attention takes queries, keys and values (batch, tokens, features).",
        "Here they are [2, 3, 4].",
        "Use queries and keys of as many features, and keys and values of as many tokens.");
    rejects(
        () -> attention().output(new Shape(2, 3, 4)),
        "MultiheadAttention takes a query, keys and values.",
        "Here there is one input.",
        "Give it three; in a Sequential it cannot stand.");
    rejects(
        () -> new FitSpec(FitSpec.How.CROP).output(new Shape(2, 3, 4)),
        "crop takes an array, and one of as many axes that has the sizes.",
        "Here they are [2, 3, 4].",
        "Give it two pictures.");
    assertEquals("attention", new AttentionSpec().type());
    assertEquals("crop(like)", new FitSpec(FitSpec.How.CROP).toString());
    assertEquals("attention()", new AttentionSpec().toString());
  }

  private static LayerSpec attention() {
    return new MultiheadAttentionSpec(4, 2, 0, Bias.WITH, 5, 6, Layout.BATCH_FIRST);
  }

  @Test
  void attentionOfOtherSizes() {
    Shape query = new Shape(2, 3, 4);
    makes(attention(), query, query, new Shape(2, 7, 5), new Shape(2, 7, 6));
    rejects(
        () ->
            attention()
                .outputs(List.of(new Shape(2, 3, 5), new Shape(2, 7, 5), new Shape(2, 7, 6))),
        "the query must have three axes, the last one of embed_dim.",
        "embed_dim is 4 and the input is [2, 3, 5].",
        "Use a last axis of 4.");
    rejects(
        () -> attention().outputs(List.of(query, new Shape(2, 7, 4), new Shape(2, 7, 6))),
        "the keys must have three axes, the last one of kdim.",
        "kdim is 5 and the input is [2, 7, 4].",
        "Use a last axis of 5.");
    rejects(
        () -> attention().outputs(List.of(query, new Shape(2, 7, 5), new Shape(2, 7, 5))),
        "the values must have three axes, the last one of vdim.",
        "vdim is 6 and the input is [2, 7, 5].",
        "Use a last axis of 6.");
  }

  @Test
  void fittedToAnotherInput() {
    LayerSpec crop = new FitSpec(FitSpec.How.CROP);
    makes(crop, new Shape(2, 3, 4, 2), new Shape(2, 3, 4, 5), new Shape(1, 1, 4, 2));
    rejects(
        () -> crop.outputs(List.of(new Shape(2, 3, 4, 5), new Shape(1, 1, 4, 6))),
        "width: there is less than what is to be cropped.",
        "It has 5 and 6 are wanted.",
        "Use a larger input.");
    LayerSpec tokens = new FitSpec(FitSpec.How.TOKENS);
    makes(tokens, new Shape(2, 5, 7), new Shape(2, 7, 5), new Shape(2, 9, 7));
    rejects(
        () -> tokens.outputs(List.of(new Shape(2, 1, 5), new Shape(2, 9))),
        "tokens are laid out as a picture of as many positions.",
        "Here they are [2, 1, 5] and [2, 9].",
        "Give it (batch, height x width, channels) and the picture.");
    LayerSpec rows = new FitSpec(FitSpec.How.ROWS);
    makes(rows, new Shape(6, 5), new Shape(6, 5), new Shape(6, 4));
    rejects(
        () -> rows.outputs(List.of(new Shape(1), new Shape(1, 4))),
        "rows are put as the second input has them.",
        "Here they are [1] and [1, 4].",
        "Give it as many rows.");
    rejects(
        () -> rows.outputs(List.of(new Shape(1, 4), new Shape(1))),
        "rows are put as the second input has them.",
        "Here they are [1, 4] and [1].",
        "Give it as many rows.");
  }

  @Test
  void parametersOfAFunction() {
    LayerSpec unknown = new LearnedSpec(LearnedSpec.Operation.PREPEND, List.of(1L, 1L, -1L));
    assertEquals("cat", unknown.type());
    assertEquals("cat(parameter(1, 1, -1))", unknown.toString());
    assertEquals("cat(parameter(1, 1, 8))", unknown.resolve(new Shape(2, 4, 8)).toString());
    LayerSpec first = new LearnedSpec(LearnedSpec.Operation.ADD, List.of(-1L, -1L, -1L));
    assertEquals("add(parameter(1, 4, 8))", first.resolve(new Shape(4, 8)).toString());
    assertEquals("add(parameter(2, 4, 8))", first.resolve(new Shape(2, 4, 8)).toString());
    Map<LearnedSpec.Operation, String> counts = new TreeMap<>();
    for (LearnedSpec.Operation operation : LearnedSpec.Operation.values()) {
      LayerSpec layer = new LearnedSpec(operation, List.of(3L, 4L));
      counts.put(operation, layer.weights() + " " + layer.biases());
    }
    assertEquals("{MULTIPLY=12 0, ADD=0 12, PREPEND=0 12, PROJECT=12 0}", counts.toString());
    rejects(
        () -> new LearnedSpec(LearnedSpec.Operation.ADD, List.of(3L, 0L)),
        "a size must be at least 1.",
        "Here it is 0.",
        "Use a size=1 or more.");
    rejects(
        () -> new LearnedSpec(LearnedSpec.Operation.ADD, List.of(3L)).output(new Shape(2, 4)),
        "the inputs of a sum must have the same shape.",
        "They are [2, 4] and [3].",
        "Use a 1x1 Conv2d with the same stride as the shortcut, or a padding that keeps the size.");
    rejects(
        () -> new LearnedSpec(LearnedSpec.Operation.MULTIPLY, List.of(3L)).output(new Shape(2, 4)),
        "the inputs of a product must have equal sizes, or 1, on every axis.",
        "They are [2, 4] and [3].",
        "Keep the axes of what is averaged or flattened (1x1), or use equal sizes.");
  }

  /** 2 layers of GRU(4, 3): 3 x 3 x (4 + 3) and 3 x 3 x (3 + 3) products in each step. */
  @Test
  void recurrentLayers() {
    LayerSpec gru = gru(Layout.LENGTH_FIRST);
    assertEquals(new Shape(5, 2, 3), gru.output(new Shape(5, 2, 4)));
    assertEquals((63 + 54) * 10, gru.macs(new Shape(5, 2, 4)));
    rejects(
        () -> gru.output(new Shape(5, 2, 3)),
        "the input must be (length, batch, input_size).",
        "input_size is 4 and the input is [5, 2, 3].",
        "Use an input of three axes whose last one is 4, or of two, (length, input_size), for one"
            + " sequence.");
    rejects(
        () -> gru(Layout.BATCH_FIRST).output(new Shape(5, 2, 3)),
        "the input must be (batch, length, input_size).",
        "input_size is 4 and the input is [5, 2, 3].",
        "Use an input of three axes whose last one is 4, or of two, (length, input_size), for one"
            + " sequence.");
    rejects(
        () -> gru.outputs(List.of()),
        "the layer takes one input.",
        "Here there are 0.",
        "Join them first, by adding or concatenating, or give it one of them.");
    makes(gru, new Shape(5, 2, 3), new Shape(5, 2, 4), new Shape(2, 2, 3));
    rejects(
        () -> gru.output(new Shape(0, 2, 4)),
        "the input's sizes must be at least 1.",
        "It is [0, 2, 4].",
        "Use 1 or more on every axis.");
  }

  private static LayerSpec gru(Layout layout) {
    return new RecurrentSpec(
        RecurrentSpec.Kind.GRU, 4, 3, 2, Bias.WITH, layout, 0, Directions.ONE, 0, "tanh");
  }

  @Test
  void groupsThatWouldDo() {
    rejects(
        () -> new ConvSpec(720, 720, WINDOW, 7, Bias.WITH, PaddingMode.ZEROS),
        "groups must divide both channel counts.",
        "Here in_channels is 720, out_channels is 720 and groups is 7.",
        "Use one of groups=1, 2, 3, 4, 5, 6, 8, 9.");
    rejects(
        () -> new ConvSpec(4, 4, WINDOW, 3, Bias.WITH, PaddingMode.ZEROS),
        "groups must divide both channel counts.",
        "Here in_channels is 4, out_channels is 4 and groups is 3.",
        "Use one of groups=1, 2, 4.");
  }

  @Test
  void probabilitiesFromZeroToOne() {
    assertEquals("Dropout(p=0.0)", new DropoutSpec(DropoutSpec.Unit.ELEMENT, 0).toString());
    assertEquals("Dropout(p=1.0)", new DropoutSpec(DropoutSpec.Unit.ELEMENT, 1).toString());
    rejects(
        () -> new LayerNormSpec(List.of(4L, 0L), 1e-5, Affine.NONE),
        "normalized_shape must be at least 1.",
        "Here it is 0.",
        "Use normalized_shape=1 or more.");
  }

  /** As Python's repr has it. */
  @Test
  void numbersAsPythonWritesThem() {
    List<String> written = new ArrayList<>();
    for (double number : new double[] {1e-4, 9.5e-4, 1.5e-5, 1e15, 1e16, 1.25e17, -1e-5}) {
      written.add(ScaleSpec.times(number).toString());
    }
    assertEquals(
        "[mul(0.0001), mul(0.00095), mul(1.5e-05), mul(1000000000000000.0), mul(1e+16),"
            + " mul(1.25e+17), mul(-1e-05)]",
        written.toString());
    assertEquals(
        "Upsample(scale_factor=(0.0002, 2.0))",
        new UpsampleSpec(new Target.By(2e-4, 2), Mode.NEAREST, Corners.EDGES).toString());
  }

  /** In doubles 49 x (1 / 49.0) is less than 1, and so is 5 x 0.19999999999999998. */
  @Test
  void factorsThatAreNoWholeNumbers() {
    Target.By odd = new Target.By(List.of(1 / 49.0));
    assertEquals(1, odd.size(Axis.LENGTH, 50));
    rejects(
        () -> odd.size(Axis.LENGTH, 49),
        "length: nothing is left of the picture.",
        "The input is 49 and its factor is 0.02040816326530612.",
        "Use a larger factor, or an input of at least 50 here.");
    Target.By fifth = new Target.By(List.of(Math.nextDown(0.2)));
    assertEquals(1, fifth.size(Axis.LENGTH, 6));
    rejects(
        () -> fifth.size(Axis.LENGTH, 5),
        "length: nothing is left of the picture.",
        "The input is 5 and its factor is 0.19999999999999998.",
        "Use a larger factor, or an input of at least 6 here.");
    rejects(
        () -> new Target.By(List.of(0x1p63)).size(Axis.LENGTH, 1),
        "length: the numbers are too large.",
        "The input is 1 and its factor is 9.223372036854776E18; the product passes 2^53, where"
            + " doubles leave whole numbers out.",
        "Use a smaller input, or a whole number as factor.");
    Target.By half = new Target.By(List.of(0.5));
    assertEquals(1, half.size(Axis.LENGTH, 3));
    assertEquals((1L << 53) - 1, half.size(Axis.LENGTH, (1L << 54) - 2));
    rejects(
        () -> half.size(Axis.LENGTH, 1L << 54),
        "length: the numbers are too large.",
        "The input is 18014398509481984 and its factor is 0.5; the product passes 2^53, where"
            + " doubles leave whole numbers out.",
        "Use a smaller input, or a whole number as factor.");
    rejects(
        () -> new Target.By(List.of(0x1p-53)).size(Axis.LENGTH, 1),
        "length: nothing is left of the picture.",
        "The input is 1 and its factor is 1.1102230246251565E-16.",
        "Use a larger factor.");
  }

  /** {@code F.pad} of 0 1 2 3 by three at both ends; circular by four. */
  @Test
  void whatStandsInThePadding() {
    assertEquals("3 2 1 0 1 2 3 2 1 0", padded(PaddingMode.REFLECT, 3));
    assertEquals("0 0 0 0 1 2 3 3 3 3", padded(PaddingMode.REPLICATE, 3));
    assertEquals("0 1 2 3 0 1 2 3 0 1 2 3", padded(PaddingMode.CIRCULAR, 4));
    assertEquals("- 0 1 2 3 -", padded(PaddingMode.ZEROS, 1));
  }

  private static String padded(PaddingMode mode, long padding) {
    List<String> row = new ArrayList<>();
    for (long position = -padding; position < 4 + padding; position++) {
      OptionalLong source = mode.source(position, 4);
      row.add(source.isPresent() ? Long.toString(source.getAsLong()) : "-");
    }
    return String.join(" ", row);
  }

  @Test
  void aSizeThatIsNoMultiple() {
    ShapeException small =
        assertThrows(ShapeException.class, () -> UNSHUFFLE.output(new Shape(1, 1, 1, 4)));
    assertEquals(OptionalLong.of(2), small.neededInput());
    ShapeException odd =
        assertThrows(ShapeException.class, () -> UNSHUFFLE.output(new Shape(1, 1, 4, 3)));
    assertEquals(OptionalLong.empty(), odd.neededInput(), "a larger one need not do");
  }

  @Test
  void stepsOverTheInputReadNothing() {
    assertEquals(Reach.Run.NONE, new Reach.Run(-1, 6, 2, 0, 1).within(3));
    assertEquals(Reach.Run.NONE, new Reach.Run(5, -6, 2, 0, 1).within(3));
    assertEquals(Reach.Run.of(0, 1, 1), new Reach.Run(0, 1, 1, 0, 1).within(1));
  }

  /** Where a message was made is where it is thrown from, whatever is added to it. */
  @Test
  void aLongerMessageKeepsItsPlace() {
    ShapeException made = ShapeException.of("a", "b", "c.");
    StackTraceElement[] place = made.getStackTrace();
    assertEquals(List.of(place), List.of(longer(made).getStackTrace()));
  }

  private static ShapeException longer(ShapeException made) {
    return made.on(Axis.WIDTH);
  }

  @Test
  void sizesAreKeys() {
    assertEquals(new Size(3, 5).hashCode(), new Size(3, 5).hashCode());
    assertEquals(
        3,
        List.of(new Size(3), new Size(3, 5), new Size(5, 3)).stream()
            .map(Size::hashCode)
            .distinct()
            .count());
  }

  /** As {@code x.chunk(3, 1)} and {@code x.split} do; -1 stands for what is left, at least 1. */
  @Test
  void partsOfAnAxis() {
    SplitSpec.Parts thirds = new SplitSpec.Parts.Chunks(3);
    assertEquals(List.of(3L, 3L, 1L), thirds.of(7));
    assertEquals(List.of(2L, 2L), thirds.of(4));
    assertEquals(List.of(2L, 2L, 2L), thirds.of(6));
    SplitSpec.Parts restBehind = new SplitSpec.Parts.Sizes(List.of(2L, -1L));
    assertEquals(List.of(2L, 3L), restBehind.of(5));
    assertEquals(List.of(2L, 1L), restBehind.of(3));
    rejects(
        () -> restBehind.of(2),
        "the sizes of a split must make up the axis.",
        "They are [2, -1] and the axis has 2.",
        "Use sizes whose sum is 2.");
    SplitSpec.Parts restInFront = new SplitSpec.Parts.Sizes(List.of(-1L, 2L));
    assertEquals(List.of(3L, 2L), restInFront.of(5));
    SplitSpec.Parts whole = new SplitSpec.Parts.Sizes(List.of(2L, 3L));
    assertEquals(List.of(2L, 3L), whole.of(5));
    rejects(
        () -> whole.of(6),
        "the sizes of a split must make up the axis.",
        "They are [2, 3] and the axis has 6.",
        "Use sizes whose sum is 6.");
  }

  @Test
  void normsOfTheWrongSizes() {
    rejects(
        () -> instanceNorm(4, Affine.SCALE_AND_SHIFT).output(new Shape(2, 5, 3, 3)),
        "the input has the wrong number of channels.",
        "num_features is 4 but the input has 5: [2, 5, 3, 3].",
        "Use num_features=5, or an input of 4 channels.");
    makes(instanceNorm(4, Affine.NONE), new Shape(2, 5, 3, 3), new Shape(2, 5, 3, 3));
    assertEquals(0, instanceNorm(0, Affine.NONE).parameters());
    assertEquals(OptionalLong.empty(), instanceNorm(0, Affine.NONE).inputChannels());
    rejects(
        () -> instanceNorm(0, Affine.SCALE).weights(),
        "a lazy layer takes its channels from its input.",
        "LazyInstanceNorm2d has not seen an input yet, so its parameters are not known.",
        "Call resolve(input) first.");
    rejects(
        () -> new RmsNormSpec(List.of(4L, 0L), OptionalDouble.empty(), Affine.NONE),
        "normalized_shape must be at least 1.",
        "Here it is 0.",
        "Use normalized_shape=1 or more.");
    rejects(
        () -> new ChannelShuffleSpec(2).output(new Shape(2, 4, 0)),
        "the input's sizes must be at least 1.",
        "It is [2, 4, 0].",
        "Use 1 or more on every axis.");
  }

  private static LayerSpec instanceNorm(long features, Affine affine) {
    return new InstanceNormSpec(
        2, features, 1e-5, OptionalDouble.of(0.1), affine, Statistics.INPUT);
  }

  @Test
  void printedAsPyTorchPrintsThem() {
    assertEquals(
        "Embedding(10, 3, padding_idx=8, max_norm=1.5)",
        new EmbeddingSpec(10, 3, OptionalLong.of(-2), OptionalDouble.of(1.5)).toString());
    Windows pair = Windows.of(new Size(2)).withStride(new Size(2));
    assertEquals(
        "LPPool1d(norm_type=1000000000000000.0, kernel_size=2)",
        new LpPoolSpec(1e15, pair, Rounding.FLOOR).toString());
    assertEquals(
        "LPPool1d(norm_type=2.5, kernel_size=2)",
        new LpPoolSpec(2.5, pair, Rounding.FLOOR).toString());
    BlurSpec blur = new BlurSpec(WINDOW.withStride(new Size(2, 2)));
    assertEquals("blur", blur.type());
    assertEquals(Rounding.FLOOR, blur.rounding());
    assertEquals("blur(kernel_size=(3, 2), stride=2)", blur.toString());
  }

  @Test
  void whatFvcoreDoesNotCount() {
    Shape tokens = new Shape(2, 3, 4);
    LayerSpec attention = new MultiheadAttentionSpec(4, 2, 0, Bias.WITH, 4, 4, Layout.BATCH_FIRST);
    assertEquals(
        Optional.of(
            "counted as with need_weights=True; otherwise fvcore leaves out the products of"
                + " queries, keys and values."),
        Convention.FVCORE.remark(attention, List.of(tokens, tokens, tokens)));
    assertEquals(
        Optional.of("fvcore does not know this operation and counts nothing for it."),
        Convention.FVCORE.remark(gru(Layout.LENGTH_FIRST), List.of(tokens)));
  }
}

package io.github.convlens.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.ProcessorTime;
import io.github.convlens.layer.AdaptivePoolSpec;
import io.github.convlens.layer.Bias;
import io.github.convlens.layer.ConvSpec;
import io.github.convlens.layer.ConvTransposeSpec;
import io.github.convlens.layer.Convention;
import io.github.convlens.layer.FlattenSpec;
import io.github.convlens.layer.IdentitySpec;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.MaxPoolSpec;
import io.github.convlens.layer.PaddingMode;
import io.github.convlens.layer.PixelShuffleSpec;
import io.github.convlens.layer.Rounding;
import io.github.convlens.layer.ShapeException;
import io.github.convlens.layer.Size;
import io.github.convlens.layer.UpsampleSpec;
import io.github.convlens.layer.Windows;
import io.github.convlens.trace.Trace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a user reads when a network cannot take an input, and which inputs it can take. */
class HintsTest {
  private static final LayerSpec DILATED =
      ConvSpec.of(16, 32, Windows.of(Size.square(3)).withDilation(Size.square(2)));

  private static final AdaptivePoolSpec.Reduction MEAN = AdaptivePoolSpec.Reduction.AVERAGE;

  /** Three layers that halve: 33, 17, 9, 5. */
  private static final Nets.Part HALVING =
      Nets.seq(
          Nets.conv(3, 8, 3, 2, 1), Nets.conv(8, 12, 3, 2, 1), Nets.conv(12, 16, 3, 2, 1), DILATED);

  private static String message(Object net, long... input) {
    return assertThrows(ShapeException.class, () -> trace(net, input)).getMessage();
  }

  private static Trace trace(Object net, long... input) {
    return Trace.of(Nets.graph(net), new Shape(input), Convention.TORCHVISION);
  }

  private static OptionalLong smallest(Object net, long channels) {
    return SmallestInput.square(Nets.graph(net), new Shape(1, channels, 1, 1));
  }

  @Test
  void theSizeAtTheNetworksInput() {
    assertEquals(
        """
        layer 3, Conv2d(16, 32, kernel_size=(3, 3), dilation=(2, 2)), height: the kernel does not fit.
        It spans 5 (dilation 2 x (kernel 3 - 1) + 1) but the padded input is 3 (input 3 + padding 0 + 0).
        Use padding >= 1, dilation 1, or an input of at least 5 here (33 at the network's input).\
        """,
        message(HALVING, 1, 3, 20, 40));
  }

  @Test
  void theOtherAxisStaysAsItIs() {
    assertEquals(
        """
        layer 3, Conv2d(16, 32, kernel_size=(3, 3), dilation=(2, 2)), width: the kernel does not fit.
        It spans 5 (dilation 2 x (kernel 3 - 1) + 1) but the padded input is 3 (input 3 + padding 0 + 0).
        Use padding >= 1, dilation 1, or an input of at least 5 here (33 at the network's input).\
        """,
        message(HALVING, 2, 3, 33, 17));
    assertEquals(new Shape(2, 32, 1, 1), trace(HALVING, 2, 3, 33, 33).output());
  }

  @Test
  void theWholeNetworkNeedsMoreThanTheLayerThatFails() {
    Object net = Nets.seq(HALVING, Nets.conv(32, 4, 3, 1, 0));
    assertEquals(
        """
        layer 0.3, Conv2d(16, 32, kernel_size=(3, 3), dilation=(2, 2)), height: the kernel does not fit.
        It spans 5 (dilation 2 x (kernel 3 - 1) + 1) but the padded input is 3 (input 3 + padding 0 + 0).
        Use padding >= 1, dilation 1, or an input of at least 5 here \
        (33 at the network's input, 49 for the whole network).\
        """,
        message(net, 1, 3, 20, 20));
    assertEquals(OptionalLong.of(49), smallest(net, 3));
  }

  @Test
  void theFirstLayerFails() {
    Object net = Nets.seq(Nets.conv(3, 8, 7, 1, 0), Nets.maxPool(2, 2, 0));
    assertEquals(
        """
        layer 0, Conv2d(3, 8, kernel_size=(7, 7)), width: the kernel does not fit.
        It spans 7 but the padded input is 4 (input 4 + padding 0 + 0).
        Use padding >= 2, kernel <= 4, or an input of at least 7 here (8 for the whole network).\
        """,
        message(net, 1, 3, 9, 4));
  }

  @Test
  void aSingleLayerNeedsNoHint() {
    assertEquals(
        """
        Conv2d(3, 8, kernel_size=(7, 7)), width: the kernel does not fit.
        It spans 7 but the padded input is 4 (input 4 + padding 0 + 0).
        Use padding >= 2, kernel <= 4, or an input of at least 7 here.\
        """,
        message(Nets.conv(3, 8, 7, 1, 0), 1, 3, 9, 4));
  }

  @Test
  void noInputIsLargeEnoughBehindAFixedSize() {
    Object net = Nets.seq(AdaptivePoolSpec.globalAverage(), Nets.conv(3, 8, 2, 1, 0));
    assertEquals(
        """
        layer 1, Conv2d(3, 8, kernel_size=(2, 2)), height: the kernel does not fit.
        It spans 2 but the padded input is 1 (input 1 + padding 0 + 0).
        Use padding >= 1, kernel <= 1, or an input of at least 2 here.\
        """,
        message(net, 1, 3, 9, 40));
    assertEquals(OptionalLong.empty(), smallest(net, 3));
  }

  @Test
  void aBlockWhoseBranchesDisagreeIsNamedInOneLine() {
    Object block = Nets.residual(Nets.conv(3, 8, 3, 2, 1), new IdentitySpec());
    Object net = Nets.seq(Nets.named("body", block));
    assertEquals(
        """
        layer body, add(): the inputs of a sum must have the same shape.
        They are [1, 8, 5, 7] and [1, 3, 9, 13].
        Use a 1x1 Conv2d with the same stride as the shortcut, or a padding that keeps the size.\
        """,
        message(net, 1, 3, 9, 13));
  }

  @Test
  void numbersPast63BitsAreAMessage() {
    long most = Long.MAX_VALUE / 4;
    Object net = Nets.seq(Nets.relu(), Nets.conv(1, 5, 3, 1, 1));
    assertEquals(
        """
        layer 1, Conv2d(1, 5, kernel_size=(3, 3), padding=(1, 1)): the numbers are too large.
        A size, a parameter count or a number of multiply-adds passes 2^63 - 1.
        Use smaller sizes.\
        """,
        message(net, 1, 1, most / 1000, 1000));
    Object wide = Nets.seq(Nets.conv(1, most, 5, 1, 2));
    assertEquals(
        """
        layer 0, Conv2d(1, %d, kernel_size=(5, 5), padding=(2, 2)): the numbers are too large.
        A size, a parameter count or a number of multiply-adds passes 2^63 - 1.
        Use smaller sizes.\
        """
            .formatted(most),
        message(wide, 1, 1, 8, 9));
  }

  /** Two halvings and two doublings meet the input again at multiples of four only. */
  @Test
  void branchesThatMeetAtSomeSizesOnly() {
    Object around =
        Nets.seq(Nets.maxPool(2, 2, 0), Nets.maxPool(2, 2, 0), doubling(3, 5), doubling(5, 3));
    Object net = Nets.seq(Nets.concat(new IdentitySpec(), around), Nets.conv(6, 2, 7, 1, 0));
    assertEquals(OptionalLong.of(8), smallest(net, 3));
  }

  @Test
  void aSizeAtWhichTheBranchesMeet() {
    Object around =
        Nets.seq(Nets.maxPool(2, 2, 0), Nets.maxPool(2, 2, 0), doubling(3, 5), doubling(5, 3));
    Object unet =
        Nets.seq(
            Nets.named("skip", Nets.concat(new IdentitySpec(), around)),
            Nets.named("head", Nets.conv(6, 2, 1, 1, 0)));
    assertEquals(
        """
        layer skip, concat(): branches must agree on every axis but the channels.
        They are [2, 3, 30, 41] and [2, 3, 28, 40].
        Use the same stride in all branches, and padding that keeps their sizes equal \
        (or an input of 32x44 to the network).\
        """,
        message(unet, 2, 3, 30, 41));
  }

  @Test
  void aReductionThatLeavesNothing() {
    LayerSpec quarter =
        new UpsampleSpec(
            new UpsampleSpec.Target.By(0.25, 0.5),
            UpsampleSpec.Mode.NEAREST,
            UpsampleSpec.Corners.EDGES);
    Object net = Nets.seq(Nets.maxPool(2, 2, 0), quarter);
    assertEquals(
        """
        layer 1, Upsample(scale_factor=(0.25, 0.5)), height: nothing is left of the picture.
        The input is 3 and its factor is 0.25.
        Use a larger factor, or an input of at least 4 here (8 at the network's input).\
        """,
        message(net, 1, 3, 7, 9));
  }

  @Test
  void theSizeThatALinearIsMadeFor() {
    assertEquals(
        """
        layer 7, Linear(in_features=400, out_features=120): the input's last axis must be in_features.
        in_features is 400 but the last axis is 576: [1, 576].
        Use in_features=576, or an input of 400 features (or an input of 28x28 to the network).\
        """,
        message(Nets.lenet(), 1, 1, 32, 32));
  }

  /** No size of the picture makes its channels right. */
  @Test
  void channelsAreNotMendedBySizes() {
    Object net = Nets.seq(Nets.conv(3, 8, 3, 1, 1), Nets.conv(9, 5, 3, 1, 1));
    assertEquals(
        """
        layer 1, Conv2d(9, 5, kernel_size=(3, 3), padding=(1, 1)): the input has the wrong number of channels.
        in_channels is 9 but the input has 8: [1, 8, 12, 17].
        Use in_channels=8, or an input of 9 channels.\
        """,
        message(net, 1, 3, 12, 17));
  }

  private static LayerSpec doubling(long in, long out) {
    return new ConvTransposeSpec(
        in, out, Size.square(2), Size.square(2), Size.ZERO, Size.ZERO, 1, Bias.WITH, Size.ONE);
  }

  @Test
  void aLinearTakesOneSizeOnly() {
    assertEquals(OptionalLong.of(28), smallest(Nets.lenet(), 1));
  }

  @Test
  @Tag("large")
  void everySmallestInputIsSmallest() {
    int checked = 0;
    for (long kernel = 1; kernel <= 4; kernel++) {
      for (long stride = 1; stride <= 5; stride++) {
        for (Rounding rounding : List.of(Rounding.FLOOR, Rounding.CEIL)) {
          for (long padding = 0; padding <= kernel / 2; padding++) {
            LayerSpec pool = new MaxPoolSpec(Nets.window(kernel, stride, padding), rounding);
            Object net = Nets.seq(pool, Nets.conv(1, 2, 2, 2, 0), pool, reflecting(kernel));
            long smallest = smallest(net, 1).orElseThrow();
            assertEquals(firstThatPasses(Nets.graph(net)), smallest, Nets.graph(net).toString());
            checked++;
          }
        }
      }
    }
    assertEquals(80, checked);
  }

  private static LayerSpec reflecting(long padding) {
    return new ConvSpec(2, 3, Nets.window(2, 1, padding), 1, Bias.WITHOUT, PaddingMode.REFLECT);
  }

  private static long firstThatPasses(Graph net) {
    long size = 1;
    while (true) {
      try {
        Shapes.infer(net, new Shape(1, 1, size, size));
        return size;
      } catch (ShapeException e) {
        size++;
      }
    }
  }

  /** The prefix keeps passing, so each attempt goes through all layers; and no size helps. */
  @Test
  @Tag("large")
  void aHintIsGivenUpInTime() {
    List<LayerSpec> layers = new ArrayList<>(List.of(Nets.conv(1, 1, 3, 2, 1)));
    for (int i = 0; i < 50_000; i++) {
      layers.add(Nets.relu());
    }
    layers.add(new AdaptivePoolSpec(MEAN, OptionalLong.of(2), OptionalLong.of(3)));
    layers.add(Nets.conv(1, 1, 4, 1, 0));
    Object net = Nets.seq(layers);
    String message =
        ProcessorTime.assertUnder(Duration.ofSeconds(4), () -> message(net, 1, 1, 12, 50));
    assertEquals(
        """
        layer 50002, Conv2d(1, 1, kernel_size=(4, 4)), height: the kernel does not fit.
        It spans 4 but the padded input is 2 (input 2 + padding 0 + 0).
        Use padding >= 1, kernel <= 2, or an input of at least 4 here.\
        """,
        message);
  }

  @Test
  void hugeSizesAreNotSearched() {
    Object net =
        Nets.seq(
            new AdaptivePoolSpec(MEAN, OptionalLong.empty(), OptionalLong.of(3)),
            Nets.conv(1, 1, 4, 1, 0));
    assertEquals(
        """
        layer 1, Conv2d(1, 1, kernel_size=(4, 4)), width: the kernel does not fit.
        It spans 4 but the padded input is 3 (input 3 + padding 0 + 0).
        Use padding >= 1, kernel <= 3, or an input of at least 4 here.\
        """,
        message(net, 1, 1, 5, Long.MAX_VALUE));
  }

  @Test
  void aHintForADeepNetworkIsFoundInTime() {
    List<LayerSpec> layers = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      layers.add(Nets.conv(1, 1, 3, 1, 0));
    }
    Object net = Nets.seq(layers);
    assertEquals(OptionalLong.of(4001), smallest(net, 1));
    assertEquals(
        """
        layer 5, Conv2d(1, 1, kernel_size=(3, 3)), height: the kernel does not fit.
        It spans 3 but the padded input is 2 (input 2 + padding 0 + 0).
        Use padding >= 1, kernel <= 2, or an input of at least 3 here \
        (13 at the network's input, 4001 for the whole network).\
        """,
        message(net, 1, 1, 12, 5000));
  }

  /** Behind the first layer the height needs 5 + 2, the width 9; only the height is too small. */
  @Test
  void eachAxisNeedsItsOwn() {
    Object net =
        Nets.seq(
            ConvSpec.of(1, 1, Windows.of(new Size(5, 1))),
            ConvSpec.of(1, 1, Windows.of(new Size(3, 9))));
    assertEquals(
        """
        layer 0, Conv2d(1, 1, kernel_size=(5, 1)), height: the kernel does not fit.
        It spans 5 but the padded input is 4 (input 4 + padding 0 + 0).
        Use padding >= 1, kernel <= 4, or an input of at least 5 here (7 for the whole network).\
        """,
        message(net, 1, 1, 4, 4));
  }

  @Test
  void noSizeForTheWholeNetwork() {
    Object net =
        Nets.seq(
            Nets.conv(1, 1, 5, 1, 0), AdaptivePoolSpec.globalAverage(), Nets.conv(1, 1, 3, 1, 0));
    assertEquals(
        """
        layer 0, Conv2d(1, 1, kernel_size=(5, 5)), height: the kernel does not fit.
        It spans 5 but the padded input is 4 (input 4 + padding 0 + 0).
        Use padding >= 1, kernel <= 4, or an input of at least 5 here.\
        """,
        message(net, 1, 1, 4, 4));
  }

  /** Multiples of 2, 4, 8, .. 64 are tried before squares from 1 on. */
  @Test
  void theNextMultipleOfSixtyFour() {
    Object net =
        Nets.seq(Nets.relu(), new PixelShuffleSpec(PixelShuffleSpec.Direction.TO_CHANNELS, 64));
    assertEquals(
        """
        layer 1, PixelUnshuffle(64), height: the size must be a multiple of downscale_factor.
        downscale_factor is 64 but the input has 65.
        Use an input of 128 here (or an input of 128x192 to the network).\
        """,
        message(net, 1, 1, 65, 190));
  }

  private static final Note OF_ALL = Note.assumption("its children run in order.", "Say so.", "");
  private static final Note OF_BLOCK = Note.assumption("the block is guessed.", "block");
  private static final Note OF_INNER = Note.assumption("the inner is guessed.", "block.inner");

  /** The notes are about a network whose block.inner.conv does not fit. */
  private static String remedy(Note... notes) {
    Graph.Builder builder = new Graph.Builder();
    Edge x = builder.input("x");
    Edge stem = builder.call(new Module("stem", Nets.conv(1, 1, 3, 1, 0)), x);
    Edge inner = builder.call(new Module("block.inner.conv", Nets.conv(1, 1, 5, 1, 0)), stem);
    Edge end = builder.call(new Module("blockade", Nets.relu()), inner);
    for (Note note : notes) {
      builder.note(note);
    }
    Graph graph = builder.build(List.of(end), new Tree("Net", "", List.of()));
    ShapeException e =
        assertThrows(ShapeException.class, () -> Shapes.infer(graph, new Shape(1, 1, 6, 6)));
    return e.getMessage().lines().skip(2).collect(Collectors.joining("\n"));
  }

  /** The innermost class around the failure for which something was assumed, in any order. */
  @Test
  void theClosestAssumptionIsTheCause() {
    String inner =
        "The likely cause is what was assumed: block.inner: the inner is guessed (7 at the"
            + " network's input).";
    assertEquals(inner, remedy(OF_ALL, OF_BLOCK, OF_INNER));
    assertEquals(inner, remedy(OF_INNER, OF_BLOCK, OF_ALL));
    assertEquals(
        "The likely cause is what was assumed: block: the block is guessed (7 at the network's"
            + " input).",
        remedy(OF_ALL, OF_BLOCK));
    Note elsewhere = Note.assumption("another is guessed.", "bloc");
    assertEquals(
        "The likely cause is what was assumed: its children run in order (7 at the network's"
            + " input).\nSay so.",
        remedy(OF_ALL, elsewhere));
    assertEquals(
        "The likely cause is what was assumed: bloc: another is guessed (7 at the network's"
            + " input).",
        remedy(elsewhere));
    Note exact = Note.assumption("the layer is guessed.", "block.inner.conv");
    assertEquals(
        "The likely cause is what was assumed: block.inner.conv: the layer is guessed (7 at the"
            + " network's input).",
        remedy(exact, OF_INNER));
  }

  @Test
  void whatRunsBehindIsNoCause() {
    String plain =
        "Use padding >= 1, kernel <= 4, or an input of at least 5 here (7 at the network's input).";
    assertEquals(plain, remedy());
    assertEquals(plain, remedy(Note.assumption("it is guessed.", "blockade")));
    assertEquals(plain, remedy(Note.remark("it is slow.", "block")));
  }

  /** An assumption on a class is none on how many inputs there are. */
  @Test
  void inputsThatAreTooManyAreNoFaultOfAnAssumption() {
    Graph.Builder builder = new Graph.Builder();
    Edge end = builder.call(new Module("block.conv", Nets.conv(1, 1, 3, 1, 0)), builder.input("x"));
    builder.note(OF_BLOCK);
    Graph graph = builder.build(List.of(end), new Tree("Net", "", List.of()));
    List<Shape> two = List.of(new Shape(1, 1, 6, 6), new Shape(1, 1, 6, 6));
    assertEquals(
        """
        the network takes one input.
        Here there are 2.
        Give a shape for each.\
        """,
        assertThrows(ShapeException.class, () -> Shapes.infer(graph, two)).getMessage());
  }

  /** No size up to 2^30 is missed, and none beyond is tried. */
  @Test
  void theLargestSize() {
    long largest = 1L << 30;
    assertEquals(OptionalLong.of(largest), smallestRow(Nets.seq(longConv(largest))));
    assertEquals(OptionalLong.empty(), smallestRow(Nets.seq(longConv(largest + 1))));
    String use = "Use padding >= 1, kernel <= 536870911, or an input of at least 536870912 here";
    Object halved = Nets.seq(longPool(), longConv(largest / 2));
    assertEquals(
        use + " (1073741824 at the network's input).",
        lastLine(message(halved, 1, 1, largest - 1)));
    Object tooLong = Nets.seq(longPool(), Nets.relu(), longConv(largest / 2 + 1));
    assertEquals(
        "Use padding >= 1, kernel <= 536870912, or an input of at least 536870913 here.",
        lastLine(message(tooLong, 1, 1, largest)));
  }

  private static OptionalLong smallestRow(Object net) {
    return SmallestInput.square(Nets.graph(net), new Shape(1, 1, 1));
  }

  private static LayerSpec longConv(long kernel) {
    return ConvSpec.of(1, 1, Windows.of(new Size(kernel)));
  }

  private static LayerSpec longPool() {
    return new MaxPoolSpec(Windows.of(new Size(2)).withStride(new Size(2)), Rounding.FLOOR);
  }

  private static String lastLine(String message) {
    return message.substring(message.lastIndexOf('\n') + 1);
  }

  /** Where no window asks for more, 1024 sizes are tried. */
  @Test
  void sizesThatAreTried() {
    assertEquals(OptionalLong.of(1024), smallest(flattened(1024), 1));
    assertEquals(OptionalLong.empty(), smallest(flattened(1025), 1));
  }

  private static Object flattened(long side) {
    return Nets.seq(FlattenSpec.ALL, Nets.linear(side * side, 2));
  }
}

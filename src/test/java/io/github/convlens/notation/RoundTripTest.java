package io.github.convlens.notation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.convlens.graph.Graph;
import io.github.convlens.graph.Nets;
import io.github.convlens.graph.Tree;
import io.github.convlens.layer.ActivationSpec;
import io.github.convlens.layer.AdaptivePoolSpec;
import io.github.convlens.layer.Affine;
import io.github.convlens.layer.AvgPoolSpec;
import io.github.convlens.layer.BatchNormSpec;
import io.github.convlens.layer.Bias;
import io.github.convlens.layer.ChannelShuffleSpec;
import io.github.convlens.layer.ConvSpec;
import io.github.convlens.layer.ConvTransposeSpec;
import io.github.convlens.layer.DropoutSpec;
import io.github.convlens.layer.EmbeddingSpec;
import io.github.convlens.layer.FlattenSpec;
import io.github.convlens.layer.GroupNormSpec;
import io.github.convlens.layer.IdentitySpec;
import io.github.convlens.layer.InstanceNormSpec;
import io.github.convlens.layer.LayerNormSpec;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.LinearSpec;
import io.github.convlens.layer.LocalResponseNormSpec;
import io.github.convlens.layer.LpPoolSpec;
import io.github.convlens.layer.MaxPoolSpec;
import io.github.convlens.layer.MultiheadAttentionSpec;
import io.github.convlens.layer.PReluSpec;
import io.github.convlens.layer.PadSpec;
import io.github.convlens.layer.Padding;
import io.github.convlens.layer.PaddingMode;
import io.github.convlens.layer.PermuteSpec;
import io.github.convlens.layer.PixelShuffleSpec;
import io.github.convlens.layer.RecurrentSpec;
import io.github.convlens.layer.RmsNormSpec;
import io.github.convlens.layer.Rounding;
import io.github.convlens.layer.ShapeException;
import io.github.convlens.layer.Size;
import io.github.convlens.layer.Statistics;
import io.github.convlens.layer.UnflattenSpec;
import io.github.convlens.layer.UpsampleSpec;
import io.github.convlens.layer.Windows;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What is printed is read back as the same value. */
class RoundTripTest {
  private static final Rounding[] SHOWN = {Rounding.FLOOR, Rounding.CEIL};

  private static final Pattern RECURRENT = Pattern.compile("\\b(RNN|LSTM|GRU)\\(");

  private final Random random = new Random(20261123);
  private int axes = 2;
  private final List<Supplier<LayerSpec>> leaves =
      List.of(
          this::convolution,
          this::transposed,
          this::maxPool,
          this::avgPool,
          this::adaptive,
          this::pad,
          () -> new FlattenSpec(number(-4, 3), number(-4, 3)),
          () ->
              new UnflattenSpec(
                  number(-3, 3), number(0, 1) == 0 ? List.of(3L) : List.of(2L, -1L, 5L)),
          () -> new LinearSpec(number(0, 9), number(1, 9), any(Bias.values())),
          this::batchNorm,
          this::instanceNorm,
          () -> new GroupNormSpec(2, 2L * number(1, 4), real(), any(Affine.values())),
          () ->
              new LayerNormSpec(
                  number(0, 1) == 0 ? List.of(3L) : List.of(2L, 5L), real(), any(Affine.values())),
          () ->
              new LocalResponseNormSpec(
                  any(LocalResponseNormSpec.Kind.values()), number(1, 9), real(), real(), real()),
          () -> new DropoutSpec(any(DropoutSpec.Unit.values()), random.nextDouble()),
          IdentitySpec::new,
          () -> new PixelShuffleSpec(any(PixelShuffleSpec.Direction.values()), number(1, 5)),
          () -> new ChannelShuffleSpec(number(1, 5)),
          () -> new PermuteSpec(number(0, 1) == 0 ? List.of(0, 2, 1) : List.of(0, -1, 1, 2)),
          this::lpPool,
          this::recurrent,
          () -> new EmbeddingSpec(number(1, 9), number(1, 9)),
          () -> new RmsNormSpec(List.of(9L), OptionalDouble.of(0.001), Affine.SCALE),
          () -> new RmsNormSpec(List.of(2L, 3L), OptionalDouble.empty(), Affine.NONE),
          this::attention,
          () -> new PReluSpec(number(1, 5), real()),
          this::upsample,
          this::activation);

  @Test
  void everyNetworkReadsBackAsItself() {
    int checked = 0;
    Set<String> types = new HashSet<>();
    while (checked < 5_000) {
      try {
        Graph network = Nets.graph(part(3));
        String text = network.toString();
        Graph read = PyTorch.parse(text);
        assertEquals(network.tree(), read.tree(), text);
        assertEquals(text, read.toString());
        if (text.contains("MyBlock(")) { // with flattens that a class's forward may call
          assertEquals(List.copyOf(network.modules()), List.copyOf(read.modules()), text);
        } else {
          assertEquals(network, read, text);
        }
        collect(network.tree(), types);
        checked++;
      } catch (ShapeException e) {
        continue; // numbers that no layer takes
      }
    }
    Set<String> all = new HashSet<>(PyTorch.names());
    all.removeAll(types);
    assertEquals(
        Set.of(
            "UpsamplingNearest2d",
            "UpsamplingBilinear2d",
            "NonDynamicallyQuantizableLinear",
            "QuantStub",
            "DeQuantStub",
            "_LinearWithBias"),
        all);
    assertTrue(types.contains("MyBlock"));
  }

  private static void collect(Tree tree, Set<String> types) {
    types.add(tree.simpleType());
    tree.children().forEach(child -> collect(child, types));
  }

  private Object part(int depth) {
    return switch (depth == 0 ? 0 : number(0, 5)) {
      case 1 -> {
        List<Object> children = children(depth, number(0, 3));
        boolean tuples = RECURRENT.matcher(children.toString()).find(); // which no layer takes
        yield tuples ? new IdentitySpec() : Nets.seq(children);
      }
      case 2 -> Nets.concat(children(depth, number(1, 3)).toArray());
      case 3 -> Nets.residual(part(depth - 1), part(depth - 1));
      case 4 -> Nets.module("MyBlock", children(depth, number(1, 3)).toArray());
      default -> {
        axes = number(1, 3);
        yield leaves.get(random.nextInt(leaves.size())).get();
      }
    };
  }

  private List<Object> children(int depth, int count) {
    List<Object> children = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String name = any(new String[] {"conv" + i, Integer.toString(i), "a b-" + i});
      children.add(Nets.named(name, part(depth - 1)));
    }
    return children;
  }

  private LayerSpec convolution() {
    int groups = number(1, 3);
    return new ConvSpec(
        (long) groups * number(0, 3),
        (long) groups * number(1, 3),
        window(padding()),
        groups,
        any(Bias.values()),
        any(PaddingMode.values()));
  }

  private LayerSpec transposed() {
    int groups = number(1, 3);
    return new ConvTransposeSpec(
        (long) groups * number(0, 3),
        (long) groups * number(1, 3),
        size(1),
        size(1),
        size(0),
        size(0),
        groups,
        any(Bias.values()),
        size(1));
  }

  private LayerSpec maxPool() {
    return new MaxPoolSpec(window(poolPadding()), any(SHOWN));
  }

  private LayerSpec avgPool() {
    return new AvgPoolSpec(
        window(poolPadding()).withDilation(Size.all(axes, 1)),
        any(SHOWN),
        any(AvgPoolSpec.Divisor.values()),
        axes == 1 || number(0, 1) == 0 ? OptionalLong.empty() : OptionalLong.of(number(1, 9)));
  }

  private LayerSpec adaptive() {
    List<OptionalLong> sizes = new ArrayList<>();
    for (int i = 0; i < axes; i++) {
      sizes.add(number(0, 3) == 0 ? OptionalLong.empty() : OptionalLong.of(number(1, 3)));
    }
    return new AdaptivePoolSpec(any(AdaptivePoolSpec.Reduction.values()), sizes);
  }

  private LayerSpec lpPool() {
    Windows window = Windows.of(size(1)).withStride(size(1));
    double norm = number(0, 1) == 0 ? number(1, 4) : real();
    return new LpPoolSpec(norm, window, any(SHOWN));
  }

  private LayerSpec pad() {
    PaddingMode mode = any(PaddingMode.values());
    double value = mode == PaddingMode.ZEROS && number(0, 1) == 0 ? real() : 0;
    return new PadSpec(mode, value, size(-1), size(-1));
  }

  private LayerSpec batchNorm() {
    BatchNormSpec.Kind kind = any(BatchNormSpec.Kind.values());
    return new BatchNormSpec(
        kind,
        number(kind == BatchNormSpec.Kind.SYNC ? 1 : 0, 9),
        real(),
        momentum(),
        any(Affine.values()),
        any(Statistics.values()));
  }

  private LayerSpec instanceNorm() {
    return new InstanceNormSpec(
        axes, number(0, 9), real(), momentum(), any(Affine.values()), any(Statistics.values()));
  }

  private OptionalDouble momentum() {
    return number(0, 3) == 0 ? OptionalDouble.empty() : OptionalDouble.of(real());
  }

  private LayerSpec recurrent() {
    RecurrentSpec.Kind kind = any(RecurrentSpec.Kind.values());
    return new RecurrentSpec(
        kind,
        number(1, 9),
        number(4, 9),
        number(1, 3),
        any(Bias.values()),
        any(RecurrentSpec.Layout.values()),
        random.nextDouble(),
        any(RecurrentSpec.Directions.values()),
        kind == RecurrentSpec.Kind.LSTM ? number(0, 3) : 0,
        kind == RecurrentSpec.Kind.RNN ? any(new String[] {"tanh", "relu"}) : "tanh");
  }

  private LayerSpec attention() {
    return new MultiheadAttentionSpec(
        6,
        number(1, 3),
        random.nextDouble(),
        any(Bias.values()),
        number(1, 6),
        number(1, 6),
        any(RecurrentSpec.Layout.values()));
  }

  private LayerSpec upsample() {
    UpsampleSpec.Target target =
        number(0, 1) == 0
            ? new UpsampleSpec.Target.To(size(1))
            : new UpsampleSpec.Target.By(List.of(real(), number(0, 1) == 0 ? 2 : real()));
    return new UpsampleSpec(
        target,
        any(UpsampleSpec.Mode.values()),
        any(UpsampleSpec.Corners.values()),
        any(UpsampleSpec.Scale.values()));
  }

  private LayerSpec activation() {
    ActivationSpec.Function function = any(ActivationSpec.Function.values());
    List<Double> numbers = new ArrayList<>();
    for (int i = 0; i < function.parameters().size(); i++) {
      numbers.add(real());
    }
    numbers.sort(null);
    if (!function.hasAxis()) {
      return new ActivationSpec(function, numbers);
    }
    boolean none = function != ActivationSpec.Function.GLU && number(0, 3) == 0;
    return new ActivationSpec(
        function, numbers, none ? OptionalInt.empty() : OptionalInt.of(number(-3, 3)));
  }

  private Windows window(Padding padding) {
    return new Windows(size(1), size(1), padding, size(1));
  }

  private Padding padding() {
    return switch (number(0, 3)) {
      case 0 -> any(Padding.Automatic.values());
      case 1 -> new Padding.Explicit(size(0), size(0));
      case 2 -> Padding.Explicit.symmetric(size(0));
      default -> Padding.none(axes);
    };
  }

  /** PyTorch's pools take no words, ConvLens's take ONNX's two. */
  private Padding poolPadding() {
    Padding padding = padding();
    boolean isPyTorchs = padding == Padding.Automatic.SAME || padding == Padding.Automatic.VALID;
    return isPyTorchs ? Padding.Automatic.SAME_UPPER : padding;
  }

  private Size size(int least) {
    long[] numbers = new long[axes];
    for (int i = 0; i < axes; i++) {
      numbers[i] = number(least, 4);
    }
    return new Size(numbers);
  }

  /** Numbers of all magnitudes, as they would be written and as they would not. */
  private double real() {
    return switch (number(0, 3)) {
      case 0 -> number(1, 9) / 4.0;
      case 1 -> random.nextDouble() * Math.pow(10, number(-20, 20));
      case 2 -> Math.pow(10, number(-12, 22));
      default -> 1e-5;
    };
  }

  private int number(int from, int to) {
    return from + random.nextInt(to - from + 1);
  }

  private <T> T any(T[] values) {
    return values[random.nextInt(values.length)];
  }
}

package io.github.convlens.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import ai.djl.ndarray.types.Shape;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What holds for each kind of layer; a kind that is missing here fails. */
class EveryKindTest {
  /** A layer of somebody else's. */
  private record Halved() implements CustomSpec {
    @Override
    public String type() {
      return "Halved";
    }

    @Override
    public Shape output(Shape input) {
      return Axis.LENGTH.with(input, Axis.LENGTH.of(input) / 2);
    }
  }

  private static final Windows WINDOW = Windows.of(new Size(3, 2));

  static final List<LayerSpec> LAYERS =
      List.of(
          ActivationSpec.of(ActivationSpec.Function.RELU),
          AdaptivePoolSpec.globalAverage(),
          new AttentionSpec(),
          AvgPoolSpec.of(new Size(3, 2)),
          BatchNormSpec.of(4),
          new BlurSpec(WINDOW),
          new ChannelShuffleSpec(2),
          ConcatenationSpec.OF_CHANNELS,
          ConvSpec.of(4, 6, WINDOW),
          WindowCountTest.transposed(3, 2, 1, 1, 1),
          new Halved(),
          new DropoutSpec(DropoutSpec.Unit.CHANNEL, 0.3),
          new EmbeddingSpec(10, 3),
          new FitSpec(FitSpec.How.NEAREST),
          FlattenSpec.ALL,
          new GroupNormSpec(2, 4, 1e-5, Affine.NONE),
          new IdentitySpec(),
          new InstanceNormSpec(2, 4, 1e-5, OptionalDouble.of(0.1), Affine.NONE, Statistics.INPUT),
          new LayerNormSpec(List.of(4L), 1e-5, Affine.SCALE),
          new LearnedSpec(LearnedSpec.Operation.ADD, List.of(4L)),
          new LinearSpec(4, 3, Bias.WITH),
          new LocalResponseNormSpec(5, 1e-4, 0.75, 1),
          new LpPoolSpec(2, WINDOW, Rounding.FLOOR),
          new MatrixProductSpec(),
          MaxPoolSpec.of(new Size(3, 2)),
          new MeanSpec(List.of(2), MeanSpec.Axes.KEPT),
          new MultiheadAttentionSpec(8, 2, 0, Bias.WITH, 8, 8, RecurrentSpec.Layout.BATCH_FIRST),
          new PadSpec(PaddingMode.REFLECT, 0, 1, 2, 3, 4),
          new PReluSpec(1, 0.25),
          new PermuteSpec(List.of(0, 2, 1)),
          new PixelShuffleSpec(2),
          new ProductSpec(),
          new RecurrentSpec(
              RecurrentSpec.Kind.GRU,
              4,
              3,
              1,
              Bias.WITH,
              RecurrentSpec.Layout.BATCH_FIRST,
              0,
              RecurrentSpec.Directions.ONE,
              0,
              "tanh"),
          new RmsNormSpec(List.of(4L), OptionalDouble.empty(), Affine.SCALE),
          new ReshapeSpec(List.of(-1L)),
          ScaleSpec.times(2),
          new SplitSpec(1, new SplitSpec.Parts.Chunks(2)),
          new SumSpec(),
          new UnflattenSpec(1, List.of(2L, -1L)),
          new UpsampleSpec(
              UpsampleSpec.Target.to(new Size(7, 9)),
              UpsampleSpec.Mode.NEAREST,
              UpsampleSpec.Corners.EDGES));

  @Test
  void aVisitorIsCalledForTheKind() {
    LayerSpec.Visitor<?> visitor =
        (LayerSpec.Visitor<?>)
            Proxy.newProxyInstance(
                LayerSpec.class.getClassLoader(),
                new Class<?>[] {LayerSpec.Visitor.class},
                (proxy, method, arguments) -> {
                  Class<?> kind = method.getParameterTypes()[0];
                  return kind.isInstance(arguments[0]) ? arguments[0] : null;
                });
    for (LayerSpec layer : LAYERS) {
      assertSame(layer, layer.accept(visitor));
    }
  }

  @Test
  void noKindIsMissing() {
    assertEquals(
        kinds(LayerSpec.class).collect(Collectors.toSet()),
        LAYERS.stream()
            .map(layer -> layer instanceof CustomSpec ? CustomSpec.class : layer.getClass())
            .collect(Collectors.toSet()));
    assertEquals(LAYERS.size(), Set.copyOf(LAYERS).size());
  }

  private static Stream<Class<?>> kinds(Class<?> type) {
    return type.isSealed()
        ? Arrays.stream(type.getPermittedSubclasses()).flatMap(EveryKindTest::kinds)
        : Stream.of(type);
  }

  /** Unless it says so, a layer reads a position's own value, learns and multiplies nothing. */
  @Test
  void whatALayerOfSomebodyElsesNeedNotSay() {
    LayerSpec layer = new Halved();
    Shape input = new Shape(2, 3, 8);
    assertEquals(List.of(new Shape(2, 3, 4)), layer.outputs(List.of(input)));
    assertEquals(0, layer.parameters());
    assertEquals(0, layer.macs(List.of(input)));
    for (Convention convention : Convention.values()) {
      assertEquals(0, convention.cost(layer, input), convention.toString());
      assertEquals(Optional.empty(), convention.remark(layer, List.of(input)));
    }
    assertEquals(Optional.of(Reach.POINT), layer.reach(Axis.LENGTH, input));
    assertEquals(Passage.point(0), layer.passage(0, List.of(input), 0, 0));
    assertEquals(Passage.untold(), layer.passage(1, List.of(input), 0, 0));
    assertEquals(Passage.point(2), layer.passage(2, List.of(input), 0, 0));
    assertEquals(Optional.empty(), layer.windows());
    assertEquals(Optional.empty(), layer.taps());
    assertEquals(OptionalLong.empty(), layer.inputChannels());
    assertEquals(Optional.empty(), layer.formula(Axis.LENGTH, input));
    assertEquals(Optional.empty(), layer.assumption(input));
    assertSame(layer, layer.resolve(input));
  }
}

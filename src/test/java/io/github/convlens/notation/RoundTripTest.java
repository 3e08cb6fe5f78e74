package io.github.convlens.notation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.convlens.layer.ActivationSpec;
import io.github.convlens.layer.AdaptivePool2dSpec;
import io.github.convlens.layer.Affine;
import io.github.convlens.layer.AvgPool2dSpec;
import io.github.convlens.layer.BatchNorm2dSpec;
import io.github.convlens.layer.Bias;
import io.github.convlens.layer.Child;
import io.github.convlens.layer.ConcatSpec;
import io.github.convlens.layer.Conv2dSpec;
import io.github.convlens.layer.ConvTranspose2dSpec;
import io.github.convlens.layer.DropoutSpec;
import io.github.convlens.layer.FlattenSpec;
import io.github.convlens.layer.GroupNormSpec;
import io.github.convlens.layer.IdentitySpec;
import io.github.convlens.layer.LayerNormSpec;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.LinearSpec;
import io.github.convlens.layer.LocalResponseNormSpec;
import io.github.convlens.layer.MaxPool2dSpec;
import io.github.convlens.layer.ModuleSpec;
import io.github.convlens.layer.PReluSpec;
import io.github.convlens.layer.Pad2dSpec;
import io.github.convlens.layer.Padding;
import io.github.convlens.layer.PaddingMode;
import io.github.convlens.layer.PixelShuffleSpec;
import io.github.convlens.layer.ResidualSpec;
import io.github.convlens.layer.Rounding;
import io.github.convlens.layer.SequentialSpec;
import io.github.convlens.layer.ShapeException;
import io.github.convlens.layer.Size;
import io.github.convlens.layer.UnflattenSpec;
import io.github.convlens.layer.UpsampleSpec;
import io.github.convlens.layer.Window2d;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** What is printed is read back as the same value. */
class RoundTripTest {
  private final Random random = new Random(20261123);
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
          () -> new BatchNorm2dSpec(number(0, 9), real(), real(), any(Affine.values())),
          () -> new GroupNormSpec(2, 2L * number(1, 4), real(), any(Affine.values())),
          () ->
              new LayerNormSpec(
                  number(0, 1) == 0 ? List.of(3L) : List.of(2L, 5L), real(), any(Affine.values())),
          () -> new LocalResponseNormSpec(number(1, 9), real(), real(), real()),
          () -> new DropoutSpec(any(DropoutSpec.Unit.values()), random.nextDouble()),
          IdentitySpec::new,
          () -> new PixelShuffleSpec(number(1, 5)),
          () -> new PReluSpec(number(1, 5), real()),
          this::upsample,
          this::activation);

  @Test
  void everyLayerReadsBackAsItself() {
    int checked = 0;
    Set<String> types = new HashSet<>();
    while (checked < 5_000) {
      try {
        LayerSpec layer = layer(3);
        assertEquals(layer, PyTorch.parse(layer.toString()).layer(), layer::toString);
        types.add(layer.type());
        checked++;
      } catch (ShapeException e) {
        continue; // numbers that no layer takes
      }
    }
    Set<String> all = new HashSet<>(PyTorch.names());
    all.removeAll(types);
    assertEquals(
        Set.of("InstanceNorm2d", "UpsamplingNearest2d", "UpsamplingBilinear2d", "SyncBatchNorm"),
        all);
    assertTrue(types.contains("MyBlock"));
  }

  private LayerSpec layer(int depth) {
    return switch (depth == 0 ? 0 : number(0, 5)) {
      case 1 -> new SequentialSpec(children(depth, number(0, 3)));
      case 2 -> new ConcatSpec(children(depth, number(1, 3)));
      case 3 -> ResidualSpec.of(layer(depth - 1), layer(depth - 1));
      case 4 -> {
        List<Child> children = children(depth, number(1, 3));
        yield new ModuleSpec("MyBlock", children, new SequentialSpec(children));
      }
      default -> leaves.get(random.nextInt(leaves.size())).get();
    };
  }

  private List<Child> children(int depth, int count) {
    List<Child> children = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String name = any(new String[] {"conv" + i, Integer.toString(i), "a b-" + i, ""});
      children.add(new Child(name, layer(depth - 1)));
    }
    return children;
  }

  private LayerSpec convolution() {
    int groups = number(1, 3);
    return new Conv2dSpec(
        (long) groups * number(0, 3),
        (long) groups * number(1, 3),
        window(padding()),
        groups,
        any(Bias.values()),
        any(PaddingMode.values()));
  }

  private LayerSpec transposed() {
    int groups = number(1, 3);
    return new ConvTranspose2dSpec(
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
    return new MaxPool2dSpec(window(padding()), any(Rounding.values()));
  }

  private LayerSpec avgPool() {
    return new AvgPool2dSpec(
        window(padding()).withDilation(Size.ONE),
        any(Rounding.values()),
        any(AvgPool2dSpec.Divisor.values()),
        number(0, 1) == 0 ? OptionalLong.empty() : OptionalLong.of(number(1, 9)));
  }

  private LayerSpec adaptive() {
    OptionalLong height = number(0, 3) == 0 ? OptionalLong.empty() : OptionalLong.of(number(1, 3));
    OptionalLong width = number(0, 3) == 0 ? OptionalLong.empty() : OptionalLong.of(number(1, 3));
    return new AdaptivePool2dSpec(any(AdaptivePool2dSpec.Reduction.values()), height, width);
  }

  private LayerSpec pad() {
    PaddingMode mode = any(PaddingMode.values());
    double value = mode == PaddingMode.ZEROS && number(0, 1) == 0 ? real() : 0;
    return new Pad2dSpec(mode, value, number(-1, 3), number(0, 3), number(0, 3), number(0, 3));
  }

  private LayerSpec upsample() {
    UpsampleSpec.Target target =
        number(0, 1) == 0
            ? new UpsampleSpec.Target.To(size(1))
            : new UpsampleSpec.Target.By(real(), number(0, 1) == 0 ? 2 : real());
    return new UpsampleSpec(
        target, any(UpsampleSpec.Mode.values()), any(UpsampleSpec.Corners.values()));
  }

  private LayerSpec activation() {
    ActivationSpec.Function function = any(ActivationSpec.Function.values());
    List<Double> numbers = new ArrayList<>();
    for (ActivationSpec.Parameter parameter : function.parameters()) {
      numbers.add(parameter.name().equals("dim") ? number(-3, 3) : real());
    }
    return new ActivationSpec(function, numbers);
  }

  private Window2d window(Padding padding) {
    return new Window2d(size(1), size(1), padding, size(1));
  }

  private Padding padding() {
    return switch (number(0, 3)) {
      case 0 -> any(Padding.Automatic.values());
      case 1 -> new Padding.Explicit(number(0, 3), number(0, 3), number(0, 3), number(0, 3));
      case 2 -> Padding.Explicit.symmetric(size(0));
      default -> Padding.NONE;
    };
  }

  private Size size(int least) {
    return new Size(number(least, 4), number(least, 4));
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

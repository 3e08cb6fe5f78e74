package io.github.convlens.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What the layers say that an output reads, against the positions that its definition names. */
class ReachTest {
  private static final OptionalLong ANY = OptionalLong.empty();

  @Test
  void windowsReadFromTheirFirstTapToTheirLast() {
    int cases = 0;
    for (Window window : WindowCountTest.smallWindows()) {
      List<TreeSet<Long>> reads = new ArrayList<>();
      for (long o = 0; o < 6; o++) {
        TreeSet<Long> taps = new TreeSet<>();
        for (long tap = 0; tap < window.kernel(); tap++) {
          taps.add(o * window.stride() - window.padBefore() + tap * window.dilation());
        }
        reads.add(taps);
      }
      assertExact(reads, window.reach(), window.toString());
      cases++;
    }
    assertEquals(960, cases);
  }

  @Test
  void layersWithAWindowTellTheReachOfTheirOwnAxis() {
    Window2d window =
        new Window2d(new Size(3, 4), new Size(2, 3), new Padding.Explicit(1, 0, 2, 1), Size.ONE);
    Shape input = new Shape(2, 6, 13, 17);
    Reach down = new Reach(3, Ratio.of(2), -1);
    Reach along = new Reach(4, Ratio.of(3), -2);
    for (LayerSpec layer :
        List.of(
            Conv2dSpec.of(6, 5, window),
            new MaxPool2dSpec(window, Rounding.CEIL),
            new AvgPool2dSpec(window, Rounding.FLOOR, AvgPool2dSpec.Divisor.PADDED, ANY))) {
      assertEquals(Optional.of(down), layer.reach(Axis.HEIGHT, input), layer.toString());
      assertEquals(Optional.of(along), layer.reach(Axis.WIDTH, input), layer.toString());
    }
  }

  @Test
  void automaticPaddingStartsWhereItsInputSays() {
    Window2d window =
        new Window2d(new Size(3, 4), new Size(2, 3), Padding.Automatic.SAME_LOWER, new Size(2, 1));
    LayerSpec layer = Conv2dSpec.of(6, 5, window);
    Shape input = new Shape(2, 6, 8, 16);
    // height: 4 outputs, the last starts at 6, spans 5: 11 - 8 = 3 rows, 2 of them above
    assertEquals(Optional.of(new Reach(5, Ratio.of(2), -2)), layer.reach(Axis.HEIGHT, input));
    // width: 6 outputs, the last starts at 15, spans 4: 19 - 16 = 3 columns
    assertEquals(Optional.of(new Reach(4, Ratio.of(3), -2)), layer.reach(Axis.WIDTH, input));
  }

  @Test
  void transposedConvolutionsReadTheInputsThatScatterToAnOutput() {
    int cases = 0;
    for (int kernel = 1; kernel <= 5; kernel++) {
      for (int stride = 1; stride <= 4; stride++) {
        for (int padding = 0; padding <= 3; padding++) {
          for (int dilation = 1; dilation <= 3; dilation++) {
            LayerSpec layer = WindowCountTest.transposed(kernel, stride, padding, 0, dilation);
            Reach reach = layer.reach(Axis.WIDTH, new Shape(1, 2, 9, 9)).orElseThrow();
            List<TreeSet<Long>> reads = new ArrayList<>();
            for (long o = 0; o < 24; o++) {
              TreeSet<Long> sources = new TreeSet<>();
              for (long i = -20; i < 40; i++) {
                for (long tap = 0; tap < kernel; tap++) {
                  if (i * stride - padding + tap * dilation == o) {
                    sources.add(i);
                  }
                }
              }
              reads.add(sources);
            }
            assertEquals(new Ratio(1, stride), reach.stride());
            assertCovered(reads, reach, layer.toString());
            if (dilation == 1 && kernel >= stride) {
              assertEquals(widest(reads), reach.span(), layer.toString());
              assertEquals(reads.get(0).first(), reach.start(), layer.toString());
            }
            cases++;
          }
        }
      }
    }
    assertEquals(240, cases);
  }

  @Test
  void adaptivePoolsReadTheRangesOfPyTorch() {
    int cases = 0;
    for (int size = 1; size <= 14; size++) {
      for (int places = 1; places <= 14; places++) {
        List<TreeSet<Long>> reads = new ArrayList<>();
        for (long o = 0; o < places; o++) {
          TreeSet<Long> range = new TreeSet<>();
          for (long i = 0; i < size; i++) { // [i, i + 1) overlaps [o, o + 1) x size / places
            if ((i + 1) * places > o * size && i * places < (o + 1) * size) {
              range.add(i);
            }
          }
          reads.add(range);
        }
        LayerSpec layer =
            new AdaptivePool2dSpec(
                AdaptivePool2dSpec.Reduction.MAXIMUM, OptionalLong.of(places), ANY);
        Shape input = new Shape(1, 3, size, 5);
        Reach reach = layer.reach(Axis.HEIGHT, input).orElseThrow();
        String text = layer + " on " + size;
        assertEquals(widest(reads), reach.span(), text);
        assertEquals(0, reach.start(), text);
        assertEquals(new Ratio(size, places), reach.stride(), text);
        assertCovered(reads, reach, text);
        assertEquals(Optional.of(Reach.POINT), layer.reach(Axis.WIDTH, input));
        cases++;
      }
    }
    assertEquals(196, cases);
  }

  @Test
  void upsamplingReadsTheNeighboursOfItsPositions() {
    int cases = 0;
    for (int size = 1; size <= 9; size++) {
      for (int out = 1; out <= 20; out++) {
        for (UpsampleSpec.Mode mode : UpsampleSpec.Mode.values()) {
          for (UpsampleSpec.Corners corners : UpsampleSpec.Corners.values()) {
            boolean nearest =
                mode == UpsampleSpec.Mode.NEAREST || mode == UpsampleSpec.Mode.NEAREST_EXACT;
            if (nearest && corners == UpsampleSpec.Corners.CENTRES) {
              continue;
            }
            LayerSpec layer =
                new UpsampleSpec(new UpsampleSpec.Target.To(new Size(3, out)), mode, corners);
            Reach reach = layer.reach(Axis.WIDTH, new Shape(1, 2, 4, size)).orElseThrow();
            List<TreeSet<Long>> reads = new ArrayList<>();
            for (int o = 0; o < out; o++) {
              reads.add(neighbours(mode, corners, size, out, o));
            }
            String text = layer + " of " + size;
            assertEquals(reads.get(0).first(), reach.start(), text);
            assertEquals(widest(reads), reach.span(), text);
            assertCovered(reads, reach, text);
            cases++;
          }
        }
      }
    }
    assertEquals(9 * 20 * 6, cases);
  }

  /** PyTorch's UpSample.h: the source index, and the pixels around it. */
  private static TreeSet<Long> neighbours(
      UpsampleSpec.Mode mode, UpsampleSpec.Corners corners, int size, int out, int o) {
    double scale = (double) size / out;
    double at =
        corners == UpsampleSpec.Corners.CENTRES
            ? (out > 1 ? o * (size - 1.0) / (out - 1) : 0)
            : scale * (o + 0.5) - 0.5;
    long below = (long) Math.floor(at + 1e-9);
    return switch (mode) {
      case NEAREST -> new TreeSet<>(List.of((long) Math.floor(o * scale + 1e-9)));
      case NEAREST_EXACT -> new TreeSet<>(List.of((long) Math.floor((o + 0.5) * scale + 1e-9)));
      case BILINEAR -> new TreeSet<>(List.of(below, below + 1));
      case BICUBIC -> new TreeSet<>(List.of(below - 1, below, below + 1, below + 2));
    };
  }

  @Test
  void pixelShuffleReadsOnePixelForEachSquare() {
    LayerSpec layer = new PixelShuffleSpec(3);
    Reach reach = layer.reach(Axis.HEIGHT, new Shape(1, 18, 4, 5)).orElseThrow();
    assertEquals(new Reach(1, new Ratio(1, 3), 0), reach);
    for (long o = 0; o < 12; o++) {
      assertEquals(o / 3, reach.stride().times(o).floor());
    }
  }

  @Test
  void padsShiftTheirInput() {
    LayerSpec layer = new Pad2dSpec(PaddingMode.ZEROS, 0, 2, -1, -3, 4);
    Shape input = new Shape(1, 2, 9, 8);
    assertEquals(Optional.of(new Reach(1, Ratio.ONE, 3)), layer.reach(Axis.HEIGHT, input));
    assertEquals(Optional.of(new Reach(1, Ratio.ONE, -2)), layer.reach(Axis.WIDTH, input));
  }

  @Test
  void whatWorksElementByElementReadsAPoint() {
    Shape input = new Shape(2, 6, 4, 5);
    for (LayerSpec layer :
        List.of(
            ActivationSpec.of(ActivationSpec.Function.RELU),
            ActivationSpec.of(ActivationSpec.Function.SOFTMAX2D),
            BatchNorm2dSpec.of(6),
            new DropoutSpec(DropoutSpec.Unit.ELEMENT, 0.5),
            new IdentitySpec(),
            new LocalResponseNormSpec(5, 1e-4, 0.75, 1),
            new PReluSpec(6, 0.25))) {
      for (Axis axis : Axis.values()) {
        assertEquals(Optional.of(Reach.POINT), layer.reach(axis, input), layer.toString());
      }
    }
  }

  @Test
  void aLinearMixesTheAxisItRunsAlong() {
    LayerSpec layer = new LinearSpec(5, 7, Bias.WITH);
    assertEquals(Optional.of(Reach.POINT), layer.reach(Axis.HEIGHT, new Shape(2, 6, 4, 5)));
    assertEquals(Optional.empty(), layer.reach(Axis.WIDTH, new Shape(2, 6, 4, 5)));
    assertEquals(Optional.empty(), layer.reach(Axis.HEIGHT, new Shape(2, 5)));
    assertEquals(Optional.empty(), layer.reach(Axis.WIDTH, new Shape(2, 5)));
  }

  @Test
  void aSoftmaxMixesTheAxisItRunsAlong() {
    LayerSpec last = new ActivationSpec(ActivationSpec.Function.SOFTMAX, List.of(-1.0));
    Shape picture = new Shape(2, 6, 4, 5);
    assertEquals(Optional.of(Reach.POINT), last.reach(Axis.HEIGHT, picture));
    assertEquals(Optional.empty(), last.reach(Axis.WIDTH, picture));
    LayerSpec rows = new ActivationSpec(ActivationSpec.Function.LOG_SOFTMAX, List.of(2.0));
    assertEquals(Optional.empty(), rows.reach(Axis.HEIGHT, picture));
    assertEquals(Optional.of(Reach.POINT), rows.reach(Axis.WIDTH, picture));
    LayerSpec channels = ActivationSpec.of(ActivationSpec.Function.SOFTMAX);
    assertEquals(Optional.of(Reach.POINT), channels.reach(Axis.WIDTH, picture));
    assertEquals(Optional.empty(), channels.reach(Axis.WIDTH, new Shape(2, 20)));
  }

  /** Each output's first position is start + o x stride, and the last span - 1 behind it. */
  private static void assertExact(List<TreeSet<Long>> reads, Reach reach, String text) {
    for (int o = 0; o < reads.size(); o++) {
      long first = reach.start() + reach.stride().times(o).floor();
      assertEquals(reads.get(o).first(), first, text);
      assertEquals(reads.get(o).last(), first + reach.span() - 1, text);
    }
  }

  /** No position lies a whole step outside of what the reach says. */
  private static void assertCovered(List<TreeSet<Long>> reads, Reach reach, String text) {
    for (int o = 0; o < reads.size(); o++) {
      double first = reach.start() + reach.stride().times(o).doubleValue();
      for (long position : reads.get(o)) {
        assertTrue(
            position > first - 1 && position < first + reach.span(),
            text + ": output " + o + " reads " + position + ", not from " + first);
      }
    }
  }

  private static long widest(List<TreeSet<Long>> reads) {
    return reads.stream()
        .filter(read -> !read.isEmpty())
        .mapToLong(read -> read.last() - read.first() + 1)
        .max()
        .orElseThrow();
  }
}

package io.github.convlens.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What the layers say that an output reads, against the positions that its definition names. */
class ReachTest {
  private static final List<UpsampleSpec.Mode> MODES =
      List.of(
          UpsampleSpec.Mode.NEAREST,
          UpsampleSpec.Mode.NEAREST_EXACT,
          UpsampleSpec.Mode.BILINEAR,
          UpsampleSpec.Mode.BICUBIC);
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
      assertExact(reads, Reach.of(window, PaddingMode.ZEROS), window.toString());
      cases++;
    }
    assertEquals(960, cases);
  }

  @Test
  void layersWithAWindowTellTheReachOfTheirOwnAxis() {
    Windows window =
        new Windows(new Size(3, 4), new Size(2, 3), new Padding.Explicit(1, 0, 2, 1), Size.ONE);
    Shape input = new Shape(2, 6, 13, 17);
    for (LayerSpec layer :
        List.of(
            ConvSpec.of(6, 5, window),
            new MaxPoolSpec(window, Rounding.CEIL),
            new AvgPoolSpec(window, Rounding.FLOOR, AvgPoolSpec.Divisor.PADDED, ANY))) {
      assertReads(-1, 2, 1, 3, layer, Axis.HEIGHT, input);
      assertReads(-2, 3, 1, 4, layer, Axis.WIDTH, input);
    }
  }

  @Test
  void automaticPaddingStartsWhereItsInputSays() {
    Windows window =
        new Windows(new Size(3, 4), new Size(2, 3), Padding.Automatic.SAME_LOWER, new Size(2, 1));
    LayerSpec layer = ConvSpec.of(6, 5, window);
    Shape input = new Shape(2, 6, 8, 16);
    // height: 4 outputs, the last starts at 6, spans 5: 11 - 8 = 3 rows, 2 of them above
    assertReads(-2, 2, 2, 3, layer, Axis.HEIGHT, input);
    // width: 6 outputs, the last starts at 15, spans 4: 19 - 16 = 3 columns
    assertReads(-2, 3, 1, 4, layer, Axis.WIDTH, input);
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
            assertExact(reads, reach, layer.toString());
            cases++;
          }
        }
      }
    }
    assertEquals(240, cases);
  }

  /** The closed form against a walk over every tap. */
  @Test
  void aRunWithinTheInputHasTheTapsThatMeetIt() {
    Random random = new Random(8);
    int compared = 0;
    while (compared < 3000) {
      int kernel = 1 + random.nextInt(9);
      int stride = 1 + random.nextInt(7);
      int padding = random.nextInt(5);
      int dilation = 1 + random.nextInt(6);
      int size = 1 + random.nextInt(12);
      boolean transposed = random.nextBoolean();
      Windows window =
          Windows.of(Size.square(kernel))
              .withStride(Size.square(stride))
              .withPadding(Size.square(padding))
              .withDilation(Size.square(dilation));
      LayerSpec layer =
          transposed
              ? WindowCountTest.transposed(kernel, stride, padding, 0, dilation)
              : ConvSpec.of(2, 3, window);
      Shape input = new Shape(1, 2, size, 3);
      Reach reach = layer.reach(Axis.HEIGHT, input).orElseThrow();
      for (long output = 0; output < 9; output++) {
        List<String> walk = new ArrayList<>();
        for (int tap = 0; tap < kernel; tap++) {
          for (long at = 0; at < size; at++) {
            boolean meets =
                transposed
                    ? at * stride - padding + (long) tap * dilation == output
                    : output * stride - padding + (long) tap * dilation == at;
            if (meets) {
              walk.add("tap " + tap + " on " + at);
            }
          }
        }
        Reach.Run run = reach.at(output).within(size);
        List<String> closed =
            LongStream.range(0, run.count())
                .mapToObj(i -> "tap " + run.tapAt(i) + " on " + run.at(i))
                .toList();
        assertEquals(walk, closed, layer + " on " + size + ", output " + output);
        compared++;
      }
    }
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
            new AdaptivePoolSpec(AdaptivePoolSpec.Reduction.MAXIMUM, OptionalLong.of(places), ANY);
        Shape input = new Shape(1, 3, size, 5);
        Reach reach = layer.reach(Axis.HEIGHT, input).orElseThrow();
        String text = layer + " on " + size;
        assertEquals(new Ratio(size, places), reach.stride(), text);
        assertExact(reads, reach, text);
        assertReads(0, 1, 1, 1, layer, Axis.WIDTH, input);
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
        for (UpsampleSpec.Mode mode : MODES) {
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
            assertExact(reads, reach, text);
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
    if (Math.abs(at - Math.rint(at)) < 1e-9 && mode != UpsampleSpec.Mode.NEAREST) {
      // the other neighbours' weights are 0
      return mode == UpsampleSpec.Mode.NEAREST_EXACT
          ? new TreeSet<>(List.of((long) Math.floor((o + 0.5) * scale + 1e-9)))
          : new TreeSet<>(List.of(Math.round(at)));
    }
    return switch (mode) {
      case NEAREST -> new TreeSet<>(List.of((long) Math.floor(o * scale + 1e-9)));
      case NEAREST_EXACT -> new TreeSet<>(List.of((long) Math.floor((o + 0.5) * scale + 1e-9)));
      case LINEAR, BILINEAR, TRILINEAR -> new TreeSet<>(List.of(below, below + 1));
      case BICUBIC -> new TreeSet<>(List.of(below - 1, below, below + 1, below + 2));
    };
  }

  @Test
  void pixelShuffleReadsOnePixelForEachSquare() {
    LayerSpec layer = new PixelShuffleSpec(3);
    Reach reach = layer.reach(Axis.HEIGHT, new Shape(1, 18, 4, 5)).orElseThrow();
    for (long o = 0; o < 12; o++) {
      assertEquals(new TreeSet<>(List.of(o / 3)), read(reach, o));
    }
  }

  @Test
  void pixelUnshuffleReadsASquareForEachPixel() {
    LayerSpec layer = new PixelShuffleSpec(PixelShuffleSpec.Direction.TO_CHANNELS, 3);
    assertReads(0, 3, 1, 3, layer, Axis.HEIGHT, new Shape(1, 2, 12, 15));
  }

  @Test
  void padsShiftTheirInput() {
    LayerSpec layer = new PadSpec(PaddingMode.ZEROS, 0, 2, -1, -3, 4);
    Shape input = new Shape(1, 2, 9, 8);
    assertReads(3, 1, 1, 1, layer, Axis.HEIGHT, input);
    assertReads(-2, 1, 1, 1, layer, Axis.WIDTH, input);
  }

  @Test
  void whatWorksElementByElementReadsAPoint() {
    Shape input = new Shape(2, 6, 4, 5);
    for (LayerSpec layer :
        List.of(
            ActivationSpec.of(ActivationSpec.Function.RELU),
            ActivationSpec.of(ActivationSpec.Function.SOFTMAX2D),
            BatchNormSpec.of(6),
            new DropoutSpec(DropoutSpec.Unit.ELEMENT, 0.5),
            new IdentitySpec(),
            new LocalResponseNormSpec(5, 1e-4, 0.75, 1),
            new PReluSpec(6, 0.25))) {
      for (Axis axis : Axis.in(input)) {
        assertEquals(Optional.of(Reach.POINT), layer.reach(axis, input), layer.toString());
      }
    }
  }

  @Test
  void aLinearMixesTheAxisItRunsAlong() {
    LayerSpec layer = new LinearSpec(5, 7, Bias.WITH);
    assertEquals(Optional.of(Reach.POINT), layer.reach(Axis.HEIGHT, new Shape(2, 6, 4, 5)));
    assertReads(0, 0, 1, 5, layer, Axis.WIDTH, new Shape(2, 6, 4, 5));
  }

  @Test
  void aSoftmaxMixesTheAxisItRunsAlong() {
    LayerSpec last = ActivationSpec.along(ActivationSpec.Function.SOFTMAX, -1);
    Shape picture = new Shape(2, 6, 4, 5);
    assertEquals(Optional.of(Reach.POINT), last.reach(Axis.HEIGHT, picture));
    assertReads(0, 0, 1, 5, last, Axis.WIDTH, picture);
    LayerSpec rows = ActivationSpec.along(ActivationSpec.Function.LOG_SOFTMAX, 2);
    assertReads(0, 0, 1, 4, rows, Axis.HEIGHT, picture);
    assertEquals(Optional.of(Reach.POINT), rows.reach(Axis.WIDTH, picture));
    LayerSpec channels = ActivationSpec.of(ActivationSpec.Function.SOFTMAX);
    assertEquals(Optional.of(Reach.POINT), channels.reach(Axis.WIDTH, picture));
  }

  /** Exactly these positions are read, and what repeats does so as it says. */
  private static void assertExact(List<TreeSet<Long>> reads, Reach reach, String text) {
    for (int o = 0; o < reads.size(); o++) {
      assertEquals(reads.get(o), read(reach, o), text + ", output " + o);
      TreeSet<Long> further = new TreeSet<>();
      reads.get(o).forEach(position -> further.add(position + reach.advance()));
      assertEquals(further, read(reach, o + reach.period()), text + ", output " + o);
    }
  }

  /** Output o reads {@code count} positions from start + o x stride, {@code step} apart. */
  private static void assertReads(
      long start, long stride, long step, long count, LayerSpec layer, Axis axis, Shape input) {
    List<TreeSet<Long>> reads = new ArrayList<>();
    for (long o = 0; o < 5; o++) {
      TreeSet<Long> positions = new TreeSet<>();
      for (long i = 0; i < count; i++) {
        positions.add(start + o * stride + i * step);
      }
      reads.add(positions);
    }
    assertExact(reads, layer.reach(axis, input).orElseThrow(), layer + ", " + axis);
  }

  private static TreeSet<Long> read(Reach reach, long output) {
    return reach.at(output).positions().boxed().collect(Collectors.toCollection(TreeSet::new));
  }
}

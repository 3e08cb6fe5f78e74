package io.github.convlens.lesson;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.convlens.layer.Conv2dSpec;
import io.github.convlens.layer.MaxPool2dSpec;
import io.github.convlens.layer.Size;
import io.github.convlens.layer.Window2d;
import io.github.convlens.plan.Plan;
import io.github.convlens.plan.PlanRequest;
import io.github.convlens.plan.Planner;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The claims' numbers, counted position by position. */
class ClaimsByLoopsTest {
  @Test
  void sizesWithoutPadding() {
    List<Long> counted = new ArrayList<>(List.of(32L));
    for (int layer = 1; layer <= 7; layer++) {
      counted.add(Loops.places(counted.get(layer - 1), 5, 1, 0, 0));
    }
    assertEquals(List.of(32L, 28L, 24L, 20L, 16L, 12L, 8L, 4L), counted);
    assertEquals(counted, ((ShrinkingSizes) Claims.of(1)).sizes());
  }

  @Test
  void allCombinationsAreTried() {
    long withoutStride = 0;
    long withStride = 0;
    for (long n = 1; n <= 7; n++) {
      for (long k = 1; k <= 7; k++) {
        for (long p = 0; p <= 7; p++) {
          long fits = Loops.places(n, k, 1, p, 0) > 0 ? 1 : 0;
          withoutStride += fits;
          withStride += 7 * fits;
        }
      }
    }
    assertEquals(withoutStride, new SizeWithoutStride(7, 1).combinations());
    assertEquals(withStride, new SizeWithStride(7, 1).combinations());
  }

  @Test
  void layersUntilFourPixelsAreLeft() {
    long layers = 0;
    for (long size = 224; size > 4; layers++) {
      size = Loops.places(size, 5, 1, 0, 0);
    }
    assertEquals(layers, ((LayersToShrink) Claims.of(4)).needed().orElseThrow());
  }

  @Test
  void bothCurves() {
    LawsOfShrinking claim = (LawsOfShrinking) Claims.of(5);
    assertEquals(List.of(224L, 112L, 56L, 28L, 14L, 7L, 4L, 2L, 1L), claim.sizesWithStride());
    List<Long> without = claim.sizesWithoutStride();
    assertEquals(56, without.size());
    for (int layer = 1; layer < without.size(); layer++) {
      assertEquals(Loops.places(without.get(layer - 1), 5, 1, 0, 0), without.get(layer));
    }
  }

  @Test
  void theSizeBehindEachOfAHundredLayers() {
    StridesSpreadEvenly claim = (StridesSpreadEvenly) Claims.of(7);
    assertEquals(List.of(17L, 34L, 51L, 67L, 84L), claim.stridedLayers());
    assertEquals(Loops.sizes(224, strides(100, claim.stridedLayers())), claim.sizes());
    assertEquals(101, claim.sizes().size());
    assertEquals(7, claim.sizes().get(100));
  }

  /** The planner is asked for the same network in its own words. */
  @Test
  void thePlannerSpreadsAlike() {
    Plan plan = Planner.plan(PlanRequest.of(Size.square(224)).withLayers(100).withHalvings(5));
    StridesSpreadEvenly claim = (StridesSpreadEvenly) Claims.of(7);
    assertEquals(
        claim.stridedLayers(),
        plan.layers().stream()
            .filter(Plan.Layer::halves)
            .map(layer -> (long) layer.number())
            .toList());
    assertEquals(7, plan.finalSize().height());
  }

  /** Evenly: the stretches without stride differ by one layer at most. */
  @ParameterizedTest
  @CsvSource({"100, 5", "15, 5", "5, 5", "7, 3", "50, 1", "9, 0"})
  void stridesAreSpreadEvenly(long layers, long strided) {
    List<Long> ends = new ArrayList<>(new EvenStrides(layers, strided, 2).positions());
    assertEquals(strided, ends.stream().distinct().count());
    ends.add(0, 0L);
    ends.add(layers + 1);
    List<Long> stretches = new ArrayList<>();
    for (int i = 1; i < ends.size(); i++) {
      stretches.add(ends.get(i) - ends.get(i - 1) - 1);
    }
    assertTrue(Collections.max(stretches) - Collections.min(stretches) <= 1, stretches.toString());
    assertEquals(layers - strided, stretches.stream().mapToLong(i -> i).sum());
  }

  /** Adds layers until one output depends on all pixels, following each dependence back. */
  @ParameterizedTest
  @CsvSource({"224, 3, 5, 2", "31, 3, 2, 2", "40, 5, 2, 3", "57, 3, 1, 4"})
  void layersUntilOneOutputSeesAll(long input, long kernel, long strided, long stride) {
    LayersToSeeAll claim = new LayersToSeeAll(input, kernel, strided, stride);
    assertEquals(
        layersToSeeAll(input, kernel, strided, stride), claim.layersWithStride().orElseThrow());
    assertEquals(layersToSeeAll(input, kernel, 0, 1), claim.layersWithoutStride().orElseThrow());
  }

  private static long layersToSeeAll(long input, long kernel, long strided, long stride) {
    for (long layers = Math.max(1, strided); ; layers++) {
      List<Long> strides = new EvenStrides(layers, strided, stride).strides();
      List<Long> sizes = new ArrayList<>(List.of(input));
      for (long one : strides) {
        long last = sizes.get(sizes.size() - 1);
        sizes.add(Loops.places(last, kernel, one, (kernel - 1) / 2, kernel / 2));
      }
      for (long output = 0; output < sizes.get(sizes.size() - 1); output++) {
        if (Loops.seen(output, kernel, strides, sizes).cardinality() == input) {
          return layers;
        }
      }
    }
  }

  /** In the middle of a large picture, no padding is in the way. */
  @ParameterizedTest
  @CsvSource({"3, 10", "5, 5", "5, 6", "7, 2"})
  void whatStacksSee(long kernel, long layers) {
    List<Long> strides = Collections.nCopies((int) layers, 1L);
    List<Long> sizes = Collections.nCopies((int) layers + 1, 101L);
    assertEquals(
        Loops.seen(50, kernel, strides, sizes).cardinality(),
        SameReceptiveField.field(kernel, layers));
  }

  /** torchvision's tables and Araujo, Norris and Sim (2019): 11, then 19 behind the pool. */
  @Test
  void theFirstLayersOfKnownNetworks() {
    List<String> lines = Claims.of(11).check().lines();
    assertEquals(
        "  Conv2d      11x11, stride 4   64x55x55    11x11     70,276,800     9.8 %", lines.get(2));
    assertEquals(
        "  MaxPool2d     3x3, stride 2   64x27x27    19x19              0     0.0 %", lines.get(3));
    assertEquals(
        "  Conv2d        7x7, stride 2 64x112x112      7x7    118,013,952     6.5 %", lines.get(6));
    assertEquals(
        "  Conv2d        3x3, stride 1 64x224x224      3x3     86,704,128     0.6 %",
        lines.get(10));
    assertEquals(
        List.of(
            new LargerKernelFirst.Start("alexnet", 11, 4, 3),
            new LargerKernelFirst.Start("resnet18", 7, 19, 16),
            new LargerKernelFirst.Start("vgg16", 3, 12, 12)),
        ((LargerKernelFirst) Claims.of(11)).starts());
  }

  @ParameterizedTest
  @CsvSource({"7, 10, 2, 3", "9, 13, 3, 5", "8, 11, 2, 2", "6, 9, 4, 1"})
  void pixelsThatAreNeverRead(int height, int width, int kernel, int stride) {
    Window2d window = Window2d.of(Size.square(kernel)).withStride(Size.square(stride));
    LostInformation claim =
        new LostInformation(
            new Size(height, width),
            List.of(Conv2dSpec.of(1, 1, window)),
            List.of(new MaxPool2dSpec(window, io.github.convlens.layer.Rounding.FLOOR)));
    long untouched = Loops.untouched(height, width, kernel, stride);
    long places =
        Loops.places(height, kernel, stride, 0, 0) * Loops.places(width, kernel, stride, 0, 0);
    for (LostInformation.Fate fate : claim.fates()) {
      assertEquals(untouched, fate.neverRead());
      assertEquals(places, fate.numbers());
    }
  }

  private static List<Long> strides(int layers, List<Long> strided) {
    List<Long> strides = new ArrayList<>(Collections.nCopies(layers, 1L));
    strided.forEach(layer -> strides.set((int) (layer - 1), 2L));
    return strides;
  }
}

package io.github.convlens.lesson;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.convlens.language.Language;
import io.github.convlens.lesson.Verdict.Outcome;
import io.github.convlens.plan.EvenStrides;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The claims' numbers, counted position by position: what is counted is right, one off is wrong.
 */
class ClaimsByLoopsTest {
  @ParameterizedTest
  @CsvSource({"32, 5, 1, 7", "31, 3, 2, 15", "97, 4, 3, 30", "50, 1, 2, 9"})
  void sizesWithoutPadding(long input, long kernel, int one, int other) {
    List<Long> counted = new ArrayList<>(List.of(input));
    for (int layer = 1; layer <= other; layer++) {
      counted.add(Loops.places(counted.get(layer - 1), kernel, 1, 0, 0));
    }
    long last = counted.get(other);
    Claim right = Claims.of(1, input, kernel, one, counted.get(one), other, last);
    assertEquals(Verdict.right(Language.ENGLISH), right.verdict());
    assertEquals(
        "WRONG: after layer " + other + " it is " + last + ", not " + (last + 1) + ".",
        Claims.of(1, input, kernel, one, counted.get(one), other, last + 1).verdict().toString());
    String chain = counted.stream().map(String::valueOf).collect(Collectors.joining(" -> "));
    assertTrue(kernel == 1 || right.lines().get(1).equals(chain), right.lines().get(1));
  }

  @Test
  void allCombinationsAreTried() {
    long withoutStride = 0;
    long kept = 0;
    long divided = 0;
    for (long n = 1; n <= 12; n++) {
      for (long k = 1; k <= 12; k++) {
        for (long p = 0; p <= 12; p++) {
          boolean fits = Loops.places(n, k, 1, p, 0) > 0;
          withoutStride += fits ? 1 : 0;
          for (long s = 1; s <= 12 && fits && p == k - 1; s++) {
            kept++;
            divided += n % s == 0 ? 1 : 0;
          }
        }
      }
    }
    String without = Claims.of(2).lines().get(4);
    assertTrue(without.endsWith(": " + withoutStride + " of " + withoutStride + " right"), without);
    long with = 12 * withoutStride;
    assertEquals(
        List.of(
            "  any p                       " + with + " of " + with + " right",
            "  p = k - 1                   " + kept + " of " + kept + " right",
            "  p = k - 1, s divides n      " + divided + " of " + divided + " right"),
        Claims.of(6).lines().subList(7, 10));
  }

  @ParameterizedTest
  @CsvSource({"9, 5, 4, 1", "9, 5, 7, 1", "12, 3, 6, 1", "9, 5, 4, 2"})
  void paddingsThatKeepTheSize(long input, long kernel, long other, long less) {
    Outcome expected = Outcome.RIGHT;
    for (long k : List.of(kernel, other)) {
      long total = k - less;
      if (Loops.places(input, k, 1, total, 0) != input) {
        expected = Outcome.WRONG;
      } else if (total % 2 == 1) {
        expected = Outcome.RIGHT_UNDER_A_CONDITION; // PyTorch puts the larger half behind
      }
    }
    assertEquals(expected, Claims.of(3, input, kernel, other, less).verdict().outcome());
  }

  @ParameterizedTest
  @CsvSource({"224, 5, 4", "224, 6, 4", "268, 7, 4", "31, 2, 1"})
  void layersUntilFewPixelsAreLeft(long input, long kernel, long target) {
    long layers = 0;
    for (long size = input; size > target; layers++) {
      size = Loops.places(size, kernel, 1, 0, 0);
    }
    assertEquals(
        Verdict.right(Language.ENGLISH), Claims.of(4, input, kernel, target, layers).verdict());
    for (long wrong : List.of(layers - 1, layers + 1)) {
      Verdict verdict = Claims.of(4, input, kernel, target, wrong).verdict();
      assertEquals(Outcome.WRONG, verdict.outcome());
      assertTrue(verdict.reason().startsWith("it takes " + layers + " layers."), verdict.reason());
    }
  }

  @Test
  void bothCurves() {
    List<String> lines = Claims.of(5).lines();
    List<Long> without = new ArrayList<>(List.of(224L));
    while (without.get(without.size() - 1) >= 5) {
      without.add(Loops.places(without.get(without.size() - 1), 5, 1, 0, 0));
    }
    List<Long> with = new ArrayList<>(List.of(224L));
    while (with.get(with.size() - 1) > 1) {
      with.add(Loops.places(with.get(with.size() - 1), 5, 2, 2, 2));
    }
    for (String line : lines.subList(3, lines.size())) {
      String[] words = line.replaceAll("[# ]+", " ").trim().split(" ");
      int depth = Integer.parseInt(words[0]);
      assertEquals(without.get(depth), Long.valueOf(words[1]));
      assertEquals(depth < with.size(), words.length == 3);
      if (words.length == 3) {
        assertEquals(with.get(depth), Long.valueOf(words[2]));
      }
    }
    assertEquals("    55    4 #", lines.get(lines.size() - 1));
  }

  @ParameterizedTest
  @CsvSource({"224, 100, 5, 2", "243, 50, 5, 3", "100, 9, 2, 4", "57, 7, 7, 2"})
  void theSizeBehindEachLayer(long input, int layers, int strided, long stride) {
    List<Long> strides = strides(layers, strided, stride);
    List<Long> sizes = Loops.sizes(input, strides);
    long last = sizes.get(layers);
    Claim claim = Claims.of(7, input, layers, strided, stride, last);
    assertEquals(Verdict.right(Language.ENGLISH), claim.verdict());
    List<Long> told = new ArrayList<>();
    for (String line : claim.lines().subList(3, claim.lines().size())) {
      Arrays.stream(line.substring(8).trim().split(" +")).map(Long::valueOf).forEach(told::add);
    }
    assertEquals(sizes.subList(1, sizes.size()), told);
    assertEquals(
        Outcome.WRONG, Claims.of(7, input, layers, strided, stride, last + 1).verdict().outcome());
  }

  /** Stretches without stride of which none is two layers longer than another, from the front. */
  private static List<Long> strides(int layers, int strided, long stride) {
    List<Long> strides = new ArrayList<>(Collections.nCopies(layers, 1L));
    for (int i = 1; i <= strided; i++) {
      double exact = (double) i * (layers + 1) / (strided + 1);
      strides.set((int) Math.floor(exact + 0.5) - 1, stride);
    }
    return strides;
  }

  /** In the middle of a large picture, no padding is in the way. */
  @ParameterizedTest
  @CsvSource({"3, 10, 5", "3, 6, 7", "5, 4, 3", "3, 9, 5"})
  void whatStacksSee(long kernel, int layers, long other) {
    int seen = seen(kernel, layers);
    for (int count = 1; count <= 9; count++) {
      boolean same = seen(other, count) == seen;
      boolean next = seen(other, count + 1) == seen;
      Verdict verdict = Claims.of(8, kernel, layers, other, count, count + 1).verdict();
      assertEquals(
          same || next ? Outcome.RIGHT_UNDER_A_CONDITION : Outcome.WRONG, verdict.outcome());
      String start = layers + " layers of " + kernel + "x" + kernel + " see " + seen + "x" + seen;
      assertTrue(verdict.reason().startsWith(start), verdict.reason());
    }
  }

  private static int seen(long kernel, int layers) {
    List<Long> strides = Collections.nCopies(layers, 1L);
    List<Long> sizes = Collections.nCopies(layers + 1, 101L);
    return Loops.seen(50, kernel, strides, sizes).cardinality();
  }

  /** Adds layers until one output depends on all pixels, following each dependence back. */
  @ParameterizedTest
  @CsvSource({"224, 3, 5, 2", "31, 3, 2, 2", "40, 5, 2, 3", "57, 3, 1, 4"})
  void layersUntilOneOutputSeesAll(long input, long kernel, int strided, long stride) {
    String text = String.join("\n", Claims.of(10, input, kernel, strided, stride).lines());
    long without = layersToSeeAll(input, kernel, 0, 1);
    long with = layersToSeeAll(input, kernel, strided, stride);
    assertTrue(text.contains(", so " + without + " layers"), text);
    assertTrue(text.contains(" spread evenly, " + with + " layers are enough"), text);
  }

  private static long layersToSeeAll(long input, long kernel, int strided, long stride) {
    for (int layers = Math.max(1, strided); ; layers++) {
      List<Long> strides = strides(layers, strided, stride);
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

  /** A plan and a claim speak of the same layers. */
  @Test
  void spreadAsAPlanSpreads() {
    assertEquals(strides(100, 5, 2), new EvenStrides(100, 5, 2).strides());
    assertTrue(Claims.of(7).lines().get(0).endsWith("in layers 17, 34, 51, 67, 84"));
  }

  /** torchvision's tables and Araujo, Norris and Sim (2019): 11, then 19 behind the pool. */
  @Test
  void theFirstLayersOfKnownNetworks() {
    List<String> lines = Claims.of(11).lines();
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
            "alexnet: first 11x11, then 3 of 4 convolutions with 3x3",
            "resnet18: first 7x7, then 16 of 19 convolutions with 3x3",
            "vgg16: first 3x3, then 12 of 12 convolutions with 3x3"),
        lines.subList(13, 16));
  }

  @ParameterizedTest
  @CsvSource({"7, 10, 2, 3", "9, 13, 3, 5", "8, 11, 2, 2", "6, 9, 4, 1"})
  void pixelsThatAreNeverRead(int height, int width, int kernel, int stride) {
    List<String> lines = Claims.of(12, height, width, kernel, stride, 3, kernel).lines();
    assertTrue(lines.get(2).endsWith(fate(height, width, kernel, stride)), lines.get(2));
    assertTrue(lines.get(3).endsWith("= " + height * width + "           0"), lines.get(3));
    assertTrue(lines.get(4).endsWith(fate(height, width, kernel, kernel)), lines.get(4));
  }

  private static String fate(int height, int width, int kernel, int stride) {
    long down = Loops.places(height, kernel, stride, 0, 0);
    long across = Loops.places(width, kernel, stride, 0, 0);
    return " 1x%dx%d = %d%12d"
        .formatted(down, across, down * across, Loops.untouched(height, width, kernel, stride));
  }
}

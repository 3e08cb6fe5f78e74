package io.github.convlens.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.ProcessorTime;
import io.github.convlens.layer.Axis;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.ShapeException;
import io.github.convlens.layer.Size;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Windows found backwards, against sending shapes forwards through layers. */
class SolverTest {
  private static final Bounds SMALL = new Bounds(6, 4, 3, 4);
  private static final Bounds MIDDLE = new Bounds(31, 8, 4, 15);

  @ParameterizedTest
  @CsvSource({
    "CONVOLUTION, 12, 15, 3377",
    "POOL, 12, 15, 1372",
    "CEIL_POOL, 12, 15, 1562",
    "TRANSPOSED_CONVOLUTION, 5, 30, 4480"
  })
  void nothingIsWrongAndNothingIsMissing(WindowKind kind, int inputs, int outputs, int expected) {
    int found = 0;
    for (int input = 1; input <= inputs; input++) {
      Map<Long, Set<WindowNumbers>> forward = forward(kind, input);
      for (int output = 1; output <= outputs; output++) {
        AxisAnswer answer = Solver.solve(kind, input, output, SMALL);
        List<WindowNumbers> windows =
            answer.solutions().stream().map(AxisSolution::numbers).toList();
        assertEquals(windows.size(), new HashSet<>(windows).size(), "no window twice");
        assertEquals(
            forward.getOrDefault((long) output, Set.of()),
            new HashSet<>(windows),
            kind + " " + input + " -> " + output);
        assertEquals(windows.isEmpty(), answer.reason().isPresent());
        found += windows.size();
        nearestSizesAreTheNearest(forward.keySet(), answer);
      }
    }
    assertEquals(expected, found);
  }

  private static void nearestSizesAreTheNearest(Set<Long> possible, AxisAnswer answer) {
    if (answer.reason().isEmpty()) {
      return;
    }
    List<Long> expected = new ArrayList<>();
    possible.stream().filter(s -> s < answer.output()).max(Long::compare).ifPresent(expected::add);
    possible.stream().filter(s -> s > answer.output()).min(Long::compare).ifPresent(expected::add);
    assertEquals(expected, answer.reason().get().nearest());
  }

  /** Every window within {@link #SMALL} that a layer accepts, by the width that it makes. */
  private static Map<Long, Set<WindowNumbers>> forward(WindowKind kind, int input) {
    Map<Long, Set<WindowNumbers>> bySize = new HashMap<>();
    WindowNumbers one = new WindowNumbers(1, 1, 0, 1, 0);
    for (int kernel = 1; kernel <= 6; kernel++) {
      for (int stride = 1; stride <= 4; stride++) {
        for (int padding = 0; padding <= 4; padding++) {
          for (int dilation = 1; dilation <= 3; dilation++) {
            for (int more = 0; more <= 4; more++) {
              if (more > 0 && kind != WindowKind.TRANSPOSED_CONVOLUTION) {
                continue;
              }
              WindowNumbers width = new WindowNumbers(kernel, stride, padding, dilation, more);
              try {
                LayerSpec layer = kind.layer(List.of(one, width), 2, 3);
                long size = layer.output(new Shape(1, 2, 7, input)).get(3);
                bySize.computeIfAbsent(size, s -> new HashSet<>()).add(width);
              } catch (ShapeException e) {
                // this layer cannot be built, or cannot take the input
              }
            }
          }
        }
      }
    }
    return bySize;
  }

  @ParameterizedTest
  @EnumSource(WindowKind.class)
  void untouchedPositionsAreCounted(WindowKind kind) {
    boolean back = kind == WindowKind.TRANSPOSED_CONVOLUTION;
    int cases = 0;
    int marked = 0;
    for (int input = 1; input <= 9; input++) {
      for (int output = 1; output <= 12; output++) {
        for (AxisSolution solution : Solver.solve(kind, input, output, SMALL).solutions()) {
          WindowNumbers n = solution.numbers();
          boolean[] touched = new boolean[back ? output : input];
          for (long place = 0; place < (back ? input : output); place++) {
            for (long tap = 0; tap < n.kernel(); tap++) {
              long at = place * n.stride() + tap * n.dilation() - n.padding();
              if (at >= 0 && at < touched.length) {
                touched[(int) at] = true;
              }
            }
          }
          int untouched = 0;
          for (boolean t : touched) {
            untouched += t ? 0 : 1;
          }
          assertEquals(untouched, solution.untouched(), solution::toString);
          cases++;
          marked += untouched > 0 ? 1 : 0;
        }
      }
    }
    assertTrue(cases > 800 && marked > 100 && marked < cases, cases + ", " + marked);
  }

  @Test
  void usualWindowsComeFirst() {
    List<AxisSolution> quarter =
        Solver.solve(WindowKind.CONVOLUTION, 224, 56, Bounds.DEFAULT).solutions();
    assertEquals(
        List.of(
            "kernel 4, stride 4, padding 0",
            "kernel 8, stride 4, padding 2",
            "kernel 5, stride 4, padding 2 (1 of 224 not read)"),
        first(3, quarter));
    assertTrue(
        quarter.stream()
            .map(AxisSolution::toString)
            .toList()
            .contains("kernel 3, stride 4, padding 1 (57 of 224 not read)"));
    assertEquals(
        List.of("kernel 3, stride 2, padding 1", "kernel 7, stride 2, padding 3"),
        first(2, Solver.solve(WindowKind.CONVOLUTION, 224, 112, Bounds.DEFAULT).solutions()));
    assertEquals(
        List.of("kernel 2, stride 2, padding 0", "kernel 3, stride 2, padding 1"),
        first(2, Solver.solve(WindowKind.POOL, 224, 112, Bounds.DEFAULT).solutions()));
    assertEquals(
        List.of("kernel 11, stride 4, padding 2"),
        first(1, Solver.solve(WindowKind.CONVOLUTION, 224, 55, Bounds.DEFAULT).solutions()));
    assertEquals("floor((224 + 2 + 2 - 8) / 4) + 1 = 56", quarter.get(1).explain());
  }

  private static List<String> first(int n, List<AxisSolution> solutions) {
    return solutions.stream().limit(n).map(AxisSolution::toString).toList();
  }

  @Test
  void outputPaddingChoosesAmongTheSizesThatMeet() {
    WindowNumbers five = new WindowNumbers(3, 2, 1, 1, 0);
    WindowNumbers six = new WindowNumbers(3, 2, 1, 1, 1);
    assertEquals(five, best(WindowKind.TRANSPOSED_CONVOLUTION, 3, 5).numbers());
    Bounds three = Bounds.DEFAULT.with(NoSolution.Bound.KERNEL, 3);
    AxisSolution up =
        Solver.solve(WindowKind.TRANSPOSED_CONVOLUTION, 3, 6, three).orThrow().solutions().get(0);
    assertEquals(six, up.numbers());
    assertEquals("(3 - 1) x 2 + 3 + 1 - 2 x 1 = 6", up.explain());
    assertEquals(new SizeRange(5, 6), up.sizesThatMeetHere().orElseThrow());
    // and both indeed meet at 3
    assertEquals(3, five.window().outputSize(5));
    assertEquals(3, five.window().outputSize(6));
    assertTrue(best(WindowKind.CONVOLUTION, 6, 3).sizesThatMeetHere().isEmpty());
  }

  @Test
  void theSizesThatMeetAreThoseThatAConvolutionMapsBack() {
    int cases = 0;
    for (int input = 1; input <= 5; input++) {
      for (int output = 1; output <= 14; output++) {
        for (AxisSolution solution :
            Solver.solve(WindowKind.TRANSPOSED_CONVOLUTION, input, output, SMALL).solutions()) {
          List<Long> meeting = new ArrayList<>();
          for (long size = 1; size <= 60; size++) {
            if (WindowKind.CONVOLUTION.output(solution.numbers(), size) == input) {
              meeting.add(size);
            }
          }
          List<SizeRange> ranges = SizeRange.of(meeting);
          assertEquals(ranges, solution.sizesThatMeetHere().stream().toList(), solution::toString);
          cases++;
        }
      }
    }
    assertTrue(cases > 1000, "cases: " + cases);
  }

  private static AxisSolution best(WindowKind kind, long input, long output) {
    return Solver.solve(kind, input, output, Bounds.DEFAULT).orThrow().solutions().get(0);
  }

  @Test
  void picturesGetCommonWindowsFirst() {
    Solutions solutions =
        Solver.solve(
            WindowKind.CONVOLUTION, new Size(480, 640), new Size(240, 320), Bounds.DEFAULT);
    assertEquals("kernel 3, stride 2, padding 1", solutions.common().get(0).toString());
    assertEquals(
        "Conv2d(3, 16, kernel_size=(3, 3), stride=(2, 2), padding=(1, 1))",
        solutions.common().get(0).layer(3, 16).toString());
    assertEquals(
        new Shape(1, 16, 240, 320),
        solutions.common().get(0).layer(3, 16).output(new Shape(1, 3, 480, 640)));

    Solutions small =
        Solver.solve(WindowKind.POOL, new Size(8, 11), new Size(2, 5), new Bounds(6, 4, 2, 3));
    int pairs = 0;
    for (AxisSolution height : small.on(Axis.HEIGHT).solutions()) {
      for (AxisSolution width : small.on(Axis.WIDTH).solutions()) {
        Solutions.Choice pair = new Solutions.Choice(List.of(height, width));
        assertEquals(
            new Shape(1, 2, 2, 5), pair.layer(2, 2).output(new Shape(1, 2, 8, 11)), pair::toString);
        assertEquals(
            height.numbers().equals(width.numbers()),
            small.common().contains(pair),
            pair::toString);
        pairs++;
      }
    }
    assertTrue(pairs > small.common().size() && !small.common().isEmpty(), "pairs: " + pairs);
  }

  @ParameterizedTest
  @EnumSource(WindowKind.class)
  void sequencesAndVolumesHaveAWindowForEachAxis(WindowKind kind) {
    for (Size input : List.of(new Size(9), new Size(9, 8, 10))) {
      boolean back = kind == WindowKind.TRANSPOSED_CONVOLUTION;
      Size output = input.map(n -> back ? 2 * n : n / 2);
      Solutions.Choice first = Solver.solve(kind, input, output, SMALL).orThrow().first().get();
      Shape shape = new Shape(1, 2).addAll(input.toShape());
      Shape made = first.layer(2, 2).output(shape);
      assertEquals(new Shape(1, 2).addAll(output.toShape()), made, first::toString);
    }
  }

  @Test
  void unlikeWindowsNameTheirAxes() {
    Solutions apart =
        Solver.solve(WindowKind.CONVOLUTION, new Size(64, 48), new Size(32, 8), Bounds.DEFAULT);
    assertTrue(apart.common().isEmpty());
    assertEquals(
        "height: kernel 3, stride 2, padding 1; width: kernel 6, stride 6, padding 0",
        apart.first().orElseThrow().toString());
    assertThrows(
        IllegalArgumentException.class,
        () -> Solver.solve(WindowKind.POOL, new Size(8), new Size(4, 4), SMALL));
  }

  @Test
  void aSquareAndADistortedPictureToTheSameHead() {
    // 640x480 to 7x7 in one layer: no stride up to 8 does it, and the reason says which would.
    Solutions solutions =
        Solver.solve(WindowKind.CONVOLUTION, new Size(480, 640), new Size(7, 7), MIDDLE);
    PlanException e = assertThrows(PlanException.class, solutions::orThrow);
    assertEquals(
        """
        height: no convolution makes 7 of 480 with kernel <= 31, stride <= 8, dilation <= 4, padding <= 15.
        The smallest size is 45 (kernel 31, stride 8, padding 0, dilation 4: span = 4 x (31 - 1) + 1 = 121, floor((480 + 0 + 0 - 121) / 8) + 1).
        Use output 45, or allow kernel <= 107 (kernel 107, stride 8, padding 0, dilation 4), or allow stride <= 52 (kernel 30, stride 52, padding 0, dilation 4), or allow dilation <= 15 (kernel 30, stride 7, padding 0, dilation 15).""",
        e.getMessage());
    NoSolution reason = solutions.on(Axis.HEIGHT).reason().orElseThrow();
    assertEquals(NoSolution.Cause.TOO_SMALL, reason.cause());
    for (NoSolution.Relaxation relaxation : reason.relaxations()) {
      assertEquals(7, relaxation.example().window().outputSize(480));
    }
  }

  /** Counted by PyTorch 2.13: src/test/python/window_counts.py. */
  @ParameterizedTest
  @CsvSource({
    "CONVOLUTION, 224, 56, 548",
    "CONVOLUTION, 8, 8, 1289",
    "CONVOLUTION, 5, 3, 10337",
    "POOL, 224, 112, 97",
    "CEIL_POOL, 13, 7, 106",
    "CEIL_POOL, 54, 27, 94",
    "TRANSPOSED_CONVOLUTION, 3, 6, 10400",
    "TRANSPOSED_CONVOLUTION, 3, 5, 10403",
    "TRANSPOSED_CONVOLUTION, 7, 14, 2082"
  })
  void theDefaultBoxHoldsAsManyAsPyTorchCounts(
      WindowKind kind, long input, long output, int count) {
    assertEquals(count, Solver.solve(kind, input, output, Bounds.DEFAULT).solutions().size());
  }

  @Test
  void poolsSayTheirRule() {
    NoSolution reason = Solver.solve(WindowKind.POOL, 8, 12, MIDDLE).reason().orElseThrow();
    assertEquals(
        """
        no pool makes 12 of 8 with kernel <= 31, stride <= 8, dilation <= 4, padding <= 15.
        The largest size is 9 (kernel 2, stride 1, padding 1: floor((8 + 1 + 1 - 2) / 1) + 1). A pool's padding must be at most half of its kernel.
        Use output 9; no other bound was found that helps alone.""",
        reason.toString());
    assertEquals(NoSolution.Cause.TOO_LARGE, reason.cause());
  }

  @Test
  void gapsBetweenStridesAreExplained() {
    NoSolution reason =
        Solver.solve(WindowKind.CONVOLUTION, 1000, 700, MIDDLE).reason().orElseThrow();
    assertEquals(
        """
        no convolution makes 700 of 1000 with kernel <= 31, stride <= 8, dilation <= 4, padding <= 15.
        The sizes next to it are 515 (kernel 2, stride 2, padding 15: floor((1000 + 15 + 15 - 2) / 2) + 1), and 880 (kernel 31, stride 1, padding 0, dilation 4: span = 4 x (31 - 1) + 1 = 121, floor((1000 + 0 + 0 - 121) / 1) + 1).
        Use output 515 or 880, or allow kernel <= 76 (kernel 76, stride 1, padding 0, dilation 4), or allow dilation <= 10 (kernel 31, stride 1, padding 0, dilation 10), or allow padding <= 200 (kernel 2, stride 2, padding 200).""",
        reason.toString());
  }

  @Test
  void givenNumbersNarrowTheSearch() {
    Bounds given =
        Bounds.DEFAULT
            .with(NoSolution.Bound.KERNEL, 4)
            .with(NoSolution.Bound.STRIDE, 2)
            .with(NoSolution.Bound.DILATION, 1);
    assertEquals("kernel 4, stride 2, dilation 1, padding <= 32", given.toString());
    assertEquals(33, given.windows());
    assertEquals(
        List.of("kernel 4, stride 2, padding 1"),
        first(9, Solver.solve(WindowKind.CONVOLUTION, 28, 14, given).solutions()));
    assertEquals(
        """
        no convolution makes 14 of 28 with kernel 4, stride 2, dilation 1, padding 0.
        The largest size is 13 (kernel 4, stride 2, padding 0: floor((28 + 0 + 0 - 4) / 2) + 1).
        Use output 13, or use kernel 2 in place of 4 (kernel 2, stride 2, padding 0), or use padding 1 in place of 0 (kernel 4, stride 2, padding 1).""",
        Solver.solve(WindowKind.CONVOLUTION, 28, 14, given.with(NoSolution.Bound.PADDING, 0))
            .reason()
            .orElseThrow()
            .toString());
  }

  @Test
  void whatFitsNowhereSaysSo() {
    Bounds given =
        Bounds.DEFAULT.with(NoSolution.Bound.KERNEL, 2).with(NoSolution.Bound.PADDING, 3);
    NoSolution pool = Solver.solve(WindowKind.POOL, 8, 4, given).reason().orElseThrow();
    assertEquals(NoSolution.Cause.NOTHING_FITS, pool.cause());
    assertEquals(
        """
        no pool makes 4 of 8 with kernel 2, stride <= 32, dilation <= 4, padding 3.
        No such window fits into the input at all. A pool's padding must be at most half of its kernel.
        Use kernel 6 in place of 2 (kernel 6, stride 1, padding 3, dilation 2), or use padding 1 in place of 3 (kernel 2, stride 2, padding 1, dilation 2).""",
        pool.toString());
    Bounds all = new Bounds(900, 1, 1, 0).with(NoSolution.Bound.KERNEL, 900);
    assertEquals(
        """
        no convolution makes 8 of 9 with kernel 900, stride 1, dilation 1, padding 0.
        No such window fits into the input at all.
        Use kernel 2 in place of 900 (kernel 2, stride 1, padding 0), or use padding 449 in place of 0 (kernel 900, stride 1, padding 449).""",
        Solver.solve(WindowKind.CONVOLUTION, 9, 8, all).reason().orElseThrow().toString());
  }

  @Test
  void eachAxisMayHaveNumbersOfItsOwn() {
    Bounds three = Bounds.DEFAULT.with(NoSolution.Bound.KERNEL, 3);
    Bounds two = Bounds.DEFAULT.with(NoSolution.Bound.KERNEL, 2);
    Size input = new Size(28, 28);
    Size output = new Size(14, 14);
    Solutions solutions = Solver.solve(WindowKind.CONVOLUTION, input, output, List.of(three, two));
    assertEquals(
        "height: kernel 3, stride 2, padding 1; width: kernel 2, stride 2, padding 0",
        solutions.first().orElseThrow().toString());
    assertThrows(
        IllegalArgumentException.class,
        () -> Solver.solve(WindowKind.CONVOLUTION, input, output, List.of(three)));
  }

  @Test
  void absurdRequestsAreRejected() {
    assertMessage(
        """
        at most 8388608 windows are tried.
        Within kernel <= 1024, stride <= 1024, dilation <= 4, padding <= 15 lie 1024 x 1024 x 4 x 16 = 67108864.
        Use smaller bounds; dilation 1 makes them 4 times fewer.""",
        () -> new Bounds(1024, 1024, 4, 15));
    assertMessage(
        "the largest kernel must be from 1 to 1024.\nHere it is 0.\nUse the largest kernel 1.",
        () -> new Bounds(0, 8, 4, 15));
    assertMessage(
        """
        the largest padding must be from 0 to 1024.
        Here it is 9223372036854775807.
        Use the largest padding 1024.""",
        () -> new Bounds(31, 8, 4, Long.MAX_VALUE));
    assertMessage(
        "the kernel must be from 1 to 1024.\nHere it is 0.\nUse the kernel 1.",
        () -> Bounds.DEFAULT.with(NoSolution.Bound.KERNEL, 0));
    assertMessage(
        "the input size must be from 1 to 1099511627776.\nHere it is 0.\nUse the input size 1.",
        () -> Solver.solve(WindowKind.POOL, 0, 1, Bounds.DEFAULT));
    assertMessage(
        """
        the output size must be from 1 to 1099511627776.
        Here it is -7.
        Use the output size 1.""",
        () -> Solver.solve(WindowKind.CONVOLUTION, 8, -7, Bounds.DEFAULT));
  }

  private static void assertMessage(String message, Runnable request) {
    assertEquals(message, assertThrows(PlanException.class, request::run).getMessage());
  }

  @ParameterizedTest
  @EnumSource(WindowKind.class)
  void impossibleTargetsAnswerInTime(WindowKind kind) {
    ProcessorTime.assertUnderASecond(
        () -> assertTrue(Solver.solve(kind, 10, 1L << 40, Bounds.DEFAULT).reason().isPresent()));
    ProcessorTime.assertUnderASecond(
        () -> assertTrue(Solver.solve(kind, 1L << 40, 11, Bounds.DEFAULT).reason().isPresent()));
  }
}

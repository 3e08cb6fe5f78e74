package io.github.convlens.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.convlens.ProcessorTime;
import io.github.convlens.layer.Axis;
import io.github.convlens.layer.Size;
import io.github.convlens.notation.PyTorch;
import io.github.convlens.plan.PlanRequest.Activations;
import io.github.convlens.plan.PlanRequest.Channels;
import io.github.convlens.plan.PlanRequest.Growth;
import io.github.convlens.plan.PlanRequest.Kernels;
import io.github.convlens.plan.PlanRequest.Limits;
import io.github.convlens.trace.Convention;
import io.github.convlens.trace.Row;
import io.github.convlens.trace.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Plans against what a trace says of them, the lesson's claims, and trying everything. */
class PlannerTest {
  private static final PlanRequest SQUARE = PlanRequest.of(Size.square(224));

  @Test
  void aHundredLayersWithFiveHalvings() {
    Plan plan = Planner.plan(SQUARE.withLayers(100).withHalvings(5));
    assertEquals(100, plan.layers().size());
    assertEquals(Size.square(7), plan.finalSize());
    assertEquals(List.of(17, 34, 51, 67, 84), halvingNumbers(plan));
    assertEquals(
        List.of(224L, 112L, 56L, 28L, 14L, 7L),
        plan.sizes(Axis.HEIGHT).stream().distinct().toList());
    assertEquals(101, plan.sizes(Axis.WIDTH).size());
    assertEquals(512, plan.layers().get(99).convolution().outChannels());
    agreesWithItsTrace(plan);
  }

  private static List<Integer> halvingNumbers(Plan plan) {
    return plan.layers().stream().filter(Plan.Layer::halves).map(Plan.Layer::number).toList();
  }

  @Test
  void evenlyMeansThatGapsDifferByAtMostOne() {
    int cases = 0;
    for (int layers = 1; layers <= 40; layers++) {
      for (int halvings = 0; halvings <= Math.min(layers, 12); halvings++) {
        PlanRequest request =
            PlanRequest.of(new Size(4096, 100))
                .withLayers(layers)
                .withHalvings(halvings)
                .withChannels(new Channels(1, 1, Growth.CONSTANT));
        List<Integer> numbers = halvingNumbers(Planner.plan(request));
        assertEquals(halvings, numbers.size());
        List<Integer> gaps = new ArrayList<>();
        int last = 0;
        for (int number : numbers) {
          gaps.add(number - last - 1);
          last = number;
        }
        gaps.add(layers - last);
        int least = gaps.stream().min(Integer::compare).orElseThrow();
        int most = gaps.stream().max(Integer::compare).orElseThrow();
        assertTrue(most - least <= 1, layers + " layers, " + halvings + ": " + gaps);
        cases++;
      }
    }
    assertEquals(454, cases);
  }

  /** The trace is computed by other means: parsed from the notation, layer by layer. */
  private static void agreesWithItsTrace(Plan plan) {
    Trace trace =
        Trace.of(
            PyTorch.parse(plan.network().toString()).layer(), plan.input(), Convention.TORCHVISION);
    assertEquals(plan.finalSize().height(), trace.output().get(2));
    assertEquals(plan.finalSize().width(), trace.output().get(3));
    assertEquals(plan.macs(), trace.totals().macs());
    assertEquals(plan.parameters(), trace.totals().parameters());
    Row last = trace.rows().get(trace.rows().size() - 1);
    assertEquals(plan.receptiveField(), last.receptiveField().height().size());
    assertEquals(plan.receptiveField(), last.receptiveField().width().size());
    List<Row> convolutions =
        trace.rows().stream().filter(row -> row.type().equals("Conv2d")).toList();
    assertEquals(plan.layers().size(), convolutions.size());
    for (int i = 0; i < convolutions.size(); i++) {
      assertEquals(plan.layers().get(i).output().width(), convolutions.get(i).output().get(3));
      assertEquals(
          plan.layers().get(i).receptiveField(),
          convolutions.get(i).receptiveField().height().size());
    }
  }

  @Test
  void randomRequestsAreGrantedOrRefused() {
    Random random = new Random(7);
    int granted = 0;
    int refused = 0;
    for (int i = 0; i < 400; i++) {
      PlanRequest request = random(random);
      try {
        Plan plan = Planner.plan(request);
        granted++;
        agreesWithItsTrace(plan);
        assertEquals(plan, Planner.plan(request), "the same request gets the same plan");
        request.layers().ifPresent(n -> assertEquals(n, plan.layers().size()));
        request.halvings().ifPresent(n -> assertEquals(n, plan.halvings()));
        request.finalSize().ifPresent(size -> assertEquals(size, plan.finalSize()));
        request.receptiveField().ifPresent(r -> assertTrue(plan.receptiveField() >= r));
        request.limits().macs().ifPresent(most -> assertTrue(plan.macs() <= most));
        request.limits().parameters().ifPresent(most -> assertTrue(plan.parameters() <= most));
        request
            .kernels()
            .first()
            .ifPresent(
                k ->
                    assertEquals(k, plan.layers().get(0).convolution().window().kernel().height()));
      } catch (PlanException e) {
        refused++;
        assertEquals(3, e.getMessage().split("\n").length, e.getMessage());
      }
    }
    assertEquals(400, granted + refused);
    assertTrue(granted > 80 && refused > 80, granted + " granted");
  }

  private static PlanRequest random(Random random) {
    PlanRequest request =
        PlanRequest.of(new Size(8 + random.nextInt(120), 8 + random.nextInt(120)))
            .withChannels(
                new Channels(
                    1 + random.nextInt(4),
                    1 + random.nextInt(24),
                    random.nextBoolean() ? Growth.DOUBLING : Growth.CONSTANT))
            .withActivations(random.nextBoolean() ? Activations.NONE : Activations.RELU);
    if (random.nextInt(4) > 0) {
      request = request.withLayers(1 + random.nextInt(20));
    }
    if (random.nextInt(2) == 0) {
      request = request.withHalvings(random.nextInt(6));
    }
    if (random.nextInt(3) == 0) {
      request = request.withFinalSize(new Size(2 + random.nextInt(14), 2 + random.nextInt(14)));
    }
    if (random.nextInt(3) == 0) {
      request = request.withReceptiveField(1 + random.nextInt(90));
    }
    if (random.nextInt(3) == 0) {
      request =
          request.withKernels(
              new Kernels(
                  OptionalLong.of(1 + 2 * random.nextInt(6)),
                  random.nextBoolean()
                      ? OptionalLong.of(1 + 2 * random.nextInt(3))
                      : OptionalLong.empty()));
    }
    return random.nextInt(3) == 0
        ? request.withLimits(
            new Limits(
                OptionalLong.of(1_000_000L * (1 + random.nextInt(50))),
                OptionalLong.of(10_000L * (1 + random.nextInt(50)))))
        : request;
  }

  /** Every assignment of paddings 0 .. (k - 1) / 2 to the layers, sent forwards. */
  @Test
  void finalSizesAreReachedWheneverSomePaddingsReachThem() {
    int reached = 0;
    int refused = 0;
    for (int layers = 1; layers <= 4; layers++) {
      for (int kernel = 3; kernel <= 5; kernel += 2) {
        for (int halvings = 0; halvings <= layers && halvings <= 3; halvings++) {
          for (int input = 5; input <= 24; input += 3) {
            PlanRequest request =
                PlanRequest.of(Size.square(input)).withLayers(layers).withKernel(kernel);
            if (halvings > Halvings.most(Size.square(input))) {
              continue;
            }
            List<Integer> numbers = halvingNumbers(Planner.plan(request.withHalvings(halvings)));
            List<Integer> possible = new ArrayList<>();
            allFinalSizes(input, 1, layers, kernel, numbers, possible);
            for (int wanted = 1; wanted <= input; wanted++) {
              PlanRequest exact = request.withHalvings(halvings).withFinalSize(Size.square(wanted));
              if (possible.contains(wanted)) {
                assertEquals(Size.square(wanted), Planner.plan(exact).finalSize());
                reached++;
              } else {
                PlanException e = assertThrows(PlanException.class, () -> Planner.plan(exact));
                int target = wanted;
                int nearest =
                    possible.stream().mapToInt(s -> Math.abs(s - target)).min().orElseThrow();
                String size = e.remedy().replaceAll("Use final size (\\d+)x.*", "$1");
                assertEquals(nearest, Math.abs(Integer.parseInt(size) - wanted), e.getMessage());
                refused++;
              }
            }
          }
        }
      }
    }
    assertTrue(reached > 300 && refused > 300, reached + " reached, " + refused + " refused");
  }

  private static void allFinalSizes(
      int size, int number, int layers, int kernel, List<Integer> halvings, List<Integer> found) {
    if (number > layers) {
      found.add(size);
      return;
    }
    int stride = halvings.contains(number) ? 2 : 1;
    for (int padding = 0; padding <= (kernel - 1) / 2; padding++) {
      int places = 0;
      for (int start = -padding; start + kernel <= size + padding; start += stride) {
        places++;
      }
      if (places > 0) {
        allFinalSizes(places, number + 1, layers, kernel, halvings, found);
      }
    }
  }

  @Test
  void aCameraPictureToASevenBySevenHead() {
    Plan plan =
        Planner.plan(
            PlanRequest.of(new Size(480, 640)).withLayers(20).withFinalSize(Size.square(7)));
    assertEquals(Size.square(7), plan.finalSize());
    agreesWithItsTrace(plan);
    PlanException e =
        assertThrows(
            PlanException.class,
            () ->
                Planner.plan(
                    PlanRequest.of(new Size(480, 640))
                        .withLayers(20)
                        .withHalvings(0)
                        .withFinalSize(Size.square(7))));
    assertEquals(
        """
        20 layers with 0 halvings do not make 7x7 of 480x640.
        The nearest size on which height and width agree is 440x600, with 0 halvings: with padding they make 480x640, and each layer without padding takes 2 at its place.
        Use final size 440x600, other halvings, or other layers.""",
        e.getMessage());
  }

  /** All stacks of 3x3 and 5x5 layers, strides 1 and 2, that are no deeper than they need be. */
  private static final class BruteForce {
    private final PlanRequest request;
    private long best = Long.MAX_VALUE;
    private long tried;

    BruteForce(PlanRequest request) {
      this.request = request;
    }

    void from(long height, long width, long channels, long made, long jump, long field, long macs) {
      tried++;
      long wanted = request.receptiveField().orElseThrow();
      if (macs >= best) {
        return;
      }
      if (field >= wanted && made > 0) {
        best = macs;
        return;
      }
      boolean first = made == 0;
      long before = first ? request.channels().start() : channels;
      for (long kernel : new long[] {3, 5}) {
        for (long stride = 1; stride <= 2; stride++) {
          if (stride == 2 && height == 1 && width == 1) {
            continue;
          }
          long rows = (height + stride - 1) / stride;
          long columns = (width + stride - 1) / stride;
          boolean doubles = stride == 2 && request.channels().growth() == Growth.DOUBLING;
          long out = doubles ? 2 * before : before;
          long in = first ? request.channels().input() : channels;
          long cost = rows * columns * in * out * kernel * kernel;
          from(
              rows,
              columns,
              out,
              made + 1,
              jump * stride,
              field + (kernel - 1) * jump,
              macs + cost);
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"DOUBLING, 3, 4", "CONSTANT, 3, 4", "DOUBLING, 64, 2", "CONSTANT, 1, 9"})
  void theCheapestStackIsTheCheapestOfAll(Growth growth, long inChannels, long start) {
    long tried = 0;
    int cases = 0;
    for (Size input : List.of(new Size(16, 23), new Size(5, 64))) {
      for (int field = 1; field <= 27; field++) {
        PlanRequest request =
            PlanRequest.of(input)
                .withReceptiveField(field)
                .withChannels(new Channels(inChannels, start, growth));
        BruteForce all = new BruteForce(request);
        all.from(input.height(), input.width(), 0, 0, 1, 1, 0);
        Plan plan = Planner.plan(request);
        assertEquals(all.best, plan.macs(), () -> input + " " + request.receptiveField());
        assertTrue(plan.receptiveField() >= field);
        tried += all.tried;
        cases++;
      }
    }
    assertEquals(54, cases);
    assertTrue(tried > 1000, "tried: " + tried);
  }

  @Test
  void theCheapestStackThatSeesAPicture() {
    Limits twoBillion = new Limits(OptionalLong.of(2_000_000_000), OptionalLong.empty());
    Plan plan = Planner.plan(SQUARE.withReceptiveField(224).withLimits(twoBillion));
    assertTrue(plan.receptiveField() >= 224);
    assertEquals(393_043_968, plan.macs()); // found by Dijkstra's algorithm, in another language
    assertEquals(7, plan.layers().size());
    agreesWithItsTrace(plan);

    Plan flat = Planner.plan(SQUARE.withReceptiveField(224).withHalvings(0));
    // One 5x5 layer on the picture's 3 channels is cheaper than a second 3x3 layer on 16.
    assertEquals(111, flat.layers().size());
    assertEquals(225, flat.receptiveField());
    assertEquals(
        112,
        Planner.plan(SQUARE.withReceptiveField(224).withHalvings(0).withKernel(3)).layers().size());

    Plan seven = Planner.plan(SQUARE.withReceptiveField(224).withFinalSize(Size.square(7)));
    assertEquals(5, seven.halvings());
    assertEquals(Size.square(7), seven.finalSize());
    assertTrue(seven.receptiveField() >= 224);
  }

  @Test
  void fewestLayersToSeeAPicture() {
    PlanRequest sees = SQUARE.withReceptiveField(224);
    assertEquals(OptionalLong.of(112), Planner.fewestLayers(sees)); // (224 - 1) / 2 = 111.5
    assertEquals(OptionalLong.of(56), Planner.fewestLayers(sees.withKernel(5))); // 223 / 4 = 55.75
    long five = Planner.fewestLayers(sees.withHalvings(5)).orElseThrow();
    assertEquals(13, five);
    assertTrue(Planner.plan(sees.withHalvings(5).withLayers(five)).receptiveField() >= 224);
    assertThrows(
        PlanException.class, () -> Planner.plan(sees.withHalvings(5).withLayers(five - 1)));
    assertEquals(OptionalLong.empty(), Planner.fewestLayers(sees.withKernel(1)));
  }

  @Test
  void wishesThatContradictEachOther() {
    refused(
        """
        224x224 cannot be halved 9 times.
        After 8 it is 1x1: 224x224, 112x112, 56x56, 28x28, 14x14, 7x7, 4x4, 2x2, 1x1.
        Use at most 8 halvings, or an input of more than 2^8 on one side.""",
        SQUARE.withLayers(20).withHalvings(9));
    refused(
        """
        each halving needs a layer.
        There are 5 halvings but 4 layers.
        Use at least 5 layers, or at most 4 halvings.""",
        SQUARE.withLayers(4).withHalvings(5));
    refused(
        """
        a number of layers or a receptive field is needed.
        The request for 224x224 has neither.
        Say how many layers, or how many pixels the last one has to see.""",
        SQUARE.withHalvings(5));
    refused(
        """
        halving alone does not make 10x10 of 224x224 in 5 steps.
        It makes 224x224, 112x112, 56x56, 28x28, 14x14, 7x7, 4x4, 2x2, 1x1.
        Use one of these sizes, or say how many layers, so that some can go without padding.""",
        SQUARE.withReceptiveField(100).withHalvings(5).withFinalSize(Size.square(10)));
    refused(
        """
        the last layer does not see 224 pixels.
        With 10 layers, 2 of them with stride 2, it sees 45.
        Use at least 49 layers, more halvings or a larger kernel.""",
        SQUARE.withLayers(10).withHalvings(2).withReceptiveField(224));
    refused(
        """
        the network costs more than it may.
        It needs 11177607168 multiply-adds where 1000000000 are allowed.
        Start with 4 channels or fewer, or allow more.""",
        SQUARE
            .withLayers(100)
            .withHalvings(5)
            .withLimits(new Limits(OptionalLong.of(1_000_000_000), OptionalLong.empty())));
    refused(
        """
        the cheapest stack that sees 224 pixels costs more than it may.
        It needs 393043968 multiply-adds where 1000 are allowed, and 25164608 parameters where 10 are allowed.
        Even one starting channel costs more: allow more, or wish for less.""",
        SQUARE
            .withReceptiveField(224)
            .withLimits(new Limits(OptionalLong.of(1000), OptionalLong.of(10))));
    refused(
        """
        no stack sees 224 pixels.
        A kernel of 1 sees one pixel, however many layers there are.
        Use kernel 3 or more.""",
        SQUARE.withReceptiveField(224).withKernel(1));
  }

  @Test
  void numbersOutOfRange() {
    assertEquals(
        """
        the kernel must be odd.
        It is 4, and no padding equal on both sides adds 3.
        Use 3 or 5.""",
        assertThrows(PlanException.class, () -> SQUARE.withKernel(4)).getMessage());
    assertEquals(
        "the layers must be from 1 to 10000.\nHere it is 0.\nUse the layers 1.",
        assertThrows(PlanException.class, () -> SQUARE.withLayers(0)).getMessage());
    assertEquals(
        "the receptive field must be from 1 to 4096.\nHere it is 5000.\nUse the receptive field"
            + " 4096.",
        assertThrows(PlanException.class, () -> SQUARE.withReceptiveField(5000)).getMessage());
  }

  private static void refused(String message, PlanRequest request) {
    assertEquals(
        message, assertThrows(PlanException.class, () -> Planner.plan(request)).getMessage());
  }

  @Test
  void theHardestRequestsAnswerInTime() {
    PlanRequest large = PlanRequest.of(Size.square(1 << 20));
    ProcessorTime.assertUnderASecond(() -> Planner.plan(large.withReceptiveField(4096)));
    PlanRequest flat = PlanRequest.of(Size.square(4096)).withReceptiveField(4096).withHalvings(0);
    ProcessorTime.assertUnderASecond(() -> Planner.plan(flat));
    PlanRequest uneven = large.withLayers(10_000).withFinalSize(new Size(1 << 20, 1 << 19));
    ProcessorTime.assertUnderASecond(
        () -> assertThrows(PlanException.class, () -> Planner.plan(uneven)));
  }
}

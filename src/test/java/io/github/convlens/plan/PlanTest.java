package io.github.convlens.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.graph.Shapes;
import io.github.convlens.layer.ConvSpec;
import io.github.convlens.layer.Size;
import io.github.convlens.notation.PyTorch;
import io.github.convlens.plan.Plan.Activations;
import io.github.convlens.plan.Plan.Channels;
import io.github.convlens.plan.Plan.Growth;
import io.github.convlens.plan.Plan.Kernels;
import io.github.convlens.trace.Row;
import io.github.convlens.trace.Trace;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Stacks whose halvings are spread evenly. */
class PlanTest {
  @Test
  void aHundredLayersWithFiveHalvings() {
    Plan plan =
        Plan.of(Size.square(224), 100, 5).withChannels(new Channels(3, 16, Growth.DOUBLING));
    assertEquals(List.of(17L, 34L, 51L, 67L, 84L), plan.strides().positions());
    Trace trace = plan.trace();
    assertEquals(new Shape(1, 512, 7, 7), trace.output());
    assertEquals(100, trace.rows().size());
    List<Long> heights = trace.rows().stream().map(row -> row.output().get(2)).toList();
    assertEquals(List.of(224L, 112L, 56L, 28L, 14L, 7L), heights.stream().distinct().toList());
    assertEquals(16, heights.indexOf(112L));
  }

  /** Evenly: the stretches without stride differ by one layer at most. */
  @Test
  void evenlyMeansThatGapsDifferByAtMostOne() {
    int cases = 0;
    for (int layers = 1; layers <= 40; layers++) {
      for (int strided = 0; strided <= layers; strided++) {
        EvenStrides even = new EvenStrides(layers, strided, 3);
        List<Long> ends = new ArrayList<>(List.of(0L));
        for (int i = 0; i < layers; i++) {
          if (even.strides().get(i) == 3) {
            ends.add(i + 1L);
          }
        }
        assertEquals(even.positions(), ends.subList(1, ends.size()));
        assertEquals(strided, ends.size() - 1);
        ends.add(layers + 1L);
        List<Long> gaps = new ArrayList<>();
        for (int i = 1; i < ends.size(); i++) {
          gaps.add(ends.get(i) - ends.get(i - 1) - 1);
        }
        assertTrue(Collections.max(gaps) - Collections.min(gaps) <= 1, even + ": " + gaps);
        cases++;
      }
    }
    assertEquals(860, cases);
  }

  /** 3 x 64 x 9 + 64 and 64 x 64 x 9 + 64 parameters, by hand. */
  @Test
  void whatThePlanIs() {
    Plan plan =
        Plan.of(new Size(32, 20), 3, 2)
            .withKernels(new Kernels(7, 3))
            .withChannels(new Channels(1, 8, Growth.DOUBLING))
            .withActivations(Activations.RELU);
    assertEquals(
        """
        Sequential(
          (0): Conv2d(1, 16, kernel_size=(7, 7), stride=(2, 2), padding=(3, 3))
          (1): ReLU()
          (2): Conv2d(16, 16, kernel_size=(3, 3), padding=(1, 1))
          (3): ReLU()
          (4): Conv2d(16, 32, kernel_size=(3, 3), stride=(2, 2), padding=(1, 1))
          (5): ReLU()
        )""",
        plan.network().toString());
    assertEquals(plan.network(), PyTorch.parse(plan.network().toString()));
    Trace trace = plan.trace();
    assertEquals(new Shape(1, 32, 8, 5), trace.output());
    assertEquals(784 + 16 + 2304 + 16 + 4608 + 32, trace.totals().parameters());
    assertEquals(160 * 784 + 160 * 2304 + 40 * 4608, trace.totals().cost());
    Row last = trace.rows().get(trace.rows().size() - 1);
    assertEquals(15, last.receptiveField().height().size()); // 7 + 2 x 2 + 2 x 2
  }

  @ParameterizedTest
  @CsvSource({"100, 3", "7, 2"})
  void sequencesAndVolumes(long side, long halvings) {
    for (int axes = 1; axes <= 3; axes++) {
      Plan plan = Plan.of(Size.all(axes, side), 4, halvings);
      Shape output = Shapes.infer(plan.network(), plan.trace().input()).output();
      assertEquals(axes + 2, output.dimension());
      assertEquals((side - 1) / (1L << halvings) + 1, output.get(axes + 1));
      assertEquals(axes, ((ConvSpec) plan.network().nodes().get(0).layer()).spatialAxes());
    }
  }

  @Test
  void halvingsToASize() {
    assertEquals(5, Plan.halvings(Size.square(224), Size.square(7)));
    assertEquals(0, Plan.halvings(new Size(9, 1), new Size(9, 1)));
    assertEquals(2, Plan.halvings(new Size(9, 1), new Size(3, 1)));
    assertEquals(
        """
        halving does not make 9x9 of 224x224.
        It makes 224x224, 112x112, 56x56, 28x28, 14x14, 7x7, 4x4, 2x2, 1x1.
        Use one of these sizes.""",
        refused(() -> Plan.halvings(Size.square(224), Size.square(9))));
  }

  @Test
  void whatCannotBe() {
    assertEquals(
        """
        224x224 cannot be halved 9 times.
        After 8 it is 1x1: 224x224, 112x112, 56x56, 28x28, 14x14, 7x7, 4x4, 2x2, 1x1.
        Use at most 8 halvings, or an input of more than 2^8 on one side.""",
        refused(() -> Plan.of(Size.square(224), 20, 9)));
    assertEquals(
        """
        each halving needs a layer.
        There are 5 halvings but 4 layers.
        Use at least 5 layers, or at most 4 halvings.""",
        refused(() -> Plan.of(Size.square(224), 4, 5)));
    assertEquals(
        """
        the kernel must be odd.
        It is 4, and no padding equal on both sides adds 3.
        Use 3 or 5.""",
        refused(() -> new Kernels(3, 4)));
    assertEquals(
        "the layers must be from 1 to 10000.\nHere it is 0.\nUse the layers 1.",
        refused(() -> Plan.of(Size.square(224), 0, 0)));
    assertEquals(
        "the stride of the halvings must be from 2 to 2.\nHere it is 3.\nUse the stride of the"
            + " halvings 2.",
        refused(
            () ->
                new Plan(
                    Size.square(9),
                    new EvenStrides(4, 1, 3),
                    new Kernels(3, 3),
                    new Channels(1, 1, Growth.CONSTANT),
                    Activations.NONE)));
  }

  private static String refused(Runnable request) {
    return assertThrows(PlanException.class, request::run).getMessage();
  }
}

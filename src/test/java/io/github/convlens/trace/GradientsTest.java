package io.github.convlens.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.graph.Node;
import io.github.convlens.graph.Shaped;
import io.github.convlens.graph.Shapes;
import io.github.convlens.layer.Axis;
import io.github.convlens.notation.PyTorch;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/**
 * What an output in the middle sees, against PyTorch 2.13's gradients: {@code gradients.tsv} holds
 * the first and the last input with a gradient other than zero, all weights being positive.
 */
class GradientsTest {
  /** The extremes of the table's arithmetic, and the exact positions. */
  @ParameterizedTest
  @CsvFileSource(resources = "gradients.tsv", delimiter = '\t', numLinesToSkip = 1)
  void seesWhatHasAGradient(
      String input, String notation, String axisName, long output, long first, long last) {
    Axis axis = Axis.valueOf(axisName.toUpperCase(Locale.ROOT));
    long[] sizes = Arrays.stream(input.split("x")).mapToLong(Long::parseLong).toArray();
    Flow flow = Flow.of(Layout.of(new Shape(sizes), Axis.in(new Shape(sizes))));
    for (Node node : PyTorch.parse(notation).nodes()) {
      flow =
          Flow.through(node.layer(), List.of(flow), 0, node.layer().output(flow.layout().shape()));
    }
    Phases phases = flow.phases().get(flow.layout().axes().indexOf(axis));
    assertEquals(first, phases.first(output));
    assertEquals(last, phases.last(output));
    Shaped network = Shapes.infer(PyTorch.parse(notation), new Shape(sizes));
    List<Long> position =
        Axis.in(network.output()).stream()
            .map(each -> each == axis ? output : each.of(network.output()) / 2)
            .toList();
    Seen seen = Seen.of(network, network.graph().outputs().get(0), position);
    assertEquals(first, seen.on(axis).first());
    assertEquals(last, seen.on(axis).last());
  }
}

package io.github.convlens.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.Axis;
import io.github.convlens.layer.Child;
import io.github.convlens.layer.SequentialSpec;
import io.github.convlens.notation.PyTorch;
import java.util.Arrays;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/**
 * What an output in the middle sees, against PyTorch 2.13's gradients: {@code gradients.tsv} holds
 * the first and the last input with a gradient other than zero, all weights being positive.
 */
class GradientsTest {
  @ParameterizedTest
  @CsvFileSource(resources = "gradients.tsv", delimiter = '\t', numLinesToSkip = 1)
  void seesWhatHasAGradient(
      String input, String notation, String axisName, long output, long first, long last) {
    Axis axis = Axis.valueOf(axisName.toUpperCase(Locale.ROOT));
    long[] sizes = Arrays.stream(input.split("x")).mapToLong(Long::parseLong).toArray();
    Flow flow = Flow.of(new Shape(sizes));
    for (Child child : ((SequentialSpec) PyTorch.parse(notation).layer()).children()) {
      flow = flow.through(child.layer(), child.layer().output(flow.shape()));
    }
    assertEquals(first, flow.on(axis).phases().first(output));
    assertEquals(last, flow.on(axis).phases().last(output));
  }
}

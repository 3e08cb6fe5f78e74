package io.github.convlens.notation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.graph.Graph;
import io.github.convlens.layer.Convention;
import io.github.convlens.trace.Trace;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PresetsTest {
  /** torchvision's and d2l's numbers; NiN's parameters are counted by PyTorch from d2l's code. */
  @ParameterizedTest
  @CsvSource({
    "lenet,         1x1x28x28,   61706,     416520,      10",
    "alexnet,       1x3x224x224, 61100840,  714188480,   1000",
    "vgg11,         1x3x224x224, 132863336, 7609090048,  1000",
    "vgg16,         1x3x224x224, 138357544, 15470264320, 1000",
    "nin,           1x1x224x224, 1992166,   762297352,   10",
    "googlenet,     1x3x224x224, 6624904,   1498376192,  1000",
    "resnet18,      1x3x224x224, 11689512,  1814073344,  1000",
    "resnet50,      1x3x224x224, 25557032,  4089184256,  1000",
    "densenet121,   1x3x224x224, 7978856,   2834161664,  1000",
    "mobilenet_v2,  1x3x224x224, 3504872,   300774272,   1000",
    "squeezenet1_0, 1x3x224x224, 1248424,   818924576,   1000"
  })
  void everyPresetHasThePublishedNumbers(
      String name, String input, long parameters, long macs, long classes) {
    Graph network = PyTorch.parse(Presets.text(name));
    assertEquals(Oracle.shape(input), Presets.input(name));
    Trace trace = Trace.of(network, Presets.input(name), Convention.TORCHVISION);
    assertEquals(parameters, network.parameters());
    assertEquals(parameters, trace.totals().parameters());
    assertEquals(macs, trace.totals().cost());
    assertEquals(new Shape(1, classes), trace.output());
    assertEquals(List.of(), trace.notes());
    assertEquals(network, PyTorch.parse(network.toString()));
  }

  @Test
  void thereAreEleven() {
    assertEquals(
        "lenet alexnet vgg11 vgg16 nin googlenet resnet18 resnet50 densenet121 mobilenet_v2"
            + " squeezenet1_0",
        String.join(" ", Presets.names()));
  }

  @Test
  void anUnknownNameIsAnsweredWithTheNearest() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> Presets.text("resnet-18"));
    assertEquals(
        """
        there is no network called resnet-18.
        Did you mean resnet18? There are lenet, alexnet, vgg11, vgg16, nin, googlenet, resnet18, \
        resnet50, densenet121, mobilenet_v2, squeezenet1_0.\
        """,
        e.getMessage());
  }
}

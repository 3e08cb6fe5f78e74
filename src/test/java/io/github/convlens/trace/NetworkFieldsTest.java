package io.github.convlens.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.convlens.graph.Edge;
import io.github.convlens.graph.Graph;
import io.github.convlens.graph.Shaped;
import io.github.convlens.graph.Shapes;
import io.github.convlens.layer.Axis;
import io.github.convlens.layer.Convention;
import io.github.convlens.notation.PyTorch;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Size, stride and start of networks as they are printed, and what the unit in the middle reads,
 * against gradients in PyTorch with positive weights ({@code receptive_fields.json}).
 */
class NetworkFieldsTest {
  @ParameterizedTest
  @CsvSource({
    "alexnet, alexnet, 3",
    "vgg11, vgg11, 3",
    "vgg16, vgg16, 3",
    "resnet18, resnet18, 3",
    "resnet34, resnet34, 3",
    "resnet50, resnet50, 3",
    "squeezenet1_0, squeezenet1_0, 3",
    "mobilenet_v2, mobilenet_v2, 3",
    "mnasnet1_0, mnasnet0_5, 3", // the same windows, with half the channels
    "resnext50_32x4d, resnext50_32x4d, 3",
    "googlenet_noaux, googlenet, 3",
    "densenet121, densenet121, 3",
    "hand:nin_cifar, nin_cifar, 3",
    "hand:patchgan_discriminator, patchgan_discriminator, 6",
    "hand:dcgan_discriminator, dcgan_discriminator, 3",
    "hand:srcnn, srcnn, 1",
    "hand:vgg16_kuangliu, vgg16_kuangliu, 3",
  })
  void theTableAndTheMiddleAgreeWithGradients(String name, String print, long channels)
      throws IOException {
    JsonObject expected =
        JsonParser.parseString(resource("receptive_fields.json"))
            .getAsJsonObject()
            .getAsJsonObject(name);
    Graph graph =
        PyTorch.parse(resource("pytorch_prints/" + print + ".txt"))
            .upTo(expected.get("path").getAsString());
    Shape input = new Shape(1, channels, expected.get("input_height").getAsLong(), 400);
    Shaped network = Shapes.infer(graph, input);
    Trace trace = Trace.of(network, Convention.TORCHVISION);
    ReceptiveField.OnAxis field =
        trace.rows().get(trace.rows().size() - 1).receptiveField().height();
    long rows = expected.get("map_height").getAsLong();
    assertEquals(rows, network.output().get(2));
    assertEquals(expected.get("size").getAsLong(), field.size());
    assertEquals(expected.get("stride").getAsString(), field.stride().toString());
    assertEquals(expected.get("start").getAsLong(), field.start());
    Edge end = network.graph().outputs().get(0);
    Seen.Positions read = Seen.of(network, end, List.of(rows / 2, 0L)).on(Axis.HEIGHT);
    long first = field.start() + rows / 2 * field.stride().numerator();
    assertEquals(first, read.first());
    assertEquals(first + field.size() - 1, read.last());
    assertEquals(field.size(), read.count()); // these networks read without holes
  }

  private static String resource(String name) throws IOException {
    String path = "/io/github/convlens/oracles/" + name;
    try (InputStream in =
        Objects.requireNonNull(NetworkFieldsTest.class.getResourceAsStream(path))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}

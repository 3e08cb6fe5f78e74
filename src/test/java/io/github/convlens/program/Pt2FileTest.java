package io.github.convlens.program;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonObject;
import io.github.convlens.graph.Shapes;
import io.github.convlens.layer.Convention;
import io.github.convlens.trace.Trace;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of {@code torch.export.save} against what PyTorch says of them. */
class Pt2FileTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "audio_conv1d",
        "crnn_lstm",
        "dcgan_generator",
        "densenet",
        "pixelshuffle_lrn",
        "se_reflect_prelu",
        "shared_weights",
        "two_outputs",
        "unet"
      })
  void answersArePyTorchs(String name) throws IOException {
    JsonObject answer = Oracles.programs().getAsJsonObject(name);
    Program program = Pt2File.read(Oracles.program(name + ".pt2"));
    Shape input = Oracles.shape(answer.getAsJsonArray("input"));
    Trace trace = Trace.of(ProgramGraph.of(program), input, Convention.TORCHVISION);
    assertAll(
        () -> assertEquals("2.13.0+cpu", program.torchVersion().orElse("")),
        () ->
            assertEquals(
                Oracles.shapes(answer.getAsJsonArray("outputs")), trace.network().outputs()),
        () -> assertEquals(answer.get("parameters").getAsLong(), trace.totals().parameters()),
        () -> assertEquals(answer.get("parameters").getAsLong(), program.parameters()),
        () -> assertEquals(answer.get("macs").getAsLong(), trace.totals().cost()));
  }

  /**
   * PyTorch's count of this one (84,064) was taken where MultiheadAttention runs as one operator
   * that its counter does not see; the program has its products, 2 x 26,656 of them.
   */
  @Test
  void attentionIsCountedAsTheProgramHasIt() throws IOException {
    JsonObject answer = Oracles.programs().getAsJsonObject("vit");
    Program program = Pt2File.read(Oracles.program("vit.pt2"));
    Trace trace =
        Trace.of(ProgramGraph.of(program), new Shape(1, 3, 32, 32), Convention.TORCHVISION);
    assertEquals(answer.get("macs").getAsLong() + 2 * 26_656, trace.totals().cost());
    assertEquals(answer.get("parameters").getAsLong(), trace.totals().parameters());
  }

  @Test
  void aCallSaysItsModuleAndItsArguments() throws IOException {
    Program program = Pt2File.read(Oracles.program("unet.pt2"));
    Call conv = program.calls().get(0);
    assertEquals("aten.conv2d.default(x, p_d1_0_weight, None, [1, 1], [1, 1])", conv.toString());
    assertEquals(Optional.of("d1.0"), conv.module());
    assertEquals(Optional.of("torch.nn.modules.conv.Conv2d"), conv.moduleClass());
    assertEquals(
        Optional.of("torch.nn.modules.container.Sequential"),
        Optional.ofNullable(program.modules().get("d1")));
    assertEquals(
        new Program.Input(
            Program.Input.Kind.PARAMETER, "p_d1_0_weight", Optional.of("d1.0.weight")),
        program.inputs().get(0));
    assertEquals("float32[s77, 3, 32, 24]", program.userTensors().get(0).type().toString());
  }

  /** The numbers that PyTorch prints for the same file: dynamic_program.py. */
  @Test
  void weightsAreThoseThatPyTorchSaved() throws IOException {
    Program program = Pt2File.read(Oracles.program("dynamic.pt2"));
    try (Weights.Reader reader = program.weights().open()) {
      assertEquals(-0.0014408392598852515, reader.bytes("c.weight").getFloat(0), 1e-10);
      ByteBuffer bytes = reader.bytes("d.weight");
      double sum = 0;
      while (bytes.hasRemaining()) {
        sum += bytes.getFloat();
      }
      assertEquals(0.6422276496887207, sum, 1e-5);
      assertEquals(2, reader.bytes("k").getFloat(0));
      assertEquals(0, reader.bytes("b.num_batches_tracked").getLong(0));
    }
  }

  /** The archive of PyTorch 2.1 to 2.7, whose weights are a pickle. */
  @Test
  void theOlderArchiveIsTheSameProgram() throws IOException {
    Program today = Pt2File.read(Oracles.program("dynamic.pt2"));
    Program old = Pt2File.read(Oracles.program("dynamic_old.pt2"));
    assertEquals(today.calls(), old.calls());
    assertEquals(today.values(), old.values());
    assertEquals(today.inputs(), old.inputs());
    assertEquals(today.ranges(), old.ranges());
    assertEquals(today.weights().names().size(), old.weights().names().size());
    try (Weights.Reader one = today.weights().open();
        Weights.Reader other = old.weights().open()) {
      for (String name : today.weights().names()) {
        assertEquals(one.bytes(name), other.bytes(name), name);
      }
    }
  }

  @Test
  void thePrintIsTheSameProgramWithoutWeights() throws IOException {
    Program file = Pt2File.read(Oracles.program("dynamic.pt2"));
    Program print = ProgramText.parse(Files.readString(Oracles.program("dynamic.txt")));
    assertEquals(file.inputs(), print.inputs());
    assertEquals(file.outputs(), print.outputs());
    assertEquals(texts(file.calls()), texts(print.calls()));
    Map<String, Long> symbols = Map.of("s77", 3L, "s39", 5L);
    for (Value value : file.values().values()) {
      if (value instanceof Value.Tensor tensor) {
        assertEquals(
            tensor.type().shape(symbols),
            print.tensor(value.name()).orElseThrow().type().shape(symbols),
            value.name());
      }
    }
    ProgramException none = assertThrows(ProgramException.class, () -> print.weights().open());
    assertEquals(
        "a print of a program shows no weights.\n"
            + "Give the file that torch.export.save(program, \"model.pt2\") writes.",
        none.getMessage());
  }

  private static List<String> texts(List<Call> calls) {
    return calls.stream().map(Call::toString).toList();
  }

  /** PyTorch's shapes for both inputs are those that dynamic_program.py prints. */
  @Test
  void freeSizesAreFollowed() throws IOException {
    for (String name : List.of("dynamic.pt2", "dynamic_old.pt2")) {
      Program program = Pt2File.read(Oracles.program(name));
      assertEquals(List.of(new Shape(1, 3, 16, 12)), ProgramInputs.own(program));
      List<Shape> large = Shapes.infer(ProgramGraph.of(program), new Shape(3, 3, 20, 12)).outputs();
      assertEquals(
          List.of(new Shape(60, 12, 5), new Shape(3, 8, 10, 6), new Shape(3, 8, 10, 24)), large);
      List<Shape> small = Shapes.infer(ProgramGraph.of(program), new Shape(1, 3, 8, 12)).outputs();
      assertEquals(
          List.of(new Shape(8, 12, 5), new Shape(1, 8, 4, 6), new Shape(1, 8, 4, 24)), small);
    }
  }

  @Test
  void aSharedModuleIsOneModule() throws IOException {
    Program program = Pt2File.read(Oracles.program("shared_weights.pt2"));
    List<String> paths = new ArrayList<>();
    ProgramGraph.of(program).nodes().forEach(node -> paths.add(node.path()));
    assertEquals(3, paths.stream().filter("c"::equals).count());
    assertTrue(ProgramGraph.of(program).parameters() == 164, "each parameter once");
  }
}

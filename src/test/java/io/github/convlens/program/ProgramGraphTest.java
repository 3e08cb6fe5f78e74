package io.github.convlens.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.graph.Graph;
import io.github.convlens.graph.Node;
import io.github.convlens.graph.Note;
import io.github.convlens.graph.Shapes;
import io.github.convlens.layer.Convention;
import io.github.convlens.layer.ShapeException;
import io.github.convlens.trace.Trace;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What becomes of a program's calls, and of sizes that it was not exported for. */
class ProgramGraphTest {
  private static Program file(String name) throws IOException {
    return Pt2File.read(Oracles.program(name + ".pt2"));
  }

  private static Program program(String body) {
    return ProgramText.parse(
        """
        ExportedProgram:
            class GraphModule(torch.nn.Module):
                def forward(self, p_w: "f32[4, 6]", p_f_weight: "f32[6, 4]", p_u: "f32[3]", x: "f32[1, 2, 6]"):
        %s
        Graph signature:
            # inputs
            p_w: PARAMETER target='w'
            p_f_weight: PARAMETER target='f.weight'
            p_u: PARAMETER target='head.u'
            x: USER_INPUT

            # outputs
            y: USER_OUTPUT

        Range constraints: {}
        """
            .formatted(body));
  }

  @Test
  void knownCallsAreTheLayersThatAPrintShows() throws IOException {
    List<String> rows =
        ProgramGraph.of(file("se_reflect_prelu")).nodes().stream()
            .map(node -> node.path() + " " + node.layer())
            .toList();
    assertEquals(
        List.of(
            "stem.(pad) ReflectionPad2d(2)",
            "stem Conv2d(3, 8, kernel_size=(5, 5), stride=(2, 2))",
            "gn GroupNorm(2, 8)",
            "act PReLU(num_parameters=8)",
            "(mean) mean([2, 3])",
            "fc1 Linear(in_features=8, out_features=4)",
            "(silu) SiLU()",
            "fc2 Linear(in_features=4, out_features=8)",
            "(sigmoid) Sigmoid()"),
        rows.subList(0, 9));
  }

  @Test
  void whatForwardReturnsBesidesArraysIsTold() {
    Program program =
        program(
            """
            y: "f32[1, 2, 6]" = torch.ops.aten.relu.default(x)
            return (y, None, 3)
            """);
    assertEquals(
        List.of("forward also returns what is no array, and is left out: None, 3."),
        ProgramGraph.of(program).notes().stream()
            .map(Note::text)
            .filter(text -> text.startsWith("forward"))
            .toList());
  }

  /** {@code 2*s39} from 8 to 24, as torch.export says the bounds. */
  @Test
  void sizesThatAreAllowedAreWithinBounds() throws IOException {
    Program program = file("dynamic");
    assertEquals(
        Optional.of(List.of(8L, 10L, 12L)),
        ProgramInputs.allowed(program, 2, 13).map(List::copyOf));
    assertEquals(Optional.empty(), ProgramInputs.allowed(program, 3, 13));
    assertEquals(64L, ProgramInputs.allowed(program, 0, 4096).orElseThrow().last());
  }

  /** A weight that is made of a parameter by calls counts where it is used, products and all. */
  @Test
  void whatIsMadeOfParametersAloneCountsWhereItIsUsed() {
    Program program =
        program(
            """
            linear: "f32[4, 4]" = torch.ops.aten.linear.default(p_w, p_f_weight)
            mm: "f32[4, 6]" = torch.ops.aten.mm.default(linear, p_w)
            y: "f32[1, 2, 4]" = torch.ops.aten.linear.default(x, mm)
            return (y,)
            """
                .replace("p_f_weight", "p_w"));
    Graph graph = ProgramGraph.of(program);
    Node node = graph.nodes().get(0);
    assertEquals("w", node.path());
    assertEquals(24, node.layer().parameters());
    assertEquals(4 * 4 * 6 + 4 * 4 * 6 + 2 * 6 * 4, node.layer().macs(List.of(new Shape(1, 2, 6))));
    assertEquals(
        "no call reads its parameters. They are counted; a print does not show whether they are"
            + " others under a second name.",
        graph.notes().get(0).text());
    assertEquals(List.of("f", "head"), graph.notes().get(0).paths());
    assertEquals(Note.Kind.ASSUMPTION, graph.notes().get(0).kind());
  }

  @Test
  void aSizeInACallIsNotAnother() {
    Program program =
        program(
            """
            view: "f32[1, 12]" = torch.ops.aten.view.default(x, [1, 12])
            y: "f32[12]" = torch.ops.aten.select.int(view, 0, 0)
            return (y,)
            """);
    Graph graph = ProgramGraph.of(program);
    assertEquals(new Shape(12), Shapes.infer(graph, new Shape(1, 2, 6)).output());
    ShapeException refused =
        assertThrows(ShapeException.class, () -> Shapes.infer(graph, new Shape(2, 2, 6)));
    assertEquals(
        "layer (view), view([1, 12]): the program was exported for one size, which is part of this"
            + " call.\nThe call is view: it makes [1, 12], which does not fit the 24 elements of"
            + " [2, 2, 6].\nUse the size that it was exported for, or export it with the axes that"
            + " vary, 0 for the batch, 2 and 3 for height and width: torch.export.export(model,"
            + " (x,), dynamic_shapes=({0: torch.export.Dim(\"batch\")},)).",
        refused.getMessage());
  }

  /** An operator without a rule answers for what was recorded. */
  @Test
  void anOperatorWithoutARuleAnswersForItsRecordAlone() {
    Program program =
        program(
            """
            y: "f32[1, 2, 4]" = torch.ops.aten.fft_rfft.default(x)
            return (y,)
            """);
    Graph graph = ProgramGraph.of(program);
    assertEquals(new Shape(1, 2, 4), Shapes.infer(graph, new Shape(1, 2, 6)).output());
    assertEquals(
        "what fft_rfft reads is not followed; it is taken to read all of its input.",
        graph.notes().get(0).toString());
    ShapeException refused =
        assertThrows(ShapeException.class, () -> Shapes.infer(graph, new Shape(1, 2, 8)));
    assertEquals(
        "layer (fft_rfft), fft_rfft(): the program was exported for one size, which is part of this"
            + " call.\nThe call is y: aten.fft_rfft.default was recorded for [1, 2, 6] and is given"
            + " [1, 2, 8].\nUse the size that it was exported for, or export it with the axes that"
            + " vary, 0 for the batch, 2 and 3 for height and width: torch.export.export(model,"
            + " (x,), dynamic_shapes=({0: torch.export.Dim(\"batch\")},)).",
        refused.getMessage());
  }

  /** Half of a size does not tell the size; what is asked for its size alone is not read. */
  @Test
  void aSizeThatNoOperandTellsIsTheInputs() {
    Graph graph =
        ProgramGraph.of(
            ProgramText.parse(
                """
                ExportedProgram:
                    class GraphModule(torch.nn.Module):
                        def forward(self, x: "f32[1, 3, s25, s63]"):
                            h: "Sym(s25)" = torch.ops.aten.sym_size.int(x, 2)
                            w: "Sym(s63)" = torch.ops.aten.sym_size.int(x, 3)
                            half: "f32[1, 3, (s25//2), (s63//2)]" = \
                torch.ops.aten.avg_pool2d.default(x, [2, 2])
                            up: "f32[1, 3, s25, s63]" = \
                torch.ops.aten.upsample_bilinear2d.vec(half, [h, w], False, None)
                            return (up,)

                Graph signature:
                    # inputs
                    x: USER_INPUT

                    # outputs
                    up: USER_OUTPUT

                Range constraints: {s25: VR[4, 64], s63: VR[4, 64]}
                """));
    Trace trace = Trace.of(Shapes.infer(graph, new Shape(1, 3, 9, 12)), Convention.TORCHVISION);
    assertEquals(new Shape(1, 3, 9, 12), trace.rows().get(1).output());
    assertEquals("(upsample_bilinear2d)", trace.rows().get(1).path());
  }

  @Test
  void boundsOfFreeSizesHold() throws IOException {
    Program program = file("two_outputs");
    assertEquals(Optional.empty(), ProgramInputs.check(program, List.of(new Shape(64, 3, 24, 32))));
    ShapeException refused =
        assertThrows(
            ShapeException.class,
            () -> ProgramInputs.check(program, List.of(new Shape(65, 3, 24, 32))));
    assertEquals(
        "the program was exported with bounds for the batch of its input x.\n"
            + "It is 65, and must be at most 64.\n"
            + "Use a size within, or export the program with other bounds:"
            + " torch.export.Dim(\"batch\", min=..., max=...).",
        refused.getMessage());
    assertEquals(
        Optional.of(
            "the program was exported for height 24 and width 32, and PyTorch runs it for no other"
                + " (free: batch); what it would make of [1, 3, 48, 64] is worked out."),
        ProgramInputs.check(program, List.of(new Shape(1, 3, 48, 64))));
    ShapeException uneven =
        assertThrows(
            ShapeException.class,
            () -> ProgramInputs.check(file("dynamic"), List.of(new Shape(1, 3, 9, 12))));
    assertEquals(
        "the sizes of the inputs do not go together as the program has them.\n"
            + "It has 2*s39 where 9 is given.\n"
            + "Use sizes that fit it.",
        uneven.getMessage());
  }

  @Test
  void channelsInTheLastPlaceAreNamed() throws IOException {
    ShapeException last =
        assertThrows(
            ShapeException.class,
            () -> ProgramInputs.check(file("dynamic"), List.of(new Shape(1, 16, 12, 3))));
    assertEquals(
        "the program's input x has its channels in front of rows and columns.\n"
            + "What is given is [1, 16, 12, 3], with its channels last.\n"
            + "Give it as [1, 3, 16, 12], in NumPy: numpy.moveaxis(x, -1, 1).",
        last.getMessage());
  }

  @Test
  void aBoundOfTwoIsNone() {
    Program program =
        ProgramText.parse(
            """
            ExportedProgram:
                class GraphModule(torch.nn.Module):
                    def forward(self, x: "f32[s3, s25]"):
                        relu: "f32[s3, s25]" = torch.ops.aten.relu.default(x)
                        return (relu,)

            Graph signature:
                # inputs
                x: USER_INPUT

                # outputs
                relu: USER_OUTPUT

            Range constraints: {s3: VR[2, int_oo], s25: VR[3, int_oo]}
            """);
    assertEquals(List.of(new Shape(1, 3)), ProgramInputs.own(program));
    assertEquals(Optional.empty(), ProgramInputs.check(program, List.of(new Shape(1, 3))));
    ShapeException below =
        assertThrows(
            ShapeException.class, () -> ProgramInputs.check(program, List.of(new Shape(1, 2))));
    assertEquals(
        "the program was exported with bounds for axis 1 of its input x.\n"
            + "It is 2, and must be at least 3.\n"
            + "Use a size within, or export the program with other bounds:"
            + " torch.export.Dim(\"size1\", min=..., max=...).",
        below.getMessage());
  }

  @Test
  void whatIsCutOffIsNamed() {
    ProgramException cutOff =
        assertThrows(
            ProgramException.class,
            () ->
                ProgramText.parse(
                    """
                    ExportedProgram:
                        class GraphModule(torch.nn.Module):
                            def forward(self, x: "f32[1, 2]"):
                                relu: "f32[1, 2]" = torch.ops.aten.relu.default(x
                    """));
    assertEquals(
        "line 4 of the printed program cannot be read, from column 50 on: relu: \"f32[1, 2]\" ="
            + " torch.ops.aten.relu.default(x\nPaste the print whole and as it is:"
            + " print(torch.export.export(model, (x,))).",
        cutOff.getMessage());
    ProgramException half =
        assertThrows(
            ProgramException.class,
            () ->
                ProgramText.parse(
                    """
                    ExportedProgram:
                        class GraphModule(torch.nn.Module):
                            def forward(self, x: "f32[1, 2]"):
                                relu: "f32[1, 2]" = torch.ops.aten.relu.default(x)
                                return (relu,)
                    """));
    assertEquals(
        "the printed program is cut off: its signature is missing.\n"
            + "Paste it whole, up to \"Range constraints\".",
        half.getMessage());
  }
}

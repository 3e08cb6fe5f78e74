package io.github.convlens.notation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.graph.Graph;
import io.github.convlens.graph.Node;
import io.github.convlens.graph.Note;
import io.github.convlens.graph.Shaped;
import io.github.convlens.graph.Shapes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Prints of torchvision's classes against PyTorch: {@code src/test/python/torchvision_small.py}.
 */
class TorchvisionRecipesTest {
  private static final String EXPORT =
      "To be exact, export the model in Python, and give the file as --net model.pt2:\n"
          + "torch.export.save(torch.export.export(model.eval(), (x,)), \"model.pt2\")";

  /** What is assumed of whole networks; of all others nothing is. */
  private static final Map<String, List<String>> ASSUMED =
      Map.of(
          "vit",
          List.of(
              "encoder: Encoder: it was made for pictures of this size (not shown; in Python:"
                  + " model.image_size, often 224; exact at that size alone), which gives its position"
                  + " embedding as many tokens."));

  /** Parts of networks whose class others have, too. */
  private static final List<String> UNCERTAIN = List.of("inception_e", "inception_d", "mlp");

  /** What PyTorch answers for a print. */
  record Answers(String name, Map<String, String> numbers, List<String> leaves, String print) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Answers> networks() throws IOException {
    try (InputStream in =
        new GZIPInputStream(
            Objects.requireNonNull(
                Oracle.class.getResourceAsStream(
                    "/io/github/convlens/oracles/torchvision_small.txt.gz")))) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return Stream.of(text.substring(3).split("\n== ")).map(TorchvisionRecipesTest::read).toList();
    }
  }

  private static Answers read(String text) {
    List<String> lines = text.lines().toList();
    Map<String, String> numbers = new LinkedHashMap<>();
    List<String> leaves = new ArrayList<>();
    int next = 1;
    for (; !lines.get(next).endsWith("("); next++) {
      String[] words = lines.get(next).split(" ", 2);
      if (words[0].equals("leaf")) {
        leaves.add(words[1]);
      } else {
        numbers.put(words[0], words[1]);
      }
    }
    String print = String.join("\n", lines.subList(next, lines.size()));
    return new Answers(lines.get(0), numbers, leaves, print);
  }

  @ParameterizedTest
  @MethodSource("networks")
  void shapesParametersAndCostAreThoseOfPyTorch(Answers answers) {
    Graph graph = PyTorch.parse(answers.print());
    Shape input = Oracle.shape(Objects.requireNonNull(answers.numbers().get("input")));
    Shaped shaped = Shapes.infer(graph, input);
    assertEquals(
        answers.numbers().get("output"),
        shaped.outputs().stream()
            .map(TorchvisionRecipesTest::text)
            .collect(Collectors.joining(" ")));
    assertEquals(answers.numbers().get("parameters"), Long.toString(shaped.graph().parameters()));
    long macs = 0;
    Map<String, List<String>> shown = new LinkedHashMap<>();
    for (int i = 0; i < shaped.graph().nodes().size(); i++) {
      Node node = shaped.graph().nodes().get(i);
      macs += node.layer().macs(shaped.inputsOf(node));
      if (node.origin() == Node.Origin.MODULE) {
        shown
            .computeIfAbsent(node.path(), path -> new ArrayList<>())
            .add(text(shaped.shapes().get(i).get(0)));
      }
    }
    assertEquals(answers.numbers().get("macs"), Long.toString(macs));
    assertLeaves(answers.leaves(), shown);
  }

  private static void assertLeaves(List<String> leaves, Map<String, List<String>> shown) {
    Map<String, List<String>> expected = new LinkedHashMap<>();
    for (String leaf : leaves) {
      String[] words = leaf.split(" ", 2);
      expected.computeIfAbsent(words[0], path -> new ArrayList<>()).add(words[1]);
    }
    int compared = 0;
    for (Map.Entry<String, List<String>> leaf : shown.entrySet()) {
      List<String> of = expected.get(leaf.getKey());
      if (of != null) {
        assertEquals(of.get(0), leaf.getValue().get(0), leaf.getKey());
        compared++;
      }
    }
    assertTrue(compared >= expected.size() / 2, compared + " of " + expected.size());
  }

  @ParameterizedTest
  @MethodSource("networks")
  void whatIsAssumedIsSaid(Answers answers) {
    List<String> assumed =
        PyTorch.parse(answers.print()).notes().stream()
            .filter(Note::isAssumption)
            .map(Note::toString)
            .toList();
    if (UNCERTAIN.contains(answers.name())) {
      String type = answers.print().substring(0, answers.print().indexOf('('));
      assertEquals(1, assumed.size());
      assertTrue(assumed.get(0).startsWith(type + " has the children of torchvision."));
    } else {
      assertEquals(ASSUMED.getOrDefault(answers.name(), List.of()), assumed);
    }
  }

  private static String text(Shape shape) {
    return Arrays.stream(shape.getShape())
        .mapToObj(Long::toString)
        .collect(Collectors.joining("x"));
  }

  /** Of 2017: a layer's name had a dot. */
  @Test
  void aLayerMayHaveADotInItsName() {
    String layer =
        """
        _DenseBlock(
          (denselayer1): _DenseLayer(
            (norm.1): BatchNorm2d(8)
            (relu.1): ReLU(inplace)
            (conv.1): Conv2d(8, 16, kernel_size=(1, 1), bias=False)
            (norm.2): BatchNorm2d(16)
            (relu.2): ReLU(inplace)
            (conv.2): Conv2d(16, 4, kernel_size=(3, 3), padding=(1, 1), bias=False)
          )
        )
        """;
    Shaped shaped =
        Shapes.infer(PyTorch.parse(layer.replace("(inplace)", "()")), new Shape(1, 8, 7, 6));
    assertEquals(new Shape(1, 12, 7, 6), shaped.output());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          SwinTransformer | features norm permute avgpool flatten head | the size of its windows is not shown
          IntermediateLayerGetter | conv1 layer1 | a print does not show which of its layers it returns
          RetinaNet | backbone anchor_generator head transform | how many boxes it finds depends on the picture; ask for its backbone, print(model.backbone)
          RAFT | feature_encoder context_encoder corr_block update_block | it takes two pictures
          """)
  void whatAPrintDoesNotShowIsRefused(String type, String children, String reason) {
    String print =
        Stream.of(children.split(" "))
            .map(child -> "  (" + child + "): Something()\n")
            .collect(Collectors.joining("", type + "(\n", ")"));
    assertEquals(
        "line 1, column 1: "
            + type
            + " cannot be read from a print: "
            + reason
            + ".\n  "
            + type
            + "(\n  ^\n"
            + EXPORT,
        assertThrows(NotationException.class, () -> PyTorch.parse(print)).getMessage());
  }

  /** What a print leaves out of a layer, a recipe can tell. */
  @Test
  void aRecipeTellsWhatALayerHides() {
    Recipes recipes =
        Recipes.KNOWN.with(
            """
            Net: swap attention =
                y = swap(x, dims=[0, 2, 1]);
                assume 'its pictures are many' if len([1, 2]) > 2;
                assume 'its tokens are few' if len([0] + [n for n in [1, 2] if n > 1]) == 2;
                attention(y, y, y, batch_first=True)
            """);
    String print =
        """
        Net(
          (swap): Permute()
          (attention): MultiheadAttention(
            (out_proj): NonDynamicallyQuantizableLinear(in_features=6, out_features=6, bias=True)
          )
        )
        """;
    Graph graph = PyTorch.parse(print, recipes);
    Shaped shaped = Shapes.infer(graph, new Shape(2, 6, 5));
    assertEquals(new Shape(2, 5, 6), shaped.output());
    assertEquals(4 * 6 * 6 + 4 * 6, shaped.graph().parameters());
    assertEquals(
        List.of("Net: its tokens are few."), graph.notes().stream().map(Note::toString).toList());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Permute() | 1 | what a print shows of Permute leaves its dims out. | Permute() | Write it as in the program: Permute(dims).
          Sequential(Relo(), ReLU()) | 12 | there is no layer called Relo. | Sequential(Relo(), ReLU()) | Did you mean ReLU?
          """)
  void whatIsCalledMustBeKnown(String text, int column, String rule, String line, String remedy) {
    assertEquals(
        "line 1, column "
            + column
            + ": "
            + rule
            + "\n  "
            + line
            + "\n"
            + " ".repeat(column + 1)
            + "^\n"
            + remedy,
        assertThrows(NotationException.class, () -> PyTorch.parse(text)).getMessage());
  }

  /** A loss that a model holds is not run. */
  @Test
  void whatIsNotCalledMayBeUnknown() {
    Recipes recipes = Recipes.KNOWN.with("Net: conv loss = conv(x)");
    Graph graph = PyTorch.parse("Net((conv): Conv2d(1, 2, 3) (loss): MyLoss())", recipes);
    assertEquals(List.of(), graph.notes());
    assertEquals(1, graph.nodes().size());
  }
}

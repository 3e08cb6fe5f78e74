package io.github.convlens.notation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.graph.Graph;
import io.github.convlens.graph.Nets;
import io.github.convlens.graph.Note;
import io.github.convlens.graph.Shaped;
import io.github.convlens.graph.Shapes;
import io.github.convlens.layer.ShapeException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a line of data says of a forward, and what it says when it is wrong. */
class RecipesTest {
  private static final String FUNCTIONS =
      "Name it among the children in front of the =, or use one of adaptive_avg_pool2d, avg_pool2d,"
          + " cat, chunk, dense, flatten, gelu, hardsigmoid, in_order, interpolate, leaky_relu,"
          + " log_softmax, matmul, max_pool2d, mean, relu, relu6, sigmoid, silu, softmax, tanh.";
  private static final String VALUE =
      "Write a call such as conv(x), a variable, a number or numbers in brackets.";
  private static final String CHILDREN =
      "Write names, each with a ? if it may be absent, or with a * for all that begin so.";
  private static final String ONE_AFTER_THE_OTHER =
      "Write one recipe after the other, each from the beginning of a line.";

  private static final List<String> PRINTS =
      List.of(
          "alexnet",
          "densenet121",
          "googlenet",
          "mnasnet0_5",
          "mobilenet_v2",
          "resnet18",
          "resnet50",
          "squeezenet1_0",
          "vgg11");

  private static final String PRINT = "Net(\n  (conv): Conv2d(4, 4, kernel_size=(1, 1))\n)";

  /** d2l's blocks, which no whole network here has, and the aliases of torchvision's rows. */
  private static final String MORE_PRINTS =
      """
      Sequential(
        (0): Residual(
          (conv1): Conv2d(3, 6, kernel_size=(3, 3), stride=(2, 2), padding=(1, 1))
          (conv2): Conv2d(6, 6, kernel_size=(3, 3), padding=(1, 1))
          (conv3): Conv2d(3, 6, kernel_size=(1, 1), stride=(2, 2))
          (bn1): BatchNorm2d(6)
          (bn2): BatchNorm2d(6)
        )
        (1): Residual(
          (conv1): Conv2d(6, 6, kernel_size=(3, 3), padding=(1, 1))
          (conv2): Conv2d(6, 6, kernel_size=(3, 3), padding=(1, 1))
          (bn1): BatchNorm2d(6)
          (bn2): BatchNorm2d(6)
        )
        (2): Inception(
          (b1_1): Conv2d(6, 2, kernel_size=(1, 1))
          (b2_1): Conv2d(6, 3, kernel_size=(1, 1))
          (b2_2): Conv2d(3, 2, kernel_size=(3, 3), padding=(1, 1))
          (b3_1): Conv2d(6, 3, kernel_size=(1, 1))
          (b3_2): Conv2d(3, 2, kernel_size=(5, 5), padding=(2, 2))
          (b4_1): MaxPool2d(kernel_size=3, stride=1, padding=1)
          (b4_2): Conv2d(6, 2, kernel_size=(1, 1))
        )
        (3): Inception(
          (p1_1): Conv2d(8, 2, kernel_size=(1, 1))
          (p2_1): Conv2d(8, 3, kernel_size=(1, 1))
          (p2_2): Conv2d(3, 2, kernel_size=(3, 3), padding=(1, 1))
          (p3_1): Conv2d(8, 3, kernel_size=(1, 1))
          (p3_2): Conv2d(3, 2, kernel_size=(5, 5), padding=(2, 2))
          (p4_1): MaxPool2d(kernel_size=3, stride=1, padding=1)
          (p4_2): Conv2d(8, 2, kernel_size=(1, 1))
        )
        (4): DenseBlock(
          (net): Sequential(
            (0): Conv2d(8, 4, kernel_size=(3, 3), padding=(1, 1))
            (1): Conv2d(12, 4, kernel_size=(3, 3), padding=(1, 1))
          )
        )
        (5): InvertedResidual(
          (block): Sequential(
            (0): ConvBNActivation(
              (0): Conv2d(16, 16, kernel_size=(3, 3), padding=(1, 1), groups=16)
              (1): ReLU6()
            )
            (1): SqueezeExcitation(
              (avgpool): AdaptiveAvgPool2d(output_size=1)
              (fc1): Conv2d(16, 8, kernel_size=(1, 1))
              (fc2): Conv2d(8, 16, kernel_size=(1, 1))
              (activation): ReLU()
              (scale_activation): Hardsigmoid()
            )
            (2): Conv2d(16, 16, kernel_size=(1, 1))
          )
        )
        (6): InceptionAux(
          (conv): BasicConv2d(
            (conv): Conv2d(16, 8, kernel_size=(1, 1), bias=False)
            (bn): BatchNorm2d(8)
          )
          (fc1): Linear(in_features=128, out_features=32)
          (fc2): Linear(in_features=32, out_features=10)
          (dropout): Dropout(p=0.7)
        )
      )\
      """;

  private static List<Recipe> known() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(Recipes.class.getResourceAsStream("recipes.txt"))) {
      return RecipeParser.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  @Test
  void everyKnownRecipeFitsAPrint() throws IOException {
    List<Part.Block> blocks = new ArrayList<>();
    for (String name : PRINTS) {
      collect(
          new Parser(new Source(Oracle.text("pytorch_prints/" + name + ".txt"))).text(), blocks);
    }
    collect(new Parser(new Source(MORE_PRINTS)).text(), blocks);
    List<List<String>> unused = new ArrayList<>();
    for (Recipe recipe : known()) {
      boolean fits =
          blocks.stream()
              .filter(block -> recipe.types().contains(block.type()))
              .anyMatch(block -> recipe.fit(block.children()).isPresent());
      if (!fits) {
        unused.add(recipe.types());
      }
    }
    assertEquals(List.of(), unused);
    Graph more = PyTorch.parse(MORE_PRINTS);
    assertEquals(List.of(), more.notes());
    Shaped shaped = Shapes.infer(more, new Shape(2, 3, 9, 11));
    assertEquals(new Shape(2, 10), shaped.output());
    assertEquals(List.of(), shaped.notes());
    assertEquals(more, PyTorch.parse(more.toString()));
  }

  private static void collect(Part part, List<Part.Block> blocks) {
    if (part instanceof Part.Block block) {
      blocks.add(block);
      block.children().forEach(child -> collect(child.part(), blocks));
    }
  }

  static Stream<Arguments> mistakes() {
    return Stream.of(
        mistake(
            "Net conv = conv(x)",
            1,
            5,
            ": is missing in front of conv.",
            "Write Class: children = what forward computes."),
        mistake(
            "Net: conv",
            1,
            10,
            "= is missing in front of the end of the text.",
            "Write = and what forward computes."),
        mistake(
            "Net: conv = ", 1, 13, "a value is missing in front of the end of the text.", VALUE),
        mistake(
            "  Net: conv = conv(x)",
            1,
            3,
            "a recipe starts at the beginning of a line.",
            "Take the spaces in front away."),
        mistake(
            ": conv = conv(x)",
            1,
            1,
            "the name of a class is missing in front of :.",
            "Write one."),
        mistake(
            "Net|: conv = conv(x)",
            1,
            5,
            "the name of a class is missing in front of :.",
            "Write one."),
        mistake(
            "Net: conv conv = conv(x)", 1, 11, "two children are called conv.", "Name each once."),
        mistake(
            "Net: conv, act = act(conv(x))",
            1,
            10,
            "the name of a child is missing in front of ,.",
            CHILDREN),
        mistake(
            "Net: conv = conv(y)",
            1,
            18,
            "y is not a variable.",
            "Variables are x, the input, and what = names."),
        mistake(
            "Net: conv\n  act = act(conv(z))",
            2,
            18,
            "z is not a variable.",
            "Variables are x, the input, and what = names."),
        mistake(
            "Net: conv = act(conv(x))", 1, 13, "act is neither a child nor a function.", FUNCTIONS),
        mistake(
            "Net: conv = conv(x",
            1,
            19,
            "a comma or ) is missing in front of the end of the text.",
            "Separate arguments by commas."),
        mistake(
            "Net: conv = conv(x))",
            1,
            20,
            "a ; or the next recipe is missing in front of ).",
            ONE_AFTER_THE_OTHER),
        mistake(
            "Net: conv = conv(x) conv(x)",
            1,
            21,
            "a ; or the next recipe is missing in front of conv.",
            ONE_AFTER_THE_OTHER),
        mistake(
            "Net: conv = conv(x) - x",
            1,
            21,
            "a ; or the next recipe is missing in front of -.",
            ONE_AFTER_THE_OTHER),
        mistake(
            "Net: conv = conv(x) if stride(conv) == 1",
            1,
            41,
            "else is missing in front of the end of the text.",
            "Write a if c else b."),
        mistake(
            "Net: conv = conv(x) if stride(conv) < 1 else x",
            1,
            37,
            "== or != is missing in front of <.",
            "Write stride(conv) == 1."),
        mistake(
            "Net: conv = conv(x) if kernel(conv) == 1 else x",
            1,
            24,
            "kernel is no quantity that a print shows.",
            "Use a number, stride(child), in(child) or out(child)."),
        mistake(
            "Net: conv = conv(x) if stride(act) == 1 else x",
            1,
            31,
            "act is not among the children.",
            "Name it in front of the =."),
        mistake(
            "Net: conv = conv(x) if stride(conv == 1 else x",
            1,
            36,
            ") is missing in front of =.",
            "Write stride(conv)."),
        mistake(
            "Net: conv = conv(x)[a]",
            1,
            21,
            "a whole number is missing in front of a.",
            "Write one, such as 2."),
        mistake(
            "Net: conv = conv(x)[0",
            1,
            22,
            "] is missing in front of the end of the text.",
            "Write [0] for the first of several outputs."),
        mistake(
            "Net: conv = conv(x)[9999999999]",
            1,
            21,
            "this number is too large.",
            "Use a smaller one."),
        mistake(
            "Net: conv = softmax(conv(x), 9999999999)",
            1,
            30,
            "this number is too large.",
            "Use a smaller one."),
        mistake(
            "Net: conv = mean(conv(x), [2, 3)",
            1,
            32,
            "a ] is missing in front of ).",
            "Write [2, 3]."),
        mistake(
            "Net: conv = in_order(*, x)",
            1,
            22,
            "* is not among the children.",
            "Name it in front of the =."),
        mistake(
            "A: a = a(x)\nNet: conv =\nB: b = b(x)",
            3,
            1,
            "a value is missing in front of B.",
            VALUE),
        mistake(
            "Net: conv = 'abc", 1, 13, "this string does not end on its line.", "Close it with '."),
        mistake(
            "Net: conv = relu(conv(x)) +",
            1,
            28,
            "a value is missing in front of the end of the text.",
            VALUE));
  }

  private static Arguments mistake(
      String recipe, int line, int column, String rule, String remedy) {
    return Arguments.of(recipe, line, column, rule, remedy);
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void aMistakeHasItsPlace(String recipe, int line, int column, String rule, String remedy) {
    NotationException e = assertThrows(NotationException.class, () -> Recipes.KNOWN.with(recipe));
    check(e, recipe, line, column, rule, remedy);
  }

  private static void check(
      NotationException e, String recipe, int line, int column, String rule, String remedy) {
    String text = recipe.split("\n", -1)[line - 1];
    int blanks = text.length() - text.stripLeading().length();
    assertEquals(
        "line "
            + line
            + ", column "
            + column
            + ": "
            + rule
            + "\n  "
            + text.strip()
            + "\n  "
            + " ".repeat(column - 1 - blanks)
            + "^\n"
            + remedy,
        e.getMessage());
    assertEquals(line, e.line());
    assertEquals(column, e.column());
  }

  static Stream<Arguments> mistakesThatShowWhenUsed() {
    return Stream.of(
        Arguments.of(
            "Net: conv act? = act(conv(x))", 18, "act may be absent and is called without a ?."),
        Arguments.of("Net: conv = conv()", 13, "conv is called without an argument."),
        Arguments.of("Net: conv = 3", 13, "a number is no array."),
        Arguments.of("Net: conv = [2, 3]", 13, "a number is no array."),
        Arguments.of("Net: conv = relu()", 13, "relu is given 0 arrays."),
        Arguments.of("Net: conv = relu(conv(x), x)", 13, "relu is given 2 arrays."),
        Arguments.of("Net: conv = cat()", 13, "cat is given 0 arrays."),
        Arguments.of(
            "Net: conv = dense(conv)", 13, "dense takes the children of a slot and an array."),
        Arguments.of(
            "Net: conv = in_order(x, conv)",
            13,
            "in_order takes the children of a slot and an array."),
        Arguments.of("Net: conv* = conv* + x", 14, "conv names children, which are no array."),
        Arguments.of("Net: conv = conv(conv)", 18, "conv names children, which are no array."),
        Arguments.of("Net: conv = x[0]", 14, "x is one array, not several."));
  }

  @ParameterizedTest
  @MethodSource("mistakesThatShowWhenUsed")
  void aMistakeThatShowsWhenTheRecipeIsUsed(String recipe, int column, String rule) {
    NotationException e =
        assertThrows(
            NotationException.class, () -> PyTorch.parse(PRINT, Recipes.KNOWN.with(recipe)));
    check(e, recipe, 1, column, rule, "Mend the recipe of Net.");
  }

  @Test
  void numbersThatNoLayerTakesHaveTheirPlaceToo() {
    NotationException e =
        assertThrows(
            NotationException.class,
            () -> PyTorch.parse(PRINT, Recipes.KNOWN.with("Net: conv = max_pool2d(conv(x), 0)")));
    assertEquals(
        "line 1, column 13: kernel_size must be at least 1 on every axis.\n"
            + "Here it is 0 for the height.\nUse kernel_size=1 or more.\n"
            + "  Net: conv = max_pool2d(conv(x), 0)\n              ^",
        e.getMessage());
  }

  @Test
  void aRecipeOfTheUsersComesBeforeTheKnownOnes() {
    String print =
        """
        BasicBlock(
          (conv1): Conv2d(4, 4, kernel_size=(3, 3), padding=(1, 1))
          (bn1): BatchNorm2d(4)
          (relu): ReLU()
          (conv2): Conv2d(4, 4, kernel_size=(3, 3), padding=(1, 1))
          (bn2): BatchNorm2d(4)
        )\
        """;
    assertTrue(Nets.layers(PyTorch.parse(print)).contains("add()"));
    Recipes own =
        Recipes.KNOWN.with(
            "BasicBlock: conv1 bn1 relu conv2 bn2 ="
                + " bn2(conv2(relu(bn1(conv1(x))))) * sigmoid(x)");
    Graph gated = PyTorch.parse(print, own);
    assertEquals(
        List.of("conv1", "bn1", "relu", "conv2", "bn2", "(sigmoid)", ""),
        gated.nodes().stream().map(node -> node.path()).toList());
    assertEquals("mul()", gated.nodes().get(6).layer().toString());
    // one whose children are others is not for it, and the known ones are still there
    Recipes other = Recipes.KNOWN.with("BasicBlock: conv norm = norm(conv(x))");
    assertEquals(PyTorch.parse(print), PyTorch.parse(print, other));
    // the last given is asked first
    Recipes both = own.with("BasicBlock: * = in_order(*, x)");
    assertEquals(5, PyTorch.parse(print, both).nodes().size());
  }

  @Test
  void timmsBottleneckIsALineOfData() {
    String recipe =
        """
        # timm.models.resnet
        Bottleneck: conv1 bn1 act1 conv2 bn2 drop_block act2 aa conv3 bn3 act3 downsample? =
            y = act1(bn1(conv1(x)));
            y = aa(act2(drop_block(bn2(conv2(y)))));
            act3(bn3(conv3(y)) + downsample?(x))
        """;
    String print =
        """
        Bottleneck(
          (conv1): Conv2d(8, 2, kernel_size=(1, 1), bias=False)
          (bn1): BatchNorm2d(2)
          (act1): ReLU(inplace=True)
          (conv2): Conv2d(2, 2, kernel_size=(3, 3), padding=(1, 1), bias=False)
          (bn2): BatchNorm2d(2)
          (drop_block): Identity()
          (act2): ReLU(inplace=True)
          (aa): Identity()
          (conv3): Conv2d(2, 8, kernel_size=(1, 1), bias=False)
          (bn3): BatchNorm2d(8)
          (act3): ReLU(inplace=True)
        )\
        """;
    Graph block = PyTorch.parse(print, Recipes.KNOWN.with(recipe));
    assertEquals(List.of(), block.notes());
    assertEquals("add()", block.nodes().get(10).layer().toString());
    assertEquals(new Shape(2, 8, 5, 7), Shapes.infer(block, new Shape(2, 8, 5, 7)).output());
    assertEquals(
        List.of(
            "Bottleneck does not have the children that were expected: its children are taken to"
                + " run in the order in which they are printed. If its forward adds or"
                + " concatenates, write Residual(main, shortcut) or Concat(branch, branch). Put in"
                + " each pool that forward calls as a function or more than once."),
        PyTorch.parse(print).notes().stream().map(Note::toString).toList());
  }

  @Test
  void whatAForwardComputesWithArrays() {
    assertOutput("Net: conv = conv(x)", 4, 5, 6);
    assertOutput("Net: conv = y = conv(x); z = y + x; cat(y, z, x)", 12, 5, 6);
    assertOutput("Net: conv = cat(conv(x), x, 2)", 4, 10, 6);
    assertOutput("Net: conv = chunk(conv(x), 2, 1)[1]", 2, 5, 6);
    assertOutput("Net: conv = conv(x) * sigmoid(adaptive_avg_pool2d(x, 1))", 4, 5, 6);
    assertOutput("Net: conv = max_pool2d(conv(x), 2)", 4, 2, 3);
    assertOutput("Net: conv = interpolate(conv(x), 3)", 4, 15, 18);
    assertOutput("Net: conv = mean(conv(x), [2, 3])", 4);
    assertOutput("Net: conv = flatten(conv(x))", 120);
    assertOutput("Net: conv = flatten(conv(x), 2)", 4, 30);
    assertOutput("Net: conv = (conv(x) + x) * x", 4, 5, 6);
    assertOutput("Net: conv = conv(x) + x if stride(conv) == 1 and in(conv) != 3 else x", 4, 5, 6);
    assertOutput("Net: conv = conv(x) if stride(conv) == 2 else mean(x, [2, 3])", 4);
  }

  private static void assertOutput(String recipe, long... sizes) {
    Graph net = PyTorch.parse(PRINT, Recipes.KNOWN.with(recipe));
    assertEquals(
        new Shape(2).addAll(new Shape(sizes)),
        Shapes.infer(net, new Shape(2, 4, 5, 6)).output(),
        recipe);
  }

  @Test
  void shapesThatDoNotMeetInARecipeAreRefusedAtItsBlock() {
    Graph net =
        PyTorch.parse(
            "Sequential(\n(gate): " + PRINT + "\n)",
            Recipes.KNOWN.with("Net: conv = conv(x) * mean(x, [2, 3])"));
    assertEquals(
        "layer gate, mul(): the inputs of a product must have equal sizes, or 1, on every axis.\n"
            + "They are [1, 4, 5, 6] and [1, 4].\n"
            + "Keep the axes of what is averaged or flattened (1x1), or use equal sizes.",
        assertThrows(ShapeException.class, () -> Shapes.infer(net, new Shape(1, 4, 5, 6)))
            .getMessage());
  }
}

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
import io.github.convlens.layer.Convention;
import io.github.convlens.layer.ShapeException;
import io.github.convlens.trace.Trace;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a line of data says of a forward, and what it says when it is wrong. */
class RecipesTest {
  private static final String FUNCTIONS =
      "Name it among the children in front of the =, or use one of "
          + String.join(", ", Functions.names())
          + ".";
  private static final String VALUE =
      "Write a call such as conv(x), a variable, a number or numbers in brackets.";
  private static final String VARIABLES =
      "Variables are the children, x, the input, and what = names.";
  private static final String CHILDREN =
      "Write names, each with a ? if it may be absent, or with a * for all that begin so.";
  private static final String ONE_AFTER_THE_OTHER =
      "Write one recipe after the other, each from the beginning of a line.";

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

  @Test
  void everyKnownRecipeCanBeRead() {
    int recipes = 0;
    for (String path : Recipes.resources()) {
      String name = path.substring(path.lastIndexOf('/') + 1);
      recipes += RecipeParser.parse(Recipes.resource(name.replace(".txt", ""))).size();
    }
    assertTrue(recipes > 20, recipes + " recipes");
  }

  /** Others have classes of these names and children, with another forward. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ConvBnAct((conv): Conv2d(3, 3, 1) (bn): BatchNorm2d(3))|true",
        "ConvModule((conv): Conv2d(3, 3, 1) (bn): BatchNorm2d(3) (activate): ReLU())|true",
        "D_block((conv2d): Conv2d(3, 3, 1) (batch_norm): BatchNorm2d(3) (activation): ReLU())|true",
        "AdaptiveConcatPool2d((ap): AdaptiveAvgPool2d(1) (mp): AdaptiveMaxPool2d(1))|true",
        "LayerScale2d()|true",
        "LayerNorm2d((3,), eps=1e-06, elementwise_affine=True)|true",
        "ChannelAttention((avg_pool): AdaptiveAvgPool2d(1) (max_pool): AdaptiveMaxPool2d(1)"
            + " (fc): Conv2d(3, 3, 1) (sigmoid): Sigmoid())|true",
        "GhostModule((primary_conv): Conv2d(3, 8, 1) (cheap_operation): Conv2d(8, 8, 3, groups=8,"
            + " padding=1))|true",
        "SqueezeExcitation((avgpool): AdaptiveAvgPool2d(1) (fc1): Conv2d(3, 4, 1) (fc2): Conv2d(4, 3, 1)"
            + " (activation): ReLU() (scale_activation): Sigmoid())|false"
      })
  void aCommonNameIsNoLibrarysByItself(String text, boolean noted) {
    assertEquals(noted, PyTorch.parse(text).notes().stream().anyMatch(Note::isAssumption));
  }

  /** timm's and Huawei's GhostModule(16, 15): the last of 16 channels is left out. */
  @Test
  void whatAGhostModuleLeavesOutIsTheLikelyCause() {
    Graph net =
        PyTorch.parse(
            "Sequential(GhostModule((primary_conv): Conv2d(3, 8, 1) (cheap_operation): Conv2d(8, 8, 3,"
                + " groups=8, padding=1)), Conv2d(15, 4, 1))");
    ShapeException e =
        assertThrows(ShapeException.class, () -> Shapes.infer(net, new Shape(1, 3, 5, 5)));
    assertEquals(
        "layer 1, Conv2d(15, 4, kernel_size=(1, 1)): the input has the wrong number of channels.\n"
            + "in_channels is 15 but the input has 16: [1, 16, 5, 5].\n"
            + "The likely cause is what was assumed: 0: GhostModule: it gives all channels of its"
            + " convolutions; one that is told to give fewer (oup, which a print does not show) leaves the"
            + " last out.",
        e.getMessage());
  }

  /** A DenseNet that flattens its maps, as torchvision's does not. */
  @Test
  void whatAClassIsTakenToBeIsALikelyCause() {
    Graph net =
        PyTorch.parse(
            "DenseNet((features): Sequential(Conv2d(3, 8, 3)) (classifier): Linear(2048, 10))");
    assertEquals(List.of(), net.notes());
    ShapeException e =
        assertThrows(ShapeException.class, () -> Shapes.infer(net, new Shape(1, 3, 18, 18)));
    assertEquals(
        "layer classifier, Linear(in_features=2048, out_features=10): the input's last axis must be"
            + " in_features.\n"
            + "in_features is 2048 but the last axis is 8: [1, 8].\n"
            + "A likely cause: DenseNet has the children of torchvision.models.densenet's, and is taken"
            + " to be that: classifier(flatten(adaptive_avg_pool2d(relu(features(x)), 1))).\n"
            + "If yours differs, say what its forward does: --recipes FILE.\n"
            + "Or use in_features=8, or an input of 2048 features.",
        e.getMessage());
  }

  @Test
  void classesOutsideOfTheirNetworksAreReadWithANote() {
    Graph more = PyTorch.parse(MORE_PRINTS);
    assertEquals(
        List.of(
            "Residual", "Inception", "Inception", "DenseBlock", "InvertedResidual", "InceptionAux"),
        more.notes().stream().map(note -> note.text().split(" ")[0]).toList());
    Shaped shaped = Shapes.infer(more, new Shape(2, 3, 9, 11));
    assertEquals(new Shape(2, 10), shaped.output());
    assertEquals(more.notes(), shaped.notes());
    assertEquals(more, PyTorch.parse(more.toString()));
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
        mistake("Net: conv = conv(y)", 1, 18, "y is not a variable.", VARIABLES),
        mistake("Net: conv\n  act = act(conv(z))", 2, 18, "z is not a variable.", VARIABLES),
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
            "Net: conv = conv(x) if stride(conv) == 1",
            1,
            41,
            "else is missing in front of the end of the text.",
            "Write a if c else b."),
        mistake(
            "Net: conv = conv(x) if kernel(conv) == 1 else x",
            1,
            24,
            "kernel is neither a child nor a function.",
            FUNCTIONS),
        mistake(
            "Net: conv = conv(x) if stride(act) == 1 else x",
            1,
            31,
            "act is not a variable.",
            VARIABLES),
        mistake(
            "Net: conv = conv(x) if stride(conv == 1 else x",
            1,
            41,
            "a comma or ) is missing in front of else.",
            "Separate arguments by commas."),
        mistake("Net: conv = conv(x)[a]", 1, 21, "a is not a variable.", VARIABLES),
        mistake(
            "Net: conv = x, 3 = chunk(conv(x), 2)",
            1,
            13,
            "only names can stand in front of a =.",
            "Write a, b = chunk(x, 2)."),
        mistake(
            "Net: conv = for x, in conv: x = x",
            1,
            23,
            "in is missing in front of conv.",
            "Write for a in b."),
        mistake(
            "Net: conv = for c of conv: x = c(x)",
            1,
            19,
            "in is missing in front of of.",
            "Write for a in b."),
        mistake(
            "Net: conv = raise because",
            1,
            19,
            "a text in quotes is missing in front of because.",
            "Write 'what it is'."),
        mistake(
            "Net(Nothing): conv = conv(x)",
            1,
            5,
            "Nothing is not a layer whose arguments are known.",
            "Use one that is, or * for numbers that do not matter."),
        mistake(
            "Net(Flatten, dim=2): = super(x)",
            1,
            14,
            "Flatten has no argument called dim.",
            "Write Flatten(start_dim=1, end_dim=-1)."),
        mistake(
            "Net: conv = [c(x) for c in conv",
            1,
            32,
            "] is missing in front of the end of the text.",
            "Write [branch(x) for branch in branches]."),
        mistake(
            "Net: conv = remark because",
            1,
            20,
            "a text in quotes is missing in front of because.",
            "Write 'what it is'."),
        mistake(
            "Net: conv = conv(x)[0",
            1,
            22,
            "] is missing in front of the end of the text.",
            "Write [0] for the first of several."),
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
            "] is missing in front of ).",
            "Write [2, 3]."),
        mistake("Net: conv = in_order(*, x)", 1, 22, "a value is missing in front of *.", VALUE),
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
        Arguments.of("Net: conv = 3", 13, "what it computes is no array."),
        Arguments.of("Net: conv = [2, 3]", 13, "what it computes is no array."),
        Arguments.of("Net: conv = conv", 13, "what it computes is no array."),
        Arguments.of("Net: conv = relu()", 13, "relu is given no array."),
        Arguments.of("Net: conv = relu(conv(x), x)", 13, "relu is given 2 arrays."),
        Arguments.of("Net: conv = cat()", 13, "cat is given no array."),
        Arguments.of("Net: conv = in_order(x, conv)", 13, "there are not several."),
        Arguments.of("Net: conv = in_order(conv)", 13, "in_order takes children and an array."),
        Arguments.of("Net: conv* = conv + x", 19, "these are several arrays."),
        Arguments.of("Net: conv = conv + x", 18, "a child is no array: call it."),
        Arguments.of("Net: conv = conv(conv)", 13, "conv is given a child, which is no array."),
        Arguments.of("Net: conv = conv(x) / x", 21, "arrays are joined by +, - or *, not by /."),
        Arguments.of(
            "Net: conv = conv(x) // 2",
            21,
            "an array and a number are joined by +, - or *, an array is divided by a number, not //."),
        Arguments.of(
            "Net: conv = 2 / conv(x)",
            15,
            "an array and a number are joined by +, - or *, an array is divided by a number, not /."),
        Arguments.of("Net: conv = conv(x) / 0", 21, "this divides by zero."),
        Arguments.of("Net: conv = conv(x) if 1 / 2 else x", 26, "whole numbers are divided by //."),
        Arguments.of("Net: conv = conv(x) * 'a'", 21, "this is no whole number."),
        Arguments.of("Net: conv = conv(x) if 0.5 > 0 else x", 28, "this is no whole number."),
        Arguments.of(
            "Net: conv = a, b = chunk(conv(x), 3); a", 20, "there are 2 names for 3 values."),
        Arguments.of("Net: conv = [x, x][2]", 19, "there is no [2] among 2."),
        Arguments.of("Net: conv = conv(x) if 1 // 0 else x", 26, "this divides by zero."),
        Arguments.of("Net: conv = x(x)", 13, "x is no child: it cannot be called."),
        Arguments.of("Net: conv = super(conv(x))", 13, "the class is not a kind of a layer."),
        Arguments.of("Net: conv = range(x)", 13, "this is no whole number."),
        Arguments.of("Net: conv = x * parameter(4)", 27, "a parameter has a name and sizes."),
        Arguments.of(
            "Net: conv = conv(x, strid=2)",
            13,
            "conv takes no strid: its print shows its numbers."),
        Arguments.of("Net: conv = conv(x, 5)", 13, "conv is given a number, which is no array."),
        Arguments.of("Net: conv = prepend(x)", 13, "a parameter has a name and sizes."),
        Arguments.of("Net: conv = x * in_channels()", 17, "in_channels is given no array."),
        Arguments.of(
            "Net: conv = [x for i in range(2000000000)]", 25, "a range has at most 10000 numbers."),
        Arguments.of("Net: conv = x[0]", 14, "there are not several."));
  }

  @ParameterizedTest
  @MethodSource("mistakesThatShowWhenUsed")
  void aMistakeThatShowsWhenTheRecipeIsUsed(String recipe, int column, String rule) {
    NotationException e =
        assertThrows(
            NotationException.class, () -> PyTorch.parse(PRINT, Recipes.KNOWN.with(recipe)));
    check(e, recipe, 1, column, rule, "Mend the recipe of Net.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "mean(x, axis=1)~mean has no argument called axis.~Use dim, keepdim.",
        "sum(x, dim=1)~sum has no argument called dim.~Leave it out.",
        "cat([x, x], axis=2)~cat has no argument called axis.~Use dim.",
        "flatten(x, foo=2)~flatten has no argument called foo.~Use start_dim, end_dim.",
        "pad(x, [1])~pad takes two numbers for each axis, the last axis first, not [1].~Write pad(x,"
            + " [1, 1, 2, 2])."
      })
  void anArgumentThatAFunctionDoesNotHaveIsRefused(String value, String rule, String remedy) {
    String recipe = "Net: conv = " + value;
    NotationException e =
        assertThrows(
            NotationException.class, () -> PyTorch.parse(PRINT, Recipes.KNOWN.with(recipe)));
    check(e, recipe, 1, 13, rule, remedy);
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
    Graph known = PyTorch.parse(print);
    Graph other = PyTorch.parse(print, Recipes.KNOWN.with("BasicBlock: conv norm = norm(conv(x))"));
    assertEquals(known.nodes(), other.nodes());
    assertEquals(known.notes(), other.notes().subList(1, other.notes().size()));
    // the last given is asked first
    Recipes both = own.with("BasicBlock: * = in_order(children, x)");
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
    assertTrue(
        PyTorch.parse(print)
            .notes()
            .get(0)
            .text()
            .startsWith(
                "Bottleneck has the children of timm.models.resnet's, and is taken to be that: "));
  }

  @Test
  void whatAForwardComputesWithArrays() {
    assertOutput("Net: conv = conv(x)", 4, 5, 6);
    assertOutput("Net: conv = y = conv(x); z = y + x; cat(y, z, x)", 12, 5, 6);
    assertOutput("Net: conv = cat(conv(x), x, 2)", 4, 10, 6);
    assertOutput("Net: conv = chunk(conv(x), 2, 1)[1]", 2, 5, 6);
    assertOutput("Net: conv = conv(x) * sigmoid(adaptive_avg_pool2d(x, 1))", 4, 5, 6);
    assertOutput("Net: conv = max_pool2d(conv(x), 2)", 4, 2, 3);
    assertOutput("Net: conv = interpolate(conv(x), scale_factor=3)", 4, 15, 18);
    assertOutput("Net: conv = mean(conv(x), [2, 3])", 4);
    assertOutput("Net: conv = mean(conv(x), dim=[2, 3], keepdim=True)", 4, 1, 1);
    assertOutput("Net: conv = permute(conv(x), dims=[0, 2, 3, 1])", 5, 6, 4);
    assertOutput("Net: conv = reshape(conv(x), shape=[2, 60])", 2, 60);
    assertOutput("Net: conv = flatten(conv(x))", 120);
    assertOutput("Net: conv = flatten(conv(x), 2)", 4, 30);
    assertOutput("Net: conv = (conv(x) + x) * x", 4, 5, 6);
    assertOutput(
        "Net: conv = conv(x) + x if stride(conv) == 1 and in_channels(conv) != 3 else x", 4, 5, 6);
    assertOutput("Net: conv = a, b = chunk(conv(x), 2); cat(b, a, b)", 6, 5, 6);
    assertOutput("Net: conv = a, b = split(conv(x), [1, 3]); b", 3, 5, 6);
    assertOutput(
        "Net: conv = for i in range(3): x = cat(x, conv(x), dim=2)\n if_ = x; if_", 4, 40, 6);
    assertOutput("Net: conv = cat([conv(x) for i in range(1, 4)])", 12, 5, 6);
    assertOutput("Net: conv = sum(conv(x) for i in range(2))", 4, 5, 6);
    assertOutput(
        "Net: conv = conv(x) * parameter('gamma', 4, 1, 1) + parameter('b', -1, -1)", 4, 5, 6);
    assertOutput(
        "Net: conv = prepend(permute(flatten(conv(x), 2), 0, 2, 1), 'cls', 1, 1, 4)", 31, 4);
    assertOutput("Net: conv = pad_like(max_pool2d(conv(x), 2), x)", 4, 5, 6);
    assertOutput("Net: conv = crop_like(conv(x), max_pool2d(x, 2))", 4, 2, 3);
    assertOutput("Net: conv = interpolate_like(max_pool2d(conv(x), 2), x)", 4, 5, 6);
    assertOutput("Net: conv = pad(conv(x), [1, 2, 3, 4])", 4, 12, 9);
    assertOutput("Net: conv = y = permute(flatten(x, 2), 0, 2, 1); attention(y, y, y)", 30, 4);
    assertOutput("Net: conv = map_like(permute(flatten(x, 2), 0, 2, 1), conv(x))", 4, 5, 6);
    assertOutput("Net: conv = rows_like(chunk(flatten(x, 0, 2), 2)[0], x)", 4, 5, 3);
    assertOutput("Net: conv = matmul(conv(x), parameter('w', -1, 2))", 4, 5, 2);
    assertOutput("Net: conv = y = [x]; for i in range(2): y = y + [conv(x)]\n cat(y)", 12, 5, 6);
    assertOutput("Net: conv = for i in range(2): y = conv(x)\n [y, x][0]", 4, 5, 6);
    assertOutput("Net: conv = reshape(conv(x), 2, 60)", 2, 60);
    assertOutput("Net: conv = conv(x) if stride(conv) == 2 else mean(x, [2, 3])", 4);
    assertOutput(
        "Net: conv = blur(pad(conv(x), [1, 1, 1, 1], mode='reflect'), 3, stride=2)", 4, 3, 3);
  }

  /** Constants are exact: no note, and a layer for each. */
  @Test
  void constantsAreSaidExactly() {
    assertLayers("conv(x) * 0.2 + x", "mul(0.2)", "add()");
    assertLayers("0.2 * conv(x)", "mul(0.2)");
    assertLayers("(tanh(conv(x)) + 1) / 2", "Tanh()", "add(1.0)", "mul(0.5)");
    assertLayers("1 + conv(x) - 3", "add(1.0)", "add(-3.0)");
    assertLayers("1 - conv(x)", "mul(-1.0, add=1.0)");
    assertLayers("conv(x) - x", "mul(-1.0)", "add()");
    assertLayers("conv(x) / sqrt(4 * in_channels(conv))", "mul(0.25)");
    assertOutput("Net: conv = conv(x) * 0.2 - mean(x, [2, 3], keepdim=True)", 4, 5, 6);
  }

  private static void assertLayers(String result, String... layers) {
    Graph net = PyTorch.parse(PRINT, Recipes.KNOWN.with("Net: conv = " + result));
    List<String> all = net.nodes().stream().map(node -> node.layer().toString()).toList();
    assertEquals(List.of(layers), all.subList(1, all.size()), result);
    assertEquals(List.of(), net.notes());
  }

  /** A remark is no assumption, and is made once for a class, wherever it stands. */
  @Test
  void aRemarkIsMadeOnceForAClass() {
    String recipe =
        """
        Net: conv =
            remark 'its weights are standardised, which is not computed here' if stride(conv) == 1;
            remark 'it has a stride' if stride(conv) > 1;
            conv(x)
        """;
    Graph net =
        PyTorch.parse(
            "Sequential(\n(0): " + PRINT + "\n(1): " + PRINT + "\n)", Recipes.KNOWN.with(recipe));
    assertEquals(
        List.of(
            new Note(
                Note.Kind.REMARK,
                "Net: its weights are standardised, which is not computed here.",
                List.of())),
        Shapes.infer(net, new Shape(1, 4, 5, 6)).notes());
  }

  /** The border of a padded average rests on what a print hides; code shows it. */
  @Test
  void aPrintOfAPaddedAveragePoolHidesItsDivisor() {
    String print = "Sequential(\n  (0): AvgPool2d(kernel_size=3, stride=1, padding=%d)\n)";
    assertEquals(
        List.of(
            Note.remark(
                "A print of AvgPool2d does not show count_include_pad, which is taken to be True:"
                    + " the numbers at the border rest on it, shapes and counts do not.",
                "0")),
        PyTorch.parse(print.formatted(1)).notes());
    assertEquals(List.of(), PyTorch.parse(print.formatted(0)).notes());
    assertEquals(List.of(), PyTorch.parse("nn.AvgPool2d(3, 1, padding=1)").notes());
  }

  private static void assertOutput(String recipe, long... sizes) {
    Graph net = PyTorch.parse(PRINT, Recipes.KNOWN.with(recipe));
    assertEquals(
        new Shape(2).addAll(new Shape(sizes)),
        Shapes.infer(net, new Shape(2, 4, 5, 6)).output(),
        recipe);
  }

  @Test
  void whatARecipeAsksOfTheChildrenOfAChild() {
    String print =
        """
        Net(
          (blocks): Sequential(
            (0): Block(
              (norm): BatchNorm2d(6)
              (pool): Pool(kind=avg, (flatten): Flatten())
            )
          )
        )""";
    String recipe =
        """
        Net: blocks = n = in_channels(blocks[0].norm); y = blocks[0].norm(x);
            assume 'it has a scale' if blocks[0].pool.kind == 'avg';
            assume 'it has none' if not blocks[0].pool.kind;
            y * parameter('scale', n, 1, 1)
        """;
    Graph net = PyTorch.parse(print, Recipes.KNOWN.with(recipe));
    assertEquals(
        List.of("Net: it has a scale."), net.notes().stream().map(Note::toString).toList());
    assertEquals(18, net.parameters());
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

  @Test
  void aProductWithALearnedMatrixCountsItsParametersAndMultiplyAdds() {
    Graph net =
        PyTorch.parse(PRINT, Recipes.KNOWN.with("Net: conv = matmul(x, parameter('w', -1, 2))"));
    Trace trace = Trace.of(net, new Shape(1, 4, 5, 6), Convention.TORCHVISION);
    assertEquals(6 * 2, trace.totals().parameters());
    assertEquals(4 * 5 * 2 * 6, trace.totals().cost());
  }

  @Test
  void tokensAndRowsMustBeAsManyAsThePlacesThatTheyAreFor() {
    assertRefused(
        "Net: conv = map_like(permute(flatten(x, 2), 0, 2, 1), max_pool2d(conv(x), 2))",
        "layer (map_like), view(like): tokens are laid out as a picture of as many positions.\n"
            + "Here they are [1, 30, 4] and [1, 4, 2, 3].\n"
            + "Give it (batch, height x width, channels) and the picture.");
    assertRefused(
        "Net: conv = rows_like(flatten(x, 0, 2), max_pool2d(conv(x), 2))",
        "layer (rows_like), view(like): rows are put as the second input has them.\n"
            + "Here they are [20, 6] and [1, 4, 2, 3].\n"
            + "Give it as many rows.");
  }

  @Test
  void severalOutputsAreAListAndAModuleListRunsInOrder() {
    String print =
        """
        Net(
          (layers): ModuleList(
            (0): Conv2d(4, 5, kernel_size=(1, 1))
            (1): ReLU()
          )
          (head): Conv2d(5, 6, kernel_size=(1, 1))
        )""";
    Recipes recipes =
        Recipes.KNOWN.with("Net: layers head = y = in_order(layers, x); [head(y), y]");
    Graph net = PyTorch.parse(print, recipes);
    assertEquals(
        List.of(new Shape(1, 6, 7, 8), new Shape(1, 5, 7, 8)),
        Shapes.infer(net, new Shape(1, 4, 7, 8)).outputs());
    assertEquals(List.of(), net.notes());
  }

  private static void assertRefused(String recipe, String message) {
    Graph net = PyTorch.parse(PRINT, Recipes.KNOWN.with(recipe));
    assertEquals(
        message,
        assertThrows(ShapeException.class, () -> Shapes.infer(net, new Shape(1, 4, 5, 6)))
            .getMessage());
  }
}

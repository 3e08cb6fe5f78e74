package io.github.convlens.notation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.graph.Graph;
import io.github.convlens.graph.Note;
import io.github.convlens.graph.Shapes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The recipe files, which are otherwise read a class at a time, and what other people's need. */
class RecipeFilesTest {
  private static final String CONV =
      "Conv2d(3, 3, kernel_size=(3, 3), stride=(2, 2), dilation=(1, 1), bias=False)";

  static List<String> files() {
    return Recipes.FILES;
  }

  @ParameterizedTest
  @MethodSource("files")
  void everyRecipeCanBeRead(String file) throws IOException {
    try (InputStream in = Recipes.class.getResourceAsStream("recipes/" + file + ".txt")) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      assertFalse(RecipeParser.parse(text + "\nLast: a = a(x)\n").isEmpty(), file);
    }
  }

  private static Shape output(String recipes, String print, long... input) {
    Graph network = PyTorch.parse(print, Recipes.KNOWN.with(recipes));
    return Shapes.infer(network, new Shape(input)).output();
  }

  private static List<String> notes(String print) {
    return PyTorch.parse(print).notes().stream().map(Note::toString).toList();
  }

  @Test
  void aListKeepsThePlacesThatAreNone() {
    String print =
        "Fuse(\n  (moves): ModuleList(\n    (0-1): 2 x None\n    (2): "
            + CONV
            + "\n    (3): None\n  )\n)";
    assertEquals(new Shape(1, 3, 4, 6), output("Fuse: moves = moves[2](x)", print, 1, 3, 9, 14));
    assertEquals(
        new Shape(1, 12, 9, 14),
        output(
            "Fuse: moves = cat([x for move in moves]) if not moves[3] else x", print, 1, 3, 9, 14));
  }

  @Test
  void aConvolutionThatShowsNoPaddingCanBeToldToHaveTensorFlows() {
    String print = "Same(\n  (conv): " + CONV + "\n)";
    assertEquals(
        new Shape(1, 3, 5, 7),
        output("Same: conv = conv(x, padding='same_upper')", print, 1, 3, 9, 14));
    String padded = print.replace("dilation", "padding=(3, 1), dilation");
    assertEquals(
        new Shape(1, 3, 7, 7),
        output("Same: conv = conv(x, padding='same_upper')", padded, 1, 3, 9, 14));
  }

  @Test
  void theLargestDilationOfAChild() {
    String print = "Wide(\n  (conv): " + CONV.replace("(1, 1)", "(2, 5)") + "\n)";
    assertEquals(
        new Shape(1, 3, 8, 7),
        output("Wide: conv = d = dilation(conv); conv(pad(x, [d, d, d, d]))", print, 1, 3, 9, 14));
  }

  @Test
  void aClassNamedAsALayerMayShowNothing() {
    String recipe = "LayerNorm: = forward(x, channels): x * parameter('weight', channels, 1, 1)\n";
    assertEquals(
        new Shape(1, 3, 9, 14),
        output(recipe + "Net: norm = norm(x, 3)", "Net(\n  (norm): LayerNorm()\n)", 1, 3, 9, 14));
    NotationException e =
        assertThrows(NotationException.class, () -> PyTorch.parse("Net(\n  (c): Conv2d()\n)"));
    assertEquals(
        "line 2, column 8: Conv2d needs in_channels.", e.getMessage().lines().findFirst().get());
  }

  @Test
  void aNormInsideAConvolutionRunsBehindIt() {
    String print =
        "Sequential(\n  (0): Conv2d(\n    3, 8, kernel_size=(3, 3), stride=(1, 1), bias=False\n"
            + "    (norm): FrozenBatchNorm2d(num_features=8, eps=1e-05)\n  )\n)";
    assertEquals(new Shape(1, 8, 7, 12), output("", print, 1, 3, 9, 14));
    assertEquals(List.of(), notes(print));
  }

  @Test
  void recipesOfTheLibraryAroundAClassComeFirst() {
    String block =
        "Bottleneck(\n  (conv1): C1\n  (bn1): BatchNorm2d(4)\n  (conv2): Conv2d(4, 4, kernel_size=(3,"
            + " 3), padding=(1, 1))\n  (bn2): BatchNorm2d(4)\n  (conv3): Conv2d(4, 3, kernel_size=(1,"
            + " 1))\n  (bn3): BatchNorm2d(3)\n  (shortcut): Sequential()\n)";
    String print = block.replace("C1", "Conv2d(3, 4, kernel_size=(1, 1))");
    assertEquals(new Shape(1, 3, 9, 14), output("", print, 1, 3, 9, 14));
    assertEquals(
        List.of(
            "Bottleneck has the children of kuangliu.cifar's, and is taken to be that:"
                + " relu(bn3(conv3(relu(bn2(conv2(relu(bn1(conv1(x)))))))) + shortcut(x)). If yours"
                + " differs, say what its forward does: --recipes FILE."),
        notes(print));
  }

  @Test
  void aNoteTellsNeitherCommentsNorAssumptionsOfARecipe() {
    assertEquals(
        List.of(
            "VAE has the children of pytorch.examples's, and is taken to be that: y ="
                + " relu(fc1(reshape(x, in_channels(fc1)))); mu = fc21(y); [sigmoid(fc4(relu(fc3("
                + "mu)))), mu, fc22(y)]. If yours differs, say what its forward does: --recipes"
                + " FILE.",
            "VAE: the middle of its distribution is decoded."),
        notes(
            "VAE(\n  (fc1): Linear(4, 3)\n  (fc21): Linear(3, 2)\n  (fc22): Linear(3, 2)\n"
                + "  (fc3): Linear(2, 3)\n  (fc4): Linear(3, 4)\n)"));
  }

  @Test
  void whatAPrintDoesNotShowIsRefused() {
    NotationException e =
        assertThrows(
            NotationException.class,
            () -> PyTorch.parse("Darknet((module_list): ModuleList((0): EmptyLayer()))"));
    assertEquals(
        "line 1, column 40: EmptyLayer cannot be read from a print: from which layers this route or"
            + " shortcut takes its arrays is not shown.",
        e.getMessage().lines().findFirst().get());
  }
}

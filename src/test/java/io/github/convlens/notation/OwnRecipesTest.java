package io.github.convlens.notation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.convlens.graph.Note;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A user's own recipes are used, or it is said why not. */
class OwnRecipesTest {
  private static final String PRINT =
      "Net(\n  (conv): Conv2d(3, 8, kernel_size=(1, 1))\n  (block): MyBlock(\n    (conv): Conv2d(8, 8,"
          + " kernel_size=(1, 1))\n    (norm): BatchNorm2d(8)\n    (act): ReLU()\n  )\n)";

  private static final String MEND = "\nMend the names, or leave the option out.";

  private static Optional<String> unused(String recipes, String print) {
    return PyTorch.read(print, Recipes.KNOWN.with(recipes)).unused();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "MyBlok: conv norm act = act(conv(x))~no class here is called MyBlok. There are Net, MyBlock."
            + " Did you mean MyBlock by MyBlok?",
        "Quite: conv = conv(x)~no class here is called Quite. There are Net, MyBlock.",
        "MyBlock: conv nrm act = act(conv(x))~it is for a MyBlock with the children conv nrm act, in"
            + " this order, and here it shows conv, norm, act. Did you mean norm by nrm?",
        "MyBlock: norm conv act = act(conv(x))~it is for a MyBlock with the children norm conv act,"
            + " in this order, and here it shows conv, norm, act.",
        "MyBlock: conv norm = norm(conv(x))~it is for a MyBlock with the children conv norm, in this"
            + " order, and here it shows conv, norm, act.",
        "MyBlock: conv bn? layer* = conv(x)~it is for a MyBlock with the children conv bn? layer*, in"
            + " this order, and here it shows conv, norm, act.",
        "MyBlock: = x~it is for a MyBlock without children, in this order, and here it shows conv,"
            + " norm, act.",
        "MyBlock(Conv2d): conv norm act = super(x)~MyBlock shows no arguments of its own that make it"
            + " a layer of PyTorch.",
        "Conv2d: = x~Conv2d is PyTorch's own, and runs as PyTorch's: a recipe is for a class of"
            + " yours."
      })
  void aRecipeThatIsNotUsedSaysWhy(String recipe, String reason) {
    assertEquals(Optional.of("line 1: " + reason + MEND), unused(recipe, PRINT));
  }

  @Test
  void manyThatAreNotUsed() {
    String none = ": these are PyTorch's layers alone.\n";
    assertEquals(
        Optional.of(
            "line 2: no class here is called A"
                + none
                + "line 3: no class here is called B"
                + none
                + "line 4: no class here is called C"
                + none
                + "line 6: no class here is called D"
                + none
                + "So it is with 2 more."
                + MEND),
        unused("# mine\nA: = x\nB|BB: = x\nC: =\n  x\nD: = x\nE: = x\nF: = x", "nn.ReLU()"));
  }

  @Test
  void aFileMayHoldRecipesForOtherNetworks() {
    String shared = "Other: conv = conv(x)\nMyBlock: conv norm act = act(norm(conv(x)))";
    PyTorch.Reading reading = PyTorch.read(PRINT, Recipes.KNOWN.with(shared));
    assertEquals(Optional.empty(), reading.unused());
    assertEquals(
        List.of("Net"),
        reading.graph().notes().stream().map(note -> note.text().split(" ")[0]).toList());
    assertEquals(Optional.empty(), unused("", PRINT));
  }

  @Test
  void aNoteTellsOfARecipeWhoseClassHasOtherChildren() {
    String recipes =
        "Net: conv block = block(conv(x))\n\nMyBlock: conv nrm act = act(nrm(conv(x)))";
    PyTorch.Reading reading =
        PyTorch.read(PRINT, Recipes.KNOWN.with(recipes, "option --recipes: 'a.txt', "));
    assertEquals(Optional.empty(), reading.unused());
    assertEquals(
        Note.remark(
            "option --recipes: 'a.txt', line 3: this recipe is not used here: it is for a MyBlock"
                + " with the children conv nrm act, in this order, and here it shows conv, norm,"
                + " act. Did you mean norm by nrm?",
            "block"),
        reading.graph().notes().get(0));
    // one of two for the class fits
    assertEquals(
        List.of(),
        PyTorch.parse(
                PRINT,
                Recipes.KNOWN.with(recipes + "\nMyBlock: conv norm act = act(norm(conv(x)))"))
            .notes());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "MyBlock: conv = conv(x)~line 1: this recipe is not used here: MyBlock shows arguments of its"
            + " own besides its children. Write MyBlock(*): for any.",
        "MyBlk: conv = conv(x)~line 1: there is a recipe for MyBlk, and none for MyBlock, which is"
            + " here."
      })
  void aClassThatNeedsARecipeNamesTheOneThatIsAmiss(String recipe, String reason) {
    String print = "MyBlock(dim=3, (conv): Conv2d(3, 3, 1))";
    NotationException e =
        assertThrows(
            NotationException.class, () -> PyTorch.parse(print, Recipes.KNOWN.with(recipe)));
    assertEquals(
        "line 1, column 1: " + reason + "\n  " + print + "\n  ^\nMend that recipe.",
        e.getMessage());
  }

  @Test
  void aFileWithSectionsIsUsedToo() {
    assertEquals(
        Optional.empty(), unused("[somebody]\nMyBlock: conv norm act = act(norm(conv(x)))", PRINT));
  }

  @Test
  void severalArraysGoToNoClassThatTakesOne() {
    String recipe = "Net: conv block = block(conv(x), x)";
    NotationException e =
        assertThrows(
            NotationException.class, () -> PyTorch.parse(PRINT, Recipes.KNOWN.with(recipe)));
    assertEquals(
        "line 3, column 12: MyBlock is given 2 arrays, and what its forward does with them is not"
            + " known.\n  (block): MyBlock(\n           ^\nSay it in a line, with --recipes FILE,"
            + " such as\nMyBlock: * = forward(x, y): in_order(children, x) + y",
        e.getMessage());
    e =
        assertThrows(
            NotationException.class,
            () ->
                PyTorch.parse(PRINT.replace("MyBlock", "Sequential"), Recipes.KNOWN.with(recipe)));
    assertEquals(
        "line 3, column 12: Sequential is given 2 arrays, and takes one.\n  (block): Sequential(\n"
            + "           ^\nGive it one in the recipe that calls it.",
        e.getMessage());
    e =
        assertThrows(
            NotationException.class,
            () -> PyTorch.parse(PRINT, Recipes.KNOWN.with(recipe + "\nMyBlock: * = x", "mine, ")));
    assertEquals(
        "mine, line 2, column 1: MyBlock is given 2 arrays.\n  MyBlock: * = x\n  ^\nIts forward takes"
            + " x: write forward(x, y): behind its =, or give it fewer.",
        e.getMessage());
  }

  @Test
  void aMistakeThatShowsWhenTheRecipeIsUsedHasTheFilesName() {
    for (String value : List.of("conv(x)[1]", "y[1]")) {
      String recipe = "Net: conv block =\n    y = conv(x);\n    " + value;
      NotationException e =
          assertThrows(
              NotationException.class,
              () -> PyTorch.parse(PRINT, Recipes.KNOWN.with(recipe, "option --recipes: 'a', ")));
      assertEquals(
          "option --recipes: 'a', line 3, column "
              + (value.indexOf('[') + 5)
              + ": there are not several.\n  "
              + value
              + "\n  "
              + " ".repeat(value.indexOf('['))
              + "^\nMend the recipe of Net.",
          e.getMessage());
      assertEquals(3, e.line());
    }
  }
}

package io.github.convlens.notation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.convlens.graph.Graph;
import io.github.convlens.graph.Note;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Residual and Concat: the notation's own, and classes of somebody's that have these names. */
class JoinsTest {
  private static final String EXPORT =
      "\nTo be exact, export the model in Python, and give the file as --net model.pt2:\n"
          + "torch.export.save(torch.export.export(model.eval(), (x,)), \"model.pt2\")";

  @Test
  void aPrintOfAClassWithTheNameIsTakenForOursWithANote() {
    assertNotes(
        "Residual(\n  (main): ReLU()\n  (shortcut): Identity()\n)",
        "Residual is a class of somebody's own, taken for ConvLens's Residual: main(x) + shortcut(x)."
            + " If its forward does anything else, say so in a line, with --recipes FILE: Residual:"
            + " main shortcut = main(x) + shortcut(x)");
    assertNotes(
        "Residual(\n  (main): ReLU()\n)",
        "Residual is a class of somebody's own, taken for ConvLens's Residual: main(x) + x. If its"
            + " forward does anything else, say so in a line, with --recipes FILE: Residual: main ="
            + " main(x) + x");
    assertNotes(
        "Concat(\n  (a): ReLU()\n  (b): Tanh()\n)",
        "Concat is a class of somebody's own, taken for ConvLens's Concat: cat(a(x), b(x)). If its"
            + " forward does anything else, say so in a line, with --recipes FILE: Concat: a b ="
            + " cat(a(x), b(x))");
    assertNotes(
        "Concat(\n  (0): ReLU()\n  (1): Tanh()\n)",
        "Concat is a class of somebody's own, taken for ConvLens's Concat: cat([branch(x) for branch"
            + " in children]). If its forward does anything else, say so in a line, with --recipes"
            + " FILE: Concat: * = cat([branch(x) for branch in children])");
  }

  @Test
  void otherChildrenRunInOrderWithANote() {
    assertNotes(
        "Residual(\n  (0): ReLU()\n  (1): Tanh()\n)",
        "Residual does not have the children of any Residual that is known: its children are taken"
            + " to run in the order in which they are printed. If its forward does anything else, say"
            + " so in a line, with --recipes FILE: Residual: * = in_order(children, x)");
    assertNotes(
        "Concat(\n  (a): ReLU()\n)",
        "Concat is not a class that is known: its children are taken to run in the order in which"
            + " they are printed. If its forward does anything else, say so in a line, with --recipes"
            + " FILE: Concat: a = a(x)");
  }

  @Test
  void oursIsReadSilently() {
    for (String ours :
        List.of(
            "Residual(nn.ReLU(), nn.Tanh())",
            "Residual(main=nn.ReLU())",
            "Residual([nn.ReLU()])",
            "Concat(*[nn.ReLU(), nn.Tanh()])",
            "convlens.Residual(\n  (main): ReLU()\n  (shortcut): Identity()\n)",
            "convlens.Concat(\n  (a): ReLU()\n  (b): Tanh()\n)",
            "nn.Sequential(Concat(Residual(nn.ReLU()), nn.Tanh()))")) {
      Graph graph = PyTorch.parse(ours);
      assertNotes(ours);
      assertEquals(graph, PyTorch.parse(graph.toString()), ours);
    }
  }

  @Test
  void aRecipeOfOnesOwnComesFirst() {
    Recipes own =
        Recipes.KNOWN.with(
            "Concat: a b = b(a(x))\nResidual: main = cat(x, main(x))\n"
                + "Net: down concat = cat(down(x), x)\n");
    String ab = "Concat(\n  (a): ReLU()\n  (b): Tanh()\n)";
    assertEquals(List.of("ReLU()", "Tanh()"), modules(PyTorch.parse(ab, own)));
    assertEquals(
        List.of("ReLU()", "concat()"),
        modules(PyTorch.parse("Residual(\n  (main): ReLU()\n)", own)));
    assertEquals(
        List.of("ReLU()", "concat()"),
        modules(PyTorch.parse("Net(\n  (down): ReLU()\n  (concat): Concat()\n)", own)));
    // a call of layers is ours, whatever there are recipes for
    assertEquals(
        List.of("ReLU()", "Tanh()", "concat()"),
        modules(PyTorch.parse("Concat(ReLU(), Tanh())", own)));
  }

  @Test
  void whatAClassShowsOfItselfIsNotIgnored() {
    assertRefused(
        "Concat(\n  dim=2\n  (a): ReLU()\n  (b): Tanh()\n)",
        "line 1, column 1: Concat shows arguments of its own besides its children, and what its"
            + " forward does with them is not known.\n"
            + "  Concat(\n"
            + "  ^\n"
            + "Say what it does in a line, with --recipes FILE: Concat(*): a b = cat(a(x), b(x))"
            + EXPORT);
    assertRefused(
        "Residual(\n  scale=0.5\n  (main): ReLU()\n)",
        "line 1, column 1: Residual shows arguments of its own besides its children, and what its"
            + " forward does with them is not known.\n"
            + "  Residual(\n"
            + "  ^\n"
            + "Say what it does in a line, with --recipes FILE: Residual(*): main = main(x) + x"
            + EXPORT);
    assertRefused(
        "Concat(dim=1)",
        "line 1, column 1: this Concat shows no branches: in a print it is somebody's class, and"
            + " which arrays it joins is not in the print.\n"
            + "  Concat(dim=1)\n"
            + "  ^\n"
            + "Write Concat(branch, branch), or ask for the layers in front of it and behind it"
            + " alone.");
    assertRefused(
        "Residual(nn.ReLU(), nn.Tanh(), nn.ReLU())",
        "line 1, column 1: Residual adds one branch to its input, or two to each other, and here are"
            + " 3.\n"
            + "  Residual(nn.ReLU(), nn.Tanh(), nn.ReLU())\n"
            + "  ^\n"
            + "Write Residual(main, shortcut); write nn.Sequential(a, b) for what runs in a row.");
  }

  private static List<String> modules(Graph graph) {
    return graph.nodes().stream().map(node -> node.module().layer().toString()).toList();
  }

  private static void assertNotes(String text, String... notes) {
    List<Note> all = PyTorch.parse(text).notes();
    assertEquals(List.of(notes), all.stream().map(Note::toString).toList(), text);
    assertEquals(true, all.stream().allMatch(Note::isAssumption), text);
  }

  private static void assertRefused(String text, String message) {
    assertEquals(
        message,
        assertThrows(NotationException.class, () -> PyTorch.parse(text)).getMessage(),
        text);
  }
}

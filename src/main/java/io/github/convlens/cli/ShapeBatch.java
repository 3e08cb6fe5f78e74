package io.github.convlens.cli;

import io.github.convlens.graph.Graph;
import io.github.convlens.graph.Note;
import io.github.convlens.graph.Shaped;
import io.github.convlens.layer.ShapeException;
import io.github.convlens.layer.internal.Printable;
import io.github.convlens.notation.InputSize;
import io.github.convlens.notation.NotationException;
import io.github.convlens.notation.PyTorch;
import io.github.convlens.notation.Recipes;
import java.util.Optional;
import java.util.function.Consumer;

/** Many questions, one after the other, each a line: {@code 8x8<TAB>nn.Conv2d(1, 1, 3)}. */
final class ShapeBatch {
  private final Recipes recipes;
  private boolean isUsed;

  ShapeBatch(Recipes recipes) {
    this.recipes = recipes;
  }

  /** One line's answer; an error takes one line as well. */
  String answer(String line, Consumer<Note> notes) {
    int tab = line.indexOf('\t');
    if (line.startsWith("ExportedProgram:", tab + 1)) {
      throw new RequestException(
          "option --batch: a line has layers, and not an exported program. Ask about that alone:"
              + " convlens shape --net FILE.");
    }
    if (tab < 0) {
      return line.isBlank()
          ? "error: the line is empty. Delete it, or write INPUT<TAB>LAYERS."
          : "error: the line has no tab. Write INPUT<TAB>LAYERS.";
    }
    try {
      InputSize size = InputSize.parse(line.substring(0, tab).strip());
      Graph graph = read(line.substring(tab + 1));
      Optional<Note> completed = size.noteOn(graph);
      Graph asked = completed.isPresent() ? graph.with(completed.get()) : graph;
      Shaped shaped = NetOptions.infer(asked, size.shapeFor(graph), notes);
      return size.answer(shaped.graph(), shaped.output());
    } catch (ShapeException | NotationException | RequestException e) {
      return "error: " + Printable.line(String.valueOf(e.getMessage()).replace('\n', ' '));
    }
  }

  private Graph read(String layers) {
    if (recipes.addedClasses().isEmpty()) {
      return PyTorch.parse(layers, recipes);
    }
    PyTorch.Reading reading = PyTorch.read(layers, recipes);
    isUsed |= reading.unused().isEmpty();
    return reading.graph();
  }

  /** That recipes were added and no line used one. */
  Optional<String> unused() {
    return isUsed || recipes.addedClasses().isEmpty()
        ? Optional.empty()
        : Optional.of(
            "Its classes are "
                + String.join(", ", recipes.addedClasses())
                + ", and no line has one of them with the children that it names.\n"
                + "Mend the names, or leave the option out.");
  }
}

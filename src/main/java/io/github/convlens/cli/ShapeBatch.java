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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Many questions, each a line: {@code 8x8<TAB>nn.Conv2d(1, 1, 3)}. Several threads may ask at once.
 */
final class ShapeBatch {
  private static final String ERROR = "error: ";

  /** So many networks are kept for the lines to come: batches ask about few in many sizes. */
  private static final int MOST_KEPT = 1000;

  /** Texts longer than this are read anew, so that what is kept stays small. */
  private static final int LONGEST_KEPT = 1000;

  /**
   * Networks of more calls than this are read anew, too: a short text may hold a million layers.
   */
  private static final int MOST_NODES_KEPT = 20;

  private final Map<String, Graph> graphs = new ConcurrentHashMap<>();
  private final Recipes recipes;
  private final Consumer<Note> judge;
  private final boolean isJson;
  private volatile boolean isUsed;

  /** Answers by these recipes; {@code judge} throws for a note that is an error. */
  ShapeBatch(Recipes recipes, Consumer<Note> judge, boolean isJson) {
    this.recipes = recipes;
    this.judge = judge;
    this.isJson = isJson;
  }

  /** The lines' answers, up to the first fault that ends the batch. */
  ShapeAnswers answers(ShapeQuestions questions) {
    StringBuilder printed = new StringBuilder(32 * questions.lines().size());
    List<String> told = new ArrayList<>();
    int failed = 0;
    long number = questions.first();
    try {
      for (String line : questions.lines()) {
        List<String> notes = new ArrayList<>(0);
        String answer = answer(line, note -> notes.add(judged(note)));
        failed += answer.startsWith(ERROR) ? 1 : 0;
        for (String note : notes) {
          told.add("note: line " + number + ": " + note);
        }
        printed
            .append(isJson ? ShapeJson.line(number, answer, notes) : answer)
            .append(System.lineSeparator());
        number++;
      }
      return new ShapeAnswers(printed.toString(), told, failed, questions.fault());
    } catch (RuntimeException e) {
      return new ShapeAnswers(printed.toString(), told, failed, e);
    }
  }

  private String judged(Note note) {
    judge.accept(note);
    return note.toString();
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
          ? ERROR + "the line is empty. Delete it, or write INPUT<TAB>LAYERS."
          : ERROR + "the line has no tab. Write INPUT<TAB>LAYERS.";
    }
    try {
      InputSize size = InputSize.parse(line.substring(0, tab).strip());
      Graph graph = graph(line.substring(tab + 1));
      Optional<Note> completed = size.noteOn(graph);
      Graph asked = completed.isPresent() ? graph.with(completed.get()) : graph;
      Shaped shaped = NetOptions.infer(asked, size.shapeFor(graph), notes);
      return size.answer(shaped.graph(), shaped.output());
    } catch (ShapeException | NotationException | RequestException e) {
      return ERROR + Printable.line(String.valueOf(e.getMessage()).replace('\n', ' '));
    }
  }

  /** The network, which is read once where several lines ask about it. */
  private Graph graph(String layers) {
    Graph known = graphs.get(layers);
    if (known != null) {
      return known;
    }
    Graph graph = read(layers);
    if (layers.length() <= LONGEST_KEPT && graph.nodes().size() <= MOST_NODES_KEPT) {
      if (graphs.size() >= MOST_KEPT) {
        graphs.clear();
      }
      graphs.put(layers, graph);
    }
    return graph;
  }

  private Graph read(String layers) {
    if (recipes.addedClasses().isEmpty()) {
      return PyTorch.parse(layers, recipes);
    }
    PyTorch.Reading reading = PyTorch.read(layers, recipes);
    if (reading.unused().isEmpty()) {
      isUsed = true;
    }
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

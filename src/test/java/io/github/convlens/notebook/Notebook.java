package io.github.convlens.notebook;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A notebook file of nbformat 4.5.
 *
 * @param file where it is
 * @param cells its cells, in order
 * @param metadata of the whole notebook
 */
record Notebook(Path file, List<Cell> cells, JsonObject metadata) {
  private static final Gson GSON =
      new GsonBuilder().disableHtmlEscaping().serializeNulls().create();
  private static final int FORMAT = 4;
  private static final int FORMAT_MINOR = 5;

  Notebook {
    cells = List.copyOf(cells);
  }

  /**
   * Reads a notebook.
   *
   * @throws NotebookException if the file is not a notebook of nbformat 4.5 whose cells have ids
   */
  static Notebook read(Path file) throws IOException {
    JsonObject json = parse(file);
    if (!(json.get("cells") instanceof JsonArray array)) {
      throw new NotebookException(file, "there are no cells: it is not a notebook.");
    }
    String format = json.get("nbformat") + "." + json.get("nbformat_minor");
    if (!format.equals(FORMAT + "." + FORMAT_MINOR)) {
      throw new NotebookException(
          file, "nbformat is " + format + ", but must be 4.5.\nSave it with a newer Jupyter.");
    }
    List<Cell> cells = new ArrayList<>();
    for (JsonElement cell : array) {
      cells.add(cell(file, cells.size() + 1, cell));
    }
    requireIds(file, cells);
    if (!(json.get("metadata") instanceof JsonObject metadata)) {
      throw new NotebookException(file, "there is no metadata: it is not a notebook.");
    }
    return new Notebook(file, cells, metadata);
  }

  private static JsonObject parse(Path file) throws IOException {
    try {
      if (JsonParser.parseString(Files.readString(file)) instanceof JsonObject json) {
        return json;
      }
    } catch (JsonParseException e) {
      throw new NotebookException(file, "not JSON: " + e.getMessage());
    }
    throw new NotebookException(file, "not a JSON object: it is not a notebook.");
  }

  private static Cell cell(Path file, int number, JsonElement json) {
    if (json instanceof JsonObject object
        && object.has("source")
        && (object.has("outputs") || !Output.string(object.get("cell_type")).equals("code"))) {
      return new Cell(number, object);
    }
    throw new NotebookException(
        file, "cell " + number + " has no source or, a code cell, no outputs.");
  }

  private static void requireIds(Path file, List<Cell> cells) {
    Set<String> ids = new HashSet<>();
    for (Cell cell : cells) {
      if (cell.id().isEmpty() || !ids.add(cell.id())) {
        throw new NotebookException(file, cell, "has no id of its own.");
      }
    }
  }

  List<Cell> codeCells() {
    return cells.stream().filter(Cell::isCode).toList();
  }

  /**
   * The notebook with what its cells give when they are run now, one after the other.
   *
   * @throws NotebookException if a cell cannot be run; names the file and the cell
   */
  Notebook run() {
    try (JavaShell shell = new JavaShell()) {
      return run(shell);
    }
  }

  /**
   * As {@link #run()}; then each cell is run once more, the last one first, as by a reader who goes
   * back to a cell. The other way round the first cell would make everything new for those behind
   * it. At last the exercises are solved.
   *
   * @throws NotebookException also if an exercise is solved before its answer, or not by it
   */
  Notebook runAndGoBack() {
    try (JavaShell shell = new JavaShell()) {
      Notebook ran = run(shell);
      for (int i = cells.size() - 1; i >= 0; i--) {
        if (cells.get(i).isCode()) {
          outputs(shell, cells.get(i));
        }
      }
      Exercise.of(this).forEach(exercise -> exercise.solve(file, shell));
      return ran;
    }
  }

  /** As {@link #run()}; then the exercises are solved. */
  Notebook runAndSolve() {
    try (JavaShell shell = new JavaShell()) {
      Notebook ran = run(shell);
      Exercise.of(this).forEach(exercise -> exercise.solve(file, shell));
      return ran;
    }
  }

  private Notebook run(JavaShell shell) {
    List<Cell> ran = new ArrayList<>();
    int count = 0;
    for (Cell cell : cells) {
      ran.add(cell.isCode() ? cell.with(outputs(shell, cell), ++count) : cell);
    }
    return new Notebook(file, ran, metadata);
  }

  private List<Output> outputs(JavaShell shell, Cell cell) {
    try {
      return Output.of(shell.run(cell.source()));
    } catch (CellException e) {
      throw new NotebookException(file, cell, e.getMessage());
    }
  }

  /** The text of the file, byte for byte what Jupyter's own writer makes of the same notebook. */
  String text() {
    JsonArray array = new JsonArray();
    cells.forEach(cell -> array.add(cell.json()));
    JsonObject json = new JsonObject();
    json.add("cells", array);
    json.add("metadata", metadata);
    json.addProperty("nbformat", FORMAT);
    json.addProperty("nbformat_minor", FORMAT_MINOR);
    StringWriter text = new StringWriter();
    JsonWriter writer = new JsonWriter(text);
    writer.setIndent(" ");
    GSON.toJson(sorted(json), writer);
    return text + "\n";
  }

  private static JsonElement sorted(JsonElement json) {
    if (json instanceof JsonObject object) {
      JsonObject copy = new JsonObject();
      new TreeSet<>(object.keySet()).forEach(key -> copy.add(key, sorted(object.get(key))));
      return copy;
    }
    if (json instanceof JsonArray array) {
      JsonArray copy = new JsonArray();
      array.forEach(element -> copy.add(sorted(element)));
      return copy;
    }
    return json;
  }
}

package io.github.convlens.notebook;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.stream.StreamSupport;

/**
 * A notebook's cell.
 *
 * @param number its place, from 1
 * @param json the cell as nbformat keeps it
 */
record Cell(int number, JsonObject json) {
  String id() {
    return Output.string(json.get("id"));
  }

  boolean isCode() {
    return Output.string(json.get("cell_type")).equals("code");
  }

  String source() {
    return Output.string(json.get("source"));
  }

  /** The outputs that are saved with a code cell. */
  List<Output> outputs() {
    return StreamSupport.stream(json.getAsJsonArray("outputs").spliterator(), false)
        .map(output -> Output.of(output.getAsJsonObject()))
        .toList();
  }

  /** The same code cell with what a run gave. */
  Cell with(List<Output> outputs, int executionCount) {
    JsonArray saved = new JsonArray();
    outputs.forEach(output -> saved.add(output.json(executionCount)));
    JsonObject copy = json.deepCopy();
    copy.add("outputs", saved);
    copy.addProperty("execution_count", executionCount);
    return new Cell(number, copy);
  }

  @Override
  public String toString() {
    return "cell " + number + " (" + id() + ")";
  }
}

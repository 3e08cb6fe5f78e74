package io.github.convlens.page.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.convlens.layer.internal.ShapeText;
import io.github.convlens.notation.Presets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Where the boxes of a network lie. */
class NetworkGraphTest {
  private static JsonObject graph(String layers, String input) {
    Explorer explorer = new Explorer(layers, input);
    assertEquals(
        "null",
        JsonParser.parseString(explorer.answer()).getAsJsonObject().get("error").toString());
    return JsonParser.parseString(explorer.graph()).getAsJsonObject();
  }

  private static List<JsonObject> all(JsonObject graph, String name) {
    List<JsonObject> all = new ArrayList<>();
    for (JsonElement each : graph.getAsJsonArray(name)) {
      all.add(each.getAsJsonObject());
    }
    return all;
  }

  private static int middle(JsonObject unit) {
    return unit.get("y").getAsInt() + unit.get("h").getAsInt() / 2;
  }

  /** The boxes by the row of their first layer. */
  private static Map<Integer, JsonObject> byRow(JsonObject graph) {
    Map<Integer, JsonObject> byRow = new HashMap<>();
    for (JsonObject unit : all(graph, "units")) {
      byRow.put(unit.getAsJsonArray("rows").get(0).getAsInt(), unit);
    }
    return byRow;
  }

  /** Down with each pool, up with each transposed convolution, and ways across. */
  @Test
  void aUNetIsAU() {
    JsonObject graph =
        graph(
            "Sequential(Conv2d(1, 8, 3, padding=1), Concat(Identity(), Sequential(MaxPool2d(2),"
                + " Conv2d(8, 16, 3, padding=1), ConvTranspose2d(16, 8, 2, stride=2))),"
                + " Conv2d(16, 2, 1))",
            "1x1x32x32");
    Map<Integer, JsonObject> units = byRow(graph); // conv 0, identity 1?, pool, conv, up, cat, conv
    List<Integer> heights = new ArrayList<>();
    units.keySet().stream().sorted().forEach(row -> heights.add(middle(units.get(row))));
    int top = middle(units.get(-1));
    long low = heights.stream().filter(y -> y > top).count();
    assertEquals(2, low, "the pool and the convolution behind it: " + heights);
    assertEquals(top, heights.get(heights.size() - 1), "the last is as high as the first");
    assertEquals(
        1, all(graph, "ways").stream().filter(way -> way.get("over").getAsBoolean()).count());
  }

  /** Eight blocks: five of them add their input, over which an arc leads. */
  @Test
  void aResNetHasItsArcs() {
    JsonObject graph = graph(Presets.text("resnet18"), "1x3x224x224");
    long arcs = all(graph, "ways").stream().filter(way -> way.get("over").getAsBoolean()).count();
    assertEquals(5, arcs);
    assertEquals(
        List.of("layer1", "layer2", "layer3", "layer4"),
        all(graph, "blocks").stream().map(block -> block.get("name").getAsString()).toList());
  }

  /** In every known network each row stands in one box, and no two boxes overlap. */
  @Test
  void everyRowHasItsPlace() {
    for (String name : Presets.names()) {
      JsonObject graph = graph(Presets.text(name), ShapeText.crossed(Presets.input(name)));
      Set<Integer> rows = new HashSet<>();
      List<JsonObject> units = all(graph, "units");
      for (int i = 0; i < units.size(); i++) {
        JsonArray own = units.get(i).getAsJsonArray("rows");
        own.forEach(row -> assertTrue(rows.add(row.getAsInt()), name + " has a row twice"));
        for (int j = 0; j < i; j++) {
          assertTrue(apart(units.get(i), units.get(j)), name + ": " + units.get(i) + units.get(j));
        }
      }
      int layers =
          new Explorer(Presets.text(name), ShapeText.crossed(Presets.input(name)))
              .trace()
              .orElseThrow()
              .rows()
              .size();
      assertEquals(layers + 1, rows.size(), name);
      for (JsonObject way : all(graph, "ways")) {
        JsonObject from = units.get(way.get("from").getAsInt());
        JsonObject to = units.get(way.get("to").getAsInt());
        assertTrue(from.get("x").getAsInt() < to.get("x").getAsInt(), name + " runs to the right");
      }
    }
  }

  private static boolean apart(JsonObject one, JsonObject other) {
    return one.get("x").getAsInt() + one.get("w").getAsInt() <= other.get("x").getAsInt()
        || other.get("x").getAsInt() + other.get("w").getAsInt() <= one.get("x").getAsInt()
        || one.get("y").getAsInt() + one.get("h").getAsInt() <= other.get("y").getAsInt()
        || other.get("y").getAsInt() + other.get("h").getAsInt() <= one.get("y").getAsInt();
  }
}

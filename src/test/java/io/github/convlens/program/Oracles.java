package io.github.convlens.program;

import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** Programs that PyTorch 2.13 exported, and its answers. */
final class Oracles {
  private static final Path FOLDER = Path.of("src/test/resources/io/github/convlens/oracles");

  private Oracles() {}

  static Path program(String name) {
    return FOLDER.resolve("programs").resolve(name);
  }

  static Path prints() {
    return FOLDER.resolve("prints/exported.zip");
  }

  /** Those of torchvision's other families of convolutional classifiers, made in the same way. */
  static Path morePrints() {
    return FOLDER.resolve("prints/exported_torchvision.zip");
  }

  /** Outputs, parameters and MACs of the programs, by their names. */
  static JsonObject programs() throws IOException {
    return JsonParser.parseString(Files.readString(program("programs.json"))).getAsJsonObject();
  }

  /** The same of the printed networks. */
  static JsonObject networks() throws IOException {
    Path file = FOLDER.resolve("prints/nets.json.gz");
    try (Reader reader =
        new InputStreamReader(
            new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8)) {
      return JsonParser.parseReader(reader).getAsJsonObject();
    }
  }

  static List<Shape> shapes(JsonArray all) {
    List<Shape> shapes = new ArrayList<>();
    for (JsonElement each : all) {
      shapes.add(shape(each.getAsJsonArray()));
    }
    return shapes;
  }

  static Shape shape(JsonArray sizes) {
    long[] all = new long[sizes.size()];
    for (int i = 0; i < all.length; i++) {
      all[i] = sizes.get(i).getAsLong();
    }
    return new Shape(all);
  }
}

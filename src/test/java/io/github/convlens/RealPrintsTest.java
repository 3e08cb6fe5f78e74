package io.github.convlens;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.convlens.graph.Graph;
import io.github.convlens.graph.Node;
import io.github.convlens.graph.Note;
import io.github.convlens.graph.Shaped;
import io.github.convlens.graph.Shapes;
import io.github.convlens.layer.ShapeException;
import io.github.convlens.notation.NotationException;
import io.github.convlens.notation.PyTorch;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/**
 * Prints of real networks against PyTorch's answers (torch 2.13, torchvision 0.28, timm 1.0.29, and
 * networks as people write them): each is read exactly, or refused with the truth, or what was
 * assumed is said. {@code -Dconvlens.prints=FILE} asks about the networks of another file.
 *
 * <p>A network's entry has what {@code print(model)} shows, input and output shapes, parameters,
 * multiply-adds (FlopCounterMode / 2), each leaf's output shape in the order of execution, and
 * output and leaves at an odd, non-square size.
 */
class RealPrintsTest {
  private static final List<String> NOT_CONVOLUTIONAL =
      List.of(
          "segmentation",
          "detection-backbone",
          "video-resnet",
          "mvit",
          "s3d",
          "swin3d",
          "vit",
          "swin",
          "swin_v2",
          "maxvit");

  private enum Verdict {
    /** Output, parameters, multiply-adds and leaves are PyTorch's, at both sizes. */
    EXACT,
    /** They are not, and a note says what was assumed. */
    NOTED,
    /** No answer, for a reason that is true. */
    REFUSED,
    /** No answer, and the message tells to change a right number. */
    MISLEADING,
    /** Wrong, and nothing says so. */
    SILENT,
    /** The network takes several inputs. */
    SEVERAL
  }

  private record Judged(String name, String source, Verdict verdict, String why) {}

  @Test
  void realPrintsAreReadExactlyOrRefusedWithTheTruth() throws IOException {
    List<Judged> all = new ArrayList<>();
    for (Map.Entry<String, JsonElement> entry : networks().entrySet()) {
      all.add(judge(entry.getKey(), entry.getValue().getAsJsonObject()));
    }
    Map<String, Map<Verdict, Integer>> table = new TreeMap<>();
    for (Judged each : all) {
      table
          .computeIfAbsent(each.source, key -> new EnumMap<>(Verdict.class))
          .merge(each.verdict, 1, Integer::sum);
    }
    report(all, table);
    assertEquals(List.of(), named(all, Verdict.SILENT), "silently wrong");
    assertEquals(List.of(), named(all, Verdict.MISLEADING), "misleading");
    if (System.getProperty("convlens.prints") == null) {
      assertShare(table, "torchvision, convolutional classifiers", 1);
      assertShare(table, "hand-written", 0.6);
      assertShare(table, "timm", 0.6);
    }
  }

  private static void assertShare(
      Map<String, Map<Verdict, Integer>> table, String source, double least) {
    Map<Verdict, Integer> counts = Objects.requireNonNull(table.get(source), source);
    int all = counts.values().stream().mapToInt(Integer::intValue).sum();
    int exact = counts.getOrDefault(Verdict.EXACT, 0);
    assertTrue(exact >= least * all, source + ": " + exact + " of " + all + " are exact");
  }

  private static List<String> named(List<Judged> all, Verdict verdict) {
    return all.stream()
        .filter(each -> each.verdict == verdict)
        .map(each -> each.name + ": " + each.why)
        .toList();
  }

  private static void report(List<Judged> all, Map<String, Map<Verdict, Integer>> table)
      throws IOException {
    StringBuilder text = new StringBuilder();
    for (Judged each : all) {
      text.append(String.join("\t", each.name, each.source, each.verdict.name(), each.why))
          .append('\n');
    }
    table.forEach((source, counts) -> text.append(source).append('\t').append(counts).append('\n'));
    Files.createDirectories(Path.of("target"));
    Files.writeString(Path.of("target", "real-prints.tsv"), text);
  }

  private static Map<String, JsonElement> networks() throws IOException {
    String file = System.getProperty("convlens.prints");
    try (InputStream in =
            file == null
                ? Objects.requireNonNull(
                    RealPrintsTest.class.getResourceAsStream("oracles/prints/nets.json.gz"))
                : Files.newInputStream(Path.of(file));
        Reader reader = new InputStreamReader(new GZIPInputStream(in), StandardCharsets.UTF_8)) {
      return JsonParser.parseReader(reader).getAsJsonObject().asMap();
    }
  }

  private static Judged judge(String name, JsonObject net) {
    String source = source(name, net.get("family").getAsString());
    if (net.getAsJsonArray("input").size() != 1) {
      return new Judged(name, source, Verdict.SEVERAL, "");
    }
    try {
      Graph graph = PyTorch.parse(net.get("print").getAsString());
      Shaped shaped = Shapes.infer(graph, shape(net.getAsJsonArray("input").get(0)));
      List<String> differences = differences(shaped, net);
      differences.addAll(atAnotherSize(graph, net.get("alt")));
      boolean noted = shaped.notes().stream().anyMatch(Note::isAssumption);
      Verdict verdict =
          differences.isEmpty() ? Verdict.EXACT : noted ? Verdict.NOTED : Verdict.SILENT;
      return new Judged(name, source, verdict, String.join("; ", differences));
    } catch (NotationException e) {
      return new Judged(name, source, Verdict.REFUSED, line(e));
    } catch (ShapeException e) {
      boolean blames =
          !e.getMessage().contains("The likely cause is what was assumed")
              && !e.getMessage().contains("may be missing");
      return new Judged(name, source, blames ? Verdict.MISLEADING : Verdict.REFUSED, line(e));
    }
  }

  private static String line(Exception e) {
    return e.getMessage().replace('\n', ' ').replace('\t', ' ');
  }

  private static String source(String name, String family) {
    if (name.startsWith("timm:")) {
      return "timm";
    }
    if (name.startsWith("hand:")) {
      return "hand-written";
    }
    return NOT_CONVOLUTIONAL.contains(family)
        ? "torchvision, others"
        : "torchvision, convolutional classifiers";
  }

  private static List<String> differences(Shaped shaped, JsonObject net) {
    List<String> differences = outputs(shaped, net);
    long parameters = shaped.graph().parameters();
    long all = net.get("parameters").getAsLong();
    JsonElement rest = net.get("parameters_not_run");
    if (parameters != all && parameters != all - (rest == null ? 0 : rest.getAsLong())) {
      differences.add(parameters + " parameters, not " + all);
    }
    return differences;
  }

  private static List<String> outputs(Shaped shaped, JsonObject net) {
    List<String> differences = new ArrayList<>();
    JsonArray outputs = net.getAsJsonArray("output");
    List<Shape> expected = new ArrayList<>();
    outputs.forEach(output -> expected.add(shape(output)));
    if (!shaped.outputs().equals(expected)) {
      differences.add("output " + shaped.outputs() + ", not " + expected);
    }
    long macs = net.get("macs").getAsLong();
    long ours = 0;
    Map<String, List<Shape>> byPath = new HashMap<>();
    for (Node node : shaped.graph().nodes()) {
      ours += node.layer().macs(shaped.inputsOf(node));
      byPath
          .computeIfAbsent(node.path(), path -> new ArrayList<>())
          .add(node.layer().outputs(shaped.inputsOf(node)).get(0));
    }
    if (ours != macs) {
      differences.add(ours + " MACs, not " + macs);
    }
    net.getAsJsonArray("leaves")
        .forEach(leaf -> compare(leaf.getAsJsonArray(), byPath).forEach(differences::add));
    return differences;
  }

  /** A leaf that runs here has PyTorch's shape: one that runs twice has each of them. */
  private static List<String> compare(JsonArray leaf, Map<String, List<Shape>> byPath) {
    JsonElement sizes = leaf.get(leaf.get(1).isJsonArray() ? 1 : 2);
    List<Shape> ours = byPath.get(leaf.get(0).getAsString());
    if (ours == null || !sizes.isJsonArray() || ours.contains(shape(sizes))) {
      return List.of();
    }
    return List.of(leaf.get(0).getAsString() + " makes " + ours + ", not " + shape(sizes));
  }

  /** The answer at another size; where PyTorch fails there, so must we. */
  private static List<String> atAnotherSize(Graph graph, JsonElement alt) {
    if (alt == null || !alt.isJsonObject() || !alt.getAsJsonObject().has("input")) {
      return List.of();
    }
    JsonObject other = alt.getAsJsonObject();
    Shape input = shape(other.getAsJsonArray("input").get(0));
    Shaped shaped;
    try {
      shaped = Shapes.infer(graph, input);
    } catch (ShapeException e) {
      return other.has("output") ? List.of("refused at " + input + ": " + line(e)) : List.of();
    }
    if (!other.has("output")) {
      return List.of("answered at " + input + ", where PyTorch fails");
    }
    return outputs(shaped, other);
  }

  private static Shape shape(JsonElement sizes) {
    return new Shape(
        sizes.getAsJsonArray().asList().stream().mapToLong(JsonElement::getAsLong).toArray());
  }
}

package io.github.convlens.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.convlens.layer.Child;
import io.github.convlens.layer.IdentitySpec;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.ModuleSpec;
import io.github.convlens.layer.ResidualSpec;
import io.github.convlens.layer.SequentialSpec;
import io.github.convlens.layer.UpsampleSpec;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole text of a small network's trace in every form. */
class RenderingTest {
  private static final Locale LOCALE = Locale.getDefault();

  /** A residual block, an enlarging layer, a Flatten that is not written, a name with a pipe. */
  private static Trace small() {
    Child conv = new Child("conv", Nets.conv(3, 3, 3, 1, 1));
    Child join = new Child("", new ResidualSpec(conv, new Child("", new IdentitySpec())));
    Child relu = new Child("relu", Nets.relu());
    LayerSpec block =
        new ModuleSpec("Block", List.of(conv, relu), new SequentialSpec(List.of(join, relu)));
    LayerSpec upsample =
        new UpsampleSpec(
            new UpsampleSpec.Target.By(2, 4),
            UpsampleSpec.Mode.NEAREST,
            UpsampleSpec.Corners.EDGES);
    LayerSpec net =
        new SequentialSpec(
            List.of(
                new Child("stem", Nets.conv(1, 3, 5, 2, 2)),
                new Child("block", block),
                new Child("up", upsample),
                new Child("head|\"a, b\"", Nets.linear(960, 10))));
    return Trace.of(net, new Shape(2, 1, 16, 10), Convention.TORCHVISION);
  }

  /** Numbers must look the same wherever the user lives. */
  @AfterEach
  void home() {
    Locale.setDefault(LOCALE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"en-US", "de-DE", "ar-EG", "hi-IN-u-nu-deva"})
  void everyForm(String language) throws IOException {
    Locale.setDefault(Locale.forLanguageTag(language));
    assertEquals(golden("small.json"), json(small()));
    assertEquals(golden("small.csv").replace("\n", "\r\n"), csv(small()));
    assertEquals(golden("small.md"), markdown(small()));
    assertEquals(golden("small-100.txt"), table(small(), 100, Colour.NONE));
    assertEquals(golden("small-60.txt"), table(small(), 60, Colour.NONE));
    assertEquals(golden("small-ansi.txt"), table(small(), 80, Colour.ANSI));
    assertEquals(golden("small-depth-1.txt"), table(small().collapsed(1), 100, Colour.NONE));
  }

  @ParameterizedTest
  @CsvSource({"200", "100", "80", "72", "60", "50", "40", "10"})
  void noLineIsWiderThanTheTerminal(int columns) throws IOException {
    Trace trace = Nets.trace(Nets.resnet50(), 1, 3, 224, 256);
    for (Trace shown : List.of(trace, trace.collapsed(1), trace.collapsed(2))) {
      List<String> lines = table(shown, columns, Colour.NONE).lines().toList();
      for (String line : lines.subList(0, shown.rows().size() + 1)) {
        assertTrue(line.length() <= Math.max(columns, TraceTable.LEAST_COLUMNS), line);
      }
      assertEquals(shown.rows().size() + 5, lines.size());
    }
  }

  @Test
  void theJsonHasTheNamesThatScriptsRely() throws IOException {
    JsonObject json = JsonParser.parseString(json(small())).getAsJsonObject();
    assertEquals(Set.of("input", "output", "layers", "totals"), json.keySet());
    JsonObject layer = json.getAsJsonArray("layers").get(0).getAsJsonObject();
    assertEquals(
        Set.of(
            "path",
            "layer",
            "notation",
            "input",
            "output",
            "parameters",
            "macs",
            "receptiveField",
            "activationBytes"),
        layer.keySet());
    assertEquals(
        Set.of("size", "stride", "start"), layer.getAsJsonObject("receptiveField").keySet());
    assertEquals(
        Set.of("parameters", "macs", "activationBytes"), json.getAsJsonObject("totals").keySet());
  }

  @Test
  void notesSayWhatWasPutIn() {
    assertEquals(
        List.of(
            "(flatten), Flatten(), is put in: a print does not show what forward calls as a function."),
        small().notes());
  }

  private static String table(Trace trace, int columns, Colour colour) throws IOException {
    StringBuilder out = new StringBuilder();
    new TraceTable(columns, colour).write(trace, out);
    return out.toString();
  }

  private static String json(Trace trace) throws IOException {
    StringBuilder out = new StringBuilder();
    TraceJson.write(trace, out);
    return out.toString();
  }

  private static String csv(Trace trace) throws IOException {
    StringBuilder out = new StringBuilder();
    TraceCsv.write(trace, out);
    return out.toString();
  }

  private static String markdown(Trace trace) throws IOException {
    StringBuilder out = new StringBuilder();
    TraceMarkdown.write(trace, out);
    return out.toString();
  }

  private static String golden(String name) throws IOException {
    try (InputStream in = Objects.requireNonNull(RenderingTest.class.getResourceAsStream(name))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}

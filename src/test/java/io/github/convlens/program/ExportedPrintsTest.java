package io.github.convlens.program;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonObject;
import io.github.convlens.graph.Shapes;
import io.github.convlens.layer.Convention;
import io.github.convlens.trace.Trace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * {@code print(torch.export.export(model, (x,)))} of real networks, among them all operators that
 * 204 of them call (comments taken out): outputs, parameters and multiply-adds are PyTorch's.
 */
class ExportedPrintsTest {
  @TestFactory
  Stream<DynamicTest> answersArePyTorchs() throws IOException {
    JsonObject networks = Oracles.networks();
    try (ZipFile prints = new ZipFile(Oracles.prints().toFile())) {
      List<? extends ZipEntry> entries = prints.stream().toList();
      assertEquals(42, entries.size());
      return entries.stream()
          .map(entry -> test(entry.getName(), text(prints, entry), networks))
          .toList()
          .stream();
    }
  }

  private static String text(ZipFile prints, ZipEntry entry) {
    try {
      return new String(prints.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static DynamicTest test(String file, String text, JsonObject networks) {
    String name = file.replace(".txt", "").replaceFirst("^(timm|hand)__", "$1:");
    JsonObject answer = networks.getAsJsonObject(name);
    return DynamicTest.dynamicTest(name, () -> check(text, answer));
  }

  private static void check(String text, JsonObject answer) {
    Program program = ProgramText.parse(text);
    Trace trace =
        Trace.of(
            Shapes.infer(ProgramGraph.of(program), ProgramInputs.own(program)),
            Convention.TORCHVISION);
    boolean aliases = answer.has("aliases") && !answer.getAsJsonObject("aliases").isEmpty();
    assertAll(
        () ->
            assertEquals(
                Oracles.shapes(answer.getAsJsonArray("input")), trace.network().inputs(), "input"),
        () ->
            assertEquals(
                Oracles.shapes(answer.getAsJsonArray("output")),
                trace.network().outputs(),
                "output"),
        () -> assertEquals(answer.get("macs").getAsLong(), trace.totals().cost(), "MACs"),
        () -> {
          // A print does not show that two names are one array.
          if (!aliases) {
            assertEquals(
                answer.get("parameters").getAsLong(), trace.totals().parameters(), "parameters");
          }
        });
  }
}

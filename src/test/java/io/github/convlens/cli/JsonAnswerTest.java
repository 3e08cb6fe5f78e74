package io.github.convlens.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every command that answers has {@code --format json}: one object on one line. */
class JsonAnswerTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private JsonObject answer(int exit, String... words) {
    InputStream none = InputStream.nullInputStream();
    assertEquals(
        exit, ConvLens.run(none, new PrintWriter(out), new PrintWriter(err), words), err::toString);
    assertEquals(1, out.toString().lines().count(), out::toString);
    return JsonParser.parseString(out.toString()).getAsJsonObject();
  }

  private JsonObject answer(String line) {
    return answer(0, (line + " --format json").split(" "));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "shape --net lenet | [input, output, notes]",
        "shape --input 8x8 Conv2d(1,1,3) --explain | [input, output, explanation, notes]",
        "solve --input 224 --output 112 --kernel 3"
            + " | [kind, input, output, count, windows, perAxis, notes]",
        "solve --same --kernel 4 --stride 2 --input 7 | [kernel, stride, input, meanings, notes]",
        "solve --net resnet18 --output 7x7 | [path, output, inputs, notes]",
        "solve --net alexnet --smallest | [smallest, perAxis, notes]",
        "solve --net lenet --features --input 32x32 | [input, linears, appended, notes]",
        "nets | [networks, notes]",
        "nets lenet | [name, input, parameters, macs, notation, notes]",
        "plan --input 64 --layers 4 --halvings 2 | [notation, input, output, convolutions,"
            + " halvings, receptiveField, parameters, macs, notes]",
        "weights show src/test/resources/io/github/convlens/program/state.pth"
            + " | [arrays, totals, notes]",
        "lesson notes --claim 4 | [sections, asExpected, notes]",
        "trace --net lenet | [input, output, convention, costOf, notes, layers, totals]"
      })
  void membersAreFixed(String command, String members) {
    assertEquals(members.strip(), answer(command.strip()).keySet().toString());
  }

  @Test
  void runTellsWhatItMadeCheckedAndMeasured() {
    JsonObject answer = answer("run --net lenet --verify --time --runs 1 --top 2");
    assertEquals(
        List.of("outputs", "top", "verification", "timings", "notes"),
        List.copyOf(answer.keySet()));
    JsonObject output = answer.getAsJsonArray("outputs").get(0).getAsJsonObject();
    assertEquals("[1,10]", output.get("shape").toString());
    assertTrue(output.get("least").getAsDouble() < output.get("most").getAsDouble());
    JsonArray best = answer.getAsJsonArray("top").get(0).getAsJsonArray();
    assertEquals(2, best.size());
    JsonObject verification = answer.getAsJsonObject("verification");
    assertTrue(verification.get("agrees").getAsBoolean());
    assertEquals(12, verification.getAsJsonArray("layers").size());
    JsonObject timing = answer.getAsJsonArray("timings").get(0).getAsJsonObject();
    assertEquals(416520, timing.get("macs").getAsLong());
    assertTrue(timing.get("seconds").getAsDouble() > 0);
    assertEquals("[\"PyTorch 2.7.1 on cpu\"]", answer.get("notes").toString());
  }

  @Test
  void doctorTellsWhatIsThere() {
    JsonObject answer = answer("doctor");
    assertEquals("0.36.0", answer.get("djl").getAsString());
    assertEquals("PyTorch 2.7.1 starts", answer.get("engine").getAsString());
    assertEquals("usable", answer.get("deviceCpu").getAsString());
    assertTrue(answer.get("cpuThreads").getAsLong() > 0);
    assertEquals("[]", answer.get("problems").toString());
  }

  @Test
  void whatWasAssumedIsInTheNotes() {
    String print = "Net(\n  (conv): Conv2d(1, 2, kernel_size=(3, 3), stride=(1, 1))\n)";
    JsonObject answer = answer(0, "shape", "--input", "8x8", print, "--format", "json");
    String note = answer.getAsJsonArray("notes").get(0).getAsString();
    assertEquals("note: " + note, err.toString().strip());
  }

  @Test
  void aWrongRequestHasNoAnswer() {
    InputStream none = InputStream.nullInputStream();
    int exit =
        ConvLens.run(
            none,
            new PrintWriter(out),
            new PrintWriter(err),
            "solve --input 3 --output 900 --kernel 1 --format json".split(" "));
    assertEquals(2, exit);
    assertEquals("", out.toString());
  }
}

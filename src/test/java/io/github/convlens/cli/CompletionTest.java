package io.github.convlens.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.convlens.notation.Presets;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What bash offers once it has read the script of {@code generate-completion}. */
class CompletionTest {
  private static final Path BASH = Path.of("/bin/bash");

  @TempDir private Path folder;

  private String offered(String... words) throws IOException, InterruptedException {
    assumeTrue(Files.isExecutable(BASH), "there is no bash");
    StringWriter script = new StringWriter();
    InputStream none = InputStream.nullInputStream();
    assertEquals(
        0,
        ConvLens.run(
            none, new PrintWriter(script), new PrintWriter(script), "generate-completion"));
    Path file = Files.writeString(folder.resolve("completion"), script.toString());
    String ask =
        "source '"
            + file
            + "'; COMP_WORDS=(convlens \"$@\"); COMP_CWORD=$#; _complete_convlens;"
            + " echo \"${COMPREPLY[*]}\"";
    String[] command = new String[words.length + 4];
    System.arraycopy(new String[] {BASH.toString(), "-c", ask, "bash"}, 0, command, 0, 4);
    System.arraycopy(words, 0, command, 4, words.length);
    Process bash =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String answer = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    bash.waitFor();
    return answer.strip();
  }

  @ParameterizedTest
  @CsvSource({
    "trace --net res, resnet18 resnet50",
    "'trace --format ', text json csv markdown",
    "trace --convention t, torchvision torchinfo tf-profiler",
    "nets vgg, vgg11 vgg16",
    "'nets --format ', text json",
    "run --device c, cpu cuda cuda:0",
    "'run --dtype ', float32 float64 float16 bfloat16",
    "draw --what s, steps same stack sizes",
    "'solve --kind ', conv pool ceil-pool transposed",
    "weights show --format j, json",
    "lesson p, padding-and-stride pooling",
    "wei, weights"
  })
  void offersWordsThatTheCommandTakes(String line, String expected)
      throws IOException, InterruptedException {
    assertEquals(expected, offered(line.split(" ", -1)));
  }

  @Test
  void offersEachPreset() throws IOException, InterruptedException {
    assertEquals(String.join(" ", Presets.names()), offered("shape", "--net", ""));
  }
}

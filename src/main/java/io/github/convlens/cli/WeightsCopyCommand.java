package io.github.convlens.cli;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.file.internal.UnwritableException;
import io.github.convlens.program.Program;
import io.github.convlens.program.ProgramException;
import io.github.convlens.program.Pt2File;
import io.github.convlens.program.StateDict;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code convlens weights copy}: an exported program with other weights. */
@Command(
    name = "copy",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Write an exported program with the weights of another file.",
      "All names and shapes must be the program's, as load_state_dict demands it; floating"
          + " numbers are converted to the program's types. torch.export.load(TO) opens what is"
          + " written."
    },
    parameterListHeading = "%n",
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  convlens weights copy tuned.safetensors model.pt2 tuned.pt2",
      "  convlens weights copy tuned.pth model.pt2 tuned.pt2"
    })
final class WeightsCopyCommand implements Callable<Integer> {
  @Parameters(
      index = "0",
      paramLabel = "FROM",
      description = "The weights: a .safetensors, .npz, .pth or .pt2, told by its content.")
  private String from = "";

  @Parameters(
      index = "1",
      paramLabel = "PROGRAM",
      description = "The exported program (.pt2); it stays as it is, unless TO is the same file.")
  private String program = "";

  @Parameters(
      index = "2",
      paramLabel = "TO",
      description = "What is written: a .pt2; one that is there is replaced.")
  private String to = "";

  @Override
  public Integer call() throws IOException {
    OutputFile file = OutputFile.of("TO: ", to, OutputFile.Kind.PT2);
    Path model = TextFile.path(program, "");
    Program whole = program(model);
    StateDict old = StateDict.read(model);
    StateDict weights = weights(old);
    try {
      Pt2File.write(file.path(), whole, weights);
    } catch (UnwritableException e) {
      throw file.misplaced(e);
    }
    return CommandLine.ExitCode.OK;
  }

  private static Program program(Path model) throws IOException {
    try {
      return Pt2File.read(model);
    } catch (ProgramException e) {
      throw new RequestException("PROGRAM: " + e.getMessage(), e);
    }
  }

  private StateDict weights(StateDict old) throws IOException {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    old.names().forEach(name -> shapes.put(name, old.type(name).orElseThrow().shape(Map.of())));
    try {
      StateDict weights = StateDict.read(TextFile.path(from, ""));
      weights.requireFits(shapes, StateDict.Owner.PROGRAM);
      return weights.inTypesOf(old);
    } catch (ProgramException e) {
      throw new RequestException("FROM: " + e.getMessage(), e);
    }
  }
}

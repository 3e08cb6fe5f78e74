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
import picocli.CommandLine;

/** {@code convlens weights copy}: an exported program with other weights. */
final class WeightsCopyCommand extends Subcommand {
  private final Argument<String> from =
      Argument.parameter(
          0, "FROM", "The weights: a .safetensors, .npz, .pth or .pt2, told by its content.");

  private final Argument<String> program =
      Argument.parameter(
          1,
          "PROGRAM",
          "The exported program (.pt2); it stays as it is, unless TO is the same file.");

  private final Argument<String> to =
      Argument.parameter(2, "TO", "What is written: a .pt2; one that is there is replaced.");

  WeightsCopyCommand() {
    super(
        "copy",
        "Write an exported program with the weights of another file.",
        "All names and shapes must be the program's, as load_state_dict demands it; floating"
            + " numbers are converted to the program's types. torch.export.load(TO) opens what is"
            + " written.");
    takes(from, program, to);
    examples(
        "  convlens weights copy tuned.safetensors model.pt2 tuned.pt2",
        "  convlens weights copy tuned.pth model.pt2 tuned.pt2");
  }

  @Override
  public Integer call() throws IOException {
    OutputFile file = OutputFile.of("TO: ", to.value(), OutputFile.Kind.PT2);
    Path model = TextFile.path(program.value(), "");
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
      StateDict weights = StateDict.read(TextFile.path(from.value(), ""));
      weights.requireFits(shapes, StateDict.Owner.PROGRAM);
      return weights.inTypesOf(old);
    } catch (ProgramException e) {
      throw new RequestException("FROM: " + e.getMessage(), e);
    }
  }
}

package io.github.convlens.cli;

import io.github.convlens.file.internal.UnwritableException;
import io.github.convlens.program.StateDict;
import java.io.IOException;
import picocli.CommandLine;

/** {@code convlens weights convert}: the same arrays in another kind of file. */
final class WeightsConvertCommand extends Subcommand {
  private final Argument<String> from =
      Argument.parameter(0, "FROM", "A .safetensors, .npz, .pth or .pt2, told by its content.");

  private final Argument<String> to =
      Argument.parameter(
          1, "TO", "What is written: a .safetensors or an .npz; one that is there is replaced.");

  private final Argument<String> prefix =
      Argument.option("--remove-prefix")
          .says("What all names begin with, and shall not: module. of a DataParallel.")
          .text("TEXT");

  WeightsConvertCommand() {
    super(
        "convert",
        "Write the arrays of a file of weights into a .safetensors or an .npz, bit for bit.",
        "In Python, model.load_state_dict takes what safetensors.torch.load_file reads of it.");
    takes(from, to, prefix);
    examples(
        "  convlens weights convert model.pth model.safetensors",
        "  convlens weights convert model.pt2 model.npz",
        "  convlens weights convert --remove-prefix module. parallel.pth model.safetensors");
  }

  @Override
  public Integer call() throws IOException {
    OutputFile file =
        OutputFile.of("TO: ", to.value(), OutputFile.Kind.SAFETENSORS, OutputFile.Kind.NPZ);
    StateDict weights =
        StateDict.read(TextFile.path(from.value(), "")).withoutPrefix(prefix.orElse(""));
    try {
      weights.save(file.path());
    } catch (UnwritableException e) {
      throw file.misplaced(e);
    }
    return CommandLine.ExitCode.OK;
  }
}

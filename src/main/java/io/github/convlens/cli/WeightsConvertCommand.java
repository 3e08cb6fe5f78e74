package io.github.convlens.cli;

import io.github.convlens.file.internal.UnwritableException;
import io.github.convlens.program.StateDict;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code convlens weights convert}: the same arrays in another kind of file. */
@Command(
    name = "convert",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Write the arrays of a file of weights into a .safetensors or an .npz, bit for bit.",
      "In Python, model.load_state_dict takes what safetensors.torch.load_file reads of it."
    },
    parameterListHeading = "%n",
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  convlens weights convert model.pth model.safetensors",
      "  convlens weights convert model.pt2 model.npz",
      "  convlens weights convert --remove-prefix module. parallel.pth model.safetensors"
    })
final class WeightsConvertCommand implements Callable<Integer> {
  @Parameters(
      index = "0",
      paramLabel = "FROM",
      description = "A .safetensors, .npz, .pth or .pt2, told by its content.")
  private String from = "";

  @Parameters(
      index = "1",
      paramLabel = "TO",
      description = "What is written: a .safetensors or an .npz; one that is there is replaced.")
  private String to = "";

  @Option(
      names = "--remove-prefix",
      paramLabel = "TEXT",
      description = "What all names begin with, and shall not: module. of a DataParallel.")
  private String prefix = "";

  @Override
  public Integer call() throws IOException {
    OutputFile file = OutputFile.of("TO: ", to, OutputFile.Kind.SAFETENSORS, OutputFile.Kind.NPZ);
    StateDict weights = StateDict.read(TextFile.path(from, "")).withoutPrefix(prefix);
    try {
      weights.save(file.path());
    } catch (UnwritableException e) {
      throw file.misplaced(e);
    }
    return CommandLine.ExitCode.OK;
  }
}

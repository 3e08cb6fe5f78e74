package io.github.convlens.cli;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.notation.DjlCode;
import io.github.convlens.trace.SmallestInput;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code convlens code}: Java source that builds the network with DJL. */
@Command(
    name = "code",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Print a Java class that builds the layers as DJL blocks, without an engine.",
      "It compiles as it is; the input decides lazy channels and layers that a print hides."
    },
    parameterListHeading = "%n",
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  convlens code --net lenet > Network.java",
      "  convlens code --input 3x32x32 \"nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU())\""
    })
final class CodeCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @ParentCommand private @Nullable ConvLens parent;

  @Mixin private InputOption input = new InputOption();

  @Mixin private NetOptions net = new NetOptions();

  @Override
  public Integer call() {
    NetOptions.Chosen chosen = net.read(ConvLens.in(parent), spec.commandLine().getErr());
    Shape shape = chosen.inputOr(input.size()).shapeFor(chosen.layer());
    String code = DjlCode.of(SmallestInput.resolve(chosen.layer(), shape), shape);
    spec.commandLine().getOut().print(code);
    return CommandLine.ExitCode.OK;
  }
}

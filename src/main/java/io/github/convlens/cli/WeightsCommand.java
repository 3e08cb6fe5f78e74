package io.github.convlens.cli;

import picocli.CommandLine.Command;

/** {@code convlens weights}: state dicts in files, listed and converted. */
@Command(
    name = "weights",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "List or convert a model's weights by PyTorch's names, without an engine and without Python.",
      "Reads .safetensors, .npz, .pth as torch.save(model.state_dict(), ...) writes it, and exported",
      "programs (.pt2). Nothing is built from a pickle but arrays and containers."
    },
    synopsisSubcommandLabel = "COMMAND",
    optionListHeading = "%nOptions:%n",
    commandListHeading = "%nCommands:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  convlens weights show model.pth",
      "  convlens weights convert model.pth model.safetensors"
    },
    subcommands = {WeightsShowCommand.class, WeightsConvertCommand.class})
final class WeightsCommand {}

package io.github.convlens.cli;

import picocli.CommandLine.Command;

/** {@code convlens weights}: state dicts in files, listed, converted and copied. */
@Command(
    name = "weights",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "List, convert or copy weights by PyTorch's names, without an engine and without Python.",
      "Reads .safetensors, .npz, .pth as torch.save(model.state_dict(), ...) writes it, and"
          + " exported programs (.pt2). Nothing is built from a pickle but arrays and containers."
    },
    synopsisSubcommandLabel = "COMMAND",
    optionListHeading = "%nOptions:%n",
    commandListHeading = "%nCommands:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  convlens weights show model.pth",
      "  convlens weights convert model.pth model.safetensors",
      "  convlens weights copy tuned.safetensors model.pt2 tuned.pt2"
    },
    subcommands = {WeightsShowCommand.class, WeightsConvertCommand.class, WeightsCopyCommand.class})
final class WeightsCommand {}

package io.github.convlens.cli;

import picocli.CommandLine.ParameterException;

/** {@code convlens weights}: state dicts in files, listed, converted and copied. */
final class WeightsCommand extends Subcommand {
  WeightsCommand() {
    super(
        "weights",
        "List, convert or copy weights by PyTorch's names, without an engine and without Python.",
        "Reads .safetensors, .npz, .pth as torch.save(model.state_dict(), ...) writes it, and"
            + " exported programs (.pt2). Nothing is built from a pickle but arrays and containers.");
    has(new WeightsShowCommand(), new WeightsConvertCommand(), new WeightsCopyCommand());
    examples(
        "  convlens weights show model.pth",
        "  convlens weights convert model.pth model.safetensors",
        "  convlens weights copy tuned.safetensors model.pt2 tuned.pt2");
  }

  @Override
  public Integer call() {
    throw new ParameterException(spec().commandLine(), "Missing required subcommand");
  }
}

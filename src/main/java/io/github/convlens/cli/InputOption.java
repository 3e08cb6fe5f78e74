package io.github.convlens.cli;

import io.github.convlens.notation.InputSize;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The input of a network, which a preset brings along. */
final class InputOption {
  @Option(
      names = {"-i", "--input"},
      converter = InputConverter.class,
      paramLabel = "SIZE",
      description = {
        "Input as HxW, CxHxW or NxCxHxW (default for a preset: its own);",
        "L or DxHxW in place of HxW for layers of one or three axes."
      })
  private @Nullable InputSize size;

  /** The size that was given; null if none was. */
  @Nullable InputSize size() {
    return size;
  }
}

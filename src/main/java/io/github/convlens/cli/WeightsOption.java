package io.github.convlens.cli;

import ai.djl.nn.Block;
import io.github.convlens.engine.LayerBlocks;
import io.github.convlens.engine.ProgramBlock;
import io.github.convlens.program.ProgramException;
import io.github.convlens.program.StateDict;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** What {@code --weights} gives a network in the place of random numbers. */
sealed interface WeightsOption permits Kernel, WeightsOption.OfFile {
  /** Writes them into an initialised network. */
  void writeInto(Block block) throws IOException;

  /** Those of a file, by PyTorch's names. */
  record OfFile(Path path) implements WeightsOption {
    @Override
    public void writeInto(Block block) throws IOException {
      try {
        StateDict weights = StateDict.read(path);
        if (block instanceof ProgramBlock program) {
          program.loadWeights(weights);
        } else {
          LayerBlocks.load(block, weights);
        }
      } catch (ProgramException e) {
        throw new RequestException("option --weights: " + e.getMessage(), e);
      }
    }
  }

  /** Numbers begin with a bracket; all else is a file. */
  final class Converter implements ITypeConverter<WeightsOption> {
    @Override
    public WeightsOption convert(String text) {
      if (text.strip().startsWith("[")) {
        return Kernel.parse(text);
      }
      try {
        return new OfFile(TextFile.path(text, ""));
      } catch (RequestException e) {
        throw new TypeConversionException(String.valueOf(e.getMessage()));
      }
    }
  }
}

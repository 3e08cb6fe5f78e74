package io.github.convlens.cli;

import io.github.convlens.layer.LayerSpec;
import io.github.convlens.notation.InputSize;
import io.github.convlens.notation.Parsed;
import io.github.convlens.notation.Presets;
import io.github.convlens.notation.PyTorch;
import java.io.InputStream;
import java.io.PrintWriter;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which layers a command is about: as an argument, a file, standard input or a preset. */
final class NetOptions {
  /** The longest text that is read as a network: 16 MiB. */
  private static final int MAX_BYTES = 16 << 20;

  private static final String TOO_LONG =
      "the network is longer than 16 MiB. Give one network, without its weights.";

  @Parameters(
      arity = "0..1",
      paramLabel = "LAYERS",
      description = "Layers in PyTorch's notation, or a print(model); - reads standard input.")
  private @Nullable String layers;

  @Option(
      names = "--net",
      paramLabel = "NAME|FILE",
      description = "A preset (convlens nets lists them), a file, or - for standard input.")
  private @Nullable String net;

  /** Layers, and a preset's own input. */
  record Chosen(LayerSpec layer, Optional<InputSize> ownInput) {
    /** The input that was given, or the preset's. */
    InputSize inputOr(@Nullable InputSize given) {
      if (given != null) {
        return given;
      }
      return ownInput.orElseThrow(NetOptions::missingInput);
    }

    /** The input's channels: those of the given size, of the preset's, or of the first layer. */
    long channels(@Nullable InputSize given) {
      InputSize size = given != null ? given : ownInput.orElse(InputSize.parse("1x1"));
      return size.shapeFor(layer).get(1);
    }
  }

  /** Whether layers are given at all. */
  boolean isGiven() {
    return layers != null || net != null;
  }

  static RequestException missingInput() {
    return new RequestException(
        "the input's size is missing. Add --input with HxW, CxHxW or NxCxHxW, such as --input 8x8.");
  }

  /** Rejects layers that are given twice. */
  void rejectBeside(String other) {
    if (layers != null || net != null) {
      throw new RequestException("give either LAYERS (or --net) or " + other + ", not both.");
    }
  }

  /**
   * Reads and parses the layers; what is to be said about how they were read goes to {@code err}.
   */
  Chosen read(InputStream stdin, PrintWriter err) {
    Source source = source(stdin);
    Parsed parsed = PyTorch.parse(source.text());
    parsed.notes().forEach(note -> err.println("note: " + note));
    return new Chosen(parsed.layer(), source.ownInput());
  }

  private record Source(String text, Optional<InputSize> ownInput) {}

  private Source source(InputStream stdin) {
    if ((layers == null) == (net == null)) {
      throw new RequestException(
          layers == null
              ? "no layers are given. Write them in PyTorch's notation, or use --net."
              : "give either LAYERS or --net, not both.");
    }
    if (net != null && Presets.names().contains(net)) {
      return new Source(Presets.text(net), Optional.of(InputSize.of(Presets.input(net))));
    }
    if (layers != null && !layers.equals("-")) {
      return new Source(layers, Optional.empty());
    }
    try (TextFile file = TextFile.open(net == null ? "-" : net, stdin, "", noNetwork())) {
      return new Source(file.text(MAX_BYTES, TOO_LONG), Optional.empty());
    }
  }

  private String noNetwork() {
    return "'"
        + net
        + "' is neither a readable file nor a preset. The presets are "
        + String.join(", ", Presets.names())
        + ".";
  }
}

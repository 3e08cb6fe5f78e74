package io.github.convlens.cli;

import io.github.convlens.notation.InputSize;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** The input of a network, which a preset brings along. */
final class InputOption implements Arguments {
  private final Argument<List<InputSize>> sizes =
      Argument.option("-i", "--input")
          .says(
              "Input as HxW, CxHxW or NxCxHxW (default for a preset: its own); L or DxHxW in place"
                  + " of HxW for layers of one or three axes. Once for each input, where there are"
                  + " several.")
          .readAll("SIZE", InputSize.class, new InputConverter());

  @Override
  public void addTo(CommandSpec command) {
    sizes.addTo(command);
  }

  /** The sizes that were given, most often one or none. */
  List<InputSize> sizes() {
    return sizes.value();
  }

  /**
   * The size of the only input of a layer; null if none was given.
   *
   * @throws RequestException if more are given
   */
  static @Nullable InputSize one(List<InputSize> sizes) {
    check(sizes, 1);
    return sizes.isEmpty() ? null : sizes.get(0);
  }

  /** Refuses more or fewer inputs than a network takes, where any are given. */
  static void check(List<InputSize> sizes, int inputs) {
    if (!sizes.isEmpty() && sizes.size() != inputs) {
      throw new RequestException(
          "option --input: the network takes "
              + (inputs == 1 ? "one input" : inputs + " inputs")
              + ", and "
              + (sizes.size() == 1 ? "one is" : sizes.size() + " are")
              + " given: "
              + sizes.stream().map(InputSize::toString).collect(Collectors.joining(" and "))
              + ".\nGive --input "
              + (inputs == 1 ? "once." : inputs + " times."));
    }
  }
}

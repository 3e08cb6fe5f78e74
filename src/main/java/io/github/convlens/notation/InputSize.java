package io.github.convlens.notation;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.BatchNorm2dSpec;
import io.github.convlens.layer.Child;
import io.github.convlens.layer.ConcatSpec;
import io.github.convlens.layer.Conv2dSpec;
import io.github.convlens.layer.ConvTranspose2dSpec;
import io.github.convlens.layer.GroupNormSpec;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.ModuleSpec;
import io.github.convlens.layer.ResidualSpec;
import io.github.convlens.layer.SequentialSpec;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * The input of a question, in the rank in which it was asked: {@code 8x8} is a matrix, {@code
 * 3x224x224} a picture, {@code 1x3x224x224} a batch. The answer comes in the same rank.
 *
 * @param sizes two to four sizes, each at least 1
 */
public record InputSize(List<Long> sizes) {
  /** Takes a copy of the list. */
  public InputSize {
    sizes = List.copyOf(sizes);
  }

  /**
   * Reads {@code 8x8}, {@code 3x224x224} or {@code 1x3x224x224}.
   *
   * @throws NotationException if the text is none of these
   */
  public static InputSize parse(String text) {
    try {
      List<Long> sizes = Arrays.stream(text.split("x", -1)).map(Long::valueOf).toList();
      if (sizes.size() >= 2 && sizes.size() <= 4 && sizes.stream().allMatch(size -> size >= 1)) {
        return new InputSize(sizes);
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new NotationException(
        "'"
            + text
            + "' is not an input. Use HxW, CxHxW or NxCxHxW with sizes from 1, such as 8x8,"
            + " 3x224x224 or 1x3x224x224.",
        1,
        1);
  }

  /** A shape of four axes. */
  public static InputSize of(Shape shape) {
    return new InputSize(Arrays.stream(shape.getShape()).boxed().toList());
  }

  /** Number of channels, where the question names one. */
  public OptionalLong channels() {
    int rank = sizes.size();
    return rank == 2 ? OptionalLong.empty() : OptionalLong.of(sizes.get(rank - 3));
  }

  /** The input with all four axes: batch 1, and the channels that the first layer takes. */
  public Shape shapeFor(LayerSpec layer) {
    int rank = sizes.size();
    return new Shape(
        rank == 4 ? sizes.get(0) : 1,
        channels().orElseGet(() -> Math.max(1, firstChannels(layer).orElse(1))),
        sizes.get(rank - 2),
        sizes.get(rank - 1));
  }

  /** {@code 3x224x224}, as {@link #parse} reads it. */
  @Override
  public String toString() {
    return sizes.stream().map(String::valueOf).collect(Collectors.joining("x"));
  }

  /** An output in the rank of the question: {@code [2, 2]}. */
  public String answer(Shape output) {
    long[] all = output.getShape();
    int from = all.length == 4 ? 4 - sizes.size() : Math.min(sizes.size() == 4 ? 0 : 1, all.length);
    return Arrays.toString(Arrays.copyOfRange(all, from, all.length));
  }

  private static OptionalLong firstChannels(LayerSpec layer) {
    if (layer instanceof Conv2dSpec conv) {
      return OptionalLong.of(conv.inChannels());
    } else if (layer instanceof ConvTranspose2dSpec conv) {
      return OptionalLong.of(conv.inChannels());
    } else if (layer instanceof BatchNorm2dSpec norm) {
      return OptionalLong.of(norm.numFeatures());
    } else if (layer instanceof GroupNormSpec norm) {
      return OptionalLong.of(norm.numChannels());
    } else if (layer instanceof ModuleSpec module) {
      return firstChannels(module.forward());
    } else if (layer instanceof SequentialSpec sequential) {
      return firstOf(sequential.children());
    } else if (layer instanceof ResidualSpec residual) {
      return firstOf(List.of(residual.main(), residual.shortcut()));
    } else if (layer instanceof ConcatSpec concat) {
      return firstOf(concat.branches());
    }
    return OptionalLong.empty();
  }

  private static OptionalLong firstOf(List<Child> children) {
    for (Child child : children) {
      OptionalLong channels = firstChannels(child.layer());
      if (channels.isPresent()) {
        return channels;
      }
    }
    return OptionalLong.empty();
  }
}

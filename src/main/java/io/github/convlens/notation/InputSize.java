package io.github.convlens.notation;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.graph.Graph;
import io.github.convlens.graph.Node;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.UnflattenSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * The input of a question, in the rank in which it was asked: {@code 8x8} is a matrix, {@code
 * 3x224x224} a picture, {@code 1x3x224x224} a batch. The answer comes in the same rank.
 *
 * <p>How many axes are spatial, the network's first layer with windows says: before a Conv1d {@code
 * 100} is a length, {@code 3x100} a sequence and {@code 1x3x100} a batch.
 *
 * @param sizes one to five sizes, each at least 1
 */
public record InputSize(List<Long> sizes) {
  private static final int MOST = 5;

  /** How inputs of one, two and three axes are written. */
  private static final List<String> USAGES =
      List.of(
          "L, CxL or NxCxL, such as 100, 8x100 or 1x8x100.",
          "HxW, CxHxW or NxCxHxW, such as 8x8, 3x224x224 or 1x3x224x224.",
          "DxHxW, CxDxHxW or NxCxDxHxW, such as 8x16x16, 3x8x16x16 or 1x3x8x16x16.");

  /**
   * Takes a copy of the list.
   *
   * @throws IllegalArgumentException if there are no sizes or too many
   */
  public InputSize {
    sizes = List.copyOf(sizes);
    if (sizes.isEmpty() || sizes.size() > MOST) {
      throw new IllegalArgumentException("an input has one to five sizes, not " + sizes + ".");
    }
  }

  /**
   * Reads {@code 8x8}, {@code 3x224x224} or {@code 1x3x224x224}; one size up to five, since a layer
   * may take sequences or volumes.
   *
   * @throws NotationException if the text is none of these
   */
  public static InputSize parse(String text) {
    try {
      List<Long> sizes = new ArrayList<>(MOST);
      long least = 1;
      for (String size : text.split("x", -1)) {
        sizes.add(Long.valueOf(size));
        least = Math.min(least, sizes.get(sizes.size() - 1));
      }
      if (sizes.size() <= MOST && least == 1) {
        return new InputSize(sizes);
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new NotationException(
        "'"
            + text
            + "' is not an input. Use HxW, CxHxW or NxCxHxW with sizes from 1, such as 8x8,"
            + " 3x224x224 or 1x3x224x224; L or DxHxW in place of HxW for layers of one or three"
            + " axes.",
        1,
        1);
  }

  /** The sizes of a shape. */
  public static InputSize of(Shape shape) {
    return new InputSize(Arrays.stream(shape.getShape()).boxed().toList());
  }

  /** Number of channels of a picture, where the question names one. */
  public OptionalLong channels() {
    int rank = sizes.size();
    return rank < 3 ? OptionalLong.empty() : OptionalLong.of(sizes.get(rank - 3));
  }

  /**
   * The input with all axes, batch first: batch 1 and the channels that the first layer takes,
   * where the question does not name them.
   *
   * @throws NotationException if the first layer takes more axes than there are sizes, or fewer
   */
  public Shape shapeFor(Graph graph) {
    checkFirst(graph);
    int missing = missing(graph);
    long[] all = new long[missing + sizes.size()];
    for (int i = 0; i < all.length; i++) {
      all[i] = i >= missing ? sizes.get(i - missing) : i == 0 ? 1 : firstChannels(graph);
    }
    return new Shape(all);
  }

  /** A layer whose number of axes is known must be given as many, with or without the others. */
  private void checkFirst(Graph graph) {
    if (graph.nodes().isEmpty() || graph.nodes().get(0).layer().takesShapeAsGiven()) {
      return;
    }
    LayerSpec first = graph.nodes().get(0).layer();
    int axes = first.spatialAxes();
    if (axes > 0 && (sizes.size() < axes || sizes.size() > axes + 2)) {
      throw new NotationException(
          "'" + this + "' is not an input of " + first.type() + ". Use " + USAGES.get(axes - 1),
          1,
          1);
    }
  }

  /** An input of 1 on every spatial axis, batch 1, with the channels that the first layer takes. */
  public static Shape anyFor(Graph graph) {
    int axes =
        graph.nodes().stream()
            .mapToInt(node -> node.layer().spatialAxes())
            .filter(each -> each > 0)
            .findFirst()
            .orElse(2);
    return new InputSize(Collections.nCopies(axes, 1L)).shapeFor(graph);
  }

  /**
   * How many axes the question leaves out: 1 for the batch, 2 for batch and channels. In front of
   * an Unflatten there are features, not a picture: nothing but the batch is left out. So it is
   * with fewer sizes than a layer behind the first has axes.
   */
  private int missing(Graph graph) {
    for (Node node : graph.nodes()) {
      LayerSpec layer = node.layer();
      if (layer.takesShapeAsGiven()) {
        return 0;
      }
      int axes = layer.spatialAxes();
      if (axes == 0 && layer instanceof UnflattenSpec) {
        return sizes.size() == 1 ? 1 : 0;
      }
      if (axes > 0) {
        return sizes.size() < axes ? 1 : Math.max(0, Math.min(2, axes + 2 - sizes.size()));
      }
    }
    return sizes.size() == 1 ? 1 : Math.max(0, 4 - sizes.size());
  }

  private static long firstChannels(Graph graph) {
    for (Node node : graph.nodes()) {
      OptionalLong channels = node.layer().inputChannels();
      if (channels.isPresent()) {
        return channels.getAsLong();
      }
    }
    return 1;
  }

  /** {@code 3x224x224}, as {@link #parse} reads it. */
  @Override
  public String toString() {
    return sizes.stream().map(String::valueOf).collect(Collectors.joining("x"));
  }

  /** An output in the rank of the question: {@code [2, 2]}. */
  public String answer(Graph graph, Shape output) {
    long[] all = output.getShape();
    int missing = missing(graph);
    boolean keepsBatch = true;
    for (Node node : graph.nodes()) {
      keepsBatch &= node.layer().keepsBatchAxis();
    }
    int input = sizes.size() + missing;
    int from = all.length == input ? missing : Math.min(missing == 0 ? 0 : 1, all.length);
    return Arrays.toString(Arrays.copyOfRange(all, keepsBatch ? from : 0, all.length));
  }
}

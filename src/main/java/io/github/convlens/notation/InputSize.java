package io.github.convlens.notation;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.graph.Graph;
import io.github.convlens.graph.Node;
import io.github.convlens.graph.Note;
import io.github.convlens.layer.ActivationSpec;
import io.github.convlens.layer.DropoutSpec;
import io.github.convlens.layer.IdentitySpec;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.UnflattenSpec;
import io.github.convlens.layer.internal.Sizes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
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

  private static final long LARGEST_PLAIN = 1L << 40;

  /** The most channels that a picture in a file has. */
  private static final int COLOURS = 4;

  /** The names of one, two and three axes. */
  private static final List<String> ORDERS = List.of("L", "HxW", "DxHxW");

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
   * may take sequences or volumes. As PyTorch writes them they are read, too: {@code (3, 224,
   * 224)}, {@code torch.Size([1, 3, 224, 224])}.
   *
   * @throws NotationException if the text is none of these
   */
  public static InputSize parse(String text) {
    List<Long> plain = plain(text);
    if (!plain.isEmpty()) {
      return new InputSize(plain);
    }
    Optional<List<Long>> sizes = InputText.sizes(text);
    if (sizes.isPresent() && sizes.get().size() <= MOST && !sizes.get().contains(0L)) {
      return new InputSize(sizes.get());
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

  /** {@code 3x224x224}, as most are written; empty where it is something else. */
  private static List<Long> plain(String text) {
    Long[] sizes = new Long[MOST];
    int number = 0;
    long size = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= '0' && c <= '9' && size < LARGEST_PLAIN) {
        size = size * 10 + (c - '0');
      } else if (c == 'x' && size > 0 && number < MOST - 1) {
        sizes[number++] = size;
        size = 0;
      } else {
        return List.of();
      }
    }
    if (size == 0) {
      return List.of();
    }
    sizes[number++] = size;
    return List.of(Arrays.copyOf(sizes, number));
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

  /** The shape as it is written: nothing is put in front. */
  public Shape whole() {
    return new Shape(sizes.stream().mapToLong(Long::longValue).toArray());
  }

  /**
   * The input with all axes, batch first: batch 1 and the channels that the first layer takes,
   * where the question does not name them.
   *
   * @throws NotationException if the first layer takes more axes than there are sizes, or fewer
   */
  public Shape shapeFor(Graph graph) {
    InputSize whole = completedFor(graph);
    return whole.sizes.size() == sizes.size() ? shape(graph) : whole.shape(graph);
  }

  /**
   * The same, but for one size in front of a layer of pictures or volumes: that is its size on
   * every axis. {@code 224} is {@code 224x224} for a Conv2d.
   */
  InputSize completedFor(Graph graph) {
    int axes = sizes.size() > 1 ? 0 : firstOfSpace(graph).map(LayerSpec::spatialAxes).orElse(0);
    return axes < 2 ? this : new InputSize(Collections.nCopies(axes, sizes.get(0)));
  }

  /** That one size was taken for all axes, where it was. */
  public Optional<Note> noteOn(Graph graph) {
    InputSize whole = completedFor(graph);
    return whole.sizes.size() == sizes.size()
        ? Optional.empty()
        : Optional.of(
            new Note(
                Note.Kind.COMPLETION,
                "The input " + this + " is taken for " + whole + ", the same on every axis.",
                List.of()));
  }

  /** The first layer that says how many axes it takes, if what comes before it keeps them. */
  private static Optional<LayerSpec> firstOfSpace(Graph graph) {
    for (Node node : graph.nodes()) {
      LayerSpec layer = node.layer();
      if (layer.spatialAxes() > 0) {
        return Optional.of(layer);
      }
      if (!(layer instanceof ActivationSpec
          || layer instanceof DropoutSpec
          || layer instanceof IdentitySpec)) {
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  private Shape shape(Graph graph) {
    checkFirst(graph);
    checkOrder(graph);
    int missing = missing(graph);
    long[] all = new long[missing + sizes.size()];
    for (int i = 0; i < all.length; i++) {
      all[i] = i >= missing ? sizes.get(i - missing) : 1;
    }
    if (missing > 1) {
      all[1] = firstChannels(graph, all);
    }
    return Sizes.shape(all);
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

  /**
   * Sizes whose channels stand last, as pictures in files and in TensorFlow have them. Where the
   * order of layers was guessed, the one that is printed first need not be the first.
   */
  private void checkOrder(Graph graph) {
    LayerSpec first = firstOfSpace(graph).orElse(null);
    boolean guessed = !graph.guessed().isEmpty() && sizes.get(sizes.size() - 1) > COLOURS;
    if (first == null || first.inputChannels().isEmpty() || guessed) {
      return;
    }
    long channels = first.inputChannels().getAsLong();
    int last = sizes.size() - 1;
    int place = last - first.spatialAxes();
    if (place < 0
        || sizes.get(place).longValue() == channels
        || sizes.get(last).longValue() != channels) {
      return;
    }
    List<Long> ordered = new ArrayList<>(sizes);
    ordered.add(place, ordered.remove(last));
    String order = ORDERS.get(first.spatialAxes() - 1);
    throw new NotationException(
        "'"
            + this
            + "' seems to have its channels last, "
            + order
            + "xC: "
            + first.type()
            + " takes "
            + channels
            + " channels, not "
            + sizes.get(place)
            + ".\nPyTorch's order is Cx"
            + order
            + ". Use "
            + new InputSize(ordered)
            + ".",
        1,
        1);
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

  /** The channels that an input without them has. */
  private long firstChannels(Graph graph, long[] all) {
    for (int i = 0; i < graph.nodes().size(); i++) {
      Node node = graph.nodes().get(i);
      OptionalLong channels = node.layer().inputChannels();
      if (channels.isPresent()) {
        return i == 0
            ? channels.getAsLong()
            : new FirstChannels(graph, node, all).find().orElseThrow(() -> unknownChannels(node));
      }
    }
    return 1;
  }

  private NotationException unknownChannels(Node node) {
    String order = ORDERS.get(Math.min(sizes.size(), ORDERS.size()) - 1);
    return new NotationException(
        "'"
            + this
            + "' leaves the channels out, and they cannot be told: "
            + node.layer().type()
            + " takes "
            + node.layer().inputChannels().orElseThrow()
            + ", and what runs in front of it changes their number.\nGive them, Cx"
            + order
            + ".",
        1,
        1);
  }

  /** {@code 3x224x224}, as {@link #parse} reads it. */
  @Override
  public String toString() {
    return sizes.stream().map(String::valueOf).collect(Collectors.joining("x"));
  }

  /** An output in the rank of the question: {@code [2, 2]}. */
  public String answer(Graph graph, Shape output) {
    InputSize whole = completedFor(graph);
    return whole.sizes.size() == sizes.size()
        ? written(graph, output)
        : whole.written(graph, output);
  }

  /**
   * The input of a network whose own shape is known: what is left out in front, the batch and the
   * channels, is as it has it.
   *
   * @return empty where there are too many sizes, or more than two are left out
   */
  public Optional<Shape> like(Shape own) {
    int missing = own.dimension() - sizes.size();
    if (missing < 0 || missing > 2) {
      return Optional.empty();
    }
    long[] all = own.getShape().clone();
    for (int i = missing; i < all.length; i++) {
      all[i] = sizes.get(i - missing);
    }
    return Optional.of(new Shape(all));
  }

  /** An output in the rank of the question, where the network's own input is known. */
  public String answerLike(Shape own, Shape output) {
    int missing = own.dimension() - sizes.size();
    int most = output.dimension() == own.dimension() ? missing : Math.min(1, missing);
    long[] all = output.getShape();
    return Arrays.toString(Arrays.copyOfRange(all, Math.min(most, all.length), all.length));
  }

  private String written(Graph graph, Shape output) {
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

package io.github.convlens.graph;

import io.github.convlens.layer.ActivationSpec;
import io.github.convlens.layer.AdaptivePoolSpec;
import io.github.convlens.layer.AvgPoolSpec;
import io.github.convlens.layer.BatchNormSpec;
import io.github.convlens.layer.Bias;
import io.github.convlens.layer.ConcatenationSpec;
import io.github.convlens.layer.ConvSpec;
import io.github.convlens.layer.FlattenSpec;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.LinearSpec;
import io.github.convlens.layer.MaxPoolSpec;
import io.github.convlens.layer.PaddingMode;
import io.github.convlens.layer.Rounding;
import io.github.convlens.layer.Size;
import io.github.convlens.layer.SumSpec;
import io.github.convlens.layer.Windows;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Networks of records, written like PyTorch's, and those that several tests use. What takes parts
 * takes layers, too: {@code seq(conv, named("act", relu()), residual(conv))}.
 */
public final class Nets {
  private Nets() {}

  /** A layer or a block that has no path yet. */
  public interface Part {
    /** Calls it in a graph. */
    Edge call(Graph.Builder builder, String path, Edge x);

    /** Its names. */
    Tree tree(String path);
  }

  private record Leaf(LayerSpec layer) implements Part {
    @Override
    public Edge call(Graph.Builder builder, String path, Edge x) {
      return builder.call(new Module(path, layer), x);
    }

    @Override
    public Tree tree(String path) {
      return new Tree(layer.type(), path, List.of());
    }
  }

  private record Named(String name, Part part) {}

  private interface Forward {
    Edge of(Graph.Builder builder, String path, Edge x, List<Named> children);
  }

  private record Block(String type, List<Named> children, Forward forward) implements Part {
    @Override
    public Edge call(Graph.Builder builder, String path, Edge x) {
      return forward.of(builder, path, x, children);
    }

    @Override
    public Tree tree(String path) {
      return new Tree(
          type,
          path,
          children.stream().map(each -> each.part.tree(Tree.join(path, each.name))).toList());
    }
  }

  /** A network that is one layer or one block. */
  public static Graph graph(Object part) {
    Graph.Builder builder = new Graph.Builder();
    Edge y = part(part).call(builder, "", builder.input("x"));
    return builder.build(List.of(y), part(part).tree(""));
  }

  /** The network {@code nn.Sequential(...)}. */
  public static Graph sequential(Object... parts) {
    return graph(seq(parts));
  }

  /** {@code nn.Sequential(...)} as a part of a network. */
  public static Part seq(Object... parts) {
    return module("Sequential", parts);
  }

  /** The same for a list. */
  public static Part seq(List<?> parts) {
    return seq(parts.toArray());
  }

  /** A class whose children run in order. */
  public static Part module(String type, Object... parts) {
    return new Block(type, numbered(parts), Nets::inOrder);
  }

  private static Edge inOrder(Graph.Builder builder, String path, Edge x, List<Named> children) {
    Edge last = x;
    for (Named child : children) {
      last = child.part.call(builder, Tree.join(path, child.name), last);
    }
    return last;
  }

  /** {@code Concat(...)}. */
  public static Part concat(Object... branches) {
    return new Block(
        Tree.OURS + "Concat",
        numbered(branches),
        (builder, path, x, children) ->
            builder.apply(path, ConcatenationSpec.OF_CHANNELS, called(builder, path, x, children)));
  }

  /** {@code Residual(main)}, which adds the input. */
  public static Part residual(Object main) {
    return sum(List.of(new Named("main", part(main))));
  }

  /** {@code Residual(main, shortcut)}. */
  public static Part residual(Object main, Object shortcut) {
    return sum(List.of(new Named("main", part(main)), new Named("shortcut", part(shortcut))));
  }

  private static Part sum(List<Named> branches) {
    return new Block(
        Tree.OURS + "Residual",
        branches,
        (builder, path, x, children) -> {
          List<Edge> terms = called(builder, path, x, children);
          if (terms.size() == 1) {
            terms.add(x);
          }
          return builder.apply(path, new SumSpec(), terms);
        });
  }

  private static List<Edge> called(
      Graph.Builder builder, String path, Edge x, List<Named> children) {
    return children.stream()
        .map(each -> each.part.call(builder, Tree.join(path, each.name), x))
        .collect(Collectors.toCollection(ArrayList::new));
  }

  /** A part with a name; the others are called by their number. */
  public static Object named(String name, Object part) {
    return new Named(name, part(part));
  }

  private static List<Named> numbered(Object... parts) {
    return IntStream.range(0, parts.length)
        .mapToObj(
            i ->
                parts[i] instanceof Named named
                    ? named
                    : new Named(Integer.toString(i), part(parts[i])))
        .toList();
  }

  private static Part part(Object part) {
    return part instanceof LayerSpec layer ? new Leaf(layer) : (Part) part;
  }

  /** The layers of a network, and those that are put in, in the order of their calls. */
  public static List<String> layers(Graph graph) {
    return graph.nodes().stream().map(node -> node.layer().toString()).toList();
  }

  /** A square convolution with bias. */
  public static ConvSpec conv(long in, long out, long kernel, long stride, long padding) {
    return ConvSpec.of(in, out, window(kernel, stride, padding));
  }

  /** A square window. */
  public static Windows window(long kernel, long stride, long padding) {
    return Windows.of(Size.square(kernel))
        .withStride(Size.square(stride))
        .withPadding(Size.square(padding));
  }

  /** A square pool. */
  public static MaxPoolSpec maxPool(long kernel, long stride, long padding) {
    return new MaxPoolSpec(window(kernel, stride, padding), Rounding.FLOOR);
  }

  /** {@code nn.ReLU()}. */
  public static ActivationSpec relu() {
    return ActivationSpec.of(ActivationSpec.Function.RELU);
  }

  /** {@code nn.Linear(in, out)}. */
  public static LinearSpec linear(long in, long out) {
    return new LinearSpec(in, out, Bias.WITH);
  }

  /** d2l's LeNet on 28x28, section 7.6. */
  public static Part lenet() {
    ActivationSpec sigmoid = ActivationSpec.of(ActivationSpec.Function.SIGMOID);
    AvgPoolSpec half = AvgPoolSpec.of(Size.square(2));
    return seq(
        conv(1, 6, 5, 1, 2),
        sigmoid,
        half,
        conv(6, 16, 5, 1, 0),
        sigmoid,
        half,
        FlattenSpec.ALL,
        linear(400, 120),
        sigmoid,
        linear(120, 84),
        sigmoid,
        linear(84, 10));
  }

  /** torchvision's ResNet-50. */
  public static Part resnet50() {
    List<Object> children =
        new ArrayList<>(
            List.of(
                named("conv1", unbiased(3, 64, 7, 2, 3)),
                named("bn1", BatchNormSpec.of(64)),
                named("relu", relu()),
                named("maxpool", maxPool(3, 2, 1))));
    long in = 64;
    int[] blocks = {3, 4, 6, 3};
    for (int stage = 0; stage < 4; stage++) {
      long width = 64L << stage;
      List<Part> stageBlocks = new ArrayList<>();
      for (int block = 0; block < blocks[stage]; block++) {
        stageBlocks.add(bottleneck(in, width, block == 0 && stage > 0 ? 2 : 1));
        in = 4 * width;
      }
      children.add(named("layer" + (stage + 1), seq(stageBlocks)));
    }
    children.add(named("avgpool", AdaptivePoolSpec.globalAverage()));
    children.add(named("fc", linear(2048, 1000)));
    return new Block("ResNet", numbered(children.toArray()), Nets::resnet);
  }

  private static Edge resnet(Graph.Builder builder, String path, Edge x, List<Named> children) {
    Edge last = inOrder(builder, path, x, children.subList(0, children.size() - 1));
    Edge flat = builder.apply("(flatten)", FlattenSpec.ALL, List.of(last));
    return inOrder(builder, path, flat, children.subList(children.size() - 1, children.size()));
  }

  /** A convolution without bias. */
  public static ConvSpec unbiased(long in, long out, long kernel, long stride, long padding) {
    return new ConvSpec(
        in, out, window(kernel, stride, padding), 1, Bias.WITHOUT, PaddingMode.ZEROS);
  }

  private static Part bottleneck(long in, long width, long stride) {
    Stream<Object> main =
        Stream.of(
            named("conv1", unbiased(in, width, 1, 1, 0)),
            named("bn1", BatchNormSpec.of(width)),
            named("conv2", unbiased(width, width, 3, stride, 1)),
            named("bn2", BatchNormSpec.of(width)),
            named("conv3", unbiased(width, 4 * width, 1, 1, 0)),
            named("bn3", BatchNormSpec.of(4 * width)),
            named("relu", relu()));
    Object projection =
        named(
            "downsample", seq(unbiased(in, 4 * width, 1, stride, 0), BatchNormSpec.of(4 * width)));
    Stream<Object> all = in == 4 * width ? main : Stream.concat(main, Stream.of(projection));
    return new Block("Bottleneck", numbered(all.toArray()), Nets::bottleneck);
  }

  private static Edge bottleneck(Graph.Builder builder, String path, Edge x, List<Named> children) {
    List<Named> relu = children.subList(6, 7);
    Edge first = inOrder(builder, path, x, children.subList(0, 2));
    Edge second =
        inOrder(builder, path, inOrder(builder, path, first, relu), children.subList(2, 4));
    Edge third =
        inOrder(builder, path, inOrder(builder, path, second, relu), children.subList(4, 6));
    Edge shortcut = inOrder(builder, path, x, children.subList(7, children.size()));
    return inOrder(
        builder, path, builder.apply(path, new SumSpec(), List.of(third, shortcut)), relu);
  }
}

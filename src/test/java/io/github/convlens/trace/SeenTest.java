package io.github.convlens.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.graph.Edge;
import io.github.convlens.graph.Graph;
import io.github.convlens.graph.Module;
import io.github.convlens.graph.Node;
import io.github.convlens.graph.Shaped;
import io.github.convlens.graph.Shapes;
import io.github.convlens.graph.Tree;
import io.github.convlens.layer.ActivationSpec;
import io.github.convlens.layer.AdaptivePoolSpec;
import io.github.convlens.layer.AvgPoolSpec;
import io.github.convlens.layer.Axis;
import io.github.convlens.layer.Bias;
import io.github.convlens.layer.ConcatenationSpec;
import io.github.convlens.layer.ConvSpec;
import io.github.convlens.layer.ConvTransposeSpec;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.LinearSpec;
import io.github.convlens.layer.MaxPoolSpec;
import io.github.convlens.layer.MeanSpec;
import io.github.convlens.layer.PadSpec;
import io.github.convlens.layer.Padding;
import io.github.convlens.layer.PaddingMode;
import io.github.convlens.layer.PixelShuffleSpec;
import io.github.convlens.layer.ProductSpec;
import io.github.convlens.layer.Rounding;
import io.github.convlens.layer.ShapeException;
import io.github.convlens.layer.Size;
import io.github.convlens.layer.SumSpec;
import io.github.convlens.layer.UpsampleSpec;
import io.github.convlens.layer.Windows;
import io.github.convlens.notation.PyTorch;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Exactly the positions that an output reads: examples, and random graphs against a walk that goes
 * back from one position at a time, by each operator's own definition.
 */
class SeenTest {
  private final Random random = new Random(27);
  private final Set<String> kinds = new TreeSet<>();
  private int axes;
  private int reading;

  private static Seen seen(String notation, Shape input, Long... position) {
    Shaped network = Shapes.infer(PyTorch.parse(notation), input);
    return Seen.of(network, network.graph().outputs().get(0), List.of(position));
  }

  @Test
  void dilationsLeaveHoles() {
    Seen seen =
        seen(
            "nn.Sequential(nn.Conv2d(1, 1, 3, dilation=2), nn.Conv2d(1, 1, 3, dilation=4))",
            new Shape(1, 1, 20, 20),
            0L,
            0L);
    Seen.Positions rows = seen.on(Axis.HEIGHT);
    assertEquals(0, rows.first());
    assertEquals(12, rows.last()); // it spans 13 rows,
    assertEquals(7, rows.count()); // of which it reads every other one
    assertEquals(7 * 7, positions(new Shape(1, 1, 20, 20)).stream().filter(seen::reads).count());
    assertTrue(seen.exact());
  }

  @Test
  void aPoolThatIsEnlargedIsReadWhereItWas() {
    Seen seen =
        seen(
            "nn.Sequential(nn.MaxPool2d(32), nn.Upsample(scale_factor=32))",
            new Shape(1, 3, 64, 96),
            31L,
            31L);
    assertEquals(List.of(new Seen.Positions.Range(0, 32)), seen.on(Axis.HEIGHT).ranges());
    assertEquals(List.of(new Seen.Positions.Range(0, 32)), seen.on(Axis.WIDTH).ranges());
    Seen next =
        seen(
            "nn.Sequential(nn.MaxPool2d(32), nn.Upsample(scale_factor=32))",
            new Shape(1, 3, 64, 96),
            32L,
            95L);
    assertEquals(List.of(new Seen.Positions.Range(32, 64)), next.on(Axis.HEIGHT).ranges());
    assertEquals(List.of(new Seen.Positions.Range(64, 96)), next.on(Axis.WIDTH).ranges());
  }

  /**
   * Output o adds input i times tap t where 2 i + t - 2 = o: row 2 has taps 0 and 2, column 3 tap
   * 1.
   */
  @Test
  void aTransposedConvolutionReadsWhatScattersToIt() {
    Seen seen =
        seen("nn.ConvTranspose2d(1, 1, 3, stride=2, padding=2)", new Shape(1, 1, 4, 4), 2L, 3L);
    assertEquals(List.of(new Seen.Positions.Range(1, 3)), seen.on(Axis.HEIGHT).ranges());
    assertEquals(List.of(new Seen.Positions.Range(2, 3)), seen.on(Axis.WIDTH).ranges());
  }

  /**
   * Output (0, 0) of a sum reads (0, 0), (1, 1) and so on: of so many at once all between is said.
   */
  @Test
  void sixtyFourBoxesAreToldApart() {
    Shape input = new Shape(1, 1, 80, 80);
    Seen most = diagonal(64, input);
    assertTrue(most.exact());
    assertEquals(64, most.count(input));
    assertEquals(64, most.boxes().size());
    Seen more = diagonal(65, input);
    assertFalse(more.exact());
    Seen.Positions all = Seen.Positions.of(0, 65);
    assertEquals(List.of(List.of(all, all)), more.boxes());
  }

  private static Seen diagonal(int positions, Shape input) {
    Graph.Builder builder = new Graph.Builder();
    Edge x = builder.input("x");
    List<Edge> cuts = new ArrayList<>();
    for (int i = 0; i < positions; i++) {
      PadSpec cut = new PadSpec(PaddingMode.ZEROS, 0, Size.square(-i), Size.square(i - 70));
      cuts.add(builder.apply("", cut, List.of(x)));
    }
    Edge sum = builder.apply("", new SumSpec(), cuts);
    Graph graph = builder.build(List.of(sum), new Tree("Net", "", List.of()));
    return Seen.of(Shapes.infer(graph, input), sum, List.of(0L, 0L));
  }

  /** A position in the middle of what another branch reads is no box of its own, in any order. */
  @Test
  void whatIsReadTwiceIsOneBox() {
    List<List<Seen.Positions>> wide =
        List.of(List.of(Seen.Positions.of(3, 6), Seen.Positions.of(4, 7)));
    LayerSpec point = ConvSpec.of(1, 1, Windows.of(Size.square(1)));
    LayerSpec window = ConvSpec.of(1, 1, padded());
    for (List<LayerSpec> branches : List.of(List.of(point, window), List.of(window, point))) {
      Graph.Builder builder = new Graph.Builder();
      Edge x = builder.input("x");
      Edge one = builder.call(new Module("one", branches.get(0)), x);
      Edge other = builder.call(new Module("other", branches.get(1)), x);
      Edge sum = builder.apply("", new SumSpec(), List.of(one, other));
      Graph graph = builder.build(List.of(sum), new Tree("Net", "", List.of()));
      Shaped network = Shapes.infer(graph, new Shape(1, 1, 9, 9));
      assertEquals(wide, Seen.of(network, sum, List.of(4L, 5L)).boxes());
    }
  }

  private static Windows padded() {
    return Windows.of(Size.square(3)).withPadding(Size.square(1));
  }

  /** The first layer's padding is told, that of the second is not of the input. */
  @Test
  void theInputsPaddingAlone() {
    Shape input = new Shape(1, 1, 9, 9);
    Seen one = seen("Conv2d(1, 1, 3, padding=1)", input, 0L, 8L);
    assertEquals(List.of(List.of(Seen.Positions.of(-1, 2), Seen.Positions.of(7, 10))), one.boxes());
    Seen two =
        seen("Sequential(Conv2d(1, 1, 3, padding=1), Conv2d(1, 1, 3, padding=1))", input, 0L, 8L);
    assertEquals(List.of(List.of(Seen.Positions.of(-1, 3), Seen.Positions.of(6, 10))), two.boxes());
    assertEquals(9, two.count(input));
  }

  @ParameterizedTest
  @CsvSource({"1, 300, 2000", "2, 300, 2000", "3, 60, 400"})
  @Tag("large")
  void randomGraphs(int number, int graphs, int least) {
    axes = number;
    int compared = 0;
    for (int i = 0; i < graphs; i++) {
      Shaped network = graph();
      for (int output = 0; output < 8; output++) {
        compare(network);
        compared++;
      }
    }
    assertTrue(compared >= least, compared + " compared");
    assertTrue(reading > compared / 2, reading + " of " + compared + " read something");
    Set<String> expected =
        new TreeSet<>(
            Set.of(
                "Conv",
                "ConvTranspose",
                "MaxPool",
                "AvgPool",
                "AdaptiveMaxPool",
                "Upsample",
                "ReflectionPad",
                "ReplicationPad",
                "ZeroPad",
                "mean",
                "add",
                "mul",
                "concat",
                "Linear",
                "ReLU"));
    if (number == 2) {
      expected.addAll(Set.of("PixelShuffle", "PixelUnshuffle"));
    }
    Set<String> missing = new TreeSet<>(expected);
    missing.removeAll(kinds);
    assertEquals(Set.of(), missing);
  }

  private void compare(Shaped network) {
    Edge end = network.graph().outputs().get(0);
    Shape shape = network.of(end);
    List<Long> position =
        Axis.in(shape).stream().map(axis -> (long) random.nextInt((int) axis.of(shape))).toList();
    Set<List<Long>> walked = new HashSet<>();
    walk(network, end, position, walked, new HashSet<>());
    Seen seen = Seen.of(network, end, position);
    String where = network.graph().nodes() + " at " + position;
    assertTrue(seen.exact(), where);
    for (List<Long> input : positions(network.input())) {
      assertEquals(walked.contains(input), seen.reads(input), () -> where + " input " + input);
    }
    assertEquals(
        positions(network.input()).stream().filter(walked::contains).count(),
        seen.count(network.input()),
        where);
    reading += walked.isEmpty() ? 0 : 1;
  }

  private static List<List<Long>> positions(Shape shape) {
    List<List<Long>> all = new ArrayList<>();
    all.add(List.of());
    for (Axis axis : Axis.in(shape)) {
      all = product(all, LongStream.range(0, axis.of(shape)).boxed().toList());
    }
    return all;
  }

  private static List<List<Long>> product(List<List<Long>> starts, List<Long> ends) {
    List<List<Long>> all = new ArrayList<>();
    for (List<Long> start : starts) {
      for (long end : ends) {
        List<Long> longer = new ArrayList<>(start);
        longer.add(end);
        all.add(longer);
      }
    }
    return all;
  }

  // The walk.

  private void walk(
      Shaped network,
      Edge edge,
      List<Long> position,
      Set<List<Long>> inputs,
      Set<List<Object>> visited) {
    if (!visited.add(List.of(edge, position))) {
      return;
    }
    if (!(edge instanceof Edge.OfNode from)) {
      inputs.add(position);
      return;
    }
    Node node = network.graph().nodes().get(from.node());
    Shape output = network.of(edge);
    for (Edge input : node.inputs()) {
      Shape shape = network.of(input);
      List<List<Long>> read = new ArrayList<>(List.of(List.of()));
      List<Axis> all = Axis.in(output);
      for (int a = 0; a < all.size(); a++) {
        Axis axis = all.get(a);
        read =
            product(
                read,
                read(
                    node.layer(),
                    axis,
                    (int) axis.of(shape),
                    (int) axis.of(output),
                    position.get(a)));
      }
      for (List<Long> next : read) {
        walk(network, input, next, inputs, visited);
      }
    }
  }

  /** What output o reads on an axis, by definition. */
  private static List<Long> read(LayerSpec layer, Axis axis, int size, int out, long o) {
    if (layer instanceof ConvSpec conv) {
      return slide(conv.window(), axis, o, row(conv.paddingMode(), size, 12));
    } else if (layer instanceof MaxPoolSpec pool) {
      return slide(pool.window(), axis, o, row(PaddingMode.ZEROS, size, 12));
    } else if (layer instanceof AvgPoolSpec pool) {
      return slide(pool.window(), axis, o, row(PaddingMode.ZEROS, size, 12));
    } else if (layer instanceof PadSpec pad) {
      long at = o - pad.before().on(axis);
      return row(pad.mode(), size, 12).get((int) at + 12);
    } else if (layer instanceof ConvTransposeSpec transposed) {
      return IntStream.range(0, size)
          .filter(i -> scatters(transposed, axis, i, o))
          .asLongStream()
          .boxed()
          .toList();
    } else if (layer instanceof AdaptivePoolSpec) {
      return LongStream.range(0, size)
          .filter(i -> (i + 1) * out > o * size && i * out < (o + 1) * size)
          .boxed()
          .toList();
    } else if (layer instanceof UpsampleSpec upsample) {
      return enlarge(upsample, size, out, o);
    } else if (layer instanceof PixelShuffleSpec shuffle) {
      return shuffle.direction() == PixelShuffleSpec.Direction.TO_PIXELS
          ? List.of(o / shuffle.factor())
          : LongStream.range(o * shuffle.factor(), (o + 1) * shuffle.factor()).boxed().toList();
    } else if (layer instanceof LinearSpec && axis != Axis.WIDTH && axis != Axis.LENGTH) {
      return List.of(o);
    } else if (layer instanceof MeanSpec || layer instanceof LinearSpec) {
      return LongStream.range(0, size).boxed().toList();
    }
    return List.of(size == 1 ? 0 : o); // a product repeats what is one position wide
  }

  private static List<Long> slide(Windows window, Axis axis, long o, List<List<Long>> row) {
    Padding.Explicit padding = (Padding.Explicit) window.padding();
    Set<Long> read = new TreeSet<>();
    for (int tap = 0; tap < window.kernel().on(axis); tap++) {
      long at =
          o * window.stride().on(axis)
              + tap * window.dilation().on(axis)
              - padding.before().on(axis);
      read.addAll(row.get((int) at + 12));
    }
    return List.copyOf(read);
  }

  /** What each place of a row lengthened at both ends shows of the row: its own, or none. */
  private static List<List<Long>> row(PaddingMode mode, int size, int more) {
    List<List<Long>> row = new ArrayList<>();
    for (long i = 0; i < size; i++) {
      row.add(List.of(i));
    }
    List<List<Long>> front = new ArrayList<>();
    List<List<Long>> behind = new ArrayList<>();
    for (int i = 1; i <= more; i++) {
      switch (mode) {
        case ZEROS -> {
          front.add(List.of());
          behind.add(List.of());
        }
        case REPLICATE -> {
          front.add(row.get(0));
          behind.add(row.get(size - 1));
        }
        case REFLECT -> { // further out than PyTorch allows nothing is asked for
          front.add(i < size ? row.get(i) : List.of());
          behind.add(i < size ? row.get(size - 1 - i) : List.of());
        }
        case CIRCULAR -> {
          front.add(row.get(Math.floorMod(size - i, size)));
          behind.add(row.get((i - 1) % size));
        }
      }
    }
    Collections.reverse(front);
    front.addAll(row);
    front.addAll(behind);
    return front;
  }

  private static boolean scatters(ConvTransposeSpec layer, Axis axis, int i, long o) {
    return IntStream.range(0, (int) layer.kernel().on(axis))
        .anyMatch(
            tap ->
                i * layer.stride().on(axis)
                        + tap * layer.dilation().on(axis)
                        - layer.padding().on(axis)
                    == o);
  }

  private static List<Long> enlarge(UpsampleSpec layer, int size, int out, long o) {
    double step = (double) size / out;
    double middle = (o + 0.5) * step - 0.5;
    return switch (layer.mode()) {
      case NEAREST -> List.of((long) Math.floor(o * step + 1e-9));
      case NEAREST_EXACT -> List.of((long) Math.floor((o + 0.5) * step + 1e-9));
      default ->
          LongStream.of((long) Math.floor(middle + 1e-9), (long) Math.ceil(middle - 1e-9))
              .map(i -> Math.min(Math.max(i, 0), size - 1))
              .distinct()
              .boxed()
              .toList();
    };
  }

  // Random graphs of few channels; what does not fit is drawn again.

  private Shaped graph() {
    List<Node> nodes = new ArrayList<>();
    List<Edge> edges = new ArrayList<>(List.of(new Edge.OfInput(0)));
    int least = axes == 3 ? 4 : 7;
    Shape input = new Shape(1, 1);
    for (int i = 0; i < axes; i++) {
      input = input.add(least + random.nextInt(axes == 3 ? 3 : 8));
    }
    Shaped last = null;
    int wanted = 2 + random.nextInt(7);
    for (int tries = 0; nodes.size() < wanted && tries < 200; tries++) {
      Optional<Shaped> shaped = longer(nodes, edges, last, input);
      if (shaped.isPresent()) {
        last = shaped.get();
        nodes.clear();
        nodes.addAll(last.graph().nodes());
        Node added = nodes.get(nodes.size() - 1);
        edges.add(new Edge.OfNode(nodes.size() - 1, 0));
        kinds.add(added.layer().type().replaceAll("\\dd$", ""));
      }
    }
    return Shapes.infer(graph(nodes), input);
  }

  private Optional<Shaped> longer(List<Node> nodes, List<Edge> edges, Shaped last, Shape input) {
    try {
      List<Node> more = new ArrayList<>(nodes);
      more.add(node(edges, last, input, nodes.size()));
      Shaped shaped = Shapes.infer(graph(more), input);
      boolean small = shaped.output().size() <= (axes == 3 ? 400 : 900);
      return small && shaped.output().get(1) <= 8 ? Optional.of(shaped) : Optional.empty();
    } catch (ShapeException e) {
      return Optional.empty();
    }
  }

  private static Graph graph(List<Node> nodes) {
    List<Edge> end = List.of(new Edge.OfNode(nodes.size() - 1, 0));
    return new Graph(
        List.of("x"), nodes, end, new Tree("Net", "", List.of()), List.of(), List.of());
  }

  private Node node(List<Edge> edges, Shaped last, Shape input, int index) {
    Edge one = edges.get(edges.size() - 1);
    Edge other = edges.get(random.nextInt(edges.size()));
    if (last != null && random.nextInt(3) == 0) {
      boolean same = last.of(one).slice(2).equals(last.of(other).slice(2));
      if (same && random.nextInt(3) == 0) {
        return new Node(
            new Module("", ConcatenationSpec.OF_CHANNELS),
            Node.Origin.FUNCTION,
            List.of(one, other));
      }
      boolean small = last.of(one).size() == 1 || last.of(other).size() == 1;
      if (same || small) {
        LayerSpec join = random.nextBoolean() ? new SumSpec() : new ProductSpec();
        return new Node(new Module("", join), Node.Origin.FUNCTION, List.of(one, other));
      }
    }
    Edge from = random.nextInt(4) == 0 ? other : one;
    Shape shape = last == null ? input : last.of(from);
    return new Node(new Module("n" + index, layer(shape)), Node.Origin.MODULE, List.of(from));
  }

  private LayerSpec layer(Shape shape) {
    return switch (random.nextInt(13)) {
      case 0, 1, 2 -> convolution(shape.get(1));
      case 3 ->
          new ConvTransposeSpec(
              shape.get(1),
              1,
              size(1, 4),
              size(1, 3),
              size(0, 2),
              size(0, 0),
              1,
              Bias.WITH,
              size(1, 2));
      case 4 -> new MaxPoolSpec(pool(), Rounding.values()[random.nextInt(2)]);
      case 5 ->
          new AvgPoolSpec(
              pool(), Rounding.CEIL, AvgPoolSpec.Divisor.UNPADDED, OptionalLong.empty());
      case 6 ->
          new AdaptivePoolSpec(
              AdaptivePoolSpec.Reduction.MAXIMUM,
              size(1, 6).axes().stream().map(a -> OptionalLong.of(1 + random.nextInt(6))).toList());
      case 7 -> upsample(shape);
      case 8 -> new PadSpec(PaddingMode.values()[random.nextInt(4)], 0, size(-2, 3), size(-2, 3));
      case 9 -> new MeanSpec(IntStream.range(2, 2 + axes).boxed().toList(), MeanSpec.Axes.KEPT);
      case 10 -> new LinearSpec(shape.get(1 + axes), 2 + random.nextInt(4), Bias.WITH);
      case 11 -> ActivationSpec.of(ActivationSpec.Function.RELU);
      default ->
          axes == 2
              ? new PixelShuffleSpec(PixelShuffleSpec.Direction.values()[random.nextInt(2)], 2)
              : convolution(shape.get(1));
    };
  }

  private LayerSpec convolution(long channels) {
    Windows window =
        new Windows(
            size(1, 4), size(1, 2), new Padding.Explicit(size(0, 3), size(0, 3)), size(1, 3));
    return new ConvSpec(
        channels,
        random.nextBoolean() ? 1 : 4,
        window,
        1,
        Bias.WITH,
        PaddingMode.values()[random.nextInt(4)]);
  }

  private Windows pool() {
    return Windows.of(size(2, 3)).withStride(size(1, 3)).withPadding(size(0, 1));
  }

  private LayerSpec upsample(Shape shape) {
    UpsampleSpec.Mode linear =
        List.of(UpsampleSpec.Mode.LINEAR, UpsampleSpec.Mode.BILINEAR, UpsampleSpec.Mode.TRILINEAR)
            .get(axes - 1);
    UpsampleSpec.Mode mode =
        List.of(UpsampleSpec.Mode.NEAREST, UpsampleSpec.Mode.NEAREST_EXACT, linear)
            .get(random.nextInt(3));
    UpsampleSpec.Target target =
        random.nextBoolean()
            ? new UpsampleSpec.Target.To(size(2, 12))
            : new UpsampleSpec.Target.By(Collections.nCopies(axes, 2.0));
    return new UpsampleSpec(target, mode, UpsampleSpec.Corners.EDGES);
  }

  private Size size(int least, int most) {
    return new Size(
        IntStream.range(0, axes)
            .mapToLong(i -> least + random.nextInt(most - least + 1))
            .toArray());
  }
}

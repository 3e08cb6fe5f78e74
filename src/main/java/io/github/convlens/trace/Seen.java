package io.github.convlens.trace;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.graph.Edge;
import io.github.convlens.graph.Node;
import io.github.convlens.graph.Shaped;
import io.github.convlens.layer.Axis;
import io.github.convlens.layer.PaddingMode;
import io.github.convlens.layer.Reach;
import io.github.convlens.layer.internal.Exact;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.PrimitiveIterator;
import java.util.TreeMap;

/**
 * Which positions of the network's input one chosen output position reads, exactly: with the holes
 * that dilation leaves, through branches and enlarging layers. Positions below 0 and behind the end
 * are padding of the first layers; the padding of later layers is not of the input and does not
 * count. Two 3x3 convolutions with dilation 2 and 4 read 7x7 = 49 pixels of the 13x13 that they
 * span.
 *
 * @param axes the input's spatial axes, outermost first
 * @param boxes what is read is the union of these: each all combinations of its positions on the
 *     axes
 * @param exact whether these are the very positions; false where there were too many boxes, and the
 *     one that covers them is told, or where a layer could not be followed
 */
public record Seen(List<Axis> axes, List<List<Positions>> boxes, boolean exact) {
  private static final int MOST_BOXES = 64;

  /** Takes copies of the lists. */
  public Seen {
    axes = List.copyOf(axes);
    boxes = List.copyOf(boxes);
  }

  /**
   * What an output of the network reads of its first input.
   *
   * @param network the network and its shapes
   * @param edge the array that the output stands in
   * @param position the output's position on each of the array's spatial axes; where the array has
   *     none, what any of its elements reads
   */
  public static Seen of(Shaped network, Edge edge, List<Long> position) {
    return new Search(network).from(edge, position);
  }

  /** Whether a position of the input, or of the padding around it, is read. */
  public boolean reads(List<Long> position) {
    return boxes.stream().anyMatch(box -> contains(box, position));
  }

  /**
   * How many positions of the input are read; those in the padding do not count. Two 3x3
   * convolutions with dilation 2 and 4: 49.
   *
   * @param input the input's shape
   * @throws io.github.convlens.layer.ShapeException if the count passes 2^63 - 1
   */
  public long count(Shape input) {
    List<List<Positions>> inside = new ArrayList<>();
    for (List<Positions> box : boxes) {
      List<Positions> cut = new ArrayList<>();
      for (int a = 0; a < axes.size(); a++) {
        cut.add(box.get(a).within(0, axes.get(a).of(input)));
      }
      inside.add(cut);
    }
    return count(inside, 0);
  }

  /** Positions of the union on this axis and those behind it: for each set of boxes at once. */
  private static long count(List<List<Positions>> boxes, int axis) {
    if (boxes.isEmpty() || axis == boxes.get(0).size()) {
      return boxes.isEmpty() ? 0 : 1;
    }
    TreeMap<Long, BitSet> borders = new TreeMap<>();
    for (int i = 0; i < boxes.size(); i++) {
      for (Positions.Range range : boxes.get(i).get(axis).ranges()) {
        borders.computeIfAbsent(range.from, key -> new BitSet()).flip(i);
        borders.computeIfAbsent(range.to, key -> new BitSet()).flip(i);
      }
    }
    Map<BitSet, Long> lengths = new HashMap<>();
    BitSet open = new BitSet();
    long last = 0;
    for (Map.Entry<Long, BitSet> border : borders.entrySet()) {
      lengths.merge((BitSet) open.clone(), border.getKey() - last, Exact::add);
      open.xor(border.getValue());
      last = border.getKey();
    }
    long sum = 0;
    for (Map.Entry<BitSet, Long> part : lengths.entrySet()) {
      List<List<Positions>> there = part.getKey().stream().mapToObj(boxes::get).toList();
      sum = Exact.add(sum, Exact.multiply(part.getValue(), count(there, axis + 1)));
    }
    return sum;
  }

  private static boolean contains(List<Positions> box, List<Long> position) {
    for (int i = 0; i < box.size(); i++) {
      if (!box.get(i).contains(position.get(i))) {
        return false;
      }
    }
    return true;
  }

  /** All positions on an axis that are read at any place of the others. */
  public Positions on(Axis axis) {
    int index = axes.indexOf(axis);
    return boxes.stream().map(box -> box.get(index)).reduce(Positions.NONE, Positions::union);
  }

  /** Goes from the chosen output back to the input. */
  private static final class Search {
    private final Shaped network;
    private final List<Layout> inputs;
    private final List<Axis> axes;
    private final List<List<Layout>> layouts = new ArrayList<>();
    private final List<List<List<List<Positions>>>> boxes = new ArrayList<>();
    private final List<List<Positions>> atInput = new ArrayList<>();
    private boolean exact = true;

    Search(Shaped network) {
      this.network = network;
      inputs = Layout.ofInputs(network);
      axes = inputs.get(0).axes();
      for (int i = 0; i < network.graph().nodes().size(); i++) {
        lay(network.graph().nodes().get(i), network.shapes().get(i));
      }
    }

    private void lay(Node node, List<Shape> outputs) {
      List<Layout> given = node.inputs().stream().map(this::layout).toList();
      List<Layout> made = new ArrayList<>(outputs.size());
      List<List<List<Positions>>> none = new ArrayList<>(outputs.size());
      for (int number = 0; number < outputs.size(); number++) {
        made.add(Layout.through(node.layer(), given, number, outputs.get(number)));
        none.add(new ArrayList<>());
      }
      layouts.add(made);
      boxes.add(none);
    }

    Seen from(Edge edge, List<Long> position) {
      Layout layout = layout(edge);
      List<Positions> start = new ArrayList<>();
      for (Axis axis : axes) {
        start.add(
            layout
                .on(axis)
                .filter(place -> place.axis() >= 2 && place.axis() - 2 < position.size())
                .map(place -> place.at(position.get(place.axis() - 2)))
                .orElseGet(() -> Positions.of(0, layout.positions(axis))));
      }
      if (start.stream().noneMatch(Positions::isEmpty)) {
        add(edge, start);
      }
      for (int i = boxes.size() - 1; i >= 0; i--) {
        for (int number = 0; number < boxes.get(i).size(); number++) {
          for (List<Positions> box : boxes.get(i).get(number)) {
            back(network.graph().nodes().get(i), layouts.get(i).get(number), number, box);
          }
        }
      }
      return new Seen(axes, atInput, exact);
    }

    private Layout layout(Edge edge) {
      return edge instanceof Edge.OfNode from
          ? layouts.get(from.node()).get(from.output())
          : inputs.get(((Edge.OfInput) edge).index());
    }

    private void back(Node node, Layout output, int number, List<Positions> box) {
      List<Layout> given = node.inputs().stream().map(this::layout).toList();
      for (int i = 0; i < given.size(); i++) {
        List<Positions> read = new ArrayList<>();
        for (int a = 0; a < axes.size(); a++) {
          read.add(read(node, given, i, axes.get(a), output, number, box.get(a)));
        }
        if (node.layer().reads(i) && read.stream().noneMatch(Positions::isEmpty)) {
          add(node.inputs().get(i), read);
        }
      }
    }

    private Positions read(
        Node node,
        List<Layout> given,
        int index,
        Axis axis,
        Layout output,
        int number,
        Positions outputs) {
      long size = given.get(index).positions(axis);
      Optional<Reach> reach = output.reach(node.layer(), given, index, axis, number);
      if (reach.isEmpty()) {
        exact &= !output.said().contains(axis);
        return Positions.of(0, size);
      }
      boolean atInput = node.inputs().get(index) instanceof Edge.OfInput;
      Positions.Range there = atInput ? Positions.Range.ALL : new Positions.Range(0, size);
      return Positions.through(reach.get(), outputs, size, there);
    }

    private void add(Edge edge, List<Positions> box) {
      List<List<Positions>> seen =
          edge instanceof Edge.OfNode from
              ? boxes.get(from.node()).get(from.output())
              : ((Edge.OfInput) edge).index() == 0 ? atInput : new ArrayList<>();
      if (seen.stream().anyMatch(other -> covers(other, box))) {
        return;
      }
      seen.removeIf(other -> covers(box, other));
      seen.add(box);
      if (seen.size() > MOST_BOXES) {
        List<Positions> all = new ArrayList<>();
        for (int a = 0; a < axes.size(); a++) {
          int index = a;
          all.add(
              seen.stream().map(each -> each.get(index)).reduce(Positions.NONE, Positions::union));
        }
        seen.clear();
        seen.add(all);
        exact = false;
      }
    }

    private static boolean covers(List<Positions> one, List<Positions> other) {
      for (int i = 0; i < one.size(); i++) {
        if (!one.get(i).containsAll(other.get(i))) {
          return false;
        }
      }
      return true;
    }
  }

  /** Positions on an axis, in ascending runs that do not touch. */
  public record Positions(List<Range> ranges) {
    static final Positions NONE = new Positions(List.of());

    /**
     * Neighbouring positions.
     *
     * @param from the first
     * @param to the one behind the last
     */
    public record Range(long from, long to) {
      /** Everywhere. */
      static final Range ALL = new Range(Long.MIN_VALUE / 2, Long.MAX_VALUE / 2);
    }

    /** Takes a copy of the list. */
    public Positions {
      ranges = List.copyOf(ranges);
    }

    static Positions of(long from, long to) {
      return from < to ? new Positions(List.of(new Range(from, to))) : NONE;
    }

    /** Whether there is none. */
    public boolean isEmpty() {
      return ranges.isEmpty();
    }

    /** How many. */
    public long count() {
      return ranges.stream().mapToLong(range -> range.to - range.from).sum();
    }

    /** The first; meaningful where there is one. */
    public long first() {
      return ranges.get(0).from;
    }

    /** The last; meaningful where there is one. */
    public long last() {
      return ranges.get(ranges.size() - 1).to - 1;
    }

    /** Whether a position is among them. */
    public boolean contains(long position) {
      int low = 0;
      int high = ranges.size();
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (ranges.get(middle).to <= position) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      return low < ranges.size() && ranges.get(low).from <= position;
    }

    boolean containsAll(Positions other) {
      int at = 0;
      for (Range range : other.ranges) {
        while (at < ranges.size() && ranges.get(at).to < range.to) {
          at++;
        }
        if (at == ranges.size() || ranges.get(at).from > range.from) {
          return false;
        }
      }
      return true;
    }

    Positions union(Positions other) {
      List<Range> all = new ArrayList<>(ranges);
      all.addAll(other.ranges);
      return joined(all);
    }

    private static Positions joined(List<Range> all) {
      all.sort((a, b) -> Long.compare(a.from, b.from));
      List<Range> apart = new ArrayList<>();
      for (Range next : all) {
        int last = apart.size() - 1;
        if (last >= 0 && next.from <= apart.get(last).to) {
          Range before = apart.get(last);
          apart.set(last, new Range(before.from, Math.max(before.to, next.to)));
        } else {
          apart.add(next);
        }
      }
      return new Positions(apart);
    }

    /** The same within bounds. */
    public Positions within(long from, long to) {
      List<Range> cut = new ArrayList<>();
      ranges.forEach(range -> cut(range.from, range.to, new Range(from, to), cut));
      return new Positions(cut);
    }

    /** What outputs at these positions read of an input of so many, as far as it is there. */
    static Positions through(Reach reach, Positions outputs, long size, Range there) {
      if (reach.equals(Reach.POINT)) {
        return outputs;
      }
      List<Range> read = new ArrayList<>();
      for (Range range : outputs.ranges) {
        if (reach.period() == 1 && reach.outside() == PaddingMode.ZEROS) {
          slide(reach, range, there, read);
        } else {
          eachOf(reach, range, size, there, read);
        }
      }
      return joined(read);
    }

    /** A sliding window: for each tap, or for each output, whichever are fewer. */
    private static void slide(Reach reach, Range outputs, Range there, List<Range> read) {
      Reach.Run first = reach.at(outputs.from);
      long number = outputs.to - outputs.from;
      boolean touching = first.step() == 1 && reach.advance() <= first.count();
      if (touching) {
        cut(first.least(), reach.at(outputs.to - 1).greatest() + 1, there, read);
      } else if (reach.advance() == 1 && first.count() < number) {
        first.positions().forEach(position -> cut(position, position + number, there, read));
      } else {
        eachOf(reach, outputs, 0, there, read);
      }
    }

    private static void eachOf(
        Reach reach, Range outputs, long size, Range there, List<Range> read) {
      for (long output = outputs.from; output < outputs.to; output++) {
        Reach.Run run = reach.at(output);
        for (PrimitiveIterator.OfLong all = run.positions().iterator(); all.hasNext(); ) {
          long position = all.nextLong();
          if (reach.outside() == PaddingMode.ZEROS) {
            cut(position, position + 1, there, read);
          } else {
            OptionalLong inside = reach.inside(position, size);
            inside.ifPresent(source -> read.add(new Range(source, source + 1)));
          }
        }
      }
    }

    private static void cut(long from, long to, Range there, List<Range> read) {
      long start = Math.max(there.from, from);
      long end = Math.min(there.to, to);
      if (start < end) {
        read.add(new Range(start, end));
      }
    }
  }
}

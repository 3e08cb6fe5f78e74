package io.github.convlens.graph;

import io.github.convlens.layer.ActivationSpec;
import io.github.convlens.layer.AdaptivePoolSpec;
import io.github.convlens.layer.BatchNormSpec;
import io.github.convlens.layer.ConvSpec;
import io.github.convlens.layer.ConvTransposeSpec;
import io.github.convlens.layer.GroupNormSpec;
import io.github.convlens.layer.InstanceNormSpec;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.LocalResponseNormSpec;
import io.github.convlens.layer.PReluSpec;
import io.github.convlens.layer.PoolSpec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * Where pools may be missing in front of a Linear, and which: behind convolutions, once the norm
 * and the activation that follow are done.
 */
final class Candidates {
  /** Of so many places each set is tried. */
  private static final int MOST_PLACES = 12;

  private static final List<String> USUAL =
      List.of("pool2", "pool3s2", "pool3s2p1", "pool3", "pool4");

  private final Graph graph;
  private final int end;

  /** One place behind each call, that of the outermost block which ends there. */
  private final List<Places.Place> all = new ArrayList<>();

  private final List<String> places = new ArrayList<>();
  private final List<String> bare = new ArrayList<>();
  private final List<String> stages = new ArrayList<>();
  private String lastWindow = "";

  Candidates(Graph graph, String linear) {
    this.graph = graph;
    end = first(linear);
    Set<Integer> ends = new HashSet<>();
    for (Places.Place place : new Places(graph).all()) {
      if (ends.add(place.node())) {
        all.add(place);
      }
    }
    Set<Integer> taken = new HashSet<>();
    for (int i = 0; i < all.size() && all.get(i).node() < end; i++) {
      if (has(all.get(i), layer -> isPool(layer) || isConvolution(layer))) {
        lastWindow = behindNorms(i).path();
      }
      if (has(all.get(i), Candidates::isConvolution)) {
        Places.Place place = behindNorms(i);
        if (taken.add(place.node())) {
          add(place);
        }
      }
    }
  }

  private void add(Places.Place place) {
    places.add(place.path());
    if (isPooled(place.node())) {
      return;
    }
    bare.add(place.path());
    if (channels(place.node(), -1) != channels(place.node() + 1, 1)) {
      stages.add(place.path());
    }
  }

  /** The channels that the first convolution makes from a node on, upwards or downwards. */
  private long channels(int from, int step) {
    for (int i = from; i >= 0 && i < end; i += step) {
      if (layer(i) instanceof ConvSpec convolution) {
        return convolution.outChannels();
      }
    }
    return 0;
  }

  private int first(String path) {
    int i = 0;
    while (!graph.nodes().get(i).path().equals(path)) {
      i++;
    }
    return i;
  }

  private LayerSpec layer(int node) {
    return graph.nodes().get(node).layer();
  }

  private static boolean isConvolution(LayerSpec layer) {
    return layer instanceof ConvSpec || layer instanceof ConvTransposeSpec;
  }

  private boolean has(Places.Place place, Predicate<LayerSpec> kind) {
    for (int i = place.node(); i >= 0 && isIn(i, place.path()); i--) {
      if (kind.test(layer(i))) {
        return true;
      }
    }
    return false;
  }

  private boolean isIn(int node, String path) {
    return Graph.isWithin(graph.nodes().get(node).path(), path);
  }

  /** The place behind the norm and the activation that follow at once. */
  private Places.Place behindNorms(int index) {
    Places.Place place = all.get(index);
    for (Places.Place next : all.subList(index + 1, all.size())) {
      if (next.node() != place.node() + 1 || !follows(layer(next.node()))) {
        return place;
      }
      place = next;
    }
    return place;
  }

  private static boolean follows(LayerSpec layer) {
    return layer instanceof ActivationSpec
        || layer instanceof PReluSpec
        || layer instanceof BatchNormSpec
        || layer instanceof GroupNormSpec
        || layer instanceof InstanceNormSpec
        || layer instanceof LocalResponseNormSpec;
  }

  /** Whether a pool stands between the convolution in front of a place and the next one. */
  private boolean isPooled(int node) {
    for (int i = node; !isConvolution(layer(i)); i--) {
      if (isPool(layer(i))) {
        return true;
      }
    }
    for (int i = node + 1; i < end && !isConvolution(layer(i)); i++) {
      if (isPool(layer(i))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isPool(LayerSpec layer) {
    return layer instanceof PoolSpec || layer instanceof AdaptivePoolSpec;
  }

  /** The paths behind which a pool may be missing. */
  List<String> places() {
    return places;
  }

  /** The path behind the last convolution. */
  String last() {
    return places.get(places.size() - 1);
  }

  /** The path behind the last convolution or pool. */
  String lastWindow() {
    return lastWindow;
  }

  /** Over how many axes the last convolution goes; meaningful where there are places. */
  int axes() {
    int last = end;
    while (!isConvolution(layer(last))) {
      last--;
    }
    return layer(last).spatialAxes();
  }

  /** The pools that may be called: those of the network, and the usual ones; each window once. */
  List<String> pools() {
    return pools(USUAL);
  }

  /** Those of the network, and pools of 2. */
  List<String> likeliestPools() {
    return pools(USUAL.subList(0, 1));
  }

  private List<String> pools(List<String> usual) {
    List<String> calls = new ArrayList<>();
    Set<LayerSpec> layers = new HashSet<>();
    for (Module module : graph.modules()) {
      if (module.layer() instanceof PoolSpec && layers.add(module.layer())) {
        calls.add(module.path());
      }
    }
    int axes = axes();
    for (String word : usual) {
      AssumedCall pool = AssumedCall.of(word).orElseThrow();
      if (layers.add(pool.over(axes))) {
        calls.add(unlikeAModule(pool));
      }
    }
    return calls;
  }

  /** {@code pool2s2} where a module is called pool2. */
  private String unlikeAModule(AssumedCall pool) {
    String word = pool.toString();
    return graph.byPath().containsKey(word) && pool.numbers().size() == 1
        ? word + "s" + pool.numbers().get(0)
        : word;
  }

  /**
   * Behind the last convolution, behind all, and behind the last one of each number of channels,
   * where no pool follows.
   */
  List<List<String>> usualSets() {
    Set<List<String>> sets = new LinkedHashSet<>();
    if (bare.contains(last())) {
      sets.add(List.of(last()));
    }
    sets.add(bare);
    sets.add(stages);
    sets.remove(List.<String>of());
    return List.copyOf(sets);
  }

  /** The sets of places where no pool follows, the most usual ones first. */
  List<List<String>> bareSets() {
    Set<List<String>> sets = new LinkedHashSet<>(usualSets());
    addSingles(bare, sets);
    addSubsets(bare, sets);
    return List.copyOf(sets);
  }

  /** The sets of all places. */
  List<List<String>> sets() {
    Set<List<String>> sets = new LinkedHashSet<>();
    addSingles(places, sets);
    sets.add(places);
    addSubsets(places, sets);
    return List.copyOf(sets);
  }

  /** From the last one on. */
  private static void addSingles(List<String> paths, Set<List<String>> sets) {
    for (int i = paths.size() - 1; i >= 0; i--) {
      sets.add(List.of(paths.get(i)));
    }
  }

  /** Small sets first; of one size those that end with the last place and are spread evenly. */
  private static void addSubsets(List<String> paths, Set<List<String>> sets) {
    if (paths.size() > MOST_PLACES) {
      return;
    }
    int last = 1 << paths.size() >> 1;
    IntStream.range(1, 2 * last)
        .boxed()
        .sorted(
            Comparator.comparingInt((Integer bits) -> Integer.bitCount(bits))
                .thenComparingInt(bits -> -(bits & last))
                .thenComparingInt(Candidates::unevenness))
        .forEach(bits -> sets.add(chosen(paths, bits)));
  }

  /** The sum of the squares of the steps from one chosen place to the next. */
  private static int unevenness(int bits) {
    int sum = 0;
    int step = 0;
    for (int rest = bits; rest > 0; rest >>= 1) {
      step++;
      if ((rest & 1) == 1) {
        sum += step * step;
        step = 0;
      }
    }
    return sum;
  }

  private static List<String> chosen(List<String> paths, int bits) {
    List<String> chosen = new ArrayList<>();
    for (int i = 0; i < paths.size(); i++) {
      if ((bits >> i & 1) == 1) {
        chosen.add(paths.get(i));
      }
    }
    return chosen;
  }
}

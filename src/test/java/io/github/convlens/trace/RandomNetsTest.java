package io.github.convlens.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.AdaptivePoolSpec;
import io.github.convlens.layer.Axis;
import io.github.convlens.layer.Bias;
import io.github.convlens.layer.ConvSpec;
import io.github.convlens.layer.ConvTransposeSpec;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.MaxPoolSpec;
import io.github.convlens.layer.PadSpec;
import io.github.convlens.layer.PaddingMode;
import io.github.convlens.layer.Ratio;
import io.github.convlens.layer.Rounding;
import io.github.convlens.layer.ShapeException;
import io.github.convlens.layer.Size;
import io.github.convlens.layer.UpsampleSpec;
import io.github.convlens.layer.Windows;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Receptive fields against a counter that knows no formula: for each output it follows, layer by
 * layer and position by position, which inputs take part. Outputs that touch padding see less than
 * their field and are left out.
 */
@Tag("large")
class RandomNetsTest {
  private final Random random = new Random(20190);

  /** Which inputs reach a position; {@code complete} unless padding took part. */
  private static final class Seen {
    final TreeSet<Integer> inputs = new TreeSet<>();
    boolean complete = true;

    void add(List<Seen> map, long position) {
      if (position < 0 || position >= map.size()) {
        complete = false;
      } else {
        inputs.addAll(map.get((int) position).inputs);
        complete &= map.get((int) position).complete;
      }
    }
  }

  @Test
  void windowsAlone() {
    assertTrue(compare(400, 3) > 15_000);
  }

  @Test
  void windowsAndEnlargingLayers() {
    assertTrue(compare(600, 8) > 15_000);
  }

  /** The number of outputs compared in so many networks made of the first {@code kinds} kinds. */
  private int compare(int networks, int kinds) {
    int compared = 0;
    for (int i = 0; i < networks; i++) {
      List<LayerSpec> layers = new ArrayList<>();
      Shape shape = new Shape(1, 1, 30 + random.nextInt(60), 30 + random.nextInt(60));
      List<List<Seen>> maps = List.of(input(shape.get(2)), input(shape.get(3)));
      Flow flow = Flow.of(Layout.of(shape, Axis.in(shape)));
      for (int depth = 1 + random.nextInt(5); depth > 0; depth--) {
        LayerSpec layer = layer(kinds);
        Shape output;
        try {
          output = layer.output(shape);
        } catch (ShapeException e) {
          continue;
        }
        if (Math.max(output.get(2), output.get(3)) > 400) {
          continue;
        }
        layers.add(layer);
        maps =
            List.of(step(layer, Axis.HEIGHT, maps, output), step(layer, Axis.WIDTH, maps, output));
        flow = Flow.through(layer, List.of(flow), 0, output);
        shape = output;
        compared += check(layers, flow, maps);
      }
    }
    return compared;
  }

  private static int check(List<LayerSpec> layers, Flow flow, List<List<Seen>> maps) {
    int compared = 0;
    for (Axis axis : Axis.of(2)) {
      List<Seen> map = maps.get(axis.index(2));
      Phases phases = flow.phases().get(axis.index(2));
      // More kinds of positions than are kept apart: all of them see what any of them sees.
      boolean merged = flow.receptiveField().on(axis).stride().equals(Ratio.ZERO);
      long largest = 0;
      for (int o = 0; o < map.size(); o++) {
        Seen seen = map.get(o);
        if (seen.complete && !seen.inputs.isEmpty()) {
          String where = layers + " " + axis + " output " + o;
          if (merged) {
            assertTrue(phases.first(o) <= seen.inputs.first(), where);
            assertTrue(phases.last(o) >= seen.inputs.last(), where);
            continue;
          }
          assertEquals(seen.inputs.first().longValue(), phases.first(o), where);
          assertEquals(seen.inputs.last().longValue(), phases.last(o), where);
          largest = Math.max(largest, seen.inputs.last() - seen.inputs.first() + 1);
          compared++;
        }
      }
      ReceptiveField.OnAxis field = flow.receptiveField().on(axis);
      assertTrue(largest <= field.size(), layers + " " + axis);
      assertEquals(phases.first(0), field.start());
      assertEquals(widest(phases, map.size()), field.size(), layers + " " + axis);
    }
    return compared;
  }

  /** The largest field among a map's positions. */
  private static long widest(Phases phases, int positions) {
    long widest = 1;
    for (int o = 0; o < positions; o++) {
      widest = Math.max(widest, phases.last(o) - phases.first(o) + 1);
    }
    return widest;
  }

  private static List<Seen> input(long size) {
    List<Seen> map = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      Seen seen = new Seen();
      seen.inputs.add(i);
      map.add(seen);
    }
    return map;
  }

  private Size size(int least, int most) {
    return new Size(
        least + random.nextInt(most - least + 1), least + random.nextInt(most - least + 1));
  }

  private LayerSpec layer(int kinds) {
    return switch (random.nextInt(kinds)) {
      case 0 -> {
        Windows window =
            Windows.of(size(1, 5))
                .withStride(size(1, 3))
                .withPadding(size(0, 3))
                .withDilation(size(1, 3));
        yield new ConvSpec(1, 1, window, 1, Bias.WITH, PaddingMode.ZEROS);
      }
      case 1 -> {
        Windows window = Windows.of(size(2, 4)).withStride(size(1, 4)).withPadding(size(0, 1));
        yield new MaxPoolSpec(window, Rounding.values()[random.nextInt(2)]);
      }
      case 2 -> new PadSpec(PaddingMode.ZEROS, 0, random.nextInt(4) - 2, 1, 2, -1);
      case 3 -> {
        Size stride = size(1, 3);
        Size kernel = stride.map(step -> step + random.nextInt(3));
        yield new ConvTransposeSpec(
            1, 1, kernel, stride, size(0, 2), Size.ZERO, 1, Bias.WITH, Size.ONE);
      }
      case 4 -> upsample(new UpsampleSpec.Target.By(2, 3), UpsampleSpec.Mode.NEAREST);
      case 5 -> upsample(new UpsampleSpec.Target.By(3, 2), UpsampleSpec.Mode.BILINEAR);
      case 6 -> upsample(new UpsampleSpec.Target.To(size(5, 60)), UpsampleSpec.Mode.NEAREST_EXACT);
      default -> {
        Size to = size(1, 20);
        yield new AdaptivePoolSpec(
            AdaptivePoolSpec.Reduction.MAXIMUM,
            OptionalLong.of(to.height()),
            OptionalLong.of(to.width()));
      }
    };
  }

  private static UpsampleSpec upsample(UpsampleSpec.Target target, UpsampleSpec.Mode mode) {
    return new UpsampleSpec(target, mode, UpsampleSpec.Corners.EDGES);
  }

  /** What each output of a layer sees, by its operator's own definition. */
  private static List<Seen> step(LayerSpec layer, Axis axis, List<List<Seen>> maps, Shape output) {
    List<Seen> map = maps.get(axis.index(2));
    int places = (int) output.get(2 + axis.index(2));
    List<Seen> next = new ArrayList<>();
    for (int o = 0; o < places; o++) {
      next.add(new Seen());
    }
    for (int o = 0; o < places; o++) {
      Seen seen = next.get(o);
      if (layer instanceof ConvSpec conv) {
        slide(conv.window(), axis, o, map, seen);
      } else if (layer instanceof MaxPoolSpec pool) {
        slide(pool.window(), axis, o, map, seen);
      } else if (layer instanceof PadSpec pad) {
        seen.add(map, o - pad.before().on(axis));
      } else if (layer instanceof UpsampleSpec upsample) {
        enlarge(upsample, o, places, map, seen);
      } else if (layer instanceof AdaptivePoolSpec) {
        double step = (double) map.size() / places;
        for (int i = 0; i < map.size(); i++) {
          // Input cell i covers [i, i + 1), output o covers [o x step, (o + 1) x step).
          if (i + 1 > o * step + 1e-9 && i < (o + 1) * step - 1e-9) {
            seen.add(map, i);
          }
        }
      }
    }
    if (layer instanceof ConvTransposeSpec transposed) {
      scatter(transposed, axis, map, next);
    }
    return next;
  }

  private static void slide(Windows window, Axis axis, int o, List<Seen> map, Seen seen) {
    long padding = window.on(axis, map.size()).padBefore();
    for (int tap = 0; tap < window.kernel().on(axis); tap++) {
      seen.add(map, o * window.stride().on(axis) + tap * window.dilation().on(axis) - padding);
    }
  }

  /** Input i adds to the outputs i x stride + tap - padding, also where i lies outside. */
  private static void scatter(ConvTransposeSpec layer, Axis axis, List<Seen> map, List<Seen> next) {
    for (int i = -20; i < map.size() + 20; i++) {
      for (int tap = 0; tap < layer.kernel().on(axis); tap++) {
        long o = i * layer.stride().on(axis) + tap - layer.padding().on(axis);
        if (o >= 0 && o < next.size()) {
          next.get((int) o).add(map, i);
        }
      }
    }
  }

  private static void enlarge(UpsampleSpec layer, int o, int places, List<Seen> map, Seen seen) {
    double step = (double) map.size() / places;
    double middle = (o + 0.5) * step - 0.5;
    switch (layer.mode()) {
      case NEAREST -> seen.add(map, (long) Math.floor(o * step + 1e-9));
      case NEAREST_EXACT -> seen.add(map, (long) Math.floor((o + 0.5) * step + 1e-9));
      default -> {
        seen.add(map, (long) Math.floor(middle + 1e-9));
        seen.add(map, (long) Math.ceil(middle - 1e-9));
      }
    }
  }
}

package io.github.convlens.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Does what the messages suggest: it must help, and the needed input must be the least one. */
class RemedyTest {
  private static final Pattern PADDING = Pattern.compile("padding >= (\\d+)");
  private static final Pattern KERNEL = Pattern.compile("kernel <= (\\d+)");
  private static final Pattern DILATION = Pattern.compile("dilation (?:<= )?(\\d+),");
  private static final Pattern INPUT = Pattern.compile("an input of at least (\\d+) here");

  private int paddings;
  private int kernels;
  private int dilations;

  @Test
  void windows() {
    int rejected = 0;
    for (Rounding rounding : List.of(Rounding.FLOOR, Rounding.CEIL)) {
      for (Window window : WindowCountTest.smallWindows()) {
        for (long input = 1; input <= 9; input++) {
          if (fails(window, input, rounding).isPresent()) {
            follow(window, input, rounding);
            rejected++;
          }
        }
      }
    }
    assertEquals(3211, rejected);
    assertEquals(rejected, paddings);
    assertEquals(rejected, kernels + dilations);
  }

  private void follow(Window w, long input, Rounding rounding) {
    ShapeException e = fails(w, input, rounding).orElseThrow();
    String remedy = remedy(e);
    String text = w + " on " + input + ", " + rounding + ": " + remedy;
    long needed = number(INPUT, remedy).orElseThrow();
    assertEquals(OptionalLong.of(needed), e.neededInput());
    assertTrue(fails(w, needed, rounding).isEmpty(), text);
    assertTrue(fails(w, needed - 1, rounding).isPresent(), text);
    long p = number(PADDING, remedy).orElseThrow();
    Window padded = new Window(w.kernel(), w.stride(), p, p, w.dilation());
    assertTrue(fails(padded, input, rounding).isEmpty(), text);
    paddings++;
    OptionalLong kernel = number(KERNEL, remedy);
    if (kernel.isPresent()) {
      long k = kernel.getAsLong();
      assertTrue(fails(withKernel(w, k), input, rounding).isEmpty(), text);
      assertTrue(fails(withKernel(w, k + 1), input, rounding).isPresent(), text);
      kernels++;
    }
    OptionalLong dilation = number(DILATION, remedy);
    if (dilation.isPresent()) {
      long d = dilation.getAsLong();
      assertTrue(fails(withDilation(w, d), input, rounding).isEmpty(), text);
      assertTrue(fails(withDilation(w, d + 1), input, rounding).isPresent(), text);
      dilations++;
    }
  }

  @Test
  void convolutionsInEveryPaddingMode() {
    int rejected = 0;
    for (PaddingMode mode : PaddingMode.values()) {
      for (long kernel = 1; kernel <= 7; kernel++) {
        for (long padding = 0; padding <= 4; padding++) {
          for (long dilation = 1; dilation <= 2; dilation++) {
            for (long input = 1; input <= 9; input++) {
              rejected += followConvolution(mode, kernel, padding, dilation, input);
            }
          }
        }
      }
    }
    assertEquals(729, rejected);
  }

  private static int followConvolution(
      PaddingMode mode, long kernel, long padding, long dilation, long input) {
    LayerSpec layer = convolution(mode, kernel, padding, dilation);
    List<ShapeException> failures = failures(layer, input);
    for (ShapeException e : failures) {
      String remedy = remedy(e);
      assertNeeds(layer, number(INPUT, remedy).orElseThrow(), e);
      number(PADDING, remedy)
          .ifPresent(p -> assertWorks(convolution(mode, kernel, p, dilation), input));
      number(KERNEL, remedy)
          .ifPresent(k -> assertWorks(convolution(mode, k, padding, dilation), input));
      number(DILATION, remedy)
          .ifPresent(d -> assertWorks(convolution(mode, kernel, padding, d), input));
    }
    return failures.size();
  }

  @Test
  void poolsWithDilation() {
    int rejected = 0;
    for (long kernel = 1; kernel <= 6; kernel++) {
      for (long stride = 1; stride <= 3; stride++) {
        for (long padding = 0; padding <= kernel / 2; padding++) {
          for (long dilation = 1; dilation <= 3; dilation++) {
            for (long input = 1; input <= 8; input++) {
              rejected += followPool(kernel, stride, padding, dilation, input);
            }
          }
        }
      }
    }
    assertEquals(974, rejected);
  }

  private static int followPool(long kernel, long stride, long padding, long dilation, long input) {
    int rejected = 0;
    for (Rounding rounding : List.of(Rounding.FLOOR, Rounding.CEIL)) {
      LayerSpec layer = pool(kernel, stride, padding, dilation, rounding);
      for (ShapeException e : failures(layer, input)) {
        String remedy = remedy(e);
        assertNeeds(layer, number(INPUT, remedy).orElseThrow(), e);
        number(PADDING, remedy)
            .ifPresent(p -> assertWorks(pool(kernel, stride, p, dilation, rounding), input));
        number(KERNEL, remedy)
            .ifPresent(k -> assertWorks(pool(k, stride, padding, dilation, rounding), input));
        number(DILATION, remedy)
            .ifPresent(d -> assertWorks(pool(kernel, stride, padding, d, rounding), input));
        rejected++;
      }
    }
    return rejected;
  }

  @Test
  void transposedConvolutions() {
    Pattern atMost = Pattern.compile("padding <= (\\d+)");
    int rejected = 0;
    for (int kernel = 1; kernel <= 5; kernel++) {
      for (int stride = 1; stride <= 4; stride++) {
        for (int padding = 0; padding <= 5; padding++) {
          for (int more = 0; more < stride; more++) {
            LayerSpec layer = WindowCountTest.transposed(kernel, stride, padding, more, 1);
            for (long input = 1; input <= 5; input++) {
              for (ShapeException e : failures(layer, input)) {
                assertNeeds(layer, number(INPUT, remedy(e)).orElseThrow(), e);
                int p = (int) number(atMost, remedy(e)).orElseThrow();
                assertWorks(WindowCountTest.transposed(kernel, stride, p, more, 1), input);
                LayerSpec over = WindowCountTest.transposed(kernel, stride, p + 1, more, 1);
                assertEquals(1, failures(over, input).size());
                rejected++;
              }
            }
          }
        }
      }
    }
    assertEquals(390, rejected);
  }

  @Test
  void padsAndUpsampling() {
    int rejected = 0;
    List<LayerSpec> layers = new ArrayList<>();
    for (long before = -4; before <= 4; before++) {
      for (long after = -4; after <= 4; after++) {
        for (PaddingMode mode : PaddingMode.values()) {
          boolean mixed = Math.min(before, after) < 0 && Math.max(before, after) > 0;
          if (mode != PaddingMode.CIRCULAR || !mixed) {
            layers.add(new PadSpec(mode, 0, 0, 0, before, after));
          }
        }
      }
    }
    for (double factor : new double[] {0.1, 0.15, 0.3, 1.0 / 3, 0.49, 0.5, 1.0 / 49, 0.7}) {
      layers.add(
          new UpsampleSpec(
              new UpsampleSpec.Target.By(factor, 1),
              UpsampleSpec.Mode.NEAREST,
              UpsampleSpec.Corners.EDGES));
    }
    for (LayerSpec layer : layers) {
      for (long input = 1; input <= 6; input++) {
        for (ShapeException e : failures(layer, input)) {
          assertNeeds(layer, number(INPUT, remedy(e)).orElseThrow(), e);
          rejected++;
        }
      }
    }
    assertEquals(681, rejected);
  }

  @Test
  void otherLayers() {
    assertWorks(new PixelShuffleSpec(3), new Shape(1, 9, 2, 5)); // "Use 9 channels." for 7
    assertEquals(
        "Use 9 channels.",
        remedy(
            assertThrows(
                ShapeException.class,
                () -> new PixelShuffleSpec(3).output(new Shape(1, 7, 2, 5)))));
    assertWorks(new LinearSpec(210, 4, Bias.WITH), FlattenSpec.ALL.output(new Shape(2, 6, 7, 5)));
    for (long groups : new long[] {1, 2, 3, 6}) { // what groups=4 of 12 and 18 channels is told
      new ConvSpec(12, 18, Windows.of(new Size(3, 2)), groups, Bias.WITH, PaddingMode.ZEROS);
    }
  }

  private static LayerSpec convolution(PaddingMode mode, long kernel, long padding, long dilation) {
    Windows window =
        Windows.of(new Size(kernel, 1))
            .withPadding(new Size(padding, 0))
            .withDilation(new Size(dilation, 1));
    return new ConvSpec(2, 3, window, 1, Bias.WITH, mode);
  }

  private static LayerSpec pool(
      long kernel, long stride, long padding, long dilation, Rounding rounding) {
    Windows window =
        new Windows(
            new Size(kernel, 1),
            new Size(stride, 1),
            Padding.Explicit.symmetric(new Size(padding, 0)),
            new Size(dilation, 1));
    return new MaxPoolSpec(window, rounding);
  }

  private static void assertNeeds(LayerSpec layer, long needed, ShapeException e) {
    assertEquals(OptionalLong.of(needed), e.neededInput(), layer.toString());
    assertWorks(layer, needed);
    assertEquals(1, failures(layer, needed - 1).size(), layer + " needs " + needed);
  }

  private static void assertWorks(LayerSpec layer, long height) {
    assertTrue(failures(layer, height).isEmpty(), layer + " on " + height);
  }

  private static void assertWorks(LayerSpec layer, Shape input) {
    assertTrue(layer.output(input).size() > 0);
  }

  /** The rejection of a picture of this height, or nothing. */
  private static List<ShapeException> failures(LayerSpec layer, long height) {
    return attempt(h -> layer.output(new Shape(1, 2, h, 99)).get(2), height).stream().toList();
  }

  private static Optional<ShapeException> fails(Window w, long input, Rounding rounding) {
    return attempt(size -> w.outputSize(size, rounding), input);
  }

  private static Optional<ShapeException> attempt(LongFunction<Long> call, long size) {
    try {
      assertTrue(call.apply(size) >= 1);
      return Optional.empty();
    } catch (ShapeException e) {
      return Optional.of(e);
    }
  }

  private static Window withKernel(Window w, long kernel) {
    return new Window(kernel, w.stride(), w.padBefore(), w.padAfter(), w.dilation());
  }

  private static Window withDilation(Window w, long dilation) {
    return new Window(w.kernel(), w.stride(), w.padBefore(), w.padAfter(), dilation);
  }

  private static String remedy(ShapeException e) {
    return e.getMessage().substring(e.getMessage().lastIndexOf('\n') + 1);
  }

  private static OptionalLong number(Pattern pattern, String remedy) {
    Matcher matcher = pattern.matcher(remedy);
    return matcher.find()
        ? OptionalLong.of(Long.parseLong(matcher.group(1)))
        : OptionalLong.empty();
  }
}

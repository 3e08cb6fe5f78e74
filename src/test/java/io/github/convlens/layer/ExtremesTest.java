package io.github.convlens.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.graph.Graph;
import java.math.BigInteger;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Numbers near 2^63: an exact answer or a rejection, never a number that wrapped around. */
class ExtremesTest {
  private static final long MAX = Long.MAX_VALUE;
  private static final String OVERFLOW =
      "the numbers are too large.\n"
          + "A size, a parameter count or a number of multiply-adds passes 2^63 - 1.\n"
          + "Use smaller sizes.";

  @Test
  void windows() {
    overflows(() -> Window.of(MAX, 1, 0, 2).span());
    overflows(() -> Window.of(2, 1, 0, MAX).span());
    overflows(() -> Window.of(3, 1, MAX / 2 + 1, 1).totalPadding());
    overflows(() -> Window.of(3, 1, 1, 1).paddedSize(MAX - 1));
    overflows(() -> Window.of(3, 1, MAX / 2, 1).outputSize(9));
    overflows(() -> Window.of(3, 1, MAX / 2, 1).outputSize(9, Rounding.CEIL));
    overflows(() -> Padding.Automatic.SAME_UPPER.window(Axis.WIDTH, MAX, 3, 1, 1));
    overflows(() -> Padding.Automatic.SAME.window(Axis.WIDTH, 9, MAX, 1, 2));
    assertEquals(MAX, Window.of(1).outputSize(MAX));
    assertEquals(1, Window.of(MAX).outputSize(MAX));
    assertEquals(1, Window.of(1, MAX, 0, 1).outputSize(MAX, Rounding.CEIL));
    assertEquals(2, Window.of(1, MAX - 1, 0, 1).outputSize(MAX, Rounding.CEIL));
    assertEquals(1, Window.of(MAX, MAX, 0, 1).outputSize(1, Rounding.CEIL));
  }

  @Test
  void hugeWindowsAgreeWithArithmeticOfAnyLength() {
    Random random = new Random(7);
    int answered = 0;
    for (int i = 0; i < 20_000; i++) {
      long[] n = new long[6];
      for (int j = 0; j < n.length; j++) {
        n[j] = 1 + (random.nextLong() >>> (1 + random.nextInt(63)));
      }
      Window window;
      long output;
      try {
        window = new Window(n[0], n[1], n[2], n[3], n[4]);
        output = window.outputSize(n[5]);
      } catch (ShapeException e) {
        continue;
      }
      BigInteger span = big(n[4]).multiply(big(n[0]).subtract(BigInteger.ONE)).add(BigInteger.ONE);
      BigInteger room = big(n[5]).add(big(n[2])).add(big(n[3])).subtract(span);
      assertTrue(room.signum() >= 0, window + " on " + n[5]);
      assertEquals(room.divide(big(n[1])).add(BigInteger.ONE), big(output), window + " on " + n[5]);
      answered++;
    }
    assertEquals(6410, answered);
  }

  @Test
  void convolutions() {
    Windows window = Windows.of(new Size(3, 2));
    Shape wide = new Shape(1, 2, 9, MAX);
    assertEquals(new Shape(1, 3, 7, MAX - 1), ConvSpec.of(2, 3, window).output(wide));
    overflows(() -> ConvSpec.of(2, 3, window).macs(wide));
    overflows(() -> ConvSpec.of(MAX, 3, window).parameters());
    overflows(() -> ConvSpec.of(1, MAX, Windows.of(Size.ONE)).parameters());
    overflows(
        () ->
            ConvSpec.of(2, 3, window.withPadding(Size.square(MAX))).output(new Shape(1, 2, 9, 8)));
    overflows(() -> new Size(MAX, 2).area());
  }

  @Test
  void transposedConvolutions() {
    overflows(
        () -> transposed(new Size(2, 3), Size.square(MAX), Size.ZERO).outputSize(Axis.HEIGHT, 3));
    overflows(() -> transposed(Size.square(MAX), Size.ONE, Size.ZERO).outputSize(Axis.HEIGHT, 3));
    overflows(
        () -> transposed(new Size(2, 3), Size.ONE, Size.square(MAX)).outputSize(Axis.WIDTH, 3));
    overflows(() -> transposed(new Size(MAX, 3), Size.ONE, Size.ZERO).parameters());
    overflows(
        () -> transposed(new Size(2, 3), Size.ONE, Size.ZERO).macs(new Shape(1, 2, MAX / 4, 3)));
    ShapeException e =
        assertThrows(
            ShapeException.class,
            () -> transposed(Size.ONE, Size.ONE, Size.square(MAX / 2)).outputSize(Axis.WIDTH, 1));
    assertEquals(OptionalLong.of(MAX), e.neededInput());
  }

  @Test
  void otherLayers() {
    Shape huge = new Shape(3, 1L << 21, 1L << 21, 1L << 21);
    overflows(() -> FlattenSpec.ALL.output(huge));
    overflows(() -> new UnflattenSpec(1, List.of(1L << 40, 1L << 40)).output(huge));
    overflows(() -> new PixelShuffleSpec(1L << 32).output(huge));
    overflows(() -> new PixelShuffleSpec(2).output(new Shape(1, 4, MAX, 1)));
    overflows(() -> new PadSpec(PaddingMode.ZEROS, 0, 0, 0, 0, MAX).output(huge));
    overflows(() -> new PadSpec(PaddingMode.ZEROS, 0, 0, 0, Long.MIN_VALUE, 0).output(huge));
    overflows(() -> new LinearSpec(MAX, 2, Bias.WITH).parameters());
    overflows(() -> new LinearSpec(MAX, 1, Bias.WITH).parameters());
    overflows(() -> new LinearSpec(1L << 21, 4, Bias.WITH).macs(huge));
    overflows(() -> new LayerNormSpec(List.of(MAX, 2L), 1e-5, Affine.SCALE).weights());
    overflows(() -> new BatchNormSpec(MAX, 1e-5, 0.1, Affine.SCALE_AND_SHIFT).parameters());
    overflows(() -> new UpsampleSpec.Target.By(2, 2).size(Axis.WIDTH, MAX));
    overflows(
        () ->
            ConcatenationSpec.OF_CHANNELS.outputs(
                List.of(new Shape(1, MAX, 1, 1), new Shape(1, MAX, 1, 1))));
    LayerSpec half = new LinearSpec(MAX / 2, 1, Bias.WITHOUT);
    overflows(() -> Graph.sequential(half, half, half).parameters());
    assertEquals(MAX - 1, Graph.sequential(half, half).parameters());
    // a double has no 2^53 + 1, but a whole factor is not multiplied as one
    assertEquals((1L << 53) + 1, new UpsampleSpec.Target.By(1, 1).size(Axis.WIDTH, (1L << 53) + 1));
  }

  @Test
  void ratios() {
    assertEquals(new Ratio(-2, 3), new Ratio(4, 6).times(-1));
    assertEquals("1/2", new Ratio(3, 6).toString());
    assertEquals("-4", new Ratio(-8, 2).toString());
    assertEquals(new Ratio(5, 6), new Ratio(1, 2).plus(new Ratio(1, 3)));
    assertEquals(Ratio.ZERO, new Ratio(1, 2).plus(new Ratio(-1, 2)));
    assertEquals(new Ratio(1, 4), new Ratio(3, 8).times(new Ratio(2, 3)));
    assertEquals(-2, new Ratio(-3, 2).floor());
    assertEquals(-1, new Ratio(-3, 2).ceil());
    assertEquals(1, new Ratio(3, 2).floor());
    assertEquals(2, new Ratio(3, 2).ceil());
    assertEquals(7, Ratio.of(7).ceil());
    assertEquals(0.375, new Ratio(3, 8).doubleValue());
    Ratio least = new Ratio(Long.MIN_VALUE, 6);
    assertEquals(new Ratio(Long.MIN_VALUE / 2, 3), least);
    assertEquals(-1537228672809129302L, least.floor());
    assertEquals(-1537228672809129301L, least.ceil());
    overflows(() -> new Ratio(MAX, 1).plus(Ratio.ONE));
    overflows(() -> new Ratio(1, MAX).times(new Ratio(1, 2)));
  }

  private static ConvTransposeSpec transposed(Size kernel, Size stride, Size padding) {
    return new ConvTransposeSpec(2, 3, kernel, stride, padding, Size.ZERO, 1, Bias.WITH, Size.ONE);
  }

  private static BigInteger big(long number) {
    return BigInteger.valueOf(number);
  }

  private static void overflows(Executable call) {
    ShapeException e = assertThrows(ShapeException.class, call);
    assertEquals(OVERFLOW, e.getMessage().replaceFirst("^(height|width): ", ""));
  }
}

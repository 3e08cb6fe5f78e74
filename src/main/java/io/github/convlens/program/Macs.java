package io.github.convlens.program;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.internal.Exact;
import java.util.List;

/**
 * Multiply-adds of calls as PyTorch's FlopCounterMode has them, halved: convolutions, products of
 * matrices and attention; a product with a vector on the right is none.
 */
final class Macs {
  private Macs() {}

  static long of(Given given, List<Shape> made) {
    String function = given.call().function();
    return switch (function) {
      case "matmul", "bmm", "mm" -> product(given.shape(0), given.shape(1), made.get(0));
      case "addmm", "baddbmm", "addmm_", "baddbmm_" ->
          product(given.shape(1), given.shape(2), made.get(0));
      case "linear" -> Exact.multiply(Exact.elements(made.get(0)), given.shape(1).get(1));
      case "einsum" -> Einsum.of(given).macs();
      case "scaled_dot_product_attention" -> attention(given);
      case "conv1d", "conv2d", "conv3d" -> convolution(made.get(0), given.shape(1));
      case "conv_transpose1d", "conv_transpose2d", "conv_transpose3d" ->
          convolution(given.shape(0), given.shape(1));
      case "convolution" ->
          convolution(given.isTrue(6, "transposed") ? given.shape(0) : made.get(0), given.shape(1));
      default -> 0;
    };
  }

  private static long product(Shape left, Shape right, Shape output) {
    int rank = left.dimension();
    return rank == 0 || right.dimension() < 2
        ? 0
        : Exact.multiply(Exact.elements(output), left.get(rank - 1));
  }

  /** Each element of the one side meets all taps of one kernel. */
  private static long convolution(Shape elements, Shape weight) {
    return Exact.multiply(Exact.elements(elements), Exact.product(weight, 1, weight.dimension()));
  }

  private static long attention(Given given) {
    Shape query = given.shape(0);
    int rank = query.dimension();
    Shape value = given.shape(2);
    long keys = given.shape(1).get(given.shape(1).dimension() - 2);
    long pairs = Exact.multiply(Exact.product(query, 0, rank - 1), keys);
    return Exact.multiply(pairs, Exact.add(query.get(rank - 1), value.get(value.dimension() - 1)));
  }
}

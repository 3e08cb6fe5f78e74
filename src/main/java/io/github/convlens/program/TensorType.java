package io.github.convlens.program;

import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What an array of a program is.
 *
 * @param elements the type of its elements
 * @param sizes the size of each axis, as PyTorch recorded it; it may depend on symbols
 */
public record TensorType(ScalarType elements, List<Dim> sizes) {
  /** Takes a copy of the list. */
  public TensorType {
    sizes = List.copyOf(sizes);
  }

  /**
   * The shape for these values of the symbols.
   *
   * @throws io.github.convlens.layer.ShapeException if one is not known
   */
  public Shape shape(Map<String, Long> symbols) {
    return new Shape(sizes.stream().mapToLong(size -> size.of(symbols)).toArray());
  }

  /** {@code float32[s77, 3, 2*s39, 12]}. */
  @Override
  public String toString() {
    return sizes.stream().map(Dim::toString).collect(Collectors.joining(", ", elements + "[", "]"));
  }
}

package io.github.convlens.lesson;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.api.Test;

/** Arrays as text and as rows; nothing stays in their manager. */
class NumbersTest {
  @Test
  void aMatrixHasRows() {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray matrix = manager.arange(6f).reshape(2, 3);
      matrix.detach();
      assertArrayEquals(new double[][] {{0, 1, 2}, {3, 4, 5}}, Numbers.rows(matrix));
      NDArray wholes = matrix.toType(DataType.INT64, true);
      assertArrayEquals(new double[][] {{0, 1, 2}, {3, 4, 5}}, Numbers.rows(wholes));
      assertArrayEquals(new double[0][], Numbers.rows(manager.zeros(new Shape(0, 3))));
      matrix.close();
    }
  }

  @Test
  void nothingElseHas() {
    try (NDManager manager = NDManager.newBaseManager()) {
      IllegalArgumentException e =
          assertThrows(
              IllegalArgumentException.class,
              () -> Numbers.rows(manager.zeros(new Shape(1, 2, 3))));
      assertEquals(
          "only a matrix has rows, but the shape is [1, 2, 3].\nUse get(i) or reshape.",
          e.getMessage());
    }
  }
}

package io.github.convlens.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.convlens.layer.Padding;
import io.github.convlens.layer.Window;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Four meanings of SAME. */
class SamePaddingTest {
  /**
   * The notes: k - 1 in all, the larger half on top. PyTorch 2.13: Conv1d(padding='same') of a one
   * at each position tells where its zeros stand. ONNX: total = max((ceil(n / s) - 1) s + k - n,
   * 0).
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          3 | 1 | 8 | the notes: 1 before, 1 after, output 8 | PyTorch padding='same': 1 before, 1 after, output 8 | TensorFlow SAME, ONNX SAME_UPPER: 1 before, 1 after, output 8 | ONNX SAME_LOWER: 1 before, 1 after, output 8
          4 | 1 | 8 | the notes: 2 before, 1 after, output 8 | PyTorch padding='same': 1 before, 2 after, output 8 | TensorFlow SAME, ONNX SAME_UPPER: 1 before, 2 after, output 8 | ONNX SAME_LOWER: 2 before, 1 after, output 8
          3 | 2 | 8 | the notes: 1 before, 1 after, output 4 | PyTorch padding='same': rejected, padding='same' needs stride 1. | TensorFlow SAME, ONNX SAME_UPPER: 0 before, 1 after, output 4 | ONNX SAME_LOWER: 1 before, 0 after, output 4
          2 | 3 | 7 | the notes: 1 before, 0 after, output 3 | PyTorch padding='same': rejected, padding='same' needs stride 1. | TensorFlow SAME, ONNX SAME_UPPER: 0 before, 1 after, output 3 | ONNX SAME_LOWER: 1 before, 0 after, output 3
          1 | 4 | 9 | the notes: 0 before, 0 after, output 3 | PyTorch padding='same': rejected, padding='same' needs stride 1. | TensorFlow SAME, ONNX SAME_UPPER: 0 before, 0 after, output 3 | ONNX SAME_LOWER: 0 before, 0 after, output 3
          """)
  void sideBySide(
      long kernel,
      long stride,
      long input,
      String notes,
      String pytorch,
      String upper,
      String lower) {
    assertEquals(
        List.of(notes, pytorch, upper, lower),
        SamePadding.compare(kernel, stride, input).stream().map(SamePadding::toString).toList());
  }

  /** All make ceil(n / s), counted as the multiples of s below n; ONNX with the least padding. */
  @Test
  void allMakeTheSameSize() {
    int cases = 0;
    for (int kernel = 1; kernel <= 7; kernel++) {
      for (int stride = 1; stride <= 5; stride++) {
        for (int input = 1; input <= 12; input++) {
          int expected = 0;
          for (int i = 0; i < input; i += stride) {
            expected++;
          }
          List<SamePadding> all = SamePadding.compare(kernel, stride, input);
          assertEquals(4, all.size());
          for (SamePadding same : all) {
            if (same.rejection().isEmpty()) {
              assertEquals(expected, same.output().orElseThrow(), same::toString);
              cases++;
            }
          }
          assertEquals(stride > 1, all.get(1).rejection().isPresent());
          Window upper = all.get(2).window().orElseThrow();
          if (upper.totalPadding() > 0) {
            Window less = new Window(kernel, stride, 0, upper.totalPadding() - 1, 1);
            boolean fits = less.paddedSize(input) >= kernel;
            assertTrue(!fits || less.outputSize(input) < expected, upper::toString);
          }
          Window lower = all.get(3).window().orElseThrow();
          assertEquals(upper.padBefore(), lower.padAfter());
          assertEquals(upper.padAfter(), lower.padBefore());
        }
      }
    }
    assertEquals(7 * 12 * (5 * 3 + 1), cases);
  }

  @Test
  void thePaddingToUse() {
    SamePadding notes = SamePadding.compare(4, 1, 8).get(0);
    assertEquals(new Padding.Explicit(2, 1, 2, 1), notes.padding().orElseThrow());
    assertTrue(SamePadding.compare(3, 2, 8).get(1).padding().isEmpty());
    assertTrue(SamePadding.compare(3, 2, 8).get(1).output().isEmpty());
  }

  @Test
  void numbersOutOfRange() {
    PlanException e = assertThrows(PlanException.class, () -> SamePadding.compare(3, 0, 8));
    assertEquals(
        "the stride must be from 1 to 1048576.\nHere it is 0.\nUse the stride 1.", e.getMessage());
  }
}

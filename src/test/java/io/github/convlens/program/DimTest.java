package io.github.convlens.program;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Sizes as prints show them, and as files have them; s0 is 7 and s1 is 3, in Python's arithmetic.
 */
class DimTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "12 | 12",
        "s0 | 7",
        "2*s0*s1 | 42",
        "s0 + 2*s1 - 1 | 12",
        "((s0 - 1)//2) + 1 | 4",
        "s0**2 | 49",
        "-s0 + 10 | 3",
        "Max(1, s0 - s1) | 4",
        "Min(s0, s1) | 3",
        "Mod(s0, 2) | 1",
        "s0 % 4 | 3",
        "(-s0)//2 | -4",
        "Integer(5) | 5",
        "Symbol('s1', positive=True, integer=True) | 3",
        "Mul(Integer(2), Symbol('s0', positive=True, integer=True)) | 14",
        "Add(FloorDiv(Add(Symbol('s0', integer=True), Integer(-1)), Integer(2)), Integer(1)) | 4",
        "Pow(Symbol('s1', positive=True, integer=True), Integer(2)) | 9",
      })
  void valuesArePythons(String text, long value) {
    assertEquals(value, Dim.parse(text).of(Map.of("s0", 7L, "s1", 3L)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"Piecewise((1, s0 > 1)) | 0", "s0 + | 0", "log(s0) | 0", "(s0 | 0"})
  void anotherKindIsUnknown(String text, long ignored) {
    assertEquals(new Dim.Unknown(text), Dim.parse(text));
  }
}

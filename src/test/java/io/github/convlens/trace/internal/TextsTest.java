package io.github.convlens.trace.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.convlens.layer.Axis;
import io.github.convlens.layer.Ratio;
import io.github.convlens.trace.ReceptiveField;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Numbers as tables have them; the borders between units are where rounding reaches the next. */
class TextsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 | - | 0 | -",
        "1 | 1 | 1 | 1",
        "999 | 999 | 999 | 999",
        "1000 | 1,000 | 1,000 | 1.0k",
        "25449 | 25,449 | 25,449 | 25.4k",
        "999949 | 999,949 | 999,949 | 999.9k",
        "999950 | 999,950 | 999,950 | 1.0M",
        "61100840 | 61,100,840 | 61,100,840 | 61.1M",
        "9223372036854775807 | 9,223,372,036,854,775,807 | 9,223,372,036,854,775,807 | 9.2E"
      })
  void numbers(long number, String count, String total, String compact) {
    assertEquals(count, Texts.count(number));
    assertEquals(total, Texts.total(number));
    assertEquals(compact, Texts.compact(number));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0 B",
    "1023, 1023 B",
    "1024, 1.0 KiB",
    "803430, 784.6 KiB",
    "1048524, 1023.9 KiB",
    "1048525, 1.0 MiB",
    "1048576, 1.0 MiB",
    "1073741824, 1.0 GiB",
    "9223372036854775807, 8.0 EiB"
  })
  void bytes(long bytes, String text) {
    assertEquals(text, Texts.bytes(bytes));
  }

  @Test
  void receptiveFields() {
    ReceptiveField.OnAxis three = new ReceptiveField.OnAxis(3, Ratio.ONE, -1);
    ReceptiveField.OnAxis five = new ReceptiveField.OnAxis(5, new Ratio(1, 2), 0);
    assertEquals("- - -", texts(List.of(), List.of()));
    assertEquals("3 1 -1", texts(List.of(Axis.LENGTH), List.of(three)));
    assertEquals("3 1 -1", texts(Axis.of(2), List.of(three, three)));
    assertEquals("3x5 1x1/2 (-1, 0)", texts(Axis.of(2), List.of(three, five)));
    assertEquals("3x5x3 1x1/2x1 (-1, 0, -1)", texts(Axis.of(3), List.of(three, five, three)));
  }

  private static String texts(List<Axis> axes, List<ReceptiveField.OnAxis> fields) {
    ReceptiveField field = new ReceptiveField(axes, fields);
    return String.join(
        " ", Texts.fieldSize(field), Texts.fieldStride(field), Texts.fieldStart(field));
  }
}

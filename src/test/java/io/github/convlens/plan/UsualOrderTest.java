package io.github.convlens.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The order of the answers, against the layers that published networks have. */
class UsualOrderTest {
  /** A layer's window on one axis, and how many networks of torchvision have it. */
  private record Used(WindowKind kind, long input, long output, WindowNumbers window, int nets) {
    /** The place of the window among the answers of its dilation, from 1; 0 if it is not there. */
    int place() {
      Bounds bounds = Bounds.DEFAULT.with(NoSolution.Bound.DILATION, window.dilation());
      List<AxisSolution> answers = Solver.solve(kind, input, output, bounds).solutions();
      return 1 + answers.stream().map(AxisSolution::numbers).toList().indexOf(window);
    }
  }

  /** src/test/python/window_layers.py made the table. */
  private static List<Used> used() throws IOException {
    List<Used> rows = new ArrayList<>();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(
                    UsualOrderTest.class.getResourceAsStream(
                        "/io/github/convlens/oracles/windows.tsv")),
                StandardCharsets.UTF_8))) {
      lines.readLine();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] cells = line.split("\t");
        WindowKind kind =
            switch (cells[0]) {
              case "conv" -> WindowKind.CONVOLUTION;
              case "pool" -> WindowKind.POOL;
              case "ceil-pool" -> WindowKind.CEIL_POOL;
              case "transposed" -> WindowKind.TRANSPOSED_CONVOLUTION;
              default -> throw new IllegalArgumentException(line);
            };
        long[] n = new long[cells.length];
        for (int i = 1; i < cells.length; i++) {
          n[i] = Long.parseLong(cells[i]);
        }
        WindowNumbers window = new WindowNumbers(n[3], n[4], n[5], n[6], n[7]);
        rows.add(new Used(kind, n[1], n[2], window, (int) n[8]));
      }
    }
    return rows;
  }

  @Test
  void layersOfRealNetworksAreAmongTheFirst() throws IOException {
    int rows = 0;
    int amongTen = 0;
    int nets = 0;
    int netsAmongFour = 0;
    for (Used used : used()) {
      int place = used.place();
      rows++;
      amongTen += place >= 1 && place <= 10 ? 1 : 0;
      nets += used.nets();
      netsAmongFour += place >= 1 && place <= 4 ? used.nets() : 0;
    }
    assertTrue(rows > 110 && amongTen * 100 >= rows * 95, amongTen + " of " + rows);
    assertTrue(netsAmongFour * 100 >= nets * 94, netsAmongFour + " of " + nets);
  }

  /** Layers that people write, and the place up to which they come. */
  @ParameterizedTest
  @CsvSource({
    "CONVOLUTION, 28, 14, 3, 2, 1, 0, 1",
    "CONVOLUTION, 28, 14, 2, 2, 0, 0, 4",
    "CONVOLUTION, 28, 14, 1, 2, 0, 0, 4",
    "CONVOLUTION, 28, 14, 4, 2, 1, 0, 4",
    "CONVOLUTION, 4, 2, 2, 2, 0, 0, 4",
    "CONVOLUTION, 32, 32, 3, 1, 1, 0, 1",
    "CONVOLUTION, 32, 32, 1, 1, 0, 0, 2",
    "CONVOLUTION, 32, 32, 5, 1, 2, 0, 3",
    "CONVOLUTION, 32, 32, 7, 1, 3, 0, 4",
    "CONVOLUTION, 32, 28, 5, 1, 0, 0, 1",
    "CONVOLUTION, 224, 112, 3, 2, 1, 0, 1",
    "CONVOLUTION, 224, 112, 7, 2, 3, 0, 6",
    "CONVOLUTION, 224, 14, 16, 16, 0, 0, 1",
    "CONVOLUTION, 224, 7, 32, 32, 0, 0, 1",
    "CONVOLUTION, 224, 56, 4, 4, 0, 0, 1",
    "CONVOLUTION, 224, 55, 11, 4, 2, 0, 8",
    "CONVOLUTION, 7, 1, 7, 1, 0, 0, 1",
    "CONVOLUTION, 5, 1, 5, 1, 0, 0, 2",
    "POOL, 7, 1, 7, 7, 0, 0, 1",
    "POOL, 112, 56, 2, 2, 0, 0, 2",
    "POOL, 112, 56, 3, 2, 1, 0, 2",
    "POOL, 24, 8, 3, 3, 0, 0, 1",
    "POOL, 27, 13, 3, 2, 0, 0, 2",
    "CEIL_POOL, 112, 56, 3, 2, 0, 0, 4",
    "TRANSPOSED_CONVOLUTION, 14, 28, 2, 2, 0, 0, 3",
    "TRANSPOSED_CONVOLUTION, 14, 28, 4, 2, 1, 0, 3",
    "TRANSPOSED_CONVOLUTION, 14, 28, 3, 2, 1, 1, 3",
    "TRANSPOSED_CONVOLUTION, 1, 4, 4, 1, 0, 0, 2",
    "TRANSPOSED_CONVOLUTION, 7, 224, 64, 32, 16, 0, 2"
  })
  void whatEverybodyUsesComesFirst(
      WindowKind kind, long in, long out, long kernel, long stride, long pad, long more, int most) {
    Used used = new Used(kind, in, out, new WindowNumbers(kernel, stride, pad, 1, more), 1);
    assertTrue(used.place() >= 1 && used.place() <= most, used + " is no. " + used.place());
  }

  @Test
  void dilationsComeBehind() {
    List<AxisSolution> answers =
        Solver.solve(WindowKind.CONVOLUTION, 28, 14, Bounds.DEFAULT).solutions();
    List<Long> dilations = answers.stream().map(answer -> answer.numbers().dilation()).toList();
    assertEquals(dilations.stream().sorted().toList(), dilations);
  }
}

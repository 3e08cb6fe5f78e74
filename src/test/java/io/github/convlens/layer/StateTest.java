package io.github.convlens.layer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.convlens.notation.PyTorch;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Which arrays of which sizes the real PyTorch's {@code state_dict()} has of each kind of layer.
 */
class StateTest {
  @Test
  void namesAndSizesArePyTorchs() throws IOException {
    List<String> rows = rows();
    assertEquals(38, rows.size());
    assertEquals(
        String.join("\n", rows),
        rows.stream()
            .map(row -> row.split("\t")[0])
            .map(notation -> notation + "\t" + state(PyTorch.parse(notation).layer()))
            .collect(Collectors.joining("\n")));
  }

  @Test
  void whatIsLearnedIsCountedAmongTheParameters() throws IOException {
    for (String row : rows()) {
      LayerSpec layer = PyTorch.parse(row.split("\t")[0]).layer();
      long learned =
          layer.state().entrySet().stream()
              .filter(each -> !each.getKey().startsWith("running_"))
              .filter(each -> !each.getKey().equals("num_batches_tracked"))
              .mapToLong(each -> each.getValue().size())
              .sum();
      assertEquals(layer.parameters(), learned, row);
    }
  }

  private static String state(LayerSpec layer) {
    return layer.state().entrySet().stream()
        .map(each -> each.getKey() + " " + Arrays.toString(each.getValue().getShape()))
        .collect(Collectors.joining("; "));
  }

  private static List<String> rows() throws IOException {
    InputStream table = StateTest.class.getResourceAsStream("state-dicts.tsv");
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(Objects.requireNonNull(table), UTF_8))) {
      return lines.lines().toList();
    }
  }
}

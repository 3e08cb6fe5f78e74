package io.github.convlens.notation;

import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** Answers of the real PyTorch, which stand beside the tests as tables. */
final class Oracle {
  private Oracle() {}

  static String text(String name) {
    try (InputStream in = Oracle.class.getResourceAsStream("/io/github/convlens/oracles/" + name)) {
      return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The rows behind the header. */
  static List<String[]> table(String name) {
    return text(name).lines().skip(1).map(line -> line.split("\t", -1)).toList();
  }

  /** {@code 1x3x224x224}. */
  static Shape shape(String sizes) {
    return new Shape(Arrays.stream(sizes.split("x")).mapToLong(Long::parseLong).toArray());
  }
}

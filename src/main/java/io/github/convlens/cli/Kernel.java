package io.github.convlens.cli;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.github.convlens.engine.internal.GivenWeights;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.TypeConversionException;

/**
 * Numbers in nested lists: {@code [[1, -1]]} is a kernel of one row and two columns.
 *
 * @param shape the lengths of the lists, from the outermost
 * @param values the numbers in order
 */
record Kernel(Shape shape, List<Double> values) implements WeightsOption {
  Kernel {
    values = List.copyOf(values);
  }

  /** Writes them into the first convolution. */
  @Override
  public void writeInto(Block block) {
    try {
      GivenWeights.write(block, values, shape);
    } catch (IllegalArgumentException e) {
      throw new RequestException("option --weights: " + e.getMessage());
    }
  }

  /**
   * Reads nested lists.
   *
   * @throws TypeConversionException if the text is something else
   */
  static Kernel parse(String text) {
    try {
      JsonElement root = JsonParser.parseString(text);
      List<Long> lengths = new ArrayList<>();
      for (JsonElement e = root; e.isJsonArray(); e = e.getAsJsonArray().get(0)) {
        lengths.add((long) e.getAsJsonArray().size());
      }
      List<Double> values = new ArrayList<>();
      collect(root, lengths, 0, values);
      return new Kernel(new Shape(lengths.stream().mapToLong(Long::longValue).toArray()), values);
    } catch (JsonParseException
        | IllegalStateException
        | NumberFormatException
        | IndexOutOfBoundsException e) {
      throw new TypeConversionException(
          "'" + text + "' is not a kernel. Write nested lists of numbers, such as [[1, -1]].");
    }
  }

  private static void collect(
      JsonElement element, List<Long> lengths, int level, List<Double> values) {
    if (level == lengths.size()) {
      double value = element.getAsJsonPrimitive().getAsDouble();
      if (!Double.isFinite(value)) {
        throw new NumberFormatException("not finite");
      }
      values.add(value);
      return;
    }
    JsonArray list = element.getAsJsonArray();
    if (list.size() != lengths.get(level)) {
      throw new IllegalStateException("lists of one level must be equally long");
    }
    list.forEach(inner -> collect(inner, lengths, level + 1, values));
  }
}

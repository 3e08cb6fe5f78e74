package io.github.convlens.page.internal;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.StringTokenizer;

/**
 * The numbers in a layer's input X and in its kernel K. Those of the lesson count up from the
 * channel's number: X = 0, 1, 2, ... in channel 0 and 1, 2, 3, ... in channel 1; K from the sum of
 * its output and input channel. A single number is 1 more, so that not all answers are 0. Others
 * are somebody's own: rows of numbers, a matrix for each channel with an empty line between them,
 * or one matrix for all channels.
 *
 * @param x own matrices of the input; none for the lesson's
 * @param kernel own matrices of the kernel, those of the first output channel first
 * @param unreadable what of the texts is no matrix; empty where all of it can be read
 */
record Numbers(List<double[][]> x, List<double[][]> kernel, String unreadable) {
  static final Numbers LESSON = new Numbers(List.of(), List.of(), "");

  private static final int MOST_LETTERS = 20;

  /** Reads two texts; an empty one stands for the lesson's numbers. */
  static Numbers parse(String x, String kernel) {
    List<double[][]> inputs = new ArrayList<>();
    List<double[][]> kernels = new ArrayList<>();
    String unreadable = read(x, inputs);
    String more = read(kernel, kernels);
    return new Numbers(inputs, kernels, unreadable.isEmpty() ? more : unreadable);
  }

  private static String read(String text, List<double[][]> matrices) {
    List<double[]> rows = new ArrayList<>();
    for (String line : (text + "\n").split("\n", -1)) {
      List<Double> numbers = new ArrayList<>();
      StringTokenizer words = new StringTokenizer(line, " \t\r,;，；、[]");
      while (words.hasMoreTokens()) {
        String word = words.nextToken();
        double number = number(word);
        if (Double.isNaN(number)) {
          matrices.clear();
          return word.substring(0, Math.min(MOST_LETTERS, word.length()));
        }
        numbers.add(number);
      }
      if (!numbers.isEmpty()) {
        rows.add(numbers.stream().mapToDouble(Double::doubleValue).toArray());
        if (rows.get(0).length != numbers.size()) {
          matrices.clear();
          return line.strip().substring(0, Math.min(MOST_LETTERS, line.strip().length()));
        }
      } else if (!rows.isEmpty()) {
        matrices.add(rows.toArray(new double[0][]));
        rows.clear();
      }
    }
    return "";
  }

  private static double number(String word) {
    for (int i = 0; i < word.length(); i++) {
      if ("0123456789.-+eE".indexOf(word.charAt(i)) < 0) {
        return Double.NaN;
      }
    }
    try {
      double number = Double.parseDouble(word);
      return Math.abs(number) <= 1e12 ? number : Double.NaN;
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }

  /** Whether there are own numbers for this input. */
  boolean fitsX(Sliding layer) {
    return fits(x, layer.inChannels(), layer.height().input(), layer.width().input());
  }

  /** Whether there are own numbers for this kernel. */
  boolean fitsKernel(Sliding layer) {
    long matrices = layer.outChannels() * layer.depth();
    return fits(kernel, matrices, layer.height().kernel(), layer.width().kernel());
  }

  private static boolean fits(List<double[][]> own, long many, long rows, long columns) {
    return (own.size() == 1 || (!own.isEmpty() && own.size() == many))
        && own.stream().allMatch(matrix -> matrix.length == rows && matrix[0].length == columns);
  }

  /**
   * {@code null}, or why own numbers are not used: {@code {"word": "1,x"}} for what is no row of
   * numbers, {@code {"of": "X", "rows": 3, "columns": 3, "matrices": 2}} for what they must be.
   */
  void problem(Sliding layer, JsonWriter json) throws IOException {
    if (!unreadable.isEmpty()) {
      json.beginObject().name("word").value(unreadable).endObject();
    } else if (!x.isEmpty() && !fitsX(layer)) {
      needed(json, "X", layer.height().input(), layer.width().input(), layer.inChannels());
    } else if (!kernel.isEmpty() && layer.hasKernel() && !fitsKernel(layer)) {
      long matrices = layer.outChannels() * layer.depth();
      needed(json, "K", layer.height().kernel(), layer.width().kernel(), matrices);
    } else {
      json.nullValue();
    }
  }

  private static void needed(JsonWriter json, String of, long rows, long columns, long matrices)
      throws IOException {
    json.beginObject().name("of").value(of).name("rows").value(rows);
    json.name("columns").value(columns).name("matrices").value(matrices).endObject();
  }
}

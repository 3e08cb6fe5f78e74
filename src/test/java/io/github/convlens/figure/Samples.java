package io.github.convlens.figure;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.Convention;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.notation.Presets;
import io.github.convlens.notation.PyTorch;
import io.github.convlens.trace.Trace;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** Figures of every kind, for the tests that hold for all of them. */
final class Samples {
  private Samples() {}

  static LayerSpec layer(String notation) {
    return PyTorch.parse(notation).layer();
  }

  static Trace trace(String notation, Shape input) {
    return Trace.of(PyTorch.parse(notation), input, Convention.TORCHVISION);
  }

  static Trace preset(String name) {
    return trace(Presets.text(name), Presets.input(name));
  }

  static Map<String, Figure> all() {
    Map<String, Figure> figures = new LinkedHashMap<>();
    for (String layer : layers()) {
      for (Shape input : inputs(layer)) {
        Shape output = layer(layer).output(input);
        long row = output.get(2) - 1;
        long column = output.get(3) / 2;
        String name = layer + " on " + input;
        figures.put("window, " + name, Figures.window(layer(layer), input, row, column));
        figures.put("steps, " + name, Figures.steps(layer(layer), input));
        Trace trace = trace(layer, input);
        figures.put("compare, " + name, Figures.compare(trace, trace, row, column));
        figures.put("field, " + name, Figures.receptiveField(trace, row, column));
      }
    }
    for (String net : Presets.names()) {
      Trace trace = preset(net);
      figures.put("stack, " + net, Figures.stack(trace));
      figures.put("cost, " + net, Figures.cost(trace));
      figures.put("field, " + net, Figures.receptiveField(trace, 0, 0));
      figures.put("sizes, " + net, Figures.sizes(trace));
      figures.put("fields, " + net, Figures.fields(trace));
    }
    for (long kernel = 1; kernel <= 8; kernel++) {
      for (long stride = 1; stride <= 3; stride++) {
        String name = "same, kernel " + kernel + ", stride " + stride;
        figures.put(name, Figures.samePaddings(kernel, stride, 9));
      }
    }
    for (String layer : List.of("Conv2d(2, 1, 3, padding=1)", "MaxPool2d(2)", "AvgPool2d(2)")) {
      figures.put(
          "matrices, " + layer, Figures.matrices(layer(layer), new Shape(1, 2, 4, 5), 1, 1));
    }
    figures.put("matrices", matrices());
    figures.put("six curves", sixCurves());
    figures.put("a thousand layers", Figures.cost(deep()));
    return figures;
  }

  private static List<String> layers() {
    return List.of(
        "Conv2d(3, 4, 3)",
        "Conv2d(3, 4, (3, 5), stride=(3, 4), padding=(0, 1))",
        "Conv2d(3, 4, 3, dilation=2, padding=2)",
        "Conv2d(3, 4, 4, padding='same')",
        "Conv2d(3, 4, 1)",
        "Conv2d(3, 64, 11, stride=4, padding=2)",
        "MaxPool2d(3, stride=2, ceil_mode=True)",
        "AvgPool2d((2, 3))",
        "ConvTranspose2d(3, 4, 3, stride=2, padding=1, output_padding=1)",
        "ConvTranspose2d(3, 4, 2, stride=3, output_padding=2)");
  }

  private static List<Shape> inputs(String layer) {
    List<Shape> inputs = new ArrayList<>(List.of(new Shape(1, 3, 9, 13), new Shape(1, 3, 300, 41)));
    if (!layer.contains("11")) {
      inputs.add(new Shape(1, 3, 6, 7));
    }
    return inputs;
  }

  static Figure matrices() {
    Matrix x = Matrix.of("X", new double[][] {{0, 1, 2}, {3, 4, 5}, {6, 7, 8}}).mark(0, 0, 2, 2);
    Matrix k = Matrix.of("K", new double[][] {{0, 1}, {2, 3}}).after("*");
    Matrix y = Matrix.of("Y", new double[][] {{19, 25}, {37, 43.125}}).after("=").mark(0, 0);
    return Figures.matrices(List.of(x, k, y));
  }

  private static Figure sixCurves() {
    List<Curve> curves = new ArrayList<>();
    for (long kernel = 2; kernel <= 7; kernel++) {
      long lost = kernel - 1;
      List<Long> sizes = LongStream.range(0, 30).mapToObj(i -> 224 - lost * i).toList();
      curves.add(new Curve("kernel " + kernel, sizes));
    }
    return Figures.sizes(curves);
  }

  private static Trace deep() {
    String layers = "Conv2d(3, 3, 3, padding=1), ".repeat(1000);
    return trace("Sequential(" + layers + "ReLU())", new Shape(1, 3, 16, 16));
  }
}

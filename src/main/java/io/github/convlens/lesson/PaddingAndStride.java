package io.github.convlens.lesson;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.convolutional.Conv2d;
import io.github.convlens.layer.Rounding;
import io.github.convlens.layer.Window;
import io.github.convlens.lesson.Experiment.Section;
import java.util.List;
import java.util.stream.Stream;

/** The notebook's four shapes: what padding and stride make of an 8x8 matrix. */
final class PaddingAndStride {
  private static final String X = "NDArray X = manager.randomUniform(0, 1, new Shape(8, 8));";
  private static final String Y = "compConv2d(conv2d, X).getShape()";

  private PaddingAndStride() {}

  static List<Experiment> experiments() {
    return List.of(
        shape(
            "one row and column of padding on every side",
            "nn.Conv2d(1, 1, kernel_size=3, padding=1)",
            List.of(
                "Block conv2d = Conv2d.builder().setFilters(1)",
                "    .setKernelShape(new Shape(3, 3)).optPadding(new Shape(1, 1)).build();"),
            "[8, 8]",
            Window.of(3, 1, 1, 1),
            Window.of(3, 1, 1, 1)),
        shape(
            "different padding for height and width",
            "nn.Conv2d(1, 1, kernel_size=(5, 3), padding=(2, 1))",
            List.of(
                "Block conv2d = Conv2d.builder().setFilters(1)",
                "    .setKernelShape(new Shape(5, 3)).optPadding(new Shape(2, 1)).build();"),
            "[8, 8]",
            Window.of(5, 1, 2, 1),
            Window.of(3, 1, 1, 1)),
        shape(
            "stride 2 on both axes",
            "nn.Conv2d(1, 1, kernel_size=3, padding=1, stride=2)",
            List.of(
                "Block conv2d = Conv2d.builder().setFilters(1)",
                "    .setKernelShape(new Shape(3, 3)).optPadding(new Shape(1, 1))",
                "    .optStride(new Shape(2, 2)).build();"),
            "[4, 4]",
            Window.of(3, 2, 1, 1),
            Window.of(3, 2, 1, 1)),
        shape(
            "everything different",
            "nn.Conv2d(1, 1, kernel_size=(3, 5), padding=(0, 1), stride=(3, 4))",
            List.of(
                "Block conv2d = Conv2d.builder().setFilters(1)",
                "    .setKernelShape(new Shape(3, 5)).optPadding(new Shape(0, 1))",
                "    .optStride(new Shape(3, 4)).build();"),
            "[2, 2]",
            Window.of(3, 3, 0, 1),
            Window.of(5, 4, 1, 1)));
  }

  /**
   * The block is built from the same numbers as the arithmetic, the shape comes from the engine.
   */
  private static Experiment shape(
      String title,
      String notation,
      List<String> block,
      String expected,
      Window height,
      Window width) {
    List<String> code =
        Stream.concat(Stream.concat(Stream.of(X), block.stream()), Stream.of(Y)).toList();
    return new Experiment(
        Section.PADDING_AND_STRIDE,
        title,
        notation,
        code,
        expected,
        List.of(
            "height: " + height.explain(8, Rounding.FLOOR),
            "width:  " + width.explain(8, Rounding.FLOOR)),
        manager -> {
          NDArray picture = manager.randomUniform(0, 1, new Shape(8, 8));
          Conv2d conv2d =
              Conv2d.builder()
                  .setFilters(1)
                  .setKernelShape(new Shape(height.kernel(), width.kernel()))
                  .optPadding(new Shape(height.padBefore(), width.padBefore()))
                  .optStride(new Shape(height.stride(), width.stride()))
                  .build();
          return Numbers.text(D2l.compConv2d(conv2d, picture).getShape());
        });
  }
}

package io.github.convlens.notation;

import static io.github.convlens.notation.DjlText.bias;
import static io.github.convlens.notation.DjlText.conv2d;
import static io.github.convlens.notation.DjlText.groups;
import static io.github.convlens.notation.DjlText.lambda;
import static io.github.convlens.notation.DjlText.literal;
import static io.github.convlens.notation.DjlText.number;
import static io.github.convlens.notation.DjlText.option;
import static io.github.convlens.notation.DjlText.row;
import static io.github.convlens.notation.DjlText.shape;
import static io.github.convlens.notation.DjlText.sides;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.AdaptivePool2dSpec;
import io.github.convlens.layer.AvgPool2dSpec;
import io.github.convlens.layer.Axis;
import io.github.convlens.layer.Bias;
import io.github.convlens.layer.Conv2dSpec;
import io.github.convlens.layer.ConvTranspose2dSpec;
import io.github.convlens.layer.MaxPool2dSpec;
import io.github.convlens.layer.Pad2dSpec;
import io.github.convlens.layer.PaddingMode;
import io.github.convlens.layer.Rounding;
import io.github.convlens.layer.Size;
import io.github.convlens.layer.Window;
import io.github.convlens.layer.Window2d;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** Writes convolutions, pools and pads: windows on a picture of a known shape. */
record DjlWindows(Shape input) {
  /** The block of a layer. */
  String of(Conv2dSpec layer) {
    Window rows = layer.window().on(Axis.HEIGHT, input.get(2));
    Window columns = layer.window().on(Axis.WIDTH, input.get(3));
    boolean zeros = layer.paddingMode() == PaddingMode.ZEROS;
    if (zeros && symmetric(rows) && symmetric(columns)) {
      return convolution(layer, new Size(rows.padBefore(), columns.padBefore()));
    }
    String padded =
        pad(
            layer.paddingMode(),
            0,
            columns.padBefore(),
            columns.padAfter(),
            rows.padBefore(),
            rows.padAfter());
    return row(padded, convolution(layer, Size.ZERO));
  }

  private static boolean symmetric(Window window) {
    return window.padBefore() == window.padAfter();
  }

  private static String convolution(Conv2dSpec layer, Size padding) {
    return conv2d(
        layer.window().kernel(),
        layer.outChannels(),
        option("optStride", layer.window().stride(), Size.ONE)
            + option("optPadding", padding, Size.ZERO)
            + option("optDilation", layer.window().dilation(), Size.ONE)
            + groups(layer.groups())
            + bias(layer.bias() == Bias.WITH));
  }

  /** DJL has no transposed convolution on the PyTorch engine, but it is one of a spread input. */
  String of(ConvTranspose2dSpec layer) {
    Size stride = layer.stride();
    long[] sides = new long[4];
    for (Axis axis : Axis.values()) {
      long reach = layer.dilation().on(axis) * (layer.kernel().on(axis) - 1);
      int at = axis == Axis.WIDTH ? 0 : 2;
      sides[at] = reach - layer.padding().on(axis);
      sides[at + 1] = sides[at] + layer.outputPadding().on(axis);
    }
    String spread =
        lambda("spread(x, " + literal(stride.height()) + ", " + literal(stride.width()) + ")");
    String convolution =
        conv2d(
            layer.kernel(),
            layer.outChannels(),
            option("optDilation", layer.dilation(), Size.ONE)
                + groups(layer.groups())
                + bias(layer.bias() == Bias.WITH));
    return row(
        spread, pad(PaddingMode.ZEROS, 0, sides[0], sides[1], sides[2], sides[3]), convolution);
  }

  /** The block of a layer. */
  String of(MaxPool2dSpec layer) {
    Window2d window = layer.window();
    Window rows = window.on(Axis.HEIGHT, input.get(2));
    Window columns = window.on(Axis.WIDTH, input.get(3));
    if (symmetric(rows) && symmetric(columns) && window.dilation().equals(Size.ONE)) {
      return "Pool.maxPool2dBlock(" + pool(window, rows, columns, layer.rounding()) + ")";
    }
    Shape output = layer.output(input);
    long below = overhang(rows, input.get(2), output.get(2));
    long right = overhang(columns, input.get(3), output.get(3));
    String padded =
        pad(
            PaddingMode.ZEROS,
            Double.NEGATIVE_INFINITY,
            columns.padBefore(),
            columns.padAfter() + right,
            rows.padBefore(),
            rows.padAfter() + below);
    String maximum =
        "dilatedMaxPool(x, "
            + shape(window.kernel())
            + ", "
            + shape(window.stride())
            + ", "
            + shape(window.dilation())
            + ", "
            + shape(new Size(output.get(2), output.get(3)))
            + ")";
    return row(padded, lambda(maximum));
  }

  private static String pool(Window2d window, Window rows, Window columns, Rounding rounding) {
    Size padding = new Size(rows.padBefore(), columns.padBefore());
    return shape(window.kernel())
        + ", "
        + shape(window.stride())
        + (padding.equals(Size.ZERO) && rounding == Rounding.FLOOR ? "" : ", " + shape(padding))
        + (rounding == Rounding.FLOOR ? "" : ", true");
  }

  /** How far the last window reaches over the padded input's end, where a pool rounds up. */
  private static long overhang(Window window, long size, long places) {
    return Math.max(0, (places - 1) * window.stride() + window.span() - window.paddedSize(size));
  }

  /** The block of a layer. */
  String of(AvgPool2dSpec layer) {
    Window2d window = layer.window();
    Window rows = window.on(Axis.HEIGHT, input.get(2));
    Window columns = window.on(Axis.WIDTH, input.get(3));
    boolean plain = symmetric(rows) && symmetric(columns) && layer.divisorOverride().isEmpty();
    boolean unpadded = rows.padBefore() == 0 && columns.padBefore() == 0;
    // DJL's own switch for count_include_pad does not reach PyTorch.
    if (plain && (unpadded || layer.divisor() == AvgPool2dSpec.Divisor.PADDED)) {
      return "Pool.avgPool2dBlock(" + pool(window, rows, columns, layer.rounding()) + ")";
    }
    Shape output = layer.output(input);
    String sides =
        sides(
            columns.padBefore(),
            columns.padAfter() + overhang(columns, input.get(3), output.get(3)),
            rows.padBefore(),
            rows.padAfter() + overhang(rows, input.get(2), output.get(2)));
    String sizes = shape(window.kernel()) + ", " + shape(window.stride());
    if (layer.divisorOverride().isEmpty() && layer.divisor() == AvgPool2dSpec.Divisor.UNPADDED) {
      return lambda("unpaddedMean(x, " + sides + ", " + sizes + ")");
    }
    String mean =
        "Pool.avgPool2d(x.pad(" + sides + ", 0), " + sizes + ", new Shape(0, 0), false, true)";
    return lambda(
        layer.divisorOverride().isEmpty()
            ? mean
            : mean
                + ".mul("
                + (double) window.kernel().area() / layer.divisorOverride().getAsLong()
                + ")");
  }

  /** The block of a layer. */
  String of(AdaptivePool2dSpec layer) {
    Shape output = layer.output(input);
    boolean maximum = layer.reduction() == AdaptivePool2dSpec.Reduction.MAXIMUM;
    if (output.get(2) == 1 && output.get(3) == 1) {
      String name = maximum ? "globalMaxPool2d" : "globalAvgPool2d";
      return lambda("Pool." + name + "(x).reshape(-1, " + literal(input.get(1)) + ", 1, 1)");
    }
    if (input.get(2) % output.get(2) == 0 && input.get(3) % output.get(3) == 0) {
      String size = shape(new Size(input.get(2) / output.get(2), input.get(3) / output.get(3)));
      return "Pool." + (maximum ? "max" : "avg") + "Pool2dBlock(" + size + ", " + size + ")";
    }
    String rows = "adaptive(x, 2, " + literal(output.get(2)) + ", " + maximum + ")";
    return lambda("adaptive(" + rows + ", 3, " + literal(output.get(3)) + ", " + maximum + ")");
  }

  /** The block of a layer. */
  String of(Pad2dSpec layer) {
    return pad(
        layer.mode(), layer.value(), layer.left(), layer.right(), layer.top(), layer.bottom());
  }

  private static String pad(
      PaddingMode mode, double value, long left, long right, long top, long bottom) {
    if (Math.min(Math.min(left, right), Math.min(top, bottom)) < 0) {
      return lambda(cropped(left, right, top, bottom) + padded(value, left, right, top, bottom));
    }
    if (mode == PaddingMode.ZEROS) {
      return lambda("x.pad(" + sides(left, right, top, bottom) + ", " + number(value) + ")");
    }
    String name =
        switch (mode) {
          case REFLECT -> "reflect";
          case REPLICATE -> "replicate";
          default -> "wrap";
        };
    String rows = name + "(x, 2, " + literal(top) + ", " + literal(bottom) + ")";
    return lambda(name + "(" + rows + ", 3, " + literal(left) + ", " + literal(right) + ")");
  }

  /** DJL pads by no negative numbers. */
  private static String cropped(long left, long right, long top, long bottom) {
    String cut =
        LongStream.of(left, right, top, bottom)
            .mapToObj(side -> literal(Math.max(0, -side)))
            .collect(Collectors.joining(", "));
    return "crop(x, " + cut + ")";
  }

  private static String padded(double value, long left, long right, long top, long bottom) {
    if (Math.max(Math.max(left, right), Math.max(top, bottom)) <= 0) {
      return "";
    }
    LongStream added = LongStream.of(left, right, top, bottom).map(side -> Math.max(0, side));
    return ".pad(" + shape(added) + ", " + number(value) + ")";
  }
}

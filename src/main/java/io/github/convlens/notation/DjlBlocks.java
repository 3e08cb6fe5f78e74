package io.github.convlens.notation;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.ActivationSpec;
import io.github.convlens.layer.AdaptivePool2dSpec;
import io.github.convlens.layer.Affine;
import io.github.convlens.layer.AvgPool2dSpec;
import io.github.convlens.layer.Axis;
import io.github.convlens.layer.BatchNorm2dSpec;
import io.github.convlens.layer.Bias;
import io.github.convlens.layer.Child;
import io.github.convlens.layer.ConcatSpec;
import io.github.convlens.layer.Conv2dSpec;
import io.github.convlens.layer.ConvTranspose2dSpec;
import io.github.convlens.layer.DropoutSpec;
import io.github.convlens.layer.Exact;
import io.github.convlens.layer.FlattenSpec;
import io.github.convlens.layer.GroupNormSpec;
import io.github.convlens.layer.IdentitySpec;
import io.github.convlens.layer.LayerNormSpec;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.LinearSpec;
import io.github.convlens.layer.LocalResponseNormSpec;
import io.github.convlens.layer.MaxPool2dSpec;
import io.github.convlens.layer.ModuleSpec;
import io.github.convlens.layer.PReluSpec;
import io.github.convlens.layer.Pad2dSpec;
import io.github.convlens.layer.PaddingMode;
import io.github.convlens.layer.PixelShuffleSpec;
import io.github.convlens.layer.ResidualSpec;
import io.github.convlens.layer.Rounding;
import io.github.convlens.layer.SequentialSpec;
import io.github.convlens.layer.ShapeException;
import io.github.convlens.layer.Size;
import io.github.convlens.layer.UnflattenSpec;
import io.github.convlens.layer.UpsampleSpec;
import io.github.convlens.layer.Window;
import io.github.convlens.layer.Window2d;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** The Java expression that makes each kind of layer; one use per class that is written. */
final class DjlBlocks implements LayerSpec.Visitor<String> {
  /** Longer compositions become methods of their own. */
  private static final int LONGEST_EXPRESSION = 30;

  /** So many blocks in one method stay well below the 64 KiB that a method may have. */
  private static final int MOST_BLOCKS = 100;

  private final Map<String, String> methods = new LinkedHashMap<>();
  private Shape input = new Shape();
  private String path = "";

  /** The expressions of the methods that were split off, by name. */
  Map<String, String> methods() {
    return methods;
  }

  /** The expression of a layer for an input, at a path of the network. */
  String block(LayerSpec layer, Shape layerInput, String layerPath) {
    Shape outerInput = input;
    String outerPath = path;
    input = layerInput;
    path = layerPath;
    String expression = layer.accept(this);
    input = outerInput;
    path = outerPath;
    return expression;
  }

  /** The expression of a child; a long one becomes a call. */
  private String child(Child child, Shape childInput) {
    String childPath = Child.join(path, child.name());
    String expression = block(child.layer(), childInput, childPath);
    return expression.lines().count() > LONGEST_EXPRESSION
        ? split(childPath, expression)
        : expression;
  }

  private String split(String name, String expression) {
    String base = ("block." + name).replaceAll("[^A-Za-z0-9]+", "_");
    String unique = base;
    for (int i = 2; methods.containsKey(unique); i++) {
      unique = base + "_" + i;
    }
    methods.put(unique, expression);
    return unique + "()";
  }

  @Override
  public String visit(SequentialSpec layer) {
    if (layer.children().isEmpty()) {
      return "Blocks.identityBlock()";
    }
    List<String> lines = new ArrayList<>();
    Shape shape = input;
    for (Child child : layer.children()) {
      String expression = child(child, shape);
      shape = child.layer().output(shape);
      lines.add(added(commented(expression, shape)));
    }
    while (lines.size() > MOST_BLOCKS) {
      lines = chunks(lines);
    }
    return sequential(lines);
  }

  private List<String> chunks(List<String> lines) {
    List<String> calls = new ArrayList<>();
    for (int from = 0; from < lines.size(); from += MOST_BLOCKS) {
      List<String> chunk = lines.subList(from, Math.min(from + MOST_BLOCKS, lines.size()));
      calls.add(added(split(path + ".part", sequential(chunk))));
    }
    return calls;
  }

  private static String sequential(List<String> lines) {
    return "new SequentialBlock()" + String.join("", lines);
  }

  private static String added(String expression) {
    return "\n    .add(" + DjlCode.indented(DjlCode.closed(expression, ")"), 4);
  }

  /** The expression with a shape behind its first line. */
  private static String commented(String expression, Shape shape) {
    int end = expression.indexOf('\n');
    return end < 0
        ? expression + " // " + shape
        : expression.substring(0, end) + " // " + shape + expression.substring(end);
  }

  /** Blocks in a row that stand for one layer. */
  private static String row(String... expressions) {
    StringBuilder text = new StringBuilder("new SequentialBlock()");
    for (String expression : expressions) {
      text.append(added(expression));
    }
    return text.toString();
  }

  @Override
  public String visit(ModuleSpec layer) {
    return layer.forward().accept(this);
  }

  @Override
  public String visit(ResidualSpec layer) {
    return "new ParallelBlock(Network::sum)"
        + added(child(layer.main(), input))
        + added(child(layer.shortcut(), input));
  }

  @Override
  public String visit(ConcatSpec layer) {
    return layer.branches().stream()
        .map(branch -> added(child(branch, input)))
        .collect(Collectors.joining("", "new ParallelBlock(Network::concat)", ""));
  }

  @Override
  public String visit(Conv2dSpec layer) {
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

  private static String conv2d(Size kernel, long filters, String options) {
    return "Conv2d.builder().setKernelShape("
        + shape(kernel)
        + ").setFilters("
        + filters(filters)
        + ")"
        + options
        + ".build()";
  }

  private static String groups(long groups) {
    return groups == 1 ? "" : ".optGroups(" + filters(groups) + ")";
  }

  private static String bias(boolean biased) {
    return biased ? "" : ".optBias(false)";
  }

  private static String option(String name, Size size, Size usual) {
    return size.equals(usual) ? "" : "." + name + "(" + shape(size) + ")";
  }

  /** DJL has no transposed convolution on the PyTorch engine, but it is one of a spread input. */
  @Override
  public String visit(ConvTranspose2dSpec layer) {
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

  @Override
  public String visit(MaxPool2dSpec layer) {
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

  @Override
  public String visit(AvgPool2dSpec layer) {
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

  @Override
  public String visit(AdaptivePool2dSpec layer) {
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

  @Override
  public String visit(Pad2dSpec layer) {
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

  private static String sides(long left, long right, long top, long bottom) {
    return shape(LongStream.of(left, right, top, bottom));
  }

  @Override
  public String visit(FlattenSpec layer) {
    return layer.equals(FlattenSpec.ALL)
        ? "Blocks.batchFlattenBlock()"
        : reshape(layer.output(input));
  }

  @Override
  public String visit(UnflattenSpec layer) {
    return reshape(layer.output(input));
  }

  /** Keeps the batch open where the batch axis stays. */
  private String reshape(Shape output) {
    boolean keepsBatch = output.dimension() > 0 && output.get(0) == input.get(0);
    LongStream rest = LongStream.of(output.getShape()).skip(keepsBatch ? 1 : 0);
    LongStream all = keepsBatch ? LongStream.concat(LongStream.of(-1), rest) : rest;
    return lambda("x.reshape(" + shape(all) + ")");
  }

  @Override
  public String visit(PixelShuffleSpec layer) {
    long r = layer.upscaleFactor();
    Shape output = layer.output(input);
    String apart = shape(LongStream.of(-1, output.get(1), r, r, input.get(2), input.get(3)));
    String joined = shape(LongStream.of(-1, output.get(1), output.get(2), output.get(3)));
    return lambda("x.reshape(" + apart + ").transpose(0, 1, 4, 2, 5, 3).reshape(" + joined + ")");
  }

  @Override
  public String visit(LinearSpec layer) {
    return "Linear.builder().setUnits("
        + literal(layer.outFeatures())
        + ")"
        + bias(layer.bias() == Bias.WITH)
        + ".build()";
  }

  /** DJL's momentum is the share that the running statistics keep: 1 - PyTorch's. */
  @Override
  public String visit(BatchNorm2dSpec layer) {
    return "BatchNorm.builder().optEpsilon("
        + real(layer.eps())
        + ").optMomentum("
        + real(1 - layer.momentum())
        + ")"
        + affine(layer.affine())
        + ".build()";
  }

  private static String affine(Affine affine) {
    return switch (affine) {
      case SCALE_AND_SHIFT -> "";
      case SCALE -> ".optCenter(false)";
      case NONE -> ".optCenter(false).optScale(false)";
    };
  }

  /** The learned scale and shift are a 1x1 convolution of each channel alone. */
  @Override
  public String visit(GroupNormSpec layer) {
    String normalised =
        lambda("groupNorm(x, " + literal(layer.numGroups()) + ", " + layer.eps() + ")");
    return layer.affine() == Affine.NONE
        ? normalised
        : row(
            normalised, scaled(layer.numChannels(), layer.affine() == Affine.SCALE_AND_SHIFT, 1.0));
  }

  /** A learned number for each channel, of inputs that need not be pictures. */
  private String scaled(long channels, boolean shift, double start) {
    String scale = scale(channels, shift, start);
    if (input.dimension() == 4) {
      return scale;
    }
    long rest = Exact.product(input, 2, input.dimension());
    String picture = shape(LongStream.of(-1, channels, rest, 1));
    return row(lambda("x.reshape(" + picture + ")"), scale, reshape(input));
  }

  private static String scale(long channels, boolean shift, double start) {
    String convolution =
        conv2d(Size.ONE, channels, ".optGroups(" + filters(channels) + ")" + bias(shift));
    return "initialized(" + convolution + ", " + real(start) + ")";
  }

  @Override
  public String visit(LayerNormSpec layer) {
    int rank = input.dimension();
    int from = rank - layer.normalizedShape().size();
    String axes = shapeless(LongStream.range(from, rank));
    return "LayerNorm.builder().axis("
        + axes
        + ").optEpsilon("
        + real(layer.eps())
        + ")"
        + affine(layer.affine())
        + ".build()";
  }

  @Override
  public String visit(LocalResponseNormSpec layer) {
    return lambda(
        "localResponseNorm(x, "
            + literal(layer.size())
            + ", "
            + layer.alpha()
            + ", "
            + layer.beta()
            + ", "
            + layer.k()
            + ")");
  }

  /** Dropout of whole channels differs from DJL's in training only. */
  @Override
  public String visit(DropoutSpec layer) {
    String note =
        layer.unit() == DropoutSpec.Unit.CHANNEL ? "/* of elements, not channels */ " : "";
    return note + "Dropout.builder().optRate(" + real(layer.probability()) + ").build()";
  }

  @Override
  public String visit(IdentitySpec layer) {
    return "Blocks.identityBlock()";
  }

  /** relu(x) plus the slope times what lies below zero; DJL's Prelu does not run on PyTorch. */
  @Override
  public String visit(PReluSpec layer) {
    String slope =
        layer.numParameters() == 1
            ? row(lambda("x.reshape(-1, 1)"), oneNumber(layer.init()), reshape(input))
            : scaled(layer.numParameters(), false, layer.init());
    return "new ParallelBlock(Network::sum)"
        + added("Activation.reluBlock()")
        + added(row(lambda("x.minimum(0)"), slope));
  }

  private static String oneNumber(double start) {
    String product = "Linear.builder().setUnits(1).optBias(false).build()";
    return "initialized(" + product + ", " + real(start) + ")";
  }

  @Override
  public String visit(ActivationSpec layer) {
    return DjlActivations.of(layer);
  }

  @Override
  public String visit(UpsampleSpec layer) {
    return lambda(
        "resample(x, " + weights(layer, Axis.HEIGHT) + ", " + weights(layer, Axis.WIDTH) + ")");
  }

  private String weights(UpsampleSpec layer, Axis axis) {
    long size = input.get(axis == Axis.HEIGHT ? 2 : 3);
    long output = layer.target().size(axis, size);
    boolean centres = layer.corners() == UpsampleSpec.Corners.CENTRES;
    double step = (double) size / output;
    if (centres) {
      step = output == 1 ? 0 : (size - 1.0) / (output - 1);
    } else if (layer.target() instanceof UpsampleSpec.Target.By by) {
      step = 1 / (axis == Axis.HEIGHT ? by.height() : by.width());
    }
    String name =
        switch (layer.mode()) {
          case NEAREST, NEAREST_EXACT -> "nearest";
          case BILINEAR -> "linear";
          case BICUBIC -> "cubic";
        };
    boolean fromZero = centres || layer.mode() == UpsampleSpec.Mode.NEAREST;
    return name
        + ("(" + filters(size) + ", " + filters(output) + ", " + real(step))
        + (fromZero ? ", 0f)" : ", 0.5f)");
  }

  /** A block of one operation on {@code x}. */
  static String lambda(String operation) {
    return "LambdaBlock.singleton(x -> " + operation + ")";
  }

  private static String shape(Size size) {
    return shape(LongStream.of(size.height(), size.width()));
  }

  private static String shape(LongStream sizes) {
    return "new Shape(" + shapeless(sizes) + ")";
  }

  private static String shapeless(LongStream sizes) {
    return sizes.mapToObj(DjlBlocks::literal).collect(Collectors.joining(", "));
  }

  private static String literal(long number) {
    return (int) number == number ? Long.toString(number) : number + "L";
  }

  /** A number that DJL takes as an int. */
  private static String filters(long number) {
    if ((int) number != number) {
      throw ShapeException.of(
          "DJL takes at most 2^31 - 1 channels, groups or rows",
          "Here there are " + number + ".",
          "Use smaller sizes.");
    }
    return Long.toString(number);
  }

  /** A double as Java writes it. */
  static String number(double value) {
    if (Double.isNaN(value)) {
      return "Double.NaN";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "Double.POSITIVE_INFINITY" : "Double.NEGATIVE_INFINITY";
    }
    return value == Math.rint(value) && Math.abs(value) < 1e9
        ? String.format(Locale.ROOT, "%.0f", value)
        : Double.toString(value);
  }

  /** A float as Java writes it. */
  static String real(double value) {
    float rounded = (float) value;
    return Float.isFinite(rounded) ? rounded + "f" : "(float) " + number(value);
  }
}

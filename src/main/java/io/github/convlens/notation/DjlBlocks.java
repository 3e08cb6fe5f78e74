package io.github.convlens.notation;

import static io.github.convlens.notation.DjlText.added;
import static io.github.convlens.notation.DjlText.bias;
import static io.github.convlens.notation.DjlText.commented;
import static io.github.convlens.notation.DjlText.conv2d;
import static io.github.convlens.notation.DjlText.filters;
import static io.github.convlens.notation.DjlText.lambda;
import static io.github.convlens.notation.DjlText.literal;
import static io.github.convlens.notation.DjlText.real;
import static io.github.convlens.notation.DjlText.row;
import static io.github.convlens.notation.DjlText.sequential;
import static io.github.convlens.notation.DjlText.shape;
import static io.github.convlens.notation.DjlText.shapeless;

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
import io.github.convlens.layer.PixelShuffleSpec;
import io.github.convlens.layer.ResidualSpec;
import io.github.convlens.layer.SequentialSpec;
import io.github.convlens.layer.Size;
import io.github.convlens.layer.UnflattenSpec;
import io.github.convlens.layer.UpsampleSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
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
    return lines(expression) > LONGEST_EXPRESSION ? split(childPath, expression) : expression;
  }

  private static long lines(String text) {
    return text.chars().filter(character -> character == '\n').count() + 1;
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
    long size = axis.of(input);
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

  @Override
  public String visit(Conv2dSpec layer) {
    return new DjlWindows(input).of(layer);
  }

  @Override
  public String visit(ConvTranspose2dSpec layer) {
    return new DjlWindows(input).of(layer);
  }

  @Override
  public String visit(MaxPool2dSpec layer) {
    return new DjlWindows(input).of(layer);
  }

  @Override
  public String visit(AvgPool2dSpec layer) {
    return new DjlWindows(input).of(layer);
  }

  @Override
  public String visit(AdaptivePool2dSpec layer) {
    return new DjlWindows(input).of(layer);
  }

  @Override
  public String visit(Pad2dSpec layer) {
    return new DjlWindows(input).of(layer);
  }
}

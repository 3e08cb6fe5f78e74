package io.github.convlens.notation;

import io.github.convlens.layer.AvgPoolSpec;
import io.github.convlens.layer.ConvSpec;
import io.github.convlens.layer.LayerNormSpec;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.LinearSpec;
import io.github.convlens.layer.Padding;
import io.github.convlens.layer.Rounding;
import io.github.convlens.layer.Windows;
import io.github.convlens.notation.Value.Constant;
import io.github.convlens.notation.Value.Text;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * What prints leave out: of an average pool ceil_mode and count_include_pad, of a
 * MultiheadAttention its heads and batch_first, of torchvision's Permute everything.
 */
final class Hidden {
  /** The arguments that a print shows of an average pool. */
  static final Set<String> SHOWN_OF_A_POOL = Set.of("kernel_size", "stride", "padding");

  /** What a recipe can tell a child. */
  static final Set<String> TOLD =
      Set.of("ceil_mode", "count_include_pad", "padding", "dims", "batch_first");

  private static final String ATTENTION = "MultiheadAttention";
  private static final String PERMUTE = "Permute";

  private Hidden() {}

  /** Whether a layer is printed here without the arguments that it needs. */
  static boolean hides(String type, Lexer lexer) {
    return type.equals(ATTENTION)
        ? lexer.childFollows()
        : type.equals(PERMUTE) && !lexer.childFollows() && !lexer.argumentFollows();
  }

  /** Whether this is a layer whose print does not show the arguments that it needs. */
  static boolean needsMore(String type) {
    return type.equals(ATTENTION) || type.equals(PERMUTE);
  }

  /** Why such a layer cannot be called without them. */
  static NotationException refusal(Source source, Part.Block block) {
    boolean isAttention = block.type().equals(ATTENTION);
    Signature signature = signature(block.type());
    return source.error(
        block.position(),
        "what a print shows of "
            + block.type()
            + " leaves its "
            + (isAttention ? "heads" : "dims")
            + " out.",
        "Write it as in the program: " + signature.usage() + ".");
  }

  /**
   * A child with what a recipe knows of it and its print does not show: {@code pool(x,
   * ceil_mode=True)}, {@code conv(x, padding='same_upper')}, {@code attention(x, x, x,
   * batch_first=True)}, {@code permute(x, dims=[0, 2, 3, 1])}.
   */
  static Part told(Part part, Map<String, Value> arguments, Source recipe, int position) {
    if (part instanceof Part.Leaf leaf && leaf.layer() instanceof AvgPoolSpec pool) {
      return new Part.Leaf(pool(pool, arguments), part.position());
    }
    if (part instanceof Part.Leaf leaf
        && leaf.layer() instanceof ConvSpec conv
        && conv.window().padding().isNone()
        && arguments.get("padding") instanceof Text padding
        && padding.value().equals("same_upper")) {
      return new Part.Leaf(padded(conv), part.position());
    }
    if (!(part instanceof Part.Block block) || arguments.isEmpty() || !needsMore(block.type())) {
      return part;
    }
    Map<String, Value> all = new HashMap<>(arguments);
    if (block.type().equals(ATTENTION)) {
      all.putAll(shownOfAttention(block));
    }
    Arguments of = new Arguments(recipe, signature(block.type()), position);
    all.forEach((name, value) -> of.set(name, position, value, position));
    of.check();
    return new Part.Leaf(signature(block.type()).build().apply(of), part.position());
  }

  /** A class's base with what a recipe knows of it: {@code super(x, dim=1)} of a LayerNorm. */
  static LayerSpec told(LayerSpec base, Map<String, Value> arguments) {
    return base instanceof LayerNormSpec norm
            && arguments.get("dim") instanceof Value.Whole dim
            && dim.value() == 1
        ? new LayerNormSpec(
            norm.normalizedShape(), norm.eps(), norm.affine(), LayerNormSpec.Over.CHANNELS)
        : base;
  }

  /** Whether a print does not show of an average pool what it divides by at the border. */
  static boolean restsOnDivisor(LayerSpec layer) {
    return layer instanceof AvgPoolSpec pool
        && pool.rounding() == Rounding.UNSHOWN
        && pool.divisor() == AvgPoolSpec.Divisor.PADDED
        && !pool.window().padding().isNone();
  }

  private static ConvSpec padded(ConvSpec conv) {
    Windows shown = conv.window();
    Windows window =
        new Windows(shown.kernel(), shown.stride(), Padding.Automatic.SAME_UPPER, shown.dilation());
    return new ConvSpec(
        conv.inChannels(),
        conv.outChannels(),
        window,
        conv.groups(),
        conv.bias(),
        conv.paddingMode());
  }

  private static AvgPoolSpec pool(AvgPoolSpec pool, Map<String, Value> arguments) {
    Rounding rounding =
        arguments.get("ceil_mode") == Constant.TRUE ? Rounding.CEIL : pool.rounding();
    AvgPoolSpec.Divisor divisor =
        arguments.get("count_include_pad") == Constant.FALSE
            ? AvgPoolSpec.Divisor.UNPADDED
            : pool.divisor();
    return new AvgPoolSpec(pool.window(), rounding, divisor, pool.divisorOverride());
  }

  /** Features and bias are its output's; any number of heads has the same shapes and costs. */
  private static Map<String, Value> shownOfAttention(Part.Block block) {
    for (Part.Named child : block.children()) {
      if (child.part() instanceof Part.Leaf leaf && leaf.layer() instanceof LinearSpec out) {
        return Map.of(
            "embed_dim",
            new Value.Whole(out.inFeatures()),
            "num_heads",
            new Value.Whole(1),
            "bias",
            out.biases() > 0 ? Constant.TRUE : Constant.FALSE);
      }
    }
    return Map.of();
  }

  private static Signature signature(String type) {
    Signature signature = Signatures.of(type);
    if (signature == null) {
      throw new IllegalStateException(type + " is not known");
    }
    return signature;
  }

  /** A layer of a class whose recipe says what its print does not show. */
  static LayerSpec shown(LayerSpec layer) {
    return layer instanceof AvgPoolSpec pool && pool.rounding() == Rounding.UNSHOWN
        ? rounded(pool, Rounding.FLOOR)
        : layer;
  }

  /** A layer as a print shows it. */
  static LayerSpec printed(LayerSpec layer) {
    return layer instanceof AvgPoolSpec pool ? rounded(pool, Rounding.UNSHOWN) : layer;
  }

  private static AvgPoolSpec rounded(AvgPoolSpec pool, Rounding rounding) {
    return new AvgPoolSpec(pool.window(), rounding, pool.divisor(), pool.divisorOverride());
  }
}

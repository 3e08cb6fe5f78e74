package io.github.convlens.notation;

import io.github.convlens.graph.Note;
import io.github.convlens.layer.ActivationSpec;
import io.github.convlens.layer.IdentitySpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Layers under another name: with parametrizations ({@code ParametrizedConv2d}), quantised ({@code
 * QuantizedConv2d}), fused for training ({@code ConvBnReLU2d}), with observers inside.
 */
final class Dressed {
  private static final String PARAMETRIZED = "Parametrized";
  private static final Set<String> STUBS =
      Set.of("QuantStub", "DeQuantStub", "Quantize", "DeQuantize");
  private static final Set<String> FUSED =
      Set.of(
          "ConvReLU1d",
          "ConvReLU2d",
          "ConvReLU3d",
          "ConvBn1d",
          "ConvBn2d",
          "ConvBn3d",
          "ConvBnReLU1d",
          "ConvBnReLU2d",
          "ConvBnReLU3d",
          "LinearReLU",
          "LinearBn1d");
  private static final Set<String> OBSERVERS =
      Set.of(
          "FakeQuantize",
          "FusedMovingAvgObsFakeQuantize",
          "FixedQParamsFakeQuantize",
          "MinMaxObserver",
          "MovingAverageMinMaxObserver",
          "PerChannelMinMaxObserver",
          "MovingAveragePerChannelMinMaxObserver",
          "HistogramObserver",
          "PlaceholderObserver",
          "NoopObserver",
          "RecordingObserver",
          "FixedQParamsObserver",
          "ReuseInputObserver");
  private static final Set<String> SAME_COUNT = Set.of("_SpectralNorm", "_Orthogonal");
  private static final Note PACKED =
      new Note(
          Note.Kind.REMARK,
          "PyTorch packs the weights of a quantised layer and counts no parameters for it; here they"
              + " are counted as those of the layer in floats, with a bias where its print shows"
              + " none.",
          List.of());
  private static final Note AXIS =
      new Note(
          Note.Kind.ASSUMPTION,
          "A print does not show the dim of weight_norm; 0, PyTorch's default, is taken.",
          List.of());

  private final Parser parser;
  private final Lexer lexer;
  private final Source source;

  /** What the layer that is read now has on; null in a plain one. */
  private @Nullable Dress dress;

  Dressed(Parser parser) {
    this.parser = parser;
    this.lexer = parser.lexer;
    this.source = lexer.source;
  }

  /** What was found inside a layer. */
  private static final class Dress {
    private final List<String> weightNorms = new ArrayList<>();
    private boolean quantised;
    private boolean fused;
    private @Nullable Part norm;
  }

  /** Whether this is a layer under another name. */
  static boolean isKnown(String type) {
    String plain = plain(type);
    return STUBS.contains(type)
        || FUSED.contains(plain)
        || (!plain.equals(type) && Signatures.of(plain) != null);
  }

  private static String plain(String type) {
    for (String prefix : new String[] {PARAMETRIZED, "Quantized", "DynamicQuantized"}) {
      if (type.startsWith(prefix)) {
        return type.substring(prefix.length());
      }
    }
    return type;
  }

  /** Goes over an observer with all its numbers. */
  static boolean skipObserver(Lexer lexer) {
    if (lexer.token != Lexer.Token.NAME || !OBSERVERS.contains(lexer.lastName())) {
      return false;
    }
    lexer.advance();
    if (lexer.at('(')) {
      lexer.skipBracket();
    }
    return true;
  }

  /** A layer whose name has been read; the lexer stands at the parenthesis. */
  Part part(String type, int start) {
    if (STUBS.contains(type)) {
      lexer.skipBracket();
      return new Part.Leaf(new IdentitySpec(), start);
    }
    String plain = plain(type);
    if (FUSED.contains(plain) && hasChildrenOnly()) {
      return parser.blocks().block(type, start);
    }
    Dress before = dress;
    dress = new Dress();
    dress.quantised = !type.equals(plain) && !type.startsWith(PARAMETRIZED);
    dress.fused = FUSED.contains(plain);
    try {
      return dressed(dress, type, plain, start);
    } finally {
      dress = before;
    }
  }

  private boolean hasChildrenOnly() {
    int open = lexer.start;
    lexer.advance();
    boolean children = lexer.atChild() || lexer.at(')');
    lexer.jump(open);
    return children;
  }

  private Part dressed(Dress dress, String type, String plain, int start) {
    String axes = plain.substring(plain.length() - 2);
    String inner = !dress.fused ? plain : plain.startsWith("Linear") ? "Linear" : "Conv" + axes;
    Signature signature = Signatures.of(inner);
    if (signature == null) {
      throw new IllegalStateException(type);
    }
    Part leaf = parser.leaf(signature, inner, Map.of(), start);
    if (dress.quantised) {
      parser.notes().add(PACKED);
    }
    List<Part.Named> children = new ArrayList<>();
    children.add(new Part.Named("(" + inner.toLowerCase(Locale.ROOT) + ")", leaf));
    if (dress.norm != null) {
      children.add(new Part.Named("bn", dress.norm));
    }
    if (plain.contains("ReLU")) {
      ActivationSpec relu = ActivationSpec.of(ActivationSpec.Function.RELU);
      children.add(new Part.Named("(relu)", new Part.Leaf(relu, start)));
    }
    for (String parameter : dress.weightNorms) {
      children.add(new Part.Named("parametrizations", lengths(leaf, parameter, start)));
    }
    return children.size() == 1 ? leaf : Part.Block.of(type, children, start);
  }

  private Part lengths(Part leaf, String parameter, int start) {
    OptionalLong lengths =
        leaf instanceof Part.Leaf plain ? WeightNorm.lengths(plain.layer()) : OptionalLong.empty();
    if (lengths.isEmpty() || !parameter.equals("weight")) {
      throw source.error(
          start,
          "how many parameters weight_norm adds to "
              + parameter
              + " of "
              + leaf.type()
              + " cannot be told from a print.",
          "Print the model without it, and add its lengths by hand.");
    }
    parser.notes().add(AXIS);
    return new Part.Leaf(new WeightNorm(lengths.getAsLong()), start);
  }

  /** Whether an argument belongs to the dress: how a quantised layer's numbers are scaled. */
  boolean isOwnArgument(String name) {
    return dress != null
        && dress.quantised
        && (name.equals("scale") || name.equals("zero_point") || name.equals("qscheme"));
  }

  /** Reads a child of a layer that has none of its own, where it belongs to the dress. */
  boolean takesChild(Signature signature) {
    String name = lexer.childName();
    if (name.equals("weight_fake_quant") || name.startsWith("activation_post_process")) {
      skipChild();
      return true;
    }
    Dress current = dress;
    if (current == null) {
      return false;
    }
    if (name.equals("bn") && current.fused) {
      lexer.skipChild();
      current.norm = parser.layer();
      return true;
    }
    if (name.equals("parametrizations")) {
      parametrizations(current, signature);
      return true;
    }
    return false;
  }

  private void skipChild() {
    lexer.skipChild();
    lexer.advance();
    if (lexer.at('(')) {
      lexer.skipBracket();
    }
  }

  /** {@code ModuleDict((weight): ParametrizationList((0): _WeightNorm()))}. */
  private void parametrizations(Dress current, Signature signature) {
    open();
    while (lexer.atChild()) {
      String parameter = lexer.childName();
      int at = lexer.start;
      open();
      List<String> types = new ArrayList<>();
      while (lexer.atChild()) {
        int start = lexer.start;
        lexer.skipChild();
        types.add(lexer.lastName());
        lexer.jump(start);
        skipChild();
      }
      close();
      judge(current, signature, parameter, types, at);
    }
    close();
  }

  private void judge(
      Dress current, Signature signature, String parameter, List<String> types, int start) {
    if (types.equals(List.of("_WeightNorm"))) {
      current.weightNorms.add(parameter);
    } else if (!SAME_COUNT.containsAll(types)) {
      throw source.error(
          start,
          "how many parameters "
              + parameter
              + " has under "
              + String.join(" and ", types)
              + " cannot be told from a print.",
          "Write "
              + signature.type()
              + "(...) without parametrizations where it has as many without them.");
    }
  }

  private void open() {
    lexer.skipChild();
    lexer.advance();
    if (!lexer.accept('(')) {
      throw close("(");
    }
  }

  private void close() {
    if (!lexer.accept(')')) {
      throw close(")");
    }
  }

  private NotationException close(String bracket) {
    return source.error(
        lexer.start,
        "a " + bracket + " is missing in front of " + lexer.describe() + ".",
        "Paste parametrizations as print(model) shows them.");
  }
}

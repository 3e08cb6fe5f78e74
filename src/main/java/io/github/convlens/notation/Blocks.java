package io.github.convlens.notation;

import io.github.convlens.graph.Tree;
import io.github.convlens.notation.Value.Whole;
import io.github.convlens.notation.internal.Nearest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;

/** Reads what has layers inside: Sequential, Residual, Concat, and classes of other people's. */
final class Blocks {
  private static final Set<String> OURS = Set.of("Sequential", "Residual", "Concat");

  /** The joins of ConvLens's notation, told from classes of these names. */
  static final String RESIDUAL = Tree.OURS + "Residual";

  static final String CONCAT = Tree.OURS + "Concat";

  private static final Set<String> LISTS = Set.of("ModuleList", "ModuleDict");

  /** What libraries note beside a module's children and its forward does not read. */
  private static final Set<String> NO_ARGUMENTS = Set.of("init_cfg");

  /** What {@code 3 x Block} may expand to in one text. */
  private static final long MOST_LAYERS = 1_000_000;

  private final Parser parser;
  private final Lexer lexer;
  private final Source source;
  private long layers;

  Blocks(Parser parser) {
    this.parser = parser;
    this.lexer = parser.lexer;
    this.source = lexer.source;
  }

  /** Whether this is the name of a composition that is no class of somebody's. */
  static boolean isOurs(String type) {
    return OURS.contains(type);
  }

  /** Every name that is known, leaves and blocks. */
  static Set<String> allNames() {
    Set<String> names = new TreeSet<>(Signatures.names());
    names.addAll(OURS);
    return names;
  }

  /** A block whose name has been read; the lexer stands at the parenthesis. */
  Part block(String type, int start) {
    if (isFunction(type)) {
      throw function(type, start);
    }
    int open = lexer.start;
    lexer.advance();
    List<Part.Named> children = new ArrayList<>();
    Map<String, Value> own = new LinkedHashMap<>();
    boolean isJoin = OURS.contains(type) && !type.equals("Sequential") && isOwnJoin(start);
    if (isJoin || type.equals("Sequential")) {
      readLayers(type, open, children, own);
    } else {
      readLoosely(type, open, children, own);
    }
    refuseTwice(children);
    String name = isJoin ? Tree.OURS + type : type;
    return new Part.Block(name, Optional.empty(), own, children, start);
  }

  /**
   * Whether a Residual or a Concat is the notation's: written as a call of layers, or printed by
   * ConvLens, which says so in front of its name. Another print is of somebody's class.
   */
  private boolean isOwnJoin(int start) {
    if (source.text().startsWith(Tree.OURS, start - Tree.OURS.length())) {
      return true;
    }
    if (lexer.token != Lexer.Token.NAME || !lexer.followedBy('=')) {
      boolean nested = lexer.at('(') && !lexer.atChild();
      return lexer.token == Lexer.Token.NAME || lexer.at('[') || lexer.at('*') || nested;
    }
    Lexer value = new Lexer(source, source.text().indexOf('=', lexer.end) + 1);
    value.advance();
    return value.token == Lexer.Token.NAME && value.followedBy('(');
  }

  /** A module has one child of a name; two are of a print that was pasted together. */
  void refuseTwice(List<Part.Named> children) {
    if (children.size() < 2) {
      return;
    }
    Set<String> names = new HashSet<>();
    for (Part.Named child : children) {
      if (!names.add(child.name())) {
        throw source.error(
            child.part().position(),
            "two layers are called " + Arguments.shortened(child.name()) + " here.",
            "Give one of them another name, or paste one network alone.");
      }
    }
  }

  /**
   * Two prints one behind the other are two networks, or one that was printed twice; so is what a
   * session or labels show as several results, though it be single layers.
   */
  void refuseSeveralPrints(List<Part.Named> rows) {
    boolean printed = false;
    for (int i = 0; i < rows.size(); i++) {
      int position = rows.get(i).part().position();
      boolean isPrint = isPrint(rows.get(i).part());
      boolean isOther = i > 0 && source.isOther(rows.get(i - 1).part().position(), position);
      if (isOther || (isPrint && printed)) {
        throw secondPrint(position);
      }
      printed |= isPrint;
    }
  }

  private NotationException secondPrint(int position) {
    return source.error(
        position,
        "a second network is printed here.",
        "Paste one alone; write nn.Sequential(a, b) to run one behind the other.");
  }

  /** Whether this is a class with children as {@code print(model)} shows it. */
  boolean isPrint(Part part) {
    int open = source.text().indexOf('(', part.position());
    return part instanceof Part.Block && new Lexer(source, open + 1).startsWithChild();
  }

  /** In lower case, without children, and no misspelt layer. */
  private boolean isFunction(String type) {
    return Character.isLowerCase(type.charAt(0))
        && !lexer.childFollows()
        && !parser.isKnown(type)
        && (Functions.layer(type).isPresent()
            || (NotKnown.alias(type).isEmpty() && Nearest.layer(type, allNames()).isEmpty()));
  }

  /** Whether this calls what no layer stands for: a program's function, {@code resnet18()}. */
  boolean isCall(String type) {
    return isFunction(type) && Functions.layer(type).isEmpty();
  }

  /** {@code F.max_pool2d(x, 2)}: what forward calls is in no print. */
  NotationException function(String type, int start) {
    if (!parser.isNested() && Functions.layer(type).isEmpty()) {
      return source.error(
          start,
          Arguments.shortened(type)
              + " is a function of Python, which ConvLens does not run: it reads layers.",
          Presets.names().contains(type)
              ? "Give --net "
                  + type
                  + ", the known network of that name, or paste what print(model)"
                  + " shows."
              : "Paste what print(model) shows of the network, or give its export, --net model.pt2.");
    }
    return source.error(
        start,
        Arguments.shortened(type) + " is a function, and a network is read from its layers.",
        Functions.layer(type)
            .map(layer -> "Write the layer that does the same: " + layer + "(...).")
            .orElse("Write the layer that does the same, or Identity() if the shape stays."));
  }

  /** Layers as arguments: positional, by name, in a list, in an OrderedDict, or as printed. */
  private void readLayers(
      String type, int open, List<Part.Named> children, Map<String, Value> own) {
    StringBuilder closings = new StringBuilder();
    while (!closings.isEmpty() || !lexer.accept(')')) {
      boolean star = lexer.accept('*');
      if (lexer.at('[') || ((star || !closings.isEmpty()) && lexer.at('(') && !lexer.atChild())) {
        closings.append(lexer.at('[') ? ']' : ')');
        lexer.advance();
      } else if (isClosing(closings)) {
        closeList(type, open, closings);
      } else if (lexer.atChild()) {
        child(children).forEach(name -> own.put(name, Value.Constant.NONE));
        lexer.accept(',');
      } else {
        item(type, open, children);
        if (!isClosing(closings)) {
          parser.separate(type, open);
        }
      }
    }
  }

  private boolean isClosing(StringBuilder closings) {
    return !closings.isEmpty() && lexer.at(closings.charAt(closings.length() - 1));
  }

  /** Goes behind a list, and over the comma or the plus that follows; lists may be joined. */
  private void closeList(String type, int open, StringBuilder closings) {
    lexer.advance();
    closings.setLength(closings.length() - 1);
    if (lexer.at('*')) {
      throw source.error(
          lexer.start,
          "Python puts the same layers several times here, with one set of parameters.",
          "Paste what print(model) shows, or write the layers, each of which is then its own.");
    }
    if (!lexer.accept('+') && !isClosing(closings)) {
      parser.separate(type, open);
    }
  }

  private void item(String type, int open, List<Part.Named> children) {
    if (lexer.token == Lexer.Token.END) {
      throw parser.unclosed(type, open);
    }
    if (lexer.token != Lexer.Token.NAME) {
      throw source.error(
          lexer.start,
          type + " takes layers, not " + lexer.describe() + ".",
          lexer.token == Lexer.Token.SYMBOL
              ? "Leave out what is no layer."
              : "Write " + type + "(nn.Conv2d(1, 4, 3), nn.ReLU()).");
    }
    if (lexer.lastName().equals("OrderedDict") && lexer.followedBy('(')) {
      orderedDict(children);
      return;
    }
    if (lexer.followedBy('=')) {
      named(type, children);
      return;
    }
    add(children, positionalName(type, children.size()), parser.layer());
  }

  private static String positionalName(String type, int index) {
    if (type.equals("Residual") && index < 2) {
      return index == 0 ? "main" : "shortcut";
    }
    return Integer.toString(index);
  }

  private void named(String type, List<Part.Named> children) {
    String name = lexer.word();
    if (name.equals("original_name")) {
      throw source.error(lexer.start, NotKnown.SCRIPTED.rule(), NotKnown.SCRIPTED.remedy());
    }
    String expected = positionalName(type, children.size());
    if (!type.equals("Residual") || !name.equals(expected)) {
      throw source.error(
          lexer.start,
          type + " has no argument called " + Arguments.shortened(name) + " here.",
          type.equals("Residual")
              ? "Write Residual(main, shortcut)."
              : "Write the layer alone, without " + name + "=.");
    }
    lexer.advance();
    lexer.advance();
    add(children, name, parser.layer());
  }

  /**
   * {@code OrderedDict([('name', layer), ...])}; a name that comes again keeps its place and gets
   * the last value.
   */
  private void orderedDict(List<Part.Named> children) {
    int open = lexer.end;
    Map<String, Part> pairs = new LinkedHashMap<>();
    lexer.advance();
    lexer.advance();
    char closing = lexer.at('[') ? ']' : ')';
    if (!lexer.accept('[') && !lexer.accept('(')) {
      throw pairs();
    }
    while (!lexer.accept(closing)) {
      if (lexer.token == Lexer.Token.END) {
        throw parser.unclosed("OrderedDict", open);
      }
      pair(pairs);
      if (!lexer.accept(',') && !lexer.at(closing)) {
        throw pairs();
      }
    }
    lexer.accept(',');
    if (!lexer.accept(')')) {
      throw parser.unclosed("OrderedDict", open);
    }
    pairs.forEach((name, part) -> add(children, name, part));
  }

  private void pair(Map<String, Part> pairs) {
    char closing = lexer.at('[') ? ']' : ')';
    if (!lexer.accept('(') && !lexer.accept('[')) {
      throw pairs();
    }
    if (lexer.token != Lexer.Token.STRING) {
      throw pairs();
    }
    String name = lexer.quoted();
    if (name.isEmpty() || name.indexOf('.') >= 0) {
      throw source.error(
          lexer.start,
          name.isEmpty()
              ? "a layer's name must not be empty."
              : "a layer's name has no dot, which parts the names of a path.",
          "Use a name such as conv1.");
    }
    lexer.advance();
    if (!lexer.accept(',')) {
      throw pairs();
    }
    pairs.put(name, parser.layer());
    lexer.accept(',');
    if (!lexer.accept(closing)) {
      throw pairs();
    }
  }

  private NotationException pairs() {
    return source.error(
        lexer.start,
        "OrderedDict takes pairs of a name and a layer; they break off at "
            + lexer.describe()
            + ".",
        "Write OrderedDict([('conv', nn.Conv2d(1, 4, 3)), ('relu', nn.ReLU())]).");
  }

  /**
   * The inside of a class that nobody declared to us: its children, and what it shows of itself, of
   * which only names and numbers are kept.
   */
  private void readLoosely(
      String type, int open, List<Part.Named> children, Map<String, Value> own) {
    int nested = 0;
    while (nested > 0 || !lexer.at(')')) {
      if (lexer.token == Lexer.Token.END) {
        throw parser.unclosed(type, open);
      }
      if (lexer.atChild()) {
        List<String> absent = child(children);
        if (LISTS.contains(type)) {
          absent.forEach(name -> own.put(name, Value.Constant.NONE));
        }
        continue;
      }
      if (nested == 0 && lexer.token == Lexer.Token.NAME && lexer.followedBy('=')) {
        String name = lexer.word();
        lexer.advance();
        lexer.advance();
        ownArgument(name, children, own);
        continue;
      }
      if (lexer.token == Lexer.Token.NAME && lexer.followedBy('(')) {
        ownLayer(Integer.toString(children.size()), children, own);
        continue;
      }
      if (LISTS.contains(type) && lexer.token != Lexer.Token.SYMBOL) {
        throw source.error(
            lexer.start,
            lexer.describe() + " is no layer of this " + type + ".",
            "Take it out; where layers were cut out, paste all that print(model) shows.");
      }
      if (nested == 0 && !lexer.at(',')) {
        own.putIfAbsent(Integer.toString(own.size()), new Value.Word(lexer.describe()));
      }
      nested += lexer.at('(') || lexer.at('[') ? 1 : 0;
      nested -= nested > 0 && (lexer.at(')') || lexer.at(']')) ? 1 : 0;
      lexer.advance();
    }
    lexer.advance();
  }

  /** {@code pool_type=avg}; a layer is a child of that name. */
  private void ownArgument(String name, List<Part.Named> children, Map<String, Value> own) {
    if (NO_ARGUMENTS.contains(name) && (lexer.at('{') || lexer.at('['))) {
      skipBrackets(name);
    } else if (lexer.token == Lexer.Token.NAME && lexer.followedBy('(')) {
      ownLayer(name, children, own);
    } else if (lexer.at('{')) {
      skipBrackets(name);
      own.put(name, new Value.Word("{...}"));
    } else if (lexer.at(',') || lexer.at(')')) {
      own.put(name, Value.Constant.NONE);
    } else {
      own.put(name, parser.expressions.value());
    }
  }

  private void skipBrackets(String name) {
    int open = lexer.start;
    int nested = 0;
    do {
      if (lexer.token == Lexer.Token.END) {
        throw parser.unclosed(name, open);
      }
      nested += lexer.at('{') || lexer.at('[') ? 1 : lexer.at('}') || lexer.at(']') ? -1 : 0;
      lexer.advance();
    } while (nested > 0);
  }

  /** A layer among the arguments: a recipe may call it, and it is no child otherwise. */
  private void ownLayer(String name, List<Part.Named> children, Map<String, Value> own) {
    Part layer = parser.layer();
    own.put(name, new Value.Layer(layer));
    add(children, name, layer);
  }

  /**
   * {@code (name): layer}, or {@code (0-2): 3 x layer}, which stands for three children.
   *
   * @return the names of those that are None
   */
  List<String> child(List<Part.Named> children) {
    String name = lexer.childName();
    lexer.skipChild();
    if (lexer.token == Lexer.Token.WHOLE) {
      return repeated(name, children);
    }
    if (lexer.atName("None")) {
      lexer.advance();
      return List.of(name);
    }
    if (!Dressed.skipObserver(lexer)) {
      add(children, name, parser.layer());
    }
    return List.of();
  }

  private List<String> repeated(String name, List<Part.Named> children) {
    int start = lexer.start;
    Value count = parser.expressions.whole();
    if (!lexer.atName("x")) {
      throw source.error(
          lexer.start,
          "an x is missing in front of " + lexer.describe() + ".",
          "Write 3 x Block(...).");
    }
    lexer.advance();
    refuseMiscounted(name, ((Whole) count).value(), start);
    if (lexer.atName("None")) {
      lexer.advance();
      long first = firstOf(name);
      return LongStream.range(first, first + Math.min(MOST_LAYERS, ((Whole) count).value()))
          .mapToObj(Long::toString)
          .toList();
    }
    long before = layers;
    Part layer = parser.layer();
    long times = ((Whole) count).value();
    long each = layers - before + 1;
    if (times > MOST_LAYERS / each || before + times * each > MOST_LAYERS) {
      throw source.error(
          start, "this makes more than " + MOST_LAYERS + " layers.", "Repeat it less often.");
    }
    layers = before;
    long first = firstOf(name);
    for (long i = 0; i < times; i++) {
      layers += each - 1;
      add(children, Long.toString(first + i), layer);
    }
    return List.of();
  }

  /** {@code (0-2): 2 x Block}: three keys are not two layers. */
  private void refuseMiscounted(String name, long count, int start) {
    int hyphen = name.indexOf('-');
    String last = name.substring(hyphen + 1);
    if (hyphen < 1 || !isNumber(name.substring(0, hyphen)) || !isNumber(last)) {
      return;
    }
    long first = firstOf(name);
    long keys = Math.max(0, Long.parseLong(last) - first + 1);
    if (keys != count && count <= MOST_LAYERS) {
      throw source.error(
          start,
          name + " are the keys of " + keys + " layers, and here are " + count + ".",
          "Write ("
              + first
              + "-"
              + (first + count - 1)
              + "): "
              + count
              + " x"
              + (keys > 0 ? ", or (" + name + "): " + keys + " x." : "."));
    }
  }

  static boolean isNumber(String word) {
    for (int i = 0; i < word.length(); i++) {
      if (!Source.isDigit(word.charAt(i))) {
        return false;
      }
    }
    return !word.isEmpty() && word.length() < 19;
  }

  /** The number in front of the hyphen of {@code 0-2}, or 0. */
  private static long firstOf(String name) {
    int hyphen = name.indexOf('-');
    boolean numbered = hyphen > 0 && isNumber(name.substring(0, hyphen));
    return numbered ? Long.parseLong(name.substring(0, hyphen)) : 0;
  }

  private void add(List<Part.Named> children, String name, Part part) {
    layers++;
    children.add(new Part.Named(name, part));
  }
}

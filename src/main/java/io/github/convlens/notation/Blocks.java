package io.github.convlens.notation;

import io.github.convlens.notation.Value.Whole;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Reads what has layers inside: Sequential, Residual, Concat, and classes of other people's. */
final class Blocks {
  private static final Set<String> OURS = Set.of("Sequential", "Residual", "Concat");
  private static final Set<String> LISTS = Set.of("ModuleList", "ModuleDict");

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
    NotKnown.of(type)
        .ifPresent(
            refusal -> {
              throw source.error(start, refusal.rule(), refusal.remedy());
            });
    int open = lexer.start;
    lexer.advance();
    List<Part.Named> children = new ArrayList<>();
    if (OURS.contains(type)) {
      readLayers(type, open, children);
    } else {
      readLoosely(type, open, children);
    }
    if (children.isEmpty() && type.equals("Residual")) {
      throw source.error(
          start,
          "Residual needs the branch that computes.",
          "Write Residual(main, shortcut), or Residual(main) to add the input itself.");
    }
    if (children.isEmpty() && type.equals("Concat")) {
      throw source.error(
          start, "Concat needs at least one branch.", "Write Concat(branch, branch).");
    }
    if (children.isEmpty() && !OURS.contains(type) && !LISTS.contains(type)) {
      throw unknown(type, start);
    }
    return new Part.Block(type, children, start);
  }

  private NotationException unknown(String type, int start) {
    String remedy =
        Nearest.of(type, allNames())
            .map(nearest -> "Did you mean " + nearest + "?")
            .orElse(
                "Replace it by the layers that it runs, or by Identity() if it keeps the shape and"
                    + " learns nothing.");
    return source.error(
        start, "there is no layer called " + Arguments.shortened(type) + ".", remedy);
  }

  /** Layers as arguments: positional, by name, in a list, in an OrderedDict, or as printed. */
  private void readLayers(String type, int open, List<Part.Named> children) {
    int brackets = 0;
    while (!lexer.accept(')')) {
      if (lexer.accept('*')) {
        continue;
      }
      if (lexer.accept('[')) {
        brackets++;
        continue;
      }
      if (brackets > 0 && lexer.accept(']')) {
        brackets--;
      } else if (lexer.atChild()) {
        child(children);
        lexer.accept(',');
        continue;
      } else if (!lexer.atChild()) {
        item(type, open, children);
      }
      if (!(brackets > 0 && lexer.at(']'))) {
        parser.separate(type, open);
      }
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
          "Write " + type + "(nn.Conv2d(1, 4, 3), nn.ReLU()).");
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

  /** {@code OrderedDict([('name', layer), ...])}. */
  private void orderedDict(List<Part.Named> children) {
    int open = lexer.end;
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
      pair(children);
      if (!lexer.accept(',') && !lexer.at(closing)) {
        throw pairs();
      }
    }
    lexer.accept(',');
    if (!lexer.accept(')')) {
      throw parser.unclosed("OrderedDict", open);
    }
  }

  private void pair(List<Part.Named> children) {
    char closing = lexer.at('[') ? ']' : ')';
    if (!lexer.accept('(') && !lexer.accept('[')) {
      throw pairs();
    }
    if (lexer.token != Lexer.Token.STRING) {
      throw pairs();
    }
    String name = lexer.quoted();
    lexer.advance();
    if (!lexer.accept(',')) {
      throw pairs();
    }
    add(children, name, parser.layer());
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

  /** The inside of a class that nobody declared to us: layers count, everything else is skipped. */
  private void readLoosely(String type, int open, List<Part.Named> children) {
    int nested = 0;
    while (nested > 0 || !lexer.at(')')) {
      if (lexer.token == Lexer.Token.END) {
        throw parser.unclosed(type, open);
      }
      if (lexer.atChild()) {
        child(children);
        continue;
      }
      if (lexer.token == Lexer.Token.NAME && lexer.followedBy('(')) {
        add(children, Integer.toString(children.size()), parser.layer());
        continue;
      }
      nested += lexer.at('(') || lexer.at('[') ? 1 : 0;
      nested -= nested > 0 && (lexer.at(')') || lexer.at(']')) ? 1 : 0;
      lexer.advance();
    }
    lexer.advance();
  }

  /** {@code (name): layer}, or {@code (0-2): 3 x layer}, which stands for three children. */
  void child(List<Part.Named> children) {
    String name = lexer.childName();
    lexer.skipChild();
    if (lexer.atName("None")) {
      lexer.advance();
      return;
    }
    if (lexer.token == Lexer.Token.WHOLE) {
      repeated(name, children);
    } else {
      add(children, name, parser.layer());
    }
  }

  private void repeated(String name, List<Part.Named> children) {
    int start = lexer.start;
    Value count = parser.expressions.whole();
    if (!lexer.atName("x")) {
      throw source.error(
          lexer.start,
          "an x is missing in front of " + lexer.describe() + ".",
          "Write 3 x Block(...).");
    }
    lexer.advance();
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
  }

  /** The number in front of the hyphen of {@code 0-2}, or 0. */
  private static long firstOf(String name) {
    int hyphen = name.indexOf('-');
    if (hyphen < 1 || hyphen > 9) {
      return 0;
    }
    for (int i = 0; i < hyphen; i++) {
      if (name.charAt(i) < '0' || name.charAt(i) > '9') {
        return 0;
      }
    }
    return Long.parseLong(name.substring(0, hyphen));
  }

  private void add(List<Part.Named> children, String name, Part part) {
    layers++;
    children.add(new Part.Named(name, part));
  }
}

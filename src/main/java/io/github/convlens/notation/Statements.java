package io.github.convlens.notation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a text: layers one a line, children of a print, assignments; and what says nothing
 * about layers: imports, {@code print(model)}, {@code model.eval()}.
 */
final class Statements {
  /** What a module answers with itself: the network stays the same. */
  private static final Set<String> SAME =
      Set.of(
          "to",
          "cuda",
          "cpu",
          "xpu",
          "mps",
          "eval",
          "train",
          "half",
          "float",
          "double",
          "bfloat16",
          "requires_grad_",
          "share_memory",
          "apply",
          "type",
          "compile");

  private final Parser parser;
  private final Lexer lexer;
  private final Source source;
  private final List<Part.Named> items = new ArrayList<>(1);
  private final Map<String, Integer> places = new HashMap<>(0);
  private boolean named;

  /** Where a variable was mentioned that is not in the text. */
  private @Nullable NotationException mention;

  Statements(Parser parser) {
    this.parser = parser;
    this.lexer = parser.lexer;
    this.source = lexer.source;
  }

  /**
   * The whole text: one part, or a block of all: {@link Parser#ROW} where they are said to run in a
   * row, {@link Parser#NAMES} where they have names of their own, whose forward is not in the text.
   */
  Part part() {
    boolean separated = true;
    while (lexer.token != Lexer.Token.END) {
      if (lexer.atName("import") || lexer.atName("from")) {
        lexer.skipStatement();
        separated = lexer.accept(';');
        continue;
      }
      if (!separated && !lexer.lineBreak) {
        throw unexpected();
      }
      statement();
      separated = lexer.accept(',') || lexer.accept(';');
    }
    if (items.isEmpty()) {
      throw mention != null
          ? mention
          : source.error(
              0, "there is no layer here.", "Write one, such as nn.Conv2d(1, 1, kernel_size=3).");
    }
    parser.blocks().refuseTwice(items);
    if (!named && items.size() > 1) {
      parser.blocks().refuseSeveralPrints(items);
    }
    return items.size() == 1
        ? items.get(0).part()
        : Part.Block.of(named ? Parser.NAMES : Parser.ROW, items, 0);
  }

  private void statement() {
    if (lexer.atChild()) {
      String name = lexer.childName();
      named |= !Character.isDigit(name.isEmpty() ? ' ' : name.charAt(0));
      parser.blocks().child(items);
    } else if (lexer.atName("print") && lexer.followedBy('(')) {
      printed();
    } else if (lexer.token == Lexer.Token.NAME && lexer.followedBy('=')) {
      assignment();
    } else if (lexer.token == Lexer.Token.NAME && lexer.followedBy(':')) {
      labelled();
    } else if (isOwnCall() || isOwnName()) {
      skipMention();
    } else {
      items.add(new Part.Named(Integer.toString(items.size()), parser.layer()));
    }
  }

  /** {@code print(layer)}; of {@code print(model)} and {@code print("text")} nothing is read. */
  private void printed() {
    lexer.advance();
    int open = lexer.start;
    lexer.advance();
    boolean variable = lexer.token == Lexer.Token.NAME && lexer.followedBy(')');
    if (variable || lexer.token == Lexer.Token.STRING || lexer.at(')')) {
      if (variable && !isAssigned(lexer.word()) && mention == null) {
        mention = parser.withoutParenthesis(lexer.lastName(), lexer.start);
      }
      lexer.jump(open);
      lexer.skipBracket();
      return;
    }
    items.add(new Part.Named(Integer.toString(items.size()), parser.layer()));
    if (!lexer.accept(')')) {
      throw source.error(
          lexer.start,
          "print takes one layer here, and this is " + lexer.describe() + ".",
          "Write print(layer), or the layer alone.");
    }
  }

  /** {@code conv = layer}; a name that is assigned twice has Python's last value. */
  private void assignment() {
    String name = lexer.lastName();
    lexer.advance();
    lexer.advance();
    if (isOwnCall() || isOwnName()) {
      skipMention();
      return;
    }
    named = true;
    put(name, parser.layer());
  }

  /** {@code conv: layer}, or with an annotation {@code conv: nn.Module = layer}. */
  private void labelled() {
    String name = lexer.lastName();
    lexer.advance();
    lexer.advance();
    if (lexer.token == Lexer.Token.NAME && lexer.followedBy('=')) {
      lexer.advance();
      lexer.advance();
    }
    named = true;
    put(name, parser.layer());
  }

  private void put(String name, Part part) {
    Part.Named item = new Part.Named(name, part);
    Integer place = places.putIfAbsent(name, items.size());
    if (place == null) {
      items.add(item);
    } else {
      items.set(place, item);
    }
  }

  private boolean isAssigned(String name) {
    return places.containsKey(name);
  }

  /** A variable of this text on its own. */
  private boolean isOwnName() {
    return lexer.token == Lexer.Token.NAME
        && !lexer.followedBy('(')
        && isAssigned(lexer.lastName());
  }

  /** {@code model.eval()}: a variable's method that answers the same network. */
  private boolean isOwnCall() {
    return lexer.token == Lexer.Token.NAME
        && lexer.followedBy('(')
        && lexer.lastName().length() < lexer.word().length()
        && SAME.contains(lexer.lastName());
  }

  private void skipMention() {
    boolean call = lexer.followedBy('(');
    lexer.advance();
    if (call) {
      lexer.skipBracket();
      sameAgain(lexer);
    }
  }

  /** Goes over {@code .cuda().eval()} behind a layer; other methods answer no network. */
  static void sameAgain(Lexer lexer) {
    while (lexer.at('.')) {
      int dot = lexer.start;
      lexer.advance();
      if (lexer.token != Lexer.Token.NAME) {
        throw lexer.elided(dot);
      }
      if (!SAME.contains(lexer.word())) {
        throw lexer.source.error(
            dot,
            "what ." + lexer.describe() + " makes of a layer is Python's, and cannot be read.",
            "Leave it out, or paste what print(model) shows.");
      }
      lexer.advance();
      if (lexer.at('(')) {
        lexer.skipBracket();
      }
    }
  }

  private NotationException unexpected() {
    if (lexer.at(')') || lexer.at(']')) {
      return source.error(
          lexer.start, "this " + lexer.describe() + " closes nothing.", "Leave it out.");
    }
    return source.error(
        lexer.start,
        "a comma or a new line is missing in front of " + lexer.describe() + ".",
        "Write one layer a line, or nn.Sequential(layer, layer).");
  }
}

package io.github.convlens.notation;

import io.github.convlens.graph.Note;
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
  private int children;

  /** Where a variable was mentioned that is not in the text. */
  private @Nullable NotationException mention;

  /** How many variables come first that are calls of classes, {@code net = Net()}. */
  private int made;

  /** What a call of Python is refused with, where no print behind it shows what it made. */
  private @Nullable NotationException called;

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
    if (made > 0 && items.size() == made + 1 && isPrint(items.get(made))) {
      items.subList(0, made).clear();
      named = false;
    }
    if (called != null && !(items.size() == 1 && isPrint(items.get(0)))) {
      throw called;
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
    if (!named && children > 0 && items.size() > 1) {
      parser.notes().add(noClass());
    }
    return items.size() == 1
        ? items.get(0).part()
        : Part.Block.of(named ? Parser.NAMES : Parser.ROW, items, 0);
  }

  private boolean isPrint(Part.Named item) {
    return parser.blocks().isPrint(item.part());
  }

  private void statement() {
    if (lexer.atChild()) {
      String name = lexer.childName();
      named |= !Character.isDigit(name.isEmpty() ? ' ' : name.charAt(0));
      children++;
      parser.blocks().child(items);
    } else if (lexer.atName("print") && lexer.followedBy('(')) {
      printed();
    } else if (lexer.token == Lexer.Token.NAME && lexer.followedBy('=')) {
      assignment();
    } else if (lexer.token == Lexer.Token.NAME && lexer.followedBy(':')) {
      labelled();
    } else if (isOwnCall() || isOwnName()) {
      skipMention();
    } else if (named && isAssigned(lexer.word()) && lexer.followedBy('(')) {
      throw source.error(
          lexer.start,
          "this calls " + lexer.describe() + ", and ConvLens runs no Python.",
          "Leave this line out: the layers alone are asked for.");
    } else if (!skipCall()) {
      items.add(new Part.Named(Integer.toString(items.size()), parser.layer()));
    }
  }

  /** {@code print(layer)}; of {@code print(model)} and {@code print("text")} nothing is read. */
  private void printed() {
    lexer.advance();
    int open = lexer.start;
    lexer.advance();
    boolean variable =
        lexer.token == Lexer.Token.NAME
            && (lexer.followedBy(')')
                || lexer.followedBy('[')
                || lexer.followedBy('"')
                || isAssigned(lexer.word())
                || isOwnCall());
    if (variable || lexer.token == Lexer.Token.STRING || lexer.at(')')) {
      if (variable) {
        mention();
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
    } else if (!skipCall()) {
      named = true;
      put(name, parser.layer());
    }
  }

  /** Goes over a call of Python in front of all layers; what it makes may be printed below. */
  private boolean skipCall() {
    if (!items.isEmpty() || lexer.token != Lexer.Token.NAME || !lexer.followedBy('(')) {
      return false;
    }
    int start = lexer.start;
    String type = lexer.lastName();
    int name = lexer.end - type.length();
    lexer.advance();
    if (!parser.blocks().isCall(type)) {
      lexer.jump(start);
      return false;
    }
    called = called == null ? parser.blocks().function(type, name) : called;
    lexer.skipBracket();
    sameAgain(lexer);
    return true;
  }

  /** Notes a variable that is not in this text, or a method of one. */
  private void mention() {
    int dot = isOwnCall() ? lexer.word().lastIndexOf('.') : lexer.word().length();
    String name = lexer.word().substring(0, dot);
    if (!isAssigned(name) && mention == null) {
      String last = name.substring(name.lastIndexOf('.') + 1);
      mention = parser.withoutParenthesis(last, lexer.start);
    }
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
    boolean isMade =
        part instanceof Part.Block block
            && block.children().isEmpty()
            && block.base().isEmpty()
            && !parser.isWhole(block.type());
    made += isMade && made == items.size() ? 1 : 0;
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
    return lexer.isDotted() && lexer.followedBy('(') && SAME.contains(lexer.lastName());
  }

  private void skipMention() {
    boolean call = lexer.followedBy('(');
    mention();
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

  /** Children with numbers are a Sequential's, or a list's. */
  private static Note noClass() {
    return Note.assumption(
        "The class that these layers are in is not in this text; they are taken to run one behind"
            + " the other, as in a Sequential.",
        "Paste all that print(model) shows.",
        "");
  }
}

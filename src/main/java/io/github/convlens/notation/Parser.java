package io.github.convlens.notation;

import io.github.convlens.layer.ShapeException;
import io.github.convlens.notation.Value.Whole;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Reads layers by recursive descent: a text is a row of layers; a layer is a leaf with arguments,
 * or a composition of children, written as a call or as {@code print(model)} shows it.
 */
final class Parser {
  /** Deeper nesting is nobody's network; the limit keeps the stack small. */
  private static final int DEEPEST = 200;

  private static final Set<String> PYTHON =
      Set.of("class", "def", "return", "super", "if", "for", "while", "with", "print", "lambda");

  /** The type of a block of layers in a row, written one a line. */
  static final String ROW = "Sequential";

  /** The type of a block of layers with names, whose class is not in the text. */
  static final String NAMES = "Module";

  final Lexer lexer;
  final Expressions expressions;
  private final Source source;
  private final Blocks blocks;
  private int depth;

  Parser(Source source) {
    this.source = source;
    this.lexer = new Lexer(source);
    this.expressions = new Expressions(this);
    this.blocks = new Blocks(this);
  }

  /**
   * The whole text: one part, or a block of all: {@link #ROW} where they are said to run in a row,
   * {@link #NAMES} where they have names of their own, whose forward is not in the text.
   */
  Part text() {
    List<Part.Named> items = new ArrayList<>(1);
    boolean named = false;
    boolean separated = true;
    while (lexer.token != Lexer.Token.END) {
      boolean prompt = lexer.lineBreak && lexer.at('>');
      if (prompt || lexer.atName("import") || lexer.atName("from")) {
        lexer.skipLine();
        continue;
      }
      if (!separated && !lexer.lineBreak) {
        throw unexpected();
      }
      if (lexer.atChild()) {
        named |=
            !Character.isDigit(lexer.childName().isEmpty() ? ' ' : lexer.childName().charAt(0));
        blocks.child(items);
      } else if (lexer.token == Lexer.Token.NAME && lexer.followedBy('=')) {
        named = true;
        items.add(assignment());
      } else {
        items.add(new Part.Named(Integer.toString(items.size()), layer()));
      }
      separated = lexer.accept(',') || lexer.accept(';');
    }
    if (items.isEmpty()) {
      throw source.error(
          0, "there is no layer here.", "Write one, such as nn.Conv2d(1, 1, kernel_size=3).");
    }
    return items.size() == 1 ? items.get(0).part() : new Part.Block(named ? NAMES : ROW, items, 0);
  }

  private Part.Named assignment() {
    String name = lexer.lastName();
    lexer.advance();
    lexer.advance();
    return new Part.Named(name, layer());
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

  /** One layer, leaf or block. */
  Part layer() {
    int start = lexer.start;
    if (lexer.token != Lexer.Token.NAME) {
      throw source.error(
          start,
          "a layer is missing in front of " + lexer.describe() + ".",
          "Write one, such as nn.ReLU().");
    }
    String type = lexer.lastName();
    int name = lexer.end - type.length();
    lexer.advance();
    if (!lexer.at('(')) {
      throw withoutParenthesis(type, start);
    }
    enter(start);
    Signature signature = Blocks.isOurs(type) ? null : Signatures.of(type);
    Part part = signature != null ? leaf(signature, start) : blocks.block(type, name);
    leave();
    return part;
  }

  private NotationException withoutParenthesis(String type, int start) {
    if (PYTHON.contains(type)) {
      return source.error(
          start,
          "Python code cannot be read, only layers.",
          "Paste what print(model) shows, or its layers one a line.");
    }
    Signature signature = Signatures.of(type);
    if (signature == null && !Blocks.allNames().contains(type)) {
      return source.error(
          start,
          Arguments.shortened(type) + " is a name, and what it stands for is not in this text.",
          "Write the layers themselves, or paste what print(model) shows.");
    }
    return source.error(
        start,
        type + " needs a parenthesis behind it, not " + lexer.describe() + ".",
        "Write " + (signature == null ? type + "(...)" : signature.usage()) + ".");
  }

  private Part leaf(Signature signature, int start) {
    Arguments arguments = new Arguments(source, signature, start);
    readArguments(signature, arguments);
    arguments.check();
    try {
      return new Part.Leaf(signature.build().apply(arguments), start);
    } catch (ShapeException e) {
      throw source.error(start, e);
    }
  }

  private void readArguments(Signature signature, Arguments arguments) {
    int open = lexer.start;
    lexer.advance();
    int positional = 0;
    boolean named = false;
    if (signature.isLazy() && lexer.token == Lexer.Token.WHOLE && lexer.word().equals("0")) {
      lexer.advance();
      lexer.accept(',');
    }
    while (!lexer.accept(')')) {
      int start = lexer.start;
      if (lexer.token == Lexer.Token.NAME && lexer.followedBy('=')) {
        named = true;
        named(signature, arguments);
      } else {
        refuseArgument(signature, open, named);
        arguments.set(positional++, expressions.value(), start);
      }
      separate(signature.type(), open);
    }
  }

  private void named(Signature signature, Arguments arguments) {
    int start = lexer.start;
    String name = lexer.word();
    lexer.advance();
    lexer.advance();
    int valueStart = lexer.start;
    Value value = expressions.value();
    boolean unknownYet = signature.isLazy() && value instanceof Whole whole && whole.value() == 0;
    if (!(unknownYet && signature.indexOf(name) < 0 && name.startsWith("in_"))) {
      arguments.set(name, start, value, valueStart);
    }
  }

  private void refuseArgument(Signature signature, int open, boolean named) {
    String type = signature.type();
    if (lexer.token == Lexer.Token.END) {
      throw unclosed(type, open);
    }
    if (lexer.atChild()) {
      throw childOf(signature);
    }
    if (named) {
      throw source.error(
          lexer.start,
          "an argument without a name stands behind one with a name.",
          "Put it in front, or name it: " + signature.usage() + ".");
    }
  }

  /** A layer that shows children; a MultiheadAttention's print shows one, and not its arguments. */
  private NotationException childOf(Signature signature) {
    String type = signature.type();
    return type.equals("MultiheadAttention")
        ? source.error(
            lexer.start,
            "what a print shows of " + type + " leaves its heads out.",
            "Write it as in the program: " + signature.usage() + ".")
        : source.error(
            lexer.start, type + " has no layers inside it.", "Write " + signature.usage() + ".");
  }

  /** Goes over the comma behind an argument; none is needed in front of the parenthesis. */
  void separate(String type, int open) {
    if (lexer.accept(',') || lexer.at(')')) {
      return;
    }
    if (lexer.token == Lexer.Token.END) {
      throw unclosed(type, open);
    }
    throw source.error(
        lexer.start,
        "a comma or ) is missing in front of " + lexer.describe() + ".",
        "Separate the arguments of "
            + Arguments.shortened(type)
            + " by commas and close it with ).");
  }

  /** A text that ends inside a layer. */
  NotationException unclosed(String type, int open) {
    return source.error(
        open,
        "the parenthesis of " + Arguments.shortened(type) + " is never closed.",
        "Put a ) behind its last argument.");
  }

  /** Counts a level of nesting, up to the limit. */
  void enter(int position) {
    if (++depth > DEEPEST) {
      throw source.error(
          position, "more than " + DEEPEST + " levels are nested here.", "Nest less deeply.");
    }
  }

  /** Ends a level of nesting. */
  void leave() {
    depth--;
  }

  Source source() {
    return source;
  }
}

package io.github.convlens.notation;

import io.github.convlens.graph.Note;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.ShapeException;
import io.github.convlens.notation.Value.Whole;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads layers by recursive descent: a text is a row of layers; a layer is a leaf with arguments,
 * or a composition of children, written as a call or as {@code print(model)} shows it.
 */
final class Parser {
  /** Deeper nesting is nobody's network; the limit keeps the stack small. */
  private static final int DEEPEST = 200;

  private static final Set<String> PYTHON =
      Set.of("class", "def", "return", "super", "if", "for", "while", "with", "print", "lambda");

  /** What is printed without the arguments that it needs. */
  private static final Set<String> BARE = Set.of("MultiheadAttention", "Permute");

  /** The type of a block of layers in a row, written one a line. */
  static final String ROW = "Sequential";

  /** The type of a block of layers with names, whose class is not in the text. */
  static final String NAMES = "Module";

  final Lexer lexer;
  final Expressions expressions;
  private final Source source;
  private final Blocks blocks;
  private @Nullable Dressed dressed;
  private final List<Note> notes = new ArrayList<>(0);
  private final Recipes recipes;
  private int depth;

  Parser(Source source) {
    this(source, Recipes.KNOWN);
  }

  /** A parser that knows which classes are kinds of a layer. */
  Parser(Source source, Recipes recipes) {
    this.source = source;
    this.recipes = recipes;
    this.lexer = new Lexer(source);
    this.expressions = new Expressions(this);
    this.blocks = new Blocks(this);
  }

  /** The whole text. */
  Part text() {
    try {
      return new Statements(this).part();
    } catch (NotationException e) {
      throw Layout.explained(source, e, lexer.token == Lexer.Token.END);
    }
  }

  /** What was noted while it was read. */
  List<Note> notes() {
    return notes;
  }

  Blocks blocks() {
    return blocks;
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
    Part part = part(type, start, name);
    leave();
    if (lexer.at('.')) {
      Statements.sameAgain(lexer);
    }
    return part;
  }

  private Part part(String type, int start, int name) {
    if (Blocks.isOurs(type)) {
      return blocks.block(type, name);
    }
    Signature signature = Signatures.of(type);
    if (signature != null) {
      boolean isClass =
          lexer.childFollows()
              ? recipes.isKnown(type)
              : !lexer.argumentFollows() && signature.needsArguments() && recipes.areEmpty(type);
      return isClass || (BARE.contains(type) && Hidden.hides(type, lexer))
          ? blocks.block(type, name)
          : leaf(signature, type, Map.of(), start);
    }
    if (Dressed.isKnown(type)) {
      return dressed().part(type, name);
    }
    Optional<Recipe.Own.Base> base = recipes.base(type);
    Signature ofBase = base.isEmpty() ? null : Signatures.of(base.get().type());
    return ofBase == null || !lexer.argumentFollows()
        ? blocks.block(type, name)
        : leaf(ofBase, type, base.get().arguments(), start);
  }

  /** A name that is no call. */
  NotationException withoutParenthesis(String type, int start) {
    if (PYTHON.contains(type)) {
      return source.error(
          start,
          "Python code cannot be read, only layers.",
          "Paste what print(model) shows, or its layers one a line.");
    }
    if (type.equals("Parameter") && lexer.atName("containing")) {
      return source.error(
          start,
          "these are learned numbers of the class itself, and what its forward does with them is in"
              + " no print.",
          NotKnown.EXPORT);
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

  /** A layer, or a class that is a kind of one, with children of its own. */
  Part leaf(Signature signature, String type, Map<String, Value> told, int start) {
    Arguments arguments = new Arguments(source, signature, start);
    List<Part.Named> children = new ArrayList<>(0);
    readArguments(signature, type, arguments, children);
    for (Map.Entry<String, Value> argument : told.entrySet()) {
      arguments.replace(argument.getKey(), argument.getValue(), start);
    }
    arguments.check();
    if (type.equals("GLU") && arguments.isEmpty() && source.text().startsWith(type, start)) {
      notes.add(
          Note.assumption(
              "PyTorch prints GLU(dim=-1). GLU() may be somebody's class that halves the channels; it"
                  + " is taken to halve the last axis.",
              "Write nn.GLU(dim) to be exact.",
              ""));
    }
    if (arguments.isOld()) {
      notes.addAll(OldPrint.hidden(arguments));
    }
    try {
      LayerSpec layer = signature.build().apply(arguments);
      boolean isPrinted =
          type.startsWith("AvgPool")
              && source.text().startsWith(type, start)
              && arguments.isAsPrinted();
      LayerSpec shown = isPrinted ? Hidden.printed(layer) : layer;
      return type.equals(signature.type()) && children.isEmpty()
          ? new Part.Leaf(shown, start)
          : new Part.Block(type, Optional.of(shown), Map.of(), children, start);
    } catch (ShapeException e) {
      throw source.error(start, e);
    }
  }

  /** What reads layers that wear something; most texts have none. */
  private Dressed dressed() {
    if (dressed == null) {
      dressed = new Dressed(this);
    }
    return dressed;
  }

  private void readArguments(
      Signature signature, String type, Arguments arguments, List<Part.Named> children) {
    int open = lexer.start;
    boolean sides = signature.names().size() == 1 && OldPrint.isSides(lexer, signature);
    lexer.advance();
    int positional = 0;
    boolean named = false;
    if (signature.isLazy() && lexer.token == Lexer.Token.WHOLE && lexer.word().equals("0")) {
      lexer.advance();
      lexer.accept(',');
    }
    while (!lexer.accept(')')) {
      int start = lexer.start;
      if (lexer.atChild() && dressed().takesChild(signature)) {
        continue;
      }
      if (lexer.atChild() && recipes.isKnown(type)) {
        blocks.child(children);
        continue;
      }
      if (lexer.atName("inplace") && OldPrint.isSwitch(lexer, signature)) {
        arguments.set(lexer.word(), start, OldPrint.on(), start);
        lexer.advance();
      } else if (lexer.token == Lexer.Token.NAME && lexer.followedBy('=')) {
        named = true;
        named(signature, arguments);
      } else {
        refuseArgument(signature, open, named);
        arguments.set(positional++, sides ? sides() : expressions.value(), start);
        if (lexer.at('-') && OldPrint.skipArrow(lexer, signature)) {
          arguments.setOld();
          continue;
        }
      }
      if (!lexer.atChild()) {
        separate(type, open);
      }
    }
  }

  /** Numbers up to the parenthesis as a tuple. */
  private Value sides() {
    List<Value> values = new ArrayList<>(4);
    values.add(expressions.value());
    while (lexer.accept(',')) {
      values.add(expressions.value());
    }
    return OldPrint.together(values);
  }

  private void named(Signature signature, Arguments arguments) {
    int start = lexer.start;
    String name = lexer.word();
    lexer.advance();
    lexer.advance();
    int valueStart = lexer.start;
    Value value = expressions.value();
    boolean unknownYet = signature.isLazy() && value instanceof Whole whole && whole.value() == 0;
    boolean elsewhere = unknownYet && signature.indexOf(name) < 0 && name.startsWith("in_");
    if (name.equals("size") && OldPrint.isKernel(signature, name)) {
      arguments.setOld();
      arguments.set("kernel_size", start, value, valueStart);
    } else if (!elsewhere
        && (dressed == null || !dressed.isOwnArgument(name))
        && !(name.equals("value") && OldPrint.isPadValue(signature, name, value))) {
      arguments.set(name, start, value, valueStart);
    }
  }

  private void refuseArgument(Signature signature, int open, boolean named) {
    String type = signature.type();
    if (lexer.token == Lexer.Token.END) {
      throw unclosed(type, open);
    }
    if (lexer.atChild()) {
      throw source.error(
          lexer.start, type + " has no layers inside it.", "Write " + signature.usage() + ".");
    }
    if (named) {
      throw source.error(
          lexer.start,
          "an argument without a name stands behind one with a name.",
          "Put it in front, or name it: " + signature.usage() + ".");
    }
  }

  /** Goes over the comma behind an argument; none is needed in front of the parenthesis. */
  void separate(String type, int open) {
    if (lexer.accept(',') || lexer.at(')')) {
      return;
    }
    if (lexer.token == Lexer.Token.END) {
      throw unclosed(type, open);
    }
    refusePython();
    throw source.error(
        lexer.start,
        "a comma or ) is missing in front of " + lexer.describe() + ".",
        "Separate the arguments of "
            + Arguments.shortened(type)
            + " by commas and close it with ).");
  }

  /** A comprehension or a condition, which only Python can run. */
  void refusePython() {
    if (lexer.token == Lexer.Token.NAME && (lexer.atName("for") || lexer.atName("if"))) {
      throw source.error(
          lexer.start,
          "Python code cannot be read, only layers.",
          "Write each value or layer, or paste what print(model) shows.");
    }
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

  /** Whether a class of this name has no children and shows nothing of itself. */
  boolean isWhole(String type) {
    return recipes.areEmpty(type);
  }

  /** Whether what is read is inside a layer. */
  boolean isNested() {
    return depth > 1;
  }

  /** Whether there is a recipe of this class. */
  boolean isKnown(String type) {
    return recipes.isKnown(type);
  }

  Source source() {
    return source;
  }
}

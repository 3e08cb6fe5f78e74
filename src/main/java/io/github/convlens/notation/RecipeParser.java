package io.github.convlens.notation;

import io.github.convlens.notation.Recipe.Condition;
import io.github.convlens.notation.Recipe.Count;
import io.github.convlens.notation.Recipe.Expression;
import io.github.convlens.notation.Recipe.Quantity;
import io.github.convlens.notation.Recipe.Slot;
import io.github.convlens.notation.Recipe.Step;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads recipe files. A recipe starts at the beginning of a line and goes on on indented ones:
 *
 * <pre>
 * recipe     = class {"|" class} ":" {child} "=" step {";" step}
 * child      = name | name "?" | name "*" | "*"         one, one or none, many, all others
 * step       = [variable "="] value
 * value      = sum ["if" condition {"and" condition} "else" value]
 * sum        = product {"+" product}
 * product    = item {"*" item}
 * item       = (variable | name ["?"] "(" value {"," value} ")" | numbers | "(" value ")") {"[" n "]"}
 *              in_order(children*, x) and dense(children*, x) take the children of a slot
 * condition  = quantity ("==" | "!=") quantity
 * quantity   = n | ("stride" | "in" | "out") "(" child ")"
 * </pre>
 */
final class RecipeParser {
  private final Source source;
  private final Lexer lexer;
  private final Set<String> variables = new HashSet<>();
  private final Set<String> slots = new HashSet<>();

  private RecipeParser(Source source) {
    this.source = source;
    lexer = new Lexer(source);
  }

  /**
   * The recipes of a file, in its order.
   *
   * @throws NotationException with line and column of a mistake
   */
  static List<Recipe> parse(String text) {
    RecipeParser parser = new RecipeParser(new Source(text));
    List<Recipe> recipes = new ArrayList<>();
    while (parser.lexer.token != Lexer.Token.END) {
      recipes.add(parser.recipe());
    }
    return recipes;
  }

  private Recipe recipe() {
    int start = lexer.start;
    if (!atLineStart()) {
      throw source.error(
          start, "a recipe starts at the beginning of a line.", "Take the spaces in front away.");
    }
    variables.clear();
    slots.clear();
    variables.add("x");
    List<String> types = new ArrayList<>(List.of(name("the name of a class")));
    while (lexer.accept('|')) {
      types.add(name("the name of a class"));
    }
    expect(':', "Write Class: children = what forward computes.");
    List<Slot> children = children();
    expect('=', "Write = and what forward computes.");
    List<Step> steps = new ArrayList<>(List.of(step()));
    while (lexer.accept(';')) {
      if (isEnd()) {
        break;
      }
      steps.add(step());
    }
    if (!isEnd()) {
      throw source.error(
          lexer.start,
          "a ; or the next recipe is missing in front of " + lexer.describe() + ".",
          "Write one recipe after the other, each from the beginning of a line.");
    }
    return new Recipe(types, children, steps, start, source);
  }

  private boolean atLineStart() {
    return lexer.start == 0 || source.text().charAt(lexer.start - 1) == '\n';
  }

  private boolean isEnd() {
    return lexer.token == Lexer.Token.END || (lexer.lineBreak && atLineStart());
  }

  private List<Slot> children() {
    List<Slot> children = new ArrayList<>();
    while (!lexer.at('=') && !isEnd()) {
      int start = lexer.start;
      String name = lexer.at('*') ? "" : childName();
      Count count =
          lexer.accept('*') ? Count.MANY : lexer.accept('?') ? Count.ONE_OR_NONE : Count.ONE;
      if (!slots.add(name)) {
        throw source.error(start, "two children are called " + name + ".", "Name each once.");
      }
      children.add(new Slot(name, count));
    }
    return children;
  }

  /** A child's name: a Python name or a number. */
  private String childName() {
    if (lexer.token != Lexer.Token.NAME && lexer.token != Lexer.Token.WHOLE) {
      throw source.error(
          lexer.start,
          "the name of a child is missing in front of " + lexer.describe() + ".",
          "Write names, each with a ? if it may be absent, or with a * for all that begin so.");
    }
    String name = lexer.word();
    lexer.advance();
    return name;
  }

  private Step step() {
    if (lexer.token == Lexer.Token.NAME && lexer.followedBy('=')) {
      String variable = lexer.word();
      lexer.advance();
      lexer.advance();
      Step step = new Step(variable, value());
      variables.add(variable);
      return step;
    }
    return new Step("", value());
  }

  private Expression value() {
    int start = lexer.start;
    Expression sum = sum();
    if (!lexer.atName("if")) {
      return sum;
    }
    lexer.advance();
    List<Condition> conditions = new ArrayList<>(List.of(condition()));
    while (lexer.atName("and")) {
      lexer.advance();
      conditions.add(condition());
    }
    if (!lexer.atName("else")) {
      throw source.error(
          lexer.start,
          "else is missing in front of " + lexer.describe() + ".",
          "Write a if c else b.");
    }
    lexer.advance();
    return new Expression.Choice(sum, conditions, value(), start);
  }

  private Condition condition() {
    Quantity left = quantity();
    boolean equal = lexer.at('=');
    if (!lexer.accept('=') && !lexer.accept('!')) {
      throw source.error(
          lexer.start,
          "== or != is missing in front of " + lexer.describe() + ".",
          "Write stride(conv) == 1.");
    }
    expect('=', "Write == or !=.");
    return new Condition(left, equal, quantity());
  }

  private Quantity quantity() {
    if (lexer.token == Lexer.Token.WHOLE) {
      return new Quantity("", "", whole());
    }
    int start = lexer.start;
    String name = name("a quantity");
    if (!Set.of("stride", "in", "out").contains(name)) {
      throw source.error(
          start,
          name + " is no quantity that a print shows.",
          "Use a number, stride(child), in(child) or out(child).");
    }
    expect('(', "Write " + name + "(child).");
    int childStart = lexer.start;
    String child = childName();
    known(child, childStart);
    expect(')', "Write " + name + "(" + child + ").");
    return new Quantity(name, child, 0);
  }

  private Expression sum() {
    Expression sum = product();
    while (lexer.at('+')) {
      int position = lexer.start;
      lexer.advance();
      sum = new Expression.Infix('+', sum, product(), position);
    }
    return sum;
  }

  private Expression product() {
    Expression product = item();
    while (lexer.at('*')) {
      int position = lexer.start;
      lexer.advance();
      product = new Expression.Infix('*', product, item(), position);
    }
    return product;
  }

  private Expression item() {
    Expression item = single();
    while (lexer.at('[')) {
      int position = lexer.start;
      lexer.advance();
      item = new Expression.Item(item, Math.toIntExact(whole()), position);
      expect(']', "Write [0] for the first of several outputs.");
    }
    return item;
  }

  private Expression single() {
    int start = lexer.start;
    if (lexer.accept('(')) {
      Expression inner = value();
      expect(')', "Close the parenthesis.");
      return inner;
    }
    if (lexer.token == Lexer.Token.WHOLE && !lexer.followedBy('(')) {
      return new Expression.Numbers(List.of(whole()), start);
    }
    if (lexer.accept('[')) {
      return numbers(start);
    }
    if (isEnd() || (lexer.token != Lexer.Token.NAME && lexer.token != Lexer.Token.WHOLE)) {
      throw source.error(
          lexer.start,
          "a value is missing in front of " + lexer.describe() + ".",
          "Write a call such as conv(x), a variable, a number or numbers in brackets.");
    }
    String name = childName();
    boolean ifThere = lexer.accept('?');
    if (lexer.at('*')
        && slots.contains(name)
        && !lexer.followedBy('(')
        && !variables.contains(name)) {
      lexer.advance();
      return new Expression.Variable(name, start);
    }
    if (!lexer.accept('(')) {
      if (!variables.contains(name) && !slots.contains(name)) {
        throw source.error(
            start, name + " is not a variable.", "Variables are x, the input, and what = names.");
      }
      return new Expression.Variable(name, start);
    }
    return call(name, ifThere, start);
  }

  private Expression call(String name, boolean ifThere, int start) {
    if (!slots.contains(name) && !Functions.isKnown(name)) {
      throw source.error(
          start,
          name + " is neither a child nor a function.",
          "Name it among the children in front of the =, or use one of "
              + String.join(", ", Functions.names())
              + ".");
    }
    List<Expression> arguments = new ArrayList<>();
    while (!lexer.accept(')')) {
      arguments.add(lexer.at('*') ? all() : value());
      if (!lexer.accept(',') && !lexer.at(')')) {
        throw source.error(
            lexer.start,
            "a comma or ) is missing in front of " + lexer.describe() + ".",
            "Separate arguments by commas.");
      }
    }
    return new Expression.Call(name, ifThere, arguments, start);
  }

  /** {@code *}: all children of the slot without a name. */
  private Expression all() {
    int start = lexer.start;
    lexer.advance();
    known("", start);
    return new Expression.Variable("", start);
  }

  private Expression numbers(int start) {
    List<Long> numbers = new ArrayList<>();
    while (!lexer.accept(']')) {
      numbers.add(whole());
      if (!lexer.accept(',') && !lexer.at(']')) {
        throw source.error(
            lexer.start, "a ] is missing in front of " + lexer.describe() + ".", "Write [2, 3].");
      }
    }
    return new Expression.Numbers(numbers, start);
  }

  private void known(String child, int position) {
    if (!slots.contains(child)) {
      throw source.error(
          position,
          (child.isEmpty() ? "*" : child) + " is not among the children.",
          "Name it in front of the =.");
    }
  }

  private long whole() {
    if (lexer.token != Lexer.Token.WHOLE) {
      throw source.error(
          lexer.start,
          "a whole number is missing in front of " + lexer.describe() + ".",
          "Write one, such as 2.");
    }
    try {
      long number = Integer.parseInt(lexer.word());
      lexer.advance();
      return number;
    } catch (NumberFormatException e) {
      throw source.error(lexer.start, "this number is too large.", "Use a smaller one.");
    }
  }

  private String name(String what) {
    if (lexer.token != Lexer.Token.NAME) {
      throw source.error(
          lexer.start, what + " is missing in front of " + lexer.describe() + ".", "Write one.");
    }
    String name = lexer.word();
    lexer.advance();
    return name;
  }

  private void expect(char symbol, String remedy) {
    if (!lexer.accept(symbol)) {
      throw source.error(
          lexer.start, symbol + " is missing in front of " + lexer.describe() + ".", remedy);
    }
  }
}

package io.github.convlens.notation;

import io.github.convlens.notation.Recipe.Argument;
import io.github.convlens.notation.Recipe.Expression;
import io.github.convlens.notation.internal.Nearest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a recipe computes, with Python's precedence:
 *
 * <pre>
 * value      = test ["if" test "else" value]
 * test       = conjunction {"or" conjunction}
 * conjunction = negation {"and" negation}
 * negation   = ["not"] (sum [("==" | "!=" | "&lt;" | "&lt;=" | "&gt;" | "&gt;=" | "is" ["not"]) sum])
 * sum        = product {("+" | "-") product}
 * product    = signed {("*" | "/" | "//" | "%" | "@") signed}
 * signed     = ["-"] item
 * item       = (name | number | text | "[" [value {"," value}] "]" | "[" value each "]" | "(" value {"," value} ")")
 *              {"." name | "[" value "]" | "[" [value] ":" [value] "]" | ["?"] "(" arguments ")"}
 * each       = "for" name {"," name} "in" test ["if" value]
 * arguments  = [[name "="] value {"," [name "="] value}] | value each
 * </pre>
 */
final class RecipeExpressions {
  /** The name of all children of a slot {@code *}. */
  static final String ALL = "children";

  private static final Map<String, Value> CONSTANTS =
      Map.of(
          "True", Value.Constant.TRUE, "False", Value.Constant.FALSE, "None", Value.Constant.NONE);

  private static final Set<String> KEYWORDS =
      Set.of("if", "else", "for", "in", "and", "or", "not", "raise", "assume", "remark", "return");

  static final String SLICED = "slices of an array are not read.";

  static final String PARTS =
      "Write a, b = split(x, [4, -1]) to part the channels, crop_like(x, y) for the size of another"
          + " array, reversed(layers) for [::-1].";

  private static final String PYTHONS_SUPER = "super().forward";

  private final Lexer lexer;
  private final Source source;
  private final Set<String> names;
  private final BooleanSupplier isEnd;

  /** The children in front of the =, which {@code self.child} may stand for. */
  private final List<Recipe.Slot> children = new ArrayList<>();

  /** Names that are not known yet, with their places: a variable of an each stands behind it. */
  private final Map<String, Integer> unknown = new LinkedHashMap<>();

  /**
   * Reads from a lexer.
   *
   * @param names the names that are known, which grow with what is read
   * @param isEnd whether the recipe ends in front of the current token
   */
  RecipeExpressions(Lexer lexer, Set<String> names, BooleanSupplier isEnd) {
    this.lexer = lexer;
    this.source = lexer.source;
    this.names = names;
    this.isEnd = isEnd;
  }

  /** Takes the children of the recipe that is read. */
  void of(List<Recipe.Slot> slots) {
    children.clear();
    children.addAll(slots);
  }

  /** Rejects names that nothing stands for. */
  void checkNames() {
    unknown.forEach(
        (name, position) -> {
          boolean isCall = source.text().startsWith("(", position + name.length());
          String meant = isCall ? meant(name) : "";
          throw source.error(
              position,
              name + (isCall ? " is neither a child nor a function." : " is not a variable."),
              !meant.isEmpty()
                  ? "Did you mean " + meant + "?"
                  : isCall
                      ? (children.stream().anyMatch(slot -> slot.matches(name))
                              ? "Write self." + name + " for the child, name it "
                              : "Name it among the children ")
                          + "in front of the =, or use one of "
                          + String.join(", ", Functions.names())
                          + "."
                      : "Variables are the children, x, the input, and what = names.");
        });
  }

  /** The child in front of the = that a name is nearly that of; empty if none. */
  private String meant(String name) {
    String prefix = name.startsWith("self.") ? "self." : "";
    List<String> known = children.stream().map(Recipe.Slot::name).toList();
    return Nearest.of(name.substring(prefix.length()), known).map(prefix::concat).orElse("");
  }

  /** Takes names for known, since they stand in front of a =. */
  void forget(List<String> targets) {
    targets.forEach(unknown::remove);
  }

  /** A value. */
  Expression value() {
    int start = lexer.start;
    Expression then = test();
    int position = lexer.start;
    if (!accept("if")) {
      return then;
    }
    Expression condition = test();
    if (lexer.at(':')) {
      throw noSteps(position);
    }
    if (!accept("else")) {
      throw source.error(
          lexer.start,
          "else is missing in front of " + lexer.describe() + ".",
          "Write a if c else b.");
    }
    return new Expression.Choice(then, condition, value(), start);
  }

  /** An if of several steps. */
  NotationException noSteps(int start) {
    return source.error(
        start,
        "an if of a recipe chooses a value, and runs no steps.",
        "Write y = a if c else b; child?(x) is x where the child is absent.");
  }

  private Expression test() {
    Expression all = conjunction();
    while (!isEnd.getAsBoolean() && lexer.atName("or")) {
      int position = lexer.start;
      lexer.advance();
      all = new Expression.Infix("or", all, conjunction(), position);
    }
    return all;
  }

  private Expression conjunction() {
    Expression all = negation();
    while (!isEnd.getAsBoolean() && lexer.atName("and")) {
      int position = lexer.start;
      lexer.advance();
      all = new Expression.Infix("and", all, negation(), position);
    }
    return all;
  }

  private Expression negation() {
    int position = lexer.start;
    if (accept("not")) {
      return new Expression.Unary("not", negation(), position);
    }
    Expression left = sum();
    if (accept("is")) {
      return isNone(left, position);
    }
    String operator = comparison();
    if (operator.isEmpty()) {
      return left;
    }
    int place = lexer.start;
    for (int i = 0; i < operator.length(); i++) {
      lexer.advance();
    }
    return new Expression.Infix(operator, left, sum(), place);
  }

  /** {@code is None}, {@code is not None}. */
  private Expression isNone(Expression left, int position) {
    String operator = accept("not") ? "!=" : "==";
    if (!accept("None")) {
      throw source.error(lexer.start, "is asks for None here.", "Write == for what is no None.");
    }
    Expression none = new Expression.Literal(Value.Constant.NONE, position);
    return new Expression.Infix(operator, left, none, position);
  }

  private String comparison() {
    if (isEnd.getAsBoolean()) {
      return "";
    }
    for (String operator : List.of("==", "!=", "<=", ">=", "<", ">")) {
      if (source.text().startsWith(operator, lexer.start)) {
        return operator;
      }
    }
    return "";
  }

  private Expression sum() {
    Expression sum = product();
    while ((lexer.at('+') || lexer.at('-')) && !atAugmented()) {
      String operator = lexer.word();
      int position = lexer.start;
      lexer.advance();
      sum = new Expression.Infix(operator, sum, product(), position);
    }
    return sum;
  }

  /** Whether {@code +=} or the like stands here. */
  boolean atAugmented() {
    return (lexer.at('+') || lexer.at('-') || lexer.at('*') || lexer.at('/'))
        && source.text().startsWith("=", lexer.end);
  }

  private Expression product() {
    Expression product = signed();
    while ((lexer.at('*') || lexer.at('%') || lexer.at('/') || lexer.at('@')) && !atAugmented()) {
      int position = lexer.start;
      String operator = lexer.word();
      lexer.advance();
      if (operator.equals("*") && lexer.at('*')) {
        throw source.error(position, "powers are not read.", "Write x * x for x ** 2.");
      }
      if (operator.equals("/") && lexer.accept('/')) {
        operator = "//";
      }
      product = new Expression.Infix(operator, product, signed(), position);
    }
    return product;
  }

  private Expression signed() {
    int position = lexer.start;
    return lexer.accept('-') ? new Expression.Unary("-", signed(), position) : item();
  }

  private Expression item() {
    Expression item = single();
    while (!isEnd.getAsBoolean()) {
      int position = lexer.start;
      if (!lexer.lineBreak && lexer.at('[')) {
        refuseDots(position);
        lexer.advance();
        item = index(item, position);
      } else if (lexer.word().equals(".")) {
        lexer.advance();
        item = attributes(item, position);
      } else if (lexer.at('?') || lexer.at('(')) {
        boolean ifThere = lexer.accept('?');
        expect('(', "Write child?(x).");
        item = new Expression.Call(item, ifThere, arguments(), item.position());
      } else {
        return item;
      }
    }
    return item;
  }

  /** {@code x[..., 0]}: dots that leave nothing out. */
  private void refuseDots(int bracket) {
    int next = lexer.end;
    while (source.text().startsWith(" ", next)) {
      next++;
    }
    if (source.text().startsWith("...", next)) {
      throw source.error(bracket, SLICED, PARTS);
    }
  }

  private Expression index(Expression of, int position) {
    Expression from = lexer.at(':') ? null : value();
    boolean isSlice = lexer.accept(':');
    if (lexer.at(',') || lexer.at(':')) {
      throw source.error(position, SLICED, PARTS);
    }
    if (isSlice) {
      Expression to = lexer.at(']') ? null : value();
      if (lexer.at(',') || lexer.at(':')) {
        throw source.error(position, SLICED, PARTS);
      }
      expect(']', "Write layers[1:].");
      return new Expression.Slice(of, from, to, position);
    }
    expect(']', "Write [0] for the first of several.");
    if (from == null) {
      throw missing();
    }
    return new Expression.Index(of, from, position);
  }

  private Expression single() {
    int start = lexer.start;
    if (isEnd.getAsBoolean()) {
      throw missing();
    }
    if (lexer.accept('(')) {
      return parenthesis(start);
    }
    if (lexer.accept('[')) {
      return listed(start);
    }
    if (lexer.token == Lexer.Token.NAME && !KEYWORDS.contains(lexer.word())) {
      return named();
    }
    if (lexer.token == Lexer.Token.WHOLE && names.contains(lexer.word()) && isCall()) {
      Expression child = new Expression.Name(lexer.word(), start);
      lexer.advance();
      return child;
    }
    return new Expression.Literal(literal(), start);
  }

  /** A value, or several as in a list: {@code (2, 3)}. */
  private Expression parenthesis(int start) {
    Expression first = value();
    if (!lexer.at(',')) {
      expect(')', "Close the parenthesis.");
      return first;
    }
    List<Expression> items = new ArrayList<>(List.of(first));
    while (lexer.accept(',') && !lexer.at(')')) {
      items.add(value());
    }
    expect(')', "Write (2, 3).");
    return new Expression.Listed(items, start);
  }

  private boolean isCall() {
    return lexer.followedBy('(') || lexer.followedBy('?');
  }

  /** {@code x}, {@code block.conv}: the lexer takes dots for a part of a name. */
  private Expression named() {
    int start = lexer.start;
    String word = lexer.word();
    if (source.text().startsWith(PYTHONS_SUPER + "(", start)) {
      lexer.jump(start + PYTHONS_SUPER.length());
      return new Expression.Name("super", start);
    }
    String[] parts = word.split("\\.", -1);
    lexer.advance();
    if (parts[0].equals("self") && parts.length > 1) {
      return ofSelf(parts, start);
    }
    if (lexer.at('(') && !names.contains(parts[0]) && TorchCall.isQualified(word)) {
      return new Expression.Name(word, start);
    }
    if (CONSTANTS.containsKey(parts[0])) {
      return new Expression.Literal(CONSTANTS.get(parts[0]), start);
    }
    boolean call = lexer.at('(') && parts.length == 1 && Functions.isKnown(parts[0]);
    if (!names.contains(parts[0]) && !call) {
      unknown.putIfAbsent(parts[0], start);
    }
    return attributes(new Expression.Name(parts[0], start), parts, 1, start);
  }

  /** {@code self.conv}, a child whatever else is called conv; else what the class shows. */
  private Expression ofSelf(String[] parts, int start) {
    String name = parts[1];
    Expression self = new Expression.Name("self", start);
    if (name.equals("training") && parts.length == 2) {
      return new Expression.Literal(Value.Constant.FALSE, start);
    }
    if (children.stream().anyMatch(slot -> slot.name().equals(name))) {
      return attributes(new Expression.Name("self." + name, start), parts, 2, start);
    }
    boolean isCall = lexer.at('(') || lexer.at('?') || parts.length > 2;
    if (isCall && children.stream().noneMatch(slot -> slot.matches(name))) {
      unknown.putIfAbsent("self." + name, start);
    }
    return attributes(self, parts, 1, start);
  }

  private static Expression attributes(Expression of, String[] names, int from, int position) {
    Expression last = of;
    for (int i = from; i < names.length; i++) {
      last = new Expression.Attribute(last, names[i], position);
    }
    return last;
  }

  /** What stands behind the dot of {@code layers[0].conv}. */
  private Expression attributes(Expression of, int position) {
    if (lexer.token != Lexer.Token.NAME) {
      throw missing();
    }
    String[] names = lexer.word().split("\\.");
    lexer.advance();
    return attributes(of, names, 0, position);
  }

  private Expression listed(int start) {
    if (lexer.accept(']')) {
      return new Expression.Listed(List.of(), start);
    }
    Expression first = value();
    if (lexer.atName("for")) {
      Expression each = each(first, start);
      expect(']', "Write [branch(x) for branch in branches].");
      return each;
    }
    List<Expression> items = new ArrayList<>(List.of(first));
    while (lexer.accept(',') && !lexer.at(']')) {
      items.add(value());
    }
    expect(']', "Write [2, 3].");
    return new Expression.Listed(items, start);
  }

  private Expression each(Expression body, int start) {
    lexer.advance();
    List<String> variables = loopVariables();
    Expression of = test();
    Expression condition = accept("if") ? value() : null;
    variables.forEach(unknown::remove);
    return new Expression.Each(body, variables, of, condition, start);
  }

  /** {@code a, b in}. */
  List<String> loopVariables() {
    List<String> variables = new ArrayList<>();
    do {
      if (lexer.token != Lexer.Token.NAME) {
        throw source.error(
            lexer.start,
            "the name of a variable is missing in front of " + lexer.describe() + ".",
            "Write for a in b.");
      }
      variables.add(lexer.word());
      lexer.advance();
    } while (lexer.accept(','));
    if (!accept("in")) {
      throw source.error(
          lexer.start, "in is missing in front of " + lexer.describe() + ".", "Write for a in b.");
    }
    return variables;
  }

  private List<Argument> arguments() {
    List<Argument> arguments = new ArrayList<>();
    while (!lexer.accept(')')) {
      int start = lexer.start;
      String name = "";
      if (lexer.token == Lexer.Token.NAME && lexer.followedBy('=')) {
        name = lexer.word();
        lexer.advance();
        lexer.advance();
      }
      Expression value = value();
      arguments.add(new Argument(name, lexer.atName("for") ? each(value, start) : value));
      if (!lexer.accept(',') && !lexer.at(')')) {
        throw source.error(
            lexer.start,
            "a comma or ) is missing in front of " + lexer.describe() + ".",
            "Separate arguments by commas.");
      }
    }
    return arguments;
  }

  /** A number, a text, True, False or None. */
  Value literal() {
    Value value =
        switch (lexer.token) {
          case WHOLE -> whole();
          case DECIMAL -> new Value.Decimal(Double.parseDouble(lexer.word()));
          case STRING -> new Value.Text(lexer.quoted());
          case NAME -> constant();
          default -> throw missing();
        };
    lexer.advance();
    return value;
  }

  private Value constant() {
    @Nullable Value constant = CONSTANTS.get(lexer.word());
    if (constant == null) {
      throw missing();
    }
    return constant;
  }

  private Value whole() {
    try {
      return new Value.Whole(Integer.parseInt(lexer.word()));
    } catch (NumberFormatException e) {
      throw source.error(lexer.start, "this number is too large.", "Use a smaller one.");
    }
  }

  private NotationException missing() {
    return source.error(
        lexer.start,
        "a value is missing in front of " + lexer.describe() + ".",
        "Write a call such as conv(x), a variable, a number or numbers in brackets.");
  }

  private boolean accept(String word) {
    if (isEnd.getAsBoolean() || !lexer.atName(word)) {
      return false;
    }
    lexer.advance();
    return true;
  }

  private void expect(char symbol, String remedy) {
    if (!lexer.accept(symbol)) {
      throw source.error(
          lexer.start, symbol + " is missing in front of " + lexer.describe() + ".", remedy);
    }
  }
}

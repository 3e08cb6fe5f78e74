package io.github.convlens.notation;

import io.github.convlens.notation.Recipe.Count;
import io.github.convlens.notation.Recipe.Expression;
import io.github.convlens.notation.Recipe.Own;
import io.github.convlens.notation.Recipe.Section;
import io.github.convlens.notation.Recipe.Slot;
import io.github.convlens.notation.Recipe.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads recipe files: Python as far as a {@code forward} needs it. A recipe starts at the beginning
 * of a line and goes on on indented ones:
 *
 * <pre>
 * file       = {section | recipe}
 * section    = "[" name [":" (class {class} | "*")] "]"       where they are from, and certain classes
 * recipe     = class {"|" class} ["(" own ")"] ":" {child} "=" [forward] {step ";"} step
 * own        = "*" | layer {"," argument "=" value}
 * child      = name | name "?" | name "*" | "*"               one, one or none, many, all others
 * forward    = ["def"] "forward" "(" name {"," name} ")" ":"  without it the input is called x
 * step       = [name {"," name} "="] value {"," value} | name "+=" value
 *            | "return" value {"," value}                     the last one
 *            | "for" name {"," name} "in" value ":" step {";" step}      to the end of the line
 *            | "raise" text ["if" value]                      what a print does not show
 *            | "assume" text ["if" value]                     a note of what was assumed
 *            | "remark" text ["if" value]                     a note of what is worth knowing
 * </pre>
 *
 * <p>A step may also begin on a line of its own in place of the semicolon, and so may those of a
 * {@code for}, farther in. Values are in {@link RecipeExpressions}.
 */
final class RecipeParser {
  private static final String FORWARD = "Write forward(x, y):, or def forward(self, x):.";

  private static final String LEAVE_OUT = "Leave it out: it computes nothing of the result.";

  /** What to write for statements of Python's that recipes do not have. */
  private static final Map<String, String> INSTEAD =
      Map.of(
          "assert", LEAVE_OUT,
          "del", LEAVE_OUT,
          "print", LEAVE_OUT,
          "pass", LEAVE_OUT,
          "with", "Leave its line out, and write what it holds farther left.",
          "try", "Write what runs.",
          "while", "Write for i in range(3): where it runs three times.");

  private final Source source;
  private final Lexer lexer;
  private final Set<String> names = new HashSet<>();
  private final RecipeExpressions expressions;

  /** How many arguments of the last forward are without a default, from the first on. */
  private int required;

  private Section section = Section.OWN;
  private boolean isReturned;
  private int loops;

  private RecipeParser(Source source, int start) {
    this.source = source;
    lexer = new Lexer(source, start);
    lexer.advance();
    expressions = new RecipeExpressions(lexer, names, this::isEnd);
  }

  /**
   * The recipes of a file, in its order.
   *
   * @throws NotationException with line and column of a mistake
   */
  static List<Recipe> parse(String text) {
    return parse(new Source(text));
  }

  /** The same of a file with a name. */
  static List<Recipe> parse(Source source) {
    RecipeParser parser = new RecipeParser(source, 0);
    List<Recipe> recipes = new ArrayList<>();
    while (parser.lexer.token != Lexer.Token.END) {
      if (parser.lexer.at('[')) {
        parser.section();
      } else {
        recipes.add(parser.recipe());
      }
    }
    return recipes;
  }

  /** The recipe that starts at a place. */
  static Recipe parse(Source source, int start, Section section) {
    RecipeParser parser = new RecipeParser(source, start);
    parser.section = section;
    return parser.recipe();
  }

  /** The section that starts at a place. */
  static Section section(Source source, int start) {
    RecipeParser parser = new RecipeParser(source, start);
    parser.section();
    return parser.section;
  }

  private void section() {
    lexer.advance();
    String name = name("the name of a section");
    Set<String> certain = new HashSet<>();
    if (lexer.accept(':')) {
      while (!lexer.at(']') && lexer.token != Lexer.Token.END) {
        certain.add(lexer.accept('*') ? "*" : name("the name of a class"));
      }
    }
    expect(']', "Write [name: Class Class].");
    section = new Section(name, Set.copyOf(certain));
  }

  private Recipe recipe() {
    int start = lexer.start;
    if (lexer.atName("def") || lexer.atName("class") || lexer.at('@')) {
      throw source.error(
          start,
          "a recipe begins with the name of its class.",
          "Write a line such as Net: * = above def forward, with your class's name, and indent what"
              + " follows.");
    }
    if (!atLineStart()) {
      throw source.error(
          start, "a recipe starts at the beginning of a line.", "Take the spaces in front away.");
    }
    names.clear();
    List<String> types = new ArrayList<>(List.of(name("the name of a class")));
    while (lexer.accept('|')) {
      types.add(name("the name of a class"));
    }
    Own own = own();
    expect(':', "Write Class: children = what forward computes.");
    List<Slot> children = children();
    expect('=', "Write = and what forward computes.");
    List<String> inputs = inputs();
    int body = lexer.start;
    List<Statement> steps = steps();
    if (!isEnd()) {
      throw source.error(
          lexer.start,
          "a ; or the next recipe is missing in front of " + lexer.describe() + ".",
          "Write one recipe after the other, each from the beginning of a line.");
    }
    return new Recipe(
        types, own, children, inputs, required, steps, start, body, lexer.start, section, source);
  }

  private boolean atLineStart() {
    return lexer.start == 0 || source.text().charAt(lexer.start - 1) == '\n';
  }

  private boolean isEnd() {
    return lexer.token == Lexer.Token.END || (lexer.lineBreak && atLineStart());
  }

  /** {@code (*)}, or {@code (Conv2d, padding='same_upper')}. */
  private Own own() {
    if (!lexer.accept('(')) {
      return new Own.Nothing();
    }
    if (lexer.accept('*')) {
      expect(')', "Write Class(*) for any numbers.");
      return new Own.Numbers();
    }
    int start = lexer.start;
    String base = name("the layer that the class is a kind of");
    Signature signature = Signatures.of(base);
    if (signature == null) {
      throw source.error(
          start,
          base + " is not a layer whose arguments are known.",
          "Use one that is, or * for numbers that do not matter.");
    }
    Map<String, Value> arguments = new HashMap<>();
    while (lexer.accept(',')) {
      int position = lexer.start;
      String argument = name("an argument of " + base);
      if (signature.indexOf(argument) < 0) {
        throw source.error(
            position,
            base + " has no argument called " + argument + ".",
            "Write " + signature.usage() + ".");
      }
      expect('=', "Write " + argument + "=value.");
      arguments.put(argument, expressions.literal());
    }
    expect(')', "Write " + base + ", or " + base + ", argument=value.");
    return new Own.Base(base, arguments);
  }

  private List<Slot> children() {
    List<Slot> children = new ArrayList<>();
    while (!lexer.at('=') && !isEnd()) {
      int start = lexer.start;
      String name = lexer.at('*') ? "" : childName();
      boolean isOfAll =
          lexer.at('*') && !name.isEmpty() && source.text().charAt(lexer.start - 1) <= ' ';
      Count count =
          !isOfAll && lexer.accept('*')
              ? Count.MANY
              : lexer.accept('?') ? Count.ONE_OR_NONE : Count.ONE;
      if (!names.add(name.isEmpty() ? RecipeExpressions.ALL : name)) {
        throw source.error(start, "two children are called " + name + ".", "Name each once.");
      }
      children.add(new Slot(name, count));
    }
    expressions.of(children);
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

  /** {@code forward(x, skip):}, or {@code def forward(self, x):}. */
  private List<String> inputs() {
    List<String> inputs = new ArrayList<>();
    boolean isPython = lexer.atName("def");
    if (isPython) {
      if (isEnd()) {
        throw source.error(
            lexer.start,
            "the lines of a recipe stand farther in than its class.",
            "Put spaces in front of def, and of each line below it.");
      }
      lexer.advance();
    }
    if (isPython || (lexer.atName("forward") && lexer.followedBy('('))) {
      expectWord("forward");
      expect('(', FORWARD);
      do {
        if (inputs.isEmpty() && lexer.atName("self")) {
          lexer.advance();
          continue;
        }
        inputs.add(name("the name of an argument"));
        required = skipAnnotation() ? required : inputs.size();
      } while (lexer.accept(','));
      expect(')', FORWARD);
      skipResultType();
      expect(':', FORWARD);
      skipDocumentation();
    } else {
      inputs.add("x");
      required = 1;
    }
    names.addAll(inputs);
    return inputs;
  }

  /** Goes over a text in quotes, of one line or more, that says what a forward does. */
  private void skipDocumentation() {
    if (lexer.token != Lexer.Token.STRING) {
      return;
    }
    String quotes = source.text().substring(lexer.start, lexer.start + 1).repeat(3);
    int close = source.text().indexOf(quotes, lexer.start + 3);
    if (source.text().startsWith(quotes, lexer.start) && close > 0) {
      lexer.jump(close + 3);
    } else {
      lexer.advance();
    }
  }

  /** Passes over an argument's type; whether the argument may be absent. */
  private boolean skipAnnotation() {
    if (lexer.accept(':')) {
      skipType();
    }
    boolean mayBeAbsent = lexer.accept('=');
    if (mayBeAbsent) {
      expectWord("None");
    }
    return mayBeAbsent;
  }

  private void skipResultType() {
    if (lexer.accept('-')) {
      expect('>', FORWARD);
      skipType();
    }
  }

  /** {@code Optional[Tensor]}. */
  private void skipType() {
    name("a type");
    if (lexer.at('[')) {
      lexer.skipBracket();
    }
  }

  private void expectWord(String word) {
    if (!lexer.atName(word)) {
      throw source.error(
          lexer.start, word + " is missing in front of " + lexer.describe() + ".", FORWARD);
    }
    lexer.advance();
  }

  /** Steps, separated by a semicolon or, as in Python, on lines of their own. */
  private List<Statement> steps() {
    List<Statement> steps = new ArrayList<>(List.of(step()));
    while (!isEnd() && (lexer.accept(';') || lexer.lineBreak)) {
      if (isEnd()) {
        break;
      }
      if (isReturned) {
        throw source.error(
            lexer.start, "nothing runs behind a return.", "Take it away, or put it in front.");
      }
      steps.add(step());
    }
    isReturned = false;
    return steps;
  }

  private Statement step() {
    String instead = lexer.token == Lexer.Token.NAME ? INSTEAD.get(lexer.word()) : null;
    if (instead != null && !names.contains(lexer.word())) {
      throw source.error(lexer.start, lexer.word() + " is not read in a recipe.", instead);
    }
    Statement step =
        switch (lexer.token == Lexer.Token.NAME ? lexer.word() : "") {
          case "for" -> loop();
          case "raise" -> refuse();
          case "assume" -> {
            lexer.advance();
            yield new Statement.Assume(text(), condition());
          }
          case "remark" -> {
            lexer.advance();
            yield new Statement.Remark(text(), condition());
          }
          case "return" -> result();
          case "if" -> throw expressions.noSteps(lexer.start);
          default -> assign();
        };
    expressions.checkNames();
    return step;
  }

  private Statement result() {
    int start = lexer.start;
    if (loops > 0) {
      throw source.error(start, "a for of a recipe runs to its end.", "Put the return behind it.");
    }
    lexer.advance();
    isReturned = true;
    if (lexer.lineBreak) {
      throw source.error(start, "this returns nothing.", "Write return and a value, on one line.");
    }
    return new Statement.Assign(List.of(), several(values(), start));
  }

  private Statement loop() {
    int column = column();
    lexer.advance();
    List<String> variables = expressions.loopVariables();
    Expression of = expressions.value();
    names.addAll(variables);
    expect(':', "Write for a in b: and what is done.");
    loops++;
    List<Statement> body = lexer.lineBreak && !isEnd() ? below(column) : beside();
    loops--;
    return new Statement.Loop(variables, of, body, lexer.start);
  }

  /** The steps behind the colon, to the end of the line. */
  private List<Statement> beside() {
    List<Statement> body = new ArrayList<>(List.of(step()));
    while (lexer.accept(';') && !lexer.lineBreak && !isEnd()) {
      body.add(step());
    }
    return body;
  }

  /** The steps on lines of their own, farther in than the for, and each as far as the first. */
  private List<Statement> below(int outer) {
    int column = column();
    if (column <= outer) {
      throw source.error(
          lexer.start,
          "the steps of this for are missing.",
          "Write them behind its colon, or farther in below it.");
    }
    List<Statement> body = new ArrayList<>(List.of(step()));
    while (!isEnd() && (lexer.accept(';') || lexer.lineBreak) && !isEnd()) {
      if (lexer.lineBreak && column() != column) {
        break;
      }
      body.add(step());
    }
    return body;
  }

  /** How far in the current token stands on its line. */
  private int column() {
    return lexer.start - (source.text().lastIndexOf('\n', Math.max(0, lexer.start - 1)) + 1);
  }

  private Statement refuse() {
    lexer.advance();
    return new Statement.Refuse(text(), condition());
  }

  private @Nullable Expression condition() {
    if (isEnd() || !lexer.atName("if")) {
      return null;
    }
    lexer.advance();
    return expressions.value();
  }

  private String text() {
    if (lexer.token != Lexer.Token.STRING) {
      throw source.error(
          lexer.start,
          "a text in quotes is missing in front of " + lexer.describe() + ".",
          "Write 'what it is'.");
    }
    String text = lexer.quoted();
    lexer.advance();
    return text;
  }

  private Statement assign() {
    int start = lexer.start;
    List<Expression> values = values();
    if (expressions.atAugmented()) {
      return augmented(values, start);
    }
    if (lexer.at(':') && values.get(0) instanceof Expression.Name) {
      lexer.advance();
      skipType();
    }
    if (!atAssignment()) {
      return new Statement.Assign(List.of(), several(values, start));
    }
    List<String> targets = targets(values, start);
    lexer.advance();
    expressions.forget(targets);
    int position = lexer.start;
    Expression value = several(values(), position);
    if (atAssignment()) {
      throw source.error(
          lexer.start,
          "a value is given one name at a time.",
          "Write x = conv(x), and y = x below.");
    }
    names.addAll(targets);
    return new Statement.Assign(targets, value);
  }

  /** {@code x += y}. */
  private Statement augmented(List<Expression> values, int start) {
    List<String> target = targets(values, start);
    String operator = lexer.word();
    int position = lexer.start;
    lexer.advance();
    lexer.advance();
    Expression sum =
        new Expression.Infix(operator, several(values, start), expressions.value(), position);
    return new Statement.Assign(target, sum);
  }

  private List<String> targets(List<Expression> values, int start) {
    List<String> targets = new ArrayList<>();
    for (Expression each : values) {
      if (!(each instanceof Expression.Name name)) {
        throw source.error(
            start, "only names can stand in front of a =.", "Write a, b = chunk(x, 2).");
      }
      targets.add(name.name());
    }
    return targets;
  }

  /** Values with commas between them. */
  private List<Expression> values() {
    List<Expression> values = new ArrayList<>(List.of(expressions.value()));
    while (lexer.accept(',')) {
      values.add(expressions.value());
    }
    return values;
  }

  /** One value, or several as a list. */
  private static Expression several(List<Expression> values, int start) {
    return values.size() == 1 ? values.get(0) : new Expression.Listed(values, start);
  }

  private boolean atAssignment() {
    return lexer.at('=') && !source.text().startsWith("==", lexer.start);
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

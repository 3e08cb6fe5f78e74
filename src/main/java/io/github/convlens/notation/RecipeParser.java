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
 * forward    = "forward" "(" name {"," name} ")" ":"          without it the input is called x
 * step       = [name {"," name} "="] value
 *            | "for" name {"," name} "in" value ":" step {";" step}      to the end of the line
 *            | "raise" text ["if" value]                      what a print does not show
 *            | "assume" text ["if" value]                     a note of what was assumed
 *            | "remark" text ["if" value]                     a note of what is worth knowing
 * </pre>
 *
 * <p>Values are in {@link RecipeExpressions}.
 */
final class RecipeParser {
  private final Source source;
  private final Lexer lexer;
  private final Set<String> names = new HashSet<>();
  private final RecipeExpressions expressions;
  private Section section = Section.OWN;

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
    RecipeParser parser = new RecipeParser(new Source(text), 0);
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
        types, own, children, inputs, steps, start, body, lexer.start, section, source);
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
      Count count =
          lexer.accept('*') ? Count.MANY : lexer.accept('?') ? Count.ONE_OR_NONE : Count.ONE;
      if (!names.add(name.isEmpty() ? RecipeExpressions.ALL : name)) {
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

  /** {@code forward(x, skip):}. */
  private List<String> inputs() {
    List<String> inputs = new ArrayList<>();
    if (lexer.atName("forward") && lexer.followedBy('(')) {
      lexer.advance();
      lexer.advance();
      inputs.add(name("the name of an argument"));
      while (lexer.accept(',')) {
        inputs.add(name("the name of an argument"));
      }
      expect(')', "Write forward(x, y):.");
      expect(':', "Write forward(x, y):.");
    } else {
      inputs.add("x");
    }
    names.addAll(inputs);
    return inputs;
  }

  private List<Statement> steps() {
    List<Statement> steps = new ArrayList<>(List.of(step()));
    while (lexer.accept(';')
        || (steps.get(steps.size() - 1) instanceof Statement.Loop && lexer.lineBreak)) {
      if (isEnd()) {
        break;
      }
      steps.add(step());
    }
    return steps;
  }

  private Statement step() {
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
          default -> assign();
        };
    expressions.checkNames();
    return step;
  }

  private Statement loop() {
    lexer.advance();
    List<String> variables = expressions.loopVariables();
    Expression of = expressions.value();
    names.addAll(variables);
    expect(':', "Write for a in b: and what is done.");
    List<Statement> body = new ArrayList<>(List.of(step()));
    while (lexer.accept(';') && !lexer.lineBreak && !isEnd()) {
      body.add(step());
    }
    return new Statement.Loop(variables, of, body);
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
    Expression first = expressions.value();
    List<String> targets = new ArrayList<>();
    Expression last = first;
    while (last instanceof Expression.Name target && (lexer.at(',') || atAssignment())) {
      targets.add(target.name());
      if (lexer.accept(',')) {
        last = expressions.value();
        continue;
      }
      lexer.advance();
      expressions.forget(targets);
      Expression value = expressions.value();
      names.addAll(targets);
      return new Statement.Assign(targets, value);
    }
    if (!targets.isEmpty()) {
      throw source.error(
          start, "only names can stand in front of a =.", "Write a, b = chunk(x, 2).");
    }
    return new Statement.Assign(List.of(), first);
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

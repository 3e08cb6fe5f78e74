package io.github.convlens.program;

import io.github.convlens.program.Program.Input;
import io.github.convlens.program.Program.Output;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads what {@code print(torch.export.export(model, (x,)))} shows. It has no weights, and does not
 * say which module makes a call; all else is there.
 */
public final class ProgramText {
  private static final String FIRST = "ExportedProgram:";
  private static final String NAME = "the printed program";

  /** What {@code *}, {@code //} and the like are called as functions. */
  private static final Map<String, String> SIGNS = signs();

  private final List<Body> bodies = new ArrayList<>();
  private final Map<String, Value> values = new LinkedHashMap<>();

  /** One {@code forward}: the program's, or that of a block in it. */
  private static final class Body {
    private final String name;
    private final List<String> inputs = new ArrayList<>();
    private final List<Call> calls = new ArrayList<>();
    private final Map<String, String> alias = new HashMap<>();
    private @Nullable Argument result;

    private Body(String name) {
      this.name = name;
    }

    private String resolved(String name) {
      String other = alias.get(name);
      return other == null ? name : other;
    }
  }

  private ProgramText() {}

  /** Whether a text is a printed program, by its first words. */
  public static boolean isProgram(String text) {
    return text.stripLeading().startsWith(FIRST);
  }

  /**
   * Reads a printed program.
   *
   * @throws ProgramException if it cannot be read: the line, and what to do
   */
  public static Program parse(String text) {
    if (!isProgram(text)) {
      throw new ProgramException(
          "the text is no printed program: it does not begin with "
              + FIRST
              + "\nPaste what print(torch.export.export(model, (x,))) shows.");
    }
    return new ProgramText().read(text);
  }

  private Program read(String text) {
    SignatureText signature = new SignatureText();
    boolean inSignature = false;
    long number = 0;
    for (String line : text.split("\n", -1)) {
      number++;
      String stripped = line.strip();
      if (stripped.startsWith("Graph signature:")) {
        inSignature = true;
      }
      if (inSignature) {
        signature.add(stripped, number);
      } else {
        addLine(stripped, number);
      }
    }
    if (bodies.isEmpty() || bodies.get(0).result == null || !signature.isComplete()) {
      throw new ProgramException(
          "the printed program is cut off: "
              + (signature.isComplete() ? "forward returns nothing" : "its signature is missing")
              + ".\nPaste it whole, up to \"Range constraints\".");
    }
    return program(signature);
  }

  private Program program(SignatureText signature) {
    Body main = bodies.get(0);
    List<Input> inputs = new ArrayList<>();
    for (String name : main.inputs) {
      Input known = signature.input(name);
      boolean fixed = known.kind() == Input.Kind.USER && !values.containsKey(name);
      inputs.add(fixed ? new Input(Input.Kind.FIXED, name, Optional.empty()) : known);
    }
    List<Call> calls = new ArrayList<>();
    main.calls.forEach(call -> addInlined(call, calls));
    Program program =
        new Program(
            Optional.empty(),
            inputs,
            calls,
            values,
            outputs(main, signature),
            signature.ranges(),
            Map.of(),
            Map.of(),
            Weights.NONE);
    return Checks.checked(NAME, program);
  }

  private static List<Output> outputs(Body main, SignatureText signature) {
    List<Output> outputs = new ArrayList<>();
    List<Argument> results =
        main.result instanceof Argument.Items items ? items.items() : List.of();
    for (int i = 0; i < results.size(); i++) {
      outputs.add(signature.output(i, results.get(i)));
    }
    return outputs;
  }

  private void addLine(String line, long number) {
    if (line.isEmpty() || line.startsWith("#") || line.startsWith(FIRST)) {
      return;
    }
    TextScanner scanner = new TextScanner(line, number);
    if (scanner.takes("class ")) {
      bodies.add(new Body(scanner.name()));
      return;
    }
    if (bodies.isEmpty()) {
      throw scanner.unreadable();
    }
    Body body = bodies.get(bodies.size() - 1);
    if (scanner.takes("def forward(")) {
      parameters(scanner, body);
    } else if (scanner.takes("return ")) {
      body.result = Inlining.renamed(scanner.argument(), body.alias);
    } else {
      assignment(scanner, body);
    }
  }

  /** {@code self, p_c_weight: "f32[8, 3, 3, 3]", x: "f32[s77, 3, 12]"):}. */
  private void parameters(TextScanner scanner, Body body) {
    scanner.expect("self");
    while (scanner.takes(",")) {
      String name = scanner.name();
      body.inputs.add(name);
      if (scanner.takes(":")) {
        addValue(name, scanner);
      }
    }
    scanner.expect(")");
  }

  /** {@code name: "f32[1, 64]" = torch.ops.aten.relu.default(x); x = None}. */
  private void assignment(TextScanner scanner, Body body) {
    String name = scanner.name();
    if (scanner.takes(":")) {
      addValue(name, scanner);
    }
    scanner.expect("=");
    if (scanner.sees("(") || scanner.sees("-") || Character.isDigit(scanner.peek())) {
      arithmetic(name, scanner.argument(), scanner, body);
      return;
    }
    String first = scanner.name();
    if (scanner.takes("(")) {
      List<Argument.Named> arguments = new ArrayList<>();
      for (Argument.Named each : scanner.arguments()) {
        Argument value = Inlining.renamed(each.value(), body.alias);
        arguments.add(new Argument.Named(each.name(), value, each.passing()));
      }
      body.calls.add(call(name, Operators.name(first), arguments));
    } else if (scanner.takes("[")) {
      element(name, body.resolved(first), scanner, body);
    } else if (scanner.atEnd() || scanner.sees(";")) {
      body.alias.put(name, first.startsWith("self.") ? first : body.resolved(first));
    } else {
      arithmetic(name, new Argument.Reference(body.resolved(first)), scanner, body);
    }
  }

  private static Call call(String name, String operator, List<Argument.Named> arguments) {
    return new Call(
        name,
        operator,
        arguments,
        Call.Results.ONE,
        List.of(name),
        Optional.empty(),
        Optional.empty());
  }

  private void arithmetic(String name, Argument left, TextScanner scanner, Body body) {
    for (Map.Entry<String, String> sign : SIGNS.entrySet()) {
      if (scanner.takes(sign.getKey())) {
        Argument right = Inlining.renamed(scanner.argument(), body.alias);
        body.calls.add(
            call(
                name,
                Operators.OF_SIZES + sign.getValue(),
                List.of(
                    new Argument.Named("a", left, Argument.Passing.BY_PLACE),
                    new Argument.Named("b", right, Argument.Passing.BY_PLACE))));
        return;
      }
    }
    throw scanner.unreadable();
  }

  private static Map<String, String> signs() {
    Map<String, String> signs = new LinkedHashMap<>();
    signs.put("**", "pow");
    signs.put("//", "floordiv");
    signs.put("==", "eq");
    signs.put("!=", "ne");
    signs.put(">=", "ge");
    signs.put("<=", "le");
    signs.put("*", "mul");
    signs.put("/", "truediv");
    signs.put("+", "add");
    signs.put("-", "sub");
    signs.put("%", "mod");
    signs.put("<", "lt");
    signs.put(">", "gt");
    signs.put("&", "and_");
    signs.put("|", "or_");
    return signs;
  }

  /** {@code getitem = max_1[0]}: that call makes several, and this is the name of one. */
  private static void element(String name, String of, TextScanner scanner, Body body) {
    if (!(scanner.argument() instanceof Argument.Whole index) || index.value() < 0) {
      throw scanner.unreadable();
    }
    for (int i = body.calls.size() - 1; i >= 0; i--) {
      Call call = body.calls.get(i);
      if (call.name().equals(of)) {
        body.calls.set(i, withOutput(call, (int) Math.min(index.value(), 1 << 16), name));
        return;
      }
    }
    throw scanner.unreadable();
  }

  private static Call withOutput(Call call, int index, String name) {
    List<String> outputs = new ArrayList<>();
    if (call.results() != Call.Results.ONE) {
      outputs.addAll(call.outputs());
    }
    while (outputs.size() <= index) {
      outputs.add(call.name() + "[" + outputs.size() + "]");
    }
    outputs.set(index, name);
    return new Call(
        call.name(),
        call.operator(),
        call.arguments(),
        Call.Results.TUPLE,
        outputs,
        call.module(),
        call.moduleClass());
  }

  /** {@code "f32[1, 3, 224, 224]"}, {@code "Sym(s77)"}. */
  private void addValue(String name, TextScanner scanner) {
    String type = scanner.quoted();
    int open = type.indexOf('[');
    int close = type.indexOf(']');
    if (type.startsWith("Sym(") && type.endsWith(")")) {
      Dim dim = Dim.parse(type.substring(4, type.length() - 1));
      values.put(name, new Value.Symbolic(name, dim));
    } else if (open > 0 && close > open) {
      String elements = type.substring(0, open);
      ScalarType known =
          ScalarType.ofPrint(elements)
              .orElseThrow(
                  () ->
                      new ProgramException(
                          "the printed program has an array of the type "
                              + elements
                              + ", which is not known here.\nExport the model in float32."));
      values.put(name, new Value.Tensor(name, new TensorType(known, sizes(type, open, close))));
    } else if (!type.equals("None")) {
      throw scanner.unreadable();
    }
  }

  private static List<Dim> sizes(String type, int open, int close) {
    List<Dim> sizes = new ArrayList<>();
    int depth = 0;
    int from = open + 1;
    for (int i = from; i <= close; i++) {
      char c = type.charAt(i);
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      if (i == close || (c == ',' && depth == 0)) {
        String size = type.substring(from, i).strip();
        if (!size.isEmpty()) {
          sizes.add(Dim.parse(size));
        }
        from = i + 1;
      }
    }
    return sizes;
  }

  /** The call, or those of the block that it runs. */
  private void addInlined(Call call, List<Call> calls) {
    String target = "torch.ops." + call.operator();
    if (!Inlining.isWrapper(target)) {
      calls.add(call);
      return;
    }
    List<Argument> given = call.arguments().stream().map(Argument.Named::value).toList();
    int block = 0;
    while (block < given.size() && !given.get(block).toString().startsWith("self.")) {
      block++;
    }
    Inlining.check(NAME, target, given.subList(0, block).stream().map(Argument::toString).toList());
    String name = block < given.size() ? given.get(block).toString().substring(5) : "";
    Body body =
        bodies.stream()
            .filter(each -> each.name.equals(name))
            .findFirst()
            .orElseThrow(
                () ->
                    new ProgramException(
                        "the printed program does not show the block that "
                            + call.name()
                            + " runs.\nPaste it whole."));
    Map<String, String> renamed = new HashMap<>();
    for (int i = 0; i < body.inputs.size() && block + 1 + i < given.size(); i++) {
      renamed.put(body.inputs.get(i), given.get(block + 1 + i).toString());
    }
    List<Argument> results =
        body.result instanceof Argument.Items items
            ? items.items()
            : body.result == null ? List.of() : List.of(body.result);
    for (int i = 0; i < Math.min(results.size(), call.outputs().size()); i++) {
      renamed.putIfAbsent(results.get(i).toString(), call.outputs().get(i));
    }
    body.calls.forEach(each -> addInlined(Inlining.renamed(each, renamed), calls));
  }
}

package io.github.convlens.code;

import static io.github.convlens.code.JavaText.BREAK;

import io.github.convlens.code.Fragment.Array;
import io.github.convlens.code.Fragment.Forward;
import io.github.convlens.code.Fragment.Item;
import io.github.convlens.code.Fragment.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Writes a forward as a class: a field for each block, and the calls one by one. */
final class ForwardWriter {
  /** What all these classes extend. */
  static final String MODULE =
      """

        /** A block whose forward is written out; it learns shapes by running it on empty arrays. */
        private abstract static class Module extends AbstractBlock {
          interface Run {
            NDArray of(Block block, NDArray x);
          }

          abstract NDList forward(Run run, NDList inputs);

          @Override
          protected NDList forwardInternal(
              ParameterStore store, NDList x, boolean training, PairList<String, Object> others) {
            return forward(
                (block, y) -> block.forward(store, new NDList(y), training).singletonOrThrow(), x);
          }

          @Override
          protected void initializeChildBlocks(NDManager manager, DataType type, Shape... inputs) {
            shapes(inputs, (block, shape) -> block.initialize(manager, type, shape));
          }

          @Override
          public Shape[] getOutputShapes(Shape[] inputs) {
            return shapes(inputs, (block, shape) -> {});
          }

          private Shape[] shapes(Shape[] inputs, BiConsumer<Block, Shape> called) {
            try (NDManager empty = NDManager.newBaseManager(Device.cpu())) {
              Run run =
                  (block, x) -> {
                    called.accept(block, x.getShape());
                    return empty.create(block.getOutputShapes(new Shape[] {x.getShape()})[0]);
                  };
              NDList x = new NDList();
              for (Shape input : inputs) {
                x.add(empty.create(input));
              }
              return forward(run, x).getShapes();
            }
          }
        }
      """;

  private final MemberWriter writer;
  private final Declaration declared;
  private final Forward forward;
  private final Declarations.FieldNames names;

  /** Whether it is written in parts, since one method would be too long for Java. */
  private final boolean isLong;

  ForwardWriter(
      MemberWriter writer, Declaration declared, Forward forward, Declarations.FieldNames names) {
    this.writer = writer;
    this.declared = declared;
    this.forward = forward;
    this.names = names;
    int lines = forward.fields().stream().mapToInt(each -> linesOf(each)).sum();
    isLong = Math.max(lines, forward.statements().size()) > Decomposition.MOST_LINES;
  }

  private static int linesOf(Item field) {
    return Fragment.Row.linesOf(field.fragment());
  }

  void write() {
    writer.raw("\n");
    if (!forward.path().isEmpty()) {
      String place = JavaText.comment(forward.path());
      writer.comment(place + (declared.isShared() ? others() : ""), 2);
    }
    writer.code("private static final class " + declared.name() + " extends Module {", "", 2);
    for (int i = 0; i < forward.fields().size(); i++) {
      String modifier = isLong ? "private Block " : "private final Block ";
      writer.code(modifier + names.field(i) + ";", "", 4);
    }
    constructor();
    writer.raw("\n    @Override\n    NDList forward(Run run, NDList inputs) {\n");
    if (isLong) {
      longForward();
    } else {
      shortForward();
    }
    writer.raw("    }\n  }\n");
  }

  private String others() {
    return " and " + (declared.uses() - 1) + " more";
  }

  private void constructor() {
    MemberWriter.Scope scope = new MemberWriter.Scope(forward.path(), declared);
    writer.raw("\n");
    writer.code(declared.name() + declared.list() + " {", "", 4);
    if (!isLong) {
      fields(0, forward.fields().size(), scope);
      writer.raw("    }\n");
      return;
    }
    List<Integer> ends = ends();
    String arguments =
        declared.parameters().stream()
            .map(Declaration.Parameter::name)
            .collect(Collectors.joining(", " + BREAK, "(", ");"));
    for (int part = 1; part <= ends.size(); part++) {
      writer.code("blocks" + part + arguments, "", 6);
    }
    writer.raw("    }\n");
    int from = 0;
    for (int part = 1; part <= ends.size(); part++) {
      writer.raw("\n");
      writer.code("private void blocks" + part + declared.list() + " {", "", 4);
      fields(from, ends.get(part - 1), scope);
      writer.raw("    }\n");
      from = ends.get(part - 1);
    }
  }

  /** Behind which fields a method ends. */
  private List<Integer> ends() {
    List<Integer> ends = new ArrayList<>();
    int lines = 0;
    for (int i = 0; i < forward.fields().size(); i++) {
      int more = linesOf(forward.fields().get(i));
      if (lines > 0 && lines + more > Decomposition.MOST_LINES) {
        ends.add(i);
        lines = 0;
      }
      lines += more;
    }
    ends.add(forward.fields().size());
    return ends;
  }

  private void fields(int from, int end, MemberWriter.Scope scope) {
    for (int i = from; i < end; i++) {
      Item field = forward.fields().get(i);
      String name = JavaText.quoted(field.nameIn(forward.path()));
      String front = names.field(i) + " = addChildBlock(" + BREAK + name + ", " + BREAK;
      writer.expression(front, field.fragment(), ");", 6, scope);
    }
  }

  private void shortForward() {
    for (int i = 0; i < forward.inputs().size(); i++) {
      String value =
          forward.inputs().size() == 1 ? "inputs.singletonOrThrow();" : "inputs.get(" + i + ");";
      writer.code("NDArray " + names.input(i) + " = " + value, "", 6);
    }
    for (int i = 0; i < forward.statements().size(); i++) {
      Statement statement = forward.statements().get(i);
      String type = statement.outputs() == 1 ? "NDArray" : "NDList";
      String value = value(statement, statement.arguments().stream().map(this::name).toList());
      writer.code(type + " y" + (i + 1) + " = " + value + ";", comment(statement), 6);
    }
    String made =
        forward.outputs().stream().map(this::name).collect(Collectors.joining(", " + BREAK));
    writer.code("return new NDList(" + made + ");", "", 6);
  }

  private String comment(Statement statement) {
    return declared.isShared() ? "" : statement.shape();
  }

  private String value(Statement statement, List<String> arguments) {
    if (statement.field() >= 0) {
      return "run.of(" + names.field(statement.field()) + ", " + arguments.get(0) + ")";
    }
    String value = statement.operations();
    for (int i = 0; i < arguments.size(); i++) {
      value = value.replace("<" + i + ">", arguments.get(i));
    }
    return value;
  }

  private String name(Array array) {
    int statement = array.statement();
    if (statement < 0) {
      return names.input(-1 - statement);
    }
    String name = "y" + (statement + 1);
    return forward.statements().get(statement).outputs() == 1
        ? name
        : name + ".get(" + array.output() + ")";
  }

  /** All arrays in one list, the inputs first, which methods for parts of the forward append to. */
  private void longForward() {
    List<Integer> slots = new ArrayList<>();
    int slot = forward.inputs().size();
    for (Statement statement : forward.statements()) {
      slots.add(slot);
      slot += statement.outputs();
    }
    int parts = -Math.floorDiv(-slots.size(), Decomposition.MOST_LINES);
    writer.raw("      NDList y = new NDList(inputs);\n");
    for (int part = 1; part <= parts; part++) {
      writer.raw("      forward" + part + "(run, y);\n");
    }
    String made =
        forward.outputs().stream()
            .map(array -> slot(array, slots))
            .collect(Collectors.joining(", " + BREAK));
    writer.code("return new NDList(" + made + ");", "", 6);
    for (int i = 0; i < slots.size(); i++) {
      if (i % Decomposition.MOST_LINES == 0) {
        int part = i / Decomposition.MOST_LINES + 1;
        writer.raw("    }\n\n    private void forward" + part + "(Run run, NDList y) {\n");
      }
      Statement statement = forward.statements().get(i);
      List<String> arguments =
          statement.arguments().stream().map(array -> slot(array, slots)).toList();
      String add = statement.outputs() == 1 ? "y.add(" : "y.addAll(";
      String shape = comment(statement);
      String comment = shape.isEmpty() ? "" : slots.get(i) + ": " + shape;
      writer.code(add + value(statement, arguments) + ");", comment, 6);
    }
  }

  private String slot(Array array, List<Integer> slots) {
    int statement = array.statement();
    int slot = statement < 0 ? -1 - statement : slots.get(statement) + array.output();
    return "y.get(" + slot + ")";
  }
}

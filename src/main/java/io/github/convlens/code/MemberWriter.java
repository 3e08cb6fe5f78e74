package io.github.convlens.code;

import static io.github.convlens.code.JavaText.BREAK;

import io.github.convlens.code.Fragment.Forward;
import io.github.convlens.code.Fragment.Item;
import io.github.convlens.code.Fragment.Layer;
import io.github.convlens.code.Fragment.Row;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Writes the members of the class: the network, then the methods and classes that it is made of.
 */
final class MemberWriter {
  private final Declarations declarations;
  private final StringBuilder text = new StringBuilder();

  private MemberWriter(Declarations declarations) {
    this.declarations = declarations;
  }

  /**
   * The members.
   *
   * @param network the whole network
   * @param taken names that no class can have
   */
  static String members(Fragment network, Set<String> taken) {
    MemberWriter writer = new MemberWriter(new Declarations(network, taken));
    writer.all(network);
    return writer.text.toString();
  }

  private void all(Fragment network) {
    text.append("  /** The network, without weights. */\n  public static Block build() {\n");
    Declaration alone = Declaration.of("", List.of(network), Set.of());
    expression("return ", network, ";", 4, new Scope("", alone));
    text.append("  }\n");
    boolean hasForward = false;
    for (Declaration each : declarations.all()) {
      if (each.example() instanceof Forward forward) {
        hasForward = true;
        new ForwardWriter(this, each, forward, declarations.fields(forward)).write();
      } else {
        method(each);
      }
    }
    text.append(hasForward ? ForwardWriter.MODULE : "");
  }

  /** Where an expression stands: how its numbers are written, and what comments can say. */
  static final class Scope {
    private final String path;
    private final boolean isShared;
    private final Iterator<String> values;
    private final Iterator<Boolean> leftOut;

    Scope(String path, Declaration owner) {
      this.path = path;
      isShared = owner.isShared();
      values = owner.texts().iterator();
      leftOut = owner.leftOut().iterator();
    }

    private String comment(Item item) {
      String name = JavaText.comment(item.nameIn(path));
      return isShared ? name : name + (name.isEmpty() ? "" : ": ") + item.shape();
    }
  }

  private record Line(String code, String comment) {}

  /** Appends text as it is. */
  void raw(String lines) {
    text.append(lines);
  }

  /** Appends a line of code with a comment behind it, or above it where it is too long. */
  void code(String code, String comment, int indent) {
    String behind = comment.isEmpty() ? "" : " // " + comment;
    int columns = indent + JavaText.flat(code).length() + behind.length();
    boolean isAbove = columns > JavaText.COLUMNS && !comment.isEmpty();
    if (isAbove) {
      comment(comment, indent);
    }
    JavaText.appendCode(isAbove ? code : code + behind, indent, text);
  }

  /** Appends a comment of its own; of a long one the end. */
  void comment(String comment, int indent) {
    int room = JavaText.COLUMNS - indent - 3;
    int from = comment.length() <= room ? 0 : comment.length() - room + 3;
    while (from > 0 && comment.charAt(from) == '\\') {
      from++; // half of a doubled backslash would begin an escape
    }
    text.append(" ".repeat(indent)).append(from == 0 ? "// " : "// ...");
    text.append(comment, from, comment.length()).append('\n');
  }

  /** Appends a statement whose expression makes a piece. */
  void expression(String front, Fragment piece, String end, int indent, Scope scope) {
    if (piece instanceof Row row && declarations.of(piece) == null) {
      row(front, row, end, indent, scope);
    } else {
      code(front + call(piece, scope) + end, "", indent);
    }
  }

  private void row(String front, Row row, String end, int indent, Scope scope) {
    if (row.items().isEmpty()) {
      code(front + "Blocks.identityBlock()" + end, "", indent);
      return;
    }
    List<Line> lines = new ArrayList<>();
    collect(row, scope, lines);
    code(front + "new SequentialBlock()", "", indent);
    for (int i = 0; i < lines.size(); i++) {
      Line line = lines.get(i);
      code(line.code + (i == lines.size() - 1 ? end : ""), line.comment, indent + 4);
    }
  }

  private void collect(Row row, Scope scope, List<Line> lines) {
    for (Item item : row.items()) {
      if (item.fragment() instanceof Row inner && declarations.of(inner) == null) {
        collect(inner, scope, lines);
      } else {
        String call = call(item.fragment(), scope);
        lines.add(new Line("." + item.adder() + "(" + call + ")", scope.comment(item)));
      }
    }
  }

  /** The expression of a layer, or of what is declared. */
  private String call(Fragment piece, Scope scope) {
    Declaration declared = declarations.of(piece);
    if (declared == null) {
      return ((Layer) piece).template().text(scope.values, scope.leftOut);
    }
    List<String> values = new ArrayList<>();
    declared.texts().forEach(each -> values.add(scope.values.next()));
    declared.leftOut().forEach(option -> scope.leftOut.next());
    String front = piece instanceof Forward ? "new " : "";
    return declared.parameters().stream()
        .map(parameter -> values.get(parameter.value()))
        .collect(Collectors.joining(", " + BREAK, front + declared.name() + "(", ")"));
  }

  private void method(Declaration declared) {
    text.append('\n');
    code("private static Block " + declared.name() + declared.list() + " {", "", 2);
    if (declared.example() instanceof Row row) {
      row("return ", row, ";", 4, new Scope(row.path(), declared));
    } else if (declared.example() instanceof Layer layer) {
      Scope scope = new Scope("", declared);
      code("return " + layer.template().text(scope.values, scope.leftOut) + ";", "", 4);
    }
    text.append("  }\n");
  }
}

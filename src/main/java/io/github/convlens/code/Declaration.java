package io.github.convlens.code;

import io.github.convlens.code.Template.Piece;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A method or class that makes all pieces of one form. What differs among them is a parameter.
 *
 * @param name its name
 * @param example one of the pieces; all are this but for numbers
 * @param uses how many there are
 * @param parameters what differs
 * @param texts for each number its text in the declaration: a parameter's name or a literal
 * @param leftOut for each option whether it is left out in all pieces
 */
record Declaration(
    String name,
    Fragment example,
    int uses,
    List<Parameter> parameters,
    List<String> texts,
    List<Boolean> leftOut) {

  /**
   * A parameter.
   *
   * @param type its Java type
   * @param name its name
   * @param value the place of the first number that it stands for
   */
  record Parameter(String type, String name, int value) {}

  /** Numbers that are the same in each piece: a parameter, or a literal where all are one. */
  private record Column(String type, List<String> literals) {}

  /**
   * The declaration of some pieces.
   *
   * @param pieces one or more of one form
   * @param taken names that its parameters cannot have
   */
  static Declaration of(String name, List<? extends Fragment> pieces, Set<String> taken) {
    List<List<Piece.Value>> values = new ArrayList<>();
    List<Boolean> leftOut = new ArrayList<>();
    for (Fragment piece : pieces) {
      List<Piece.Value> ofPiece = new ArrayList<>();
      List<Piece.Option> options = new ArrayList<>();
      piece.collect(ofPiece, options);
      values.add(ofPiece);
      for (int i = 0; i < options.size(); i++) {
        if (leftOut.size() <= i) {
          leftOut.add(true);
        }
        leftOut.set(i, leftOut.get(i) && options.get(i).isUsual());
      }
    }
    Map<Column, Integer> columns = columns(values);
    Map<Column, Parameter> parameters = named(columns, values.get(0), taken);
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < values.get(0).size(); i++) {
      Column column = column(values, i);
      Parameter parameter = parameters.get(column);
      texts.add(parameter == null ? column.literals().get(0) : parameter.name());
    }
    return new Declaration(
        name, pieces.get(0), pieces.size(), List.copyOf(parameters.values()), texts, leftOut);
  }

  private static Column column(List<List<Piece.Value>> values, int place) {
    return new Column(
        values.get(0).get(place).type(),
        values.stream().map(ofPiece -> ofPiece.get(place).literal()).toList());
  }

  /** The columns in which pieces differ, each with the place where it comes first. */
  private static Map<Column, Integer> columns(List<List<Piece.Value>> values) {
    Map<Column, Integer> columns = new LinkedHashMap<>();
    for (int i = 0; i < values.get(0).size(); i++) {
      Column column = column(values, i);
      if (new HashSet<>(column.literals()).size() > 1) {
        columns.putIfAbsent(column, i);
      }
    }
    return columns;
  }

  /** {@code stride}, or {@code filters1} and {@code filters2} where there are several. */
  private static Map<Column, Parameter> named(
      Map<Column, Integer> columns, List<Piece.Value> example, Set<String> taken) {
    Map<String, Integer> many = new HashMap<>();
    columns.values().forEach(place -> many.merge(example.get(place).name(), 1, Integer::sum));
    Map<String, Integer> numbers = new HashMap<>();
    Set<String> names = new HashSet<>(taken);
    Map<Column, Parameter> parameters = new LinkedHashMap<>();
    columns.forEach(
        (column, place) -> {
          String name = example.get(place).name();
          String numbered =
              many.getOrDefault(name, 1) == 1 ? name : name + numbers.merge(name, 1, Integer::sum);
          parameters.put(
              column, new Parameter(column.type(), JavaText.unique(numbered, names), place));
        });
    return parameters;
  }

  /** {@code (int filters, long stride)}. */
  String list() {
    return parameters.stream()
        .map(parameter -> parameter.type() + " " + parameter.name())
        .collect(Collectors.joining(", " + JavaText.BREAK, "(", ")"));
  }

  /** Whether several pieces are made by it, so that it can say nothing about one of them. */
  boolean isShared() {
    return uses > 1;
  }
}

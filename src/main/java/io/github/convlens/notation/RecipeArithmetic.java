package io.github.convlens.notation;

import io.github.convlens.graph.Edge;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.MatrixProductSpec;
import io.github.convlens.layer.ProductSpec;
import io.github.convlens.layer.ScaleSpec;
import io.github.convlens.layer.SumSpec;
import io.github.convlens.notation.Recipe.Expression;
import java.util.ArrayList;
import java.util.List;

/** What a recipe computes with operators, of arrays, numbers and lists. */
final class RecipeArithmetic {
  private static final String ARRAY_AND_NUMBER =
      "an array and a number are joined by +, - or *, an array is divided by a number, not ";

  private final RecipeScope scope;

  RecipeArithmetic(RecipeScope scope) {
    this.scope = scope;
  }

  /** {@code left operator right}. */
  Item of(String operator, Item left, Item right, Expression at) {
    if (operator.equals("+") && left instanceof Item.Many && right instanceof Item.Many) {
      return joined(scope.many(left, at), scope.many(right, at));
    }
    return left instanceof Item.Array || right instanceof Item.Array
        ? joined(operator, left, right, at)
        : computed(operator, scope.number(left, at), scope.number(right, at), at);
  }

  private static Item joined(List<Item> first, List<Item> rest) {
    List<Item> all = new ArrayList<>(first);
    all.addAll(rest);
    return new Item.Many(all);
  }

  private Item joined(String operator, Item left, Item right, Expression at) {
    if (right instanceof Item.Scalar) {
      return scaled(operator, scope.edge(left, at), scope.decimal(right, at), at);
    }
    if (left instanceof Item.Scalar) {
      return scaled(scope.decimal(left, at), operator, scope.edge(right, at), at);
    }
    List<Edge> both = List.of(scope.edge(left, at), scope.edge(right, at));
    return switch (operator) {
      case "+" -> scope.applied(new SumSpec(), both);
      case "*" -> scope.applied(new ProductSpec(), both);
      case "@" -> scope.applied(new MatrixProductSpec(), both);
      case "-" -> {
        Edge negative = scope.builder.apply(scope.path, ScaleSpec.times(-1), List.of(both.get(1)));
        yield scope.applied(new SumSpec(), List.of(both.get(0), negative));
      }
      default -> throw scope.wrong(at, "arrays are joined by +, - or *, not by " + operator + ".");
    };
  }

  /** {@code x * 0.2}, {@code x / 2}, {@code x + 1}, {@code x - 1}. */
  private Item scaled(String operator, Edge x, double number, Expression at) {
    if (number == 0 && operator.equals("/")) {
      throw scope.wrong(at, "this divides by zero.");
    }
    LayerSpec layer =
        switch (operator) {
          case "*" -> ScaleSpec.times(number);
          case "/" -> ScaleSpec.times(1 / number);
          case "+" -> ScaleSpec.plus(number);
          case "-" -> ScaleSpec.plus(-number);
          default -> throw scope.wrong(at, ARRAY_AND_NUMBER + operator + ".");
        };
    return scope.applied(layer, List.of(x));
  }

  /** {@code 0.2 * x}, {@code 1 + x}, {@code 1 - x}. */
  private Item scaled(double number, String operator, Edge x, Expression at) {
    LayerSpec layer =
        switch (operator) {
          case "*" -> ScaleSpec.times(number);
          case "+" -> ScaleSpec.plus(number);
          case "-" -> new ScaleSpec(-1, number);
          default -> throw scope.wrong(at, ARRAY_AND_NUMBER + operator + ".");
        };
    return scope.applied(layer, List.of(x));
  }

  private Item computed(String operator, long left, long right, Expression at) {
    if (operator.equals("/")) {
      throw scope.wrong(at, "whole numbers are divided by //.");
    }
    if (right == 0 && (operator.equals("//") || operator.equals("%"))) {
      throw scope.wrong(at, "this divides by zero.");
    }
    return switch (operator) {
      case "+" -> Item.Scalar.of(left + right);
      case "-" -> Item.Scalar.of(left - right);
      case "*" -> Item.Scalar.of(left * right);
      case "//" -> Item.Scalar.of(Math.floorDiv(left, right));
      case "%" -> Item.Scalar.of(Math.floorMod(left, right));
      case "<" -> Item.Scalar.of(left < right);
      case "<=" -> Item.Scalar.of(left <= right);
      case ">" -> Item.Scalar.of(left > right);
      default -> Item.Scalar.of(left >= right);
    };
  }
}

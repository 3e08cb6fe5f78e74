package io.github.convlens.notation;

import io.github.convlens.graph.Graph;
import io.github.convlens.graph.Note;
import io.github.convlens.graph.Tree;
import io.github.convlens.notation.Recipe.Expression;
import io.github.convlens.notation.Recipe.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One use of a recipe: the calls of a block's {@code forward}. */
final class RecipeRun {
  private final RecipeScope scope;
  private final RecipeValues values;

  RecipeRun(
      GraphMaker maker,
      Graph.Builder builder,
      Recipe recipe,
      Part.Block block,
      Map<String, List<Part.Named>> children,
      String path) {
    scope = new RecipeScope(maker, builder, recipe, block, path);
    values = new RecipeValues(scope);
    for (Recipe.Slot slot : recipe.children()) {
      List<Item> members = new ArrayList<>();
      for (Part.Named child : children.getOrDefault(slot.name(), List.of())) {
        members.add(new Item.Child(child.part(), Tree.join(path, child.name())));
      }
      String name = slot.name().isEmpty() ? RecipeExpressions.ALL : slot.name();
      boolean isMany = slot.count() == Recipe.Count.MANY;
      Item item =
          isMany ? new Item.Many(members) : members.isEmpty() ? Item.Scalar.NONE : members.get(0);
      scope.variables.put(name, item);
      scope.variables.put(
          "self." + name, Item.Scalar.NONE.equals(item) ? RecipeValues.own(block, name) : item);
    }
  }

  /** The block's output for its inputs. */
  Item result(List<Item> inputs) {
    if (inputs.size() > scope.recipe.inputs().size()) {
      throw (scope.isOwn() ? scope.recipe.source() : scope.maker.source())
          .error(
              scope.isOwn() ? scope.recipe.position() : scope.block.position(),
              scope.block.type() + " is given " + inputs.size() + " arrays.",
              "Its forward takes "
                  + String.join(", ", scope.recipe.inputs())
                  + (scope.isOwn()
                      ? ": write forward(x, y): behind its =, or give it fewer."
                      : "."));
    }
    for (int i = 0; i < scope.recipe.inputs().size(); i++) {
      scope.variables.put(
          scope.recipe.inputs().get(i), i < inputs.size() ? inputs.get(i) : Item.Scalar.NONE);
    }
    Item result = run(scope.recipe.steps());
    checkArrays(result, scope.recipe.steps().get(scope.recipe.steps().size() - 1));
    return result;
  }

  private void checkArrays(Item result, Statement last) {
    if (result instanceof Item.Many many) {
      many.items().forEach(item -> checkArrays(item, last));
    } else if (!(result instanceof Item.Array) && !(last instanceof Statement.Refuse)) {
      throw scope
          .recipe
          .source()
          .error(
              last instanceof Statement.Assign assign
                  ? assign.value().position()
                  : scope.recipe.position(),
              "what it computes is no array.",
              scope.mend());
    }
  }

  private Item run(List<Statement> steps) {
    Item last = Item.Scalar.NONE;
    for (Statement step : steps) {
      if (step instanceof Statement.Assign assign) {
        last = values.value(assign.value());
        values.assign(assign.targets(), last, assign.value());
      } else if (step instanceof Statement.Loop loop) {
        for (Item item : values.many(loop.of())) {
          values.assign(loop.variables(), item, loop.of());
          last = run(loop.body());
        }
      } else if (step instanceof Statement.Assume assume && holds(assume.condition())) {
        scope.builder.note(
            Note.assumption(scope.block.type() + ": " + assume.what() + ".", scope.path));
      } else if (step instanceof Statement.Remark remark && holds(remark.condition())) {
        scope.builder.note(Note.remark(scope.block.type() + ": " + remark.what() + ".", ""));
      } else if (step instanceof Statement.Refuse refuse && holds(refuse.condition())) {
        throw scope.maker.cannotBeRead(scope.block, refuse.reason());
      }
    }
    return last;
  }

  private boolean holds(@Nullable Expression condition) {
    return condition == null || RecipeScope.isTrue(values.value(condition));
  }
}

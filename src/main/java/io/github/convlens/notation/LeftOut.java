package io.github.convlens.notation;

import io.github.convlens.graph.Graph;
import io.github.convlens.graph.Module;
import io.github.convlens.graph.Note;
import io.github.convlens.graph.Tree;
import java.util.HashSet;
import java.util.Set;

/** What no recipe calls is there all the same: heads for training, a layer that forward forgets. */
final class LeftOut {
  private final Graph.Builder builder;

  private final Set<String> modules;

  /** The paths of the modules that were called, and of all around them. */
  private final Set<String> called = new HashSet<>();

  LeftOut(Graph.Builder builder) {
    this.builder = builder;
    modules = builder.called();
    for (String path : modules) {
      for (int end = path.length(); end > 0 && called.add(path.substring(0, end)); ) {
        end = path.lastIndexOf('.', end - 1);
      }
    }
  }

  /** Tells of what learns in a part and was not called: of a block as a whole, else of a layer. */
  void tell(Part part, String path) {
    if (part instanceof Part.Block block && (block.base().isPresent() || !modules.contains(path))) {
      for (Part.Named child : block.children()) {
        String childPath = Tree.join(path, child.name());
        if (called.contains(childPath)) {
          tell(child.part(), childPath);
        } else {
          note(child.part(), childPath);
          leaveOut(child.part(), childPath);
        }
      }
    }
  }

  private void note(Part part, String path) {
    if (learns(part)) {
      builder.note(
          Note.remark(
              part.type()
                  + " is not called in evaluation: it is left out, and so are its parameters,"
                  + " which PyTorch counts.",
              path));
    }
  }

  private void leaveOut(Part part, String path) {
    if (part instanceof Part.Leaf leaf) {
      builder.notCalled(new Module(path, leaf.layer()));
    } else {
      ((Part.Block) part)
          .children()
          .forEach(child -> leaveOut(child.part(), Tree.join(path, child.name())));
    }
  }

  private static boolean learns(Part part) {
    return part instanceof Part.Leaf leaf
        ? leaf.layer().parameters() > 0
        : ((Part.Block) part).children().stream().anyMatch(child -> learns(child.part()));
  }
}

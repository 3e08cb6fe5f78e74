package io.github.convlens.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Block;
import io.github.convlens.layer.Child;
import io.github.convlens.layer.ConcatSpec;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.ModuleSpec;
import io.github.convlens.layer.ResidualSpec;
import io.github.convlens.layer.SequentialSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Runs a network and its block side by side, layer by layer. */
final class Walk {
  private final Consumer<Visit> observer;

  Walk(Consumer<Visit> observer) {
    this.observer = observer;
  }

  /**
   * A layer that has run. Its arrays are closed afterwards.
   *
   * @param path the layer's path
   * @param layer the layer
   * @param block the layer's block
   * @param input what went in; into all branches, if the layer is a join of some
   * @param branches what each branch of a join has made; of another layer, its input
   * @param output what came out
   */
  record Visit(
      String path,
      LayerSpec layer,
      Block block,
      NDArray input,
      List<NDArray> branches,
      NDArray output) {}

  /** The output; intermediate results die as soon as nothing needs them. */
  NDArray run(LayerSpec network, Block block, NDArray input) {
    return walk("", network, block, input);
  }

  private NDArray walk(String path, LayerSpec layer, Block block, NDArray x) {
    if (layer instanceof ModuleSpec module) {
      return walk(path, module.forward(), block, x);
    }
    if (layer instanceof SequentialSpec sequential) {
      return row(path, sequential.children(), block, x);
    }
    if (layer instanceof ResidualSpec residual) {
      return branches(path, layer, List.of(residual.main(), residual.shortcut()), block, x);
    }
    if (layer instanceof ConcatSpec concat) {
      return branches(path, layer, concat.branches(), block, x);
    }
    NDArray output = LayerBlocks.forward(block, x);
    observer.accept(new Visit(path, layer, block, x, List.of(x), output));
    return output;
  }

  private NDArray row(String path, List<Child> children, Block block, NDArray x) {
    NDList current = new NDList(x);
    for (int i = 0; i < children.size(); i++) {
      Child child = children.get(i);
      Block inner = block.getChildren().valueAt(i);
      NDList next =
          new NDList(walk(Child.join(path, child.name()), child.layer(), inner, current.get(0)));
      Scratch.close(current, new NDList(x), next);
      current = next;
    }
    return current.get(0);
  }

  /** Branches and what they make together, whose path is that of the composition. */
  private NDArray branches(
      String path, LayerSpec layer, List<Child> branches, Block block, NDArray x) {
    List<NDList> outputs = new ArrayList<>();
    for (int i = 0; i < branches.size(); i++) {
      Child branch = branches.get(i);
      Block inner = block.getChildren().valueAt(i);
      outputs.add(
          branch.isPlainShortcut()
              ? new NDList(x)
              : new NDList(walk(Child.join(path, branch.name()), branch.layer(), inner, x)));
    }
    NDList joined = ((Branches) block).join(outputs);
    List<NDArray> made = outputs.stream().map(NDList::singletonOrThrow).toList();
    observer.accept(new Visit(path, layer, block, x, made, joined.get(0)));
    outputs.forEach(output -> Scratch.close(output, new NDList(x), joined));
    return joined.get(0);
  }
}

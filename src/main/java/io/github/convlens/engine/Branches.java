package io.github.convlens.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.ParallelBlock;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import io.github.convlens.layer.Child;
import io.github.convlens.layer.ConcatSpec;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.ResidualSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Branches of one input: DJL's {@link ParallelBlock} whose children carry the branches' names. */
final class Branches extends ParallelBlock implements Specified {
  private final LayerSpec layer;
  private final Function<List<NDList>, NDList> join;

  /** Branches and what is made of their outputs. */
  Branches(LayerSpec layer, List<Child> branches, Function<List<NDList>, NDList> join) {
    super(join);
    this.layer = layer;
    this.join = join;
    for (Child branch : branches) {
      addChildBlock(branch.name(), LayerBlocks.of(branch.layer()));
    }
  }

  /** The sum of two branches. */
  static Branches sum(ResidualSpec layer) {
    return new Branches(
        layer,
        List.of(layer.main(), layer.shortcut()),
        outputs -> new NDList(only(outputs, 0).add(only(outputs, 1))));
  }

  /** The branches behind each other on the channel axis. */
  static Branches concat(ConcatSpec layer) {
    return new Branches(layer, layer.branches(), Branches::concat);
  }

  private static NDList concat(List<NDList> outputs) {
    NDArray first = only(outputs, 0);
    if (outputs.size() == 1) {
      return outputs.get(0);
    }
    NDList rest = new NDList();
    outputs.subList(1, outputs.size()).forEach(rest::addAll);
    return new NDList(first.getNDArrayInternal().concat(rest, 1));
  }

  private static NDArray only(List<NDList> outputs, int branch) {
    return outputs.get(branch).singletonOrThrow();
  }

  @Override
  public LayerSpec layer() {
    return layer;
  }

  /** What the branches' outputs make together; they stay open. */
  NDList join(List<NDList> outputs) {
    return join.apply(outputs);
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore parameterStore,
      NDList inputs,
      boolean training,
      PairList<String, Object> params) {
    check(inputs);
    List<NDList> outputs = new ArrayList<>(children.size());
    for (Block branch : children.values()) {
      outputs.add(branch.forward(parameterStore, inputs, training));
    }
    NDList joined = join(outputs);
    outputs.forEach(output -> Scratch.close(output, inputs, joined));
    return joined;
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore parameterStore, NDList data, NDList labels, PairList<String, Object> params) {
    return forwardInternal(parameterStore, data, true, params);
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputShapes) {
    return outputShapes(inputShapes);
  }
}

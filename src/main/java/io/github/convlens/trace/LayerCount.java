package io.github.convlens.trace;

import io.github.convlens.layer.Child;
import io.github.convlens.layer.ConcatSpec;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.ModuleSpec;
import io.github.convlens.layer.ResidualSpec;
import io.github.convlens.layer.SequentialSpec;
import java.util.List;

/** How many layers run in a network, compositions counted as one more each. */
final class LayerCount extends EachLayer<Long> {
  @Override
  Long layer(LayerSpec layer) {
    return 1L;
  }

  @Override
  public Long visit(SequentialSpec layer) {
    return all(layer.children());
  }

  @Override
  public Long visit(ModuleSpec layer) {
    return layer.forward().accept(this);
  }

  @Override
  public Long visit(ResidualSpec layer) {
    return all(List.of(layer.main(), layer.shortcut()));
  }

  @Override
  public Long visit(ConcatSpec layer) {
    return all(layer.branches());
  }

  private long all(List<Child> children) {
    long count = 1;
    for (Child child : children) {
      count += child.layer().accept(this);
    }
    return count;
  }
}

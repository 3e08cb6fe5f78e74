package io.github.convlens.trace;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.Child;
import io.github.convlens.layer.ConcatSpec;
import io.github.convlens.layer.Exact;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.ModuleSpec;
import io.github.convlens.layer.ResidualSpec;
import io.github.convlens.layer.SequentialSpec;
import io.github.convlens.layer.ShapeException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Follows a shape through a resolved network, layer by layer, each one once. */
final class Walk extends EachLayer<Flow> {
  private static final long BYTES_OF_FLOAT = 4;

  private final Convention convention;
  private final List<Row> rows = new ArrayList<>();
  private final List<Trace.Block> blocks = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private final Map<String, LayerSpec> counted = new HashMap<>();

  private Flow flow;
  private String path = "";
  private Child.Origin origin = Child.Origin.WRITTEN;
  private int depth;

  Walk(Shape input, Convention convention) {
    this.convention = convention;
    flow = Flow.of(input);
  }

  List<Row> rows() {
    return rows;
  }

  List<Trace.Block> blocks() {
    return blocks;
  }

  List<String> notes() {
    return notes;
  }

  @Override
  Flow layer(LayerSpec layer) {
    try {
      Shape input = flow.shape();
      Shape output = layer.output(input);
      flow = flow.through(layer, output);
      long macs = convention.macs(layer, input);
      add(Row.Kind.LAYER, layer, input, parametersOnce(layer), macs);
    } catch (ShapeException e) {
      throw e.at(path, layer);
    }
    if (origin == Child.Origin.IMPLIED) {
      notes.add(
          "%s, %s, is put in: a print does not show what forward calls as a function."
              .formatted(path, layer));
    }
    return flow;
  }

  /** A module that runs twice, as torchvision's ReLUs do, has its parameters once. */
  private long parametersOnce(LayerSpec layer) {
    long parameters = layer.parameters();
    return parameters > 0 && counted.put(path, layer) == layer ? 0 : parameters;
  }

  private void add(Row.Kind kind, LayerSpec layer, Shape input, long parameters, long macs) {
    Shape output = flow.shape();
    long bytes = Exact.multiply(BYTES_OF_FLOAT, Exact.elements(output));
    rows.add(
        new Row(
            kind,
            path,
            layer,
            origin,
            input,
            output,
            parameters,
            macs,
            flow.receptiveField(),
            bytes));
  }

  @Override
  public Flow visit(SequentialSpec layer) {
    layer.children().forEach(this::child);
    return flow;
  }

  @Override
  public Flow visit(ModuleSpec layer) {
    return layer.forward().accept(this);
  }

  @Override
  public Flow visit(ResidualSpec layer) {
    return join(layer, List.of(layer.main(), layer.shortcut()));
  }

  @Override
  public Flow visit(ConcatSpec layer) {
    return join(layer, layer.branches());
  }

  private Flow join(LayerSpec layer, List<Child> branches) {
    Flow input = flow;
    List<Branch> ends = new ArrayList<>();
    for (Child branch : branches) {
      flow = input;
      int from = rows.size();
      if (!branch.isPlainShortcut()) {
        child(branch);
      }
      ends.add(new Branch(nameOf(branch, from), flow));
    }
    notes.addAll(Branch.disagreements(path, layer, ends));
    flow = meet(layer, ends);
    add(Row.Kind.JOIN, layer, input.shape(), 0, 0);
    return flow;
  }

  private String nameOf(Child branch, int from) {
    if (!branch.name().isEmpty()) {
      return Child.join(path, branch.name());
    }
    return rows.size() == from ? "the shortcut" : rows.get(rows.size() - 1).path();
  }

  private Flow meet(LayerSpec layer, List<Branch> ends) {
    Flow met = ends.get(0).flow();
    long channels = 0;
    for (Branch end : ends) {
      met = met.join(end.flow(), met.shape());
      channels = Exact.add(channels, end.flow().shape().get(1));
    }
    if (!(layer instanceof ConcatSpec)) {
      return met;
    }
    Shape shape = met.shape();
    Shape joined = shape.slice(0, 1).add(channels).addAll(shape.slice(2, shape.dimension()));
    return new Flow(joined, met.height(), met.width());
  }

  private void child(Child child) {
    String outerPath = path;
    Child.Origin outerOrigin = origin;
    Shape input = flow.shape();
    int from = rows.size();
    boolean named = !child.name().isEmpty();
    path = Child.join(path, child.name());
    origin = child.origin() == Child.Origin.IMPLIED ? child.origin() : origin;
    depth += named ? 1 : 0;
    child.layer().accept(this);
    if (named && rows.size() > from && isComposition(child.layer())) {
      blocks.add(new Trace.Block(path, child.layer(), depth, input, from, rows.size()));
    }
    depth -= named ? 1 : 0;
    path = outerPath;
    origin = outerOrigin;
  }

  private static boolean isComposition(LayerSpec layer) {
    return layer instanceof SequentialSpec
        || layer instanceof ModuleSpec
        || layer instanceof ResidualSpec
        || layer instanceof ConcatSpec;
  }
}

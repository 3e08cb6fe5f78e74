package io.github.convlens.cli;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.graph.Graph;
import io.github.convlens.graph.Shaped;
import io.github.convlens.layer.Convention;
import io.github.convlens.trace.Trace;
import java.io.PrintWriter;
import java.util.List;

/** Traces of the network that was asked about; apart from its options, which need no traces. */
final class Traces {
  private Traces() {}

  /** The trace, once what was assumed is told. */
  static Trace of(
      NetOptions net, Graph graph, Shape input, Convention convention, PrintWriter err) {
    return of(net, graph, List.of(input), convention, err);
  }

  /** The same for any number of inputs. */
  static Trace of(
      NetOptions net, Graph graph, List<Shape> inputs, Convention convention, PrintWriter err) {
    Shaped shaped = NetOptions.infer(graph, inputs, note -> net.tell(note, err));
    Trace trace = Trace.of(shaped, convention);
    trace.notes().stream()
        .filter(note -> !shaped.notes().contains(note))
        .forEach(note -> net.tell(note, err));
    return trace;
  }
}

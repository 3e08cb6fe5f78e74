package io.github.convlens.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.graph.Edge;
import io.github.convlens.graph.Graph;
import io.github.convlens.graph.Module;
import io.github.convlens.graph.Tree;
import io.github.convlens.layer.Convention;
import io.github.convlens.layer.IdentitySpec;
import io.github.convlens.layer.SplitSpec;
import io.github.convlens.notation.PyTorch;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Formulas for people, and what tables and JSON do with rare networks. */
class FormsTest {
  @Test
  void formulasOfEachLayer() {
    Trace trace =
        Trace.of(
            PyTorch.parse("Sequential(Conv2d(1, 2, 3, stride=2), ReLU(), MaxPool2d((2, 1)))"),
            new Shape(1, 1, 8, 7),
            Convention.TORCHVISION);
    assertEquals(
        """
        0, Conv2d(1, 2, kernel_size=(3, 3), stride=(2, 2)): [1, 2, 3, 3]
        height: floor((8 + 0 + 0 - 3) / 2) + 1 = 3; 1 of 8 rows unread, all of them behind the last window
        width:  floor((7 + 0 + 0 - 3) / 2) + 1 = 3
        1, ReLU(): [1, 2, 3, 3]
        2, MaxPool2d(kernel_size=(2, 1)): [1, 2, 1, 3]
        height: floor((3 + 0 + 0 - 2) / 2) + 1 = 1; 1 of 3 rows unread, all of them behind the last window
        width:  floor((3 + 0 + 0 - 1) / 1) + 1 = 3\
        """,
        Explanation.of(trace).collect(Collectors.joining("\n")));
  }

  @Test
  void aSingleLayerNeedsNoTitle() {
    Trace trace =
        Trace.of(PyTorch.parse("Conv1d(1, 2, 3)"), new Shape(1, 1, 8), Convention.TORCHVISION);
    assertEquals(
        List.of("length: floor((8 + 0 + 0 - 3) / 1) + 1 = 6"), Explanation.of(trace).toList());
  }

  /** What a spreadsheet would take for a formula has an apostrophe in front. */
  @Test
  void namesThatLookLikeFormulas() throws IOException {
    StringBuilder csv = new StringBuilder();
    Graph.Builder builder = new Graph.Builder();
    Edge last = builder.input("x");
    for (String name : List.of("=a", "+b", "-c", "@d", "e=", "f,\"g")) {
      last = builder.call(new Module(name, new IdentitySpec()), last);
    }
    Graph graph = builder.build(List.of(last), new Tree("Net", "", List.of()));
    TraceCsv.write(Trace.of(graph, new Shape(1, 1, 4), Convention.TORCHVISION), csv);
    assertEquals(
        List.of("'=a", "'+b", "'-c", "'@d", "e=", "\"f,\"\"g\""),
        csv.toString()
            .lines()
            .skip(1)
            .map(line -> line.substring(0, line.indexOf(",Identity")))
            .toList());
  }

  @Test
  void severalOutputs() throws IOException {
    Graph.Builder builder = new Graph.Builder();
    Edge x = builder.input("x");
    Edge parts =
        builder.apply("", new SplitSpec(2, new SplitSpec.Parts.Sizes(List.of(1L, 3L))), List.of(x));
    Graph graph =
        builder.build(
            List.of(parts, Graph.Builder.output(parts, 1)), new Tree("Net", "", List.of()));
    Trace trace = Trace.of(graph, new Shape(1, 1, 4), Convention.TORCHVISION);
    assertEquals(new Shape(1, 1, 4), trace.input());
    assertEquals(
        "{\"input\":[1,1,4],\"output\":[1,1,1],\"outputs\":[[1,1,1],[1,1,3]],\"convention\"",
        start(trace, TraceJson.Ends.FIRST));
    assertEquals(
        "{\"input\":[1,1,4],\"output\":[[1,1,1],[1,1,3]],\"convention\"",
        start(trace, TraceJson.Ends.ALL));
  }

  private static String start(Trace trace, TraceJson.Ends ends) throws IOException {
    StringBuilder json = new StringBuilder();
    TraceJson.write(trace, ends, json);
    assertTrue(json.toString().endsWith("}}\n"), json.toString());
    return json.substring(0, json.indexOf(":\"torchvision\""));
  }
}

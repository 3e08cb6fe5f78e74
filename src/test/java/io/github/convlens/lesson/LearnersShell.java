package io.github.convlens.lesson;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis;

/** Runs a learner's lines in a JShell of this process; the last line's value is the result. */
final class LearnersShell implements AutoCloseable {
  private static final List<String> PRELUDE =
      List.of(
          "import ai.djl.ndarray.*;",
          "import ai.djl.ndarray.index.*;",
          "import ai.djl.ndarray.types.*;",
          "import ai.djl.nn.*;",
          "import ai.djl.nn.convolutional.*;",
          "import ai.djl.nn.core.*;",
          "import ai.djl.nn.pooling.*;",
          "import ai.djl.training.*;",
          "import ai.djl.training.initializer.*;",
          "import io.github.convlens.lesson.*;",
          "import static io.github.convlens.lesson.D2l.*;",
          "import java.util.*;",
          "import java.util.function.*;",
          "import java.util.stream.*;",
          "NDManager manager = NDManager.newBaseManager();");

  private final JShell shell;

  LearnersShell() {
    shell = JShell.builder().executionEngine("local").build();
    for (String entry : System.getProperty("java.class.path").split(java.io.File.pathSeparator)) {
      shell.addToClasspath(entry);
    }
    PRELUDE.forEach(this::evaluate);
  }

  /** The last line's value, as the lesson prints it. */
  String run(List<String> code) {
    List<String> statements = statements(String.join("\n", code));
    statements.subList(0, statements.size() - 1).forEach(this::evaluate);
    SnippetEvent last = evaluate(statements.get(statements.size() - 1));
    String name = ((jdk.jshell.VarSnippet) last.snippet()).name();
    evaluate("LearnersResult.value = " + name + ";");
    return text(LearnersResult.value);
  }

  private static String text(Object value) {
    if (value instanceof NDArray array) {
      return Numbers.text(array);
    }
    return value instanceof Shape shape ? Numbers.text(shape) : String.valueOf(value);
  }

  private List<String> statements(String code) {
    List<String> statements = new ArrayList<>();
    String rest = code;
    while (!rest.isBlank()) {
      SourceCodeAnalysis.CompletionInfo info = shell.sourceCodeAnalysis().analyzeCompletion(rest);
      if (info.source() == null) {
        throw new AssertionError("incomplete: " + rest);
      }
      statements.add(info.source());
      rest = info.remaining();
    }
    return statements;
  }

  private SnippetEvent evaluate(String source) {
    SnippetEvent last = null;
    for (SnippetEvent event : shell.eval(source)) {
      if (event.exception() != null) {
        throw new AssertionError(source, event.exception());
      }
      if (event.status() != Snippet.Status.VALID && event.status() != Snippet.Status.OVERWRITTEN) {
        throw new AssertionError(
            source
                + "\n"
                + shell.diagnostics(event.snippet()).map(d -> d.getMessage(null)).toList());
      }
      last = event.causeSnippet() == null ? event : last;
    }
    if (last == null) {
      throw new AssertionError("nothing came of: " + source);
    }
    return last;
  }

  @Override
  public void close() {
    evaluate("manager.close();");
    shell.close();
  }
}

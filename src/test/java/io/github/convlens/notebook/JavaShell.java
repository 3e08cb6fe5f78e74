package io.github.convlens.notebook;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import jdk.jshell.EvalException;
import jdk.jshell.JShell;
import jdk.jshell.JShellException;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis.Completeness;
import jdk.jshell.SourceCodeAnalysis.CompletionInfo;
import jdk.jshell.execution.DirectExecutionControl;
import jdk.jshell.spi.ExecutionControl;
import jdk.jshell.spi.ExecutionControlProvider;
import jdk.jshell.spi.ExecutionEnv;

/**
 * A JShell that runs cells in this process and this thread, as a notebook's kernel does: names live
 * on from cell to cell, and a cell's value is that of its last snippet if it is an expression.
 */
public final class JavaShell implements AutoCloseable {
  /** The kinds of snippets whose value a kernel shows: not declarations, not assignments. */
  private static final Set<Snippet.SubKind> SHOWN =
      EnumSet.of(
          Snippet.SubKind.VAR_VALUE_SUBKIND,
          Snippet.SubKind.OTHER_EXPRESSION_SUBKIND,
          Snippet.SubKind.TEMP_VAR_EXPRESSION_SUBKIND);

  /** The class path of this process; one for all shells, so that each jar is listed once. */
  private static final StandardJavaFileManager FILES =
      ToolProvider.getSystemJavaCompiler().getStandardFileManager(null, null, null);

  private final Execution execution = new Execution();
  private final JShell shell =
      JShell.builder().executionEngine(execution, Map.of()).fileManager(ofItsOwn -> FILES).build();

  /** A shell that has imported nothing, with the class path of this process. */
  public JavaShell() {}

  /**
   * What a cell did.
   *
   * @param printed what it wrote to standard output
   * @param value the value of its last expression, if it ends in one
   */
  public record Ran(String printed, Optional<Object> value) {}

  /**
   * Runs a cell to its end. The thread's class loader and the process's standard output are
   * afterwards what they were before.
   *
   * @throws CellException if a snippet is incomplete, does not compile, refers to what is not there
   *     (even where JShell would wait for it), or throws
   */
  public Ran run(String cell) {
    ClassLoader loader = Thread.currentThread().getContextClassLoader();
    PrintStream standard = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    try (PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8)) {
      System.setOut(out);
      Optional<Object> value = evaluateAll(cell);
      return new Ran(
          printed.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n"), value);
    } finally {
      System.setOut(standard);
      Thread.currentThread().setContextClassLoader(loader);
    }
  }

  private Optional<Object> evaluateAll(String cell) {
    Optional<Object> value = Optional.empty();
    CompletionInfo next = shell.sourceCodeAnalysis().analyzeCompletion(cell);
    while (next.completeness().isComplete()) {
      value = evaluate(next.source());
      next = shell.sourceCodeAnalysis().analyzeCompletion(next.remaining());
    }
    if (next.completeness() == Completeness.UNKNOWN) {
      return evaluate(next.remaining()); // not Java: the compiler says why
    }
    if (next.completeness() != Completeness.EMPTY) {
      throw new CellException("is incomplete from here on:\n" + next.remaining().strip());
    }
    return value;
  }

  private Optional<Object> evaluate(String source) {
    execution.value = Optional.empty();
    boolean shown = false;
    for (SnippetEvent event : shell.eval(source)) {
      if (event.exception() != null) {
        throw new CellException("throws " + text(event.exception()) + "\nin " + source.strip());
      }
      Snippet.Status status = event.status();
      if (status != Snippet.Status.VALID && status != Snippet.Status.OVERWRITTEN) {
        throw new CellException("does not compile:\n" + source.strip() + "\n" + reasons(event));
      }
      shown |= event.causeSnippet() == null && SHOWN.contains(event.snippet().subKind());
    }
    return shown ? execution.value : Optional.empty();
  }

  private static String text(JShellException exception) {
    String name =
        exception instanceof EvalException thrown
            ? thrown.getExceptionClassName()
            : exception.getClass().getName();
    return name + ": " + exception.getMessage();
  }

  private String reasons(SnippetEvent event) {
    String compiler =
        shell
            .diagnostics(event.snippet())
            .map(diagnostic -> diagnostic.getMessage(Locale.ROOT))
            .distinct()
            .collect(Collectors.joining("\n"));
    if (event.snippet() instanceof jdk.jshell.DeclarationSnippet declaration
        && compiler.isEmpty()) {
      return shell
          .unresolvedDependencies(declaration)
          .map(name -> "there is no " + name)
          .collect(Collectors.joining("\n"));
    }
    return compiler;
  }

  @Override
  public void close() {
    shell.close();
  }

  /** Runs snippets in this thread and keeps the value of the last one, the object itself. */
  private static final class Execution extends DirectExecutionControl
      implements ExecutionControlProvider {
    private Optional<Object> value = Optional.empty();

    @Override
    public String name() {
      return "this thread";
    }

    @Override
    public ExecutionControl generate(ExecutionEnv env, Map<String, String> parameters) {
      return this;
    }

    @Override
    protected String invoke(Method snippet)
        throws IllegalAccessException, InvocationTargetException {
      value = Optional.ofNullable(snippet.invoke(null));
      return "";
    }
  }
}

package io.github.convlens.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.PrintStream;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a cell shows, and what it leaves as it was. */
class JavaShellTest {
  private final JavaShell shell = new JavaShell();

  @AfterEach
  void close() {
    shell.close();
  }

  /** Only a last expression is shown: no declaration, no assignment, no statement. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "nothing",
      textBlock =
          """
          1 + 2                        | 3
          1 + 2;                       | 3
          int x = 3;                   | nothing
          int x = 3; x                 | 3
          int x = 3; x = 4             | nothing
          int x = 3; x; int y = x;     | nothing
          int f() { return 7; } f()    | 7
          if (true) { int y = 1; }     | nothing
          import java.util.List;       | nothing
          // a comment                 | nothing
          1 + 2 // and a comment       | 3
          (Object) null                | nothing
          """)
  void theLastExpressionIsShown(String cell, String value) {
    assertEquals(Optional.ofNullable(value), shell.run(cell).value().map(String::valueOf));
  }

  @Test
  void whatIsPrintedIsKeptInOrderAndNotPrinted() {
    assertEquals(
        new JavaShell.Ran("one\ntwo ä\n", Optional.of(3)),
        shell.run("System.out.println(\"one\");\nSystem.out.println(\"two ä\");\n3"));
  }

  @Test
  void namesLiveFromCellToCellAndCanBeGivenAnew() {
    shell.run("int x = 3; int twice() { return 2 * x; }");
    assertEquals(Optional.of(6), shell.run("twice()").value());
    shell.run("int x = 4;");
    assertEquals(Optional.of(8), shell.run("twice()").value());
    shell.run("int other = 1;");
    shell.run("String other = \"text\";\nint length = other.length();");
    assertEquals(Optional.of(4), shell.run("length").value());
  }

  @Test
  void streamAndLoaderAreAsTheyWereAlsoAfterAFailure() {
    PrintStream out = System.out;
    ClassLoader loader = Thread.currentThread().getContextClassLoader();
    shell.run("Thread.currentThread().setContextClassLoader(null);");
    assertSame(loader, Thread.currentThread().getContextClassLoader());
    assertThrows(CellException.class, () -> shell.run("1 / (1 - 1)"));
    assertSame(loader, Thread.currentThread().getContextClassLoader());
    assertSame(out, System.out);
  }

  @Test
  void nothingOfAFailedCellIsTakenForTheNextOnesValue() {
    assertThrows(
        CellException.class, () -> shell.run("5; throw new IllegalStateException(\"x\");"));
    assertEquals(Optional.empty(), shell.run("int y = 1;").value());
  }
}

package io.github.convlens.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reading, running and writing notebook files, good ones and broken ones. */
class NotebookTest {
  /** Written by Python's nbformat 5.5. */
  private static final Path BY_NBFORMAT =
      Path.of("src/test/resources/io/github/convlens/notebook/by-nbformat.ipynb");

  @TempDir private Path folder;

  @Test
  void writesWhatPythonWrites() throws IOException {
    assertEquals(Files.readString(BY_NBFORMAT), Notebook.read(BY_NBFORMAT).text());
  }

  @Test
  void whatIsReadIsWrittenTheSameAgainOutputByOutput() throws IOException {
    Notebook notebook = Notebook.read(BY_NBFORMAT);
    List<List<Output>> outputs = notebook.codeCells().stream().map(Cell::outputs).toList();
    assertEquals(new Output.Printed("true\nzwei\n"), outputs.get(0).get(0));
    assertEquals(new Output.Value("3"), outputs.get(1).get(0));
    assertEquals(
        new Output.Picture("iVBORw0KGgo=", "A window. Output (0, 0) reads row 0.", 480, 120),
        outputs.get(2).get(0));
    assertEquals(
        List.of(Output.Foreign.class, Output.Foreign.class),
        outputs.get(3).stream().map(Object::getClass).toList());
    assertEquals(List.of(), outputs.get(4));
    for (int i = 0; i < 4; i++) {
      Cell cell = notebook.codeCells().get(i);
      assertEquals(cell, cell.with(outputs.get(i), i + 1));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {`|not JSON: java.io.EOFException: End of input at line 1 column 2 path $.
          []|not a JSON object: it is not a notebook.
          {"a": 1}|there are no cells: it is not a notebook.
          {"cells": [], "nbformat": 3, "nbformat_minor": 0}|nbformat is 3.0, but must be 4.5.\\nSave it with a newer Jupyter.
          {"cells": [], "nbformat": 4, "nbformat_minor": 4}|nbformat is 4.4, but must be 4.5.\\nSave it with a newer Jupyter.
          {"cells": [], "nbformat": 4, "nbformat_minor": 5}|there is no metadata: it is not a notebook.
          """)
  void brokenFilesAreNamedWithWhatIsWrong(String text, String message) throws IOException {
    Path file = folder.resolve("broken.ipynb");
    Files.writeString(file, text.replace("`", ""));
    NotebookException e = assertThrows(NotebookException.class, () -> Notebook.read(file));
    assertEquals(file + ": " + message.replace("\\n", "\n"), e.getMessage());
  }

  @Test
  void cellsNeedASourceAndAnIdOfTheirOwn() throws IOException {
    assertRejected("{\"id\": \"a\"}", "cell 1 has no source or, a code cell, no outputs.");
    assertRejected(
        "{\"id\": \"a\", \"cell_type\": \"code\", \"source\": []}",
        "cell 1 has no source or, a code cell, no outputs.");
    assertRejected("{\"source\": []}", "cell 1 () has no id of its own.");
    assertRejected(
        "{\"id\": \"a\", \"source\": []}, {\"id\": \"a\", \"source\": []}",
        "cell 2 (a) has no id of its own.");
  }

  @Test
  void aCellThatCannotRunIsNamed() throws IOException {
    assertFails(
        "int x = ;", "cell 2 (b) does not compile:\nint x = ;\nillegal start of expression");
    assertFails(
        "undefined(1)",
        """
        cell 2 (b) does not compile:
        undefined(1)
        cannot find symbol
          symbol:   method undefined(int)
          location: class\s""");
    assertFails(
        "int twice() { return later(); }",
        "cell 2 (b) does not compile:\nint twice() { return later(); }\nthere is no method later()");
    assertFails(
        "1 / (1 - 1)",
        "cell 2 (b) throws java.lang.ArithmeticException: / by zero\nin 1 / (1 - 1)");
    assertFails("for (;;) {", "cell 2 (b) is incomplete from here on:\nfor (;;) {");
    assertFails(
        "\"text\"",
        "cell 2 (b) ends in a String, which some kernels show in quotes and others do not.\nPrint it.");
    assertFails(
        "new java.awt.image.BufferedImage(1, 1, 1)",
        "cell 2 (b) ends in a picture without a description.\nEnd it in the figure itself.");
    assertFails(
        "new Object()",
        "cell 2 (b) ends in a Object, whose text is its address.\nPrint what is to be seen.");
  }

  private void assertRejected(String cells, String message) throws IOException {
    Path file = notebook(cells);
    NotebookException e = assertThrows(NotebookException.class, () -> Notebook.read(file));
    assertEquals(file + ": " + message, e.getMessage());
  }

  private void assertFails(String source, String message) throws IOException {
    Path file =
        notebook(
            "{\"id\": \"a\", \"cell_type\": \"markdown\", \"source\": []}, {\"id\": \"b\","
                + " \"cell_type\": \"code\", \"outputs\": [], \"source\": \""
                + source.replace("\"", "\\\"")
                + "\"}");
    Notebook notebook = Notebook.read(file);
    NotebookException e = assertThrows(NotebookException.class, notebook::run);
    assertEquals(file + ": " + message, e.getMessage());
  }

  private Path notebook(String cells) throws IOException {
    return Files.writeString(
        folder.resolve("broken.ipynb"),
        "{\"cells\": [" + cells + "], \"metadata\": {}, \"nbformat\": 4, \"nbformat_minor\": 5}");
  }
}

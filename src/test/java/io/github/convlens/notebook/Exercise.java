package io.github.convlens.notebook;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An exercise of a notebook: a task with its answer folded away, and the cell that the learner
 * changes, which says whether it is right.
 *
 * @param task the text; its answer is the whole cell as it should be
 * @param attempt the cell that is to be changed
 * @param answer the code of the folded answer
 */
record Exercise(Cell task, Cell attempt, String answer) {
  private static final Pattern FOLDED =
      Pattern.compile(
          "(?s)<details>\\s*<summary>(?:Answer|答案)</summary>\n\n.*?```java\n(.*?)\n```"
              + ".*?\n\n</details>");

  /**
   * The exercises of a notebook, in order.
   *
   * @throws NotebookException if one has no cell to try, or no answer
   */
  static List<Exercise> of(Notebook notebook) {
    List<Exercise> exercises = new ArrayList<>();
    List<Cell> cells = notebook.cells();
    for (int i = 0; i < cells.size(); i++) {
      Cell task = cells.get(i);
      if (task.id().startsWith("exercise-")) {
        Matcher folded = FOLDED.matcher(task.source());
        if (!folded.find()) {
          throw new NotebookException(notebook.file(), task, "has no folded answer in Java.");
        }
        String id = "try-" + task.id().substring("exercise-".length());
        if (i + 1 == cells.size() || !cells.get(i + 1).id().equals(id)) {
          throw new NotebookException(notebook.file(), task, "is not followed by " + id + ".");
        }
        exercises.add(new Exercise(task, cells.get(i + 1), folded.group(1)));
      }
    }
    return exercises;
  }

  /**
   * Runs the attempt, the answer and the attempt again, after all cells.
   *
   * @throws NotebookException if the attempt is right already, or the answer is not
   */
  void solve(Path file, JavaShell shell) {
    boolean chinese = file.getParent().endsWith("zh");
    expect(file, shell, attempt.source(), chinese ? "还不对" : "not yet");
    expect(file, shell, answer, chinese ? "答对了" : "right");
    expect(file, shell, attempt.source(), chinese ? "还不对" : "not yet");
  }

  private void expect(Path file, JavaShell shell, String code, String verdict) {
    String printed;
    try {
      printed = shell.run(code).printed();
    } catch (CellException e) {
      throw new NotebookException(file, task, code + "\n" + e.getMessage());
    }
    List<String> lines = printed.lines().toList();
    if (lines.isEmpty() || !lines.get(lines.size() - 1).equals(verdict)) {
      throw new NotebookException(
          file, task, "should end in '" + verdict + "':\n" + code + "\nPrinted: " + printed);
    }
  }
}

package io.github.convlens.cli;

import java.io.PrintWriter;
import picocli.CommandLine;

/**
 * Answers the lines of a batch on all processors, and prints the answers in their order. Nothing is
 * held back while the next line is awaited: whoever writes it may need the answers to go on.
 */
final class BatchPrinter {
  private final ShapeBatch batch;
  private final PrintWriter out;
  private final PrintWriter err;
  private int failed;

  BatchPrinter(ShapeBatch batch, CommandLine commandLine) {
    this.batch = batch;
    out = commandLine.getOut();
    err = commandLine.getErr();
  }

  /** Answers all lines; how many have no answer. */
  int print(TextFile.Lines text) {
    int processors = Runtime.getRuntime().availableProcessors();
    try (InOrder<ShapeAnswers> work = new InOrder<>(processors, this::print)) {
      ShapeQuestions questions;
      long first = 1;
      do {
        questions = ShapeQuestions.read(text, first);
        first += questions.lines().size();
        give(work, questions);
        if (questions.next() == ShapeQuestions.Next.AWAITED) {
          work.finish();
          out.flush();
        }
      } while (questions.next() != ShapeQuestions.Next.NONE);
      work.finish();
    }
    return failed;
  }

  private void give(InOrder<ShapeAnswers> work, ShapeQuestions questions) {
    if (questions.areLong()) {
      work.alone(() -> batch.answers(questions));
    } else {
      work.add(() -> batch.answers(questions));
    }
  }

  private void print(ShapeAnswers answers) {
    answers.notes().forEach(err::println);
    out.print(answers.printed());
    failed += answers.failed();
    if (answers.fault() != null) {
      throw answers.fault();
    }
  }
}

package io.github.convlens.notebook;

import io.github.convlens.engine.PyTorchEngine;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every English notebook gives what is saved in it. After <i>Run All</i> a reader can go back and
 * change any cell, and solve each exercise.
 */
class NotebooksTest {
  @BeforeAll
  static void startTheEngine() {
    PyTorchEngine.start(progress -> {});
  }

  @TestFactory
  Stream<DynamicTest> giveWhatIsSavedInThemAndCanBeRunAgain() throws IOException {
    return SavedNotebooks.tests(SavedNotebooks.FOLDER, Notebook::runAndGoBack);
  }
}

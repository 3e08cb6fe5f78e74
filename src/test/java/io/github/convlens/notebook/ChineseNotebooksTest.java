package io.github.convlens.notebook;

import io.github.convlens.engine.PyTorchEngine;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every Chinese notebook gives what is saved in it, and each exercise can be solved; that the code
 * is the English one's is {@link CourseTest}'s matter.
 */
class ChineseNotebooksTest {
  @BeforeAll
  static void startTheEngine() {
    PyTorchEngine.start(progress -> {});
  }

  @TestFactory
  Stream<DynamicTest> giveWhatIsSavedInThemAndCanBeSolved() throws IOException {
    return SavedNotebooks.tests(SavedNotebooks.CHINESE, Notebook::runAndSolve);
  }
}

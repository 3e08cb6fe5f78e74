package io.github.convlens.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class RunProgressTest {
  @Test
  void itSaysEveryThreeSecondsHowFarItIs() {
    StringWriter said = new StringWriter();
    long[] seconds = {100};
    RunProgress progress =
        RunProgress.verifying(69, "layer", new PrintWriter(said), () -> seconds[0] * 1_000_000_000);
    for (int done = 1; done <= 69; done++) {
      seconds[0] += done % 20 == 0 ? 4 : done == 69 ? 9 : 0;
      progress.checked(done, 69);
    }
    assertEquals(
        """
        note: verifying 69 layers ...
        note: 20 of 69 layers verified ...
        note: 40 of 69 layers verified ...
        note: 60 of 69 layers verified ...
        """,
        said.toString().replace(System.lineSeparator(), "\n"));
  }

  @Test
  void oneIsNotPlural() {
    StringWriter said = new StringWriter();
    RunProgress.verifying(1, "call", new PrintWriter(said), () -> 0).checked(1, 1);
    assertEquals("note: verifying 1 call ...", said.toString().strip());
  }

  @Test
  void aMeasurementSaysHowManyRunsAreDone() {
    StringWriter said = new StringWriter();
    long[] seconds = {0};
    RunProgress progress =
        RunProgress.timing(
            3, " in float32", new PrintWriter(said), () -> seconds[0] * 1_000_000_000);
    for (int done = 1; done <= 3; done++) {
      seconds[0] += 4;
      progress.checked(done, 3);
    }
    assertEquals(
        """
        note: timing 3 runs in float32 ...
        note: 1 of 3 runs timed ...
        note: 2 of 3 runs timed ...
        """,
        said.toString().replace(System.lineSeparator(), "\n"));
  }
}

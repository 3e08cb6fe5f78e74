package io.github.convlens.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class VerifyProgressTest {
  @Test
  void itSaysEveryThreeSecondsHowFarItIs() {
    StringWriter said = new StringWriter();
    long[] seconds = {100};
    VerifyProgress progress =
        new VerifyProgress(69, "layer", new PrintWriter(said), () -> seconds[0] * 1_000_000_000);
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
    new VerifyProgress(1, "call", new PrintWriter(said), () -> 0).checked(1, 1);
    assertEquals("note: verifying 1 call ...", said.toString().strip());
  }
}

package io.github.convlens.cli;

import ai.djl.ndarray.NDManager;
import java.io.PrintWriter;
import java.util.Optional;

/** What {@code convlens lesson} can print. */
sealed interface LessonPart permits ExperimentsPart, NotesPart {
  /** Whether there is something to do on the engine. */
  boolean needsEngine();

  /** The notebook that it follows; empty where that is not one. */
  Optional<String> notebook();

  /**
   * Does it and prints it.
   *
   * @param manager where to make arrays; present if this part or another needs the engine
   * @return whether everything came out as it should
   */
  boolean print(Optional<NDManager> manager, PrintWriter out);
}

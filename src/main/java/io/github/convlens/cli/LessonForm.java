package io.github.convlens.cli;

import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** How {@code convlens lesson} answers: for people or for programs. */
@FunctionalInterface
interface LessonForm {
  /**
   * Does the parts and prints them.
   *
   * @param manager where to make arrays; present if one of the parts needs the engine
   * @return whether everything came out as it should
   */
  boolean answer(List<? extends LessonPart> parts, Optional<NDManager> manager) throws IOException;
}

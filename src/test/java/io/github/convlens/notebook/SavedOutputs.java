package io.github.convlens.notebook;

import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Holds the outputs that are saved in a notebook against those of a run.
 *
 * @param pictures how strictly pictures are compared
 */
record SavedOutputs(Pictures pictures) {
  private static final String REMEDY =
      "\nIf the new one is right, write it with mvn test -Pnotebooks and look at it.";

  /**
   * Nothing, if every cell gives what is saved with it.
   *
   * @param saved the notebook as it is in the file
   * @param now the same after a run
   * @throws NotebookException at the first cell that does not; shows both
   */
  void check(Notebook saved, Notebook now) {
    for (int i = 0; i < saved.cells().size(); i++) {
      if (saved.cells().get(i).isCode()) {
        check(saved.file(), saved.cells().get(i), now.cells().get(i));
      }
    }
  }

  private void check(Path file, Cell saved, Cell now) {
    Optional<String> difference = difference(saved.outputs(), now.outputs());
    if (difference.isPresent()) {
      throw new NotebookException(file, saved, difference.get() + REMEDY);
    }
    if (!saved.json().get("execution_count").equals(now.json().get("execution_count"))) {
      throw new NotebookException(
          file,
          saved,
          "is numbered %s, but is the %s that is run."
                  .formatted(saved.json().get("execution_count"), now.json().get("execution_count"))
              + REMEDY);
    }
  }

  private Optional<String> difference(List<Output> saved, List<Output> now) {
    for (int i = 0; i < Math.min(saved.size(), now.size()); i++) {
      Optional<String> difference = difference(saved.get(i), now.get(i));
      if (difference.isPresent()) {
        return difference;
      }
    }
    if (saved.size() > now.size()) {
      return Optional.of("has an output too many:\n" + saved.get(now.size()));
    }
    return saved.size() < now.size()
        ? Optional.of("lacks an output:\n" + now.get(saved.size()))
        : Optional.empty();
  }

  private Optional<String> difference(Output saved, Output now) {
    if (saved instanceof Output.Picture before && now instanceof Output.Picture after) {
      return pictures(before, after);
    }
    return saved.equals(now)
        ? Optional.empty()
        : Optional.of("gives another output.\nSaved: " + saved + "\nNow:   " + now);
  }

  private Optional<String> pictures(Output.Picture saved, Output.Picture now) {
    if (!saved.alt().equals(now.alt())) {
      return Optional.of(
          "gives another description.\nSaved: " + saved.alt() + "\nNow:   " + now.alt());
    }
    if (saved.equals(now)) {
      return Optional.empty();
    }
    BufferedImage drawn = now.image().orElseThrow();
    return saved
        .image()
        .map(before -> pictures.compare(before, drawn))
        .orElse(Optional.of("the saved one cannot be read"))
        .map(difference -> "gives another picture: " + difference + ".");
  }
}

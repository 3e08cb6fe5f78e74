package io.github.convlens.lesson;

import ai.djl.Model;
import io.github.convlens.file.internal.UnwritableException;
import io.github.convlens.file.internal.WholeFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The states of one training run in a folder, one file for each epoch: {@code
 * lenet-0003.checkpoint}. A file appears under its name only when it is whole, so a process may be
 * killed at any moment; and it ends with a checksum, so that a damaged one is not taken for whole.
 *
 * @param folder where the files are; made when the first is written
 */
public record Checkpoints(Path folder) {
  /** How many parameters that do not fit a message names. */
  private static final int NAMED = 10;

  /**
   * Makes the folder, so that a training does not find out after hours that it cannot be saved.
   *
   * @throws IOException if it cannot be made or written to, or is a file; the message names it
   */
  void makeFolder() throws IOException {
    WholeFiles.makeFolder(folder);
    if (!Files.isWritable(folder)) {
      throw new IOException("the folder '" + folder + "' is not writable. Name another.");
    }
  }

  /**
   * Writes a model's weights and properties.
   *
   * @param model a model with weights
   * @param epoch the epoch that has ended, from 1
   * @param settings everything that decides how training goes on, the network included; {@link
   *     #restore} compares it
   * @throws IOException if the folder cannot be written; checkpoints in it stay as they are
   */
  public void save(Model model, int epoch, String settings) throws IOException {
    makeFolder();
    CheckpointFile.write(file(model, epoch), model, settings);
  }

  /**
   * Loads the newest whole checkpoint into a model. Files that are not whole are left where they
   * are, and passed over.
   *
   * @param model a model with weights, which tell the shapes that are expected; they stay if there
   *     is no checkpoint or it is refused
   * @param settings what the training will be run with
   * @param notes told about each file that was passed over
   * @return the epoch after which the model was saved; empty if there is no whole checkpoint
   * @throws IOException if the folder or a file cannot be read
   * @throws IllegalArgumentException if the checkpoint was made with other settings, or its
   *     parameters do not have the model's names, shapes and types
   */
  public OptionalInt restore(Model model, String settings, Consumer<String> notes)
      throws IOException {
    for (int epoch : epochs(model.getName())) {
      Path path = file(model, epoch);
      try (CheckpointFile file = new CheckpointFile(path)) {
        var fault = file.fault();
        if (fault.isPresent()) {
          notes.accept("passed over " + path + ", " + fault.get());
          continue;
        }
        CheckpointFile.Header header = file.header();
        checkSettings(path, header.settings(), settings);
        checkShapes(path, header.parameters(), CheckpointFile.shapes(model.getBlock()));
        file.loadInto(model);
        return OptionalInt.of(epoch);
      } catch (IOException e) {
        throw new IOException(
            "the checkpoint " + path + " cannot be read: " + UnwritableException.reason(e) + ".",
            e);
      }
    }
    return OptionalInt.empty();
  }

  private Path file(Model model, int epoch) {
    return folder.resolve(String.format(Locale.ROOT, "%s-%04d.checkpoint", model.getName(), epoch));
  }

  /** Compares line by line, and shows the first that differs: a network has many. */
  private static void checkSettings(Path file, String made, String asked) {
    if (made.equals(asked)) {
      return;
    }
    List<String> before = made.lines().toList();
    List<String> now = asked.lines().toList();
    int line = 0;
    while (line < before.size() && line < now.size() && before.get(line).equals(now.get(line))) {
      line++;
    }
    throw new IllegalArgumentException(
        ("the checkpoint " + file + " belongs to another training.\n")
            + ("It was made with " + line(before, line) + "; this is " + line(now, line) + ".\n")
            + "Name another folder, or delete this one.");
  }

  private static String line(List<String> lines, int index) {
    return index < lines.size() ? lines.get(index).strip().replaceFirst(",$", "") : "nothing more";
  }

  private static void checkShapes(Path file, Map<String, String> made, Map<String, String> asked) {
    Set<String> names = new LinkedHashSet<>(asked.keySet());
    names.addAll(made.keySet());
    List<String> wrong = new ArrayList<>();
    for (String name : names) {
      if (!Objects.equals(made.get(name), asked.get(name))) {
        wrong.add(
            name
                + ": "
                + made.getOrDefault(name, "missing")
                + " in the file, "
                + asked.getOrDefault(name, "missing")
                + " in the network");
      }
    }
    if (!wrong.isEmpty()) {
      String more = wrong.size() > NAMED ? "... and " + (wrong.size() - NAMED) + " more\n" : "";
      throw new IllegalArgumentException(
          ("the checkpoint " + file + " does not fit the network.\n")
              + (String.join("\n", wrong.subList(0, Math.min(NAMED, wrong.size()))) + "\n" + more)
              + "Build the network that it was made with, name another folder, or delete this one.");
    }
  }

  /** The epochs there are files for, newest first. */
  private List<Integer> epochs(String name) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    Pattern pattern = Pattern.compile(Pattern.quote(name) + "-(\\d{4})\\.checkpoint");
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> pattern.matcher(String.valueOf(file.getFileName())))
          .filter(Matcher::matches)
          .map(matcher -> Integer.valueOf(matcher.group(1)))
          .sorted(Comparator.reverseOrder())
          .toList();
    }
  }
}

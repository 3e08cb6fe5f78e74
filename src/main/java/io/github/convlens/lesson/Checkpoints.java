package io.github.convlens.lesson;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The states of one training run in a folder, one file for each epoch: {@code lenet-0003.params},
 * DJL's own format. A file appears under its name only when it is whole, so a process may be killed
 * at any moment.
 *
 * @param folder where the files are; made when the first is written
 */
public record Checkpoints(Path folder) {
  private static final String SETTINGS = "Settings";

  /**
   * Writes a model's weights and properties.
   *
   * @param model a model with weights
   * @param epoch the epoch that has ended, from 1
   * @param settings everything that decides how training goes on; {@link #restore} compares it
   * @throws IOException if the folder cannot be written; checkpoints in it stay as they are
   */
  public void save(Model model, int epoch, String settings) throws IOException {
    model.setProperty("Epoch", Integer.toString(epoch));
    model.setProperty(SETTINGS, settings);
    Path partial = Files.createDirectories(folder).resolve("partial");
    model.save(partial, model.getName());
    String name = String.format(Locale.ROOT, "%s-%04d.params", model.getName(), epoch);
    Path written = partial.resolve(name);
    try (FileChannel channel = FileChannel.open(written, StandardOpenOption.WRITE)) {
      channel.force(true); // on the disk before it has its name, for the day the power fails
    }
    Files.move(
        written,
        folder.resolve(name),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
    Files.delete(partial);
  }

  /**
   * Loads the newest whole checkpoint into a model. Files that are not whole are left where they
   * are, and passed over.
   *
   * @param model a model whose block has no weights yet; it has none afterwards if there is no
   *     checkpoint
   * @param settings what the training will be run with
   * @param notes told about each file that was passed over
   * @return the epoch after which the model was saved; empty if there is no whole checkpoint
   * @throws IOException if the folder cannot be read
   * @throws IllegalArgumentException if the checkpoint was made with other settings
   */
  public OptionalInt restore(Model model, String settings, Consumer<String> notes)
      throws IOException {
    for (int epoch : epochs(model.getName())) {
      String file = String.format(Locale.ROOT, "%s-%04d.params", model.getName(), epoch);
      try {
        model.load(folder, model.getName(), Map.of("epoch", epoch));
      } catch (IOException | MalformedModelException | RuntimeException e) {
        model.getBlock().clear();
        notes.accept("passed over " + folder.resolve(file) + ", which is not whole");
        continue;
      }
      String made = model.getProperty(SETTINGS);
      if (!settings.equals(made)) {
        throw new IllegalArgumentException(
            ("the checkpoint " + folder.resolve(file) + " belongs to another training.\n")
                + ("It was made with " + made + "; this is " + settings + ".\n")
                + "Name another folder, or delete this one.");
      }
      return OptionalInt.of(epoch);
    }
    return OptionalInt.empty();
  }

  /** The epochs there are files for, newest first. */
  private List<Integer> epochs(String name) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    Pattern pattern = Pattern.compile(Pattern.quote(name) + "-(\\d{4})\\.params");
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> pattern.matcher(String.valueOf(file.getFileName())))
          .filter(Matcher::matches)
          .map(matcher -> Integer.valueOf(matcher.group(1)))
          .sorted(Comparator.reverseOrder())
          .toList();
    }
  }
}

package io.github.convlens.cli;

import ai.djl.ndarray.NDManager;
import io.github.convlens.language.Language;
import io.github.convlens.lesson.Experiment;
import io.github.convlens.lesson.Experiment.Outcome;
import io.github.convlens.lesson.Experiment.Section;
import io.github.convlens.lesson.Experiments;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The experiments of a section: code, arithmetic, result.
 *
 * @param section the section
 * @param experiments its experiments, in order
 * @param chosen the numbers of those that are shown, without the section's head; empty: all of them
 * @param language what they are in
 */
record ExperimentsPart(
    Section section, List<Experiment> experiments, List<Integer> chosen, Language language)
    implements LessonPart {
  /** Results up to this length are repeated in the section's last line. */
  private static final int SHORT_RESULT = 12;

  /** Results above this length are broken into rows. */
  private static final int LONG_RESULT = 80;

  /** No line of a way from shape to shape is longer. */
  private static final int WIDEST_RESULT = 94;

  ExperimentsPart {
    experiments = experiments.stream().map(experiment -> experiment.in(language)).toList();
    chosen = List.copyOf(chosen);
  }

  /** All experiments of a section. */
  static ExperimentsPart of(Section section, Language language) {
    return new ExperimentsPart(section, Experiments.of(section), List.of(), language);
  }

  /** Some of its experiments. */
  ExperimentsPart only(List<Integer> numbers) {
    numbers.stream()
        .filter(number -> number < 1 || number > experiments.size())
        .findFirst()
        .ifPresent(
            number -> {
              throw new RequestException(
                  ("option --experiment: " + section.word() + " has no experiment " + number)
                      + (". Use a number from 1 to " + experiments.size() + "."));
            });
    return new ExperimentsPart(section, experiments, numbers, language);
  }

  @Override
  public Optional<String> notebook() {
    return section.notebook(language);
  }

  @Override
  public boolean needsEngine() {
    return true;
  }

  /** The numbers of the experiments that are asked for, from 1. */
  List<Integer> numbers() {
    return chosen.isEmpty()
        ? IntStream.rangeClosed(1, experiments.size()).boxed().toList()
        : chosen;
  }

  /** Does the experiment of a number. */
  Outcome run(int number, NDManager manager) {
    return experiments.get(number - 1).run(manager);
  }

  @Override
  public boolean print(Optional<NDManager> manager, PrintWriter out) {
    if (!chosen.isEmpty()) {
      return printChosen(manager.orElseThrow(), out);
    }
    printHead(out);
    List<Outcome> outcomes = new ArrayList<>();
    for (int number : numbers()) {
      Outcome outcome = run(number, manager.orElseThrow());
      outcomes.add(outcome);
      out.println();
      print(number, outcome, out);
    }
    long matching = outcomes.stream().filter(Outcome::matches).count();
    String results = outcomes.stream().map(Outcome::result).collect(Collectors.joining(", "));
    boolean brief = outcomes.stream().allMatch(o -> o.result().length() <= SHORT_RESULT);
    String summary =
        language.say("%d of %d %s", matching, outcomes.size(), section.standard(language));
    out.println();
    out.println(
        language.say(
            "%s: %s", section.word(), brief ? language.say("%s: %s", summary, results) : summary));
    return matching == outcomes.size();
  }

  private boolean printChosen(NDManager manager, PrintWriter out) {
    boolean matches = true;
    String separator = "";
    for (int number : chosen) {
      Outcome outcome = run(number, manager);
      matches &= outcome.matches();
      out.print(separator);
      print(number, outcome, out);
      separator = System.lineSeparator();
    }
    return matches;
  }

  /** What the section is, and where there is more to read about it. */
  private void printHead(PrintWriter out) {
    out.println(language.say("== %s ==", section.heading(language)));
    out.println(
        notebook()
            .map(path -> language.say("Notebook: %s", path))
            .orElse(language.say("Notebooks: the exercises at the end of each of 01 to 05")));
    out.println(language.say("d2l: %s", section.bookTitle(language)));
    out.println("     " + section.bookLink(language));
  }

  /** A long matrix with a line for each row, and a long way from shape to shape with several. */
  private static String rows(String result) {
    if (result.length() <= LONG_RESULT) {
      return result;
    }
    String rows = result.replace("], [", "],\n [");
    StringBuilder lines = new StringBuilder();
    int length = 0;
    for (String step : rows.split("(?<= ->) ", -1)) {
      boolean startsLine = length == 0 || length + 1 + step.length() > WIDEST_RESULT;
      lines.append(length == 0 ? "" : startsLine ? "\n" : " ").append(step);
      length = step.length() + (startsLine ? 0 : length + 1);
    }
    return lines.toString();
  }

  private void print(int number, Outcome outcome, PrintWriter out) {
    Experiment experiment = outcome.experiment();
    out.println(number + ". " + experiment.title());
    if (!experiment.notation().isEmpty()) {
      out.println("   " + language.say("%s: %s", "PyTorch", experiment.notation()));
    }
    experiment.code().forEach(line -> out.println("     " + line));
    experiment.arithmetic().forEach(line -> out.println("   " + line));
    rows(outcome.result()).lines().forEach(line -> out.println("   = " + line));
    String standard = section.standard(language);
    out.println(
        "   "
            + (outcome.matches()
                ? language.say("%s: yes", standard)
                : language.say("%s: NO, it should be", standard)
                    + "\n     "
                    + experiment.expected()));
  }
}

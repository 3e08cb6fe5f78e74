package io.github.convlens.cli;

import ai.djl.ndarray.NDManager;
import io.github.convlens.lesson.Experiment;
import io.github.convlens.lesson.Experiment.Outcome;
import io.github.convlens.lesson.Experiment.Section;
import io.github.convlens.lesson.Experiments;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The experiments of a section: code, arithmetic, result.
 *
 * @param section the section
 * @param experiments its experiments, in order
 */
record ExperimentsPart(Section section, List<Experiment> experiments) implements LessonPart {
  /** Results up to this length are repeated in the section's last line. */
  private static final int SHORT_RESULT = 12;

  /** Results above this length are broken into rows. */
  private static final int LONG_RESULT = 80;

  ExperimentsPart {
    experiments = List.copyOf(experiments);
  }

  /** All experiments of a section. */
  static ExperimentsPart of(Section section) {
    return new ExperimentsPart(section, Experiments.of(section));
  }

  @Override
  public boolean needsEngine() {
    return true;
  }

  @Override
  public boolean print(Optional<NDManager> manager, PrintWriter out) {
    out.println("== " + section.heading() + " ==");
    List<Outcome> outcomes = new ArrayList<>();
    for (Experiment experiment : experiments) {
      Outcome outcome = experiment.run(manager.orElseThrow());
      outcomes.add(outcome);
      print(outcomes.size(), outcome, out);
    }
    long matching = outcomes.stream().filter(Outcome::matches).count();
    String results = outcomes.stream().map(Outcome::result).collect(Collectors.joining(", "));
    boolean brief = outcomes.stream().allMatch(o -> o.result().length() <= SHORT_RESULT);
    out.println();
    out.println(
        section.word()
            + ": "
            + matching
            + " of "
            + outcomes.size()
            + " "
            + section.standard()
            + (brief ? ": " + results : ""));
    return matching == outcomes.size();
  }

  /** A long matrix with a line for each row. */
  private static String rows(String result) {
    return result.length() > LONG_RESULT ? result.replace("], [", "],\n [") : result;
  }

  private void print(int number, Outcome outcome, PrintWriter out) {
    Experiment experiment = outcome.experiment();
    out.println();
    out.println(number + ". " + experiment.title());
    if (!experiment.notation().isEmpty()) {
      out.println("   PyTorch: " + experiment.notation());
    }
    experiment.code().forEach(line -> out.println("     " + line));
    experiment.arithmetic().forEach(line -> out.println("   " + line));
    rows(outcome.result()).lines().forEach(line -> out.println("   = " + line));
    out.println(
        "   "
            + section.standard()
            + (outcome.matches() ? ": yes" : ": NO, it should be\n     " + experiment.expected()));
  }
}

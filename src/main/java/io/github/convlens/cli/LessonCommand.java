package io.github.convlens.cli;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import io.github.convlens.engine.PyTorchEngine;
import io.github.convlens.lesson.Experiment;
import io.github.convlens.lesson.Experiment.Outcome;
import io.github.convlens.lesson.Experiment.Section;
import io.github.convlens.lesson.Experiments;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code convlens lesson}: the experiments, on the engine, beside what the notebook shows. */
@Command(
    name = "lesson",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Run the lesson's experiments on the PyTorch engine: code, arithmetic, result.",
      "Exit code 1 if a result is not what the notebook shows."
    },
    parameterListHeading = "%n",
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {"  convlens lesson padding-and-stride", "  convlens lesson --device cuda"})
final class LessonCommand implements Callable<Integer> {
  /** Results up to this length are repeated in the section's last line. */
  private static final int SHORT_RESULT = 12;

  /** Results above this length are broken into rows. */
  private static final int LONG_RESULT = 80;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      paramLabel = "SECTION",
      converter = SectionName.class,
      completionCandidates = SectionName.class,
      description = "One or more of ${COMPLETION-CANDIDATES}; all of them by default.")
  private List<Section> sections = new ArrayList<>();

  @Mixin private DeviceOption device = new DeviceOption();

  @Option(
      names = "--seed",
      defaultValue = "0",
      description = "Seed of the random numbers (default: ${DEFAULT-VALUE}).")
  private int seed;

  /** Sections by their names on the command line. */
  static final class SectionName implements ITypeConverter<Section>, Iterable<String> {
    @Override
    public Section convert(String word) {
      return Arrays.stream(Section.values())
          .filter(section -> section.word().equals(word))
          .findFirst()
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      "'" + word + "' is not a section. Use " + String.join(", ", words()) + "."));
    }

    @Override
    public Iterator<String> iterator() {
      return words().iterator();
    }

    private static List<String> words() {
      return Arrays.stream(Section.values()).map(Section::word).toList();
    }
  }

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    Device chosen = device.select(spec.commandLine().getErr());
    Engine engine = Engine.getEngine(PyTorchEngine.NAME);
    engine.setRandomSeed(seed);
    boolean allMatch = true;
    String separator = "";
    try (NDManager manager = engine.newBaseManager(chosen)) {
      for (Section section : sections.isEmpty() ? List.of(Section.values()) : sections) {
        out.print(separator);
        allMatch &= print(section, manager, out);
        separator = System.lineSeparator();
      }
    }
    return allMatch ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
  }

  private static boolean print(Section section, NDManager manager, PrintWriter out) {
    out.println("== " + section.heading() + " ==");
    List<Outcome> outcomes = new ArrayList<>();
    for (Experiment experiment : Experiments.of(section)) {
      Outcome outcome = experiment.run(manager);
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
            + " as in the notebook"
            + (brief ? ": " + results : ""));
    out.flush();
    return matching == outcomes.size();
  }

  /** A long matrix with a line for each row. */
  private static String rows(String result) {
    return result.length() > LONG_RESULT ? result.replace("], [", "],\n [") : result;
  }

  private static void print(int number, Outcome outcome, PrintWriter out) {
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
        outcome.matches()
            ? "   as in the notebook: yes"
            : "   as in the notebook: NO, it shows\n     " + experiment.expected());
  }
}

package io.github.convlens.cli;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import io.github.convlens.engine.PyTorchEngine;
import io.github.convlens.lesson.Claim;
import io.github.convlens.lesson.Claims;
import io.github.convlens.lesson.Experiment.Section;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * {@code convlens lesson}: the experiments, on the engine, beside what they should give, and the
 * notes' claims with their verdicts.
 */
final class LessonCommand extends Subcommand {
  private final Argument<List<String>> words =
      Argument.parameters(
          "SECTION",
          new ChoiceNames(),
          "One or more of ${COMPLETION-CANDIDATES}; by default all but the notes.");

  private final Argument<List<Integer>> claims =
      Argument.option("--claim")
          .says("Of the notes only these claims, such as 4 or 8,9.")
          .integers();

  private final Argument<List<Integer>> experiments =
      Argument.option("--experiment")
          .says("Of one section only these experiments, such as 2 or 1,3.")
          .integers();

  private final Argument<Boolean> open =
      Argument.option("--open")
          .says(
              "Print nothing but the path of the section's notebook, from ConvLens's",
              "folder: jupyter lab \"$(convlens lesson pooling --open)\"")
          .flag();

  private final LanguageOption language = new LanguageOption();

  private final FormatOption format = new FormatOption();

  private final DeviceOption device = new DeviceOption();

  private final Argument<Integer> seed =
      Argument.option("--seed")
          .byDefault("0")
          .says("Seed of the random numbers (default: ${DEFAULT-VALUE}).")
          .integer();

  LessonCommand() {
    super(
        "lesson",
        "Run the lesson's experiments on the PyTorch engine: code, arithmetic, result.",
        "notes checks the claims of the lesson's notes and says which of them are wrong.",
        "Exit code 1 if a result is not what it should be; a wrong claim is an answer.");
    takes(words, claims, experiments, open, language, format, device, seed);
    examples(
        "  convlens lesson padding-and-stride",
        "  convlens lesson padding-and-stride --experiment 2",
        "  convlens lesson padding-and-stride --open",
        "  convlens lesson notes --claim 4",
        "  convlens lesson notes --format json",
        "  convlens lesson --device cuda");
  }

  /** A word for what to print. */
  private sealed interface Asked {
    /** One section of experiments. */
    record OneSection(Section section) implements Asked {}

    /** Something that is not one section. */
    enum Whole implements Asked {
      /** The notes' claims. */
      NOTES,
      /** The sections and the notes. */
      ALL
    }
  }

  /** The choices by their words on the command line. */
  private static Map<String, Asked> choices() {
    Map<String, Asked> choices = new LinkedHashMap<>();
    for (Section section : Section.values()) {
      choices.put(section.word(), new Asked.OneSection(section));
    }
    choices.put("notes", Asked.Whole.NOTES);
    choices.put("all", Asked.Whole.ALL);
    return choices;
  }

  /** For picocli. */
  static final class ChoiceNames implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return choices().keySet().iterator();
    }
  }

  /** Picocli would say of a wrong word no more than that it matches nothing. */
  private Asked choice(String word) {
    Asked choice = choices().get(word);
    if (choice == null) {
      throw new ParameterException(
          spec().commandLine(), Choice.refusal(word, "a section", List.copyOf(choices().keySet())));
    }
    return choice;
  }

  @Override
  public Integer call() throws IOException {
    if (open.value()) {
      Idle.reject(
          spec(),
          "--open prints a path and runs nothing.",
          "--claim",
          "--experiment",
          "--device",
          "--seed",
          "--format");
      out().println(notebook(parts()));
      return CommandLine.ExitCode.OK;
    }
    List<LessonPart> parts = parts();
    boolean needsEngine = parts.stream().anyMatch(LessonPart::needsEngine);
    if (!needsEngine) {
      Idle.reject(
          spec(),
          "these claims are checked by arithmetic, without the engine.",
          "--device",
          "--seed");
    }
    LessonForm form = form();
    boolean right =
        needsEngine ? answerOnTheEngine(form, parts) : form.answer(parts, Optional.empty());
    return right ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
  }

  /** The notebook of the one section that is asked for. */
  private static String notebook(List<LessonPart> parts) {
    if (parts.size() != 1) {
      throw new RequestException(
          "option --open: each section has a notebook of its own. Name one, such as convlens lesson"
              + " padding-and-stride --open.");
    }
    return parts
        .get(0)
        .notebook()
        .orElseThrow(
            () ->
                new RequestException(
                    "option --open: the exercises stand at the end of several notebooks. Name"
                        + " another section, such as convlens lesson padding-and-stride --open."));
  }

  /** {@code --claim ,} has numbers for picocli, and none for us. */
  private void checkNumbers(String option, Argument<List<Integer>> numbers) {
    if (numbers.value().isEmpty() && Idle.isGiven(spec(), option)) {
      throw new RequestException(
          "option " + option + ": it has no number. Write such as 2 or 1,3.");
    }
  }

  private List<LessonPart> parts() {
    checkNumbers("--claim", claims);
    checkNumbers("--experiment", experiments);
    List<LessonPart> parts = new ArrayList<>();
    if (words.value().isEmpty()) {
      parts.addAll(sections());
    }
    for (Asked choice : words.value().stream().map(this::choice).toList()) {
      if (choice instanceof Asked.OneSection one) {
        parts.add(ExperimentsPart.of(one.section(), language.language()));
      } else {
        parts.addAll(choice == Asked.Whole.ALL ? sections() : List.of());
        parts.add(new NotesPart(claims(), language.language()));
      }
    }
    if (!claims.value().isEmpty() && parts.stream().noneMatch(NotesPart.class::isInstance)) {
      throw new RequestException(
          "option --claim: it picks claims of the notes, but the notes are not asked for.\n"
              + "Use convlens lesson notes --claim "
              + claims.value().get(0)
              + ".");
    }
    return experiments.value().isEmpty() ? parts : List.of(onlyExperiments(parts));
  }

  private LessonPart onlyExperiments(List<LessonPart> parts) {
    if (parts.size() == 1 && parts.get(0) instanceof ExperimentsPart part) {
      return part.only(experiments.value());
    }
    throw new RequestException(
        "option --experiment: it picks experiments of one section. Name that one alone, such as"
            + " convlens lesson padding-and-stride --experiment "
            + experiments.value().get(0)
            + ".");
  }

  private List<ExperimentsPart> sections() {
    return Arrays.stream(Section.values())
        .map(section -> ExperimentsPart.of(section, language.language()))
        .toList();
  }

  private List<Claim> claims() {
    try {
      return claims.value().isEmpty()
          ? Claims.all()
          : claims.value().stream().map(Claims::of).toList();
    } catch (IllegalArgumentException e) {
      throw new RequestException(String.valueOf(e.getMessage()));
    }
  }

  private boolean answerOnTheEngine(LessonForm form, List<LessonPart> parts) throws IOException {
    Device chosen = device.select(err());
    Engine engine = Engine.getEngine(PyTorchEngine.NAME);
    engine.setRandomSeed(seed.value());
    try (NDManager manager = engine.newBaseManager(chosen)) {
      return form.answer(parts, Optional.of(manager));
    }
  }

  private LessonForm form() {
    if (format.isJson()) {
      return new LessonJson(new JsonAnswer(spec().commandLine()));
    }
    PrintWriter out = out();
    return (parts, manager) -> print(parts, manager, out);
  }

  /** Does the parts and prints them one after the other, as they are done. */
  static boolean print(
      List<? extends LessonPart> parts, Optional<NDManager> manager, PrintWriter out) {
    boolean right = true;
    String separator = "";
    for (LessonPart part : parts) {
      out.print(separator);
      right &= part.print(manager, out);
      out.flush();
      separator = System.lineSeparator();
    }
    return right;
  }
}

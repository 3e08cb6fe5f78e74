package io.github.convlens.cli;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.graph.Assumption;
import io.github.convlens.graph.Graph;
import io.github.convlens.graph.Note;
import io.github.convlens.graph.Shaped;
import io.github.convlens.graph.Shapes;
import io.github.convlens.layer.ShapeException;
import io.github.convlens.layer.internal.ShapeText;
import io.github.convlens.notation.InputSize;
import io.github.convlens.notation.Presets;
import io.github.convlens.notation.PyTorch;
import io.github.convlens.notation.Recipes;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** Which layers a command is about: as an argument, a file, standard input or a preset. */
final class NetOptions implements Arguments, Iterable<String> {
  /** The longest text that is read as a network: 16 MiB. */
  private static final int MAX_BYTES = 16 << 20;

  private static final String TOO_LONG =
      "the network is longer than 16 MiB. Give one network, without its weights.";

  private final Argument<String> layers =
      Argument.parameter(
          "LAYERS",
          null,
          "Layers in PyTorch's notation, or a print(model); - reads standard input.");

  private final Argument<String> net =
      Argument.option("--net")
          .says(
              "A preset (convlens nets lists them), a file, or - for standard input: layers, a"
                  + " print(model), an exported program (.pt2), or its print.")
          .completedBy(this)
          .text("NAME|FILE");

  private final Argument<String> recipes =
      Argument.option("--recipes")
          .says(
              "What forward of classes of your own does, a line each:",
              "MyBlock: conv norm down? = norm(conv(x)) + down?(x)",
              "A child with ? may be absent; it then passes its input on.")
          .text("FILE");

  private final Argument<List<String>> assumed =
      Argument.option("--assume")
          .says(
              "What forward calls and a print does not show: pool2@conv2 is max_pool2d(x, 2) behind"
                  + " conv2, pool@conv2 the printed layer pool once more there. Also pool3s2p1, avg2,"
                  + " adaptive6, mean, flatten. May be repeated.")
          .texts("CALL");

  private final Argument<Boolean> strict =
      Argument.option("--strict")
          .says("Take an assumption for an error, instead of a note: exit with 2.")
          .flag();

  @Override
  public void addTo(CommandSpec command) {
    layers.addTo(command);
    net.addTo(command);
    recipes.addTo(command);
    assumed.addTo(command);
    strict.addTo(command);
  }

  /**
   * A network, and a preset's own input.
   *
   * @param program the exported program that it is
   */
  record Chosen(Graph graph, Optional<InputSize> ownInput, Optional<ProgramNet> program) {
    static Chosen of(ProgramNet program) {
      return new Chosen(program.graph(), Optional.empty(), Optional.of(program));
    }

    /** The network on the input that was given, or on its own: a preset's, or a program's. */
    Question on(List<InputSize> given) {
      if (given.size() != graph.inputs().size()) {
        InputOption.check(given, graph.inputs().size());
      }
      if (program.isPresent()) {
        return program.get().on(given);
      }
      if (graph.inputs().size() > 1) {
        return Question.ofSeveral(graph, given);
      }
      return Question.of(
          graph, given.isEmpty() ? ownInput.orElseThrow(NetOptions::missingInput) : given.get(0));
    }

    /**
     * An input whose batch, channels and number of axes are those of the given size, of the
     * preset's, of the program, or of the first layer; its sizes do not matter.
     */
    Shape like(@Nullable InputSize given) {
      if (program.isPresent()) {
        return program.get().only();
      }
      InputSize size = given != null ? given : ownInput.orElse(null);
      return size == null ? InputSize.anyFor(graph) : size.shapeFor(graph);
    }
  }

  /** The names of the presets, for a shell that completes them. */
  @Override
  public Iterator<String> iterator() {
    return Presets.names().iterator();
  }

  private static void rejectProgram(Optional<ProgramNet> program) {
    if (program.isPresent()) {
      throw new RequestException(
          "a page does not take an exported program. Draw FILE.svg or FILE.png, or give it the text"
              + " of print(model).");
    }
  }

  /**
   * A network and its inputs, with a note where they were completed.
   *
   * @param inputs the shapes that go in
   * @param size what was asked; empty where a program has its own sizes, or inputs are several
   * @param program the exported program that it is
   */
  record Question(
      Graph graph, List<Shape> inputs, Optional<InputSize> size, Optional<ProgramNet> program) {
    static Question of(Graph graph, InputSize input) {
      Optional<Note> note = input.noteOn(graph);
      return new Question(
          note.isPresent() ? graph.with(note.get()) : graph,
          List.of(input.shapeFor(graph)),
          Optional.of(input),
          Optional.empty());
    }

    /** Several inputs, each as it is written: nothing says which of them lacks its batch. */
    static Question ofSeveral(Graph graph, List<InputSize> given) {
      if (given.isEmpty()) {
        throw new RequestException(
            "the network has the inputs "
                + String.join(", ", graph.inputs())
                + ". Add --input for each, whole and with its batch, such as --input 1x3x224x224.");
      }
      List<Shape> shapes = given.stream().map(InputSize::whole).toList();
      return new Question(graph, shapes, Optional.empty(), Optional.empty());
    }

    /** The input's size, for a command that takes layers alone. */
    InputSize input() {
      rejectOthers();
      return size.orElseThrow();
    }

    /** The same, asked about a size. */
    Question about(InputSize asked) {
      return new Question(graph, inputs, Optional.of(asked), program);
    }

    /** The input's shape, for a command that takes layers alone. */
    Shape shape() {
      rejectOthers();
      return inputs.get(0);
    }

    private void rejectOthers() {
      rejectProgram(program);
      if (inputs.size() > 1) {
        throw new RequestException(
            "this takes networks of one input, and this one has "
                + String.join(", ", graph.inputs())
                + ". shape, trace, code and draw take several.");
      }
    }

    /** An output in the rank of the question. */
    String answer(Graph shaped, Shape output) {
      if (program.isPresent()) {
        return program.get().answer(size, output);
      }
      return size.isPresent() ? size.get().answer(shaped, output) : ShapeText.listed(output);
    }
  }

  /** Whether layers are given at all. */
  boolean isGiven() {
    return layers.hasValue() || net.hasValue();
  }

  static RequestException missingInput() {
    return new RequestException(
        "the input's size is missing. Add --input with HxW, CxHxW or NxCxHxW, such as --input"
            + " 8x8.");
  }

  /** Rejects layers that are given twice. */
  void rejectBeside(String other) {
    if (layers.hasValue() || net.hasValue()) {
      throw new RequestException("give either LAYERS (or --net) or " + other + ", not both.");
    }
  }

  /** Rejects what says how layers are read where none are. */
  void rejectReading() {
    if (recipes.hasValue() || strict.value() || !assumed.value().isEmpty()) {
      throw new RequestException(
          "option "
              + (recipes.hasValue() ? "--recipes" : strict.value() ? "--strict" : "--assume")
              + ": it says how a print is read, and there is none here. Leave it out.");
    }
  }

  /** Rejects calls to put in where there are several networks. */
  void rejectAssumptionsBeside(String other) {
    if (!assumed.value().isEmpty()) {
      throw new RequestException(
          "option --assume: it is about one network, and " + other + " reads many. Leave it out.");
    }
  }

  /** A page reads the layers again, in a browser that has the known recipes only. */
  void rejectRecipesOfAPage() {
    if (!assumed.value().isEmpty()) {
      throw new RequestException(
          "option --assume: a page reads its layers again. Draw FILE.svg or FILE.png, or write what"
              + " is missing into the print: (again): MaxPool2d(2).");
    }
    if (recipes.hasValue()) {
      throw new RequestException(
          "option --recipes: a page reads its layers again, and has the known recipes only. Draw"
              + " FILE.svg or FILE.png, or write Residual(main, shortcut) and Concat(branch, branch).");
    }
  }

  /** Reads and parses the network. */
  Chosen read(InputStream stdin) {
    Recipes known =
        recipesBeside(layers.hasValue() ? layers.value() : net.orNull(), "the network", stdin);
    if (!layers.hasValue()
        && net.hasValue()
        && !net.value().equals("-")
        && !Presets.names().contains(net.value())) {
      rejectFolder(net.value());
      Optional<ProgramNet> program = ProgramNet.ofFile(net.value());
      if (program.isPresent()) {
        rejectBesideProgram();
        return Chosen.of(program.get());
      }
    }
    Source source = source(stdin);
    if (source.text().contains("ExportedProgram") && ProgramNet.isText(source.text())) {
      rejectBesideProgram();
      return Chosen.of(ProgramNet.ofText(source.text()));
    }
    return new Chosen(assuming(graph(source.text(), known)), source.ownInput(), Optional.empty());
  }

  private Graph graph(String text, Recipes known) {
    if (!recipes.hasValue()) {
      return PyTorch.parse(text, known);
    }
    PyTorch.Reading reading = PyTorch.read(text, known);
    if (reading.unused().isPresent()) {
      throw unused(reading.unused().get());
    }
    return reading.graph();
  }

  private void rejectBesideProgram() {
    if (recipes.hasValue() || !assumed.value().isEmpty()) {
      throw new RequestException(
          "option "
              + (recipes.hasValue() ? "--recipes" : "--assume")
              + ": an exported program says itself what its forward does. Leave it out.");
    }
  }

  private Graph assuming(Graph graph) {
    if (assumed.value().isEmpty()) {
      return graph;
    }
    try {
      return Assumption.put(graph, assumed.value().stream().map(Assumption::parse).toList());
    } catch (IllegalArgumentException e) {
      throw new RequestException("option --assume: " + e.getMessage(), e);
    }
  }

  /**
   * The recipes known here, and those of {@code --recipes}, which come first.
   *
   * @param beside the file that is read besides
   * @param what what is read from that
   */
  Recipes recipesBeside(@Nullable String beside, String what, InputStream stdin) {
    if (!recipes.hasValue()) {
      return Recipes.KNOWN;
    }
    if (recipes.value().equals("-") && "-".equals(beside)) {
      throw new RequestException(
          "option --recipes: standard input is taken by " + what + ". Give one of them as a file.");
    }
    String missing = "option --recipes: '" + recipes.value() + "' is not a readable file.";
    String tooLong = "option --recipes: the file is longer than 16 MiB. Give recipes alone.";
    String name = recipesName();
    try (TextFile file = TextFile.open(recipes.value(), stdin, "option --recipes: ", missing)) {
      Recipes all = Recipes.KNOWN.with(file.text(MAX_BYTES, tooLong), name + ", ");
      if (all.addedClasses().isEmpty()) {
        throw new RequestException(
            name
                + " holds no recipe. Write a line for each class, such as\nMyBlock: conv norm ="
                + " norm(conv(x))\nor leave the option out.");
      }
      return all;
    }
  }

  /** That none of the recipes is used: the option would have no effect. */
  RequestException unused(String reason) {
    return new RequestException(recipesName() + ": none of its recipes is used.\n" + reason);
  }

  private String recipesName() {
    return "option --recipes: "
        + (recipes.value().equals("-") ? "standard input" : "'" + recipes.value() + "'");
  }

  /**
   * The network with its shapes, once what was assumed is told.
   *
   * @throws ShapeException if a layer cannot take what reaches it
   */
  static Shaped infer(Graph graph, Shape input, Consumer<Note> notes) {
    return infer(graph, List.of(input), notes);
  }

  /** The same for any number of inputs. */
  static Shaped infer(Graph graph, List<Shape> inputs, Consumer<Note> notes) {
    Shaped shaped;
    try {
      shaped = Shapes.infer(graph, inputs);
    } catch (ShapeException e) {
      throw explained(graph, notes, e);
    }
    shaped.notes().forEach(notes);
    return shaped;
  }

  /** Why there is no answer about a network; what was assumed is told, if the reason does not. */
  static RuntimeException explained(Graph graph, Consumer<Note> notes, RuntimeException e) {
    String message = String.valueOf(e.getMessage());
    graph.notes().stream().filter(note -> !message.contains(note.text())).forEach(notes);
    return e;
  }

  /** Tells a note, or refuses what it says was assumed. */
  void tell(Note note, PrintWriter err) {
    refuseStrictly(note);
    err.println("note: " + note);
  }

  /** Refuses what a note says was assumed, if nothing may be. */
  void refuseStrictly(Note note) {
    if (strict.value() && note.isAssumption()) {
      throw new RequestException(
          "option --strict: this would have to be assumed.\n"
              + note
              + "\nLeave --strict out, or "
              + (note.kind() == Note.Kind.COMPLETION
                  ? "give every axis of the input."
                  : "say what forward does: --recipes FILE."));
    }
  }

  private record Source(String text, Optional<InputSize> ownInput) {}

  private Source source(InputStream stdin) {
    if (layers.hasValue() == net.hasValue()) {
      throw new RequestException(
          !layers.hasValue()
              ? "no layers are given. Write them in PyTorch's notation, or use --net."
              : "give either LAYERS or --net, not both.");
    }
    if (net.hasValue() && Presets.names().contains(net.value())) {
      return new Source(
          Presets.text(net.value()), Optional.of(InputSize.of(Presets.input(net.value()))));
    }
    if (layers.hasValue() && !layers.value().equals("-")) {
      rejectFileName(layers.value());
      return new Source(layers.value(), Optional.empty());
    }
    String file = net.orElse("-");
    try (TextFile text = TextFile.open(file, stdin, "", noNetwork(file))) {
      return new Source(text.text(MAX_BYTES, TOO_LONG), Optional.empty());
    }
  }

  private static void rejectFolder(String file) {
    if (Files.isDirectory(TextFile.path(file, ""))) {
      throw new RequestException(
          "'"
              + file
              + "' is a folder.\nGive a file with layers, a print(model) or an exported program, or a"
              + " preset, such as --net lenet.");
    }
  }

  /** The name of a file or a preset where layers are wanted. */
  private static void rejectFileName(String text) {
    if (text.indexOf('(') >= 0 || text.indexOf('\n') >= 0) {
      return;
    }
    if (Presets.names().contains(text)) {
      throw new RequestException("'" + text + "' is a preset. Read it with --net " + text + ".");
    }
    try {
      if (Files.isRegularFile(Path.of(text))) {
        throw new RequestException("'" + text + "' is a file. Read it with --net " + text + ".");
      }
    } catch (InvalidPathException e) {
      return; // it is none
    }
  }

  private static String noNetwork(String name) {
    if (name.matches(".*(/|\\\\|\\.[A-Za-z]\\w*$).*")) {
      return "'" + name + "' is not a readable file. Check its name, and the folder that it is in.";
    }
    return "'"
        + name
        + "' is neither a readable file nor a preset. "
        + Presets.nearest(name).map(preset -> "Did you mean " + preset + "? ").orElse("")
        + "The presets are "
        + String.join(", ", Presets.names())
        + ".";
  }
}

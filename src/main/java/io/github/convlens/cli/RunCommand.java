package io.github.convlens.cli;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.engine.Precision;
import io.github.convlens.graph.Graph;
import io.github.convlens.graph.Shapes;
import io.github.convlens.layer.Convention;
import io.github.convlens.layer.ShapeException;
import io.github.convlens.layer.internal.ShapeText;
import io.github.convlens.notation.InputSize;
import io.github.convlens.program.Program;
import io.github.convlens.program.ProgramInputs;
import io.github.convlens.trace.Row;
import io.github.convlens.trace.Trace;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code convlens run}: the layers on the engine, verified, timed, on numbers or on a picture. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Run layers or a network on the PyTorch engine, on random numbers or on a picture.",
      "Prints the output's shape and range. Weights are random, as PyTorch initialises"
          + " them, or a file's; an exported program (model.pt2) has its own."
    },
    parameterListHeading = "%n",
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  convlens run --net lenet --verify",
      "  convlens run --net print.txt --weights model.pth --input-file x.npz",
      "  convlens run --net model.pt2 --input-file x.npz --save-output y.npz",
      "  convlens run --net model.pt2 --image photo.jpg --resize 256 --crop 224 --top 5 \\",
      "      --mean 0.485,0.456,0.406 --std 0.229,0.224,0.225 --labels classes.txt",
      "  convlens run --input 64x56x56 \"nn.Conv2d(64, 64, 3, padding=1)\" --time",
      "  convlens run --image photo.jpg --weights \"[[-1,0,1],[-2,0,2],[-1,0,1]]\""
          + " --save-maps edges"
          + " \\",
      "      \"nn.Conv2d(1, 1, 3, padding=1)\""
    })
final class RunCommand implements Callable<Integer> {
  /** More make no median better; each takes eight bytes. */
  private static final int MOST_RUNS = 1_000_000;

  /** The axes of a batch of pictures. */
  private static final int PICTURE_AXES = 4;

  @Spec private CommandSpec spec = CommandSpec.create();

  @ParentCommand private @Nullable ConvLens parent;

  @Option(
      names = {"-i", "--input"},
      converter = InputConverter.class,
      paramLabel = "SIZE",
      description =
          "Input as HxW, CxHxW or NxCxHxW (default: a preset's or program's own; else an"
              + " image's). L or DxHxW in place of HxW for layers of one or three axes. Once for each"
              + " input, where there are several. With --image: HxW, to which it is scaled where"
              + " --resize and --crop do not say more.")
  private List<InputSize> inputs = List.of();

  @Mixin private NetOptions net = new NetOptions();

  @Mixin private DeviceOption device = new DeviceOption();

  @Option(
      names = "--dtype",
      converter = PrecisionName.class,
      completionCandidates = PrecisionName.class,
      paramLabel = "TYPE",
      description = "float32 (default), float64, float16 or bfloat16.")
  private Precision precision = Precision.FLOAT32;

  @Option(
      names = "--seed",
      defaultValue = "0",
      paramLabel = "N",
      description = "Seed of weights and input (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--verify",
      description =
          "Check each layer's shape against the arithmetic and its values against the layer's"
              + " definition in plain Java, at a sample of positions where all would take too long;"
              + " exit with 1 if one disagrees.")
  private boolean verify;

  @Option(
      names = "--time",
      description =
          "Print the median time of repeated runs, multiply-adds per second, and their share of"
              + " what a matrix product reaches here.")
  private boolean time;

  @Option(
      names = "--runs",
      defaultValue = "20",
      paramLabel = "N",
      description = "How many runs --time measures, at most 1,000,000 (default: ${DEFAULT-VALUE}).")
  private int runs;

  @Option(
      names = "--channels-last",
      description = "Lay the input out channels-last (NHWC) in memory; --time shows both layouts.")
  private boolean channelsLast;

  @Mixin private PictureOptions pictures = new PictureOptions();

  @Mixin private TopClasses top = new TopClasses();

  @Option(
      names = "--weights",
      converter = WeightsOption.Converter.class,
      paramLabel = "FILE|NUMBERS",
      description =
          "The model's state dict, a .safetensors, .pth, .npz or .pt2: all names and shapes"
              + " must fit. Or weights of the first convolution as nested lists: (kh, kw) for all"
              + " channels, (out, kh, kw) or (out, in, kh, kw); its bias becomes 0.")
  private @Nullable WeightsOption weights;

  @Option(
      names = "--save-maps",
      converter = PathName.class,
      paramLabel = "DIR",
      description = "Write each channel of the output, or of --layer, as a grey PNG.")
  private @Nullable Path folder;

  @Option(
      names = "--layer",
      paramLabel = "PATH",
      description =
          "The layer whose output --save-maps writes, by its path in convlens trace; of one"
              + " that runs several times, the last.")
  private @Nullable String layerPath;

  @Option(
      names = "--input-file",
      converter = PathName.class,
      paramLabel = "FILE",
      description =
          "Feed the arrays of a .npy, .npz or .safetensors: those with the inputs' names, or"
              + " the only one.")
  private @Nullable Path inputFile;

  @Option(
      names = "--save-output",
      paramLabel = "OUT",
      description =
          "Write what comes out into OUT.npz or OUT.safetensors: y0, y1, and so on; or into"
              + " OUT.npy.")
  private @Nullable String output;

  /** Number types by their names. */
  static final class PrecisionName implements ITypeConverter<Precision>, Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Arrays.stream(Precision.values()).map(Precision::toString).iterator();
    }

    @Override
    public Precision convert(String name) {
      try {
        return Precision.parse(name);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(String.valueOf(e.getMessage()));
      }
    }
  }

  /** Paths by their names; picocli's own message shows how Java says it. */
  static final class PathName implements ITypeConverter<Path> {
    @Override
    public Path convert(String name) {
      try {
        return TextFile.path(name, "");
      } catch (RequestException e) {
        throw new TypeConversionException(String.valueOf(e.getMessage()));
      }
    }
  }

  @Mixin private FormatOption format = new FormatOption();

  @Override
  public Integer call() throws IOException {
    RunForm form =
        format.isJson()
            ? new RunJson(new JsonAnswer(spec.commandLine()))
            : new RunText(spec.commandLine().getOut());
    int exitCode = run(form);
    form.end();
    return exitCode;
  }

  private int run(RunForm form) throws IOException {
    if (runs < 1 || runs > MOST_RUNS) {
      throw new RequestException(
          String.format(
              Locale.ROOT, "option --runs: it must be from 1 to %,d, not %,d.", MOST_RUNS, runs));
    }
    if (!time) {
      Idle.reject(spec, "it goes with --time.", "--runs");
    }
    if (layerPath != null && folder == null) {
      throw new RequestException("option --layer: it goes with --save-maps DIR.");
    }
    if (folder != null && folder.toString().isEmpty()) {
      throw new RequestException(
          "option --save-maps: the folder has no name. Use . for the current one.");
    }
    OutputFile outputFile = output == null ? null : SavedArrays.file(output);
    if (outputFile != null) {
      Overwriting.reject(spec, "--save-output", outputFile.path());
    }
    PrintWriter err = spec.commandLine().getErr();
    NetOptions.Chosen chosen = net.read(ConvLens.in(parent));
    PictureInput picture = pictures.read(spec, err);
    if (weights instanceof WeightsOption.OfFile && (inputFile != null || picture != null)) {
      Idle.reject(spec, "weights and input are given.", "--seed");
    }
    top.prepare(ConvLens.in(parent));
    if (chosen.program().isPresent()) {
      return run(chosen, chosen.program().get().program(), picture, outputFile, form);
    }
    if (inputFile != null) {
      Idle.reject(spec, "--input-file is the input.", "--image", "--input");
    }
    FileInput file =
        inputFile == null ? null : FileInput.read(inputFile, chosen.graph().inputs().get(0));
    NetOptions.Question question = chosen.on(sizes(chosen, picture, file));
    Trace trace = Traces.of(net, question.graph(), question.shape(), Convention.TORCHVISION, err);
    if (picture != null) {
      picture.check(trace.input());
      if (inputs.isEmpty()) {
        picture.tellScaling(trace.input(), err);
      }
    }
    if (file != null) {
      file.check(trace.network(), precision);
    }
    checkLayer(trace);
    if (channelsLast && trace.input().dimension() != PICTURE_AXES) {
      throw new RequestException(
          "option --channels-last: it is for pictures (batch, channels, height, width). Here the"
              + " input is "
              + ShapeText.crossed(trace.input())
              + ". Leave it out.");
    }
    top.check(question.graph(), trace.network().outputs());
    MemoryLimits.check(trace, precision, MemoryLimits.Held.NEEDED);
    EngineRun.Request request =
        new EngineRun.Request(
            trace, question.input(), precision, seed, layout(), picture, file, weights);
    try (EngineRun run = new EngineRun(request, device, form, err)) {
      run.forward(outputFile, folder, layerPath, top);
      boolean agrees = !verify || run.verify();
      if (time) {
        run.time(runs);
      }
      return agrees ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }
  }

  private int run(
      NetOptions.Chosen chosen,
      Program program,
      @Nullable PictureInput picture,
      @Nullable OutputFile outputFile,
      RunForm form)
      throws IOException {
    Idle.reject(spec, "an exported program has its own types.", "--dtype");
    Idle.reject(
        spec, "an exported program says itself how its arrays lie in memory.", "--channels-last");
    if (weights instanceof Kernel) {
      Idle.reject(spec, "an exported program takes a file of weights.", "--weights");
    }
    if (inputFile != null) {
      Idle.reject(spec, "--input-file is the input.", "--image", "--input", "--seed");
    }
    List<InputSize> sizes =
        picture != null && picture.isSized() && inputs.isEmpty()
            ? List.of(picture.size(ProgramInputs.own(program).get(0)))
            : inputs;
    NetOptions.Question question = chosen.on(sizes);
    ProgramRun.Request request =
        new ProgramRun.Request(
            question,
            program,
            seed,
            inputFile == null ? null : FileInput.arrays(inputFile),
            picture);
    checkMemory(chosen.graph(), program, request);
    PrintWriter err = spec.commandLine().getErr();
    try (ProgramRun run = new ProgramRun(request, device, form, err)) {
      if (weights != null) {
        run.load(weights);
      }
      if (folder != null) {
        run.saveMaps(folder, layerPath);
      }
      run.forward(outputFile, top);
      boolean agrees = !verify || run.verify();
      if (time) {
        Trace trace = Traces.of(net, chosen.graph(), run.shapes(), Convention.TORCHVISION, err);
        run.time(runs, trace.totals().cost());
      }
      return agrees ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }
  }

  /** What runs at the sizes that it was exported for can be told before weights are read. */
  private void checkMemory(Graph graph, Program program, ProgramRun.Request request) {
    List<Shape> inputs = request.shapes();
    try {
      if (ProgramInputs.check(program, inputs).isEmpty()) {
        Trace trace = Trace.of(Shapes.infer(graph, inputs), Convention.TORCHVISION);
        MemoryLimits.check(
            trace, Precision.FLOAT32, verify ? MemoryLimits.Held.ALL : MemoryLimits.Held.NEEDED);
      }
    } catch (ShapeException e) {
      return; // a size is a number in a call, and the engine says which is wrong
    }
  }

  private List<InputSize> sizes(
      NetOptions.Chosen chosen, @Nullable PictureInput picture, @Nullable FileInput file) {
    if (file != null) {
      return List.of(file.size());
    }
    if (picture == null || !inputs.isEmpty()) {
      return inputs;
    }
    Optional<InputSize> own = picture.isSized() ? Optional.empty() : chosen.ownInput();
    return List.of(own.map(RunCommand::withoutBatch).orElseGet(picture::size));
  }

  /** One picture, as it is asked about. */
  private static InputSize withoutBatch(InputSize size) {
    List<Long> sizes = size.sizes();
    return sizes.size() == PICTURE_AXES ? new InputSize(sizes.subList(1, PICTURE_AXES)) : size;
  }

  private EngineRun.Layout layout() {
    return channelsLast ? EngineRun.Layout.CHANNELS_LAST : EngineRun.Layout.CHANNELS_FIRST;
  }

  private void checkLayer(Trace trace) {
    if (layerPath == null) {
      return;
    }
    List<String> paths = trace.rows().stream().map(Row::path).distinct().toList();
    if (paths.equals(List.of(""))) {
      throw new RequestException(
          "option --layer: there is one layer alone, without a path. Leave it out.");
    }
    if (!paths.contains(layerPath)) {
      throw new RequestException(
          "option --layer: there is no layer '"
              + layerPath
              + "'. The layers are "
              + String.join(", ", paths)
              + ".");
    }
  }
}

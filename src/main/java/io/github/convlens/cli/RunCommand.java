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
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** {@code convlens run}: the layers on the engine, verified, timed, on numbers or on a picture. */
final class RunCommand extends Subcommand {
  /** More make no median better; each takes eight bytes. */
  private static final int MOST_RUNS = 1_000_000;

  /** The axes of a batch of pictures. */
  private static final int PICTURE_AXES = 4;

  private final Argument<List<InputSize>> inputs =
      Argument.option("-i", "--input")
          .says(
              "Input as HxW, CxHxW or NxCxHxW (default: a preset's or program's own; else an"
                  + " image's). L or DxHxW in place of HxW for layers of one or three axes. Once for each"
                  + " input, where there are several. With --image: HxW, to which it is scaled where"
                  + " --resize and --crop do not say more.")
          .readAll("SIZE", InputSize.class, new InputConverter());

  private final NetOptions net = new NetOptions();

  private final DeviceOption device = new DeviceOption();

  private final Argument<Precision> precision =
      Argument.option("--dtype")
          .says("float32 (default), float64, float16 or bfloat16.")
          .choice("TYPE", Precision.class, new PrecisionName());

  private final Argument<Long> seed =
      Argument.option("--seed")
          .byDefault("0")
          .says("Seed of weights and input (default: ${DEFAULT-VALUE}).")
          .number();

  private final Argument<Boolean> verify =
      Argument.option("--verify")
          .says(
              "Check each layer's shape against the arithmetic and its values against the layer's"
                  + " definition in plain Java, at a sample of positions where all would take too long;"
                  + " exit with 1 if one disagrees.")
          .flag();

  private final Argument<Boolean> time =
      Argument.option("--time")
          .says(
              "Print the median time of repeated runs, multiply-adds per second, and their share of"
                  + " what a matrix product reaches here.")
          .flag();

  private final Argument<Integer> runs =
      Argument.option("--runs")
          .byDefault("20")
          .says("How many runs --time measures, at most 1,000,000 (default: ${DEFAULT-VALUE}).")
          .integer();

  private final Argument<Boolean> channelsLast =
      Argument.option("--channels-last")
          .says("Lay the input out channels-last (NHWC) in memory; --time shows both layouts.")
          .flag();

  private final PictureOptions pictures = new PictureOptions();

  private final TopClasses top = new TopClasses();

  private final Argument<WeightsOption> weights =
      Argument.option("--weights")
          .says(
              "The model's state dict, a .safetensors, .pth, .npz or .pt2: all names and shapes"
                  + " must fit. Or weights of the first convolution as nested lists: (kh, kw) for all"
                  + " channels, (out, kh, kw) or (out, in, kh, kw); its bias becomes 0.")
          .read("FILE|NUMBERS", WeightsOption.class, new WeightsOption.Converter());

  private final Argument<Path> folder =
      Argument.option("--save-maps")
          .says("Write each channel of the output, or of --layer, as a grey PNG.")
          .read("DIR", Path.class, new PathName());

  private final Argument<String> layerPath =
      Argument.option("--layer")
          .says(
              "The layer whose output --save-maps writes, by its path in convlens trace; of one"
                  + " that runs several times, the last.")
          .text("PATH");

  private final Argument<Path> inputFile =
      Argument.option("--input-file")
          .says(
              "Feed the arrays of a .npy, .npz or .safetensors: those with the inputs' names, or"
                  + " the only one.")
          .read("FILE", Path.class, new PathName());

  private final Argument<String> output =
      Argument.option("--save-output")
          .says(
              "Write what comes out into OUT.npz or OUT.safetensors: y0, y1, and so on; or into"
                  + " OUT.npy.")
          .text("OUT");

  private final FormatOption format = new FormatOption();

  private final InputStream in;

  RunCommand(InputStream in) {
    super(
        "run",
        "Run layers or a network on the PyTorch engine, on random numbers or on a picture.",
        "Prints the output's shape and range. Weights are random, as PyTorch initialises"
            + " them, or a file's; an exported program (model.pt2) has its own.");
    this.in = in;
    takes(
        inputs,
        net,
        device,
        precision,
        seed,
        verify,
        time,
        runs,
        channelsLast,
        pictures,
        top,
        weights,
        folder,
        layerPath,
        inputFile,
        output,
        format);
    examples(
        "  convlens run --net lenet --verify",
        "  convlens run --net print.txt --weights model.pth --input-file x.npz",
        "  convlens run --net model.pt2 --input-file x.npz --save-output y.npz",
        "  convlens run --net model.pt2 --image photo.jpg --resize 256 --crop 224 --top 5 \\",
        "      --mean 0.485,0.456,0.406 --std 0.229,0.224,0.225 --labels classes.txt",
        "  convlens run --input 64x56x56 \"nn.Conv2d(64, 64, 3, padding=1)\" --time",
        "  convlens run --image photo.jpg --weights \"[[-1,0,1],[-2,0,2],[-1,0,1]]\""
            + " --save-maps edges"
            + " \\",
        "      \"nn.Conv2d(1, 1, 3, padding=1)\"");
  }

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

  @Override
  public Integer call() throws IOException {
    RunForm form =
        format.isJson() ? new RunJson(new JsonAnswer(spec().commandLine())) : new RunText(out());
    int exitCode = run(form);
    form.end();
    return exitCode;
  }

  private int run(RunForm form) throws IOException {
    if (runs.value() < 1 || runs.value() > MOST_RUNS) {
      throw new RequestException(
          String.format(
              Locale.ROOT,
              "option --runs: it must be from 1 to %,d, not %,d.",
              MOST_RUNS,
              runs.value()));
    }
    if (!time.value()) {
      Idle.reject(spec(), "it goes with --time.", "--runs");
    }
    if (layerPath.hasValue() && !folder.hasValue()) {
      throw new RequestException("option --layer: it goes with --save-maps DIR.");
    }
    if (folder.hasValue() && folder.value().toString().isEmpty()) {
      throw new RequestException(
          "option --save-maps: the folder has no name. Use . for the current one.");
    }
    OutputFile outputFile = output.hasValue() ? SavedArrays.file(output.value()) : null;
    if (outputFile != null) {
      Overwriting.reject(spec(), "--save-output", outputFile.path());
    }
    PrintWriter err = err();
    NetOptions.Chosen chosen = net.read(in);
    PictureInput picture = pictures.read(spec(), err);
    if (weights.orNull() instanceof WeightsOption.OfFile
        && (inputFile.hasValue() || picture != null)) {
      Idle.reject(spec(), "weights and input are given.", "--seed");
    }
    top.prepare(in);
    if (chosen.program().isPresent()) {
      return run(chosen, chosen.program().get().program(), picture, outputFile, form);
    }
    if (inputFile.hasValue()) {
      Idle.reject(spec(), "--input-file is the input.", "--image", "--input");
    }
    FileInput file =
        inputFile.hasValue()
            ? FileInput.read(inputFile.value(), chosen.graph().inputs().get(0))
            : null;
    NetOptions.Question question = chosen.on(sizes(chosen, picture, file));
    Trace trace = Traces.of(net, question.graph(), question.shape(), Convention.TORCHVISION, err);
    if (picture != null) {
      picture.check(trace.input());
      if (inputs.value().isEmpty()) {
        picture.tellScaling(trace.input(), err);
      }
    }
    if (file != null) {
      file.check(trace.network(), precision.orElse(Precision.FLOAT32));
    }
    checkLayer(trace);
    if (channelsLast.value() && trace.input().dimension() != PICTURE_AXES) {
      throw new RequestException(
          "option --channels-last: it is for pictures (batch, channels, height, width). Here the"
              + " input is "
              + ShapeText.crossed(trace.input())
              + ". Leave it out.");
    }
    top.check(question.graph(), trace.network().outputs());
    MemoryLimits.check(trace, precision.orElse(Precision.FLOAT32), MemoryLimits.Held.NEEDED);
    EngineRun.Request request =
        new EngineRun.Request(
            trace,
            question.input(),
            precision.orElse(Precision.FLOAT32),
            seed.value(),
            layout(),
            picture,
            file,
            weights.orNull());
    try (EngineRun run = new EngineRun(request, device, form, err)) {
      run.forward(outputFile, folder.orNull(), layerPath.orNull(), top);
      boolean agrees = !verify.value() || run.verify();
      if (time.value()) {
        run.time(runs.value());
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
    Idle.reject(spec(), "an exported program has its own types.", "--dtype");
    Idle.reject(
        spec(), "an exported program says itself how its arrays lie in memory.", "--channels-last");
    if (weights.orNull() instanceof Kernel) {
      Idle.reject(spec(), "an exported program takes a file of weights.", "--weights");
    }
    if (inputFile.hasValue()) {
      Idle.reject(spec(), "--input-file is the input.", "--image", "--input", "--seed");
    }
    List<InputSize> sizes =
        picture != null && picture.isSized() && inputs.value().isEmpty()
            ? List.of(picture.size(ProgramInputs.own(program).get(0)))
            : inputs.value();
    NetOptions.Question question = chosen.on(sizes);
    ProgramRun.Request request =
        new ProgramRun.Request(
            question,
            program,
            seed.value(),
            inputFile.hasValue() ? FileInput.arrays(inputFile.value()) : null,
            picture);
    checkMemory(chosen.graph(), program, request);
    PrintWriter err = err();
    try (ProgramRun run = new ProgramRun(request, device, form, err)) {
      if (weights.hasValue()) {
        run.load(weights.value());
      }
      if (folder.hasValue()) {
        run.saveMaps(folder.value(), layerPath.orNull());
      }
      run.forward(outputFile, top);
      boolean agrees = !verify.value() || run.verify();
      if (time.value()) {
        Trace trace = Traces.of(net, chosen.graph(), run.shapes(), Convention.TORCHVISION, err);
        run.time(runs.value(), trace.totals().cost());
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
            trace,
            Precision.FLOAT32,
            verify.value() ? MemoryLimits.Held.ALL : MemoryLimits.Held.NEEDED);
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
    if (picture == null || !inputs.value().isEmpty()) {
      return inputs.value();
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
    return channelsLast.value() ? EngineRun.Layout.CHANNELS_LAST : EngineRun.Layout.CHANNELS_FIRST;
  }

  private void checkLayer(Trace trace) {
    if (!layerPath.hasValue()) {
      return;
    }
    List<String> paths = trace.rows().stream().map(Row::path).distinct().toList();
    if (paths.equals(List.of(""))) {
      throw new RequestException(
          "option --layer: there is one layer alone, without a path. Leave it out.");
    }
    if (!paths.contains(layerPath.value())) {
      throw new RequestException(
          "option --layer: there is no layer '"
              + layerPath.value()
              + "'. The layers are "
              + String.join(", ", paths)
              + ".");
    }
  }
}

package io.github.convlens.cli;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import io.github.convlens.engine.ChannelsLast;
import io.github.convlens.engine.EngineException;
import io.github.convlens.engine.LayerBlocks;
import io.github.convlens.engine.Pictures;
import io.github.convlens.engine.Precision;
import io.github.convlens.engine.PyTorchEngine;
import io.github.convlens.engine.PyTorchInit;
import io.github.convlens.engine.RandomInput;
import io.github.convlens.engine.Timing;
import io.github.convlens.engine.Verification;
import io.github.convlens.layer.Exact;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.Size;
import io.github.convlens.trace.Convention;
import io.github.convlens.trace.Row;
import io.github.convlens.trace.Trace;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
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
      "Run layers or a network on the PyTorch engine, on random numbers or on a picture, and print",
      "the output's shape and range. Weights are random too, as PyTorch initialises them."
    },
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  convlens run --net lenet --verify",
      "  convlens run --input 64x56x56 \"nn.Conv2d(64, 64, 3, padding=1)\" --time",
      "  convlens run --image photo.jpg --weights \"[[-1,0,1],[-2,0,2],[-1,0,1]]\" --save-maps edges"
          + " \\",
      "      \"nn.Conv2d(1, 1, 3, padding=1)\""
    })
final class RunCommand implements Callable<Integer> {
  /** What fits into a buffer of 2 GiB as float32. */
  private static final long LARGEST_ARRAY = (1L << 29) - 1;

  @Spec private CommandSpec spec = CommandSpec.create();

  @ParentCommand private @Nullable ConvLens parent;

  @Option(
      names = {"-i", "--input"},
      converter = InputSize.Converter.class,
      paramLabel = "SIZE",
      description = {
        "Input as HxW, CxHxW or NxCxHxW (default for a preset: its own; for an image: its size).",
        "With --image: HxW, to which it is scaled."
      })
  private @Nullable InputSize input;

  @Mixin private NetOptions net = new NetOptions();

  @Mixin private DeviceOption device = new DeviceOption();

  @Option(
      names = "--dtype",
      converter = PrecisionName.class,
      paramLabel = "TYPE",
      description = "float32 (default), float64 or float16.")
  private Precision precision = Precision.FLOAT32;

  @Option(
      names = "--seed",
      defaultValue = "0",
      paramLabel = "N",
      description = "Seed of weights and input (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--verify",
      description = {
        "Check each layer's shape against the arithmetic and its values against a definition in",
        "plain Java or a float64 run; exit with 1 if one disagrees."
      })
  private boolean verify;

  @Option(
      names = "--time",
      description = {
        "Print the median time of repeated runs, multiply-adds per second, and their share of what",
        "a matrix product reaches here."
      })
  private boolean time;

  @Option(
      names = "--runs",
      defaultValue = "20",
      paramLabel = "N",
      description = "How many runs --time measures (default: ${DEFAULT-VALUE}).")
  private int runs;

  @Option(
      names = "--channels-last",
      description = "Lay the input out channels-last (NHWC) in memory; --time shows both layouts.")
  private boolean channelsLast;

  @Option(
      names = "--image",
      paramLabel = "FILE",
      description = "Feed a picture (PNG, JPEG, GIF, BMP), its colours from 0 to 1.")
  private @Nullable Path image;

  @Option(
      names = "--weights",
      converter = Weights.Converter.class,
      paramLabel = "NUMBERS",
      description = {
        "Weights of the first convolution as nested lists: (kh, kw) for all channels,",
        "(out, kh, kw) or (out, in, kh, kw). Its bias becomes 0."
      })
  private @Nullable Weights weights;

  @Option(
      names = "--save-maps",
      paramLabel = "DIR",
      description = "Write each channel of the output, or of --layer, as a grey PNG.")
  private @Nullable Path folder;

  @Option(
      names = "--layer",
      paramLabel = "PATH",
      description = "The layer whose output --save-maps writes, by its path in convlens trace.")
  private @Nullable String layerPath;

  /** Number types by their names. */
  static final class PrecisionName implements ITypeConverter<Precision> {
    @Override
    public Precision convert(String name) {
      try {
        return Precision.parse(name);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(String.valueOf(e.getMessage()));
      }
    }
  }

  /** What is run: a resolved network, its input, and the picture if there is one. */
  private record Request(Trace trace, InputSize size, Optional<BufferedImage> picture) {
    LayerSpec network() {
      return trace.network();
    }

    Shape input() {
      return trace.input();
    }
  }

  @Override
  public Integer call() throws IOException {
    PrintWriter err = spec.commandLine().getErr();
    Request request = request(err);
    checkMemory(request.trace());
    Device chosen = device.select(err);
    Engine engine = Engine.getEngine(PyTorchEngine.NAME);
    try (NDManager manager = engine.newBaseManager(chosen)) {
      Block block = LayerBlocks.of(request.network());
      PyTorchInit.seeded(seed).initialize(block, manager, precision, request.input());
      if (weights != null) {
        weights.writeInto(block);
      }
      NDArray numbers = numbers(request, manager);
      return run(request, block, numbers);
    }
  }

  private Request request(PrintWriter err) throws IOException {
    if (runs < 1) {
      throw new RequestException("option --runs: it must be at least 1, not " + runs + ".");
    }
    if (layerPath != null && folder == null) {
      throw new RequestException("option --layer goes with --save-maps DIR.");
    }
    NetOptions.Chosen chosen = net.read(ConvLens.in(parent), err);
    Optional<BufferedImage> picture = Optional.ofNullable(readImage());
    InputSize size =
        picture.isPresent() && input == null
            ? new InputSize(
                List.of((long) picture.get().getHeight(), (long) picture.get().getWidth()))
            : chosen.inputOr(input);
    Shape shape = size.shapeFor(chosen.layer());
    if (picture.isPresent() && shape.get(0) != 1) {
      throw new RequestException("option --image: one picture is a batch of 1, not of more.");
    }
    Trace trace = Trace.of(chosen.layer(), shape, Convention.TORCHVISION);
    trace.notes().forEach(note -> err.println("note: " + note));
    if (layerPath != null && trace.rows().stream().noneMatch(row -> row.path().equals(layerPath))) {
      throw new RequestException(
          "option --layer: there is no layer '"
              + layerPath
              + "'. The layers are "
              + String.join(", ", trace.rows().stream().map(Row::path).distinct().toList())
              + ".");
    }
    return new Request(trace, size, picture);
  }

  private @Nullable BufferedImage readImage() {
    if (image == null) {
      return null;
    }
    try {
      return Pictures.read(image);
    } catch (IOException e) {
      throw new RequestException("option --image: " + e.getMessage());
    }
  }

  /** An engine that asks for more memory than there is may be killed instead of failing. */
  private void checkMemory(Trace trace) {
    long largest = 0;
    for (Row row : trace.rows()) {
      long elements = Exact.add(Exact.elements(row.input()), Exact.elements(row.output()));
      largest = Math.max(largest, elements);
    }
    long bytes =
        Exact.multiply(
            Exact.add(largest, trace.totals().parameters()), precision.dataType().getNumOfBytes());
    long memory =
        ManagementFactory.getOperatingSystemMXBean()
                instanceof com.sun.management.OperatingSystemMXBean system
            ? system.getTotalMemorySize()
            : Long.MAX_VALUE;
    if (bytes > memory) {
      throw new EngineException(
          String.format(
              Locale.ROOT,
              "this does not fit into memory.%n"
                  + "Its weights and its largest layer take %.1f GB; this machine has %.1f GB.%n"
                  + "Use a smaller input or fewer channels.",
              bytes / 1e9,
              memory / 1e9));
    }
    long ends = Math.max(Exact.elements(trace.input()), Exact.elements(trace.output()));
    if (ends > LARGEST_ARRAY) {
      throw new EngineException(
          String.format(
              Locale.ROOT,
              "the input or the output is too large to be handed to the engine or taken from it.%n"
                  + "It has %,d numbers; DJL moves at most %,d at once.%n"
                  + "Use a smaller input.",
              ends,
              LARGEST_ARRAY));
    }
  }

  private NDArray numbers(Request request, NDManager manager) {
    Shape shape = request.input();
    NDArray numbers =
        request
            .picture()
            .map(
                picture ->
                    Pictures.array(
                        manager,
                        precision,
                        picture,
                        pictureChannels(shape),
                        Optional.of(new Size(shape.get(2), shape.get(3)))))
            .orElseGet(() -> RandomInput.of(manager, precision, shape, seed));
    return channelsLast ? ChannelsLast.of(numbers) : numbers;
  }

  private static long pictureChannels(Shape shape) {
    if (shape.get(1) != 1 && shape.get(1) != 3) {
      throw new RequestException(
          "option --image: a picture has 1 channel (brightness) or 3 (red, green, blue), but the"
              + " first layer takes "
              + shape.get(1)
              + ".");
    }
    return shape.get(1);
  }

  private int run(Request request, Block block, NDArray numbers) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    try (NDArray output = forward(request, block, numbers)) {
      out.println(request.size().answer(output.getShape()));
      out.println(RangeOf.text(output));
      if (!output.getShape().equals(request.trace().output())) {
        throw new EngineException(
            "the engine made "
                + output.getShape()
                + " where the arithmetic says "
                + request.trace().output()
                + ", which is a fault of ours. Please report it.");
      }
    }
    boolean agrees = true;
    if (verify) {
      Verification verification = Verification.of(request.network(), block, numbers);
      out.println();
      out.println(verification);
      agrees = verification.agrees();
    }
    if (time) {
      time(request, block, numbers, out);
    }
    return agrees ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
  }

  private NDArray forward(Request request, Block block, NDArray numbers) throws IOException {
    if (folder == null) {
      return LayerBlocks.forward(block, numbers);
    }
    SavedMaps maps = new SavedMaps(layerPath);
    NDArray output = LayerBlocks.forward(request.network(), block, numbers, maps);
    try {
      int saved = maps.write(folder);
      spec.commandLine().getErr().println("note: " + saved + " feature maps written to " + folder);
    } catch (IOException e) {
      output.close();
      throw new RequestException("option --save-maps: cannot write to '" + folder + "': " + e);
    }
    return output;
  }

  private void time(Request request, Block block, NDArray numbers, PrintWriter out) {
    long macs = request.trace().totals().macs();
    spec.commandLine().getErr().println("note: timing " + runs + " runs ...");
    spec.commandLine().getErr().flush();
    if (!channelsLast) {
      out.println(Timing.of(block, macs, numbers, runs));
      return;
    }
    try (NDArray plain = numbers.reshape(-1).reshape(numbers.getShape())) {
      out.println("channels first: " + Timing.of(block, macs, plain, runs));
      out.println("channels last:  " + Timing.of(block, macs, numbers, runs));
    }
  }
}

package io.github.convlens.bench;

import ai.djl.engine.Engine;
import io.github.convlens.engine.PyTorchEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures everything and prints one table: ours, theirs, ratio, spread. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = "Speed and memory beside PyTorch's, in one run.")
public final class Bench implements Callable<Integer> {
  private static final Path COMMAND = Path.of("target", "convlens", "bin", "convlens");
  private static final int BATCH = 500_000;

  /** Names of layers, and their notation. */
  private static final Map<String, String> LAYERS =
      new TreeMap<>(
          Map.of(
              "ConvTranspose2d 4x4, stride 2",
              "nn.ConvTranspose2d(64, 64, 4, stride=2, padding=1)",
              "bilinear upsampling 2x",
              "nn.Upsample(scale_factor=2, mode='bilinear')",
              "GroupNorm of 8 groups",
              "nn.GroupNorm(8, 64)",
              "3x3 with reflected borders",
              "nn.Conv2d(64, 64, 3, padding=1, padding_mode='reflect')"));

  @Option(
      names = "--python",
      paramLabel = "FILE",
      description = "A Python that has torch. Without one there are no ratios.")
  private String python = "";

  @Option(
      names = "--mode",
      defaultValue = "full",
      description = "full, or quick: fewer rounds, wider spread (default: ${DEFAULT-VALUE}).")
  private Mode mode = Mode.FULL;

  @Option(
      names = "--threads",
      split = ",",
      defaultValue = "1",
      description = "The engine's threads, on both sides: 1,2 for a table each (${DEFAULT-VALUE}).")
  private List<Integer> threads = List.of(1);

  @Option(
      names = "--results",
      paramLabel = "FILE",
      description = "Where the tables go, too, row by row.")
  private String results = "";

  @Option(
      names = "--only",
      defaultValue = "",
      description = "Only rows that contain this text, letter by letter.")
  private String only = "";

  /** How long to measure. */
  enum Mode {
    /** A few minutes. */
    QUICK(5, 1, 3, 3),
    /** For figures that are written down. */
    FULL(21, 3, 5, 5);

    private final int starts;
    private final int rounds;
    private final int warmUps;
    private final int iterations;

    Mode(int starts, int rounds, int warmUps, int iterations) {
      this.starts = starts;
      this.rounds = rounds;
      this.warmUps = warmUps;
      this.iterations = iterations;
    }
  }

  /** Exits with 0 when all rows were measured. */
  public static void main(String[] args) {
    System.exit(
        new CommandLine(new Bench()).setCaseInsensitiveEnumValuesAllowed(true).execute(args));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Engine engine = PyTorchEngine.start(System.err::println);
    try (Report report = Report.into(results)) {
      for (int count : threads) {
        Peer peer = new Peer(Optional.of(python).filter(name -> !name.isBlank()), count);
        report.machine(Machine.lines(engine, peer));
        for (Comparison comparison : selected(comparisons(engine, peer))) {
          report.row(Table.row(comparison, comparison.measure()));
        }
      }
    }
    return CommandLine.ExitCode.OK;
  }

  /** What the engine's threads do not matter to is in the first table alone. */
  private List<Comparison> comparisons(Engine engine, Peer peer)
      throws IOException, InterruptedException {
    List<Comparison> all = new ArrayList<>();
    if (peer.threads() == threads.get(0)) {
      all.addAll(processes(peer));
      all.addAll(throughput(peer));
    }
    all.addAll(helpers(peer));
    all.addAll(convolutions(peer));
    all.addAll(layers(peer));
    all.addAll(programs(peer));
    all.addAll(
        engine.getGpuCount() > 0
            ? Cuda.comparisons(peer, mode.rounds)
            : List.of(
                new Comparison(
                    "CUDA, 3x3 on (128, 256, 56, 56): no CUDA device here",
                    Unit.MILLISECONDS,
                    Measurement.NONE,
                    "PyTorch",
                    Measurement.NONE,
                    1)));
    return all;
  }

  private List<Comparison> processes(Peer peer) {
    List<String> shape = convlens("shape", "--input", "8x8", ShapeBenchmark.LAYER);
    List<String> trace = convlens("trace", "--net", "resnet50");
    List<String> lesson = convlens("lesson", "padding-and-stride", "--device", "cpu");
    String script = Peer.script("padding_and_stride.py");
    String imports = "import torch";
    Measurement importing = peer.time("-c", imports);
    Measurement processor = peer.processorTime("-c", imports);
    return List.of(
        process("shape, start to end", Processes.time(shape), imports, importing),
        process("shape, processor time", Processes.processorTime(shape), imports, processor),
        process("trace resnet50, start to end", Processes.time(trace), imports, importing),
        process(
            "lesson, start to end", Processes.time(lesson), "the same script", peer.time(script)),
        process(
            "lesson, processor time",
            Processes.processorTime(lesson),
            "the same script",
            peer.processorTime(script)),
        memory("shape, peak memory", shape, imports, peer.peakMemory("-c", imports)),
        memory("lesson, peak memory", lesson, "the same script", peer.peakMemory(script)));
  }

  private Comparison process(String what, Measurement ours, String against, Measurement theirs) {
    return new Comparison(what, Unit.SECONDS, ours, against, theirs, mode.starts);
  }

  private Comparison memory(String what, List<String> command, String against, Measurement theirs) {
    Measurement ours = Processes.peakMemory(command);
    return new Comparison(what, Unit.MEBIBYTES, ours, against, theirs, mode.rounds);
  }

  private List<Comparison> throughput(Peer peer) throws IOException {
    Path questions = Files.createTempFile("questions", ".tsv");
    questions.toFile().deleteOnExit();
    Files.write(questions, Collections.nCopies(BATCH, "8x8\t" + ShapeBenchmark.LAYER));
    Measurement batch =
        Processes.time(convlens("shape", "--batch", questions.toString())).times(1.0 / BATCH);
    Measurement meta = peer.call("shape");
    Class<?> shapes = ShapeBenchmark.class;
    return List.of(
        micros("shape --batch, 500,000 lines, start to end, per line", batch, "meta device", meta),
        micros(
            "text to shape, in Java", jmh(peer).time(shapes, "parseAndShape"), "meta device", meta),
        micros(
            "a read layer's shape, in Java",
            jmh(peer).time(shapes, "shape"),
            "-",
            Measurement.NONE),
        millis("100,000 layers, text to trace", jmh(peer).time(shapes, "parseAndTraceDeep")),
        millis("100,000 layers, trace to JSON", jmh(peer).time(shapes, "jsonOfDeep")));
  }

  private List<Comparison> helpers(Peer peer) {
    Class<?> helpers = HelperBenchmark.class;
    Measurement engines = jmh(peer).time(helpers, "enginesConv2d");
    return List.of(
        micros(
            "compConv2d, 8x8",
            jmh(peer).time(helpers, "compConv2d"),
            "comp_conv2d",
            peer.call("comp_conv2d")),
        micros(
            "corr2d, 64x64, 3x3",
            jmh(peer).time(helpers, "corr2d"),
            "d2l's loops",
            peer.call("corr2d")),
        micros(
            "corr2dMultiInOut, 16x64x64 to 32, 3x3",
            jmh(peer).time(helpers, "corr2dMultiInOut"),
            "the engine's conv2d",
            engines),
        new Comparison(
            "LeNet, an epoch of 15,360 pictures",
            Unit.SECONDS,
            jmh(peer).time(TrainingBenchmark.class, "lenetEpoch"),
            "PyTorch",
            peer.call("lenet_epoch"),
            mode.rounds));
  }

  /** Each beside PyTorch's and beside a matrix product of as many multiply-adds. */
  private List<Comparison> convolutions(Peer peer) {
    Measurement product = jmh(peer).time(EngineBenchmark.class, "matrixProduct");
    Measurement of64 = jmh(peer).time(EngineBenchmark.class, "conv64");
    Measurement of256 = jmh(peer).time(EngineBenchmark.class, "conv256");
    double macs64 = EngineBenchmark.CONV64_MACS / EngineBenchmark.PRODUCT_MACS;
    double macs256 = EngineBenchmark.CONV256_MACS / EngineBenchmark.PRODUCT_MACS;
    String matrix = "the engine's matrix product, as many MACs";
    return List.of(
        millis("3x3 on 64x56x56", of64, "PyTorch", peer.call("conv64")),
        millis("3x3 on 64x56x56", of64, matrix, product.times(macs64)),
        millis("3x3 on 256x14x14", of256, "PyTorch", peer.call("conv256")),
        millis("3x3 on 256x14x14", of256, matrix, product.times(macs256)),
        millis("matrix product 1024x1024", product, "PyTorch", peer.call("matrix_product")));
  }

  /** What PyTorch's operators run, on 64 channels of 56x56. */
  private List<Comparison> layers(Peer peer) {
    List<Comparison> all = new ArrayList<>();
    all.add(
        micros(
            "a call of Operator",
            jmh(peer).time(CallBenchmark.class, "operator"),
            "PyTorch",
            peer.call("relu")));
    all.add(
        micros(
            "a call of Operator",
            jmh(peer).time(CallBenchmark.class, "operator"),
            "a call of DJL's own",
            jmh(peer).time(CallBenchmark.class, "djl")));
    for (Map.Entry<String, String> layer : LAYERS.entrySet()) {
      all.add(
          millis(
              layer.getKey() + ", 64x56x56",
              jmh(peer).time(LayerBenchmark.class, "forward", Map.of("layer", layer.getValue())),
              "PyTorch",
              peer.call("layer", layer.getValue())));
    }
    return all;
  }

  /** torchvision's networks, which Python exports first; without one there are none. */
  private List<Comparison> programs(Peer peer) throws InterruptedException {
    if (peer.python().isEmpty()) {
      return List.of();
    }
    Path folder = Path.of("target", "bench-programs");
    List<Comparison> all = new ArrayList<>();
    for (String net : List.of("resnet18", "efficientnet_b0")) {
      String file = folder.resolve(net + ".pt2").toString();
      for (int batch : List.of(1, 16)) {
        all.add(program(peer, net + ".pt2, forward, batch " + batch, file, "forward", batch));
      }
      all.add(program(peer, net + ".pt2, step of training, batch 16", file, "step", 16));
    }
    String large = folder.resolve("resnet50.pt2").toString();
    Map<String, String> file = Map.of("file", large);
    String imports = "import torch";
    all.add(
        millis(
            "resnet50.pt2 (102 MB), read",
            jmh(peer).time(ReadBenchmark.class, "program", file),
            "its bytes, read",
            jmh(peer).time(ReadBenchmark.class, "bytes", file)));
    all.add(
        millis(
            "resnet50.pt2, ready to run",
            jmh(peer).time(ReadBenchmark.class, "block", file),
            "torch.export.load",
            peer.call("load_program", large)));
    all.add(
        process(
            "trace resnet50.pt2, start to end",
            Processes.time(convlens("trace", "--net", large)),
            imports,
            peer.time("-c", imports)));
    List<Comparison> selected = selected(all);
    return selected.isEmpty() || peer.export(folder) ? selected : List.of();
  }

  private List<Comparison> selected(List<Comparison> all) {
    return all.stream().filter(comparison -> comparison.what().contains(only)).toList();
  }

  private Comparison program(Peer peer, String what, String file, String method, int batch) {
    String net = Path.of(file).getFileName().toString().replace(".pt2", "");
    return millis(
        what,
        jmh(peer)
            .time(
                ProgramBenchmark.class,
                method,
                Map.of("file", file, "batch", Integer.toString(batch))),
        "PyTorch",
        peer.call("network_" + method, net, Integer.toString(batch)));
  }

  private Comparison micros(String what, Measurement ours, String against, Measurement theirs) {
    return new Comparison(what, Unit.MICROSECONDS, ours, against, theirs, mode.rounds);
  }

  private Comparison millis(String what, Measurement ours, String against, Measurement theirs) {
    return new Comparison(what, Unit.MILLISECONDS, ours, against, theirs, mode.rounds);
  }

  private Comparison millis(String what, Measurement ours) {
    return millis(what, ours, "-", Measurement.NONE);
  }

  private Jmh jmh(Peer peer) {
    return new Jmh(mode.warmUps, mode.iterations, peer.threads());
  }

  private static List<String> convlens(String... arguments) {
    List<String> command = new ArrayList<>(List.of(COMMAND.toString()));
    command.addAll(List.of(arguments));
    return command;
  }
}

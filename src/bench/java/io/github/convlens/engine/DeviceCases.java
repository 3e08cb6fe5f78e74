package io.github.convlens.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import com.google.gson.GsonBuilder;
import io.github.convlens.engine.OperatorText.Mode;
import io.github.convlens.engine.internal.ProgramArrays;
import io.github.convlens.graph.Node;
import io.github.convlens.graph.Shaped;
import io.github.convlens.layer.ChannelShuffleSpec;
import io.github.convlens.layer.ConcatenationSpec;
import io.github.convlens.layer.EmbeddingSpec;
import io.github.convlens.layer.FitSpec;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.MatrixProductSpec;
import io.github.convlens.layer.MeanSpec;
import io.github.convlens.layer.ProductSpec;
import io.github.convlens.layer.ScaleSpec;
import io.github.convlens.layer.SplitSpec;
import io.github.convlens.layer.SumSpec;
import io.github.convlens.notation.PyTorch;
import io.github.convlens.program.ArrayFile;
import io.github.convlens.program.Program;
import io.github.convlens.program.ScalarType;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Writes what the engine gives to libtorch into a folder: the archive of each layer's operators,
 * and whole programs, with inputs and what the CPU made of them in float64. {@code
 * src/bench/python/check_device.py} holds PyTorch on any device against it.
 */
public final class DeviceCases {
  /** How many roundings of {@code 1 + |y|} an output may be off; a program's layers add up. */
  private static final double LAYER = 32;

  private static final double PROGRAM = 64;

  /** Kinds over one and three axes, and on sequences; those of pictures are in the tests' table. */
  private static final List<String> NOTATIONS =
      List.of(
          "2x4x11 | nn.Conv1d(4, 6, 3, stride=2, padding=1, groups=2)",
          "2x4x11 | nn.Conv1d(4, 2, 4, padding='same', padding_mode='replicate')",
          "2x2x5x6x4 | nn.Conv3d(2, 3, (3, 2, 3), stride=(1, 2, 1), padding=(1, 0, 2))",
          "2x2x5x6x4 | nn.Conv3d(2, 3, 3, padding=1, padding_mode='circular')",
          "2x4x7 | nn.ConvTranspose1d(4, 6, 3, stride=2, padding=1, output_padding=1, groups=2)",
          "1x2x3x4x3 | nn.ConvTranspose3d(2, 3, (2, 3, 2), stride=2, dilation=(1, 2, 1))",
          "2x3x11 | nn.MaxPool1d(3, stride=2, padding=1, ceil_mode=True)",
          "1x2x5x6x7 | nn.MaxPool3d(2, stride=2, padding=1, dilation=(1, 2, 1))",
          "2x3x11 | nn.AvgPool1d(3, stride=2, padding=1, count_include_pad=False)",
          "1x2x5x6x7 | nn.AvgPool3d(3, stride=2, padding=1, divisor_override=5)",
          "2x3x11 | nn.LPPool1d(2, 3, stride=2)",
          "2x3x7x6 | nn.LPPool2d(1.5, 2)",
          "1x2x5x6x7 | nn.LPPool3d(3, 2, ceil_mode=True)",
          "2x3x11 | nn.AdaptiveAvgPool1d(4)",
          "2x3x11 | nn.AdaptiveMaxPool1d(4)",
          "1x2x5x6x7 | nn.AdaptiveAvgPool3d((2, 3, 4))",
          "1x2x5x6x7 | nn.AdaptiveMaxPool3d((2, 3, 4))",
          "2x3x5 | nn.ReflectionPad1d((2, 1))",
          "1x2x3x4x5 | nn.ReflectionPad3d(1)",
          "2x3x5 | nn.ReplicationPad1d((2, 1))",
          "1x2x3x4x5 | nn.ReplicationPad3d(2)",
          "2x3x5 | nn.CircularPad1d((2, 1))",
          "1x2x3x4x5 | nn.CircularPad3d(1)",
          "2x3x5 | nn.ConstantPad1d((2, -1), 1.5)",
          "1x2x3x4x5 | nn.ConstantPad3d((1, 0, 2, 1, -1, 0), 0.5)",
          "4x3 | nn.BatchNorm1d(3)",
          "4x3x5 | nn.BatchNorm1d(3, momentum=0.25)",
          "2x3x2x3x4 | nn.BatchNorm3d(3)",
          "2x3x4x5 | nn.BatchNorm2d(3, track_running_stats=False)",
          "2x3x4x5 | nn.BatchNorm2d(3, momentum=None)",
          "2x3x5 | nn.InstanceNorm1d(3, affine=True)",
          "2x3x4x5 | nn.InstanceNorm2d(3, affine=True, track_running_stats=True)",
          "2x3x2x3x4 | nn.InstanceNorm3d(3)",
          "2x6x3x4 | nn.RMSNorm((3, 4), eps=0.1)",
          "2x6x4 | nn.RMSNorm(4, elementwise_affine=False)",
          "2x4x3x5 | LayerNorm2d((4,), eps=0.01)",
          "2x5x3x4 | nn.CrossMapLRN2d(3, alpha=0.5, beta=0.75, k=2)",
          "2x6x3x4 | nn.Softmin(dim=1)",
          "2x6x3x4 | nn.Threshold(0.5, -2)",
          "2x6x3x4 | nn.GLU(1)",
          "2x6x3x4 | nn.RReLU()",
          "2x4x5 | nn.Dropout1d()",
          "2x4x3x2x2 | nn.Dropout3d()",
          "2x4x5 | nn.AlphaDropout()",
          "2x4x5 | nn.FeatureAlphaDropout()",
          "2x3x4x6 | nn.PixelUnshuffle(2)",
          "2x3x5 | nn.Upsample(size=8)",
          "2x3x5 | nn.Upsample(scale_factor=2.1, mode='nearest-exact')",
          "2x3x5 | nn.Upsample(scale_factor=1.5, mode='linear')",
          "1x2x3x4x2 | nn.Upsample(scale_factor=2)",
          "1x2x3x4x2 | nn.Upsample(size=(5, 3, 4), mode='nearest-exact')",
          "1x2x3x4x2 | nn.Upsample(size=(5, 3, 4), mode='trilinear', align_corners=True)",
          "2x5 | nn.Embedding(7, 3)",
          "5x2x3 | nn.LSTM(3, 4, num_layers=2, bidirectional=True)",
          "2x5x3 | nn.LSTM(3, 4, proj_size=2, batch_first=True)",
          "5x2x3 | nn.GRU(3, 4, bidirectional=True)",
          "5x3 | nn.RNN(3, 4, nonlinearity='relu')",
          "2x5x3 | nn.RNN(3, 4, bias=False, batch_first=True)");

  /** Functions and joins, which no notation names. */
  private static final List<Call> CALLS =
      List.of(
          new Call(new SumSpec(), new Shape(2, 4, 3, 5), new Shape(2, 4, 1, 1)),
          new Call(new ProductSpec(), new Shape(2, 4, 3, 5), new Shape(2, 4, 1, 1)),
          new Call(new MatrixProductSpec(), new Shape(2, 3, 5), new Shape(2, 5, 4)),
          new Call(ConcatenationSpec.OF_CHANNELS, new Shape(2, 4, 3, 5), new Shape(2, 1, 3, 5)),
          new Call(new ScaleSpec(0.2, 1), new Shape(2, 4, 3, 5)),
          new Call(new MeanSpec(List.of(-1, 2), MeanSpec.Axes.DROPPED), new Shape(2, 4, 3, 5)),
          new Call(
              new SplitSpec(1, new SplitSpec.Parts.Sizes(List.of(1L, 3L))), new Shape(2, 4, 3)),
          new Call(new ChannelShuffleSpec(3), new Shape(2, 6, 3, 2)),
          new Call(new FitSpec(FitSpec.How.NEAREST), new Shape(2, 4, 3, 5), new Shape(2, 1, 6, 7)),
          new Call(new FitSpec(FitSpec.How.PAD), new Shape(2, 4, 3, 5), new Shape(2, 1, 6, 7)));

  private static final List<String> PROGRAMS =
      List.of(
          "unet",
          "vit",
          "densenet",
          "dcgan_generator",
          "pixelshuffle_lrn",
          "se_reflect_prelu",
          "two_outputs",
          "crnn_lstm",
          "constants",
          "norms",
          "recurrent",
          "float16",
          "bfloat16");

  private final Path folder;
  private final NDManager manager;
  private final List<Map<String, Object>> cases = new ArrayList<>();
  private final Set<Operator.Function> seen = new HashSet<>();

  /** A layer on inputs of these shapes. */
  private record Call(LayerSpec layer, List<Shape> inputs) {
    Call(LayerSpec layer, Shape... inputs) {
      this(layer, List.of(inputs));
    }
  }

  private DeviceCases(Path folder, NDManager manager) {
    this.folder = folder;
    this.manager = manager;
  }

  /**
   * Writes the folder.
   *
   * @param args its name
   */
  public static void main(String[] args) throws IOException {
    Path folder = Path.of(args[0]);
    Files.createDirectories(folder);
    PyTorchEngine.start(System.err::println);
    try (NDManager manager = NDManager.newBaseManager()) {
      DeviceCases all = new DeviceCases(folder, manager);
      for (Call call : calls()) {
        all.write(call);
      }
      for (String program : PROGRAMS) {
        all.write(program);
      }
      Files.writeString(
          folder.resolve("cases.json"),
          new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create().toJson(all.cases));
      System.out.println(all.cases.size() + " cases in " + folder);
    }
  }

  private static List<Call> calls() throws IOException {
    List<Call> all = new ArrayList<>();
    for (PyTorchValuesTest.Case each : PyTorchValuesTest.cases()) {
      addCalls(all, each.layer(), each.input());
    }
    for (String notation : NOTATIONS) {
      String[] parts = notation.split(" \\| ", -1);
      addCalls(all, parts[1], shape(parts[0]));
    }
    Shape sequence = new Shape(5, 2, 6);
    all.add(
        new Call(
            PyTorch.parse("nn.MultiheadAttention(6, 2)").layer(), sequence, sequence, sequence));
    all.addAll(CALLS);
    return all;
  }

  private static Shape shape(String text) {
    return new Shape(Stream.of(text.split("x", -1)).mapToLong(Long::parseLong).toArray());
  }

  private static void addCalls(List<Call> all, String notation, Shape... inputs) {
    Shaped network = Parsed.of(notation, inputs);
    for (Node node : network.graph().nodes()) {
      all.add(new Call(node.layer(), network.inputsOf(node)));
    }
  }

  /** A layer in inference and, where that draws no random numbers, in training. */
  private void write(Call call) throws IOException {
    Block wide = block(call.layer, Precision.FLOAT64);
    Block half = block(call.layer, Precision.BFLOAT16);
    if (!(wide instanceof OperatorBlock operators && half instanceof OperatorBlock halves)) {
      return; // what only puts numbers elsewhere is DJL's
    }
    write(call, operators, halves, Mode.INFERENCE);
    boolean moves = call.layer.state().containsKey("running_mean");
    if (moves && !call.layer.toString().contains("momentum=None")) {
      write(call, operators, halves, Mode.TRAINING);
    }
  }

  private static Block block(LayerSpec layer, Precision precision) {
    return layer.accept(new BlockBuilder(precision, BlockBuilder.Source.PYTORCH));
  }

  private void write(Call call, OperatorBlock wide, OperatorBlock half, Mode mode)
      throws IOException {
    Operator.Function function = wide.function(call.inputs, DataType.FLOAT32, mode);
    if (!seen.add(function)) {
      return;
    }
    String name =
        String.format(Locale.ROOT, "%03d-%s", cases.size(), call.layer.type().replace('/', '_'));
    archive(name + ".pt", function);
    archive(name + ".bfloat16.pt", half.function(call.inputs, DataType.FLOAT32, mode));
    Map<String, ArrayFile.Numbers> arrays = new LinkedHashMap<>();
    try (NDManager own = manager.newSubManager()) {
      wide.initialize(own, DataType.FLOAT64, call.inputs.toArray(Shape[]::new));
      Rule.fill(wide);
      NDList inputs = new NDList();
      for (int i = 0; i < call.inputs.size(); i++) {
        NDArray input = input(own, call.layer, call.inputs.get(i));
        arrays.put(function.arguments().get(i), ProgramArrays.numbers(input));
        inputs.add(input);
      }
      put(arrays, wide, "");
      NDList outputs = wide.forward(new ParameterStore(own, false), inputs, mode == Mode.TRAINING);
      put(arrays, outputs);
      if (mode == Mode.TRAINING) {
        put(arrays, wide, "after_");
      }
      wide.clear();
    }
    List<Map<String, String>> runs = new ArrayList<>();
    for (String dtype : List.of("float32", "float16", "bfloat16")) {
      runs.add(run(name + ".pt", dtype, dtype));
    }
    runs.add(run(name + ".bfloat16.pt", "float32", "bfloat16"));
    String training = mode == Mode.TRAINING ? ", training" : "";
    add(name, call.layer + training, LAYER, runs, arrays);
  }

  private static NDArray input(NDManager manager, LayerSpec layer, Shape shape) {
    return layer instanceof EmbeddingSpec embedding
        ? manager
            .arange(shape.size())
            .mod(embedding.numEmbeddings())
            .reshape(shape)
            .toType(DataType.INT64, false)
        : Rule.input(manager, Precision.FLOAT64, shape);
  }

  private static void put(Map<String, ArrayFile.Numbers> arrays, Block block, String prefix) {
    for (Parameter parameter : block.getDirectParameters().values()) {
      if (prefix.isEmpty() || parameter.getName().startsWith("running_")) {
        String name = prefix + parameter.getName().replace('.', '_');
        arrays.put(name, ProgramArrays.numbers(parameter.getArray()));
      }
    }
  }

  private static void put(Map<String, ArrayFile.Numbers> arrays, NDList outputs) {
    for (int i = 0; i < outputs.size(); i++) {
      arrays.put("y" + i, ProgramArrays.numbers(outputs.get(i)));
    }
  }

  private void archive(String name, Operator.Function function) throws IOException {
    Files.write(folder.resolve(name), TorchScript.archive(function.text()));
  }

  /** A whole program, with its weights, in its own number type. */
  private void write(String name) throws IOException {
    Program program = Programs.read(name);
    try (NDManager own = manager.newSubManager()) {
      Map<String, NDArray> numbers = Programs.numbers(own, name);
      NDList inputs = Programs.inputs(program, numbers);
      ProgramBlock block = ProgramBlock.of(program, own);
      block.saveTorchScript(folder.resolve(name + ".pt"));
      Map<String, ArrayFile.Numbers> arrays = new LinkedHashMap<>();
      for (int i = 0; i < inputs.size(); i++) {
        arrays.put("x" + i, ProgramArrays.numbers(inputs.get(i)));
      }
      put(arrays, LayerBlocks.forward(block, inputs));
      String dtype =
          program.userTensors().stream()
              .map(tensor -> tensor.type().elements())
              .filter(type -> type.torchName().contains("float"))
              .map(ScalarType::torchName)
              .findFirst()
              .orElse("float32");
      add(name, "program " + name, PROGRAM, List.of(run(name + ".pt", dtype, dtype)), arrays);
    }
  }

  private static Map<String, String> run(String archive, String given, String rounds) {
    return Map.of("archive", archive, "given", given, "rounds", rounds);
  }

  private void add(
      String name,
      String what,
      double tolerance,
      List<Map<String, String>> runs,
      Map<String, ArrayFile.Numbers> arrays)
      throws IOException {
    try (OutputStream out = Files.newOutputStream(folder.resolve(name + ".npz"))) {
      ArrayFile.writeNpz(out, arrays);
    }
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("name", name);
    entry.put("what", what);
    entry.put("tolerance", tolerance);
    entry.put("runs", runs);
    cases.add(entry);
  }
}

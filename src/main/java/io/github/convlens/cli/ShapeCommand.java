package io.github.convlens.cli;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.graph.Graph;
import io.github.convlens.graph.Shaped;
import io.github.convlens.layer.Convention;
import io.github.convlens.notation.InputSize;
import io.github.convlens.trace.Explanation;
import io.github.convlens.trace.Trace;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code convlens shape}: the output shape of a layer or a network, without an engine. */
@Command(
    name = "shape",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Print the output shape of PyTorch layers or a whole network, without an engine.",
      "The answer has the rank of the question: 8x8 gives [h, w], 1x3x8x8 gives [n, c, h, w]."
    },
    parameterListHeading = "%n",
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  convlens shape --input 8x8 \"nn.Conv2d(1, 1, kernel_size=(3, 5), padding=(0, 1),"
          + " stride=(3, 4))\"",
      "  convlens shape --net resnet18 --input 3x320x240",
      "  convlens shape --input 8x8 --kernel 3x5 --padding 0x1 --stride 3x4",
      "  convlens shape --input 3x224x224 --kernel 11 --stride 4 --out-channels 64 --explain",
      "  printf '8x8\\tnn.MaxPool2d(2)\\n' | convlens shape --batch -"
    })
final class ShapeCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @ParentCommand private @Nullable ConvLens parent;

  @Option(
      names = {"-i", "--input"},
      converter = InputConverter.class,
      paramLabel = "SIZE",
      description =
          "Input as HxW, CxHxW or NxCxHxW; HxW takes the channels of the first layer; L or"
              + " DxHxW in place of HxW for layers of one or three axes. Once for each input; an"
              + " exported program may have several.")
  private List<InputSize> inputs = List.of();

  @Mixin private NetOptions net = new NetOptions();

  @ArgGroup(exclusive = false, heading = "%nOne convolution by its numbers, instead of LAYERS:%n")
  private @Nullable WindowOptions window;

  @Option(
      names = "--explain",
      description = "Print the formula of each axis with its numbers, too.")
  private boolean explain;

  @Option(
      names = "--batch",
      paramLabel = "FILE",
      description =
          "Answer each line INPUT<TAB>LAYERS of a file (- for standard input) with a line, 'error:"
              + " ...' where there is none; then exit with 2.")
  private @Nullable String batch;

  @Mixin private FormatOption format = new FormatOption();

  @Override
  public Integer call() throws IOException {
    if (batch != null) {
      rejectBesideBatch();
      return answerLines(batch);
    }
    JsonAnswer json = format.isJson() ? new JsonAnswer(spec.commandLine()) : null;
    NetOptions.Question question = question();
    PrintWriter err = spec.commandLine().getErr();
    Shaped shaped =
        NetOptions.infer(question.graph(), question.inputs(), note -> net.tell(note, err));
    if (json == null) {
      print(question, shaped, spec.commandLine().getOut());
    } else {
      json.print(writer -> ShapeJson.write(writer, question, shaped, explain));
    }
    return CommandLine.ExitCode.OK;
  }

  private void print(NetOptions.Question question, Shaped shaped, PrintWriter out) {
    for (Shape output : shaped.outputs()) {
      out.println(question.answer(shaped.graph(), output));
    }
    if (explain) {
      Explanation.of(Trace.of(shaped, Convention.TORCHVISION)).forEach(out::println);
    }
  }

  private NetOptions.Question question() {
    if (window != null) {
      net.rejectBeside("the options --kernel ...");
      net.rejectReading();
      InputSize input = InputOption.one(inputs);
      if (input == null) {
        throw NetOptions.missingInput();
      }
      Graph graph = Graph.of(window.layer(input));
      if (input.channels().isEmpty()) {
        Idle.reject(
            spec, "the answer to an --input HxW has no channels.", "--out-channels", "--groups");
      }
      return NetOptions.Question.of(graph, input);
    }
    return net.read(stdin()).on(inputs);
  }

  /** A batch brings its own inputs and layers: what stands beside it would have no effect. */
  private void rejectBesideBatch() {
    net.rejectBeside("--batch");
    net.rejectAssumptionsBeside("--batch");
    if (!inputs.isEmpty() || window != null || explain) {
      throw new RequestException(
          "option --batch: every line has its own input and layers."
              + " Leave out --input, --explain and --kernel.");
    }
  }

  private int answerLines(String file) {
    ShapeBatch batch =
        new ShapeBatch(
            net.recipesBeside(file, "--batch", stdin()), net::refuseStrictly, format.isJson());
    String missing = "option --batch: '" + file + "' is not a readable file.";
    int failed;
    try (TextFile text = TextFile.open(file, stdin(), "option --batch: ", missing)) {
      failed = new BatchPrinter(batch, spec.commandLine()).print(text.lines());
    }
    PrintWriter out = spec.commandLine().getOut();
    Optional<String> unused = batch.unused();
    if (unused.isPresent()) {
      out.flush();
      throw net.unused(unused.get());
    }
    if (failed > 0) {
      out.flush();
      spec.commandLine().getErr().println("error: " + failed + " line(s) have no answer.");
    }
    return failed == 0 ? CommandLine.ExitCode.OK : CommandLine.ExitCode.USAGE;
  }

  private InputStream stdin() {
    return ConvLens.in(parent);
  }
}

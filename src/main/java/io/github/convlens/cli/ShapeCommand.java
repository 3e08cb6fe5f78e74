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
import picocli.CommandLine;

/** {@code convlens shape}: the output shape of a layer or a network, without an engine. */
final class ShapeCommand extends Subcommand {
  private final Argument<List<InputSize>> inputs =
      Argument.option("-i", "--input")
          .says(
              "Input as HxW, CxHxW or NxCxHxW; HxW takes the channels of the first layer; L or"
                  + " DxHxW in place of HxW for layers of one or three axes. Once for each input; an"
                  + " exported program may have several.")
          .readAll("SIZE", InputSize.class, new InputConverter());

  private final NetOptions net = new NetOptions();

  private final WindowOptions window = new WindowOptions();

  private final Argument<Boolean> explain =
      Argument.option("--explain")
          .says("Print the formula of each axis with its numbers, too.")
          .flag();

  private final Argument<String> batch =
      Argument.option("--batch")
          .says(
              "Answer each line INPUT<TAB>LAYERS of a file (- for standard input) with a line, 'error:"
                  + " ...' where there is none; then exit with 2.")
          .text("FILE");

  private final FormatOption format = new FormatOption();

  private final InputStream in;

  ShapeCommand(InputStream in) {
    super(
        "shape",
        "Print the output shape of PyTorch layers or a whole network, without an engine.",
        "The answer has the rank of the question: 8x8 gives [h, w], 1x3x8x8 gives [n, c, h, w].");
    this.in = in;
    takes(inputs, net, window, explain, batch, format);
    examples(
        "  convlens shape --input 8x8 \"nn.Conv2d(1, 1, kernel_size=(3, 5), padding=(0, 1),"
            + " stride=(3, 4))\"",
        "  convlens shape --net resnet18 --input 3x320x240",
        "  convlens shape --input 8x8 --kernel 3x5 --padding 0x1 --stride 3x4",
        "  convlens shape --input 3x224x224 --kernel 11 --stride 4 --out-channels 64 --explain",
        "  printf '8x8\\tnn.MaxPool2d(2)\\n' | convlens shape --batch -");
  }

  @Override
  public Integer call() throws IOException {
    String file = batch.orNull();
    if (file != null) {
      rejectBesideBatch();
      return answerLines(file);
    }
    JsonAnswer json = format.isJson() ? new JsonAnswer(spec().commandLine()) : null;
    NetOptions.Question question = question();
    PrintWriter err = err();
    Shaped shaped =
        NetOptions.infer(question.graph(), question.inputs(), note -> net.tell(note, err));
    if (json == null) {
      print(question, shaped, out());
    } else {
      json.print(writer -> ShapeJson.write(writer, question, shaped, explain.value()));
    }
    return CommandLine.ExitCode.OK;
  }

  private void print(NetOptions.Question question, Shaped shaped, PrintWriter out) {
    for (Shape output : shaped.outputs()) {
      out.println(question.answer(shaped.graph(), output));
    }
    if (explain.value()) {
      Explanation.of(Trace.of(shaped, Convention.TORCHVISION)).forEach(out::println);
    }
  }

  private NetOptions.Question question() {
    if (window.isGiven()) {
      net.rejectBeside("the options --kernel ...");
      net.rejectReading();
      InputSize input = InputOption.one(inputs.value());
      if (input == null) {
        throw NetOptions.missingInput();
      }
      Graph graph = Graph.of(window.layer(input));
      if (input.channels().isEmpty()) {
        Idle.reject(
            spec(), "the answer to an --input HxW has no channels.", "--out-channels", "--groups");
      }
      return NetOptions.Question.of(graph, input);
    }
    return net.read(in).on(inputs.value());
  }

  /** A batch brings its own inputs and layers: what stands beside it would have no effect. */
  private void rejectBesideBatch() {
    net.rejectBeside("--batch");
    net.rejectAssumptionsBeside("--batch");
    if (!inputs.value().isEmpty() || window.isGiven() || explain.value()) {
      throw new RequestException(
          "option --batch: every line has its own input and layers."
              + " Leave out --input, --explain and --kernel.");
    }
  }

  private int answerLines(String file) {
    ShapeBatch lines =
        new ShapeBatch(
            net.recipesBeside(file, "--batch", in), net::refuseStrictly, format.isJson());
    String missing = "option --batch: '" + file + "' is not a readable file.";
    int failed;
    try (TextFile text = TextFile.open(file, in, "option --batch: ", missing)) {
      failed = new BatchPrinter(lines, spec().commandLine()).print(text.lines());
    }
    PrintWriter out = out();
    Optional<String> unused = lines.unused();
    if (unused.isPresent()) {
      out.flush();
      throw net.unused(unused.get());
    }
    if (failed > 0) {
      out.flush();
      err().println("error: " + failed + " line(s) have no answer.");
    }
    return failed == 0 ? CommandLine.ExitCode.OK : CommandLine.ExitCode.USAGE;
  }
}

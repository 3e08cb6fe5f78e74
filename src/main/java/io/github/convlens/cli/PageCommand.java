package io.github.convlens.cli;

import io.github.convlens.graph.Graph;
import io.github.convlens.layer.Axis;
import io.github.convlens.layer.ConvSpec;
import io.github.convlens.layer.Convention;
import io.github.convlens.layer.Size;
import io.github.convlens.layer.Windows;
import io.github.convlens.notation.InputSize;
import io.github.convlens.page.Page;
import io.github.convlens.trace.Row;
import io.github.convlens.trace.Trace;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** {@code convlens page}: the page for the browser. */
final class PageCommand extends Subcommand {
  private final InputOption input = new InputOption();

  private final NetOptions net = new NetOptions();

  private final Argument<OutputCell> at =
      Argument.option("--at")
          .says("The output cell that is chosen at first, from 0 (default: 0,0).")
          .read("ROW,COLUMN", OutputCell.class, new OutputCell.Converter());

  private final Argument<String> out =
      Argument.option("-o", "--out")
          .required()
          .says("FILE.html; replaced, once the page is made, if it is there.")
          .text("FILE");

  private final InputStream in;

  PageCommand(InputStream in) {
    super(
        "page",
        "Write a page for the browser, without an engine: one file that needs no network.",
        "Type a layer or move its numbers, and see shape, window, receptive field and code.");
    this.in = in;
    takes(input, net, at, out);
    examples(
        "  convlens page --out conv.html",
        "  convlens page --out lenet.html --net lenet",
        "  convlens page --out conv.html --input 2x4x5 \"nn.ConvTranspose2d(2, 4, 3, stride=2)\"");
  }

  @Override
  public Integer call() throws IOException {
    PrintWriter err = err();
    OutputFile file = OutputFile.of(out.value(), OutputFile.Kind.HTML);
    Overwriting.reject(spec(), "--out", file.path());
    if (net.isGiven()) {
      NetOptions.Question question = net.read(in).on(input.sizes());
      write(file, question.graph(), question.input(), at.orNull(), net, err);
    } else {
      net.rejectReading();
      InputSize size = InputOption.one(input.sizes());
      write(file, example(), size == null ? InputSize.parse("8x8") : size, at.orNull(), net, err);
    }
    return CommandLine.ExitCode.OK;
  }

  /** The lesson's third experiment. */
  private static Graph example() {
    Windows window = Windows.of(Size.square(3)).withPadding(Size.ONE).withStride(Size.square(2));
    return Graph.of(ConvSpec.of(1, 1, window));
  }

  /**
   * Writes the page, after a look whether the layers can take the input.
   *
   * @param at the output cell that is chosen at first
   * @throws io.github.convlens.layer.ShapeException if a layer cannot take what reaches it
   * @throws RequestException if the first layer with a window has no such cell
   */
  static void write(
      OutputFile file,
      Graph graph,
      InputSize input,
      @Nullable OutputCell at,
      NetOptions net,
      PrintWriter err)
      throws IOException {
    net.rejectRecipesOfAPage();
    Trace trace = Traces.of(net, graph, input.shapeFor(graph), Convention.TORCHVISION, err);
    if (at != null) {
      checkCell(trace, at);
    }
    OutputCell cell = at == null ? OutputCell.FIRST : at;
    Page.Start start =
        new Page.Start(graph.toString(), input.toString(), cell.row(), cell.column());
    byte[] page = Page.html(start, Version.of("convlens")).getBytes(StandardCharsets.UTF_8);
    file.write(stream -> stream.write(page));
    err.println("note: open " + file.path() + " in a browser.");
  }

  private static void checkCell(Trace trace, OutputCell cell) {
    Row row =
        Page.firstWindow(trace)
            .orElseThrow(
                () ->
                    new RequestException(
                        "option --at: no layer here has a window, so no output cell is chosen."
                            + " Leave it out."));
    boolean isSequence = Axis.in(row.output()).size() == 1; // drawn as one row
    long rows = isSequence ? 1 : Axis.HEIGHT.of(row.output());
    long columns = Axis.WIDTH.of(row.output());
    if (cell.row() < 0 || cell.row() >= rows || cell.column() < 0 || cell.column() >= columns) {
      throw new RequestException(
          ("option --at: the output has no such cell.\nRow " + cell.row())
              + (", column " + cell.column() + " was asked for but the output of ")
              + (row.path().isEmpty() ? "" : "layer " + row.path() + ", ")
              + (row.notation() + " is " + rows + "x" + columns + ".\nUse rows 0 to ")
              + ((rows - 1) + " and columns 0 to " + (columns - 1) + "."));
    }
  }
}

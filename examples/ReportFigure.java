import ai.djl.ndarray.types.Shape;
import io.github.convlens.figure.Figures;
import io.github.convlens.graph.Graph;
import io.github.convlens.layer.Convention;
import io.github.convlens.notation.Presets;
import io.github.convlens.notation.PyTorch;
import io.github.convlens.trace.Trace;
import io.github.convlens.trace.TraceMarkdown;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A report with figures in it: an HTML file that needs nothing else, since SVG stands in the page,
 * with a title and a description for those who cannot see it. No engine is started.
 */
public class ReportFigure {
  public static void main(String[] args) throws IOException {
    Graph network = PyTorch.parse(Presets.text("lenet"));
    Shape picture = new Shape(1, 1, 28, 28);
    Trace lenet = Trace.of(network, picture, Convention.TORCHVISION);
    Trace first = Trace.of(network.upTo("3"), picture, Convention.TORCHVISION);
    StringBuilder table = new StringBuilder();
    TraceMarkdown.write(lenet, table);
    String page =
        "<!DOCTYPE html><html lang=\"en\"><meta charset=\"utf-8\"><title>LeNet</title>\n"
            + Figures.stack(lenet).svg()
            + Figures.receptiveField(first, 5, 5).svg()
            + Figures.cost(lenet).svg()
            + "<pre>"
            + table
            + "</pre></html>\n";
    Path file = Path.of("target", "report.html");
    Files.createDirectories(file.getParent());
    Files.writeString(file, page);
    System.out.println(page.split("<svg ", -1).length - 1 + " figures"); // -> 3 figures
    System.out.println(table.toString().contains("61,706")); // -> true
  }
}

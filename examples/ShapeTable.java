import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.Convention;
import io.github.convlens.layer.ShapeException;
import io.github.convlens.notation.InputSize;
import io.github.convlens.notation.NotationException;
import io.github.convlens.notation.PyTorch;
import io.github.convlens.notation.Recipes;
import io.github.convlens.trace.Trace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * A table of all prints in a folder, as Markdown: what each makes of its input, which stands in the
 * name of its file, and what it costs; of what cannot be, the reason on standard error. What
 * forward does with classes of one's own is in {@code recipes.txt} there. No engine is started.
 */
public class ShapeTable {
  public static void main(String[] args) throws IOException {
    Path folder = Path.of(args.length == 0 ? "examples/prints" : args[0]);
    Recipes recipes = Recipes.KNOWN.with(Files.readString(folder.resolve("recipes.txt")));
    System.out.println("| print | output | parameters | MACs | notes |");
    // -> | print | output | parameters | MACs | notes |
    System.out.println("|---|---|---|---|---|"); // -> |---|---|---|---|---|
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(ShapeTable::isPrint).sorted().toList()) {
        System.out.println(row(file, recipes));
        // -> | shapes-1x28x28 | (1, 6) | 20,298 | 2,631,888 | 0 |
        // -> | small-3x32x32 | (1, 10) | 29,290 | 15,041,152 | 0 |
        // -> | wrong-3x32x32 | refused | | | |
      }
    }
  }

  private static boolean isPrint(Path file) {
    return file.getFileName().toString().matches(".*-\\d+(x\\d+)+\\.txt");
  }

  private static String row(Path file, Recipes recipes) throws IOException {
    String name = file.getFileName().toString().replace(".txt", "");
    Shape input = new Shape(InputSize.parse("1x" + name.replaceFirst(".*-", "")).sizes());
    try {
      Trace trace =
          Trace.of(PyTorch.parse(Files.readString(file), recipes), input, Convention.TORCHVISION);
      return String.format(
          Locale.ROOT,
          "| %s | %s | %,d | %,d | %d |",
          name,
          trace.output(),
          trace.totals().parameters(),
          trace.totals().cost(),
          trace.notes().size());
    } catch (NotationException | ShapeException e) {
      System.err.println(name + ": " + e.getMessage()); // what is wrong, and what to change
      return "| " + name + " | refused | | | |";
    }
  }
}

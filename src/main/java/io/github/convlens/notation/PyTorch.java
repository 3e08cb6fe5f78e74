package io.github.convlens.notation;

import io.github.convlens.graph.Graph;
import java.util.List;
import java.util.Optional;

/**
 * Reads PyTorch's notation: calls as in a program, {@code nn.Conv2d(1, 1, kernel_size=3)}, and what
 * {@code print(model)} shows, {@code (conv1): Conv2d(1, 1, kernel_size=(3, 3), stride=(1, 1))}.
 * Writing it is {@code toString} of a layer and of a graph.
 *
 * <p>{@code nn.}, {@code torch.nn.} and the like may be left out. Several layers one a line are
 * read as a Sequential. Beyond PyTorch there are {@code Residual(main, shortcut)}, {@code
 * Concat(branch, ...)}, {@code padding='same_upper'}, {@code padding='same_lower'} (ONNX auto_pad)
 * and {@code padding=((top, bottom), (left, right))}.
 */
public final class PyTorch {
  /** The longest text that is read, in characters: 16 Mi. */
  public static final int LONGEST = 16 << 20;

  private PyTorch() {}

  /**
   * The network that a text describes. {@code parse("nn.ReLU()").layer()} is {@code ReLU()}.
   *
   * @param text one layer, a composition, or several layers one a line
   * @throws NotationException if the text is not a network; the message says where and what to
   *     write
   */
  public static Graph parse(String text) {
    return parse(text, Recipes.KNOWN);
  }

  /**
   * The same with recipes for classes of one's own.
   *
   * @throws NotationException if the text is not a network, or a recipe cannot be used
   */
  public static Graph parse(String text, Recipes recipes) {
    Source source = source(text);
    Parser parser = new Parser(source, recipes);
    return new GraphMaker(source, recipes).graph(parser.text(), parser.notes());
  }

  /**
   * A network, and what became of the recipes that were added.
   *
   * @param graph the network
   * @param unused why none of them was used, in sentences; empty where one was, or none was added
   */
  public record Reading(Graph graph, Optional<String> unused) {}

  /**
   * The same, telling whether recipes for classes of one's own were used.
   *
   * @throws NotationException if the text is not a network, or a recipe cannot be used
   */
  public static Reading read(String text, Recipes recipes) {
    Source source = source(text);
    Parser parser = new Parser(source, recipes);
    Part part = parser.text();
    GraphMaker maker = new GraphMaker(source, recipes);
    Graph graph = maker.graph(part, parser.notes());
    return new Reading(graph, maker.unused(part));
  }

  private static Source source(String text) {
    if (text.length() > LONGEST) {
      throw new NotationException(
          "line 1, column 1: the text has "
              + text.length()
              + " characters, more than the "
              + LONGEST
              + " that are read.\nPaste the model alone, without its weights.",
          1,
          1);
    }
    Source whole = new Source(text);
    Source source = whole.isPlain() ? whole : Paste.cleaned(whole);
    if (text.indexOf('\n') >= 0) {
      Layout.refuseMixed(source);
    }
    return source;
  }

  /** The names of all layers that can be read, in alphabetical order. */
  public static List<String> names() {
    return List.copyOf(Blocks.allNames());
  }
}

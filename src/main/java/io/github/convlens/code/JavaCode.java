package io.github.convlens.code;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.graph.Module;
import io.github.convlens.graph.Note;
import io.github.convlens.graph.Shaped;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A network as a program: a complete Java class with a method {@code public static Block build()},
 * which makes the network of DJL's blocks, and of ConvLens's where DJL has none that is right.
 *
 * <p>Layers one behind the other become a SequentialBlock, with names and shapes as comments;
 * anything else becomes a class with a field for each module and its forward written out. What is
 * alike but for numbers is written once. The class works for every input that PyTorch takes, not
 * only for that of the shapes. Parameters come in PyTorch's order.
 */
public final class JavaCode {
  private static final Map<String, String> IMPORTS =
      Map.ofEntries(
          Map.entry("Device", "ai.djl.Device"),
          Map.entry("NDArray", "ai.djl.ndarray.NDArray"),
          Map.entry("NDArrays", "ai.djl.ndarray.NDArrays"),
          Map.entry("NDList", "ai.djl.ndarray.NDList"),
          Map.entry("NDManager", "ai.djl.ndarray.NDManager"),
          Map.entry("DataType", "ai.djl.ndarray.types.DataType"),
          Map.entry("Shape", "ai.djl.ndarray.types.Shape"),
          Map.entry("AbstractBlock", "ai.djl.nn.AbstractBlock"),
          Map.entry("Activation", "ai.djl.nn.Activation"),
          Map.entry("Block", "ai.djl.nn.Block"),
          Map.entry("Blocks", "ai.djl.nn.Blocks"),
          Map.entry("SequentialBlock", "ai.djl.nn.SequentialBlock"),
          Map.entry("Conv1d", "ai.djl.nn.convolutional.Conv1d"),
          Map.entry("Conv2d", "ai.djl.nn.convolutional.Conv2d"),
          Map.entry("Conv3d", "ai.djl.nn.convolutional.Conv3d"),
          Map.entry("Linear", "ai.djl.nn.core.Linear"),
          Map.entry("BatchNorm", "ai.djl.nn.norm.BatchNorm"),
          Map.entry("Dropout", "ai.djl.nn.norm.Dropout"),
          Map.entry("LayerNorm", "ai.djl.nn.norm.LayerNorm"),
          Map.entry("Pool", "ai.djl.nn.pooling.Pool"),
          Map.entry("ParameterStore", "ai.djl.training.ParameterStore"),
          Map.entry("PairList", "ai.djl.util.PairList"),
          Map.entry("LayerBlocks", "io.github.convlens.engine.LayerBlocks"),
          Map.entry("ProgramBlock", "io.github.convlens.engine.ProgramBlock"),
          Map.entry("Pt2File", "io.github.convlens.program.Pt2File"),
          Map.entry("IOException", "java.io.IOException"),
          Map.entry("Path", "java.nio.file.Path"),
          Map.entry("BiConsumer", "java.util.function.BiConsumer"),
          Map.entry("LongStream", "java.util.stream.LongStream"));

  /** What the code calls without an import. */
  private static final Set<String> OTHER_NAMES = Set.of("String", "Override", "Module", "Object");

  /**
   * What the class is called.
   *
   * @param packageName its package, {@code com.example.nets}; empty: none
   * @param className its name
   */
  public record Options(Optional<String> packageName, String className) {
    /** {@code Network}, in no package. */
    public static final Options DEFAULT = new Options(Optional.empty(), "Network");

    /**
     * Checks the names.
     *
     * @throws IllegalArgumentException if one cannot be a name in Java, or the class would hide one
     *     that it uses
     */
    public Options {
      if (!JavaText.isName(className)) {
        throw new IllegalArgumentException(
            "a class's name must be a name in Java: letters, digits and _, no digit first, no word"
                + " of the language.\nHere it is "
                + JavaText.quoted(className).replace(String.valueOf(JavaText.BREAK), "")
                + ".\nUse a name such as Network.");
      }
      if (reserved().contains(className)) {
        throw new IllegalArgumentException(
            "the class cannot have the name of a class that it uses.\nHere both are called "
                + className
                + ".\nUse a name such as My"
                + className
                + ".");
      }
      packageName.ifPresent(
          name -> {
            if (!Arrays.stream(name.split("\\.", -1)).allMatch(JavaText::isName)) {
              throw new IllegalArgumentException(
                  "a package's name must be names in Java, joined by dots.\nHere it is "
                      + JavaText.quoted(name).replace(String.valueOf(JavaText.BREAK), "")
                      + ".\nUse a name such as com.example.nets.");
            }
          });
    }
  }

  private JavaCode() {}

  private static Set<String> reserved() {
    Set<String> reserved = new HashSet<>(OTHER_NAMES);
    reserved.addAll(IMPORTS.keySet());
    return reserved;
  }

  /**
   * The source of the class, ASCII but for the names given, no line longer than 100 columns.
   *
   * @param shaped the network
   * @param options what the class is called
   * @throws io.github.convlens.layer.ShapeException if it has a layer for which there is no block:
   *     a kind of one's own, attention, a recurrent network
   */
  public static String of(Shaped shaped, Options options) {
    Set<String> taken = reserved();
    taken.add(options.className());
    String members = MemberWriter.members(Decomposition.of(shaped), taken);
    List<String> lines = paragraphs(shaped);
    lines.add("");
    lines.add(
        "<p>DJL's first weights are Xavier's; {@code"
            + " io.github.convlens.engine.PyTorchInit.seeded(42).setInitializers("
            + options.className()
            + ".build())} makes them PyTorch's.");
    if (imports(members).contains(IMPORTS.get("LayerBlocks"))) {
      lines.add("");
      lines.add("<p>It needs io.github.convlens:convlens, which has the layers that DJL lacks.");
    }
    return text(members, lines, options);
  }

  /**
   * The source of a class of the same form that opens an exported program, with its weights, for
   * one whose calls are not all layers that can be written.
   *
   * @param shaped the program's graph
   * @param file the program's file
   * @param why a sentence that says which call is none
   * @param options what the class is called
   */
  public static String opening(Shaped shaped, String file, String why, Options options) {
    List<String> lines = paragraphs(shaped);
    lines.add("");
    lines.add(
        "<p>It opens the exported program and runs its own calls, which are not all layers that can"
            + " be written: "
            + JavaText.javadoc(why));
    lines.add("");
    lines.add("<p>It needs io.github.convlens:convlens.");
    StringBuilder members = new StringBuilder();
    members.append(
        """
          /**
           * The network, with the program's weights.
           *
           * @throws IOException if the program's file cannot be read
           */
          public static Block build() throws IOException {
        """);
    JavaText.appendCode(
        "return ProgramBlock.of(Pt2File.read(Path.of("
            + JavaText.BREAK
            + JavaText.quoted(file)
            + ")));",
        4,
        members);
    members.append("  }\n");
    return text(members.toString(), lines, options);
  }

  private static String text(String members, List<String> lines, Options options) {
    StringBuilder text = new StringBuilder();
    options.packageName().ifPresent(name -> text.append("package ").append(name).append(";\n\n"));
    imports(members).forEach(name -> text.append("import ").append(name).append(";\n"));
    text.append("\n/**\n");
    lines.forEach(paragraph -> JavaText.appendWords(paragraph, " * ", text));
    text.append(" */\npublic final class ").append(options.className()).append(" {\n  private ");
    text.append(options.className()).append("() {}\n\n").append(members).append("}\n");
    return text.toString();
  }

  private static List<String> imports(String members) {
    String code =
        members.replaceAll("\"(\\\\.|[^\"\\\\])*+\"", "").replaceAll("//[^\n]*|/\\*\\*[^\n]*", "");
    Set<String> used = new HashSet<>(Arrays.asList(code.split("[^A-Za-z0-9_]+")));
    return IMPORTS.keySet().stream().filter(used::contains).map(IMPORTS::get).sorted().toList();
  }

  private static List<String> paragraphs(Shaped shaped) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "Made by ConvLens from PyTorch's "
            + JavaText.javadoc(shaped.graph().tree().simpleType())
            + ", for "
            + inputs(shaped)
            + ".");
    for (Note note : shaped.notes()) {
      lines.add("");
      String kind = note.isAssumption() ? "<p>Assumed: " : "<p>Note: ";
      lines.add(kind + JavaText.javadoc(note.toString()));
    }
    if (!shaped.graph().notCalled().isEmpty()) {
      lines.add("");
      String paths =
          shaped.graph().notCalled().stream().map(Module::path).collect(Collectors.joining(", "));
      lines.add("<p>Left out, since forward does not call it: " + JavaText.javadoc(paths) + ".");
    }
    return lines;
  }

  private static String inputs(Shaped shaped) {
    List<Shape> inputs = shaped.inputs();
    if (inputs.size() == 1) {
      return "an input of shape " + inputs.get(0);
    }
    return IntStream.range(0, inputs.size())
        .mapToObj(i -> JavaText.javadoc(shaped.graph().inputs().get(i)) + " " + inputs.get(i))
        .collect(Collectors.joining(", ", "the inputs ", ""));
  }
}

package io.github.convlens.cli;

import io.github.convlens.code.JavaCode;
import io.github.convlens.graph.Shaped;
import io.github.convlens.layer.ShapeException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** {@code convlens code}: Java source that builds the network with DJL. */
final class CodeCommand extends Subcommand {
  private final InputOption input = new InputOption();

  private final NetOptions net = new NetOptions();

  private final Argument<String> packageName =
      Argument.option("--package").says("The package of the class (default: none).").text("NAME");

  private final Argument<String> className =
      Argument.option("--class")
          .says("What the class is called (default: as its file, or Network).")
          .text("NAME");

  private final Argument<String> out =
      Argument.option("-o", "--out")
          .says("FILE.java, instead of standard output; replaced, once it is written.")
          .text("FILE");

  private final InputStream in;

  CodeCommand(InputStream in) {
    super(
        "code",
        "Print a Java class that builds the layers as DJL blocks, without an engine.",
        "It compiles with ConvLens on the class path, and takes pictures of other sizes, too."
            + " Of an exported program with other calls than layers it is a class that opens its"
            + " file.");
    this.in = in;
    takes(input, net, packageName, className, out);
    examples(
        "  convlens code --net lenet > Network.java",
        "  convlens code --net resnet18 --package nets --class ResNet18 --out ResNet18.java",
        "  convlens code --net model.pt2 --class Model --out Model.java",
        "  convlens code --input 3x32x32 \"nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU())\"");
  }

  @Override
  public Integer call() throws IOException {
    PrintWriter err = err();
    OutputFile file = out.hasValue() ? OutputFile.of(out.value(), OutputFile.Kind.JAVA) : null;
    if (file != null) {
      Overwriting.reject(spec(), "--out", file.path());
    }
    JavaCode.Options options = options(file);
    NetOptions.Question question = net.read(in).on(input.sizes());
    Shaped shaped =
        NetOptions.infer(question.graph(), question.inputs(), note -> net.tell(note, err));
    String code =
        question
            .program()
            .map(net -> code(net, shaped, options, err))
            .orElseGet(() -> JavaCode.of(shaped, options));
    if (file == null) {
      out().print(code);
    } else {
      file.write(stream -> stream.write(code.getBytes(StandardCharsets.UTF_8)));
    }
    return CommandLine.ExitCode.OK;
  }

  /** The layers; or, where a call is no layer with a block, a class that opens the program. */
  private static String code(
      ProgramNet program, Shaped shaped, JavaCode.Options options, PrintWriter err) {
    try {
      String layers = JavaCode.of(shaped, options);
      program
          .file()
          .ifPresent(
              file ->
                  err.println(
                      "note: the class builds the layers without the program's weights; with them"
                          + " it is ProgramBlock.of(Pt2File.read(Path.of(\""
                          + file
                          + "\")))."));
      return layers;
    } catch (ShapeException e) {
      String why = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
      if (program.file().isEmpty()) {
        throw new RequestException(
            why
                + "\nGive the program's file, which has weights besides: --net model.pt2. A class that"
                + " opens it is written then.",
            e);
      }
      err.println("note: " + why + " The class opens the program's file instead.");
      return JavaCode.opening(shaped, program.file().get(), why, options);
    }
  }

  private JavaCode.Options options(@Nullable OutputFile file) {
    String ofFile = file == null ? null : file.name();
    if (className.hasValue() && ofFile != null && !className.value().equals(ofFile)) {
      throw new RequestException(
          ("option --out: Java wants the class "
                  + className.value()
                  + " in "
                  + className.value()
                  + ".java, not in '")
              + (out.value() + "'. Give the file this name, or leave --class out."));
    }
    String name = className.hasValue() ? className.value() : ofFile != null ? ofFile : "Network";
    JavaCode.Options named =
        naming(
            className.hasValue() ? "--class" : "--out",
            () -> new JavaCode.Options(Optional.empty(), name));
    Optional<String> inside = Optional.ofNullable(packageName.orNull());
    return inside.isEmpty() ? named : naming("--package", () -> new JavaCode.Options(inside, name));
  }

  private static JavaCode.Options naming(String option, Supplier<JavaCode.Options> options) {
    try {
      return options.get();
    } catch (IllegalArgumentException e) {
      throw new RequestException("option " + option + ": " + e.getMessage());
    }
  }
}

package io.github.convlens.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.ColorScheme;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IHelpFactory;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.ScopeType;

/** The command {@code convlens}; its work is in its subcommands. */
@Command(
    name = "convlens",
    versionProvider = Version.class,
    mixinStandardHelpOptions = true,
    description =
        "What a convolution does to a shape: output sizes, receptive field, cost and DJL code"
            + " of PyTorch layers, without an engine; and the d2l lessons on convolutions, on DJL.",
    synopsisSubcommandLabel = "COMMAND",
    optionListHeading = "%nOptions:%n",
    commandListHeading = "%nCommands:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  convlens shape --input 8x8 \"nn.Conv2d(1, 1, kernel_size=3, padding=1, stride=2)\"",
      "  convlens shape --input 8x8 --kernel 3x5 --padding 0x1 --stride 3x4 --explain",
      "  convlens trace --net resnet18 --depth 2",
      "  convlens code --input 28x28 --net lenet",
      "  convlens draw --input 8x8 --kernel 3 --stride 2 --out window.svg",
      "  convlens page --out conv.html",
      "  convlens solve --input 224 --output 56",
      "  convlens plan --input 224 --layers 100 --halvings 5",
      "  convlens lesson padding-and-stride",
      "  convlens run --net lenet --verify",
      "  convlens weights convert model.pth model.safetensors",
      "  convlens doctor",
      "",
      "Exit codes: 0 answered; 2 the request is wrong; 1 a fault of ours or of the machine;"
          + " 141 nobody reads the answer any more.",
      "Answers go to standard output, everything else to standard error."
    })
public final class ConvLens {
  /** The commands, in the order in which the help lists them; the last two describe all others. */
  private static final List<String> COMMANDS =
      List.of(
          "shape",
          "trace",
          "code",
          "draw",
          "page",
          "solve",
          "plan",
          "nets",
          "lesson",
          "run",
          "weights",
          "doctor",
          "help",
          "generate-completion");

  @Option(
      names = "--stacktrace",
      scope = ScopeType.INHERIT,
      description = "Show where in the program an error comes from.")
  private boolean stacktrace;

  private final InputStream in;

  ConvLens(InputStream in) {
    this.in = in;
  }

  /** The command line of a terminal. */
  public static void main(String[] args) {
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    int exitCode = run(StandardInput.stream(), StandardOutput.writer(), err, args);
    err.flush();
    System.exit(exitCode);
  }

  /**
   * Runs one command, and writes its answer down to the last byte.
   *
   * @param in standard input
   * @param out where the answer goes
   * @param err where notes, progress and errors go
   * @param args the words after {@code convlens}
   * @return the exit code: 0; 2; 1, which an answer that cannot be written is, too; or 141 if
   *     whoever reads it has gone
   */
  public static int run(InputStream in, PrintWriter out, PrintWriter err, String... args) {
    PrintWriter safeErr = new PrintWriter(new PrintableWriter(err), true);
    ConvLens convLens = new ConvLens(in);
    CommandLine commandLine = new CommandLine(convLens);
    for (String name : needed(args)) {
      commandLine.addSubcommand(name, command(name));
    }
    Failures failures = new Failures(convLens);
    commandLine
        .setOut(out)
        .setErr(safeErr)
        .setHelpFactory(new HelpPages())
        .setExecutionStrategy(new Execution())
        .setParameterExceptionHandler(failures)
        .setExecutionExceptionHandler(failures);
    try {
      boolean asksDeeper = args.length > 2 && args[0].equals("help");
      int exitCode = asksDeeper ? help(commandLine, args) : commandLine.execute(args);
      if (out.checkError()) {
        throw StandardOutput.unwritable(new IOException("its stream failed"));
      }
      return exitCode;
    } catch (StandardOutput.ReaderGoneException | MachineException e) {
      return Failures.report(e, commandLine, convLens.stacktrace);
    } catch (OutOfMemoryError e) {
      err.println("error: Java ran out of memory: " + e.getMessage());
      err.println("Use a smaller input, or give it more: CONVLENS_OPTS=-Xmx8g.");
      return CommandLine.ExitCode.SOFTWARE;
    }
  }

  /** The command line with all commands, for those who describe them. */
  static CommandLine commandLine() {
    CommandLine commandLine = new CommandLine(new ConvLens(InputStream.nullInputStream()));
    COMMANDS.forEach(name -> commandLine.addSubcommand(name, command(name)));
    return commandLine;
  }

  /** {@code help weights convert}: picocli's own help takes one word. */
  private static int help(CommandLine convLens, String... args) {
    CommandLine command = convLens;
    for (String name : List.of(args).subList(1, args.length)) {
      CommandLine next = command.getSubcommands().get(name);
      if (next == null) {
        convLens.getErr().println("error: " + Failures.noSuchCommand(name, command));
        return CommandLine.ExitCode.USAGE;
      }
      command = next;
    }
    command.usage(convLens.getOut());
    return CommandLine.ExitCode.OK;
  }

  /** The command that is asked for; all of them where it takes all to answer. */
  private static List<String> needed(String... args) {
    boolean one = args.length > 0 && COMMANDS.subList(0, COMMANDS.size() - 2).contains(args[0]);
    return one ? List.of(args[0]) : COMMANDS;
  }

  private static Object command(String name) {
    return switch (name) {
      case "shape" -> new ShapeCommand();
      case "trace" -> new TraceCommand();
      case "code" -> new CodeCommand();
      case "draw" -> new DrawCommand();
      case "page" -> new PageCommand();
      case "solve" -> new SolveCommand();
      case "plan" -> new PlanCommand();
      case "nets" -> new NetsCommand();
      case "lesson" -> new LessonCommand();
      case "run" -> new RunCommand();
      case "weights" -> new WeightsCommand();
      case "doctor" -> new DoctorCommand();
      case "help" -> new HelpCommand();
      case "generate-completion" -> new GenerateCompletion();
      default -> throw new IllegalArgumentException(name);
    };
  }

  boolean showsStacktrace() {
    return stacktrace;
  }

  /** Standard input, for commands that read from it; nothing where there is no parent command. */
  static InputStream in(@Nullable ConvLens parent) {
    return parent == null ? InputStream.nullInputStream() : parent.in;
  }

  // What follows are no lambdas: the archive of classes that the build makes cannot hold those of
  // picocli's interfaces, nor what these interfaces bring with them.

  /** Makes pages of help, whose classes only help loads. */
  private static final class HelpPages implements IHelpFactory {
    @Override
    public Help create(CommandSpec spec, ColorScheme colours) {
      return HelpPage.ofTerminal(spec, colours);
    }
  }

  /** Help is printed outside of any command: where that fails, it is a failure like a command's. */
  private static final class Execution extends RunLast {
    @Override
    public int execute(ParseResult parsed) {
      try {
        return super.execute(parsed);
      } catch (StandardOutput.ReaderGoneException | MachineException e) {
        throw new ExecutionException(parsed.commandSpec().commandLine(), "no answer", e);
      }
    }
  }
}

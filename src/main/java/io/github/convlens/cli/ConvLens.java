package io.github.convlens.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;

/** The command {@code convlens}; its work is in its subcommands. */
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

  private final Argument<Boolean> stacktrace =
      Argument.option("--stacktrace")
          .inherited()
          .says("Show where in the program an error comes from.")
          .flag();

  private final InputStream in;

  private ConvLens(InputStream in) {
    this.in = in;
  }

  /** The command line of a terminal. */
  public static void main(String[] args) {
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    int exitCode = run(System.in, StandardOutput.writer(), err, args);
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
    CommandLine commandLine = convLens.commandLine(needed(args));
    Failures failures = new Failures(convLens);
    commandLine
        .setOut(out)
        .setErr(safeErr)
        .setHelpFactory(new HelpAndVersion())
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
      return Failures.report(e, commandLine, convLens.showsStacktrace());
    } catch (OutOfMemoryError e) {
      err.println("error: Java ran out of memory: " + e.getMessage());
      err.println("Use a smaller input, or give it more: CONVLENS_OPTS=-Xmx8g.");
      return CommandLine.ExitCode.SOFTWARE;
    }
  }

  /** The command line with all commands, for those who describe them. */
  static CommandLine commandLine() {
    return new ConvLens(InputStream.nullInputStream()).commandLine(COMMANDS);
  }

  private CommandLine commandLine(List<String> names) {
    CommandSpec spec = CommandSpec.create();
    Subcommand.describe(
        spec,
        "convlens",
        "What a convolution does to a shape: output sizes, receptive field, cost and DJL code"
            + " of PyTorch layers, without an engine; and the d2l lessons on convolutions, on DJL.");
    spec.usageMessage()
        .synopsisSubcommandLabel("COMMAND")
        .commandListHeading("%nCommands:%n")
        .footerHeading("%nExamples:%n")
        .footer(
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
            "Answers go to standard output, everything else to standard error.");
    stacktrace.addTo(spec);
    Subcommand.addHelp(spec);
    CommandLine commandLine = new CommandLine(spec);
    for (String name : names) {
      commandLine.addSubcommand(name, command(name));
    }
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

  private CommandLine command(String name) {
    return switch (name) {
      case "shape" -> new ShapeCommand(in).commandLine();
      case "trace" -> new TraceCommand(in).commandLine();
      case "code" -> new CodeCommand(in).commandLine();
      case "draw" -> new DrawCommand(in).commandLine();
      case "page" -> new PageCommand(in).commandLine();
      case "solve" -> new SolveCommand(in).commandLine();
      case "plan" -> new PlanCommand().commandLine();
      case "nets" -> new NetsCommand().commandLine();
      case "lesson" -> new LessonCommand().commandLine();
      case "run" -> new RunCommand(in).commandLine();
      case "weights" -> new WeightsCommand().commandLine();
      case "doctor" -> new DoctorCommand().commandLine();
      case "help" -> new CommandLine(new HelpCommand());
      case "generate-completion" -> new CommandLine(new GenerateCompletion());
      default -> throw new IllegalArgumentException(name);
    };
  }

  boolean showsStacktrace() {
    return stacktrace.value();
  }

  // No lambda: the archive of classes that the build makes can hold none of picocli's interfaces,
  // nor
  // what these interfaces bring with them.

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

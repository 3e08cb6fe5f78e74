package io.github.convlens.cli;

import io.github.convlens.engine.EngineException;
import io.github.convlens.figure.FigureException;
import io.github.convlens.figure.NoFontsException;
import io.github.convlens.file.internal.UnwritableException;
import io.github.convlens.layer.ShapeException;
import io.github.convlens.layer.internal.Printable;
import io.github.convlens.notation.NotationException;
import io.github.convlens.plan.PlanException;
import io.github.convlens.program.ProgramException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** How a command says that it failed: one message on standard error, and the exit code. */
final class Failures implements IParameterExceptionHandler, IExecutionExceptionHandler {
  private final ConvLens convLens;

  Failures(ConvLens convLens) {
    this.convLens = convLens;
  }

  /** What a command throws. */
  @Override
  public int handleExecutionException(Exception e, CommandLine command, ParseResult parsed) {
    return report(e, command, convLens.showsStacktrace());
  }

  /** Options and arguments that cannot be read: what is wrong, and where the help is. */
  @Override
  public int handleParseException(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    PrintWriter err = command.getErr();
    // picocli begins some of its messages with a word that stands here already.
    String message =
        unknown(e)
            .replaceFirst("^Error: ", "")
            .replaceFirst("' is not an? (long|int)$", "' is not a whole number");
    Optional<String> commands = commands(e, command);
    err.println("error: " + Printable.message(commands.orElse(message)));
    if (commands.isEmpty()) {
      UnmatchedArgumentException.printSuggestions(e, err);
    }
    err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
    return CommandLine.ExitCode.USAGE;
  }

  /** What there is where another command of a command is asked for. */
  private static Optional<String> commands(ParameterException e, CommandLine command) {
    if (!(e instanceof UnmatchedArgumentException unmatched)
        || command.getParent() == null
        || command.getSubcommands().isEmpty()
        || unmatched.getUnmatched().get(0).startsWith("-")) {
      return Optional.empty();
    }
    return Optional.of(noSuchCommand(unmatched.getUnmatched().get(0), command));
  }

  /** That a command has no such command of its own, and which it has. */
  static String noSuchCommand(String name, CommandLine command) {
    String names = String.join(", ", command.getSubcommands().keySet());
    return "'"
        + name
        + "' is no command of "
        + command.getCommandName()
        + ". "
        + (names.isEmpty() ? "It has none." : "Use " + names.replaceFirst(", ([^,]*)$", " or $1."));
  }

  /** What a command does not know: where it is an option, not what stands beside it. */
  private static String unknown(ParameterException e) {
    String message = String.valueOf(e.getMessage());
    if (!(e instanceof UnmatchedArgumentException unmatched)) {
      return message;
    }
    List<String> options =
        unmatched.getUnmatched().stream().filter(word -> word.matches("--?[A-Za-z].*")).toList();
    return options.isEmpty() || options.size() == unmatched.getUnmatched().size()
        ? message
        : (options.size() == 1 ? "Unknown option: '" : "Unknown options: '")
            + String.join("', '", options)
            + "'";
  }

  /** What went wrong while the command ran. */
  static int report(Exception e, CommandLine command, boolean stacktrace) {
    if (e instanceof StandardOutput.ReaderGoneException) {
      return StandardOutput.ReaderGoneException.EXIT_CODE;
    }
    PrintWriter err = command.getErr();
    err.println(Printable.message(message(e)));
    if (stacktrace) {
      e.printStackTrace(err);
    }
    return isWrongRequest(e) ? CommandLine.ExitCode.USAGE : CommandLine.ExitCode.SOFTWARE;
  }

  /** Whether the request is to blame, and not the program or the machine. */
  static boolean isWrongRequest(Exception e) {
    return e instanceof ShapeException
        || e instanceof NotationException
        || e instanceof ProgramException
        || e instanceof PlanException
        || e instanceof FigureException
        || e instanceof RequestException;
  }

  private static String message(Exception e) {
    if (isWrongRequest(e)
        || e instanceof MachineException
        || e instanceof UnwritableException
        || e instanceof EngineException
        || e instanceof NoFontsException) {
      return "error: " + e.getMessage();
    }
    if (e instanceof IOException || e instanceof UncheckedIOException) {
      return message(MachineException.of(e));
    }
    if (e instanceof ai.djl.engine.EngineException) {
      return "error: the engine failed.\n" + reason(String.valueOf(e.getMessage()));
    }
    return "error: convlens failed, which is a fault of ours: "
        + e.getClass().getSimpleName()
        + ": "
        + firstLine(String.valueOf(e.getMessage()))
        + "\nRun it again with --stacktrace and report what it prints.";
  }

  /** Behind what TorchScript was doing, its last line says why. */
  private static String reason(String text) {
    List<String> reasons =
        text.lines().map(String::strip).filter(line -> line.contains("Error: ")).toList();
    return reasons.isEmpty() ? firstLine(text) : reasons.get(reasons.size() - 1);
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("");
  }
}

package io.github.convlens.program;

import io.github.convlens.program.Program.Input;
import io.github.convlens.program.Program.Output;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** The first part of a program. */
final class Cut {
  private final Program program;

  Cut(Program program) {
    this.program = program;
  }

  /** Up to the last call of a module, which gives the result. */
  Program upTo(String path) {
    int last = places(path).max().orElseThrow(() -> unknown(path));
    List<String> results =
        program.calls().get(last).outputs().stream()
            .filter(name -> program.tensor(name).isPresent())
            .toList();
    return first(last + 1, results);
  }

  /** Up to the first call of a module; what that module reads is the result. */
  Program before(String path) {
    int first = places(path).min().orElseThrow(() -> unknown(path));
    Set<String> made = new HashSet<>();
    program.calls().subList(0, first).forEach(call -> made.addAll(call.outputs()));
    program.inputs(Input.Kind.USER).forEach(input -> made.add(input.name()));
    Set<String> results = new LinkedHashSet<>();
    places(path)
        .mapToObj(program.calls()::get)
        .flatMap(call -> call.arguments().stream())
        .flatMap(argument -> Checks.references(argument.value()).stream())
        .filter(name -> made.contains(name) && program.tensor(name).isPresent())
        .forEach(results::add);
    if (results.isEmpty()) {
      throw new ProgramException(
          "the module " + path + " reads nothing that the program makes before it.\nName another.");
    }
    return first(first, List.copyOf(results));
  }

  private IntStream places(String path) {
    return IntStream.range(0, program.calls().size())
        .filter(i -> isWithin(program.calls().get(i).module(), path));
  }

  private static boolean isWithin(Optional<String> module, String path) {
    return module.isPresent() && (module.get().equals(path) || module.get().startsWith(path + "."));
  }

  private ProgramException unknown(String path) {
    List<String> called =
        program.calls().stream()
            .flatMap(call -> call.module().stream())
            .filter(module -> !module.isEmpty())
            .distinct()
            .toList();
    return new ProgramException(
        "the program calls no module '"
            + path
            + "'.\nIt calls "
            + (called.isEmpty() ? "none by name." : String.join(", ", called) + "."));
  }

  private Program first(int count, List<String> results) {
    List<Call> calls = needed(program.calls().subList(0, count), results);
    Set<String> read = new HashSet<>(results);
    calls.forEach(
        call -> call.arguments().forEach(each -> read.addAll(Checks.references(each.value()))));
    return new Program(
        program.torchVersion(),
        program.inputs().stream()
            .filter(input -> input.target().isEmpty() || read.contains(input.name()))
            .toList(),
        calls,
        program.values(),
        results.stream()
            .map(
                name ->
                    new Output(Output.Kind.USER, new Argument.Reference(name), Optional.empty()))
            .toList(),
        program.ranges(),
        program.exported(),
        program.modules(),
        program.weights());
  }

  /** Calls that a result depends on, and those that change in place what one may depend on. */
  private static List<Call> needed(List<Call> calls, List<String> results) {
    Set<String> wanted = new HashSet<>(results);
    List<Call> kept = new ArrayList<>();
    for (int i = calls.size() - 1; i >= 0; i--) {
      Call call = calls.get(i);
      boolean changes = call.function().endsWith("_") && !call.function().endsWith("__");
      boolean checks = call.results() == Call.Results.NONE;
      if (changes || checks || call.outputs().stream().anyMatch(wanted::contains)) {
        call.arguments().forEach(each -> wanted.addAll(Checks.references(each.value())));
        kept.add(0, call);
      }
    }
    return kept;
  }
}

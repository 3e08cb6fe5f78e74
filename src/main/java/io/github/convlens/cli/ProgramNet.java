package io.github.convlens.cli;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.graph.Graph;
import io.github.convlens.graph.Note;
import io.github.convlens.layer.Axis;
import io.github.convlens.layer.internal.ShapeText;
import io.github.convlens.notation.InputSize;
import io.github.convlens.plan.Inputs;
import io.github.convlens.plan.SizeRange;
import io.github.convlens.program.Program;
import io.github.convlens.program.ProgramGraph;
import io.github.convlens.program.ProgramInputs;
import io.github.convlens.program.ProgramText;
import io.github.convlens.program.Pt2File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;

/**
 * An exported program that a command is about.
 *
 * @param program the program
 * @param graph its graph
 * @param file its file; empty where it is a print
 */
record ProgramNet(Program program, Graph graph, Optional<String> file) {
  private static ProgramNet of(Program program, Optional<String> file) {
    return new ProgramNet(program, ProgramGraph.of(program), file);
  }

  /** Whether a text is the print of a program. */
  static boolean isText(String text) {
    return ProgramText.isProgram(text);
  }

  /** The program in a text. */
  static ProgramNet ofText(String text) {
    return of(ProgramText.parse(text), Optional.empty());
  }

  /** The program in a file; empty where the file is not of the kind that holds models. */
  static Optional<ProgramNet> ofFile(String file) {
    Path path = TextFile.path(file, "");
    try {
      return isModel(path)
          ? Optional.of(of(Pt2File.read(path), Optional.of(file)))
          : Optional.empty();
    } catch (IOException e) {
      throw MachineException.of(
          "'" + file + "' cannot be read", e, "Check its disk, or give a copy of it.");
    }
  }

  /** A file that cannot be read is none; whoever reads it as text says why. */
  private static boolean isModel(Path path) {
    try {
      return Files.exists(path) && Pt2File.isModel(path);
    } catch (IOException e) {
      return false;
    }
  }

  /** The shape of its only input, as it was exported. */
  Shape only() {
    List<Shape> own = ProgramInputs.own(program);
    if (own.size() != 1) {
      throw new RequestException(
          "the program takes "
              + own.size()
              + " inputs, and this is about networks of one. Ask convlens shape, with an --input for"
              + " each.");
    }
    return own.get(0);
  }

  /** That other sizes than its own are not what PyTorch runs. */
  Note ofOtherSizes() {
    return Note.remark(
        "PyTorch runs the program for the sizes that it was exported for; what it would make of"
            + " others is worked out.",
        "");
  }

  /** The program on the sizes that were given, or on its own. */
  NetOptions.Question on(List<InputSize> given) {
    List<Shape> own = ProgramInputs.own(program);
    List<Shape> inputs = new ArrayList<>();
    for (int i = 0; i < own.size(); i++) {
      inputs.add(given.isEmpty() ? own.get(i) : whole(given.get(i), own.get(i)));
    }
    Optional<Note> note =
        given.isEmpty()
            ? ProgramInputs.assumed(program).map(text -> Note.remark(text, ""))
            : ProgramInputs.check(program, inputs)
                .map(text -> new Note(Note.Kind.OTHER_SIZES, text, List.of()));
    return new NetOptions.Question(
        note.map(graph::with).orElse(graph), inputs, given.stream().findFirst(), Optional.of(this));
  }

  /**
   * Those of the inputs of a network that the program was exported for, where it takes several.
   *
   * @param like one of them
   * @throws RequestException if none is left
   */
  Inputs within(Inputs inputs, Shape like, long largest) {
    List<List<SizeRange>> sizes = new ArrayList<>();
    List<Axis> axes = inputs.wanted().axes();
    for (Axis axis : axes) {
      int place = like.dimension() - axes.size() + axes.indexOf(axis);
      List<SizeRange> found = inputs.on(axis);
      sizes.add(
          ProgramInputs.allowed(program, place, largest)
              .map(allowed -> within(found, allowed, axis))
              .orElse(found));
    }
    return new Inputs(inputs.wanted(), inputs.path(), sizes, inputs.rejection());
  }

  private static List<SizeRange> within(List<SizeRange> found, SortedSet<Long> allowed, Axis axis) {
    List<Long> left =
        allowed.stream()
            .filter(size -> found.stream().anyMatch(range -> range.contains(size)))
            .toList();
    if (left.isEmpty()) {
      throw new RequestException(
          "the map would be of that size for "
              + axis
              + " "
              + String.join(", ", found.stream().map(SizeRange::toString).toList())
              + ", and the program was exported for "
              + (allowed.isEmpty() ? "larger ones" : allowed.first() + " to " + allowed.last())
              + ".\nAsk for another --output, or export the program with other bounds:"
              + " torch.export.Dim(\"size\", min=..., max=...).");
    }
    return SizeRange.of(left);
  }

  /** What is left out in front, the batch or the channels, is as the program has it. */
  private static Shape whole(InputSize given, Shape own) {
    return given
        .like(own)
        .orElseThrow(
            () ->
                new RequestException(
                    "option --input: the program takes "
                        + ShapeText.listed(own)
                        + ". Give as many sizes, or leave the batch out."));
  }

  /** An output in the rank of the question. */
  String answer(Optional<InputSize> given, Shape output) {
    Shape own = ProgramInputs.own(program).get(0);
    return given.orElseGet(() -> InputSize.of(own)).answerLike(own, output);
  }
}

package io.github.convlens.page.internal;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.graph.Graph;
import io.github.convlens.graph.Note;
import io.github.convlens.layer.internal.ShapeText;
import io.github.convlens.notation.InputSize;
import io.github.convlens.notation.PyTorch;
import io.github.convlens.program.Program;
import io.github.convlens.program.ProgramException;
import io.github.convlens.program.ProgramGraph;
import io.github.convlens.program.ProgramInputs;
import io.github.convlens.program.ProgramText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A network and what goes into it, as a user asks for them.
 *
 * @param graph the network, with what was assumed of the question
 * @param inputs the shapes that go in
 * @param answer writes an output in the rank of the question
 */
record Question(Graph graph, List<Shape> inputs, Function<Shape, String> answer) {

  /** What is asked about, before it is known what goes in. */
  interface Asked {
    /** The network. */
    Graph graph();

    /** The same with an input as a user typed it. */
    Question on(String input);
  }

  /** What a text says: layers, a print, a program's print, or the name of an opened file. */
  static Asked of(String layers) {
    if (ProgramText.isProgram(layers)) {
      return new OfProgram(ProgramText.parse(layers));
    }
    Optional<Program> opened = OpenedFiles.find(layers);
    return opened.isPresent() ? new OfProgram(opened.get()) : new OfLayers(PyTorch.parse(layers));
  }

  /** Layers in PyTorch's notation, or a print of them. */
  private record OfLayers(Graph graph) implements Asked {
    @Override
    public Question on(String input) {
      InputSize size = InputSize.parse(input);
      Graph noted = size.noteOn(graph).map(graph::with).orElse(graph);
      return new Question(
          noted, List.of(size.shapeFor(noted)), output -> size.answer(graph, output));
    }
  }

  /** A program; without an input of the user's it is asked about its own. */
  private record OfProgram(Program program, Graph graph) implements Asked {
    OfProgram(Program program) {
      this(program, ProgramGraph.of(program));
    }

    @Override
    public Question on(String input) {
      List<Shape> own = ProgramInputs.own(program);
      if (input.isBlank()) {
        Optional<Note> note = ProgramInputs.assumed(program).map(text -> Note.remark(text, ""));
        return with(note, own, InputSize.of(own.get(0)));
      }
      InputSize size = InputSize.parse(input);
      List<Shape> inputs = new ArrayList<>(own);
      inputs.set(0, size.like(own.get(0)).orElseThrow(() -> takes(own.get(0))));
      Optional<Note> note =
          ProgramInputs.check(program, inputs)
              .map(text -> new Note(Note.Kind.OTHER_SIZES, text, List.of()));
      return with(note, inputs, size);
    }

    private Question with(Optional<Note> note, List<Shape> inputs, InputSize size) {
      Shape own = ProgramInputs.own(program).get(0);
      return new Question(
          note.map(graph::with).orElse(graph), inputs, output -> size.answerLike(own, output));
    }

    private static ProgramException takes(Shape own) {
      return new ProgramException(
          "the program takes "
              + ShapeText.listed(own)
              + ".\nGive as many sizes, or leave the batch out; or leave the input empty.");
    }
  }
}

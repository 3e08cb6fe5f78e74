package io.github.convlens.cli;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.graph.Graph;
import io.github.convlens.graph.Note;
import io.github.convlens.graph.Shapes;
import io.github.convlens.layer.Axis;
import io.github.convlens.layer.ShapeException;
import io.github.convlens.layer.Size;
import io.github.convlens.plan.Features;
import io.github.convlens.plan.Inputs;
import io.github.convlens.plan.NetSolver;
import io.github.convlens.plan.PlanException;
import java.io.IOException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** What {@code convlens solve} answers about a network. */
final class SolveAnswers {
  private final Graph network;
  private final Shape like;
  private final SolveForm form;
  private final Consumer<Note> notes;

  /** Answers about a network; batch and channels of its inputs are those of {@code like}. */
  SolveAnswers(Graph network, Shape like, SolveForm form, Consumer<Note> notes) {
    this.network = network;
    this.like = like;
    this.form = form;
    this.notes = notes;
  }

  /**
   * The inputs that make a map of the wanted size.
   *
   * @param bounds takes away those that may not be
   */
  void inputs(Size wanted, long largest, UnaryOperator<Inputs> bounds) throws IOException {
    Inputs inputs = bounds.apply(answer(() -> NetSolver.inputsFor(network, like, wanted, largest)));
    network.notes().forEach(notes);
    form.inputs(inputs);
  }

  /** The smallest input. */
  void smallest() throws IOException {
    NetSolver.Smallest smallest = answer(() -> NetSolver.smallest(network, like));
    Shape square = like;
    for (Axis axis : smallest.perAxis().axes()) {
      square = axis.with(square, smallest.square());
    }
    Shapes.infer(network, square).notes().forEach(notes);
    form.smallest(smallest);
  }

  /** The in_features of the first Linears and of one at the end. */
  void features() throws IOException {
    Features features = answer(() -> NetSolver.features(network, like));
    features.notes().forEach(notes);
    form.features(like, features);
  }

  private <T> T answer(Supplier<T> question) {
    try {
      return question.get();
    } catch (ShapeException | PlanException e) {
      throw NetOptions.explained(network, notes, e);
    }
  }
}

package io.github.convlens.engine;

import io.github.convlens.engine.Definition.Value;
import io.github.convlens.engine.RecurrentNetwork.Cell;
import io.github.convlens.engine.RecurrentNetwork.Kind;
import io.github.convlens.engine.RecurrentNetwork.Result;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/** The outputs of a recurrent network, computed exactly, and once more with rounded steps. */
final class RecurrentDefinition {
  private final Kind kind;
  private final Sequences sequences;
  private final Values x;
  private final List<Cell> cells;
  private final List<Values> states;
  private final Roundoff roundoff;

  /** How its sequences lie and are read. */
  record Sequences(int directions, boolean isBatchFirst) {}

  /**
   * A recurrent network.
   *
   * @param x (length, batch, features), with the batch first, or without a batch
   * @param cells for each layer one or two
   * @param states the first hidden states and cells, (cells, batch, size); none: zeros
   */
  RecurrentDefinition(
      Kind kind,
      Sequences sequences,
      Values x,
      List<Cell> cells,
      List<Values> states,
      Roundoff roundoff) {
    this.kind = kind;
    this.sequences = sequences;
    this.x = x;
    this.cells = cells;
    this.states = states;
    this.roundoff = roundoff;
  }

  /** The definition of the outputs, the last hidden states or the last cells. */
  Definition definition(int output) {
    double[][][] exact = output(read(number -> number), output);
    double[][][] rounded = output(read(roundoff::rounded), output);
    double difference = 0;
    for (int i = 0; i < exact.length; i++) {
      for (int n = 0; n < exact[i].length; n++) {
        for (int k = 0; k < exact[i][n].length; k++) {
          difference = Math.max(difference, Math.abs(exact[i][n][k] - rounded[i][n][k]));
        }
      }
    }
    double most = difference;
    long terms = cells.get(0).ofInput().shape().get(1) + cells.get(0).stateSize();
    return new Definition(
        1,
        p -> {
          double number = at(exact, p, output == 0);
          return new Value(number, roundoff.ofSteps(most, terms, Math.abs(number)));
        });
  }

  private Result read(DoubleUnaryOperator rounding) {
    return new RecurrentNetwork(kind, sequences.directions, cells, states, rounding).read(input());
  }

  /** The numbers of an output, the length or the cells first, then the batch. */
  private static double[][][] output(Result result, int output) {
    return switch (output) {
      case 0 -> result.outputs;
      case 1 -> result.runs.stream().map(run -> run.lastState).toArray(double[][][]::new);
      default -> result.runs.stream().map(run -> run.lastCell).toArray(double[][][]::new);
    };
  }

  private boolean isBatched() {
    return x.shape().dimension() == 3;
  }

  private double at(double[][][] numbers, long[] p, boolean isSequence) {
    int last = (int) p[p.length - 1];
    if (!isBatched()) {
      return numbers[(int) p[0]][0][last];
    }
    boolean swaps = isSequence && sequences.isBatchFirst;
    return numbers[(int) p[swaps ? 1 : 0]][(int) p[swaps ? 0 : 1]][last];
  }

  private double[][][] input() {
    int rank = x.shape().dimension();
    int width = (int) x.shape().get(rank - 1);
    boolean swaps = isBatched() && sequences.isBatchFirst;
    int length = (int) x.shape().get(swaps ? 1 : 0);
    int batch = isBatched() ? (int) x.shape().get(swaps ? 0 : 1) : 1;
    double[][][] steps = new double[length][batch][width];
    for (int t = 0; t < length; t++) {
      for (int n = 0; n < batch; n++) {
        int row = swaps ? n * length + t : t * batch + n;
        System.arraycopy(x.values(), row * width, steps[t][n], 0, width);
      }
    }
    return steps;
  }
}

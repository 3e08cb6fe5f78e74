package io.github.convlens.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;

/**
 * LSTM, GRU and RNN by PyTorch's formulas, step by step: {@code i, f, g, o} of an LSTM and {@code
 * r, z, n} of a GRU are the rows of its weights, in this order.
 */
final class RecurrentNetwork {
  private final Kind kind;
  private final int directions;
  private final List<Cell> cells;
  private final List<Values> states;
  private final DoubleUnaryOperator rounding;

  /**
   * A recurrent network.
   *
   * @param cells for each layer as many as there are directions
   * @param states the first hidden states and cells, (cells, batch, size); none: zeros
   * @param rounding what is done to each number on the way
   */
  RecurrentNetwork(
      Kind kind,
      int directions,
      List<Cell> cells,
      List<Values> states,
      DoubleUnaryOperator rounding) {
    this.kind = kind;
    this.directions = directions;
    this.cells = cells;
    this.states = states;
    this.rounding = rounding;
  }

  /** What a cell computes. */
  enum Kind {
    TANH,
    RELU,
    LSTM,
    GRU
  }

  /**
   * The weights of one direction of a layer.
   *
   * @param ofInput (gates x hidden, features)
   * @param ofState (gates x hidden, state)
   * @param biases those of the input and of the state; none or two
   * @param projection (state, hidden) where an LSTM's state is smaller than its cell
   */
  record Cell(Values ofInput, Values ofState, List<Values> biases, Optional<Values> projection) {
    int stateSize() {
      return (int) ofState.shape().get(1);
    }

    int hiddenSize() {
      return projection.map(each -> (int) each.shape().get(1)).orElse(stateSize());
    }

    double fromInput(double[] x, int row) {
      return (biases.isEmpty() ? 0 : biases.get(0).at(row)) + product(ofInput, row, x);
    }

    double fromState(double[] h, int row) {
      return (biases.isEmpty() ? 0 : biases.get(1).at(row)) + product(ofState, row, h);
    }

    static double product(Values weight, int row, double[] x) {
      return ProductDefinitions.dot(weight.values(), row * x.length, x, 0, x.length);
    }
  }

  /** What a cell makes: its outputs, (length, batch, state), and its last states. */
  static final class Run {
    final double[][][] outputs;
    final double[][] lastState;
    final double[][] lastCell;

    Run(double[][][] outputs, double[][] lastState, double[][] lastCell) {
      this.outputs = outputs;
      this.lastState = lastState;
      this.lastCell = lastCell;
    }
  }

  /** What a network makes: the outputs of its last layer, and what each cell has made. */
  static final class Result {
    final double[][][] outputs;
    final List<Run> runs;

    Result(double[][][] outputs, List<Run> runs) {
      this.outputs = outputs;
      this.runs = runs;
    }
  }

  /** Reads sequences, (length, batch, features). */
  Result read(double[][][] x) {
    double[][][] steps = x;
    List<Run> runs = new ArrayList<>();
    for (int first = 0; first < cells.size(); first += directions) {
      List<Run> ways = new ArrayList<>();
      for (int way = 0; way < directions; way++) {
        ways.add(run(steps, first + way, way == 1));
      }
      runs.addAll(ways);
      steps = joined(ways);
    }
    return new Result(steps, runs);
  }

  private static double[][][] joined(List<Run> ways) {
    double[][][] first = ways.get(0).outputs;
    int size = first[0][0].length;
    double[][][] joined = new double[first.length][first[0].length][ways.size() * size];
    for (int t = 0; t < first.length; t++) {
      for (int n = 0; n < first[t].length; n++) {
        for (int way = 0; way < ways.size(); way++) {
          System.arraycopy(ways.get(way).outputs[t][n], 0, joined[t][n], way * size, size);
        }
      }
    }
    return joined;
  }

  private Run run(double[][][] x, int index, boolean backwards) {
    Cell cell = cells.get(index);
    int batch = x[0].length;
    double[][] h = start(0, index, batch, cell.stateSize());
    double[][] c = start(1, index, batch, cell.hiddenSize());
    double[][][] outputs = new double[x.length][batch][];
    for (int step = 0; step < x.length; step++) {
      int t = backwards ? x.length - 1 - step : step;
      for (int n = 0; n < batch; n++) {
        h[n] = projected(cell, step(x[t][n], h[n], c[n], cell));
        outputs[t][n] = h[n];
      }
    }
    return new Run(outputs, h, c);
  }

  private double[][] start(int state, int index, int batch, int size) {
    double[][] start = new double[batch][size];
    if (state < states.size()) {
      double[] all = states.get(state).values();
      for (int n = 0; n < batch; n++) {
        System.arraycopy(all, (index * batch + n) * size, start[n], 0, size);
      }
    }
    return start;
  }

  private double[] projected(Cell cell, double[] h) {
    if (cell.projection().isEmpty()) {
      return h;
    }
    double[] projected = new double[cell.stateSize()];
    for (int i = 0; i < projected.length; i++) {
      projected[i] = rounded(Cell.product(cell.projection().get(), i, h));
    }
    return projected;
  }

  /** The next hidden state; the cell is changed. */
  private double[] step(double[] x, double[] h, double[] c, Cell cell) {
    int hidden = cell.hiddenSize();
    double[] next = new double[hidden];
    for (int i = 0; i < hidden; i++) {
      double first = gate(x, h, cell, i);
      switch (kind) {
        case LSTM -> {
          double forget = sigmoid(gate(x, h, cell, hidden + i));
          double change = Math.tanh(gate(x, h, cell, 2 * hidden + i));
          double out = sigmoid(gate(x, h, cell, 3 * hidden + i));
          c[i] = rounded(forget * c[i] + sigmoid(first) * change);
          next[i] = rounded(out * Math.tanh(c[i]));
        }
        case GRU -> {
          double update = sigmoid(gate(x, h, cell, hidden + i));
          int row = 2 * hidden + i;
          double change =
              Math.tanh(fromInput(cell, x, row) + sigmoid(first) * fromState(cell, h, row));
          next[i] = rounded((1 - update) * rounded(change) + update * h[i]);
        }
        case RELU -> next[i] = Math.max(0, first);
        case TANH -> next[i] = rounded(Math.tanh(first));
      }
    }
    return next;
  }

  private double gate(double[] x, double[] h, Cell cell, int row) {
    return rounded(fromInput(cell, x, row) + fromState(cell, h, row));
  }

  private double fromInput(Cell cell, double[] x, int row) {
    return rounded(cell.fromInput(x, row));
  }

  private double fromState(Cell cell, double[] h, int row) {
    return rounded(cell.fromState(h, row));
  }

  private double rounded(double number) {
    return rounding.applyAsDouble(number);
  }

  private double sigmoid(double x) {
    return rounded(1 / (1 + Math.exp(-x)));
  }
}

package io.github.convlens.engine;

import io.github.convlens.engine.CallArguments.Undefined;
import io.github.convlens.engine.Definition.Value;
import java.util.ArrayList;
import java.util.List;

/**
 * LSTM, GRU and RNN by PyTorch's formulas, step by step: {@code i, f, g, o} of an LSTM and {@code
 * r, z, n} of a GRU are the rows of its weights, in this order.
 */
final class RecurrentDefinition {
  private final CallArguments call;
  private final Roundoff roundoff;
  private final boolean isLstm;
  private final List<Values> states = new ArrayList<>();
  private final List<Values> params;
  private final boolean hasBiases;
  private final long layers;
  private final int directions;
  private final boolean batchFirst;
  private final int hidden;

  /**
   * What a direction of a layer makes: its outputs, (length, batch, hidden), and its last states.
   */
  private static final class Run {
    final double[][][] outputs;
    final double[][] lastHidden;
    final double[][] lastCell;

    Run(double[][][] outputs, double[][] lastHidden, double[][] lastCell) {
      this.outputs = outputs;
      this.lastHidden = lastHidden;
      this.lastCell = lastCell;
    }
  }

  RecurrentDefinition(CallArguments call, Roundoff roundoff) {
    this.call = call;
    this.roundoff = roundoff;
    if (!call.overload().equals("input") || call.isTrue(6, "train")) {
      throw new Undefined();
    }
    isLstm = call.function().equals("lstm");
    if (isLstm) {
      call.arrays(1, "hx").forEach(each -> states.add(each.orElseThrow(Undefined::new)));
    } else {
      states.add(call.array(1, "hx"));
    }
    params =
        call.arrays(2, "params").stream().map(each -> each.orElseThrow(Undefined::new)).toList();
    hasBiases = call.isTrue(3, "has_biases");
    layers = call.whole(4, "num_layers");
    directions = call.isTrue(7, "bidirectional") ? 2 : 1;
    batchFirst = call.isTrue(8, "batch_first");
    hidden = (int) states.get(0).shape().get(2);
    if (params.size() != layers * directions * (hasBiases ? 4 : 2)
        || call.array(0, "input").shape().dimension() != 3) {
      throw new Undefined(); // it projects, or has no batch
    }
  }

  /** The definition of the outputs, the last hidden states or the last cells. */
  Definition definition(int output) {
    double[][][] x = input();
    double bound = 0;
    List<Run> runs = new ArrayList<>();
    for (int layer = 0; layer < layers; layer++) {
      bound += bound(x);
      List<Run> both = new ArrayList<>();
      for (int direction = 0; direction < directions; direction++) {
        both.add(run(x, layer * directions + direction, direction == 1));
      }
      runs.addAll(both);
      x = joined(both);
    }
    double tolerance = roundoff.of(bound);
    double[][][] y = x;
    if (output == 0) {
      return new Definition(
          1,
          p -> new Value(batchFirst ? y[(int) p[1]][(int) p[0]][(int) p[2]] : at(y, p), tolerance));
    }
    return new Definition(
        1,
        p -> {
          Run run = runs.get((int) p[0]);
          double[][] last = output == 1 ? run.lastHidden : run.lastCell;
          double number = last[(int) p[1]][(int) p[2]];
          return new Value(number, tolerance * (1 + Math.abs(number)));
        });
  }

  private static double at(double[][][] y, long[] p) {
    return y[(int) p[0]][(int) p[1]][(int) p[2]];
  }

  /** An error of a step is handed on to the next; the gates do not let it grow. */
  private double bound(double[][][] x) {
    double largest = 1;
    for (double[][] step : x) {
      for (double[] sample : step) {
        for (double number : sample) {
          largest = Math.max(largest, Math.abs(number));
        }
      }
    }
    double weight = 0;
    for (Values each : params) {
      weight = Math.max(weight, each.largest());
    }
    int width = x[0][0].length;
    return 4.0 * x.length * (width + hidden + 4) * largest * Math.max(weight, 0.25) + 16;
  }

  private double[][][] input() {
    Values x = call.array(0, "input");
    int length = (int) x.shape().get(batchFirst ? 1 : 0);
    int batch = (int) x.shape().get(batchFirst ? 0 : 1);
    int width = (int) x.shape().get(2);
    double[][][] steps = new double[length][batch][width];
    for (int t = 0; t < length; t++) {
      for (int n = 0; n < batch; n++) {
        for (int i = 0; i < width; i++) {
          steps[t][n][i] = batchFirst ? x.at(n, t, i) : x.at(t, n, i);
        }
      }
    }
    return steps;
  }

  private double[][][] joined(List<Run> both) {
    double[][][] first = both.get(0).outputs;
    double[][][] joined = new double[first.length][first[0].length][directions * hidden];
    for (int t = 0; t < first.length; t++) {
      for (int n = 0; n < first[t].length; n++) {
        for (int direction = 0; direction < directions; direction++) {
          double[] part = both.get(direction).outputs[t][n];
          System.arraycopy(part, 0, joined[t][n], direction * hidden, hidden);
        }
      }
    }
    return joined;
  }

  private Run run(double[][][] x, int index, boolean backwards) {
    int batch = x[0].length;
    double[][] h = start(0, index, batch);
    double[][] c = isLstm ? start(1, index, batch) : new double[batch][hidden];
    double[][][] outputs = new double[x.length][batch][];
    for (int step = 0; step < x.length; step++) {
      int t = backwards ? x.length - 1 - step : step;
      for (int n = 0; n < batch; n++) {
        h[n] = step(x[t][n], h[n], c[n], index);
        outputs[t][n] = h[n];
      }
    }
    return new Run(outputs, h, c);
  }

  private double[][] start(int state, int index, int batch) {
    double[][] start = new double[batch][hidden];
    for (int n = 0; n < batch; n++) {
      for (int i = 0; i < hidden; i++) {
        start[n][i] = states.get(state).at(index, n, i);
      }
    }
    return start;
  }

  /** The next hidden state; the cell is changed. */
  private double[] step(double[] x, double[] h, double[] c, int index) {
    double[] next = new double[hidden];
    for (int i = 0; i < hidden; i++) {
      switch (call.function()) {
        case "lstm" -> {
          double in = sigmoid(ofInput(x, index, i) + ofState(h, index, i));
          double forget = sigmoid(gate(x, h, index, 1, i));
          double change = Math.tanh(gate(x, h, index, 2, i));
          double out = sigmoid(gate(x, h, index, 3, i));
          c[i] = forget * c[i] + in * change;
          next[i] = out * Math.tanh(c[i]);
        }
        case "gru" -> {
          double reset = sigmoid(gate(x, h, index, 0, i));
          double update = sigmoid(gate(x, h, index, 1, i));
          int row = 2 * hidden + i;
          double change = Math.tanh(ofInput(x, index, row) + reset * ofState(h, index, row));
          next[i] = (1 - update) * change + update * h[i];
        }
        case "rnn_relu" -> next[i] = Math.max(0, gate(x, h, index, 0, i));
        default -> next[i] = Math.tanh(gate(x, h, index, 0, i));
      }
    }
    return next;
  }

  private double gate(double[] x, double[] h, int index, int gate, int i) {
    int row = gate * hidden + i;
    return ofInput(x, index, row) + ofState(h, index, row);
  }

  private double ofInput(double[] x, int index, int row) {
    return product(x, index, 0, row);
  }

  private double ofState(double[] h, int index, int row) {
    return product(h, index, 1, row);
  }

  /** A row of the input's or the state's weights, and its bias. */
  private double product(double[] x, int index, int which, int row) {
    int first = index * (hasBiases ? 4 : 2);
    Values weight = params.get(first + which);
    double sum = hasBiases ? params.get(first + 2 + which).at(row) : 0;
    for (int k = 0; k < x.length; k++) {
      sum += weight.at(row, k) * x[k];
    }
    return sum;
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }
}

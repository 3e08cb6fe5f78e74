package io.github.convlens.layer;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.internal.Exact;
import io.github.convlens.layer.internal.ShapeText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A recurrent network: (length, batch, inputSize), or with the batch first, to (length, batch,
 * directions x hiddenSize), and its last states.
 *
 * <pre>
 *   parameters = for each layer and direction: gates x hiddenSize x (its input + what comes back)
 *                + 2 x gates x hiddenSize for the biases
 *   macs       = batch x length x the weights
 * </pre>
 *
 * <p>One sequence may come without its batch axis, (length, inputSize), and leaves without it.
 *
 * <p>Source: PyTorch's pages of torch.nn.RNN, LSTM and GRU.
 *
 * @param kind which cell
 * @param inputSize features of the input
 * @param hiddenSize features of the state
 * @param numLayers layers on each other
 * @param bias whether numbers are added
 * @param layout where the batch axis is
 * @param dropout the probability of a zero between the layers while training
 * @param directions forwards, or both ways
 * @param projSize of an LSTM: features to which its output is projected; 0: none
 * @param nonlinearity of an RNN: {@code tanh} or {@code relu}
 */
public record RecurrentSpec(
    Kind kind,
    long inputSize,
    long hiddenSize,
    long numLayers,
    Bias bias,
    Layout layout,
    double dropout,
    Directions directions,
    long projSize,
    String nonlinearity)
    implements LayerSpec {

  /** The cells. */
  public enum Kind {
    /** Elman's. */
    RNN(1),
    /** Hochreiter and Schmidhuber's long short-term memory. */
    LSTM(4),
    /** Cho and others' gated recurrent unit. */
    GRU(3);

    private final long gates;

    Kind(long gates) {
      this.gates = gates;
    }
  }

  /** Where the batch axis is. */
  public enum Layout {
    /** (length, batch, features), PyTorch's default. */
    LENGTH_FIRST,
    /** (batch, length, features). */
    BATCH_FIRST
  }

  /** Which ways the sequence is read. */
  public enum Directions {
    /** From its start. */
    ONE(1),
    /** From its start and from its end. */
    BOTH(2);

    private final long number;

    Directions(long number) {
      this.number = number;
    }
  }

  /**
   * Checks the bounds.
   *
   * @throws ShapeException if a number is too small, or the projection is not below the hidden size
   */
  public RecurrentSpec {
    Require.positive(inputSize, "input_size");
    Require.positive(hiddenSize, "hidden_size");
    Require.positive(numLayers, "num_layers");
    Require.probability(dropout, "dropout");
    if (projSize < 0 || projSize >= hiddenSize || (projSize > 0 && kind != Kind.LSTM)) {
      throw ShapeException.of(
          "proj_size belongs to an LSTM and is smaller than hidden_size",
          "Here it is " + projSize + " and hidden_size is " + hiddenSize + ".",
          "Leave it out.");
    }
  }

  @Override
  public String type() {
    return kind.name();
  }

  @Override
  public Shape output(Shape input) {
    return outputs(List.of(input)).get(0);
  }

  /** The output, the last hidden state, and an LSTM's last cell state. */
  @Override
  public List<Shape> outputs(List<Shape> inputs) {
    Shape input = inputs.isEmpty() ? Require.one(inputs) : inputs.get(0);
    int rank = input.dimension();
    if (rank < 2 || rank > 3 || input.get(rank - 1) != inputSize) {
      String axes = layout == Layout.BATCH_FIRST ? "(batch, length, " : "(length, batch, ";
      throw ShapeException.of(
          "the input must be " + axes + "input_size)",
          "input_size is " + inputSize + " and the input is " + ShapeText.listed(input) + ".",
          "Use an input of three axes whose last one is "
              + inputSize
              + ", or of two, (length, input_size), for one sequence.");
    }
    Require.positive(input);
    Shape states = new Shape(Exact.multiply(numLayers, directions.number));
    if (rank == 3) {
      states = states.add(input.get(layout == Layout.BATCH_FIRST ? 0 : 1));
    }
    List<Shape> outputs = new ArrayList<>();
    Shape steps = input.slice(0, rank - 1);
    outputs.add(steps.add(Exact.multiply(directions.number, outputSize())));
    outputs.add(states.add(outputSize()));
    if (kind == Kind.LSTM) {
      outputs.add(states.add(hiddenSize));
    }
    return outputs;
  }

  /** How many steps are taken, of all sequences. */
  private long steps(Shape input) {
    output(input);
    return Exact.elements(input) / inputSize;
  }

  private long outputSize() {
    return projSize > 0 ? projSize : hiddenSize;
  }

  @Override
  public long weights() {
    long later = Exact.multiply(directions.number, outputSize());
    long all = ofLayer(inputSize);
    if (numLayers > 1) {
      all = Exact.add(all, Exact.multiply(numLayers - 1, ofLayer(later)));
    }
    return all;
  }

  private long ofLayer(long features) {
    long gates = Exact.multiply(kind.gates, hiddenSize);
    long cell = Exact.multiply(gates, Exact.add(features, outputSize()));
    return Exact.multiply(directions.number, Exact.add(cell, Exact.multiply(projSize, hiddenSize)));
  }

  @Override
  public long biases() {
    long each = Exact.multiply(2 * kind.gates, hiddenSize);
    return bias == Bias.WITHOUT
        ? 0
        : Exact.multiply(Exact.multiply(numLayers, directions.number), each);
  }

  @Override
  public long macs(Shape input) {
    return Exact.multiply(steps(input), weights());
  }

  @Override
  public long torchinfoMacs(List<Shape> inputs) {
    Shape input = Require.one(inputs);
    return Exact.multiply(steps(input), parameters());
  }

  /** fvcore does not know recurrent networks. */
  @Override
  public long fvcoreFlops(List<Shape> inputs) {
    return 0;
  }

  @Override
  public List<Axis> axes(Shape input) {
    return List.of();
  }

  @Override
  public Passage passage(int axis, List<Shape> inputs, int index, int output) {
    int batch = layout == Layout.BATCH_FIRST ? 0 : 1;
    boolean isBatched = inputs.get(index).dimension() == 3;
    if (isBatched && axis == batch) {
      return Passage.point(output == 0 ? batch : 1);
    }
    // In one direction a step sees none of those behind it.
    boolean isOfSteps = axis == (isBatched ? 1 - batch : 0) && output == 0;
    return isOfSteps && directions == Directions.ONE ? Passage.untold() : Passage.all();
  }

  @Override
  public boolean takesShapeAsGiven() {
    return true;
  }

  @Override
  public Map<String, Shape> state() {
    Map<String, Shape> state = new LinkedHashMap<>();
    for (long layer = 0; layer < numLayers; layer++) {
      long features = layer == 0 ? inputSize : Exact.multiply(directions.number, outputSize());
      for (int way = 0; way < directions.number; way++) {
        putCell(state, "_l" + layer + (way == 0 ? "" : "_reverse"), features);
      }
    }
    return state;
  }

  private void putCell(Map<String, Shape> state, String suffix, long features) {
    long gates = Exact.multiply(kind.gates, hiddenSize);
    state.put("weight_ih" + suffix, new Shape(gates, features));
    state.put("weight_hh" + suffix, new Shape(gates, outputSize()));
    if (bias == Bias.WITH) {
      state.put("bias_ih" + suffix, new Shape(gates));
      state.put("bias_hh" + suffix, new Shape(gates));
    }
    if (projSize > 0) {
      state.put("weight_hr" + suffix, new Shape(projSize, hiddenSize));
    }
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.visit(this);
  }

  @Override
  public String toString() {
    Call call = Call.of(type()).with(inputSize);
    call.with(hiddenSize).with("num_layers", numLayers, 1L);
    call.withUnless(nonlinearity.equals("tanh"), "nonlinearity", "'" + nonlinearity + "'");
    call.off("bias", bias == Bias.WITHOUT);
    call.withUnless(layout == Layout.LENGTH_FIRST, "batch_first", true);
    call.with("dropout", dropout, 0.0);
    call.withUnless(directions == Directions.ONE, "bidirectional", true);
    return call.with("proj_size", projSize, 0L).toString();
  }
}

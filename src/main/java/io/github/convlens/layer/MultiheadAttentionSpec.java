package io.github.convlens.layer;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.internal.Exact;
import io.github.convlens.layer.internal.ShapeText;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Multi-head attention of a query of L positions over S keys and values: (N, L, embedDim) with the
 * batch first. The second output holds the weights, averaged over the heads: (N, L, S).
 *
 * <pre>
 *   parameters = embedDim x (2 x embedDim + keyDim + valueDim) + 4 x embedDim
 *   macs       = N x (L x 2 x embedDim^2 + S x embedDim x (keyDim + valueDim) + 2 x L x S x embedDim)
 * </pre>
 *
 * <p>Neither shapes nor counts depend on the number of heads. Source: PyTorch's page of
 * torch.nn.MultiheadAttention; Vaswani et al., "Attention Is All You Need" (2017).
 *
 * @param embedDim features of query and output
 * @param numHeads heads; divides embedDim
 * @param dropout the probability of a zero among the weights while training
 * @param bias whether the projections add numbers
 * @param keyDim features of the keys
 * @param valueDim features of the values
 * @param layout where the batch axis is
 */
public record MultiheadAttentionSpec(
    long embedDim,
    long numHeads,
    double dropout,
    Bias bias,
    long keyDim,
    long valueDim,
    RecurrentSpec.Layout layout)
    implements LayerSpec {

  /**
   * Checks the bounds.
   *
   * @throws ShapeException if a number is too small or the heads do not divide the features
   */
  public MultiheadAttentionSpec {
    Require.positive(embedDim, "embed_dim");
    Require.positive(numHeads, "num_heads");
    Require.positive(keyDim, "kdim");
    Require.positive(valueDim, "vdim");
    Require.probability(dropout, "dropout");
    if (embedDim % numHeads != 0) {
      throw ShapeException.of(
          "num_heads must divide embed_dim",
          "Here embed_dim is " + embedDim + " and num_heads is " + numHeads + ".",
          "Use num_heads=1, or another divisor.");
    }
  }

  @Override
  public String type() {
    return "MultiheadAttention";
  }

  @Override
  public Shape output(Shape input) {
    return outputs(List.of(input)).get(0);
  }

  @Override
  public List<Shape> outputs(List<Shape> inputs) {
    if (inputs.size() != 3) {
      throw ShapeException.of(
          "MultiheadAttention takes a query, keys and values",
          "Here there " + (inputs.size() == 1 ? "is one input." : "are " + inputs.size() + "."),
          "Give it three; in a Sequential it cannot stand.");
    }
    Shape query = inputs.get(0);
    features(query, embedDim, "the query", "embed_dim");
    features(inputs.get(1), keyDim, "the keys", "kdim");
    features(inputs.get(2), valueDim, "the values", "vdim");
    int length = layout == RecurrentSpec.Layout.BATCH_FIRST ? 1 : 0;
    long batch = query.get(1 - length);
    long keys = inputs.get(1).get(length);
    if (keys != inputs.get(2).get(length)
        || batch != inputs.get(1).get(1 - length)
        || batch != inputs.get(2).get(1 - length)) {
      throw ShapeException.of(
          "keys and values must be as many, in batches of the query's size",
          "The inputs are " + inputs.stream().map(ShapeText::listed).toList() + ".",
          "Use the same length for keys and values, and the same batch for all.");
    }
    return List.of(query, new Shape(batch, query.get(length), keys));
  }

  private static void features(Shape input, long expected, String what, String argument) {
    if (input.dimension() != 3 || input.get(2) != expected) {
      throw ShapeException.of(
          what + " must have three axes, the last one of " + argument,
          argument + " is " + expected + " and the input is " + ShapeText.listed(input) + ".",
          "Use a last axis of " + expected + ".");
    }
  }

  @Override
  public long weights() {
    long all = Exact.add(Exact.multiply(2, embedDim), Exact.add(keyDim, valueDim));
    return Exact.multiply(embedDim, all);
  }

  @Override
  public long biases() {
    return bias == Bias.WITH ? Exact.multiply(4, embedDim) : 0;
  }

  @Override
  public long macs(List<Shape> inputs) {
    Shape weights = outputs(inputs).get(1);
    long queries = Exact.multiply(weights.get(0), weights.get(1));
    long keys = Exact.multiply(weights.get(0), weights.get(2));
    long ofQueries = Exact.multiply(queries, Exact.multiply(2, Exact.multiply(embedDim, embedDim)));
    long ofKeys = Exact.multiply(keys, Exact.multiply(embedDim, Exact.add(keyDim, valueDim)));
    long products = Exact.multiply(Exact.elements(weights), Exact.multiply(2, embedDim));
    return Exact.add(Exact.add(ofQueries, ofKeys), products);
  }

  /** torchinfo counts the layers that hold no others, and the one in here is not called. */
  @Override
  public long torchinfoMacs(List<Shape> inputs) {
    return 0;
  }

  @Override
  public List<Axis> axes(Shape input) {
    return List.of();
  }

  @Override
  public Passage passage(int axis, List<Shape> inputs, int index, int output) {
    int batch = layout == RecurrentSpec.Layout.BATCH_FIRST ? 0 : 1;
    return axis == batch ? Passage.point(output == 0 ? batch : 0) : Passage.all();
  }

  @Override
  public boolean takesShapeAsGiven() {
    return true;
  }

  @Override
  public Map<String, Shape> state() {
    Map<String, Shape> state = new LinkedHashMap<>();
    if (keyDim == embedDim && valueDim == embedDim) {
      state.put("in_proj_weight", new Shape(Exact.multiply(3, embedDim), embedDim));
    } else {
      state.put("q_proj_weight", new Shape(embedDim, embedDim));
      state.put("k_proj_weight", new Shape(embedDim, keyDim));
      state.put("v_proj_weight", new Shape(embedDim, valueDim));
    }
    if (bias == Bias.WITH) {
      state.put("in_proj_bias", new Shape(Exact.multiply(3, embedDim)));
    }
    bias.state(new Shape(embedDim, embedDim), embedDim)
        .forEach((name, shape) -> state.put("out_proj." + name, shape));
    return state;
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.visit(this);
  }

  @Override
  public String toString() {
    return Call.of(type())
        .with(embedDim)
        .with(numHeads)
        .with("dropout", dropout, 0.0)
        .off("bias", bias == Bias.WITHOUT)
        .with("kdim", keyDim, embedDim)
        .with("vdim", valueDim, embedDim)
        .withUnless(layout == RecurrentSpec.Layout.LENGTH_FIRST, "batch_first", true)
        .toString();
  }
}

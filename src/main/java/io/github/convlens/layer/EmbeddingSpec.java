package io.github.convlens.layer;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.internal.Exact;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * A table of vectors, looked up by whole numbers: (...) becomes (..., embeddingDim). It costs no
 * multiply-adds. Source: PyTorch's page of torch.nn.Embedding.
 *
 * @param numEmbeddings vectors in the table
 * @param embeddingDim numbers in each
 * @param paddingIdx the vector that begins as zeros and is not learned; negative: from the end
 * @param maxNorm the norm to which vectors are cut when they are looked up
 */
public record EmbeddingSpec(
    long numEmbeddings, long embeddingDim, OptionalLong paddingIdx, OptionalDouble maxNorm)
    implements LayerSpec {
  /**
   * Checks the bounds.
   *
   * @throws ShapeException if a number is below 1, or there is no vector of that index
   */
  public EmbeddingSpec {
    Require.positive(numEmbeddings, "num_embeddings");
    Require.positive(embeddingDim, "embedding_dim");
    if (paddingIdx.isPresent()) {
      long index = paddingIdx.getAsLong();
      if (index >= numEmbeddings || index < -numEmbeddings) {
        throw ShapeException.of(
            "padding_idx must be the index of a vector",
            "It is " + index + " and num_embeddings is " + numEmbeddings + ".",
            "Use an index from 0 to " + (numEmbeddings - 1) + ".");
      }
      paddingIdx = OptionalLong.of(index < 0 ? index + numEmbeddings : index);
    }
  }

  /** A table all of whose vectors are learned as they are. */
  public EmbeddingSpec(long numEmbeddings, long embeddingDim) {
    this(numEmbeddings, embeddingDim, OptionalLong.empty(), OptionalDouble.empty());
  }

  @Override
  public String type() {
    return "Embedding";
  }

  @Override
  public Shape output(Shape input) {
    return input.add(embeddingDim);
  }

  @Override
  public long weights() {
    return Exact.multiply(numEmbeddings, embeddingDim);
  }

  @Override
  public boolean takesShapeAsGiven() {
    return true;
  }

  @Override
  public Map<String, Shape> state() {
    return Map.of("weight", new Shape(numEmbeddings, embeddingDim));
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.visit(this);
  }

  @Override
  public String toString() {
    Call call = Call.of(type()).with(numEmbeddings).with(embeddingDim);
    paddingIdx.ifPresent(index -> call.with("padding_idx", index));
    maxNorm.ifPresent(norm -> call.with("max_norm", norm));
    return call.toString();
  }
}

package io.github.convlens.layer;

import ai.djl.ndarray.types.Shape;
import java.util.Map;

/**
 * A table of vectors, looked up by whole numbers: (...) becomes (..., embeddingDim). It costs no
 * multiply-adds. Source: PyTorch's page of torch.nn.Embedding.
 *
 * @param numEmbeddings vectors in the table
 * @param embeddingDim numbers in each
 */
public record EmbeddingSpec(long numEmbeddings, long embeddingDim) implements LayerSpec {
  /**
   * Checks the bounds.
   *
   * @throws ShapeException if a number is below 1
   */
  public EmbeddingSpec {
    Require.positive(numEmbeddings, "num_embeddings");
    Require.positive(embeddingDim, "embedding_dim");
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
    return Call.of(type()).with(numEmbeddings).with(embeddingDim).toString();
  }
}

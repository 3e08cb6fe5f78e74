package io.github.convlens.plan;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.LinearSpec;
import io.github.convlens.layer.ShapeException;
import io.github.convlens.layer.Size;
import java.util.Optional;

/**
 * The in_features that a network's Linears need for a given input. LeNet on 28x28: its first Linear
 * needs 400, a Linear behind its end 10; on 32x32 the first needs 576, although 400 are written.
 *
 * @param input rows and columns of the picture
 * @param first the first Linear; empty if the network has none outside of branches
 * @param appended in_features of a Linear put behind the end, with a Flatten in front where the
 *     output is a picture: the elements of one picture's output
 * @param output the output's shape, with the first Linear's in_features put right
 * @param rejection what the network as written says to this input, if it does not take it
 */
public record Features(
    Size input,
    Optional<First> first,
    long appended,
    Shape output,
    Optional<ShapeException> rejection) {

  /** How a Linear comes to its features. */
  public enum Reading {
    /** It takes what reaches it. */
    AS_IS,
    /** A Flatten must stand in front of it, written or not: channels x height x width. */
    FLATTENED,
    /** A mean over height and width, then a Flatten: the channels. */
    AVERAGED
  }

  /**
   * The first Linear.
   *
   * @param path its path
   * @param layer the layer as written
   * @param reaching the shape that reaches it
   * @param reading what has to stand in front of it
   * @param inFeatures the in_features that are right
   */
  public record First(
      String path, LinearSpec layer, Shape reaching, Reading reading, long inFeatures) {
    /** Whether the number is written already, or left to a LazyLinear. */
    public boolean isRight() {
      return layer.inFeatures() == 0 || layer.inFeatures() == inFeatures;
    }

    /** The layer with the right number. */
    public LinearSpec corrected() {
      return new LinearSpec(inFeatures, layer.outFeatures(), layer.bias());
    }

    /** {@code classifier.1: in_features=9216}, and what is written if that is another number. */
    @Override
    public String toString() {
      String written = isRight() ? "" : ", not " + layer.inFeatures();
      return (path.isEmpty() ? "Linear" : path) + ": in_features=" + inFeatures + written;
    }
  }
}

package io.github.convlens.notation;

import java.util.Map;
import java.util.Optional;

/** Layers of PyTorch that are not known here, each with the reason and what to do instead. */
final class NotKnown {
  private static final String ALONE =
      "Ask for the layers in front of it and for those behind it alone.";

  private static final Map<String, String> REASONS =
      Map.ofEntries(
          Map.entry("MaxUnpool1d", "it needs the indices of a pool as a second input"),
          Map.entry("MaxUnpool2d", "it needs the indices of a pool as a second input"),
          Map.entry("MaxUnpool3d", "it needs the indices of a pool as a second input"),
          Map.entry("FractionalMaxPool2d", "its windows are drawn at random"),
          Map.entry("FractionalMaxPool3d", "its windows are drawn at random"),
          Map.entry("Bilinear", "it takes two inputs"),
          Map.entry("EmbeddingBag", "it takes bags of indices and their offsets"),
          Map.entry("Fold", "its output's size is not in its input"),
          Map.entry("Unfold", "it makes columns of patches, which have no place on a picture"),
          Map.entry("Transformer", "it takes two sequences and masks"),
          Map.entry("TransformerEncoder", "what a print shows of it leaves its heads out"),
          Map.entry("TransformerEncoderLayer", "what a print shows of it leaves its heads out"),
          Map.entry("TransformerDecoder", "it takes two sequences"),
          Map.entry("TransformerDecoderLayer", "it takes two sequences"),
          Map.entry("AdaptiveLogSoftmaxWithLoss", "it is a loss"),
          Map.entry("RNNCell", "it is one step of a recurrent network, with its state as input"),
          Map.entry("LSTMCell", "it is one step of a recurrent network, with its state as input"),
          Map.entry("GRUCell", "it is one step of a recurrent network, with its state as input"),
          Map.entry("CosineSimilarity", "it takes two inputs"),
          Map.entry("PairwiseDistance", "it takes two inputs"),
          Map.entry("RMSNorm", "it is not known here yet"));

  private NotKnown() {}

  /** Why a class cannot be read, and what to do. */
  record Refusal(String rule, String remedy) {}

  /** The refusal of classes that have no counterpart here; empty for all others. */
  static Optional<Refusal> of(String type) {
    return Optional.ofNullable(REASONS.get(type))
        .map(
            reason ->
                new Refusal(
                    type + " is a layer of PyTorch that cannot be read here: " + reason + ".",
                    ALONE));
  }
}

package io.github.convlens.notation;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Layers of PyTorch that are not known here, each with the reason and what to do instead. */
final class NotKnown {
  private static final String ALONE =
      "Ask for the layers in front of it and for those behind it alone.";

  private static final String COMBINES =
      "it adds, multiplies or concatenates, and only forward says which and what";

  /** The refusal of a print that holds no numbers. */
  static final Refusal SCRIPTED =
      new Refusal(
          "the print of a scripted or traced model shows the names of its layers without their"
              + " numbers.",
          "Print the model before torch.jit.script or torch.jit.trace makes this of it.");

  private static final Set<String> SCRIPTS =
      Set.of("RecursiveScriptModule", "ScriptModule", "TopLevelTracedModule", "TracedModule");

  /** How to be exact where a print is not enough. */
  static final String EXPORT =
      "To be exact, export the model in Python, and give the file as --net model.pt2:\n"
          + "torch.export.save(torch.export.export(model.eval(), (x,)), \"model.pt2\")";

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
          Map.entry("RNNCell", "it is one step of a recurrent network, with its state as input"),
          Map.entry("LSTMCell", "it is one step of a recurrent network, with its state as input"),
          Map.entry("GRUCell", "it is one step of a recurrent network, with its state as input"),
          Map.entry("CosineSimilarity", "it takes two inputs"),
          Map.entry("PairwiseDistance", "it takes two inputs"),
          Map.entry("FloatFunctional", COMBINES),
          Map.entry("QFunctional", COMBINES),
          Map.entry("FXFloatFunctional", COMBINES),
          Map.entry("RNNBase", "LSTM, GRU and RNN are what is built of it"),
          Map.entry("RNNCellBase", "LSTMCell, GRUCell and RNNCell are what is built of it"),
          Map.entry("ParameterList", "it holds numbers and computes nothing"),
          Map.entry("ParameterDict", "it holds numbers and computes nothing"));

  private static final String TRANSFORM = "a transform of data";
  private static final String OPTIMIZER = "an optimizer";

  private static final Set<String> LOSSES =
      Set.of(
          "BCELoss",
          "BCEWithLogitsLoss",
          "CTCLoss",
          "CosineEmbeddingLoss",
          "CrossEntropyLoss",
          "GaussianNLLLoss",
          "HingeEmbeddingLoss",
          "HuberLoss",
          "KLDivLoss",
          "L1Loss",
          "LinearCrossEntropyLoss",
          "MSELoss",
          "MarginRankingLoss",
          "MultiLabelMarginLoss",
          "MultiLabelSoftMarginLoss",
          "MultiMarginLoss",
          "NLLLoss",
          "NLLLoss2d",
          "PoissonNLLLoss",
          "SmoothL1Loss",
          "SoftMarginLoss",
          "TripletMarginLoss",
          "TripletMarginWithDistanceLoss",
          "AdaptiveLogSoftmaxWithLoss");

  /** What training scripts print beside a network. */
  private static final Map<String, String> BESIDE =
      Map.ofEntries(
          Map.entry("Compose", "a row of transforms"),
          Map.entry("ToTensor", TRANSFORM),
          Map.entry("Normalize", TRANSFORM),
          Map.entry("Resize", TRANSFORM),
          Map.entry("CenterCrop", TRANSFORM),
          Map.entry("RandomCrop", TRANSFORM),
          Map.entry("RandomResizedCrop", TRANSFORM),
          Map.entry("RandomHorizontalFlip", TRANSFORM),
          Map.entry("GradScaler", "a scaler of gradients"),
          Map.entry("SGD", OPTIMIZER),
          Map.entry("Adam", OPTIMIZER),
          Map.entry("AdamW", OPTIMIZER),
          Map.entry("RMSprop", OPTIMIZER),
          Map.entry("DataLoader", "a source of data"));

  private static final String LEAVE_OUT = "Leave it out: it stands behind the network.";

  /** What layers of PyTorch are called elsewhere, or in papers. */
  private static final Map<String, String> ALIASES =
      Map.ofEntries(
          Map.entry("swish", "SiLU"),
          Map.entry("memoryefficientswish", "SiLU"),
          Map.entry("hswish", "Hardswish"),
          Map.entry("hsigmoid", "Hardsigmoid"),
          Map.entry("lrelu", "LeakyReLU"),
          Map.entry("lrn", "LocalResponseNorm"),
          Map.entry("dense", "Linear"),
          Map.entry("fullyconnected", "Linear"),
          Map.entry("maxpooling1d", "MaxPool1d"),
          Map.entry("maxpooling2d", "MaxPool2d"),
          Map.entry("maxpooling3d", "MaxPool3d"),
          Map.entry("averagepooling1d", "AvgPool1d"),
          Map.entry("averagepooling2d", "AvgPool2d"),
          Map.entry("averagepooling3d", "AvgPool3d"),
          Map.entry("conv2dtranspose", "ConvTranspose2d"),
          Map.entry("zeropadding2d", "ZeroPad2d"));

  private NotKnown() {}

  /** Why a class cannot be read, and what to do. */
  record Refusal(String rule, String remedy) {}

  /** The refusal of classes that have no counterpart here; empty for all others. */
  static Optional<Refusal> of(String type) {
    if (SCRIPTS.contains(type)) {
      return Optional.of(SCRIPTED);
    }
    if (LOSSES.contains(type)) {
      return Optional.of(new Refusal(type + " is a loss of PyTorch, no layer.", LEAVE_OUT));
    }
    return Optional.ofNullable(REASONS.get(type))
        .map(
            reason ->
                new Refusal(
                    type + " is a layer of PyTorch that cannot be read here: " + reason + ".",
                    ALONE));
  }

  /** That a class stands beside networks and is no part of one; empty for all others. */
  static Optional<Refusal> beside(String type) {
    return Optional.ofNullable(BESIDE.get(type))
        .map(what -> new Refusal(type + " is " + what + ", no layer.", "Leave it out."));
  }

  /** What PyTorch calls a layer that has this name elsewhere; empty for all others. */
  static Optional<String> alias(String type) {
    return Optional.ofNullable(ALIASES.get(type.toLowerCase(Locale.ROOT).replace("_", "")));
  }
}

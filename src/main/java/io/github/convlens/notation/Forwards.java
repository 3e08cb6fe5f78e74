package io.github.convlens.notation;

import io.github.convlens.layer.ActivationSpec;
import io.github.convlens.layer.Child;
import io.github.convlens.layer.ConcatSpec;
import io.github.convlens.layer.Conv2dSpec;
import io.github.convlens.layer.FlattenSpec;
import io.github.convlens.layer.IdentitySpec;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.ModuleSpec;
import io.github.convlens.layer.ResidualSpec;
import io.github.convlens.layer.SequentialSpec;
import io.github.convlens.layer.Size;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the {@code forward} of well-known classes does with the children that {@code print(model)}
 * shows. Sources: torchvision.models (resnet, squeezenet, mobilenetv2, densenet, googlenet,
 * mnasnet, ops.misc) and d2l's Residual, Inception and DenseBlock.
 */
final class Forwards {
  private static final Child INPUT = new Child("", new IdentitySpec());
  private static final Child RELU =
      implied("(relu)", ActivationSpec.of(ActivationSpec.Function.RELU));
  private static final Child FLATTEN = implied("(flatten)", FlattenSpec.ALL);

  /** Sequentials under another name, which need no note. */
  private static final Set<String> IN_ORDER =
      Set.of(
          "Conv2dNormActivation",
          "ConvNormActivation",
          "ConvBNActivation",
          "ConvBNReLU",
          "_Transition");

  private static final Map<String, Function<Children, @Nullable LayerSpec>> TABLE = new HashMap<>();

  static {
    IN_ORDER.forEach(type -> TABLE.put(type, Children::inOrder));
    TABLE.put("BasicBlock", c -> residualBlock(c, "conv1 bn1 relu conv2 bn2"));
    TABLE.put("Bottleneck", c -> residualBlock(c, "conv1 bn1 relu conv2 bn2 relu conv3 bn3"));
    TABLE.put("Residual", Forwards::d2lResidual);
    TABLE.put("Fire", Forwards::fire);
    TABLE.put("InvertedResidual", Forwards::invertedResidual);
    TABLE.put("_InvertedResidual", Forwards::invertedResidual);
    TABLE.put("BasicConv2d", c -> c.are("conv bn") ? row(c.get("conv"), c.get("bn"), RELU) : null);
    TABLE.put("Inception", Forwards::inception);
    TABLE.put("InceptionAux", c -> c.are("conv fc1 fc2 dropout") ? c.inOrder() : null);
    TABLE.put(
        "_DenseLayer", c -> c.are("norm1 relu1 conv1 norm2 relu2 conv2") ? c.inOrder() : null);
    TABLE.put("_DenseBlock", Forwards::denseBlock);
    TABLE.put("DenseBlock", Forwards::d2lDenseBlock);
    networks();
  }

  private static void networks() {
    TABLE.put(
        "ResNet",
        c ->
            c.are("conv1 bn1 relu maxpool layer1 layer2 layer3 layer4 avgpool fc")
                ? c.inOrder()
                : null);
    TABLE.put("AlexNet", c -> c.are("features avgpool classifier") ? c.inOrder() : null);
    TABLE.put("VGG", c -> c.are("features avgpool classifier") ? c.inOrder() : null);
    TABLE.put("MobileNetV2", c -> c.are("features classifier") ? c.inOrder() : null);
    TABLE.put(
        "SqueezeNet",
        c ->
            c.are("features classifier")
                ? row(c.get("features"), c.get("classifier"), FLATTEN)
                : null);
    TABLE.put(
        "DenseNet",
        c ->
            c.are("features classifier")
                ? row(c.get("features"), RELU, c.get("classifier"))
                : null);
    TABLE.put("GoogLeNet", Forwards::googLeNet);
  }

  private Forwards() {}

  /** Whether there is an entry for the class. */
  static boolean knows(String type) {
    return TABLE.containsKey(type);
  }

  /** What runs, or empty if the class is not known or its children are not the expected ones. */
  static Optional<LayerSpec> of(String type, List<Child> children) {
    Function<Children, @Nullable LayerSpec> known = TABLE.get(type);
    return known == null
        ? Optional.empty()
        : Optional.ofNullable(known.apply(new Children(children)));
  }

  /** What a user must know about a class that is known. */
  static Optional<String> note(String type, List<Child> children) {
    boolean auxiliary =
        type.equals("GoogLeNet") && children.stream().anyMatch(Forwards::isAuxiliary);
    return auxiliary
        ? Optional.of(
            "GoogLeNet's InceptionAux branches run in training only: they are left out, and so are"
                + " their parameters.")
        : Optional.empty();
  }

  /** Layers whose names are so near to known ones that a guess would mislead. */
  private static final Set<String> OTHER_LAYERS =
      Set.of(
          "Conv1d",
          "Conv3d",
          "ConvTranspose1d",
          "ConvTranspose3d",
          "MaxPool1d",
          "MaxPool3d",
          "AvgPool1d",
          "AvgPool3d",
          "AdaptiveAvgPool1d",
          "AdaptiveAvgPool3d",
          "AdaptiveMaxPool1d",
          "AdaptiveMaxPool3d",
          "BatchNorm1d",
          "BatchNorm3d",
          "InstanceNorm1d",
          "InstanceNorm3d",
          "PixelUnshuffle",
          "MaxUnpool2d",
          "FractionalMaxPool2d",
          "LPPool2d",
          "Bilinear",
          "Dropout1d",
          "Dropout3d",
          "Embedding",
          "LSTM",
          "GRU",
          "RNN");

  /** Why a class cannot be read, and what to write instead. */
  record Refusal(String rule, String remedy) {}

  /** The refusal of classes that have no counterpart here; empty for all others. */
  static Optional<Refusal> refusal(String type) {
    String identity = "Write Identity() in its place for its shapes alone.";
    return switch (type) {
      case "SqueezeExcitation", "SELayer", "SEModule" ->
          Optional.of(
              new Refusal(
                  type
                      + " multiplies its input by what its children compute, which cannot be"
                      + " expressed here.",
                  identity));
      case "MultiheadAttention" ->
          Optional.of(
              new Refusal(
                  "MultiheadAttention is no layer on pictures, and cannot be expressed here.",
                  identity));
      default ->
          OTHER_LAYERS.contains(type)
              ? Optional.of(
                  new Refusal(
                      type + " is a layer of PyTorch that is not known here.",
                      "Write a layer on pictures (batch, channels, height, width) that does the"
                          + " same, or Identity() if this one keeps the shape."))
              : Optional.empty();
    };
  }

  /** ResNet's blocks: the named children, plus downsample or the input, then ReLU. */
  private static @Nullable LayerSpec residualBlock(Children c, String order) {
    String names = order.contains("conv3") ? "conv1 bn1 conv2 bn2 conv3 bn3 relu" : order;
    boolean projected = c.are(names + " downsample");
    if (!projected && !c.are(names)) {
      return null;
    }
    List<Child> main = new ArrayList<>();
    for (String name : order.split(" ", -1)) {
      main.add(c.get(name));
    }
    return row(sum(main, projected ? c.get("downsample") : INPUT), c.get("relu"));
  }

  /** d2l's: relu(bn2(conv2(relu(bn1(conv1(x))))) + conv3(x)). */
  private static @Nullable LayerSpec d2lResidual(Children c) {
    boolean projected = c.are("conv1 conv2 conv3 bn1 bn2");
    if (!projected && !c.are("conv1 conv2 bn1 bn2")) {
      return null;
    }
    List<Child> main = List.of(c.get("conv1"), c.get("bn1"), RELU, c.get("conv2"), c.get("bn2"));
    return row(sum(main, projected ? c.get("conv3") : INPUT), RELU);
  }

  private static @Nullable LayerSpec fire(Children c) {
    if (!c.are(
        "squeeze squeeze_activation expand1x1 expand1x1_activation expand3x3 expand3x3_activation")) {
      return null;
    }
    LayerSpec small = row(c.get("expand1x1"), c.get("expand1x1_activation"));
    LayerSpec large = row(c.get("expand3x3"), c.get("expand3x3_activation"));
    return row(
        c.get("squeeze"),
        c.get("squeeze_activation"),
        unnamed(new ConcatSpec(List.of(unnamed(small), unnamed(large)))));
  }

  /**
   * torchvision's, or d2l's with a ReLU behind every convolution (b1_1; p1_1 in older editions).
   */
  private static @Nullable LayerSpec inception(Children c) {
    if (c.are("branch1 branch2 branch3 branch4")) {
      return new ConcatSpec(c.list());
    }
    String names = "b1_1 b2_1 b2_2 b3_1 b3_2 b4_1 b4_2";
    if (!c.are(names) && !c.are(names.replace('b', 'p'))) {
      return null;
    }
    List<Child> l = c.list();
    return ConcatSpec.of(
        row(l.get(0), RELU),
        row(l.get(1), RELU, l.get(2), RELU),
        row(l.get(3), RELU, l.get(4), RELU),
        row(l.get(5), l.get(6), RELU));
  }

  /**
   * MNASNet's, MobileNetV2's and V3's: the input is added where stride is 1 and the channels are
   * equal.
   */
  private static @Nullable LayerSpec invertedResidual(Children c) {
    if (!c.are("conv") && !c.are("block") && !c.are("layers")) {
      return null;
    }
    List<Conv2dSpec> convolutions = new ArrayList<>();
    collect(c.list().get(0).layer(), convolutions);
    if (convolutions.isEmpty()) {
      return null;
    }
    long in = convolutions.get(0).inChannels();
    long out = convolutions.get(convolutions.size() - 1).outChannels();
    boolean strideOne =
        convolutions.stream().allMatch(conv -> conv.window().stride().equals(Size.ONE));
    return strideOne && in == out ? new ResidualSpec(c.list().get(0), INPUT) : c.inOrder();
  }

  private static void collect(LayerSpec layer, List<Conv2dSpec> convolutions) {
    if (layer instanceof Conv2dSpec conv) {
      convolutions.add(conv);
    } else if (layer instanceof SequentialSpec sequential) {
      sequential.children().forEach(child -> collect(child.layer(), convolutions));
    } else if (layer instanceof ModuleSpec module) {
      module.children().forEach(child -> collect(child.layer(), convolutions));
    }
  }

  /** Every layer's output is put behind all that came before it. */
  private static @Nullable LayerSpec denseBlock(Children c) {
    List<Child> steps = new ArrayList<>();
    for (Child layer : c.list()) {
      if (!layer.layer().type().equals("_DenseLayer")) {
        return null;
      }
      steps.add(unnamed(new ConcatSpec(List.of(INPUT, layer))));
    }
    return new SequentialSpec(steps);
  }

  /** d2l's: the same, with the layers as the children of a Sequential called net. */
  private static @Nullable LayerSpec d2lDenseBlock(Children c) {
    if (!c.are("net") || !(c.get("net").layer() instanceof SequentialSpec net)) {
      return null;
    }
    List<Child> steps = new ArrayList<>();
    for (Child layer : net.children()) {
      steps.add(unnamed(new ConcatSpec(List.of(INPUT, layer))));
    }
    return row(new Child("net", new SequentialSpec(steps)));
  }

  private static @Nullable LayerSpec googLeNet(Children c) {
    List<Child> running = c.list().stream().filter(child -> !isAuxiliary(child)).toList();
    return new Children(running)
            .are(
                "conv1 maxpool1 conv2 conv3 maxpool2 inception3a inception3b maxpool3 inception4a"
                    + " inception4b inception4c inception4d inception4e maxpool4 inception5a"
                    + " inception5b avgpool dropout fc")
        ? new SequentialSpec(running)
        : null;
  }

  private static boolean isAuxiliary(Child child) {
    return child.layer().type().equals("InceptionAux");
  }

  private static Child sum(List<Child> main, Child shortcut) {
    return unnamed(new ResidualSpec(unnamed(new SequentialSpec(main)), shortcut));
  }

  private static SequentialSpec row(Child... children) {
    return new SequentialSpec(List.of(children));
  }

  private static Child unnamed(LayerSpec layer) {
    return new Child("", layer);
  }

  private static Child implied(String name, LayerSpec layer) {
    return new Child(name, layer, Child.Origin.IMPLIED);
  }

  /** Children to be asked for by name. */
  private record Children(List<Child> list) {
    /** Whether these are exactly the children with these names, in this order. */
    boolean are(String names) {
      return String.join(" ", list.stream().map(Child::name).toList()).equals(names);
    }

    Child get(String name) {
      return list.stream().filter(child -> child.name().equals(name)).findFirst().orElseThrow();
    }

    LayerSpec inOrder() {
      return new SequentialSpec(list);
    }
  }
}

package io.github.convlens.trace;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.ActivationSpec;
import io.github.convlens.layer.AdaptivePool2dSpec;
import io.github.convlens.layer.AvgPool2dSpec;
import io.github.convlens.layer.BatchNorm2dSpec;
import io.github.convlens.layer.Bias;
import io.github.convlens.layer.Child;
import io.github.convlens.layer.Conv2dSpec;
import io.github.convlens.layer.FlattenSpec;
import io.github.convlens.layer.IdentitySpec;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.LinearSpec;
import io.github.convlens.layer.MaxPool2dSpec;
import io.github.convlens.layer.ModuleSpec;
import io.github.convlens.layer.PaddingMode;
import io.github.convlens.layer.ResidualSpec;
import io.github.convlens.layer.Rounding;
import io.github.convlens.layer.SequentialSpec;
import io.github.convlens.layer.Size;
import io.github.convlens.layer.Window2d;
import java.util.ArrayList;
import java.util.List;

/** Networks of records that several tests use. */
final class Nets {
  private Nets() {}

  static Conv2dSpec conv(long in, long out, long kernel, long stride, long padding) {
    return Conv2dSpec.of(in, out, window(kernel, stride, padding));
  }

  static Window2d window(long kernel, long stride, long padding) {
    return Window2d.of(Size.square(kernel))
        .withStride(Size.square(stride))
        .withPadding(Size.square(padding));
  }

  static MaxPool2dSpec maxPool(long kernel, long stride, long padding) {
    return new MaxPool2dSpec(window(kernel, stride, padding), Rounding.FLOOR);
  }

  static ActivationSpec relu() {
    return ActivationSpec.of(ActivationSpec.Function.RELU);
  }

  static LinearSpec linear(long in, long out) {
    return new LinearSpec(in, out, Bias.WITH);
  }

  /** d2l's LeNet on 28x28, section 7.6. */
  static SequentialSpec lenet() {
    ActivationSpec sigmoid = ActivationSpec.of(ActivationSpec.Function.SIGMOID);
    AvgPool2dSpec half = AvgPool2dSpec.of(Size.square(2));
    return SequentialSpec.of(
        conv(1, 6, 5, 1, 2),
        sigmoid,
        half,
        conv(6, 16, 5, 1, 0),
        sigmoid,
        half,
        FlattenSpec.ALL,
        linear(400, 120),
        sigmoid,
        linear(120, 84),
        sigmoid,
        linear(84, 10));
  }

  /** torchvision's ResNet-50 up to layer4, then its head. */
  static SequentialSpec resnet50() {
    List<Child> children = new ArrayList<>();
    children.add(new Child("conv1", unbiased(3, 64, 7, 2, 3)));
    children.add(new Child("bn1", BatchNorm2dSpec.of(64)));
    children.add(new Child("relu", relu()));
    children.add(new Child("maxpool", maxPool(3, 2, 1)));
    long in = 64;
    int[] blocks = {3, 4, 6, 3};
    for (int stage = 0; stage < 4; stage++) {
      long width = 64L << stage;
      List<LayerSpec> stageBlocks = new ArrayList<>();
      for (int block = 0; block < blocks[stage]; block++) {
        stageBlocks.add(bottleneck(in, width, block == 0 && stage > 0 ? 2 : 1));
        in = 4 * width;
      }
      LayerSpec layer = SequentialSpec.of(stageBlocks.toArray(LayerSpec[]::new));
      children.add(new Child("layer" + (stage + 1), layer));
    }
    children.add(new Child("avgpool", AdaptivePool2dSpec.globalAverage()));
    children.add(new Child("fc", linear(2048, 1000)));
    return new SequentialSpec(children);
  }

  static Conv2dSpec unbiased(long in, long out, long kernel, long stride, long padding) {
    return new Conv2dSpec(
        in, out, window(kernel, stride, padding), 1, Bias.WITHOUT, PaddingMode.ZEROS);
  }

  private static ModuleSpec bottleneck(long in, long width, long stride) {
    List<Child> main =
        List.of(
            new Child("conv1", unbiased(in, width, 1, 1, 0)),
            new Child("bn1", BatchNorm2dSpec.of(width)),
            new Child("relu", relu()),
            new Child("conv2", unbiased(width, width, 3, stride, 1)),
            new Child("bn2", BatchNorm2dSpec.of(width)),
            new Child("relu", relu()),
            new Child("conv3", unbiased(width, 4 * width, 1, 1, 0)),
            new Child("bn3", BatchNorm2dSpec.of(4 * width)));
    LayerSpec projection =
        SequentialSpec.of(unbiased(in, 4 * width, 1, stride, 0), BatchNorm2dSpec.of(4 * width));
    Child shortcut =
        in == 4 * width ? new Child("", new IdentitySpec()) : new Child("downsample", projection);
    LayerSpec forward =
        new SequentialSpec(
            List.of(
                new Child("", new ResidualSpec(new Child("", new SequentialSpec(main)), shortcut)),
                new Child("relu", relu())));
    return new ModuleSpec("Bottleneck", main, forward);
  }

  static Trace trace(LayerSpec net, long... input) {
    return Trace.of(net, new Shape(input), Convention.TORCHVISION);
  }

  static Row row(Trace trace, String path) {
    return trace.rows().stream().filter(row -> row.path().equals(path)).findFirst().orElseThrow();
  }
}

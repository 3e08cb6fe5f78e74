package io.github.convlens.notation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.ActivationSpec;
import io.github.convlens.layer.ActivationSpec.Function;
import io.github.convlens.layer.AdaptivePool2dSpec;
import io.github.convlens.layer.Bias;
import io.github.convlens.layer.Child;
import io.github.convlens.layer.ConcatSpec;
import io.github.convlens.layer.Conv2dSpec;
import io.github.convlens.layer.FlattenSpec;
import io.github.convlens.layer.IdentitySpec;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.LinearSpec;
import io.github.convlens.layer.ModuleSpec;
import io.github.convlens.layer.Padding;
import io.github.convlens.layer.ResidualSpec;
import io.github.convlens.layer.SequentialSpec;
import io.github.convlens.layer.Size;
import io.github.convlens.layer.Window2d;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Layers inside layers, in all the ways in which they are written. */
class CompositionsTest {
  private static final LayerSpec RELU = ActivationSpec.of(Function.RELU);
  private static final LayerSpec CONV =
      Conv2dSpec.of(3, 4, Window2d.of(new Size(5, 7)).withPadding(new Size(2, 3)));

  private static LayerSpec read(String text) {
    return PyTorch.parse(text).layer();
  }

  @Test
  void allWaysToWriteASequentialMeanTheSame() {
    SequentialSpec expected = SequentialSpec.of(CONV, RELU);
    String conv = "nn.Conv2d(3, 4, (5, 7), padding=(2, 3))";
    assertEquals(expected, read("nn.Sequential(" + conv + ", nn.ReLU())"));
    assertEquals(expected, read("torch.nn.Sequential(" + conv + ", torch.nn.ReLU(),)"));
    assertEquals(expected, read("nn.Sequential(*[" + conv + ", nn.ReLU()])"));
    assertEquals(expected, read(conv + "\nnn.ReLU()"));
    assertEquals(expected, read(conv + ",  # first\r\n\r\nnn.ReLU(),\r\n"));
    assertEquals(expected, read(conv + "; nn.ReLU()"));
    assertEquals(expected, read("Sequential(\n  (0): " + conv + "\n  (1): ReLU()\n)"));
    assertEquals(
        expected, read("nn.Sequential(OrderedDict([('0', " + conv + "), ('1', nn.ReLU())]))"));
    assertEquals(
        expected,
        read(
            "nn.Sequential(collections.OrderedDict(((\"0\", " + conv + "), ('1', nn.ReLU(),),)))"));
  }

  @Test
  void namesComeFromWhereTheyAreWritten() {
    SequentialSpec expected =
        new SequentialSpec(List.of(new Child("conv", CONV), new Child("act", RELU)));
    String conv = "nn.Conv2d(3, 4, (5, 7), padding=(2, 3))";
    assertEquals(expected, read("(conv): " + conv + "\n(act): ReLU()"));
    assertEquals(
        expected, read("nn.Sequential(OrderedDict([('conv', " + conv + "), ('act', nn.ReLU())]))"));
    Parsed assigned =
        PyTorch.parse("import torch.nn as nn\nself.conv = " + conv + "\nself.act = nn.ReLU()");
    assertEquals(expected, assigned.layer());
    assertEquals(
        List.of(
            "The layers run in the order of their assignments; what forward does besides (flatten,"
                + " add, functional activations) is not in this text."),
        assigned.notes());
    assertEquals(CONV, read("model = " + conv));
    assertEquals(CONV, read(">>> print(model)\n" + conv + "\n>>> "));
  }

  @Test
  void branchesAreWrittenAsCallsOrAsPrinted() {
    LayerSpec residual = ResidualSpec.of(RELU, new IdentitySpec());
    assertEquals(residual, read("Residual(nn.ReLU())"));
    assertEquals(residual, read("Residual(nn.ReLU(), nn.Identity())"));
    assertEquals(residual, read("Residual(main=nn.ReLU(), shortcut=nn.Identity())"));
    assertEquals(residual, read("Residual(\n  (main): ReLU()\n  (shortcut): Identity()\n)"));
    LayerSpec concat = ConcatSpec.of(RELU, CONV);
    assertEquals(concat, read("Concat(nn.ReLU(), nn.Conv2d(3, 4, (5, 7), padding=(2, 3)))"));
    assertEquals(concat, read(concat.toString()));
  }

  @Test
  void productsAndOurOwnPaddingsAreRead() {
    assertEquals(
        new LinearSpec(400, 6, Bias.WITHOUT), read("nn.Linear(16*5*5, 2 * (5 - 2), False)"));
    assertEquals(new LinearSpec(7, 3, Bias.WITH), read("nn.Linear(+15 // 2, --3)"));
    Padding sides = new Padding.Explicit(1, 2, 3, 4);
    Window2d window = Window2d.of(new Size(5, 7)).withStride(new Size(2, 3));
    assertEquals(
        Conv2dSpec.of(3, 4, window.withPadding(sides)),
        read("nn.Conv2d(3, 4, (5, 7), (2, 3), padding=((1, 2), (3, 4)))"));
    assertEquals(
        Conv2dSpec.of(3, 4, window.withPadding(Padding.Automatic.SAME_LOWER)),
        read("nn.Conv2d(3, 4, (5, 7), (2, 3), padding='same_lower')"));
  }

  @Test
  void anUnknownClassRunsItsChildrenInOrderAndSaysSoOnce() {
    String block = "Block(\n    (conv): Conv2d(3, 3, kernel_size=(1, 1), stride=(1, 1))\n  )";
    Parsed parsed = PyTorch.parse("Net(\n  (a): " + block + "\n  (b): " + block + "\n)");
    String after =
        ": its children are taken to run in the order in which they are printed. If its forward"
            + " adds or concatenates, write Residual(main, shortcut) or Concat(branch, branch)."
            + " Put in each pool that forward calls as a function or more than once.";
    assertEquals(
        List.of(
            "Block is not a class that is known" + after,
            "Net is not a class that is known" + after),
        parsed.notes());
    assertEquals(24, parsed.layer().parameters());
    assertEquals(parsed.layer(), read(parsed.layer().toString()));
  }

  @Test
  void repeatedChildrenAreSpelledOut() {
    LayerSpec linear = new LinearSpec(4, 4, Bias.WITH);
    List<Child> three =
        List.of(new Child("2", linear), new Child("3", linear), new Child("4", linear));
    Parsed parsed =
        PyTorch.parse(
            "ModuleList(\n  (2-4): 3 x Linear(in_features=4, out_features=4, bias=True)\n)");
    assertEquals(new ModuleSpec("ModuleList", three, new SequentialSpec(three)), parsed.layer());
    assertEquals(
        List.of(
            "ModuleList has no forward of its own: its children are taken to run in the order in"
                + " which they are printed. If its forward adds or concatenates, write"
                + " Residual(main, shortcut) or Concat(branch, branch)."
                + " Put in each pool that forward calls as a function or more than once."),
        parsed.notes());
  }

  @Test
  void aKnownClassWithOtherChildrenIsReadAsAnUnknownOne() {
    Parsed parsed = PyTorch.parse("BasicBlock(\n  (conv1): ReLU()\n)");
    assertEquals(
        List.of(
            "BasicBlock does not have the children that were expected: its children are taken to"
                + " run in the order in which they are printed. If its forward adds or"
                + " concatenates, write Residual(main, shortcut) or Concat(branch, branch)."
                + " Put in each pool that forward calls as a function or more than once."),
        parsed.notes());
  }

  @Test
  void impliedLayersSurviveTheirPrint() {
    LayerSpec net = SequentialSpec.of(AdaptivePool2dSpec.globalAverage(), read("nn.Linear(3, 2)"));
    LayerSpec resolved = net.resolve(new Shape(1, 3, 5, 7));
    List<Child> children = ((SequentialSpec) resolved).children();
    assertEquals(new Child("(flatten)", FlattenSpec.ALL, Child.Origin.IMPLIED), children.get(1));
    assertEquals(resolved, read(resolved.toString()));
  }

  @Test
  void batchNormalisationAcrossDevicesIsABatchNormalisation() {
    String arguments = "(6, eps=1e-03, momentum=0.2, affine=True, track_running_stats=True)";
    assertEquals(read("BatchNorm2d" + arguments), read("SyncBatchNorm" + arguments));
  }

  @Test
  void d2lsInceptionPutsReluBehindEveryConvolutionOfItsBranches() {
    String text =
        """
        Inception(
          (b1_1): Conv2d(3, 4, kernel_size=(1, 1), stride=(1, 1))
          (b2_1): Conv2d(3, 5, kernel_size=(1, 1), stride=(1, 1))
          (b2_2): Conv2d(5, 6, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1))
          (b3_1): Conv2d(3, 2, kernel_size=(1, 1), stride=(1, 1))
          (b3_2): Conv2d(2, 7, kernel_size=(5, 5), stride=(1, 1), padding=(2, 2))
          (b4_1): MaxPool2d(kernel_size=3, stride=1, padding=1, dilation=1, ceil_mode=False)
          (b4_2): Conv2d(3, 8, kernel_size=(1, 1), stride=(1, 1))
        )""";
    Parsed parsed = PyTorch.parse(text);
    assertEquals(List.of(), parsed.notes());
    // 4 + 6 + 7 + 8 channels
    assertEquals(new Shape(2, 25, 9, 11), parsed.layer().output(new Shape(2, 3, 9, 11)));
    assertEquals(
        new Shape(2, 25, 9, 11),
        read(text.replaceAll("b(?=\\d_)", "p")).output(new Shape(2, 3, 9, 11)));
    // each convolution's kernel, channels in times channels out, and bias
    assertEquals(16 + 20 + 276 + 8 + 357 + 32, parsed.layer().parameters());
    assertEquals(parsed.layer(), read(parsed.layer().toString()));
  }

  @Test
  void d2lsDenseBlockPutsEveryOutputBehindItsInput() {
    String norm = ", eps=1e-05, momentum=0.1, affine=True, track_running_stats=True)\n";
    String conv = ", kernel_size=(3, 3), stride=(1, 1), padding=(1, 1))\n";
    String text =
        "DenseBlock(\n  (net): Sequential(\n    (0): Sequential(\n      (0): BatchNorm2d(3"
            + norm
            + "      (1): ReLU()\n      (2): Conv2d(3, 4"
            + conv
            + "    )\n    (1): Sequential(\n      (0): BatchNorm2d(7"
            + norm
            + "      (1): ReLU()\n      (2): Conv2d(7, 4"
            + conv
            + "    )\n  )\n)";
    Parsed parsed = PyTorch.parse(text);
    assertEquals(List.of(), parsed.notes());
    assertEquals(new Shape(2, 11, 5, 6), parsed.layer().output(new Shape(2, 3, 5, 6)));
    // 2*3, 3*4*9 + 4, 2*7, 7*4*9 + 4
    assertEquals(6 + 112 + 14 + 256, parsed.layer().parameters());
    assertEquals(parsed.layer(), read(parsed.layer().toString()));
  }

  @Test
  void mnasnetsBlockAddsItsInputWhereItCan() {
    String text =
        "_InvertedResidual(\n  (layers): Sequential(\n"
            + "    (0): Conv2d(3, 6, kernel_size=(1, 1), stride=(1, 1), bias=False)\n"
            + "    (1): Conv2d(6, 3, kernel_size=(1, 1), stride=(1, 1), bias=False)\n  )\n)";
    ModuleSpec block = (ModuleSpec) read(text);
    assertEquals("ResidualSpec", block.forward().getClass().getSimpleName());
    ModuleSpec strided = (ModuleSpec) read(text.replaceFirst("stride=\\(1, 1\\)", "stride=(2, 1)"));
    assertEquals("SequentialSpec", strided.forward().getClass().getSimpleName());
  }

  @Test
  void d2lsResidualAddsItsInput() {
    String text =
        """
        Residual(
          (conv1): Conv2d(3, 6, kernel_size=(3, 3), stride=(2, 2), padding=(1, 1))
          (conv2): Conv2d(6, 6, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1))
          (conv3): Conv2d(3, 6, kernel_size=(1, 1), stride=(2, 2))
          (bn1): BatchNorm2d(6, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True)
          (bn2): BatchNorm2d(6, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True)
        )""";
    Parsed parsed = PyTorch.parse(text);
    assertEquals(List.of(), parsed.notes());
    assertEquals(new Shape(4, 6, 3, 4), parsed.layer().output(new Shape(4, 3, 6, 7)));
    // 3*6*9 + 6, 6*6*9 + 6, 3*6 + 6, twice 12
    assertEquals(168 + 330 + 24 + 24, parsed.layer().parameters());
    assertEquals(parsed.layer(), read(parsed.layer().toString()));
  }

  @Test
  void googLeNetsInceptionConcatenatesAndItsConvolutionsHaveAReLU() {
    String conv =
        "BasicConv2d(\n(conv): Conv2d(%d, %d, kernel_size=(%d, %d), padding=(%d, %d), bias=False)\n(bn): BatchNorm2d(%d)\n)";
    String text =
        "Inception(\n(branch1): "
            + conv.formatted(5, 2, 1, 1, 0, 0, 2)
            + "\n(branch2): Sequential(\n(0): "
            + conv.formatted(5, 3, 1, 1, 0, 0, 3)
            + "\n(1): "
            + conv.formatted(3, 4, 3, 3, 1, 1, 4)
            + "\n)\n(branch3): Sequential(\n(0): "
            + conv.formatted(5, 6, 3, 3, 1, 1, 6)
            + "\n)\n(branch4): Sequential(\n(0): MaxPool2d(kernel_size=3, stride=1, padding=1, dilation=1, ceil_mode=True)\n(1): "
            + conv.formatted(5, 7, 1, 1, 0, 0, 7)
            + "\n)\n)";
    Parsed parsed = PyTorch.parse(text);
    assertEquals(List.of(), parsed.notes());
    assertEquals(new Shape(1, 2 + 4 + 6 + 7, 8, 9), parsed.layer().output(new Shape(1, 5, 8, 9)));
    ModuleSpec first = (ModuleSpec) ((ModuleSpec) parsed.layer()).children().get(0).layer();
    assertEquals(
        new Child("(relu)", RELU, Child.Origin.IMPLIED),
        ((SequentialSpec) first.forward()).children().get(2));
    assertEquals(parsed.layer(), read(parsed.layer().toString()));
  }

  @Test
  void denseBlocksGrow() {
    String layer =
        "(denselayer%d): _DenseLayer(\n(norm1): BatchNorm2d(%d)\n(relu1): ReLU(inplace=True)\n"
            + "(conv1): Conv2d(%d, 8, kernel_size=(1, 1), stride=(1, 1), bias=False)\n"
            + "(norm2): BatchNorm2d(8)\n(relu2): ReLU(inplace=True)\n"
            + "(conv2): Conv2d(8, 3, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1), bias=False)\n)\n";
    String block = "_DenseBlock(\n" + layer.formatted(1, 5, 5) + layer.formatted(2, 8, 8) + ")";
    String transition =
        "_Transition(\n(norm): BatchNorm2d(11)\n(relu): ReLU(inplace=True)\n(conv): Conv2d(11, 5,"
            + " kernel_size=(1, 1), stride=(1, 1), bias=False)\n(pool): AvgPool2d(kernel_size=2,"
            + " stride=2, padding=0)\n)";
    Parsed parsed = PyTorch.parse("Sequential(\n(0): " + block + "\n(1): " + transition + "\n)");
    assertEquals(List.of(), parsed.notes());
    assertEquals(new Shape(1, 11, 6, 9), read(block).output(new Shape(1, 5, 6, 9)));
    assertEquals(new Shape(1, 5, 3, 4), parsed.layer().output(new Shape(1, 5, 6, 9)));
    assertEquals(parsed.layer(), read(parsed.layer().toString()));
  }

  @Test
  void trainingsBranchesOfGoogLeNetAreLeftOut() {
    StringBuilder text = new StringBuilder("GoogLeNet(\n");
    String names =
        "conv1 maxpool1 conv2 conv3 maxpool2 inception3a inception3b maxpool3 inception4a"
            + " inception4b inception4c inception4d inception4e maxpool4 inception5a inception5b";
    for (String name : names.split(" ")) {
      text.append("(").append(name).append("): ReLU()\n");
    }
    text.append(
            "(aux1): InceptionAux(\n(conv): ReLU()\n(fc1): Linear(in_features=5, out_features=2)\n")
        .append("(fc2): Linear(in_features=2, out_features=2)\n(dropout): Dropout(p=0.7)\n)\n")
        .append("(aux2): None\n(avgpool): AdaptiveAvgPool2d(output_size=(1, 1))\n")
        .append(
            "(dropout): Dropout(p=0.2)\n(fc): Linear(in_features=3, out_features=2, bias=True)\n)");
    Parsed parsed = PyTorch.parse(text.toString());
    assertEquals(
        List.of(
            "GoogLeNet's InceptionAux branches run in training only: they are left out, and so are"
                + " their parameters."),
        parsed.notes());
    Shape input = new Shape(1, 3, 5, 7);
    assertEquals(8, parsed.layer().resolve(input).parameters());
    assertEquals(new Shape(1, 2), parsed.layer().resolve(input).output(input));
  }
}

package io.github.convlens.notation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.graph.Graph;
import io.github.convlens.graph.Shapes;
import io.github.convlens.layer.ActivationSpec;
import io.github.convlens.layer.ShapeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a user reads after a mistake, word for word. */
class MessagesTest {
  private static final String CONV =
      "Conv2d(in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1,"
          + " bias=True, padding_mode='zeros')";

  private static NotationException refused(String text) {
    return assertThrows(NotationException.class, () -> PyTorch.parse(text));
  }

  private static void check(String text, String... lines) {
    assertEquals(String.join("\n", lines), refused(text).getMessage());
  }

  @Test
  void aParenthesisIsMissing() {
    check(
        "nn.Conv2d(1, 1, 3",
        "line 1, column 10: the parenthesis of Conv2d is never closed.",
        "  nn.Conv2d(1, 1, 3",
        "           ^",
        "Put a ) behind its last argument.");
  }

  @Test
  void aParenthesisIsTooMany() {
    check(
        "nn.Conv2d(1, 1, 3))",
        "line 1, column 19: this ) closes nothing.",
        "  nn.Conv2d(1, 1, 3))",
        "                    ^",
        "Leave it out.");
  }

  @Test
  void theLayerIsUnknown() {
    check(
        "nn.Conv2(1, 1, 3)",
        "line 1, column 4: there is no layer called Conv2.",
        "  nn.Conv2(1, 1, 3)",
        "     ^",
        "Did you mean Conv2d?");
  }

  @Test
  void theLayerIsInLowerCase() {
    check(
        "nn.conv2d(1, 1, 3)",
        "line 1, column 4: there is no layer called conv2d.",
        "  nn.conv2d(1, 1, 3)",
        "     ^",
        "Did you mean Conv2d?");
  }

  @Test
  void theLayerIsLikeNothing() {
    check(
        "nn.Quaternion(1)",
        "line 1, column 4: there is no layer called Quaternion.",
        "  nn.Quaternion(1)",
        "     ^",
        "Replace it by the layers that it runs, or by Identity() if it keeps the shape and learns"
            + " nothing.");
  }

  @ParameterizedTest
  @CsvSource({
    "Relu, Did you mean ReLU?",
    "HardSwish, Did you mean Hardswish?",
    "batch_norm2d, Did you mean BatchNorm2d?",
    "Conv2D, Did you mean Conv2d?",
    "Flaten, Did you mean Flatten?",
    "Linaer, Did you mean Linear?",
    "Linesr, Did you mean Linear?",
    "Tahn, Did you mean Tanh?",
    "Maxpol2d, Did you mean MaxPool2d?",
    "ConvTransposed2d, Did you mean ConvTranspose2d?",
    "Threshhold, Did you mean Threshold?",
    "Swish, Swish is called SiLU in PyTorch.",
    "HSwish, HSwish is called Hardswish in PyTorch.",
    "h_sigmoid, h_sigmoid is called Hardsigmoid in PyTorch.",
    "MaxPooling2D, MaxPooling2D is called MaxPool2d in PyTorch."
  })
  void aLayerIsSuggestedWhereNoOtherCanBeMeant(String type, String remedy) {
    assertEquals(remedy, remedy(type));
  }

  /** Another number of axes, a word or a capital more, another first letter: another layer. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "BatchNorm",
        "Conv",
        "Conv4d",
        "MaxPool",
        "MixPool2d",
        "MinPool2d",
        "Softmax1d",
        "Upsample2d",
        "CReLU",
        "FReLU",
        "LinearX",
        "MyLinear",
        "ReLU5",
        "Scale",
        "Mesh",
        "ECA",
        "GRN"
      })
  void noLayerIsSuggestedWhereAnotherMayBeMeant(String type) {
    assertEquals(
        "Replace it by the layers that it runs, or by Identity() if it keeps the shape and learns"
            + " nothing.",
        remedy(type));
  }

  private static String remedy(String type) {
    String message = refused("nn." + type + "(4)").getMessage();
    return message.substring(message.lastIndexOf('\n') + 1);
  }

  @Test
  void aLossIsNoLayer() {
    check(
        "nn.CrossEntropyLoss()",
        "line 1, column 4: CrossEntropyLoss is a loss of PyTorch, no layer.",
        "  nn.CrossEntropyLoss()",
        "     ^",
        "Leave it out: it stands behind the network.");
  }

  @Test
  void aKeywordIsMisspelt() {
    check(
        "nn.Conv2d(1, 1, kernal_size=3)",
        "line 1, column 17: Conv2d has no argument called kernal_size.",
        "  nn.Conv2d(1, 1, kernal_size=3)",
        "                  ^",
        "Did you mean kernel_size? Write " + CONV + ".");
  }

  @Test
  void aTextStandsForANumber() {
    check(
        "nn.Conv2d(1, 1, kernel_size='3')",
        "line 1, column 29: kernel_size takes a whole number or a tuple of two, not the text '3'.",
        "  nn.Conv2d(1, 1, kernel_size='3')",
        "                              ^",
        "Write kernel_size=3 or kernel_size=(3, 5).");
  }

  @Test
  void aVariableStandsForANumber() {
    check(
        "nn.Conv2d(in_ch, 64, 3)",
        "line 1, column 11: in_channels takes a whole number, not the name in_ch.",
        "  nn.Conv2d(in_ch, 64, 3)",
        "            ^",
        "Write in_channels=3.");
  }

  @Test
  void anArgumentStandsBehindAKeyword() {
    check(
        "nn.Conv2d(1, kernel_size=3, 4)",
        "line 1, column 29: an argument without a name stands behind one with a name.",
        "  nn.Conv2d(1, kernel_size=3, 4)",
        "                              ^",
        "Put it in front, or name it: " + CONV + ".");
  }

  @Test
  void anArgumentIsMissing() {
    check(
        "nn.Conv2d(1, 1)",
        "line 1, column 1: Conv2d needs kernel_size.",
        "  nn.Conv2d(1, 1)",
        "  ^",
        "Write " + CONV + ".");
  }

  @Test
  void anArgumentIsGivenTwice() {
    check(
        "nn.Conv2d(1, 1, 3, kernel_size=3)",
        "line 1, column 20: Conv2d gets kernel_size twice.",
        "  nn.Conv2d(1, 1, 3, kernel_size=3)",
        "                     ^",
        "Leave one of them out: " + CONV + ".");
  }

  @Test
  void thereAreTooManyArguments() {
    check(
        "nn.ReLU(True, 2)",
        "line 1, column 15: ReLU takes at most 1 argument.",
        "  nn.ReLU(True, 2)",
        "                ^",
        "Write ReLU(inplace=False).");
  }

  @Test
  void theGroupsDoNotDivide() {
    check(
        "nn.Conv2d(4, 6, 3, groups=4)",
        "line 1, column 1: groups must divide both channel counts.",
        "Here in_channels is 4, out_channels is 6 and groups is 4.",
        "Use one of groups=1, 2.",
        "  nn.Conv2d(4, 6, 3, groups=4)",
        "  ^");
  }

  @Test
  void thePaddingIsAnUnknownWord() {
    check(
        "nn.Conv2d(1, 1, 3, padding='sane')",
        "line 1, column 28: padding cannot be 'sane'.",
        "  nn.Conv2d(1, 1, 3, padding='sane')",
        "                             ^",
        "Use a number, a tuple of two, 'valid', 'same', 'same_upper' or 'same_lower'.");
  }

  @Test
  void samePaddingHasAStride() {
    check(
        "x = nn.Conv2d(1, 1, 3, padding='same', stride=2)",
        "line 1, column 5: padding='same' needs stride 1.",
        "The stride here is 2; PyTorch rejects it too.",
        "Use stride=1, a padding in numbers, or padding='same_upper' (ONNX, TensorFlow).",
        "  x = nn.Conv2d(1, 1, 3, padding='same', stride=2)",
        "      ^");
  }

  @Test
  void aNumberStandsForASwitch() {
    check(
        "nn.Conv2d(1, 1, 3, bias=0)",
        "line 1, column 25: bias takes True or False, not the number 0.",
        "  nn.Conv2d(1, 1, 3, bias=0)",
        "                          ^",
        "Write bias=True.");
  }

  @Test
  void aNumberIsHuge() {
    check(
        "nn.Conv2d(1, 1, 99999999999999999999)",
        "line 1, column 17: this number passes 2^63 - 1 = 9223372036854775807.",
        "  nn.Conv2d(1, 1, 99999999999999999999)",
        "                  ^",
        "Use a smaller number.");
  }

  @Test
  void aNumberStandsForALayer() {
    check(
        "nn.Sequential(nn.ReLU(), 3)",
        "line 1, column 26: Sequential takes layers, not 3.",
        "  nn.Sequential(nn.ReLU(), 3)",
        "                           ^",
        "Write Sequential(nn.Conv2d(1, 4, 3), nn.ReLU()).");
  }

  @Test
  void aCommaIsMissing() {
    check(
        "nn.Sequential(\n  nn.Conv2d(1, 6, 5)\n  nn.ReLU()\n)",
        "line 3, column 3: a comma or ) is missing in front of nn.ReLU.",
        "  nn.ReLU()",
        "  ^",
        "Separate the arguments of Sequential by commas and close it with ).");
  }

  @Test
  void theParenthesesAreLeftOut() {
    check(
        "nn.ReLU",
        "line 1, column 1: ReLU needs a parenthesis behind it, not the end of the text.",
        "  nn.ReLU",
        "  ^",
        "Write ReLU(inplace=False).");
  }

  @Test
  void theChannelsAreZero() {
    check(
        "nn.Conv2d(0, 4, 3)",
        "line 1, column 11: in_channels must be at least 1, not 0.",
        "  nn.Conv2d(0, 4, 3)",
        "            ^",
        "Use LazyConv2d to take it from the input.");
  }

  @Test
  void theTupleIsTooLong() {
    check(
        "nn.Conv2d(1, 1, (3, 3, 3))",
        "line 1, column 17: kernel_size takes a whole number or a tuple of two, not a tuple of 3.",
        "  nn.Conv2d(1, 1, (3, 3, 3))",
        "                  ^",
        "Write kernel_size=3 or kernel_size=(3, 5).");
  }

  @Test
  void itIsAProgram() {
    check(
        "class Net(nn.Module):\n    pass",
        "line 1, column 1: Python code cannot be read, only layers.",
        "  class Net(nn.Module):",
        "  ^",
        "Paste what print(model) shows, or its layers one a line.");
  }

  @Test
  void twoLayersStandOnALine() {
    check(
        "nn.Conv2d(1, 1, 3) nn.ReLU()",
        "line 1, column 20: a comma or a new line is missing in front of nn.ReLU.",
        "  nn.Conv2d(1, 1, 3) nn.ReLU()",
        "                     ^",
        "Write one layer a line, or nn.Sequential(layer, layer).");
  }

  @Test
  void aPrintedLeafIsUnknown() {
    check(
        "Net(\n"
            + "  (a): Conv2d(1, 2, kernel_size=(3, 3), stride=(1, 1))\n"
            + "  (b): MyLayer(3, act=relu)\n"
            + ")",
        "line 3, column 8: there is no layer called MyLayer.",
        "  (b): MyLayer(3, act=relu)",
        "       ^",
        "Replace it by the layers that it runs, or by Identity() if it keeps the shape and learns"
            + " nothing.");
  }

  @Test
  void nothingTellsTheSize() {
    check(
        "nn.Upsample(mode='bilinear')",
        "line 1, column 1: an upsampling layer takes either size or scale_factor.",
        "  nn.Upsample(mode='bilinear')",
        "  ^",
        "Write scale_factor=2 or size=(16, 24).");
  }

  @Test
  void theAxisIsAFraction() {
    check(
        "nn.Softmax(dim=1.5)",
        "line 1, column 16: dim takes a whole number, not the number 1.5.",
        "  nn.Softmax(dim=1.5)",
        "                 ^",
        "Write dim=3.");
  }

  @Test
  void theXIsMissing() {
    check(
        "Net(\n  (0-2): 3 y ReLU()\n)",
        "line 2, column 12: an x is missing in front of y.",
        "  (0-2): 3 y ReLU()",
        "           ^",
        "Write 3 x Block(...).");
  }

  @Test
  void aStringDoesNotEnd() {
    check(
        "nn.Conv2d(1, 1, 'abc",
        "line 1, column 17: this string does not end on its line.",
        "  nn.Conv2d(1, 1, 'abc",
        "                  ^",
        "Close it with '.");
  }

  @Test
  void theLayersAreInAVariable() {
    check(
        "nn.Sequential(*layers)",
        "line 1, column 16: layers is a name, and what it stands for is not in this text.",
        "  nn.Sequential(*layers)",
        "                 ^",
        "Write the layers themselves, or paste what print(model) shows.");
  }

  @Test
  void aConcatIsEmpty() {
    check(
        "Concat()",
        "line 1, column 1: this Concat shows no branches: in a print it is somebody's class, and"
            + " which arrays it joins is not in the print.",
        "  Concat()",
        "  ^",
        "Write Concat(branch, branch), or ask for the layers in front of it and behind it alone.");
  }

  @Test
  void aBranchIsMissing() {
    check(
        "Residual()",
        "line 1, column 1: Residual needs the branch that computes.",
        "  Residual()",
        "  ^",
        "Write Residual(main, shortcut), or Residual(main) to add the input itself.");
  }

  @Test
  void aLayerOfPyTorchIsNotKnown() {
    check(
        "nn.Sequential(\n  nn.Conv2d(1, 2, 3),\n  nn.MaxUnpool2d(2)\n)",
        "line 3, column 6: MaxUnpool2d is a layer of PyTorch that cannot be read here: it needs the"
            + " indices of a pool as a second input.",
        "  nn.MaxUnpool2d(2)",
        "     ^",
        "Ask for the layers in front of it and for those behind it alone.");
  }

  @Test
  void aPoolTakesNoWords() {
    check(
        "nn.MaxPool2d(3, stride=1, padding='same')",
        "line 1, column 35: a pool's padding cannot be 'same'; PyTorch takes words for convolutions"
            + " only.",
        "  nn.MaxPool2d(3, stride=1, padding='same')",
        "                                    ^",
        "Use a number, or padding='same_upper' (ONNX, TensorFlow).");
  }

  @Test
  void aTransposedConvolutionPadsWithZerosOnly() {
    check(
        "nn.ConvTranspose1d(1, 1, 3, padding_mode='reflect')",
        "line 1, column 42: padding_mode cannot be 'reflect'.",
        "  nn.ConvTranspose1d(1, 1, 3, padding_mode='reflect')",
        "                                           ^",
        "Use one of 'zeros'.");
  }

  @Test
  void aRecurrentLayerInASequentialGivesATuple() {
    check(
        "nn.Sequential(\n  nn.LSTM(3, 4),\n  nn.Linear(4, 2)\n)",
        "line 2, column 3: LSTM gives a tuple, which the next layer of a Sequential cannot take.",
        "  nn.LSTM(3, 4),",
        "  ^",
        "Take its output alone in a class of your own, and say what its forward does: --recipes FILE.");
  }

  /** What an argument asks for is done, or refused: never read and left. */
  @Test
  void argumentsAreHonoured() {
    for (String text :
        new String[] {
          "BatchNorm2d(6, track_running_stats=False)",
          "BatchNorm2d(6, momentum=None)",
          "InstanceNorm2d(6, track_running_stats=True)",
          "InstanceNorm2d(6, momentum=None, affine=True)",
          "Upsample(scale_factor=2.5, mode='bilinear', recompute_scale_factor=True)",
          "LSTM(3, 4, dropout=0.5)",
          "AvgPool2d(kernel_size=3, divisor_override=2)",
        }) {
      assertEquals(text, PyTorch.parse(text).toString());
    }
    Graph softmax = PyTorch.parse("nn.Softmax()");
    ActivationSpec function = (ActivationSpec) softmax.layer();
    assertEquals(0, function.axis(new Shape(3, 4, 5))); // PyTorch's rule: 0 for 1 and 3 axes
    assertEquals(1, function.axis(new Shape(2, 3, 4, 5)));
    assertEquals("Softmax()", softmax.toString());
  }

  /** {@code Flatten(0)} joins the batch axis, too: 3x4x5 is one array, not a picture in a batch. */
  @Test
  void aFlattenFromTheFirstAxisTakesTheInputAsItIs() {
    for (String[] row :
        new String[][] {
          {"nn.Flatten(0)", "3x4x5", "[60]"},
          {"nn.Flatten(0)", "2x3x4x5", "[120]"},
          {"nn.Flatten(0, 1)", "3x4x5", "[12, 5]"},
          {"nn.Flatten()", "3x4x5", "[60]"},
          {"nn.Flatten()", "2x3x4x5", "[2, 60]"},
          {"nn.Conv2d(3, 4, 3)", "8x9", "[6, 7]"},
          {"nn.Conv2d(3, 4, 3)", "3x8x9", "[4, 6, 7]"},
          {"nn.Conv1d(3, 4, 3)", "8", "[6]"},
          {"nn.Conv1d(3, 4, 3)", "3x8", "[4, 6]"},
          {"nn.Conv3d(3, 4, 3)", "8x9x7", "[6, 7, 5]"},
          {"nn.Conv3d(3, 4, 3)", "2x3x8x9x7", "[2, 4, 6, 7, 5]"},
        }) {
      Graph net = PyTorch.parse(row[0]);
      InputSize size = InputSize.parse(row[1]);
      Shape output = Shapes.infer(net, size.shapeFor(net)).output();
      assertEquals(row[2], size.answer(net, output), row[0] + " on " + row[1]);
    }
  }

  @Test
  void attentionWithMoreKeysIsRefused() {
    check(
        "nn.MultiheadAttention(8, 2, add_bias_kv=True)",
        "line 1, column 41: add_bias_kv=True is not known here.",
        "  nn.MultiheadAttention(8, 2, add_bias_kv=True)",
        "                                          ^",
        "Leave it out, or export the program.");
  }

  @Test
  void aPairHasNoComma() {
    check(
        "nn.Sequential(OrderedDict([('a' nn.ReLU())]))",
        "line 1, column 33: OrderedDict takes pairs of a name and a layer; they break off at"
            + " nn.ReLU.",
        "  nn.Sequential(OrderedDict([('a' nn.ReLU())]))",
        "                                  ^",
        "Write OrderedDict([('conv', nn.Conv2d(1, 4, 3)), ('relu', nn.ReLU())]).");
  }

  @Test
  void thereAreTwoOutputs() {
    check(
        "nn.MaxPool2d(2, return_indices=True)",
        "line 1, column 32: return_indices=True makes a second output, and only MaxUnpool can use"
            + " it, which is not known here.",
        "  nn.MaxPool2d(2, return_indices=True)",
        "                                 ^",
        "Leave it out.");
  }

  @Test
  void aProductIsNotWhole() {
    check(
        "nn.Linear(16 * 5 * 5.0, 3)",
        "line 1, column 18: only whole numbers can be computed with.",
        "  nn.Linear(16 * 5 * 5.0, 3)",
        "                   ^",
        "Write the result instead.");
  }

  @Test
  void itIsNoText() {
    check(
        "\u0000\u0001$",
        "line 1, column 1: a layer is missing in front of ?.",
        "  ??$",
        "  ^",
        "Write one, such as nn.ReLU().");
  }

  @Test
  void itIsEmpty() {
    check(
        "  # nothing\n",
        "line 1, column 1: there is no layer here.",
        "    # nothing",
        "  ^",
        "Write one, such as nn.Conv2d(1, 1, kernel_size=3).");
  }

  @Test
  void aLeafHasChildren() {
    check(
        "Linear(\n  (lora): Linear(in_features=2, out_features=3, bias=True)\n)",
        "line 2, column 3: Linear has no layers inside it.",
        "  (lora): Linear(in_features=2, out_features=3, bias=True)",
        "  ^",
        "Write Linear(in_features, out_features, bias=True).");
  }

  @Test
  void aResidualsBranchesAreSwapped() {
    check(
        "Residual(shortcut=nn.ReLU(), main=nn.ReLU())",
        "line 1, column 10: Residual has no argument called shortcut here.",
        "  Residual(shortcut=nn.ReLU(), main=nn.ReLU())",
        "           ^",
        "Write Residual(main, shortcut).");
  }

  @Test
  void aProductOverflows() {
    check(
        "nn.Linear(4294967296 * 4294967296, 3)",
        "line 1, column 22: this number passes 2^63 - 1 = 9223372036854775807.",
        "  nn.Linear(4294967296 * 4294967296, 3)",
        "                       ^",
        "Use a smaller number.");
  }

  @Test
  void itDividesByZero() {
    check(
        "nn.Linear(3 // 0, 3)",
        "line 1, column 13: this divides by zero.",
        "  nn.Linear(3 // 0, 3)",
        "              ^",
        "Divide by another number.");
  }

  @Test
  void theExceptionTellsThePlaceAndTheReason() {
    NotationException e =
        refused("nn.Sequential(\n    nn.ReLU(),\n    nn.Conv2d(4, 6, 3, groups=4))");
    assertEquals(3, e.line());
    assertEquals(5, e.column());
    ShapeException reason = (ShapeException) e.getCause();
    assertTrue(e.getMessage().contains(reason.getMessage()), e.getMessage());
  }

  @Test
  void aLongLineIsShownAroundTheMistake() {
    String text =
        "nn.Sequential("
            + "nn.ReLU(), ".repeat(30)
            + "nn.Relo(), "
            + "nn.ReLU(), ".repeat(30)
            + ")";
    check(
        text,
        "line 1, column 348: there is no layer called Relo.",
        "  , nn.ReLU(), nn.ReLU(), nn.ReLU(), nn.ReLU(), nn.ReLU(), nn.Relo(), nn.ReLU(),"
            + " nn.ReLU(), nn.ReLU(), nn.ReLU(), nn.ReLU(",
        "                                                              ^",
        "Did you mean ReLU?");
  }

  @Test
  void aTextThatIsTooLongIsRefusedUnread() {
    assertEquals(
        """
        line 1, column 1: the text has 16777217 characters, more than the 16777216 that are read.
        Paste the model alone, without its weights.\
        """,
        refused("x".repeat(PyTorch.LONGEST + 1)).getMessage());
  }
}

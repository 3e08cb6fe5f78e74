package io.github.convlens.notation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a program or a session writes beside a print, and calls of Python without a print. */
class BesidePrintTest {
  private static final String PRINT =
      "Sequential(\n"
          + "  (0): Linear(in_features=4, out_features=2, bias=True)\n"
          + "  (1): ReLU()\n"
          + ")\n";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "torch.Size([1, 10])",
        "Using device: cuda",
        "Using cuda device",
        "device: cuda:0",
        "cuda",
        "device(type='cuda', index=0)",
        "True",
        "11689512",
        "tensor([[0.1, 0.2]], grad_fn=<AddmmBackward0>)",
        "tensor([[0.1000, 0.2000],\n        [0.3000, 0.4000]])",
        "  0%|          | 0/10 [00:00<?, ?it/s]",
        "100%|\u2588\u2588\u2588\u2588| 170M/170M [00:03<00:00, 46.1MB/s]",
        "Downloading: \"https://download.pytorch.org/models/resnet18.pth\" to /home/me/.cache",
        "Files already downloaded and verified",
        "/a/_utils.py:208: UserWarning: The parameter 'pretrained' is deprecated.\n"
            + "  warnings.warn(",
        "UserWarning: it's deprecated",
        ">>> net(x).shape\ntorch.Size([1, 10])",
        ">>> print(net(x).shape, device)\ntorch.Size([1, 10])\n",
      })
  void otherOutputIsTakenOff(String other) {
    String read = PyTorch.parse(PRINT).toString();
    for (String text :
        new String[] {
          other + "\n" + PRINT, PRINT + other, other + "\n" + PRINT + other + "\n" + other
        }) {
      assertEquals(read, PyTorch.parse(text).toString(), text);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ">>> conv\nConv2d(1, 1, kernel_size=(3, 5))\n>>> conv(x).shape\ntorch.Size([1, 1, 6, 4])\n",
        "Using device: cpu\nConv2d(1, 1, kernel_size=(3, 5))",
        "Conv2d(1, 1, kernel_size=(3, 5)) # see https://pytorch.org, 50%| Warning: slow",
        "conv = nn.Conv2d(1, 1, (3, 5))\nprint(conv(x).shape)\ntorch.Size([1, 1, 6, 4])"
      })
  void aLayerAloneHasOtherOutputBesideItToo(String text) {
    assertEquals("Conv2d(1, 1, kernel_size=(3, 5))", PyTorch.parse(text).toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Here is my model, it fails with an error",
        "Epoch 1/10, loss: 0.5",
        "Model saved to a.pth (3 MB)",
        "Traceback (most recent call last):",
        "11,689,512",
        "<torch.utils.data.DataLoader object at 0x7f>"
      })
  void otherLinesAreQuoted(String other) {
    String message = ": this line is no part of the print.\n  " + other + "\n  ^\n";
    String remedy = "Delete it, and give the print alone.";
    assertRefused(other + "\n" + PRINT, "line 1, column 1" + message + remedy);
    assertRefused(PRINT + other, "line 5, column 1" + message + remedy);
  }

  @Test
  void whatStandsInFrontOfAPrintOnItsLineIsNamed() {
    for (String front : new String[] {"model ", "<bound method Module.parameters of "}) {
      assertRefused(
          front + PRINT,
          "line 1, column 1: what stands in front of Sequential( is no part of the print.\n  "
              + front
              + "Sequential(\n  ^\n"
              + "Delete it, and give the print alone, from Sequential( to its ).");
    }
    assertRefused(
        ">>> net = nn.Sequential(nn.Linear(4, 2))\n>>> net(x).shape\ntorch.Size([1, 2])",
        "line 2, column 5: this calls net, and ConvLens runs no Python.\n"
            + "  >>> net(x).shape\n"
            + "      ^\n"
            + "Leave this line out: the layers alone are asked for.");
  }

  @Test
  void aLayerBesideAPrintIsRead() {
    assertEquals(
        "there is no layer called Foo.",
        refusal(PRINT + "Foo(3)").lines().findFirst().orElseThrow().substring(18));
    assertEquals(3, PyTorch.parse(PRINT + "nn.Softmax(-1)").nodes().size());
  }

  @Test
  void callsOfPythonAreNotRun() {
    String rule = " is a function of Python, which ConvLens does not run: it reads layers.\n";
    String print =
        "Paste what print(model) shows of the network, or give its export, --net model.pt2.";
    String preset = "the known network of that name, or paste what print(model) shows.";
    assertRefused(
        "torchvision.models.resnet18()",
        "line 1, column 20: resnet18"
            + rule
            + "  torchvision.models.resnet18()\n"
            + "                     ^\n"
            + "Give --net resnet18, "
            + preset);
    assertRefused(
        "model = models.vgg16(num_classes=10).cuda()\nprint(model)",
        "line 1, column 16: vgg16"
            + rule
            + "  model = models.vgg16(num_classes=10).cuda()\n"
            + "                 ^\n"
            + "Give --net vgg16, "
            + preset);
    assertRefused(
        "timm.create_model('resnet18')",
        "line 1, column 6: create_model"
            + rule
            + "  timm.create_model('resnet18')\n"
            + "       ^\n"
            + print);
    assertRefused(
        "backbone = resnet50()\nhead = nn.Linear(3, 4)",
        "line 1, column 12: resnet50"
            + rule
            + "  backbone = resnet50()\n"
            + "             ^\n"
            + "Give --net resnet50, "
            + preset);
    assertRefused(
        PRINT + "x = foo(3)", "line 5, column 5: foo" + rule + "  x = foo(3)\n      ^\n" + print);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "print(model.eval())",
        "print(model.to(device))",
        "print(model[0])",
        "model.eval()"
      })
  void aVariableIsNotInTheText(String text) {
    int column = text.indexOf("model");
    assertRefused(
        text,
        "line 1, column "
            + (column + 1)
            + ": model is a name, and what it stands for is not in this text.\n  "
            + text
            + "\n  "
            + " ".repeat(column)
            + "^\nWrite the layers themselves, or paste what print(model) shows.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "model = torchvision.models.resnet18()\nprint(model.eval())\n",
        "import torch\nx = torch.randn(1, 4)\nmodel = Net(3)\nprint(model)\n",
        "model = Net().to(device)\nmodel.eval()\nprint(model)\n",
        "summary(model)\n"
      })
  void aPrintBehindCallsIsRead(String calls) {
    assertEquals(PyTorch.parse(PRINT).toString(), PyTorch.parse(calls + PRINT).toString());
  }

  @Test
  void keysSayHowManyLayersThereAre() {
    assertRefused(
        "Sequential(\n  (0-2): 2 x ReLU()\n)",
        "line 2, column 10: 0-2 are the keys of 3 layers, and here are 2.\n"
            + "  (0-2): 2 x ReLU()\n"
            + "         ^\n"
            + "Write (0-1): 2 x, or (0-2): 3 x.");
    assertRefused(
        "Sequential(\n  (5-3): 2 x ReLU()\n)",
        "line 2, column 10: 5-3 are the keys of 0 layers, and here are 2.\n"
            + "  (5-3): 2 x ReLU()\n"
            + "         ^\n"
            + "Write (5-6): 2 x.");
  }

  private static String refusal(String text) {
    return assertThrows(NotationException.class, () -> PyTorch.parse(text), text).getMessage();
  }

  private static void assertRefused(String text, String message) {
    assertEquals(message, refusal(text), text);
  }
}

"""Makes oracles/whole_networks.tsv: what PyTorch's networks answer to numbers that a rule makes.

Run in the project's folder with torch 2.13 and torchvision 0.28:
    python src/test/python/whole_networks.py

Also writes the prints of those networks whose print is not there yet. The numbers are those of
named_numbers.py, the input's name is "input". Everything is float64, in eval mode.
"""

import copy
import pathlib

import torch
from named_numbers import fill, numbers
from torch import nn
from torchvision import models

ORACLES = pathlib.Path("src/test/resources/io/github/convlens/oracles")


class Residual(nn.Module):
    def __init__(self, main, shortcut=None):
        super().__init__()
        self.main = main
        self.shortcut = nn.Identity() if shortcut is None else shortcut

    def forward(self, x):
        return self.main(x) + self.shortcut(x)


class Concat(nn.Module):
    def __init__(self, *branches):
        super().__init__()
        for i, branch in enumerate(branches):
            self.add_module(str(i), branch)

    def forward(self, x):
        return torch.cat([branch(x) for branch in self.children()], 1)


def printed(name, network):
    path = ORACLES / "pytorch_prints" / (name + ".txt")
    if not path.exists():
        path.write_text(str(network) + "\n")
    assert path.read_text() == str(network) + "\n", name
    return name


def written(text):
    return text, eval(text, {"nn": nn, "Residual": Residual, "Concat": Concat})


bottleneck = models.resnet.Bottleneck
NETWORKS = [
    (printed(name, network), network, (2, 3, 64, 47))
    for name, network in {
        "resnet18": models.resnet18(),
        "densenet121": models.densenet121(),
        "googlenet": models.googlenet(init_weights=False),
        "squeezenet1_0": models.squeezenet1_0(),
        "mobilenet_v2": models.mobilenet_v2(),
        "mnasnet0_5": models.mnasnet0_5(),
        "resnext50_32x4d": models.resnext50_32x4d(),
        "wide_resnet14_2": models.ResNet(bottleneck, [1, 1, 1, 1], width_per_group=128),
    }.items()
] + [
    (*written(text), shape)
    for text, shape in [
        ("Residual(nn.Conv2d(3, 3, 3, padding=1))", (2, 3, 5, 7)),
        ("Residual(nn.Conv2d(3, 4, 3, 2, 1), nn.Conv2d(3, 4, 1, 2))", (2, 3, 5, 7)),
        ("Concat(nn.Conv2d(3, 2, 1), nn.Identity(), nn.Tanh())", (2, 3, 5, 7)),
        ("Residual(nn.Linear(6, 6), nn.Sigmoid())", (3, 6)),
        ("Concat(nn.Linear(6, 2), nn.Linear(6, 3))", (3, 6)),
        # a U-Net of two floors
        (
            "nn.Sequential(nn.Conv2d(3, 8, 3, padding=1), nn.BatchNorm2d(8), nn.PReLU(8), "
            "Concat(nn.Identity(), nn.Sequential(nn.MaxPool2d(2), nn.Conv2d(8, 12, 3, padding=1), "
            "nn.GroupNorm(3, 12), nn.SiLU(), Concat(nn.Identity(), "
            "nn.Sequential(nn.AvgPool2d(2), nn.Conv2d(12, 16, 3, padding=1), nn.Mish(), "
            "nn.Upsample(scale_factor=2, mode='bilinear'))), nn.Conv2d(28, 32, 1), "
            "nn.PixelShuffle(2))), nn.Conv2d(16, 5, 1), nn.Softmax2d())",
            (2, 3, 12, 20),
        ),
        # sums of concatenations of sums
        (
            "nn.Sequential(nn.Conv2d(3, 4, 3, padding=1, padding_mode='reflect'), "
            "Residual(nn.Sequential(nn.BatchNorm2d(4), nn.ReLU(), "
            "Concat(nn.Conv2d(4, 1, 3, padding=1), Residual(nn.Conv2d(4, 3, 1), "
            "nn.Conv2d(4, 3, 3, padding=1)))), Residual(nn.Tanh(), nn.Hardswish())), "
            "nn.ReflectionPad2d((1, 0, 2, 1)), nn.LocalResponseNorm(2, alpha=0.5), "
            "Concat(nn.AdaptiveAvgPool2d((2, 3)), nn.AdaptiveMaxPool2d((2, 3))), nn.Flatten(), "
            "Residual(nn.Sequential(nn.Linear(48, 48), nn.LayerNorm(48), nn.GELU())), "
            "nn.Linear(48, 7), nn.LogSoftmax(dim=1))",
            (2, 3, 9, 11),
        ),
        # enlarged by a transposed convolution
        (
            "nn.Sequential(nn.ConvTranspose2d(3, 6, 3, stride=2, padding=1, output_padding=1), "
            "Residual(nn.Conv2d(6, 6, 3, padding=1, groups=3), nn.LeakyReLU(0.2)), "
            "nn.Upsample(size=(7, 9), mode='bicubic'), Concat(nn.Hardtanh(-0.5, 0.7), nn.ELU()), "
            "nn.Softmax(dim=1))",
            (2, 3, 4, 5),
        ),
    ]
]


def text(sizes):
    return "x".join(str(size) for size in sizes)


def some(array, step):
    return " ".join("%.12g" % v for v in array.flatten()[::step].tolist())


def halved(network, shape, type_, step):
    """In a half type, as PyTorch computes on the CPU, where it has no LocalResponseNorm in such a type."""
    network = copy.deepcopy(network).to(type_)
    with torch.no_grad():
        output = network(numbers("input", shape).float().to(type_))
    return " ".join("%.5g" % v for v in output.flatten()[::step].tolist())


def row(name, network, shape):
    network = network.double().eval()
    with torch.no_grad():
        fill(network)
    x = numbers("input", shape).requires_grad_(True)
    output = network(x)
    (output * numbers("loss", output.shape)).sum().backward()
    step = max(1, output.numel() // 40)
    gradient_step = max(1, x.numel() // 40)
    fields = [name, text(shape), text(output.shape), str(step), some(output, step)]
    fields += [str(gradient_step), some(x.grad, gradient_step)]
    if ("(" in name and "LocalResponseNorm" not in name) or name == "resnet18":
        fields += [halved(network, shape, type_, step) for type_ in (torch.float16, torch.bfloat16)]
    return "\t".join(fields)


HEAD = """\
# network, input, output, step, every step-th element of PyTorch's output; step, every step-th element of the
# gradient of sum(output x the numbers called "loss") in the input; of some networks the output of float16 and
# of bfloat16 on the CPU: torch %s, float64 else, eval.
# The rule of the numbers is in src/test/python; whole_networks.py made this file.
"""

if __name__ == "__main__":
    rows = [row(*network) for network in NETWORKS]
    version = torch.__version__.split("+")[0]
    (ORACLES / "whole_networks.tsv").write_text(HEAD % version + "\n".join(rows) + "\n")

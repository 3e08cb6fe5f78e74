"""Makes engine/operators.tsv: what PyTorch makes of every kind of layer, and the gradients.

Run in the project's folder with torch 2.13:
    python src/test/python/operators.py

A line "= LAYER, inputs" begins a case; inputs are sizes (2x3x5), "corners" (CORNERS below), "corners but 3 inf"
(0.25 in place of these), or "below 7: 2x3": whole numbers below 7. The numbers of other inputs are twice those that named_numbers.py has for "input 0",
"input 1", ...; parameters have those of their names.

The other lines are arrays: name, shape, elements. Of more than MOST elements every step-th is there, the step
odd, and behind a "|" the sum of all, each times its own number of "sum". Names are

    output 0       in eval mode, float64; of several outputs 0, 1, ...
    input 0        the gradient of the sum of all outputs, each element times (its place + 1) / (their number)
    weight         the same of a parameter
    train NAME     in training mode; "train" alone: as in eval mode; neither: random
    train running_mean, train running_var     after that pass
    float16 NAME, bfloat16 NAME               an output in eval mode, and what training mode makes of it and of the
                                              running statistics: of PyTorch's kernel for the type on the CPU, or,
                                              if it has none, in float32 of numbers rounded before, rounded after
"""

import copy
import math
import pathlib
import warnings

import torch
from named_numbers import fill, numbers
from torch import nn

FILE = pathlib.Path("src/test/resources/io/github/convlens/engine/operators.tsv")
MOST = 18
CORNERS = [-math.inf, -40, -20, -6, -3, -1, -0.5, -0.0, 0, 0.5, 1, 3, 6, 20, 40, math.inf, math.nan, 0.25]


def cases():
    yield from convolutions()
    yield from windows()
    yield from pads()
    yield from norms()
    yield from activations()
    yield from resizing()
    yield from shapes()
    yield from sequences()


def convolutions():
    yield "nn.Conv1d(4, 6, 3, stride=2, padding=1, groups=2)", "2x4x9"
    yield "nn.Conv1d(2, 3, 4, padding='same')", "2x2x7"
    yield "nn.Conv1d(2, 3, 2, padding='same', dilation=3, padding_mode='circular')", "1x2x7"
    yield "nn.Conv1d(2, 3, 3, padding=2, padding_mode='reflect', bias=False)", "1x2x5"
    yield "nn.Conv1d(2, 3, 3, padding='valid', dilation=2)", "3x2x8"
    yield "nn.Conv2d(2, 3, (3, 2))", "1x2x5x6"
    yield "nn.Conv2d(4, 6, (2, 3), stride=(2, 1), padding=(1, 2), dilation=(2, 1), groups=2)", "2x4x5x4"
    yield "nn.Conv2d(3, 6, 3, groups=3, padding=1, bias=False)", "2x3x4x5"
    yield "nn.Conv2d(2, 3, (4, 2), padding='same')", "1x2x5x6"
    yield "nn.Conv2d(2, 3, (2, 3), padding='same', dilation=(3, 2))", "1x2x5x6"
    for mode in ("reflect", "replicate", "circular"):
        yield f"nn.Conv2d(2, 3, (3, 2), padding=(2, 1), stride=(1, 2), padding_mode='{mode}')", "1x2x4x5"
        yield f"nn.Conv2d(2, 1, (4, 3), padding='same', padding_mode='{mode}')", "2x2x5x4"
        yield f"nn.Conv3d(2, 1, (3, 2, 1), padding=(2, 1, 0), padding_mode='{mode}')", "1x2x4x3x2"
    yield "nn.Conv3d(4, 2, (2, 3, 1), stride=(1, 2, 3), padding=(1, 0, 2), dilation=(2, 1, 1), groups=2)", "2x4x4x5x3"
    yield "nn.Conv3d(2, 3, (2, 1, 4), padding='same')", "1x2x3x4x5"
    yield "nn.ConvTranspose1d(4, 6, 3, stride=3, padding=1, output_padding=2, groups=2)", "2x4x5"
    yield "nn.ConvTranspose1d(2, 3, 4, dilation=2, bias=False)", "1x2x3"
    yield "nn.ConvTranspose2d(2, 3, (3, 2))", "1x2x3x4"
    yield "nn.ConvTranspose2d(4, 6, (3, 2), stride=(2, 3), padding=(1, 0), output_padding=(1, 2), groups=2)", "2x4x3x2"
    yield "nn.ConvTranspose2d(3, 2, (2, 3), stride=(3, 1), padding=(1, 2), dilation=(2, 3), bias=False)", "1x3x3x4"
    yield "nn.ConvTranspose2d(2, 1, 1, stride=2, padding=1)", "1x2x4x3"
    yield "nn.ConvTranspose2d(1, 2, 1, padding=2, output_padding=4, dilation=5)", "1x1x1x2"
    yield "nn.ConvTranspose2d(4, 4, 3, stride=2, padding=1, groups=4)", "1x4x2x3"
    yield "nn.ConvTranspose3d(2, 3, (2, 3, 1), stride=(2, 1, 3), padding=(0, 1, 0), output_padding=(1, 0, 2))", "1x2x2x3x2"
    yield "nn.ConvTranspose3d(4, 2, 2, groups=2, dilation=(1, 2, 3), bias=False)", "2x4x2x1x3"
    yield "nn.Linear(4, 3)", "2x4"
    yield "nn.Linear(4, 3, bias=False)", "2x3x5x4"
    yield "nn.Linear(4, 3)", "4"


def windows():
    yield "nn.MaxPool1d(3, stride=2, padding=1, dilation=2)", "2x3x9"
    yield "nn.MaxPool1d(3, stride=2, ceil_mode=True)", "2x3x8"
    yield "nn.MaxPool2d((3, 2), stride=(2, 1), padding=(1, 0))", "2x2x5x4"
    yield "nn.MaxPool2d(3, stride=2, padding=1, ceil_mode=True)", "1x2x6x8"
    yield "nn.MaxPool2d((2, 3), stride=(1, 2), padding=(0, 1), dilation=(3, 2))", "1x2x6x7"
    yield "nn.MaxPool2d(2, stride=2, dilation=2, padding=1, ceil_mode=True)", "1x2x6x8"
    yield "nn.MaxPool3d((2, 3, 1), stride=(1, 2, 2), padding=(1, 1, 0), ceil_mode=True)", "1x2x3x4x5"
    yield "nn.MaxPool3d(2, stride=1, dilation=(1, 2, 3))", "1x2x3x4x5"
    yield "nn.AvgPool1d(3, stride=2, padding=1)", "2x3x8"
    yield "nn.AvgPool1d(3, stride=2, padding=1, ceil_mode=True, count_include_pad=False)", "2x3x8"
    yield "nn.AvgPool1d(2, stride=3, padding=1, ceil_mode=True)", "1x2x7"
    for pad in ("True", "False"):
        yield f"nn.AvgPool2d((3, 2), stride=(2, 1), padding=(1, 1), count_include_pad={pad})", "1x2x5x4"
        yield f"nn.AvgPool2d(3, stride=2, padding=1, ceil_mode=True, count_include_pad={pad})", "1x2x6x8"
        yield f"nn.AvgPool3d((2, 3, 2), stride=2, padding=(1, 1, 0), ceil_mode=True, count_include_pad={pad})", "1x2x3x4x5"
    yield "nn.AvgPool2d(2, stride=3, padding=1, ceil_mode=True)", "1x1x5x7"
    yield "nn.AvgPool2d((3, 2), stride=2, padding=1, divisor_override=5)", "1x2x5x6"
    yield "nn.AvgPool2d(3, stride=2, padding=1, ceil_mode=True, divisor_override=7)", "1x2x6x8"
    yield "nn.AvgPool3d((2, 3, 1), stride=(1, 2, 2), divisor_override=4)", "1x2x3x4x5"
    yield "nn.LPPool1d(2, 3, stride=2)", "2x3x8"
    yield "nn.LPPool1d(2, 3, stride=2, ceil_mode=True)", "2x3x8"
    yield "nn.LPPool2d(2, (3, 2), stride=(2, 1))", "1x2x5x4"
    yield "nn.LPPool2d(4, 2, ceil_mode=True)", "1x2x5x7"
    yield "nn.LPPool2d(1, (2, 3))", "1x2x4x6"
    yield "nn.LPPool3d(2, (2, 1, 3), stride=(1, 2, 2))", "1x2x3x4x5"
    for kind in ("Avg", "Max"):
        yield f"nn.Adaptive{kind}Pool1d(3)", "2x3x7"
        yield f"nn.Adaptive{kind}Pool1d(5)", "2x3x3"
        yield f"nn.Adaptive{kind}Pool2d(1)", "1x2x5x7"
        yield f"nn.Adaptive{kind}Pool2d((3, 2))", "1x2x5x7"
        yield f"nn.Adaptive{kind}Pool2d((None, 9))", "1x2x5x7"
        yield f"nn.Adaptive{kind}Pool3d((2, 3, 1))", "1x2x3x4x5"
        yield f"nn.Adaptive{kind}Pool3d((None, 5, 2))", "1x2x3x4x5"


def pads():
    yield "nn.ZeroPad1d((2, -1))", "1x2x5"
    yield "nn.ZeroPad2d((-1, 2, 1, -1))", "1x2x3x4"
    yield "nn.ZeroPad3d((1, 0, -1, 2, 0, 3))", "1x2x2x3x4"
    yield "nn.ConstantPad1d((1, 2), -0.5)", "2x3x4"
    yield "nn.ConstantPad2d((1, 0, 2, 1), 1.5)", "1x2x2x3"
    yield "nn.ConstantPad3d((1, -1, 2, 0, 0, 1), 2.25)", "1x2x2x3x4"
    for kind in ("Reflection", "Replication", "Circular"):
        yield f"nn.{kind}Pad1d((3, 1))", "2x3x4"
        yield f"nn.{kind}Pad2d((1, 2, 3, 0))", "1x2x4x3"
        if kind != "Circular":  # which leaves memory as it is where it cuts off at one end and adds at the other
            yield f"nn.{kind}Pad2d((-1, 2, 1, -1))", "1x2x4x5"
        yield f"nn.{kind}Pad2d((-1, -2, 1, 2))", "1x2x4x5"
        yield f"nn.{kind}Pad3d((1, 2, 0, 1, 2, 0))", "1x2x3x4x5"
    yield "nn.ReplicationPad2d((5, 4, 3, 6))", "1x2x2x3"


def norms():
    for number, shape in ((1, "4x3"), (1, "2x3x5"), (2, "2x3x2x4"), (3, "2x3x2x1x4")):
        yield f"nn.BatchNorm{number}d(3)", shape
    yield "nn.BatchNorm2d(3, eps=0.01, momentum=0.3, affine=False)", "2x3x2x4"
    yield "nn.BatchNorm2d(3, bias=False)", "2x3x2x4"
    yield "nn.BatchNorm2d(3, momentum=0.0)", "2x3x2x4"
    yield "nn.BatchNorm2d(3, momentum=1.0)", "2x3x2x4"
    yield "nn.BatchNorm2d(3, track_running_stats=False)", "2x3x2x4"
    yield "nn.BatchNorm1d(3, track_running_stats=False, affine=False)", "4x3"
    yield "nn.BatchNorm2d(3, momentum=None)", "2x3x2x4"
    yield "nn.InstanceNorm1d(3)", "2x3x5"
    yield "nn.InstanceNorm2d(3, eps=0.01, affine=True)", "2x3x2x4"
    yield "nn.InstanceNorm3d(3)", "2x3x2x1x4"
    for number, shape in ((1, "2x3x5"), (2, "2x3x2x4"), (3, "2x3x2x1x4")):
        yield f"nn.InstanceNorm{number}d(3, affine=True, track_running_stats=True)", shape
    yield "nn.InstanceNorm2d(3, momentum=0.3, track_running_stats=True)", "2x3x2x4"
    yield "nn.GroupNorm(2, 6)", "2x6x2x3"
    yield "nn.GroupNorm(3, 6, eps=0.1, affine=False)", "2x6x2x3"
    yield "nn.GroupNorm(2, 6)", "3x6"
    yield "nn.GroupNorm(4, 4)", "2x4x5"
    yield "nn.GroupNorm(1, 4)", "2x4x2x1x3"
    yield "nn.LayerNorm((2, 3))", "2x2x2x3"
    yield "nn.LayerNorm(4, eps=0.1)", "2x3x4"
    yield "nn.LayerNorm(4, bias=False)", "2x3x4"
    yield "nn.LayerNorm((3, 2, 3), elementwise_affine=False)", "2x3x2x3"
    yield "nn.RMSNorm(4)", "2x3x4"
    yield "nn.RMSNorm((3, 4), eps=0.5)", "2x3x4"
    yield "nn.RMSNorm(4, elementwise_affine=False)", "3x4"
    yield "nn.LocalResponseNorm(5, alpha=0.5, beta=0.75, k=2.0)", "1x7x2x3"
    yield "nn.LocalResponseNorm(2, alpha=1.0)", "2x4x2x3"
    yield "nn.LocalResponseNorm(4, alpha=0.3, beta=1.5, k=0.5)", "1x3x5"
    yield "nn.LocalResponseNorm(3, alpha=1.0)", "1x4x2x1x3"
    yield "nn.CrossMapLRN2d(3, alpha=0.5)", "1x5x2x3"
    yield "nn.CrossMapLRN2d(4, alpha=1.0, beta=0.5, k=2)", "2x6x2x3"
    yield "nn.CrossMapLRN2d(9, alpha=1.0)", "1x3x2x3"


ACTIVATIONS = [
    "ReLU()", "ReLU6()", "LeakyReLU()", "LeakyReLU(0.3)", "LeakyReLU(-0.5)", "RReLU()", "RReLU(0.2, 0.4)", "PReLU()",
    "Threshold(1.0, 20.0)", "Threshold(-3.0, 0.5)", "ELU()", "ELU(alpha=0.3)", "CELU()", "CELU(alpha=0.7)",
    "SELU()", "GELU()", "GELU(approximate='tanh')", "SiLU()", "Mish()", "Hardswish()", "Hardsigmoid()", "Hardtanh()",
    "Hardtanh(-0.5, 3.0)", "Sigmoid()", "LogSigmoid()", "Tanh()", "Tanhshrink()", "Softplus()",
    "Softplus(beta=2, threshold=6)", "Softsign()", "Hardshrink()", "Hardshrink(3.0)", "Softshrink()", "Softshrink(3.0)",
]

# What the engine's libtorch 2.7.1 does otherwise: NaN at infinity in float32, the derivatives at -3 and 3.
NEWER = {"GELU()": " but inf", "Hardswish()": " but -3 3"}


def activations():
    for layer in ACTIVATIONS:
        yield "nn." + layer, "corners" + NEWER.get(layer, "")
    yield "nn.PReLU(3)", "2x3x2x2"
    yield "nn.PReLU(4)", "3x4"
    for kind in ("Softmax", "LogSoftmax", "Softmin"):
        for shape in ("4", "3x5", "2x3x4", "2x3x2x4", "2x3x2x1x4"):
            yield f"nn.{kind}()", shape
        yield f"nn.{kind}(dim=1)", "2x3x2x4"
        yield f"nn.{kind}(dim=-1)", "2x3x2x4"
        yield f"nn.{kind}(dim=0)", "3x4"
    yield "nn.Softmax2d()", "2x3x2x4"
    yield "nn.GLU()", "2x3x4"
    yield "nn.GLU(dim=1)", "2x6x3"
    for kind in ("Dropout", "Dropout1d", "Dropout2d", "Dropout3d", "AlphaDropout", "FeatureAlphaDropout"):
        yield f"nn.{kind}(0.3)", "2x3x4" if kind == "Dropout1d" else "2x3x2x1x2" if kind == "Dropout3d" else "2x3x2x2"
    yield "nn.Dropout(0.0)", "2x3"
    yield "nn.Dropout(1.0)", "2x3"
    yield "nn.Dropout2d(1.0)", "2x3x2x2"
    yield "nn.AlphaDropout(0.0)", "2x3"


def resizing():
    for mode in ("nearest", "nearest-exact"):
        yield f"nn.Upsample(size=5, mode='{mode}')", "2x3x4"
        yield f"nn.Upsample(scale_factor=2.1, mode='{mode}')", "2x3x4"
        yield f"nn.Upsample(size=(5, 7), mode='{mode}')", "1x2x4x5"
        yield f"nn.Upsample(scale_factor=1.1, mode='{mode}')", "1x1x11x21"
        yield f"nn.Upsample(scale_factor=(1.7, 2.6), mode='{mode}')", "1x2x4x5"
        yield f"nn.Upsample(scale_factor=0.6, mode='{mode}')", "1x2x4x5"
        yield f"nn.Upsample(scale_factor=(1.5, 2, 2.1), mode='{mode}')", "1x2x2x3x4"
    for corners in ("", ", align_corners=True"):
        yield f"nn.Upsample(size=7, mode='linear'{corners})", "2x3x4"
        yield f"nn.Upsample(scale_factor=2.1, mode='linear'{corners})", "2x3x5"
        for mode in ("bilinear", "bicubic"):
            yield f"nn.Upsample(size=(5, 7), mode='{mode}'{corners})", "1x2x4x5"
            yield f"nn.Upsample(size=(2, 3), mode='{mode}'{corners})", "1x2x4x5"
            yield f"nn.Upsample(scale_factor=2, mode='{mode}'{corners})", "1x2x3x4"
            yield f"nn.Upsample(scale_factor=(1.1, 2.1), mode='{mode}'{corners})", "1x1x11x5"
        yield f"nn.Upsample(size=(3, 4, 7), mode='trilinear'{corners})", "1x2x2x3x4"
        yield f"nn.Upsample(scale_factor=(1.1, 2.1, 0.6), mode='trilinear'{corners})", "1x1x10x2x5"
    yield "nn.Upsample(scale_factor=1.7, mode='bilinear', recompute_scale_factor=True)", "1x2x4x5"
    yield "nn.Upsample(scale_factor=(2.1, 1.1), mode='nearest', recompute_scale_factor=True)", "1x2x4x5"
    yield "nn.Upsample(scale_factor=0.6, mode='bicubic', recompute_scale_factor=True)", "1x2x5x7"
    yield "nn.UpsamplingNearest2d(scale_factor=2)", "1x2x2x3"
    yield "nn.UpsamplingBilinear2d(size=(3, 5))", "1x2x2x3"


def shapes():
    yield "nn.Flatten(2, -1)", "2x3x2x2"
    yield "nn.Flatten(0, 2)", "2x3x2x4"
    yield "nn.Unflatten(1, (2, 3))", "2x6x4"
    yield "nn.Unflatten(-1, (3, -1))", "2x6"
    yield "nn.Identity()", "2x3"
    yield "nn.PixelShuffle(2)", "1x8x2x3"
    yield "nn.PixelShuffle(3)", "2x9x1x2"
    yield "nn.PixelUnshuffle(2)", "2x3x4x6"
    yield "nn.ChannelShuffle(2)", "2x6x2x3"
    yield "nn.ChannelShuffle(3)", "1x6x2x3"


def sequences():
    for kind in ("RNN", "LSTM", "GRU"):
        yield f"nn.{kind}(3, 4)", "5x2x3"
        yield f"nn.{kind}(3, 4, 2, batch_first=True, bidirectional=True)", "2x5x3"
        yield f"nn.{kind}(3, 4, bias=False, bidirectional=True)", "5x2x3"
        yield f"nn.{kind}(3, 4, 2)", "5x3"
        yield f"nn.{kind}(3, 4, batch_first=True)", "5x3"
        yield f"nn.{kind}(3, 4, 2, dropout=0.4)", "5x2x3"
    yield "nn.RNN(3, 4, nonlinearity='relu')", "5x2x3"
    yield "nn.LSTM(3, 4, 2, batch_first=True, bidirectional=True, proj_size=2)", "2x5x3"
    yield "nn.LSTM(3, 4, proj_size=2, bias=False)", "5x3"
    yield "nn.MultiheadAttention(6, 2)", "4x2x6 5x2x6 5x2x6"
    yield "nn.MultiheadAttention(6, 3, batch_first=True)", "2x4x6 2x5x6 2x5x6"
    yield "nn.MultiheadAttention(6, 2, bias=False)", "4x2x6 5x2x6 5x2x6"
    yield "nn.MultiheadAttention(6, 2, kdim=3, vdim=5, batch_first=True)", "2x4x6 2x5x3 2x5x5"
    yield "nn.MultiheadAttention(6, 2, kdim=3, bias=False)", "4x2x6 5x2x3 5x2x6"
    yield "nn.MultiheadAttention(6, 2, dropout=0.4)", "4x2x6 5x2x6 5x2x6"
    yield "nn.Embedding(7, 4)", "below 7: 2x3"
    yield "nn.Embedding(5, 3, padding_idx=2)", "below 5: 6"


def sizes(text):
    return [int(size) for size in text.split("x")]


def inputs(text):
    if text.startswith("corners"):
        left = [float(word) for word in text.split(" ")[2:]]
        values = [0.25 if value in left else value for value in CORNERS]
        return [torch.tensor(values, dtype=torch.float64).reshape(1, len(values))]
    if text.startswith("below "):
        below, shape = text[len("below "):].split(": ")
        return [torch.arange(math.prod(sizes(shape))).mul(5).remainder(int(below)).reshape(sizes(shape))]
    return [2 * numbers(f"input {i}", sizes(shape)) for i, shape in enumerate(text.split(" "))]


def outputs(layer, given):
    made = layer(*given)
    if isinstance(made, torch.Tensor):
        return [made]
    flat = []
    for each in made:
        flat.extend(each if isinstance(each, tuple) else [each])
    return flat


def passed(layer, given, prefix):
    """Outputs, gradients, running statistics of a pass; changes the layer."""
    given = [x.clone().requires_grad_(x.is_floating_point()) for x in given]
    made = outputs(layer, given)
    loss = sum(
        (y * torch.arange(1, y.numel() + 1, dtype=torch.float64).reshape(y.shape) / y.numel()).sum() for y in made
    )
    arrays = {f"{prefix}output {i}": y.detach() for i, y in enumerate(made)}
    if not loss.requires_grad:
        return arrays
    if isinstance(layer, nn.CrossMapLRN2d):
        return arrays  # its backward is no derivative: it is off by some channels
    loss.backward()
    for i, x in enumerate(given):
        if x.requires_grad:
            arrays[f"{prefix}input {i}"] = x.grad
    for name, parameter in layer.named_parameters():
        arrays[prefix + name] = parameter.grad
    return arrays


def statistics(layer):
    return {name: array for name, array in layer.state_dict().items() if name.startswith("running_")}


def halved(layer, given, type_, random):
    layer = copy.deepcopy(layer).to(type_)
    given = [x.to(torch.float32).to(type_) if x.is_floating_point() else x for x in given]
    try:
        return half_passes(layer, given, random, type_)
    except (RuntimeError, NotImplementedError) as e:
        print("no kernel:", type_, layer, str(e).splitlines()[0])
    wide = half_passes(layer.float(), [x.float() if x.is_floating_point() else x for x in given], random, type_)
    return {name: array.to(type_) for name, array in wide.items()}


def half_passes(layer, given, random, type_):
    layer = copy.deepcopy(layer)
    name = str(type_).removeprefix("torch.") + " "
    with torch.no_grad():
        arrays = {f"{name}output {i}": y for i, y in enumerate(outputs(layer.eval(), given))}
        if statistics(layer) and not random:
            made = outputs(layer.train(), given)
            arrays |= {f"{name}train output {i}": y for i, y in enumerate(made)}
            arrays |= {f"{name}train {key}": array for key, array in statistics(layer).items()}
    return arrays


def is_random(text, layer):
    if isinstance(layer, nn.RReLU):
        return True
    return getattr(layer, "p", 0.0) not in (0.0, 1.0) and "ropout" in text or getattr(layer, "dropout", 0.0) > 0


def row(name, array):
    shape = "x".join(str(size) for size in array.shape)
    flat = array.flatten().double()
    digits = "%.5g" if "float16" in name else "%.12g"
    step = 1
    total = ""
    if flat.numel() > MOST:
        step = -(-flat.numel() // MOST) | 1
        if "float16" not in name:
            total = "|" + "%.12g" % (flat * numbers("sum", flat.shape)).sum()
    return "\t".join([name, shape, " ".join(digits % v for v in flat[::step].tolist()) + total])


def case(text, shapes_):
    layer = eval(text).double()
    with torch.no_grad():
        fill(layer)
    given = inputs(shapes_)
    random = is_random(text, layer)
    lines = [f"= {text}\t{shapes_}"]
    arrays = passed(copy.deepcopy(layer).eval(), given, "")
    if not random:
        trained = copy.deepcopy(layer).train()
        train = passed(trained, given, "train ")
        same = all(torch.allclose(array, arrays[name[6:]], 1e-14, 1e-14, True) for name, array in train.items())
        if same and not statistics(layer):
            lines.append("train\t\t")
        else:
            arrays |= train | {"train " + key: array for key, array in statistics(trained).items()}
    arrays |= halved(layer, given, torch.float16, random)
    arrays |= halved(layer, given, torch.bfloat16, random)
    return lines + [row(name, array) for name, array in arrays.items()]


HEAD = "# PyTorch's outputs and gradients of each kind of layer: torch %s. src/test/python/operators.py made this file.\n"

if __name__ == "__main__":
    torch.set_num_threads(1)
    warnings.simplefilter("ignore")
    rows = [line for each in cases() for line in case(*each)]
    FILE.write_text(HEAD % torch.__version__.split("+")[0] + "\n".join(rows) + "\n")
    print(sum(line.startswith("= ") for line in rows), "cases")

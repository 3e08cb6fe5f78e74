"""Makes oracles/graph_networks.tsv: what PyTorch makes of networks that are more than a chain.

Run in the project's folder with torch 2.13:
    python src/test/python/graph_networks.py

Each row is an array of a network: its output in eval mode; then, after a pass in training mode and
backwards from the sum of all outputs, each weighed by the numbers called "loss 0", "loss 1", ..., the
gradient of each input and parameter, and each running mean and variance. All is float64; the numbers
are those of named_numbers.py, the inputs' names are "input 0", "input 1", ...
"""

import pathlib

import torch
from named_numbers import fill, numbers
from torch import nn

ORACLE = pathlib.Path("src/test/resources/io/github/convlens/oracles/graph_networks.tsv")


class BasicBlock(nn.Module):
    """torchvision's, with a PReLU that runs twice."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(4, 4, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(4)
        self.relu = nn.PReLU(4)
        self.conv2 = nn.Conv2d(4, 4, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(4)

    def forward(self, x):
        y = self.bn2(self.conv2(self.relu(self.bn1(self.conv1(x)))))
        return self.relu(y + x)


class SqueezeExcitation(nn.Module):
    """torchvision's."""

    def __init__(self):
        super().__init__()
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.fc1 = nn.Conv2d(6, 2, 1)
        self.fc2 = nn.Conv2d(2, 6, 1)
        self.activation = nn.ReLU()
        self.scale_activation = nn.Sigmoid()

    def forward(self, x):
        return self.scale_activation(self.fc2(self.activation(self.fc1(self.avgpool(x))))) * x


class ShuffleUnit(nn.Module):
    """As ShuffleNet's: one half goes past, then the halves are mixed."""

    def __init__(self):
        super().__init__()
        self.branch = nn.Conv2d(3, 3, 3, padding=1)
        self.relu = nn.ReLU()
        self.shuffle = nn.ChannelShuffle(2)

    def forward(self, x):
        a, b = x.chunk(2, 1)
        return self.shuffle(torch.cat([a, self.relu(self.branch(b))], 1))


class Network(nn.Module):
    """Modules and a forward."""

    def __init__(self, forward, **modules):
        super().__init__()
        for name, module in modules.items():
            self.add_module(name, module)
        self.call = forward

    def forward(self, *inputs):
        return self.call(self, *inputs)


def attention(m, x):
    q, k, v = m.qkv(x).chunk(3, -1)
    weights = (q @ k.permute(0, 2, 1)).softmax(-1)
    return m.out(weights @ v)


def heads(m, x):
    """(2, 6, 8) to (2, heads 2, 6, 4) and back."""
    y = x.reshape(2, 6, 2, 4).permute(0, 2, 1, 3)
    return (y @ m.fc(y).permute(0, 1, 3, 2)).permute(0, 2, 1, 3).reshape(2, 6, 12)


def parts(m, x):
    a, b, c = x.split([1, 2, 3], 1)
    p, q, r = x.chunk(3, -1)  # 2, 2 and 1 columns
    return torch.cat([c, m.conv(b), a], 1), r, q


def last_channels(m, x):
    y = m.norm(m.dw(x).permute(0, 2, 3, 1))
    return m.fc2(m.gelu(m.fc1(y))).permute(0, 3, 1, 2) + x


def means(m, x):
    y = m.conv(x)
    return y.mean([2, 3]), y.mean([-1, 1], keepdim=True), y.mean(2), y.mean([0, 1, 2, 3]), y.mean()


NETWORKS = {
    "shared convolution": (
        Network(lambda m, x: m.conv(m.relu(m.conv(m.relu(x)))), conv=nn.Conv2d(3, 3, 3, padding=1), relu=nn.ReLU()),
        [(2, 3, 4, 5)],
    ),
    "two inputs, two outputs": (
        Network(
            lambda m, x, y: (m.fc(x) * y, m.fc(x) + m.act(y)), fc=nn.Linear(4, 3), act=nn.Tanh()
        ),
        [(2, 5, 4), (2, 1, 3)],
    ),
    "an input that is an output": (
        Network(
            lambda m, x: (m.drop(m.same(x)), x, m.same(m.relu(x)), m.same(x) + x),
            same=nn.Identity(),
            drop=nn.Dropout(0.0),
            relu=nn.ReLU(),
        ),
        [(2, 3)],
    ),
    "three factors": (
        Network(
            lambda m, x, y, z: m.conv(x) * y * z, conv=nn.Conv2d(3, 3, 1)
        ),
        [(2, 3, 4, 5), (3, 1, 1), (2, 1, 1, 5)],
    ),
    "constants": (
        Network(
            lambda m, x: ((torch.tanh(m.conv(x)) + 1) / 2 - x * 0.2, 1 - x),
            conv=nn.Conv2d(3, 3, 1),
        ),
        [(2, 3, 4, 5)],
    ),
    "parts": (Network(parts, conv=nn.Conv2d(2, 2, 1)), [(2, 6, 4, 5)]),
    "attention": (Network(attention, qkv=nn.Linear(6, 12), out=nn.Linear(4, 6)), [(2, 5, 6)]),
    "heads": (Network(heads, fc=nn.Linear(4, 4, bias=False)), [(2, 6, 8)]),
    "last channels": (
        Network(
            last_channels,
            dw=nn.Conv2d(4, 4, 3, padding=1, groups=4),
            norm=nn.LayerNorm(4),
            fc1=nn.Linear(4, 8),
            gelu=nn.GELU(),
            fc2=nn.Linear(8, 4),
        ),
        [(2, 4, 5, 6)],
    ),
    "means": (Network(means, conv=nn.Conv2d(3, 4, 1)), [(2, 3, 4, 5)]),
}

PRINTS = [
    (BasicBlock(), (2, 4, 5, 6)),
    (SqueezeExcitation(), (2, 6, 4, 5)),
    (ShuffleUnit(), (2, 6, 4, 5)),
]

LAYERS = {
    "nn.Conv1d(4, 6, 3, stride=2, padding=2, dilation=2, groups=2)": [(2, 4, 9)],
    "nn.Conv1d(4, 3, 2, bias=False)": [(2, 4, 9)],
    "nn.Conv3d(2, 4, (3, 2, 1), stride=(1, 2, 1), padding=(1, 0, 2), groups=2)": [(2, 2, 3, 4, 5)],
    "nn.Conv3d(2, 3, 2, dilation=2)": [(1, 2, 4, 3, 5)],
    "nn.MaxPool1d(3, stride=2, padding=1)": [(2, 3, 8)],
    "nn.AvgPool1d(3, stride=2, padding=1)": [(2, 3, 8)],
    "nn.AdaptiveMaxPool1d(1)": [(2, 3, 8)],
    "nn.MaxPool3d((2, 3, 1), stride=(1, 2, 2))": [(2, 2, 3, 5, 4)],
    "nn.AvgPool3d((2, 1, 3), stride=1, padding=(1, 0, 1))": [(2, 2, 3, 4, 5)],
    "nn.AdaptiveAvgPool3d(1)": [(2, 2, 3, 4, 5)],
    "nn.BatchNorm1d(4)": [(5, 4), (3, 4, 5)],
    "nn.BatchNorm1d(4, eps=0.01, momentum=0.3, affine=False)": [(3, 4, 5)],
    "nn.BatchNorm3d(3)": [(2, 3, 2, 3, 4)],
    "nn.InstanceNorm1d(4)": [(2, 4, 5)],
    "nn.InstanceNorm2d(4)": [(2, 4, 3, 5)],
    "nn.InstanceNorm2d(4, eps=0.01, affine=True)": [(2, 4, 3, 5)],
    "nn.InstanceNorm3d(3, affine=True)": [(2, 3, 2, 3, 4)],
    "nn.GroupNorm(2, 4)": [(2, 4), (2, 4, 5), (2, 4, 2, 3, 2)],
    "nn.LayerNorm(5)": [(2, 5), (2, 4, 5)],
    "nn.PReLU(4)": [(2, 4), (2, 4, 5), (2, 4, 2, 3, 2)],
    "nn.LocalResponseNorm(3, alpha=0.5)": [(2, 4, 5), (2, 4, 2, 3, 2)],
    "nn.GLU()": [(2, 4, 6)],
    "nn.GLU(dim=1)": [(2, 4, 3, 5)],
    "nn.Threshold(0.1, -20)": [(2, 3, 4)],
    "nn.Softmin()": [(2, 3, 4), (3, 4)],
    "nn.Softmin(dim=-1)": [(2, 3, 4)],
    "nn.Softmax()": [(2, 3, 4)],
    "nn.LogSoftmax()": [(2, 3, 4), (2, 3, 4, 5)],
    "nn.PixelUnshuffle(2)": [(2, 3, 4, 6)],
    "nn.PixelShuffle(2)": [(2, 8, 3, 2)],
    "nn.ChannelShuffle(3)": [(2, 6, 3), (2, 6, 3, 4), (2, 6, 2, 3, 2)],
    "nn.Linear(4, 3)": [(2, 4), (2, 3, 5, 4)],
    # a factor that leaves the size or doubles it: copied or halved by some of PyTorch's kernels
    "nn.Upsample(scale_factor=1.1)": [(1, 2, 5, 9)],
    "nn.Upsample(scale_factor=2.1)": [(1, 2, 5, 9)],
    "nn.Upsample(scale_factor=1.1, mode='nearest-exact')": [(1, 2, 5, 9)],
    "nn.Upsample(scale_factor=1.1, mode='bilinear')": [(1, 2, 5, 9), (1, 2, 3, 120)],
    "nn.Upsample(scale_factor=2.1, mode='bilinear')": [(1, 2, 5, 9)],
    "nn.Upsample(scale_factor=1.7, recompute_scale_factor=True)": [(2, 3, 7, 9)],
    "nn.Upsample(scale_factor=1.7, mode='bilinear', recompute_scale_factor=True)": [(2, 3, 7, 9)],
    "nn.Upsample(scale_factor=0.6, mode='bicubic', recompute_scale_factor=True)": [(2, 3, 7, 9)],
}

# PyTorch's gradient of these is not that of its output: it copies there, and here it does not.
OUTPUT_ALONE = {
    "nn.Upsample(scale_factor=1.1)": [(1, 2, 3, 120)],
    "nn.Upsample(scale_factor=2.1)": [(1, 2, 2, 63)],
    "nn.Upsample(scale_factor=1.1, mode='bicubic')": [(1, 2, 5, 9)],
}


def rows(name, network, shapes):
    network = network.double().eval()
    with torch.no_grad():
        fill(network)
    inputs = [numbers("input %d" % i, shape).requires_grad_() for i, shape in enumerate(shapes)]
    with torch.no_grad():
        for i, output in enumerate(outputs(network, inputs)):
            yield name, shapes, "output %d" % i, output
    if name in OUTPUT_ALONE and shapes[0] in OUTPUT_ALONE[name]:
        return
    network.train()
    results = outputs(network, inputs)
    sum((y * numbers("loss %d" % i, y.shape)).sum() for i, y in enumerate(results)).backward()
    for i, x in enumerate(inputs):
        yield name, shapes, "input %d" % i, x.grad
    for parameter, array in network.named_parameters():
        yield name, shapes, parameter, array.grad
    for buffer, array in network.named_buffers():
        if not buffer.endswith("num_batches_tracked"):
            yield name, shapes, buffer, array


def outputs(network, inputs):
    output = network(*inputs)
    return output if isinstance(output, tuple) else (output,)


def text(sizes):
    return "x".join(str(size) for size in sizes)


def line(name, shapes, array, values):
    return "\t".join(
        [
            name,
            " ".join(text(shape) for shape in shapes),
            array,
            text(values.shape),
            " ".join("%.10g" % v for v in values.flatten().tolist()),
        ]
    )


HEAD = """\
# network, inputs, array, its shape, its numbers: torch %s, float64.
# src/test/python/graph_networks.py made this file and says what the arrays are.
"""

if __name__ == "__main__":
    table = [
        *((name, *network) for name, network in NETWORKS.items()),
        *((str(network).replace("\n", "\\n"), network, [shape]) for network, shape in PRINTS),
        *(
            (layer, eval(layer), [shape])
            for table in (LAYERS, OUTPUT_ALONE)
            for layer, shapes in table.items()
            for shape in shapes
        ),
    ]
    lines = [line(*row) for network in table for row in rows(*network)]
    version = torch.__version__.split("+")[0]
    ORACLE.write_text(HEAD % version + "\n".join(lines) + "\n")

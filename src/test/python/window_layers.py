"""Makes oracles/windows.tsv, the windows of real networks' layers: kind, input and output size on one axis, kernel,
stride, padding, dilation, output padding, and how many of the networks have such a layer.

Run in the project's folder with torch 2.13 and torchvision 0.28:
    python src/test/python/window_layers.py

The networks are torchvision's of classification, segmentation and video, run on the device "meta"; a row
stands for each different window. Layers whose kernel is as large as their input on an axis, and that end at
1, are rows like all others.
"""

import collections
import contextlib
import io
import pathlib

import torch
import torchvision
from torch import nn
from torchvision.models import regnet

FILE = pathlib.Path("src/test/resources/io/github/convlens/oracles/windows.tsv")
PICTURES = {"inception_v3": 299}
KINDS = [
    (nn.Conv1d, "conv"), (nn.Conv2d, "conv"), (nn.Conv3d, "conv"),
    (nn.MaxPool1d, "pool"), (nn.MaxPool2d, "pool"), (nn.MaxPool3d, "pool"),
    (nn.AvgPool1d, "pool"), (nn.AvgPool2d, "pool"), (nn.AvgPool3d, "pool"),
    (nn.ConvTranspose1d, "transposed"), (nn.ConvTranspose2d, "transposed"), (nn.ConvTranspose3d, "transposed"),
]


def on(value, axis):
    return value[axis] if isinstance(value, (tuple, list)) else value


def padding(module, axis):
    if module.padding == "same":
        return on(module.dilation, axis) * (on(module.kernel_size, axis) - 1) // 2
    return 0 if module.padding == "valid" else on(module.padding, axis)


def rows(module, kind, given, made):
    kind = "ceil-pool" if getattr(module, "ceil_mode", False) else kind
    spatial = len(given) - 2
    for axis in range(spatial):
        stride = module.stride if module.stride is not None else module.kernel_size
        yield (
            kind, given[2 + axis], made[2 + axis], on(module.kernel_size, axis), on(stride, axis),
            padding(module, axis), on(getattr(module, "dilation", 1), axis),
            on(getattr(module, "output_padding", 0), axis),
        )


def windows(network, picture):
    found = set()

    def hook(module, inputs, output):
        for type_, kind in KINDS:
            if isinstance(module, type_):
                found.update(rows(module, kind, inputs[0].shape, output.shape))

    for module in network.modules():
        module.register_forward_hook(hook)
    with torch.no_grad():
        network.eval()(picture)
    return found


def regnets_plan_on_the_cpu():
    """regnet computes its widths with tensors, which have no numbers on the device "meta"."""
    plan = regnet.BlockParams.from_init_params.__func__

    def planned(class_, **arguments):
        with torch.device("cpu"):
            return plan(class_, **arguments)

    regnet.BlockParams.from_init_params = classmethod(planned)


def networks():
    for module in (None, torchvision.models.segmentation, torchvision.models.video):
        for name in torchvision.models.list_models(module=module or torchvision.models):
            with torch.device("meta"):
                options = {"weights_backbone": None} if module is torchvision.models.segmentation else {}
                network = torchvision.models.get_model(name, weights=None, **options)
                size = PICTURES.get(name, 224)
                shape = (1, 3, 16, size, size) if module is torchvision.models.video else (1, 3, size, size)
                yield name, network, torch.empty(shape)


def main():
    regnets_plan_on_the_cpu()
    count = collections.Counter()
    for name, network, picture in networks():
        count.update(windows(network, picture))
    print("kind", "input", "output", "kernel", "stride", "padding", "dilation", "output_padding", "networks", sep="\t")
    for row in sorted(count):
        print(*row, count[row], sep="\t")


with contextlib.redirect_stdout(io.StringIO()) as made:
    main()
FILE.write_text(made.getvalue())

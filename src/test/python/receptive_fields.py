"""Asks PyTorch's gradients anew what an output reads: the questions stay as they are in the tables.

Run in the project's folder with torch 2.13 and torchvision 0.28:
    python src/test/python/receptive_fields.py

A new question is a line without an answer, or a network with "path" and "input_height" alone. An input is read if
its gradient is not 0 in float64, where no two contributions cancel: all parameters and inputs are positive, a
maximum is taken for a mean, and layers that read one place alone (activations, dropout) or whose statistics do not
count (norms) are left out.

trace/gradients.tsv              input, layers, axis, output, and the answer: the first and the last input on that axis
                                 that is read by the output with that number on it, in the middle of the other axis
trace/permuted.tsv               input, layers, an output's place behind the batch axis, axis, and the same answer
oracles/receptive_fields.json    of a network up to a module: height of the module's output, and what the row in its
                                 middle reads of the input's height: how many rows (size), how far on the next row
                                 reads (stride), where row 0 begins (start), and whether it reads the border (cut);
                                 "hand:" are chains of layers, taken from their prints
"""

import json
import pathlib
import re

import torch
from torch import nn
from torchvision import models

FOLDER = pathlib.Path("src/test/resources/io/github/convlens")
AXES = {"height": 2, "width": 3}
NARROW = 96


class Residual(nn.Module):
    def __init__(self, main):
        super().__init__()
        self.main = main

    def forward(self, x):
        return x + self.main(x)


class Permute(nn.Module):
    def __init__(self, dims):
        super().__init__()
        self.dims = dims

    def forward(self, x):
        return x.permute(self.dims)


class Reached(Exception):
    """Carries the output of the module behind which a network ends."""


def stand_in(layer):
    """What reads the same inputs, with weights that are positive."""
    if isinstance(layer, nn.MaxPool2d):
        assert layer.dilation == 1
        return nn.AvgPool2d(layer.kernel_size, layer.stride, layer.padding, layer.ceil_mode)
    passes = isinstance(layer, (nn.modules.batchnorm._NormBase, nn.LayerNorm, nn.Dropout))
    if passes or type(layer).__module__ == "torch.nn.modules.activation":
        return nn.Identity()
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.fill_(1 / max(1, parameter[0].numel()))
    return layer


def positive(network):
    for name, child in list(network.named_children()):
        setattr(network, name, stand_in(child) if next(child.children(), None) is None else positive(child))
    return network.double().eval()


def read(x, output, place, axis):
    """Whether each position on an axis of the input is read by the output at a place."""
    (gradient,) = torch.autograd.grad(output[(0, *place)].sum(), x, retain_graph=True)
    return (gradient != 0).transpose(0, axis).flatten(1).any(1).nonzero().flatten().tolist()


def ones(shape):
    return torch.ones(shape, dtype=torch.float64, requires_grad=True)


def line_of_gradients(input, layers, axis, output):
    x = ones([int(size) for size in input.split("x")])
    y = positive(eval(layers, {**vars(nn), **globals()}))(x)
    place = [size // 2 for size in y.shape[2:]]
    place[AXES[axis] - 2] = int(output)
    return read(x, y, (slice(None), *place), AXES[axis])


def line_of_permuted(input, layers, unit, axis):
    x = ones([int(size) for size in input.split("x")])
    y = positive(eval(layers, {**vars(nn), **globals()}))(x)
    return read(x, y, [int(n) for n in unit.split(",")], AXES[axis])


def table(name, asked):
    path = FOLDER / "trace" / name
    head, *lines = path.read_text().splitlines()
    rows = [head]
    for line in lines:
        question = line.split("\t")[:4]
        found = asked(*question)
        rows.append("\t".join([*question, str(found[0]), str(found[-1])]))
    path.write_text("\n".join(rows) + "\n")


def chain(name, end):
    """The windows of a print, one behind the other."""
    layers, path = nn.Sequential(), []
    for line in (FOLDER / "oracles/pytorch_prints" / (name + ".txt")).read_text().splitlines()[1:-1]:
        depth, child, layer = re.match(r"(?: {2})*", line).end() // 2, *re.match(r" *\(?(\w*)\)?:? ?(.*)", line).groups()
        path[depth - 1 :] = [child]
        if re.match(r"(Conv|MaxPool|AvgPool)2d", layer):
            layers.append(eval("nn." + layer))
        if ".".join(path) == end:
            return layers
    raise ValueError(end)


def network(name, end):
    kind, _, bare = name.rpartition(":")
    if kind == "hand":
        built = positive(chain(bare, end))
        return built, built
    bare, without, _ = bare.partition("_noaux")
    options = {"aux_logits": False, "init_weights": False} if without else {}
    built = positive(models.get_model(bare, weights=None, **options))
    return built, built.get_submodule(end)


def field(name, path, input_height):
    whole, last = network(name, path)

    def stop(module, inputs, output):
        raise Reached(output)

    last.register_forward_hook(stop)
    first = next(layer for layer in whole.modules() if isinstance(layer, nn.Conv2d))
    x = ones((1, first.in_channels, input_height, NARROW))
    try:
        whole(x)
    except Reached as reached:
        (y,) = reached.args
    middle = y.shape[2] // 2
    rows, next_rows = (read(x, y, (slice(None), row, slice(None)), 2) for row in (middle, middle + 1))
    stride = next_rows[0] - rows[0]
    return {
        "path": path,
        "input_height": input_height,
        "map_height": y.shape[2],
        "size": rows[-1] - rows[0] + 1,
        "stride": stride,
        "start": rows[0] - middle * stride,
        "cut": rows[0] == 0 or rows[-1] == input_height - 1,
    }


def main():
    torch.set_num_threads(1)
    table("gradients.tsv", line_of_gradients)
    table("permuted.tsv", line_of_permuted)
    path = FOLDER / "oracles/receptive_fields.json"
    asked = json.loads(path.read_text())
    answers = {name: field(name, each["path"], each["input_height"]) for name, each in asked.items()}
    path.write_text(json.dumps(answers, indent=1) + "\n")


main()

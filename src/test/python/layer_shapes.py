"""Asks PyTorch anew for the shapes of layers: the questions stay as they are in the tables, the answers are made.

Run in the project's folder with torch 2.13:
    python src/test/python/layer_shapes.py

A new question is a line without an answer; then the test's number of rows changes too.

oracles/random_layers.tsv            input, layer, and the answer: its output in eval mode, or "error"
oracles/leaves.tsv                   input, layer, and the answer: its print before it runs, its output, its parameters
layer/pytorch-more-layers.tsv        input, kind, arguments, and the answer: as in random_layers.tsv

Random questions were drawn once, by a generator that is not kept; left out were those which PyTorch answers with
an axis of size 0, since ConvLens rejects an empty output. random_layers_nd.py has its generator.
"""

import pathlib
import warnings

import torch
from torch import nn

FOLDER = pathlib.Path("src/test/resources/io/github/convlens")


def sizes(text):
    return [int(size) for size in text.split("x")]


def output(layer, input):
    with torch.no_grad():
        return str(list(layer.eval()(torch.zeros(sizes(input))).shape))


def answer(call, input):
    """Of a layer that call() makes."""
    try:
        return output(call(), input)
    except (RuntimeError, ValueError, NotImplementedError, IndexError):
        return "error"


def random_layer(line):
    input, call = line.split("\t")[:2]
    if input == "input":
        return line
    return "\t".join([input, call, answer(lambda: eval(call), input)])


def leaf(line):
    input, call = line.split("\t")[:2]
    if input == "input":
        return line
    layer = eval(call)
    text = str(layer)
    shape = output(layer, input)
    return "\t".join([input, call, text, shape, str(sum(p.numel() for p in layer.parameters()))])


def more_layer(line):
    if line.startswith("#"):
        return line
    input, kind, arguments = line.split("\t")[:3]
    given = dict(each.split("=", 1) for each in arguments.split(" "))
    return "\t".join([input, kind, arguments, answer(lambda: KINDS[kind](given), input)])


def numbers(text):
    """Of 3x4, Nonex2 or 1,2,-3."""
    return [None if n == "None" else int(n) for n in text.replace("x", ",").split(",")]


def window(given):
    return {key: tuple(numbers(given[key])) for key in ("stride", "padding", "dilation")}


def upsample(given):
    corners = {"None": None, "True": True, "False": False}[given["corners"]]
    if "size" in given:
        return nn.Upsample(size=tuple(numbers(given["size"])), mode=given["mode"], align_corners=corners)
    factors = tuple(float(factor) for factor in given["factor"].split("x"))
    return nn.Upsample(scale_factor=factors, mode=given["mode"], align_corners=corners)


def average_pool(given):
    of = {key: value for key, value in window(given).items() if key != "dilation"}
    return nn.AvgPool2d(tuple(numbers(given["kernel"])), **of, ceil_mode=given["ceil"] == "True")


def max_pool(given):
    return nn.MaxPool2d(tuple(numbers(given["kernel"])), **window(given), ceil_mode=given["ceil"] == "True")


def convolution(given):
    channels = int(given["in"]), int(given["out"]), tuple(numbers(given["kernel"]))
    return nn.Conv2d(*channels, **window(given), groups=int(given["groups"]), padding_mode=given["mode"])


def transposed(given):
    channels = int(given["in"]), int(given["out"]), tuple(numbers(given["kernel"]))
    more = tuple(numbers(given["output_padding"]))
    return nn.ConvTranspose2d(*channels, **window(given), output_padding=more, groups=int(given["groups"]))


PADS = {"zeros": nn.ZeroPad2d, "reflect": nn.ReflectionPad2d, "replicate": nn.ReplicationPad2d, "circular": nn.CircularPad2d}
ADAPTIVE = {"average": nn.AdaptiveAvgPool2d, "maximum": nn.AdaptiveMaxPool2d}
KINDS = {
    "upsample": upsample,
    "shuffle": lambda given: nn.PixelShuffle(int(given["factor"])),
    "pad": lambda given: PADS[given["mode"]](tuple(numbers(given["sides"]))),
    "flatten": lambda given: nn.Flatten(int(given["start"]), int(given["end"])),
    "unflatten": lambda given: nn.Unflatten(int(given["dim"]), tuple(numbers(given["sizes"]))),
    "group": lambda given: nn.GroupNorm(int(given["groups"]), int(given["channels"])),
    "layernorm": lambda given: nn.LayerNorm(numbers(given["shape"])),
    "adaptive": lambda given: ADAPTIVE[given["kind"]](tuple(numbers(given["size"]))),
    "maxpool": max_pool,
    "avgpool": average_pool,
    "conv": convolution,
    "transposed": transposed,
    "linear": lambda given: nn.Linear(int(given["in"]), int(given["out"])),
    "prelu": lambda given: nn.PReLU(int(given["slopes"])),
}


def main():
    warnings.simplefilter("ignore")
    torch.set_num_threads(1)
    for name, asked in (
        ("oracles/random_layers.tsv", random_layer),
        ("oracles/leaves.tsv", leaf),
        ("layer/pytorch-more-layers.tsv", more_layer),
    ):
        table = FOLDER / name
        table.write_text("".join(asked(line) + "\n" for line in table.read_text().splitlines()))


main()

"""Asks PyTorch anew for what layers compute: the questions stay as they are in the tables, the numbers are made.

Run in the project's folder with torch 2.13:
    python src/test/python/layer_values.py

A new question is a line without an answer; then the test's number of rows changes too. All is in eval mode.

oracles/values.tsv           layer, the number that all its weights have (its biases are 0) or "-" for those that it is
                             born with, output, its values in float32; the header has the numbers of the input
engine/pytorch_values.tsv    layer, input, output, its values in float64; the header has the numbers of all arrays
"""

import pathlib
import warnings

import torch
from torch import nn

FOLDER = pathlib.Path("src/test/resources/io/github/convlens")


def text(shape):
    return "x".join(str(size) for size in shape)


def rule(shape, factor, modulus, shift, divisor, dtype):
    """((factor i) mod modulus + shift) / divisor"""
    numbers = torch.arange(torch.Size(shape).numel()) * factor % modulus + shift
    return (numbers.to(dtype) / divisor).reshape(shape)


def plain(line):
    call, weights = line.split("\t")[:2]
    if call == "notation":
        return line
    layer = eval(call).eval()
    x = rule((1, 4, 5, 7), 7919, 97, -48, 16, torch.float32)
    with torch.no_grad():
        if weights != "-":
            for name, array in layer.named_parameters():
                array.fill_(0 if name.endswith("bias") else float(weights))
        y = layer(x)
    return "\t".join([call, weights, text(y.shape), " ".join("%.6g" % v for v in y.flatten().tolist())])


def ruled(line):
    if line.startswith("#"):
        return line
    call, input = line.split("\t")[:2]
    layer = eval(call).double().eval()
    with torch.no_grad():
        for name, array in layer.state_dict().items():
            if not name.endswith("num_batches_tracked"):
                array.copy_(rule(array.shape, 7, 11, 1 if name.endswith("running_var") else -5, 4, torch.float64))
        y = layer(rule([int(size) for size in input.split("x")], 5, 13, -6, 4, torch.float64))
    return "\t".join([call, input, text(y.shape), " ".join("%.10g" % v for v in y.flatten().tolist())])


def main():
    warnings.simplefilter("ignore")
    torch.set_num_threads(1)
    for name, asked in (("oracles/values.tsv", plain), ("engine/pytorch_values.tsv", ruled)):
        table = FOLDER / name
        table.write_text("".join(asked(line) + "\n" for line in table.read_text().splitlines()))


main()

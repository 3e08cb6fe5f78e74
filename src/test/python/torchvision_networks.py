"""Makes what torchvision's networks are to PyTorch, in eval mode: nets.tsv, layers.tsv and pytorch_prints of oracles.

Run in the project's folder with torch 2.13 and torchvision 0.28:
    python src/test/python/torchvision_networks.py

nets.tsv              network, input, parameters, multiply-adds (FlopCounterMode's flops / 2) and the smallest square
                      input of two pictures that does not fail
layers.tsv            network, module without children, its class, its output, in the order of execution: of 1x3x224x224,
                      then of 2x3xNxN, N from 1 up to the first that does not fail, with what ran until then
pytorch_prints/*.txt  what print(network) shows; those of hand-written networks (HAND) were printed by their authors'
                      programs and stay, those of whole_networks.py's own networks are made there
"""

import pathlib

import torch
from torch.utils.flop_counter import FlopCounterMode
from torchvision import models

ORACLES = pathlib.Path("src/test/resources/io/github/convlens/oracles")
NETS = ["alexnet", "vgg11", "vgg16", "squeezenet1_0", "resnet18", "resnet50", "mobilenet_v2"]
LAYERS = ["alexnet", "vgg16", "resnet18", "squeezenet1_0"]
PRINTS = NETS + ["resnet34", "densenet121", "googlenet", "mnasnet0_5", "resnext50_32x4d"]


def network(name):
    options = {"init_weights": False} if name == "googlenet" else {}
    with torch.device("meta"):
        return models.get_model(name, weights=None, **options).eval()


def text(shape):
    return "x".join(str(size) for size in shape)


def run(built, *shape):
    """The layers that ran, and whether all did."""
    ran = []
    hooks = [
        module.register_forward_hook(lambda m, x, y, path=path: ran.append((path, type(m).__name__, text(y.shape))))
        for path, module in built.named_modules()
        if next(module.children(), None) is None
    ]
    try:
        built(torch.empty(shape, device="meta"))
        return ran, True
    except (RuntimeError, ValueError):
        return ran, False
    finally:
        for hook in hooks:
            hook.remove()


def runs(built):
    """On 2x3xNxN until one does not fail."""
    size = 1
    while True:
        ran, whole = run(built, 2, 3, size, size)
        yield size, ran
        if whole:
            return
        size += 1


def net(name):
    built = network(name)
    with FlopCounterMode(display=False) as flops:
        built(torch.empty(1, 3, 224, 224, device="meta"))
    smallest = [size for size, ran in runs(built)][-1]
    parameters = sum(p.numel() for p in built.parameters())
    return [name, "1x3x224x224", parameters, flops.get_total_flops() // 2, smallest]


def layers(name):
    built = network(name)
    yield from run(built, 1, 3, 224, 224)[0]
    for size, ran in runs(built):
        yield from ran


def write(name, rows):
    lines = ["\t".join(str(cell) for cell in row) for row in rows]
    (ORACLES / name).write_text("\n".join(lines) + "\n")


def main():
    torch.set_grad_enabled(False)
    head = ["net", "input", "parameters", "macs", "smallest_square_input"]
    write("nets.tsv", [head] + [net(name) for name in NETS])
    rows = [[name, *layer] for name in LAYERS for layer in layers(name)]
    write("layers.tsv", [["net", "module", "type", "output"]] + rows)
    for name in PRINTS:
        (ORACLES / "pytorch_prints" / (name + ".txt")).write_text(str(network(name)) + "\n")


main()

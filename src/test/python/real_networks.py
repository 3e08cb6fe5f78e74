"""Asks PyTorch anew about the networks of oracles/prints/nets.json.gz; the names, families and inputs stay.

Run in the project's folder with torch 2.13, torchvision 0.28 and timm 1.0.29 (some minutes, 3 GB):
    python src/test/python/real_networks.py [NAME ...]

With names it asks about those alone, which may be new: {"NAME": {"family": ..., "input": [[1, 3, 224, 224]],
"dtype": "float32"}} is enough of an entry. Names with "timm:" are timm's, those with "hand:" were written by other
people, whose programs are not here: their entries stay. The others are torchvision's, "_noaux" without auxiliary
heads, ".backbone" what detection begins with. Of an entry

print                 what print(network) shows, in eval mode
input, dtype          the shapes of the inputs, and their type
output, output_keys   the shapes of all arrays that come out, and their names if they are a dict's
parameters            their number; parameters_not_run: of those of modules that eval mode does not call
macs                  FlopCounterMode's flops / 2
leaves                path, class, output shapes, parameters, multiply-adds of each module without children (and of
                      nn.MultiheadAttention) in the order of execution; numbers only where it runs first
alt                   at another size, for one picture: input, output, macs, leaves (path, shape), or the error
aliases               paths of modules that stand under several
"""

import gzip
import json
import pathlib
import sys
import warnings

import timm
import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode
from torchvision import models

FILE = pathlib.Path("src/test/resources/io/github/convlens/oracles/prints/nets.json.gz")
ON_THE_CPU = ["timm:efficientvit_b0"]  # it asks for autocast, which "meta" has not


def created(name):
    if name.startswith("timm:"):
        return timm.create_model(name[5:])
    name, _, backbone = name.partition(".")
    name, without, _ = name.partition("_noaux")
    options = {"aux_logits": False, "init_weights": False} if without else {}
    if name in models.list_models(module=models.segmentation) + models.list_models(module=models.detection):
        options["weights_backbone"] = None
    whole = models.get_model(name, weights=None, **options)
    return whole.backbone if backbone else whole


def network(name):
    """On the device "meta", where no numbers are, if the network can be created there."""
    try:
        with torch.device("meta"):
            return created(name).eval()
    except (RuntimeError, NotImplementedError):
        return created(name).eval().to("meta")


def shapes(output):
    """Of all arrays in it."""
    if torch.is_tensor(output):
        return [list(output.shape)]
    if isinstance(output, dict):
        return shapes(list(output.values()))
    if isinstance(output, (list, tuple)):
        return [shape for part in output for shape in shapes(part)]
    return []


def leaves(built):
    """Modules without children, and attentions, whose parts are not called as modules."""
    whole = []
    for path, module in built.named_modules():
        attention = isinstance(module, nn.MultiheadAttention)
        if attention or next(module.children(), None) is None:
            if not any(path.startswith(outer + ".") for outer in whole):
                yield path, module
        if attention:
            whole.append(path)


def run(built, input):
    """Output, leaves, multiply-adds, and the modules that were called."""
    rows, called, macs, hooks = [], set(), {}, []
    with FlopCounterMode(display=False) as flops:

        def enter(module, arguments):
            called.update(module.modules() if isinstance(module, nn.MultiheadAttention) else [module])

        def start(path, arguments):
            macs[path] = macs.get(path, 0) - flops.get_total_flops() // 2

        def end(path, module, output):
            macs[path] += flops.get_total_flops() // 2
            made = shapes(output)
            parameters = sum(p.numel() for p in module.parameters())
            rows.append([path, type(module).__name__, made[0] if len(made) == 1 else made, parameters, 0])

        for module in built.modules():
            hooks.append(module.register_forward_pre_hook(enter))
        for path, module in leaves(built):
            hooks.append(module.register_forward_pre_hook(lambda m, a, path=path: start(path, a)))
            hooks.append(module.register_forward_hook(lambda m, a, y, path=path: end(path, m, y)))
        try:
            output = built(input)
        finally:
            for hook in hooks:
                hook.remove()
    for row in rows:
        if row[0] in macs:
            row[4] = macs.pop(row[0])
        else:
            row[3] = 0
    return output, rows, flops.get_total_flops() // 2, called


def elsewhere(built, shape, device):
    other = [*shape[:2], shape[2] + 17, shape[3] - 9]
    try:
        output, rows, macs, _ = run(built, torch.zeros(other, device=device))
    except Exception as e:
        return {"input": [other], "error": f"{type(e).__name__}: {str(e)[:160]}".replace("\n", " ")}
    return {"input": [other], "output": shapes(output), "macs": macs, "leaves": [[row[0], row[2]] for row in rows]}


def entry(name, asked):
    (shape,) = asked["input"]
    device = "cpu" if name in ON_THE_CPU else "meta"
    built = created(name).eval() if device == "cpu" else network(name)
    output, rows, macs, called = run(built.requires_grad_(False), torch.zeros(shape, device=device))
    paths, owners = {}, {}
    for path, module in built.named_modules(remove_duplicate=False):
        paths.setdefault(module, []).append(path)
        for parameter in module.parameters(recurse=False):
            owners.setdefault(parameter, []).append(module)
    return {
        "family": asked["family"],
        "input": asked["input"],
        "dtype": asked["dtype"],
        "output": shapes(output),
        "output_keys": list(output) if isinstance(output, dict) else None,
        "parameters": sum(p.numel() for p in owners),
        "macs": macs,
        "parameters_not_run": sum(p.numel() for p, modules in owners.items() if not called.intersection(modules)),
        "leaves": rows,
        "print": str(built),
        "alt": elsewhere(built, shape, device) if len(shape) == 4 and min(shape[2:]) >= 32 else None,
        "aliases": {each[0]: each for each in paths.values() if len(each) > 1},
    }


def main():
    warnings.simplefilter("ignore")
    torch.set_grad_enabled(False)
    networks = json.loads(gzip.decompress(FILE.read_bytes()))
    for name in sys.argv[1:] or networks:
        if not name.startswith("hand:"):
            networks[name] = entry(name, networks[name])
    text = json.dumps(networks, separators=(",", ":"))
    FILE.write_bytes(gzip.compress(text.encode(), 9, mtime=0))


if __name__ == "__main__":
    main()

"""Writes torchvision's networks as exported programs into a folder, for any batch, but those there.

    python programs.py FOLDER
"""

import pathlib
import sys

import torch
import torchvision

folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
for name in ("resnet18", "efficientnet_b0", "resnet50"):
    file = folder / f"{name}.pt2"
    if not file.exists():
        net = getattr(torchvision.models, name)().eval()
        batch = {0: torch.export.Dim("batch")}
        program = torch.export.export(net, (torch.rand(2, 3, 224, 224),), dynamic_shapes=(batch,))
        torch.export.save(program, file)

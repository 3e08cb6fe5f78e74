"""Makes the files of program: small state dicts as torch.save and safetensors write them.

Run in the project's folder with torch 2.13 and safetensors:
    python src/test/python/state_dict_files.py

With an argument, CHECK, it looks at what ConvLens wrote into that folder: state.safetensors and state.npz.
"""

import pathlib
import sys

import numpy
import safetensors.torch
import torch

folder = pathlib.Path("src/test/resources/io/github/convlens/program")


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = torch.nn.Conv2d(2, 3, (1, 2))
        self.bn = torch.nn.BatchNorm2d(3)
        self.halves = torch.nn.Parameter(torch.arange(3).to(torch.float16))
        self.register_buffer("brain", torch.tensor([[1.5, -2.25]], dtype=torch.bfloat16))
        self.register_buffer("mask", torch.tensor([True, False, True]))
        self.register_buffer("turned", torch.arange(6.0, dtype=torch.float64).reshape(2, 3).T)
        self.tied = self.conv.weight


torch.manual_seed(0)
state = Net().state_dict()
if len(sys.argv) == 1:
    torch.save(state, folder / "state.pth")
    torch.save(Net(), folder / "whole.pth")
    torch.save({"epoch": 3, "state_dict": state}, folder / "checkpoint.pth")
    complexes = torch.randn(4, dtype=torch.complex64)
    torch.save({"a": complexes, "b": complexes.conj()}, folder / "conj.pth")
    torch.save({"a": complexes.conj().imag}, folder / "neg.pth")
    flat = {name: array.clone().contiguous() for name, array in state.items()}
    safetensors.torch.save_file(flat, folder / "state.safetensors")
else:
    check = pathlib.Path(sys.argv[1])
    loaded = safetensors.torch.load_file(check / "state.safetensors")
    print(Net().load_state_dict(loaded))
    assert set(loaded) == set(state)
    for name, array in state.items():
        assert array.dtype == loaded[name].dtype and torch.equal(array, loaded[name]), name
    npz = numpy.load(check / "state.npz")
    for name, array in state.items():
        if name != "brain":
            assert npz[name].shape == array.shape and (npz[name] == array.numpy()).all(), name
    print("equal")

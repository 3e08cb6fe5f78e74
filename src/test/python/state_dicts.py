"""Makes layer/state-dicts.tsv: what state_dict() of layers holds, a layer and its names and sizes in each line.

Run in the project's folder with torch 2.13:
    python src/test/python/state_dicts.py
"""

import pathlib

import torch
from torch import nn

FILE = pathlib.Path("src/test/resources/io/github/convlens/layer/state-dicts.tsv")

LAYERS = """
nn.Conv1d(4, 6, 3)
nn.Conv2d(4, 6, (3, 5), groups=2)
nn.Conv3d(2, 3, 3, bias=False)
nn.ConvTranspose1d(4, 6, 3)
nn.ConvTranspose2d(4, 6, (3, 5), groups=2, bias=False)
nn.ConvTranspose3d(2, 3, (1, 2, 3))
nn.Linear(7, 5)
nn.Linear(7, 5, bias=False)
nn.BatchNorm1d(5)
nn.BatchNorm2d(5, affine=False)
nn.BatchNorm3d(5, track_running_stats=False)
nn.BatchNorm2d(5, affine=False, track_running_stats=False)
nn.SyncBatchNorm(5)
nn.GroupNorm(2, 6)
nn.GroupNorm(2, 6, affine=False)
nn.LayerNorm(6)
nn.LayerNorm((3, 4), bias=False)
nn.LayerNorm((3, 4), elementwise_affine=False)
nn.RMSNorm(6)
nn.RMSNorm((2, 3), elementwise_affine=False)
nn.InstanceNorm2d(5)
nn.InstanceNorm1d(5, affine=True)
nn.InstanceNorm3d(5, affine=True, track_running_stats=True)
nn.PReLU()
nn.PReLU(5)
nn.Embedding(10, 3)
nn.MultiheadAttention(6, 2)
nn.MultiheadAttention(6, 2, bias=False)
nn.MultiheadAttention(6, 2, kdim=4, vdim=5)
nn.LSTM(3, 4)
nn.LSTM(3, 5, num_layers=2, bidirectional=True, proj_size=2)
nn.LSTM(3, 5, bias=False, proj_size=2)
nn.GRU(3, 4, num_layers=2, bias=False)
nn.RNN(3, 4, bidirectional=True)
nn.ReLU()
nn.Dropout(0.1)
nn.MaxPool2d(2)
nn.Flatten()
""".strip().splitlines()

lines = []
for layer in LAYERS:
    state = eval(layer).state_dict()
    lines.append(layer + "\t" + "; ".join(f"{name} {list(array.shape)}" for name, array in state.items()))
FILE.write_text("\n".join(lines) + "\n")

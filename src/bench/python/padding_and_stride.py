"""The four experiments of `convlens lesson padding-and-stride`, in PyTorch."""

import torch
from torch import nn


def comp_conv2d(conv2d, X):
    X = X.reshape((1, 1) + X.shape)
    Y = conv2d(X)
    return Y.reshape(Y.shape[2:])


X = torch.rand(size=(8, 8))
for layer in (
    nn.Conv2d(1, 1, kernel_size=3, padding=1),
    nn.Conv2d(1, 1, kernel_size=(5, 3), padding=(2, 1)),
    nn.Conv2d(1, 1, kernel_size=3, padding=1, stride=2),
    nn.Conv2d(1, 1, kernel_size=(3, 5), padding=(0, 1), stride=(3, 4)),
):
    print(list(comp_conv2d(layer, X).shape))

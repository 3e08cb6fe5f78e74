"""Counts by PyTorch how many windows of Bounds.DEFAULT make one size of another: numbers of SolverTest.

Every layer of the box is run on the device "meta", on one axis. Run with torch 2.13.
"""

import torch
from torch.nn import functional as F

KERNEL, STRIDE, DILATION, PADDING = 64, 32, 4, 32
CASES = [
    ("CONVOLUTION", 224, 56), ("CONVOLUTION", 8, 8), ("CONVOLUTION", 5, 3), ("POOL", 224, 112),
    ("CEIL_POOL", 13, 7), ("CEIL_POOL", 54, 27), ("TRANSPOSED_CONVOLUTION", 3, 6),
    ("TRANSPOSED_CONVOLUTION", 3, 5), ("TRANSPOSED_CONVOLUTION", 7, 14),
]


def size(kind, x, kernels, kernel, stride, padding, dilation, wanted):
    if kind == "CONVOLUTION":
        return F.conv1d(x, kernels[kernel], None, stride, padding, dilation).shape[2]
    if kind == "TRANSPOSED_CONVOLUTION":
        plain = (x.shape[2] - 1) * stride - 2 * padding + dilation * (kernel - 1) + 1
        more = min(max(stride, dilation) - 1, max(0, wanted - plain))
        return F.conv_transpose1d(x, kernels[kernel], None, stride, padding, more, 1, dilation).shape[2]
    return F.max_pool1d(x, kernel, stride, padding, dilation, kind == "CEIL_POOL").shape[2]


def count(kind, given, wanted):
    x = torch.empty(1, 1, given, device="meta")
    kernels = [torch.empty(1, 1, k, device="meta") for k in range(KERNEL + 1)]
    found = 0
    for kernel in range(1, KERNEL + 1):
        for padding in range(PADDING + 1):
            for dilation in range(1, DILATION + 1):
                for stride in range(1, STRIDE + 1):
                    try:
                        found += size(kind, x, kernels, kernel, stride, padding, dilation, wanted) == wanted
                    except RuntimeError:
                        pass  # PyTorch has no such layer, or it does not fit
    return found


for case in CASES:
    print(*case, count(*case), sep=", ")

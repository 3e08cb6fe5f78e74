"""The rule by which tests and oracles give each array of a network its numbers, the array's name alone.

Element i of an array with a name (a parameter's, such as layer1.0.conv1.weight, or "input") is made of
a hash of both, v(name, i) from -1 to 1; see fill() for what a parameter makes of it.
"""

import math
import zlib

import numpy
import torch


def numbers(name, shape):
    mask = numpy.uint64(0xFFFFFFFF)
    i = numpy.arange(math.prod(shape), dtype=numpy.uint64)
    h = (i * numpy.uint64(2654435761) + numpy.uint64(zlib.crc32(name.encode()))) & mask
    h = ((h ^ (h >> numpy.uint64(16))) * numpy.uint64(0x45D9F3B)) & mask
    h = h ^ (h >> numpy.uint64(16))
    return torch.from_numpy(h.astype(numpy.float64) / 2**31 - 1).reshape(shape)


def fill(network):
    """Weights so large that a ReLU behind each keeps the size of the numbers, all else near 0 or 1."""
    for name, array in network.state_dict().items():
        if name.endswith("num_batches_tracked"):
            continue
        v = numbers(name, array.shape)
        if name.endswith("running_var"):
            v = 1 + 0.5 * v
        elif name.endswith("running_mean") or name.endswith("bias"):
            v = 0.1 * v
        elif array.dim() == 1:
            v = 1 + 0.25 * v
        else:
            v = math.sqrt(6 / (array.numel() / array.shape[0])) * v
        array.copy_(v)

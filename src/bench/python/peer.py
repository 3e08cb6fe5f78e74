"""The peer of src/bench/java: the same work in PyTorch.

    python peer.py FUNCTION THREADS [ARGUMENT...]

prints the seconds that a call of the function takes, one sample a line. Warm-up and samples of about
a second each are those of the harness's full mode. Inference runs without gradients, as ours does.
"""

import sys
import time

import torch
from torch import nn

SAMPLES = 5


def comp_conv2d():
    conv2d = nn.Conv2d(1, 1, kernel_size=3, padding=1)
    X = torch.rand(8, 8)

    def call():
        Y = conv2d(X.reshape((1, 1) + X.shape))
        return Y.reshape(Y.shape[2:])

    return call


def corr2d():
    """d2l's double loop."""
    X, K = torch.rand(64, 64), torch.rand(3, 3)

    def call():
        h, w = K.shape
        Y = torch.zeros((X.shape[0] - h + 1, X.shape[1] - w + 1))
        for i in range(Y.shape[0]):
            for j in range(Y.shape[1]):
                Y[i, j] = (X[i : i + h, j : j + w] * K).sum()
        return Y

    return call


def convolution(channels, size):
    conv2d = nn.Conv2d(channels, channels, kernel_size=3, padding=1)
    X = torch.rand(1, channels, size, size)
    return lambda: conv2d(X)


def conv64():
    return convolution(64, 56)


def conv256():
    return convolution(256, 14)


def layer(notation):
    net, X = eval(notation).eval(), torch.rand(1, 64, 56, 56)
    return lambda: net(X)


def relu():
    X = torch.rand(4)
    return lambda: torch.relu(X)


def matrix_product():
    square = torch.rand(1024, 1024)
    return lambda: square @ square


def shape():
    """What answers the question in Python: the layer on the device that stores nothing."""
    text = "nn.Conv2d(1, 1, kernel_size=(3, 5), padding=(0, 1), stride=(3, 4))"

    def call():
        with torch.device("meta"):
            return eval(text)(torch.empty(1, 1, 8, 8)).shape

    return call


def lenet_epoch():
    net = nn.Sequential(
        nn.Conv2d(1, 6, kernel_size=5, padding=2), nn.Sigmoid(),
        nn.AvgPool2d(kernel_size=2, stride=2),
        nn.Conv2d(6, 16, kernel_size=5), nn.Sigmoid(),
        nn.AvgPool2d(kernel_size=2, stride=2),
        nn.Flatten(),
        nn.Linear(16 * 5 * 5, 120), nn.Sigmoid(),
        nn.Linear(120, 84), nn.Sigmoid(), nn.Linear(84, 10),
    )  # fmt: skip
    pictures, batch = 60 * 256, 256
    data, labels = torch.rand(pictures, 1, 28, 28), torch.arange(pictures) % 10
    optimizer = torch.optim.SGD(net.parameters(), lr=0.9)
    loss = nn.CrossEntropyLoss()

    def call():
        """Loss and accuracy are summed up as DJL's Trainer does."""
        total, right = 0.0, 0
        for chosen in torch.randperm(pictures).split(batch):
            X, y = data[chosen], labels[chosen]
            with torch.enable_grad():
                scores = net(X)
                l = loss(scores, y)
                optimizer.zero_grad()
                l.backward()
            optimizer.step()
            total += float(l)
            right += int((scores.argmax(1) == y).sum())
        return total, right

    return call


def conv_cuda(dtype, memory_format):
    conv2d = nn.Conv2d(256, 256, kernel_size=3, padding=1).to("cuda", dtype)
    conv2d = conv2d.to(memory_format=memory_format)
    X = torch.rand(128, 256, 56, 56, device="cuda", dtype=dtype)
    X = X.to(memory_format=memory_format)

    def call():
        conv2d(X)
        torch.cuda.synchronize()

    return call


def cuda_float32_first():
    return conv_cuda(torch.float32, torch.contiguous_format)


def cuda_float32_last():
    return conv_cuda(torch.float32, torch.channels_last)


def cuda_float16_first():
    return conv_cuda(torch.float16, torch.contiguous_format)


def cuda_float16_last():
    return conv_cuda(torch.float16, torch.channels_last)


def network_forward(name, batch):
    net, X = network(name).eval(), torch.rand(int(batch), 3, 224, 224)
    return lambda: net(X)


def network_step(name, batch):
    """In train mode, as a program's block is trained."""
    net, X = network(name).train(), torch.rand(int(batch), 3, 224, 224)
    y = torch.arange(int(batch))
    optimizer = torch.optim.SGD(net.parameters(), lr=0.001)
    loss = nn.CrossEntropyLoss()

    def call():
        with torch.enable_grad():
            optimizer.zero_grad()
            l = loss(net(X), y)
            l.backward()
        optimizer.step()
        return float(l)

    return call


def load_program(file):
    return lambda: torch.export.load(file).module()


def network(name):
    import torchvision

    return getattr(torchvision.models, name)()


def seconds_of(call, calls):
    start = time.perf_counter()
    for _ in range(calls):
        call()
    return time.perf_counter() - start


def main(function, threads, *arguments):
    torch.set_num_threads(int(threads))
    with torch.no_grad():
        call = globals()[function](*arguments)
        calls = 1
        while (taken := seconds_of(call, calls)) < 1:  # and warm
            calls = max(calls + 1, int(calls * min(10, 1.2 / taken)))
        for _ in range(SAMPLES):
            print(seconds_of(call, calls) / calls)


main(*sys.argv[1:])

"""Makes oracles/conventions.tsv: what torchinfo and fvcore themselves count for layers and networks.

Run in the project's folder with torchinfo main (5c4164f), fvcore 3378afe (0.1.6), torch 2.13, torchvision 0.28:
    python src/test/python/conventions.py

Columns: input, layers or the name of a network, torchinfo's mult-adds, fvcore's flops. Both are those of
the whole batch, in eval mode.
"""

import contextlib
import io
import logging
import pathlib
import warnings

import torch
import torchinfo
import torchvision
from fvcore.nn import FlopCountAnalysis
from torch import nn

FILE = pathlib.Path("src/test/resources/io/github/convlens/oracles/conventions.tsv")
LAYERS = """
2x3x2x2 nn.ConvTranspose2d(3, 1, 2, stride=2)
1x3x2x2 nn.ConvTranspose2d(3, 1, 2, stride=2)
1x32x1x1 nn.ConvTranspose2d(32, 1, (3, 3))
2x4x9 nn.ConvTranspose1d(4, 6, 5, stride=3, bias=False)
2x4x3x5x6 nn.ConvTranspose3d(4, 6, 3, stride=2, groups=2)
2x4x7x5 nn.ConvTranspose2d(4, 6, (3, 5), stride=(2, 3), padding=1, output_padding=1, dilation=2)
2x3x9x7 nn.Conv2d(3, 8, 3, stride=2, padding=1)
2x3x9x7 nn.Conv2d(3, 8, 3, bias=False)
2x6x9x7 nn.Conv2d(6, 8, (3, 1), groups=2)
2x3x9x7 nn.Conv2d(3, 8, 3, padding='same')
2x3x9x7 nn.Conv2d(3, 8, 3, padding='valid')
2x3x9x7 nn.Conv2d(3, 8, 4, padding='same')
2x3x9x7 nn.Conv2d(3, 8, 3, padding=1, padding_mode='reflect')
2x3x9x7 nn.Conv2d(3, 8, 3, padding='same', padding_mode='circular')
2x3x11 nn.Conv1d(3, 8, 3)
2x3x5x6x7 nn.Conv3d(3, 8, 3)
4x10 nn.Linear(10, 7)
4x10 nn.Linear(10, 7, bias=False)
4x6x10 nn.Linear(10, 7)
3x5x4x6 nn.BatchNorm2d(5)
3x5x4x6 nn.BatchNorm2d(5, affine=False)
3x5x4x6 nn.BatchNorm2d(5, track_running_stats=False)
3x5x4x6 nn.BatchNorm2d(5, affine=False, track_running_stats=False)
3x5 nn.BatchNorm1d(5)
3x5x7 nn.BatchNorm1d(5)
3x5x4x6x2 nn.BatchNorm3d(5)
3x6x4x6 nn.GroupNorm(3, 6)
3x6x4x6 nn.GroupNorm(3, 6, affine=False)
3x6x4x6 nn.InstanceNorm2d(6)
3x6x4x6 nn.InstanceNorm2d(6, affine=True)
3x6x4x6 nn.InstanceNorm2d(6, affine=True, track_running_stats=True)
3x6x9 nn.InstanceNorm1d(6, affine=True)
3x7x10 nn.LayerNorm(10)
3x7x10 nn.LayerNorm(10, bias=False)
3x7x10 nn.LayerNorm(10, elementwise_affine=False)
3x7x10 nn.LayerNorm((7, 10))
3x7x10 nn.RMSNorm(10)
3x7x10 nn.RMSNorm(10, elementwise_affine=False)
3x5x4x6 nn.PReLU(5)
3x5x4x6 nn.PReLU()
3x5x4x6 nn.LocalResponseNorm(3)
3x5x4x6 nn.Upsample(scale_factor=2)
3x5x4x6 nn.Upsample(scale_factor=2, mode='bilinear')
3x5x4x6 nn.Upsample(scale_factor=2, mode='bilinear', align_corners=True)
3x5x4x6 nn.Upsample(size=(3, 9), mode='bilinear')
3x5x4x6 nn.Upsample(scale_factor=2, mode='bicubic')
3x5x4x6 nn.Upsample(scale_factor=2, mode='nearest-exact')
3x5x4 nn.Upsample(scale_factor=2)
3x5x4 nn.Upsample(scale_factor=2, mode='linear')
3x5x4x6x2 nn.Upsample(scale_factor=2)
3x5x4x6x2 nn.Upsample(scale_factor=2, mode='trilinear')
3x5x4x6 nn.UpsamplingNearest2d(scale_factor=2)
3x5x4x6 nn.UpsamplingBilinear2d(scale_factor=2)
3x5x4x6 nn.AdaptiveAvgPool2d(1)
3x5x4x6 nn.AdaptiveAvgPool2d((3, 4))
3x5x4x6 nn.AdaptiveMaxPool2d(1)
3x5x9 nn.AdaptiveAvgPool1d(1)
3x5x4x6x2 nn.AdaptiveAvgPool3d(1)
3x5x4x6 nn.MaxPool2d(2)
3x5x4x6 nn.AvgPool2d(2)
3x5x4x6 nn.LPPool2d(2, 2)
3x5x4x6 nn.ReLU()
3x5x4x6 nn.GELU()
3x5x4x6 nn.Softmax(dim=1)
3x5x4x6 nn.Dropout(0.5)
3x5x4x6 nn.ZeroPad2d(1)
3x5x4x6 nn.Flatten()
3x8x4x6 nn.PixelShuffle(2)
3x7x10 nn.LSTM(10, 6, batch_first=True)
3x7x10 nn.LSTM(10, 6, num_layers=2, bidirectional=True)
3x7x10 nn.GRU(10, 6, bias=False)
3x7x10 nn.RNN(10, 6)
2x1x28x28 nn.Sequential(nn.Conv2d(1, 6, 5, padding=2), nn.Sigmoid(), nn.AvgPool2d(2), nn.Conv2d(6, 16, 5), nn.Sigmoid(), nn.AvgPool2d(2), nn.Flatten(), nn.Linear(400, 120), nn.Sigmoid(), nn.Linear(120, 84), nn.Sigmoid(), nn.Linear(84, 10))
""".strip().splitlines()
NETWORKS = ["alexnet", "vgg16", "resnet18", "resnet50", "squeezenet1_0", "googlenet", "densenet121", "mobilenet_v2"]


def costs(network, x):
    network = network.eval()
    summary = torchinfo.summary(network, input_data=x, verbose=0)
    flops = FlopCountAnalysis(network, (x,)).unsupported_ops_warnings(False).total()
    return summary.total_mult_adds, int(flops)


def main():
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    print("input", "layers", "torchinfo", "fvcore", sep="\t")
    for line in LAYERS:
        size, layers = line.split(" ", 1)
        x = torch.rand([int(n) for n in size.split("x")])
        print(size, layers, *costs(eval(layers), x), sep="\t")
    for name in NETWORKS:
        options = {"init_weights": False} if name == "googlenet" else {}
        network = torchvision.models.get_model(name, weights=None, **options)
        print("2x3x224x224", name, *costs(network, torch.rand(2, 3, 224, 224)), sep="\t")


with contextlib.redirect_stdout(io.StringIO()) as made:
    main()
FILE.write_text(made.getvalue())

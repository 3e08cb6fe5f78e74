"""Makes engine/states: small networks with numbers of their own, with each kind of layer that has numbers.

Run in the project's folder with torch 2.13, torchvision 0.28 and safetensors:
    python src/test/python/printed_states.py

NAME.txt is the print, NAME.safetensors the state dict, NAME.npz has x and what comes out in eval mode, y.
"""

from collections import OrderedDict
import numpy as np
import torch
import torchvision
from safetensors.torch import save_file
from torch import nn
from torchvision.models.convnext import LayerNorm2d
from torchvision.models.resnet import BasicBlock


def pictures():
    return nn.Sequential(
        nn.Conv2d(3, 8, 4, padding="same", bias=False), nn.BatchNorm2d(8), nn.PReLU(8),
        nn.Conv2d(8, 12, (3, 5), stride=2, padding=(1, 2), groups=4, padding_mode="reflect"), nn.GroupNorm(3, 12),
        nn.ConvTranspose2d(12, 6, 3, stride=2, padding=1, output_padding=1, groups=2), nn.InstanceNorm2d(6, affine=True),
        nn.PReLU(), nn.ConvTranspose2d(6, 4, 2, bias=False), nn.BatchNorm2d(4, affine=False), LayerNorm2d(4),
        nn.AdaptiveAvgPool2d(2), nn.Flatten(), nn.Linear(16, 6, bias=False), nn.BatchNorm1d(6), nn.LayerNorm(6),
        nn.Linear(6, 5), nn.LayerNorm(5, bias=False))


def sequences():
    return nn.Sequential(OrderedDict(
        conv=nn.Conv1d(3, 6, 3, padding=1), norm=nn.BatchNorm1d(6), act=nn.ReLU(), instance=nn.InstanceNorm1d(6, affine=True),
        mix=nn.Linear(10, 4)))


def volumes():
    return nn.Sequential(OrderedDict(
        conv=nn.Conv3d(2, 4, (2, 3, 3), groups=2), norm=nn.BatchNorm3d(4), act=nn.PReLU(4), pool=nn.AdaptiveAvgPool3d(1),
        flat=nn.Flatten(), head=nn.Linear(4, 3)))


class ResNet(torchvision.models.ResNet):
    """torchvision's, with few channels."""
    def __init__(self):
        nn.Module.__init__(self)
        self.conv1, self.bn1, self.relu = nn.Conv2d(3, 4, 3, padding=1, bias=False), nn.BatchNorm2d(4), nn.ReLU(inplace=True)
        self.maxpool = nn.MaxPool2d(3, 2, 1)
        for i, (before, planes) in enumerate(((4, 4), (4, 5), (5, 6), (6, 7))):
            down = None if i == 0 else nn.Sequential(nn.Conv2d(before, planes, 1, 2, bias=False), nn.BatchNorm2d(planes))
            setattr(self, f"layer{i + 1}", nn.Sequential(BasicBlock(before, planes, 1 if i == 0 else 2, down)))
        self.avgpool, self.fc = nn.AdaptiveAvgPool2d((1, 1)), nn.Linear(7, 5)


NETWORKS = [("pictures", pictures, (2, 3, 12, 10)), ("sequences", sequences, (2, 3, 10)),
            ("volumes", volumes, (2, 2, 4, 5, 6)), ("resnet", ResNet, (2, 3, 32, 24))]


def fill(net, generator):
    for name, array in net.state_dict().items():
        if name.endswith("num_batches_tracked"):
            array.fill_(7)
        elif name.endswith("running_var"):
            array.copy_(torch.rand(array.shape, generator=generator) + 0.5)
        elif array.dim() == 1 or name.endswith("running_mean"):
            array.copy_(torch.randn(array.shape, generator=generator) * 0.5)


def write(folder, name, net, x):
    net.eval()
    with open(f"{folder}/{name}.txt", "w") as file:
        print(net, file=file)
    save_file({key: array.contiguous() for key, array in net.state_dict().items()}, f"{folder}/{name}.safetensors")
    with torch.no_grad():
        np.savez(f"{folder}/{name}.npz", x=x.numpy(), y=net(x).numpy())


def converted(folder, net, x):
    """The same numbers in other types: y of the float32 network that loads them."""
    for kind in (torch.float16, torch.bfloat16, torch.float64):
        name = str(kind).removeprefix("torch.")
        state = {key: array.to(kind) if array.is_floating_point() else array for key, array in net.state_dict().items()}
        save_file(state, f"{folder}/{name}.safetensors")
        other = volumes().eval()
        other.load_state_dict(state)
        with torch.no_grad():
            np.savez(f"{folder}/{name}.npz", x=x.numpy(), y=other(x).numpy())


folder = "src/test/resources/io/github/convlens/engine/states"
for name, make, size in NETWORKS:
    torch.manual_seed(0)
    generator = torch.Generator().manual_seed(1)
    net, x = make(), torch.randn(size, generator=generator)
    fill(net, generator)
    write(folder, name, net, x)
    if name == "volumes":
        converted(folder, net, x)

"""Makes small programs of the usual architectures, and what PyTorch makes of them: oracles/programs.

Run in the project's folder with torch 2.13 and torchvision 0.28:
    python src/test/python/programs.py

NAME.pt2       the exported program; its batch is free, but for networks that drop
NAME.npz       x, outputs y0, y1, ...; of the sum of all outputs, each times its loss_weight0, ..., the gradients dx and
               grad:PARAMETER of some; for networks that do not drop three steps of plain SGD in training mode: learning
               rate 0.05, mean squared errors, always train_x and train_target0, ...; train_losses before each step, and
               trained:NAME, some entries of the state dict behind them
programs.json  of each: input, outputs, parameters, macs (FlopCounterMode's flops / 2), calls in the graph, bytes of the
               file, whether the batch is free, and whether it was trained
"""

import json
import pathlib
import warnings

import numpy
import torch
from exported import save
from torch import nn
from torch.nn import functional as F
from torch.utils.flop_counter import FlopCounterMode
from torchvision import models

FOLDER = pathlib.Path("src/test/resources/io/github/convlens/oracles/programs")


class UNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.d1, self.d2, self.d3 = self.double(3, 6), self.double(6, 12), self.double(12, 20)
        self.u2 = nn.ConvTranspose2d(20, 12, 2, 2)
        self.c2, self.c1 = self.double(24, 12), self.double(18, 6)
        self.head = nn.Conv2d(6, 2, 1)

    @staticmethod
    def double(given, made):
        first = nn.Conv2d(given, made, 3, padding=1, bias=False), nn.BatchNorm2d(made), nn.ReLU(inplace=True)
        return nn.Sequential(*first, nn.Conv2d(made, made, 3, padding=1), nn.ReLU(inplace=True))

    def forward(self, x):
        a = self.d1(x)
        b = self.d2(F.max_pool2d(a, 2))
        c = self.d3(F.max_pool2d(b, 2))
        b = self.c2(torch.cat([b, self.u2(c)], 1))
        u = F.interpolate(b, scale_factor=2, mode="bilinear", align_corners=False)
        return self.head(self.c1(torch.cat([a, u], 1)))


class SEBlockNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 5, stride=2, padding=2, padding_mode="reflect")
        self.gn, self.act = nn.GroupNorm(2, 8), nn.PReLU(8)
        self.fc1, self.fc2 = nn.Linear(8, 4), nn.Linear(4, 8)
        self.dw = nn.Conv2d(8, 8, (3, 5), padding="same", groups=8)
        self.fc, self.drop = nn.Linear(8, 5), nn.Dropout(0.3)

    def forward(self, x):
        x = self.act(self.gn(self.stem(x)))
        w = torch.sigmoid(self.fc2(F.silu(self.fc1(x.mean((2, 3))))))
        x = x + self.dw(x * w[:, :, None, None])
        return self.fc(self.drop(F.adaptive_max_pool2d(x, 1).flatten(1)))


class CRNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Sequential(
            nn.Conv2d(1, 6, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2, 2),
            nn.Conv2d(6, 10, 3, padding=1), nn.BatchNorm2d(10), nn.ReLU(), nn.MaxPool2d((2, 1)),
        )
        self.r = nn.LSTM(10 * 8, 12, bidirectional=True, batch_first=True)
        self.f = nn.Linear(24, 7)

    def forward(self, x):
        x = self.c(x)
        b, c, h, w = x.shape
        return self.f(self.r(x.permute(0, 3, 1, 2).reshape(b, w, c * h))[0])


class Audio1d(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Sequential(
            nn.Conv1d(2, 8, 9, stride=4, padding=4), nn.BatchNorm1d(8), nn.ELU(), nn.Conv1d(8, 12, 3, dilation=2),
            nn.MaxPool1d(2), nn.Hardswish(), nn.AdaptiveAvgPool1d(4), nn.Flatten(), nn.Linear(48, 3),
        )

    def forward(self, x):
        return F.log_softmax(self.c(x), dim=1)


class TwoHeads(nn.Module):
    def __init__(self):
        super().__init__()
        self.t = nn.Sequential(nn.Conv2d(3, 8, 3, 2, 1), nn.LeakyReLU(0.1), nn.Conv2d(8, 8, 3, 2, 1), nn.Mish())
        self.box, self.cls = nn.Conv2d(8, 4, 1), nn.Conv2d(8, 3, 1)

    def forward(self, x):
        y = self.t(x)
        return self.box(y), self.cls(y).sigmoid()


class Generator(nn.Module):
    def __init__(self):
        super().__init__()
        self.m = nn.Sequential(
            nn.ConvTranspose2d(10, 16, 4, 1, 0, bias=False), nn.BatchNorm2d(16), nn.ReLU(True),
            nn.ConvTranspose2d(16, 8, 4, 2, 1, bias=False), nn.InstanceNorm2d(8, affine=True), nn.ReLU(True),
            nn.ConvTranspose2d(8, 3, 3, 2, 1, output_padding=1), nn.Tanh(),
        )

    def forward(self, z):
        return self.m(z)


class SuperRes(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b = nn.Conv2d(1, 8, 5, padding=2), nn.Conv2d(8, 9, 3, padding=1)
        self.p, self.l = nn.PixelShuffle(3), nn.LocalResponseNorm(3)

    def forward(self, x):
        return self.p(self.b(self.l(torch.tanh(self.a(x)))))


class Shared(nn.Module):
    def __init__(self):
        super().__init__()
        self.c, self.i = nn.Conv2d(4, 4, 3, padding=1), nn.Conv2d(3, 4, 1)

    def forward(self, x):
        x = self.i(x)
        return self.c(F.gelu(self.c(F.gelu(self.c(x))))) * 0.5 + x.clamp(min=0)


def vit():
    size = {"image_size": 32, "patch_size": 8, "num_layers": 2, "num_heads": 2, "hidden_dim": 16, "mlp_dim": 32}
    return models.VisionTransformer(**size, num_classes=6)


def densenet():
    return models.DenseNet(growth_rate=4, block_config=(2, 2), num_init_features=8, bn_size=2, num_classes=6)


NETWORKS = {
    "unet": (UNet, (1, 3, 32, 24)),
    "se_reflect_prelu": (SEBlockNet, (2, 3, 17, 21)),
    "audio_conv1d": (Audio1d, (2, 2, 400)),
    "two_outputs": (TwoHeads, (1, 3, 24, 32)),
    "dcgan_generator": (Generator, (2, 10, 1, 1)),
    "pixelshuffle_lrn": (SuperRes, (1, 1, 9, 11)),
    "shared_weights": (Shared, (1, 3, 12, 10)),
    "vit": (vit, (1, 3, 32, 32)),
    "densenet": (densenet, (1, 3, 64, 48)),
    "crnn_lstm": (CRNN, (1, 1, 32, 20)),
}


def fill(model, generator):
    def drawn(array):
        return torch.randn(array.shape, generator=generator)

    for name, array in model.named_parameters():
        spread = 0.5 / max(1, array[0].numel()) ** 0.5 if array.dim() > 1 else 0.1
        array.copy_(drawn(array) * spread + (1.0 if array.dim() == 1 and name.endswith("weight") else 0.0))
    for name, array in model.named_buffers():
        if name.endswith("running_mean"):
            array.copy_(drawn(array) * 0.1)
        if name.endswith("running_var"):
            array.copy_(torch.rand(array.shape, generator=generator) + 0.5)


def outputs(model, x):
    y = model(x)
    return y if isinstance(y, tuple) else (y,)


def ends(names, first):
    return names[:first] + names[-2:]


def gradients(model, x, generator):
    x = x.clone().requires_grad_()
    ys = outputs(model, x)
    weights = [torch.randn(y.shape, generator=generator) for y in ys]
    sum((y * weight).sum() for y, weight in zip(ys, weights)).backward()
    arrays = {"x": x.detach(), "dx": x.grad}
    for i, (y, weight) in enumerate(zip(ys, weights)):
        arrays |= {f"y{i}": y.detach(), f"loss_weight{i}": weight}
    learned = {name: p.grad for name, p in model.named_parameters() if p.grad is not None}
    return arrays | {"grad:" + name: learned[name] for name in ends(list(learned), 3)}


def training(model, x, ys, generator):
    targets = [torch.randn(y.shape, generator=generator) for y in ys]
    if x.shape[0] == 1:
        x, targets = torch.cat([x, -x]), [torch.cat([target, -target]) for target in targets]
    model.train()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
    losses = []
    for _ in range(3):
        optimizer.zero_grad()
        loss = sum(F.mse_loss(y, target) for y, target in zip(outputs(model, x), targets))
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    arrays = {"train_x": x, "train_losses": torch.tensor(losses, dtype=torch.float32)}
    arrays |= {f"train_target{i}": target for i, target in enumerate(targets)}
    state = {name: array for name, array in model.state_dict().items() if array.dtype == torch.float32}
    names = list(state)
    kept = names[:4] + [name for name in names if "running" in name][:2] + names[-2:]
    return arrays | {"trained:" + name: state[name] for name in kept}


def make(name, build, shape):
    generator = torch.Generator().manual_seed(len(name))
    torch.manual_seed(7)
    model = build().eval()
    with torch.no_grad():
        fill(model, generator)
    x = torch.randn(shape, generator=generator)
    drops = any(isinstance(module, nn.Dropout) and module.p > 0 for module in model.modules())
    batch = None if drops else ({0: torch.export.Dim("batch", min=1, max=64)},)
    program = torch.export.export(model, (x if drops else torch.cat([x, x]),), dynamic_shapes=batch)
    save(program, FOLDER / (name + ".pt2"))
    arrays = gradients(model, x, generator)
    with torch.no_grad(), FlopCounterMode(display=False) as flops:
        ys = outputs(model, x)
    if not drops:
        arrays |= training(model, x, ys, generator)
    numpy.savez(FOLDER / (name + ".npz"), **{key: array.detach().numpy() for key, array in arrays.items()})
    return {
        "input": list(shape),
        "outputs": [list(y.shape) for y in ys],
        "parameters": sum(p.numel() for p in model.parameters()),
        "macs": flops.get_total_flops() // 2,
        "calls": sum(node.op == "call_function" for node in program.graph.nodes),
        "bytes": (FOLDER / (name + ".pt2")).stat().st_size,
        "dynamic_batch": not drops,
        "trained": not drops,
    }


def main():
    warnings.simplefilter("ignore")
    made = {name: make(name, *network) for name, network in NETWORKS.items()}
    (FOLDER / "programs.json").write_text(json.dumps(made, indent=1) + "\n")


main()

"""examples/shapes.pt2: a small network that tells six drawn shapes apart, trained here in a minute;
its classes (shapes.txt), and one picture (shape.png), which it was not trained on.
usage: python make_shapes.py FOLDER (torch 2.13, Pillow)"""
import pathlib
import sys
import torch
import torch.nn.functional as F
from PIL import Image
from torch import nn

NAMES = ["disc", "ring", "square", "frame", "cross", "stripe"]


class Shapes(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(1, 12, 3, padding=1, bias=False), nn.BatchNorm2d(12), nn.ReLU(inplace=True))
        self.down = nn.Sequential(nn.Conv2d(12, 24, 3, stride=2, padding=1, bias=False), nn.BatchNorm2d(24))
        self.block = nn.Sequential(nn.Conv2d(24, 24, 3, padding=1, bias=False), nn.BatchNorm2d(24), nn.ReLU(inplace=True),
                                   nn.Conv2d(24, 24, 3, padding=1, bias=False), nn.BatchNorm2d(24))
        self.fc = nn.Linear(24 * 49, 6)

    def forward(self, x):
        x = F.relu(self.down(self.stem(x)))
        x = F.relu(self.block(x) + x)
        return self.fc(F.dropout(F.max_pool2d(x, 2).flatten(1), 0.2, self.training))


def pictures(count, generator):
    """Shapes of the six kinds, in the order of NAMES: anywhere, of any size, in noise."""
    labels = torch.randint(0, 6, (count,), generator=generator)
    row, column, size = (torch.rand(3, count, 1, 1, generator=generator) * torch.tensor([12.0, 12, 5]).view(3, 1, 1, 1)
                         + torch.tensor([8.0, 8, 4]).view(3, 1, 1, 1))
    y, x = torch.meshgrid(torch.arange(28.0), torch.arange(28.0), indexing="ij")
    across, down = (x - column).abs(), (y - row).abs()
    far, wide = (across ** 2 + down ** 2).sqrt(), torch.maximum(across, down)
    kinds = torch.stack([far < size, (far - size).abs() < 1.5, wide < size, (wide - size).abs() < 1.5,
                         (torch.minimum(across, down) < 1.5) & (wide < size), (down < 2) & (across < size)])
    drawn = kinds[labels, torch.arange(count)].float()
    return (drawn * 0.8 + torch.rand(count, 28, 28, generator=generator) * 0.2)[:, None], labels


torch.manual_seed(0)
generator = torch.Generator().manual_seed(0)
model = Shapes()
optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
for step in range(300):
    x, label = pictures(64, generator)
    loss = F.cross_entropy(model(x), label)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
model.eval()
x, label = pictures(2000, generator)
print("accuracy", (model(x).argmax(1) == label).float().mean().item())
program = torch.export.export(model, (x[:2].clone(),), dynamic_shapes=({0: torch.export.Dim("batch")},))
folder = pathlib.Path(sys.argv[1])
torch.export.save(program, folder / "shapes.pt2")
(folder / "shapes.txt").write_text("\n".join(NAMES) + "\n")
ring = x[(label == NAMES.index("ring")).nonzero()[0, 0], 0]
Image.fromarray((ring * 255).round().byte().numpy()).save(folder / "shape.png")

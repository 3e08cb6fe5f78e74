"""Makes dynamic.pt2 (free batch and height), the same in the archive of PyTorch 2.1 to 2.7, and its print.

Run in the project's folder with torch 2.13:
    python src/test/python/dynamic_program.py

It prints what PyTorch makes of two inputs, the numbers of Pt2FileTest. The files are in oracles/programs.
"""

import re
import warnings
import zipfile
warnings.filterwarnings("ignore")
import torch
from exported import save
from torch import nn
from torch._export.serde.serialize import serialize


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 8, 3, padding=1)
        self.b = nn.BatchNorm2d(8)
        self.f = nn.Linear(8, 5)
        self.k = torch.tensor(2.0)
        self.d = nn.Conv2d(3, 8, 3, stride=2, padding=1)

    def forward(self, x):
        z = self.b(self.c(x)).relu()
        B, C, H, W = z.shape
        t = z.reshape(B, C, H * W).transpose(1, 2).reshape(B * H, W, C)
        e = self.d(x)
        return {"a": self.f(t) * self.k, "b": (e, z.view(B, -1, H // 2, W * 2))}


out = "src/test/resources/io/github/convlens/oracles/programs"
torch.manual_seed(0)
model = Net().eval()
batch = torch.export.Dim("batch", min=1, max=64)
height = torch.export.Dim("h", min=4, max=512)
program = torch.export.export(model, (torch.randn(2, 3, 16, 12),), dynamic_shapes=({0: batch, 2: 2 * height},))
with open(f"{out}/dynamic.txt", "w") as text:
    text.write(re.sub(r"# File: .*?/(torch/|src/test/)", r"# File: \1", str(program)))
save(program, f"{out}/dynamic.pt2")
old = serialize(program)
parts = {
    "version": "8.5",
    "serialized_exported_program.json": old.exported_program,
    "serialized_state_dict.pt": old.state_dict,
    "serialized_constants.pt": old.constants,
    "serialized_example_inputs.pt": old.example_inputs,
}
with zipfile.ZipFile(f"{out}/dynamic_old.pt2", "w") as archive:
    for name, part in parts.items():
        archive.writestr(zipfile.ZipInfo(name), part)
torch.export.load(f"{out}/dynamic_old.pt2")  # PyTorch takes it for one of its own
for shape in [(1, 3, 8, 12), (3, 3, 20, 12)]:
    a, (e, v) = (lambda y: (y["a"], y["b"]))(program.module()(torch.zeros(shape)))
    print(shape, [tuple(y.shape) for y in (a, e, v)], float(model.d.weight.sum()), float(model.c.weight[0, 0, 0, 0]))

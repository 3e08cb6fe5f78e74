"""Makes engine/programs: small exported programs for what those of programs.py lack.

Run in the project's folder with torch 2.13:
    python src/test/python/small_programs.py

Each with inputs, outputs (y0, y1, ...) and, where a row ends with True, a pass in training mode: train_y, the
gradients tgrad:NAME of its sum, the state dict after:NAME behind it.
"""

import warnings
warnings.filterwarnings("ignore")
import numpy as np
import torch
import torch.nn.functional as F
from exported import save
from torch import nn
from torch.export import Dim, export
from torch.utils._pytree import tree_leaves

FOLDER = "src/test/resources/io/github/convlens/engine/programs"


def plain():
    return nn.Sequential(nn.Conv2d(3, 8, 3, padding=1), nn.BatchNorm2d(8), nn.ReLU(inplace=True),
                         nn.AdaptiveAvgPool2d(2), nn.Flatten(), nn.Linear(32, 4))


class Constants(nn.Module):
    """Arrays made on the input's device, and constants."""
    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(8, 8)
        self.register_buffer("index", torch.tensor([1, 0, 3]), persistent=False)
        self.register_buffer("mask", torch.tensor([True, False] * 4))

    def forward(self, x):
        zeros = torch.zeros(x.shape[0], 8, device=x.device)
        places = torch.arange(8, device=x.device).float() * self.mask
        most = torch.full((1,), float("inf")).clamp(max=3.0)
        return self.linear(x) + zeros + places + x[:, self.index].sum() + most + torch.tensor([1.0, 2, 3, 4, 5, 6, 7, 8])


class Tokens(nn.Module):
    """Two inputs; a dict with None, whole numbers and truths comes out."""
    def __init__(self):
        super().__init__()
        self.table, self.linear = nn.Embedding(10, 6), nn.Linear(6, 5)

    def forward(self, ids, x):
        h = self.linear(self.table(ids))
        return {"h": h * x, "best": h.argmax(-1), "none": None, "pair": (h.sum(), h > 0)}


class Recurrent(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru, self.rnn = nn.GRU(5, 6, 2, batch_first=True), nn.RNN(6, 4)
        self.norm = nn.InstanceNorm1d(4, affine=True, track_running_stats=True)

    def forward(self, x):
        return self.norm(self.rnn(self.gru(x)[0])[0].transpose(1, 2))


class Norms(nn.Module):
    """A norm that runs twice, and one without running statistics."""
    def __init__(self):
        super().__init__()
        self.a, self.b = nn.BatchNorm1d(4, momentum=0.3), nn.BatchNorm1d(4, track_running_stats=False)
        self.c = nn.Conv1d(4, 4, 1)

    def forward(self, x):
        return self.a(self.c(self.a(self.b(x))))


class Tied(nn.Module):
    """One weight under two names, a parameter in a list, and a layer that is not called."""
    def __init__(self):
        super().__init__()
        self.a, self.b = nn.Linear(4, 4, bias=False), nn.Linear(4, 4, bias=False)
        self.b.weight = self.a.weight
        self.scales, self.unused = nn.ParameterList([nn.Parameter(torch.ones(4))]), nn.Linear(2, 2)

    def forward(self, x):
        return self.b(torch.tanh(self.a(x))) * self.scales[0]


class Cumulative(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm = nn.BatchNorm1d(4, momentum=None)

    def forward(self, x):
        return self.norm(x)


class Sizes(nn.Module):
    """Arithmetic of sizes."""
    def forward(self, x):
        h, w = x.shape[2:]
        y = F.interpolate(F.pad(x, (0, w % 2, 0, max(h % 4, 1))), size=(h * 2, w + 3))
        return torch.cat([y.reshape(y.shape[0], -1)[:, :5], y.mean((1, 2, 3))[:, None] / (h * w)], 1)


class InPlace(nn.Module):
    def forward(self, x):
        y = x.clone()
        y[:, 0] = 0
        y[:, 1:].mul_(2)
        z = y.view(-1)
        z += 1
        return y


class Numbers(nn.Module):
    def forward(self, x):
        return x * 2, x.shape[0] * 2


class Drops(nn.Module):
    def __init__(self):
        super().__init__()
        self.all = nn.Sequential(nn.Dropout(0.5), nn.Dropout2d(0.5), nn.RReLU(), nn.AlphaDropout(0.2))

    def forward(self, x):
        return self.all(x)


class Many(nn.Module):
    def forward(self, x):
        a, b = torch.split(x, [1, 3], 1)
        c = torch.chunk(x, 2, 0)
        values, places = x.max(1)
        e = torch.einsum("bi,bj->bij", x, x)
        q = x.long() % 3
        return (c[0], torch.stack([a.expand(-1, 3), b]), values, places, *torch.topk(x, 2),
                torch.var(x, 1, unbiased=False), e, torch.where(x > 0, x, torch.zeros_like(x)), F.normalize(x, dim=1),
                torch.roll(x, 1, 0), x.to(torch.float64).sum(-1), q, torch.gather(x, 1, q.clamp(min=0)),
                F.scaled_dot_product_attention(x[None], x[None], x[None]), F.one_hot(q.clamp(min=0), 3), x.cumsum(1),
                torch.tril(e), a.squeeze(1), x ** 2, torch.linspace(0, 1, 4), torch.logsumexp(x, 1), x.flip(0),
                x.median(), torch.clamp(x, -1, 1), F.avg_pool1d(x[None], 2), (x > 0) & (x < 1), x @ x.T,
                F.layer_norm(x, (4,)), F.rms_norm(x, (4,)), x.softmax(-1), x.repeat(1, 2), x.unfold(1, 2, 1),
                torch.meshgrid(x[0], x[0], indexing="ij")[0], torch.bincount(q.abs().flatten(), minlength=3))


class Resized(nn.Module):
    def forward(self, x):
        small = F.avg_pool2d(x, 2)
        return F.interpolate(small.transpose(2, 3).transpose(2, 3), size=x.shape[-2:], mode="bilinear")


class Meanings(nn.Module):
    """Operators that had another meaning in older versions of TorchScript."""

    def forward(self, x):
        whole = torch.full((3,), 7)
        return (F.gelu(x, approximate="tanh"), whole / 2, torch.div(whole, 2, rounding_mode="floor"),
                torch.full((2,), True) + 1, torch.logspace(0, 1, 5))


class Draws(nn.Module):
    def forward(self, x):
        return x + torch.randn(2, 3)


class Frozen(nn.Module):
    """A parameter that does not learn, and names that Python would have to escape."""
    def __init__(self):
        super().__init__()
        self.scale = nn.Parameter(torch.randn(4), requires_grad=False)
        self.layers = nn.ModuleDict({'a"]': nn.Linear(4, 4), "b'\n    torch": nn.Linear(4, 3)})
        self.layers['a"]'].bias.requires_grad_(False)

    def forward(self, x):
        for layer in self.layers.values():
            x = layer(x * self.scale)
        return x


def array(tensor):
    return (tensor.float() if tensor.dtype == torch.bfloat16 else tensor).detach().numpy().copy()


def put(name, model, args, trains=False, sizes=None, core=False):
    model = model.eval()
    program = export(model, args, dynamic_shapes=sizes)
    if core:
        program = program.run_decompositions()
    save(program, f"{FOLDER}/{name}.pt2")
    names = [s.arg.name for s in program.graph_signature.input_specs if s.kind.name == "USER_INPUT"]
    arrays = {n: array(a) for n, a in zip(names, args)}
    outputs = [t for t in tree_leaves(model(*args)) if isinstance(t, torch.Tensor)]
    arrays.update({f"y{i}": array(t) for i, t in enumerate(outputs)})
    if trains:
        y = model.train()(*args)
        y.sum().backward()
        arrays["train_y"] = array(y)
        arrays.update({"after:" + k: array(v) for k, v in model.state_dict().items()})
        arrays.update({"tgrad:" + k: array(p.grad) for k, p in model.named_parameters() if p.grad is not None})
    np.savez(f"{FOLDER}/{name}.npz", **arrays)


torch.manual_seed(0)
x = torch.randn(2, 3, 8, 8)
put("float64", plain().double(), (x.double(),), True)
put("float16", plain().half(), (x.half(),))
put("bfloat16", plain().bfloat16(), (x.bfloat16(),), True)
put("core", plain(), (x,), core=True)
put("constants", Constants(), (torch.randn(4, 8),), sizes=({0: Dim("batch")},))
put("tokens", Tokens(), (torch.randint(0, 10, (3, 4)), torch.randn(3, 4, 1)))
put("recurrent", Recurrent(), (torch.randn(3, 7, 5),), True)
put("norms", Norms(), (torch.randn(3, 4, 5),), True)
put("tied", Tied(), (torch.randn(3, 4),), True)
put("cumulative", Cumulative(), (torch.randn(3, 4),))
put("sizes", Sizes(), (torch.randn(2, 3, 9, 11),), sizes=({0: Dim("b"), 2: Dim("h", min=4), 3: Dim("w", min=4)},))
put("in_place", InPlace(), (torch.randn(3, 4),))
put("numbers", Numbers(), (torch.randn(4, 4),), sizes=({0: Dim("b")},))
put("drops", Drops(), (torch.randn(4, 4, 2, 2),))
put("many", Many(), (torch.randn(4, 4),))
put("resized", Resized(), (torch.randn(2, 3, 9, 11),), sizes=({0: Dim("b"), 2: Dim("h", min=4), 3: Dim("w", min=4)},))
put("meanings", Meanings(), (torch.randn(3, 4),))
put("frozen", Frozen(), (torch.randn(3, 4),), True)
save(export(Draws(), (torch.zeros(2, 3),)), f"{FOLDER}/draws.pt2")

"""Makes engine/definitions.tsv: what PyTorch makes of layers in each number type, on the CPU, in eval mode.

Run in the project's folder with torch 2.13:
    python src/test/python/definitions.py

Element i of an input is ((5 i) mod 13 - 6) / 4, of each parameter and running mean ((7 i) mod 11 - 5) / 4,
of each running variance ((7 i) mod 11 + 1) / 4; whole numbers are (5 i) mod 13. All are exact in bfloat16.
A row: layer, shapes of the inputs, which output, number type, shape, distance of the positions, their numbers.
"""

import pathlib
import sys

import torch
from torch import nn
from torch.nn import functional as F

torch.set_num_threads(1)
FILE = pathlib.Path("src/test/resources/io/github/convlens/engine/definitions.tsv")
TYPES = {
    "float64": torch.float64,
    "float32": torch.float32,
    "float16": torch.float16,
    "bfloat16": torch.bfloat16,
}
AXES = {1: (7,), 2: (5, 6), 3: (3, 4, 5)}


def rule(shape, dtype, factor, modulus, shift):
    count = torch.Size(shape).numel()
    numbers = torch.arange(count) * factor % modulus
    return ((numbers + shift).double() / 4).reshape(shape).to(dtype)


def given(shape, dtype):
    return rule(shape, dtype, 5, 13, -6)


def learned(shape, dtype):
    return rule(shape, dtype, 7, 11, -5)


def fill(module, dtype):
    module = module.to(dtype).eval()
    with torch.no_grad():
        for name, each in list(module.named_parameters()) + list(module.named_buffers()):
            if "num_batches" in name:
                continue
            is_variance = name.endswith("running_var")
            each.copy_(rule(each.shape, dtype, 7, 11, 1 if is_variance else -5))
    return module


def blur(x, kernel, stride):
    row = torch.tensor([1.0], dtype=x.dtype)
    for _ in range(kernel - 1):
        row = (F.pad(row, (1, 0)) + F.pad(row, (0, 1))) / 2
    square = (row[:, None] * row[None, :]).expand(x.shape[1], 1, kernel, kernel)
    return F.conv2d(x, square, stride=stride, groups=x.shape[1])


def pad_like(x, y):
    sides = []
    for axis in range(x.dim() - 1, 1, -1):
        more = y.shape[axis] - x.shape[axis]
        sides += [more // 2, more - more // 2]
    return F.pad(x, sides)


def crop_like(x, y):
    for axis in range(2, x.dim()):
        more = x.shape[axis] - y.shape[axis]
        x = x.narrow(axis, more // 2, y.shape[axis])
    return x


def linear_like(x, y):
    mode = {3: "linear", 4: "bilinear", 5: "trilinear"}[x.dim()]
    return F.interpolate(x, size=y.shape[2:], mode=mode)


FUNCTIONS = {
    "attention()": F.scaled_dot_product_attention,
    "blur(3, 2)": lambda x: blur(x, 3, 2),
    "blur(4, 1)": lambda x: blur(x, 4, 1),
    "fit NEAREST": lambda x, y: F.interpolate(x, size=y.shape[2:]),
    "fit LINEAR": linear_like,
    "fit PAD": pad_like,
    "fit CROP": crop_like,
    "fit TOKENS": lambda x, y: x.transpose(1, 2).reshape(x.shape[0], -1, *y.shape[2:]),
    "fit ROWS": lambda x, y: x.reshape(*y.shape[:-1], -1),
    "learned MULTIPLY 4 1 1": lambda x: x * learned((4, 1, 1), x.dtype),
    "learned ADD 1 4 6": lambda x: x + learned((1, 4, 6), x.dtype),
    "learned PREPEND 1 2 5": lambda x: torch.cat([learned((1, 2, 5), x.dtype).expand(len(x), -1, -1), x], 1),
    "learned PROJECT 6 3": lambda x: x @ learned((6, 3), x.dtype),
}


def windows():
    for n, sizes in AXES.items():
        shape = (2, 4, *sizes)
        d = f"{n}d"

        def per(*numbers):
            return "(" + ", ".join(map(str, numbers[-n:])) + ",)"

        yield f"nn.Conv{d}(4, 6, {per(2, 3, 2)}, stride={per(1, 2, 1)}, padding={per(1, 2, 1)}, groups=2)", shape
        yield f"nn.Conv{d}(4, 3, 2, dilation={per(1, 2, 3)}, bias=False)", shape
        yield f"nn.Conv{d}(4, 2, {per(2, 3, 4)}, padding='same')", shape
        for mode in ("reflect", "replicate", "circular"):
            yield f"nn.Conv{d}(4, 2, 3, padding={per(2, 1, 2)}, padding_mode='{mode}')", shape
        yield f"nn.ConvTranspose{d}(4, 6, {per(2, 3, 2)}, stride={per(1, 2, 3)}, padding={per(0, 1, 1)}, groups=2)", shape
        yield f"nn.ConvTranspose{d}(4, 3, 2, stride=2, output_padding=1, dilation={per(2, 1, 3)}, bias=False)", shape
        yield f"nn.MaxPool{d}({per(2, 3, 2)}, stride={per(1, 2, 3)}, padding={per(1, 1, 1)}, ceil_mode=True)", shape
        yield f"nn.MaxPool{d}(2, 1, dilation={per(1, 2, 3)})", shape
        yield f"nn.AvgPool{d}(2, 2, 1, ceil_mode=True)", shape
        yield f"nn.AvgPool{d}(3, 2, 1, ceil_mode=True, count_include_pad=False)", shape
        if n > 1:
            yield f"nn.AvgPool{d}(2, 1, divisor_override=3)", shape
        yield f"nn.AdaptiveAvgPool{d}({per(2, 3, 4)})", shape
        yield f"nn.AdaptiveMaxPool{d}({per(2, 3, 4)})", shape
        yield f"nn.LPPool{d}(2, 2, ceil_mode=True)", shape
        yield f"nn.LPPool{d}(4.0, {3 if n == 1 else per(2, 2, 3)}, stride=1)", shape
        sides = "(" + ", ".join(map(str, [1, 2, 2, 1, 1, 0][: 2 * n])) + ")"
        for kind in ("Zero", "Reflection", "Replication", "Circular"):
            yield f"nn.{kind}Pad{d}({sides})", shape
        yield f"nn.ConstantPad{d}({sides}, 1.5)", shape
        yield f"nn.ConstantPad{d}(-1, 0.5)", shape
        yield f"nn.Upsample(scale_factor=2)", shape
        yield f"nn.Upsample(scale_factor=1.7)", shape
        yield f"nn.Upsample(size={per(7, 9, 11)})", shape
        yield f"nn.Upsample(size={per(7, 9, 11)}, mode='nearest-exact')", shape
        mode = {1: "linear", 2: "bilinear", 3: "trilinear"}[n]
        yield f"nn.Upsample(scale_factor=1.7, mode='{mode}')", shape
        yield f"nn.Upsample(scale_factor=1.7, mode='{mode}', recompute_scale_factor=True)", shape
        yield f"nn.Upsample(size={per(2, 9, 11)}, mode='{mode}', align_corners=True)", shape
        yield f"nn.BatchNorm{d}(4)", shape
        yield f"nn.BatchNorm{d}(4, track_running_stats=False)", shape
        yield f"nn.BatchNorm{d}(4, affine=False, track_running_stats=False, eps=0.1)", shape
        yield f"nn.InstanceNorm{d}(4)", shape
        yield f"nn.InstanceNorm{d}(4, affine=True, eps=0.1)", shape
        yield f"nn.InstanceNorm{d}(4, affine=True, track_running_stats=True)", shape
        yield "nn.GroupNorm(2, 4)", shape
        yield "nn.LocalResponseNorm(3, alpha=0.5, beta=0.6, k=2)", shape
        yield "nn.LocalResponseNorm(2, alpha=0.5)", shape
        yield "nn.PReLU(4)", shape


def large():
    """Positions where kernels of other sizes round otherwise."""
    yield "nn.Upsample(scale_factor=2)", (1, 1, 129)
    yield "nn.Upsample(scale_factor=1.1)", (1, 1, 20)
    yield "nn.Upsample(scale_factor=2.1)", (1, 1, 9)
    yield "nn.Upsample(scale_factor=1.1)", (1, 1, 9, 8)
    yield "nn.Upsample(scale_factor=2.1)", (1, 1, 9, 8)
    yield "nn.Upsample(scale_factor=1.1)", (1, 1, 4, 9, 8)
    yield "nn.Upsample(scale_factor=2.1)", (1, 1, 4, 9, 8)
    yield "nn.Upsample(scale_factor=2.1)", (1, 1, 40, 9, 20)
    yield "nn.Upsample(scale_factor=2.1)", (1, 1, 90, 9)
    yield "nn.Upsample(size=(90, 63))", (1, 1, 30, 45)
    yield "nn.Upsample(size=63)", (1, 1, 45)
    yield "nn.Upsample(size=63, mode='nearest-exact')", (1, 1, 45)
    yield "nn.Upsample(scale_factor=1.1, mode='linear')", (1, 1, 9)
    yield "nn.Upsample(scale_factor=1.1, mode='bilinear')", (1, 1, 9, 8)
    yield "nn.Upsample(scale_factor=1.1, mode='trilinear')", (1, 1, 4, 9, 8)
    yield "nn.Upsample(scale_factor=1.1, mode='bicubic')", (1, 1, 9, 8)


def others():
    yield "nn.Upsample(size=(7, 9), mode='bicubic')", (1, 2, 5, 6)
    yield "nn.Upsample(size=(7, 9), mode='bicubic', align_corners=True)", (1, 2, 5, 6)
    yield "nn.BatchNorm1d(4, track_running_stats=False)", (5, 4)
    yield "nn.CrossMapLRN2d(3, alpha=0.5, beta=0.6, k=2)", (2, 8, 2, 3)
    yield "nn.CrossMapLRN2d(4, alpha=0.5)", (2, 8, 2, 3)
    yield "nn.CrossMapLRN2d(9, alpha=0.5)", (1, 4, 2, 3)
    yield "nn.RMSNorm((6,))", (2, 4, 6)
    yield "nn.RMSNorm((4, 6), eps=0.1)", (2, 4, 6)
    yield "nn.RMSNorm((6,), elementwise_affine=False)", (2, 4, 6)
    yield "nn.LayerNorm((4, 6))", (2, 3, 4, 6)
    yield "nn.LayerNorm((6,), bias=False, eps=0.1)", (2, 4, 6)
    yield "nn.Embedding(13, 5)", (2, 4)
    yield "nn.Linear(6, 5)", (2, 4, 6)
    yield "nn.Linear(6, 5, bias=False)", (3, 6)
    yield "nn.PixelShuffle(2)", (1, 8, 2, 3)
    yield "nn.PixelUnshuffle(2)", (1, 2, 4, 6)
    yield "nn.ChannelShuffle(3)", (1, 6, 2, 3)
    for cell in ("RNN", "LSTM", "GRU"):
        yield f"nn.{cell}(3, 4)", (3, 2, 3)
        yield f"nn.{cell}(3, 4, num_layers=2, bidirectional=True, batch_first=True)", (2, 3, 3)
        yield f"nn.{cell}(3, 2, bias=False)", (4, 3)
    yield "nn.RNN(3, 4, nonlinearity='relu')", (3, 2, 3)
    yield "nn.LSTM(3, 4, num_layers=2, bidirectional=True, proj_size=2)", (3, 2, 3)
    yield "nn.MultiheadAttention(8, 2)", (3, 2, 8), (4, 2, 8), (4, 2, 8)
    yield "nn.MultiheadAttention(8, 4, batch_first=True, bias=False)", (2, 3, 8), (2, 4, 8), (2, 4, 8)
    yield "nn.MultiheadAttention(6, 3, kdim=5, vdim=4, batch_first=True)", (2, 3, 6), (2, 4, 5), (2, 4, 4)
    yield "attention()", (2, 3, 4), (2, 5, 4), (2, 5, 6)
    yield "blur(3, 2)", (1, 2, 7, 8)
    yield "blur(4, 1)", (1, 2, 5, 6)
    for to in ((2, 3, 8), (2, 3, 3)):
        yield "fit NEAREST", (2, 4, 5), to
        yield "fit LINEAR", (2, 4, 5), to
        yield "fit PAD", (2, 4, 5), to
    for to in ((2, 3, 8, 3), (2, 3, 4, 9)):
        yield "fit NEAREST", (2, 4, 5, 6), to
        yield "fit LINEAR", (2, 4, 5, 6), to
        yield "fit PAD", (2, 4, 5, 6), to
    yield "fit LINEAR", (1, 2, 3, 4, 5), (1, 2, 4, 4, 3)
    yield "fit CROP", (2, 4, 5, 6), (2, 3, 2, 3)
    yield "fit TOKENS", (2, 6, 4), (2, 5, 2, 3)
    yield "fit ROWS", (6, 4), (2, 3, 5)
    yield "learned MULTIPLY 4 1 1", (2, 4, 3, 2)
    yield "learned ADD 1 4 6", (2, 4, 6)
    yield "learned PREPEND 1 2 5", (2, 3, 5)
    yield "learned PROJECT 6 3", (2, 4, 6)


def answer(name, shapes, dtype):
    inputs = [given(shape, dtype) for shape in shapes]
    if name in FUNCTIONS:
        return [FUNCTIONS[name](*inputs)]
    module = fill(eval(name), dtype)
    if "Embedding" in name:
        inputs = [(torch.arange(torch.Size(shapes[0]).numel()) * 5 % 13).reshape(shapes[0])]
    output = module(*inputs)
    flat = []
    for each in output if isinstance(output, tuple) else (output,):
        flat += list(each) if isinstance(each, tuple) else [each]
    return flat


def number(x):
    return repr(int(x)) if x == int(x) else repr(x)


def main():
    rows = 0
    with open(FILE, "w") as file:
        file.write("# PyTorch " + torch.__version__.split("+")[0] + "; made by definitions.py, which says how\n")
        for name, *shapes in [*windows(), *large(), *others()]:
            for kind, dtype in TYPES.items():
                try:
                    with torch.no_grad():
                        outputs = answer(name, shapes, dtype)
                except RuntimeError as e:
                    print(kind, name, "refused:", str(e).splitlines()[0], file=sys.stderr)
                    continue
                for index, output in enumerate(outputs):
                    flat = output.double().flatten()
                    step = max(1, flat.numel() // (40 if kind == "float64" else 12)) | 1
                    numbers = " ".join(number(x) for x in flat[::step].tolist() if x == x)
                    if "nan" in str(flat.tolist()):
                        print(kind, name, "has NaN", file=sys.stderr)
                        continue
                    text = ";".join("x".join(map(str, shape)) for shape in shapes)
                    sizes = "x".join(map(str, output.shape))
                    file.write("\t".join([name, text, str(index), kind, sizes, str(step), numbers]) + "\n")
                    rows += 1
    print(rows, "rows")


main()

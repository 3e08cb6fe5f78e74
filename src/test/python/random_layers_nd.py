"""Makes oracles/layers_nd.tsv: what PyTorch makes of random layers in one, two and three axes.

Run in the project's folder with torch 2.13:
    python src/test/python/random_layers_nd.py

A row is a layer as it is called, the shapes of its inputs, the shapes of all its outputs (or "error",
when it was built or when it ran) and its number of parameters. Everything runs in eval mode. Left out
are:
- rows in which PyTorch answers with an axis of size 0: ConvLens rejects an empty output;
- inputs without a batch axis: in ConvLens the first axis is always the batch;
- constant pads of pictures with ZeroPad1d and the like, which PyTorch takes for inputs of any rank and
  ConvLens for theirs only;
- circular pads that cut at one end of an axis and add at the other: PyTorch answers some of them,
  with memory that nothing was written to where what is left is shorter than the padding;
- Upsample(size=(8,)) of pictures and volumes, which PyTorch refuses and ConvLens reads as size=8.
"""

import pathlib
import random
import warnings

import torch
from torch import nn

warnings.filterwarnings("ignore")
torch.manual_seed(0)
torch.set_num_threads(1)
R = random.Random(20261127)
ROWS_OF_A_KIND = 34
MOST = {1: 20, 2: 12, 3: 8}


def some(*choices):
    return R.choice(choices)


def chance(p):
    return R.random() < p


def number(least, most):
    return R.randint(least, most)


def spread(d, least, most):
    """One number for all axes, or a tuple of them."""
    if chance(0.5):
        return number(least, most)
    numbers = tuple(number(least, most) for _ in range(d))
    return numbers if len(numbers) > 1 or chance(0.7) else numbers[0]


def spatial(d, channels, any_rank=True):
    """A batch; now and then with wrong channels or a wrong number of axes."""
    if chance(0.06):
        channels += 1
    if any_rank and chance(0.05):
        d = d + 1 if d > 1 and chance(0.5) else d + 2
    most = MOST.get(d, 4)
    return [(number(1, 3), channels) + tuple(number(1, most) for _ in range(d))]


def call(name, *positional, **named):
    """Arguments that are None are left out."""
    texts = [repr(p) for p in positional]
    texts += [f"{k}={v!r}" for k, v in named.items() if v is not None]
    return f"nn.{name}({', '.join(texts)})"


def maybe(p, make):
    return make() if chance(p) else None


def conv(d):
    groups = some(1, 1, 1, 2, 3)
    cin = groups * number(1, 3) + (1 if chance(0.04) else 0)
    cout = groups * number(1, 3)
    padding = maybe(0.6, lambda: some("same", "valid") if chance(0.25) else spread(d, 0, 3))
    text = call(
        f"Conv{d}d", cin, cout, spread(d, 1, 4),
        stride=maybe(0.4, lambda: spread(d, 1, 3)),
        padding=padding,
        dilation=maybe(0.3, lambda: spread(d, 1, 3)),
        groups=None if groups == 1 else groups,
        bias=maybe(0.3, lambda: False),
        padding_mode=maybe(0.4, lambda: some("zeros", "reflect", "replicate", "circular")))
    return text, spatial(d, cin)


def lazy(d):
    kind = some("Conv", "ConvTranspose", "BatchNorm", "Linear")
    if kind == "BatchNorm":
        return call(f"LazyBatchNorm{d}d", affine=some(None, False)), spatial(d, 3)
    if kind == "Linear":
        return call("LazyLinear", number(1, 4), bias=some(None, False)), spatial(d, 3)
    text = call(f"Lazy{kind}{d}d", number(1, 4), spread(d, 1, 3), bias=some(None, False))
    return text, spatial(d, 3)


def sync(_):
    features = number(1, 3)
    text = call("SyncBatchNorm", features, affine=maybe(0.3, lambda: False))
    return text, spatial(number(0, 3), features)


def transposed(d):
    groups = some(1, 1, 2)
    cin = groups * number(1, 3)
    text = call(
        f"ConvTranspose{d}d", cin, groups * number(1, 3), spread(d, 1, 4),
        stride=maybe(0.6, lambda: spread(d, 1, 3)),
        padding=maybe(0.5, lambda: spread(d, 0, 3)),
        output_padding=maybe(0.4, lambda: spread(d, 0, 2)),
        groups=None if groups == 1 else groups,
        bias=maybe(0.3, lambda: False),
        dilation=maybe(0.3, lambda: spread(d, 1, 3)),
        padding_mode=maybe(0.05, lambda: "reflect"))
    return text, spatial(d, cin)


def max_pool(d):
    text = call(
        f"MaxPool{d}d", spread(d, 1, 4),
        stride=maybe(0.6, lambda: spread(d, 1, 3)),
        padding=maybe(0.5, lambda: spread(d, 0, 2)),
        dilation=maybe(0.3, lambda: spread(d, 1, 2)),
        ceil_mode=maybe(0.4, lambda: True))
    return text, spatial(d, number(1, 3))


def avg_pool(d):
    text = call(
        f"AvgPool{d}d", spread(d, 1, 4),
        stride=maybe(0.6, lambda: spread(d, 1, 3)),
        padding=maybe(0.5, lambda: spread(d, 0, 2)),
        ceil_mode=maybe(0.4, lambda: True),
        count_include_pad=maybe(0.3, lambda: False),
        divisor_override=maybe(0.2, lambda: number(0, 3)) if d > 1 else None)
    return text, spatial(d, number(1, 3))


def lp_pool(d):
    text = call(
        f"LPPool{d}d", some(1, 2, 1.5), spread(d, 1, 4),
        stride=maybe(0.6, lambda: spread(d, 1, 3)),
        ceil_mode=maybe(0.4, lambda: True))
    return text, spatial(d, number(1, 3))


def adaptive(d):
    size = some(
        number(1, 6), None,
        tuple(some(number(1, 6), number(1, 6), None) for _ in range(d)))
    kind = some("Avg", "Max")
    return f"nn.Adaptive{kind}Pool{d}d({size!r})", spatial(d, number(1, 3))


def one_sign(pair):
    return pair if min(pair) >= 0 or max(pair) <= 0 else tuple(abs(n) for n in pair)


def pad(d):
    kind = some("Zero", "Constant", "Reflection", "Replication", "Circular")
    sides = number(-2, 4) if chance(0.3) else tuple(number(-5, 4) for _ in range(2 * d))
    if kind == "Circular" and isinstance(sides, tuple):
        sides = tuple(n for i in range(d) for n in one_sign(sides[2 * i : 2 * i + 2]))
    more = [some(0.5, -1.0, 2)] if kind == "Constant" else []
    return call(f"{kind}Pad{d}d", sides, *more), spatial(
        d, number(1, 3), any_rank=kind not in ("Zero", "Constant"))


def batch_norm(d):
    features = number(1, 4)
    text = call(
        f"BatchNorm{d}d", features,
        eps=maybe(0.2, lambda: 0.001),
        momentum=maybe(0.2, lambda: 0.3),
        affine=maybe(0.3, lambda: False),
        track_running_stats=maybe(0.2, lambda: False))
    if d == 1 and chance(0.4):
        return text, [(number(2, 4), features + (1 if chance(0.1) else 0))]
    return text, spatial(d, features)


def instance_norm(d):
    features = number(1, 4)
    text = call(
        some("", "", "", "Lazy") + f"InstanceNorm{d}d",
        affine=maybe(0.4, lambda: True),
        track_running_stats=maybe(0.3, lambda: True))
    if "Lazy" not in text:  # num_features comes first
        text = text.replace("(", f"({features}" + ("" if text.endswith("()") else ", "), 1)
    return text, spatial(d, features)


def any_shape(least=1, most=5):
    return [tuple(number(1, 5) for _ in range(number(least, most)))]


def group_norm(_):
    groups = number(1, 3)
    channels = groups * number(1, 3) + (1 if chance(0.05) else 0)
    shape = (number(1, 2), channels + (1 if chance(0.08) else 0))
    shape += tuple(number(1, 3) for _ in range(number(0, 3)))
    return call("GroupNorm", groups, channels, affine=maybe(0.3, lambda: False)), [shape]


def layer_norm(_):
    [shape] = any_shape(2)
    last = shape[number(1, len(shape) - 1):]
    if chance(0.15):
        last = last[:-1] + (last[-1] + 1,)
    text = call(
        "LayerNorm", last[0] if len(last) == 1 and chance(0.5) else last,
        elementwise_affine=maybe(0.3, lambda: False),
        bias=maybe(0.3, lambda: False))
    return text, [shape]


def rms_norm(_):
    [shape] = any_shape(2)
    last = shape[number(1, len(shape) - 1):]
    if chance(0.15):
        last = last[:-1] + (last[-1] + 1,)
    text = call(
        "RMSNorm", last[0] if len(last) == 1 and chance(0.5) else last,
        eps=maybe(0.3, lambda: 0.001),
        elementwise_affine=maybe(0.3, lambda: False))
    return text, [shape]


def local_response(_):
    return call("LocalResponseNorm", number(1, 4)), any_shape(2)


def cross_map(_):
    return call("CrossMapLRN2d", number(1, 5)), any_shape(3)


def upsample(d):
    mode = some("nearest", "nearest-exact", "linear", "bilinear", "trilinear", "bicubic")
    linear = mode in ("linear", "bilinear", "trilinear", "bicubic")
    if chance(0.75):
        mode = some("nearest", "nearest-exact", {1: "linear", 2: "bilinear", 3: "trilinear"}[d])
        linear = "linear" in mode
    size = scale = None
    length = d if chance(0.9) else max(2, d - 1) if chance(0.5) else d + 1
    if chance(0.4):
        size = number(1, 9) if chance(0.4) else tuple(number(1, 9) for _ in range(length))
    else:
        one = lambda: some(2, 3, 0.5, 1.5, 2.7, 0.34)
        scale = one() if chance(0.5) else tuple(one() for _ in range(length))
    text = call(
        "Upsample", size=size, scale_factor=scale, mode=mode,
        align_corners=maybe(0.3, lambda: True) if linear or chance(0.1) else None,
        recompute_scale_factor=maybe(0.2, lambda: True))
    return text, spatial(d, number(1, 3))


def upsampling_2d(_):
    kind = some("Nearest", "Bilinear")
    named = {"size": (number(1, 9), number(1, 9))} if chance(0.5) else {"scale_factor": some(2, 1.5)}
    return call(f"Upsampling{kind}2d", **named), spatial(2, number(1, 3))


def shuffles(_):
    factor = number(1, 3)
    kind = some("PixelShuffle", "PixelUnshuffle", "ChannelShuffle")
    if kind == "PixelUnshuffle":
        sides = tuple(factor * number(1, 4) + (1 if chance(0.1) else 0) for _ in range(2))
        return call(kind, factor), [(number(1, 2), number(1, 3)) + sides]
    square = factor * factor if kind == "PixelShuffle" else factor
    channels = square * number(1, 3) + (1 if chance(0.15) else 0)
    axes = 2 if kind == "PixelShuffle" else number(1, 3)
    return call(kind, factor), [(number(1, 2), channels) + tuple(number(1, 5) for _ in range(axes))]


def activation(_):
    text = some(
        "Softmax2d()", "Softmax2d()", "Dropout1d(0.2)", "Dropout1d(0.2)", "ReLU()", "ReLU6()", "LeakyReLU(0.2)", "RReLU()", "RReLU(0.1, 0.2)", "Threshold(0.1, 20)",
        "ELU()", "CELU(0.5)", "CELU(0)", "SELU()", "GELU()", "SiLU()", "Mish()", "Hardswish()",
        "Hardsigmoid()", "Hardtanh(-2, 2)", "Hardtanh(2, 1)", "Sigmoid()", "LogSigmoid()", "Tanh()",
        "Softplus()", "Softsign()", "Tanhshrink()", "Hardshrink()", "Softshrink(0.3)",
        "Softshrink(-0.3)", "Dropout(0.3)", "Dropout1d()", "Dropout2d()", "Dropout3d()",
        "Dropout1d(1.5)", "AlphaDropout(0.2)", "FeatureAlphaDropout(0.2)", "Softmax2d()",
        "Identity()")
    if text == "Softmax2d()":
        return "nn." + text, [tuple(number(1, 4) for _ in range(some(4, 4, 2, 5)))]
    least = 4 if "Dropout1d" in text and chance(0.5) else 2 if "Dropout" in text else 1
    most = 3 if "Dropout1d" in text and least == 2 else 5
    return "nn." + text, any_shape(least, most)


def along(_):
    kind = some("Softmax", "Softmin", "LogSoftmax", "GLU", "GLU")
    [shape] = any_shape()
    if kind == "GLU" and chance(0.7):
        shape = tuple(2 * n for n in shape)
    return call(kind, dim=maybe(0.7, lambda: number(-6, 5))), [shape]


def prelu(_):
    [shape] = any_shape(2)
    return call("PReLU", some(1, shape[1], shape[1] + 1)), [shape]


def linear(_):
    [shape] = any_shape()
    features = shape[-1] + (1 if chance(0.15) else 0)
    return call("Linear", features, number(1, 6), bias=maybe(0.3, lambda: False)), [shape]


def flatten(_):
    return call("Flatten", *[number(-5, 5) for _ in range(number(0, 2))]), any_shape()


def unflatten(_):
    a, b, c = number(1, 4), number(1, 4), number(1, 4)
    sizes = some((a, b), (a, -1), (-1, b), (a, b, c), (a * b * c,), (-1, b, c))
    shape = (number(1, 3), a * b * c if len(sizes) != 2 else a * b, number(1, 3))
    return call("Unflatten", some(1, 1, 1, -2, 2), sizes), [shape]


def recurrent(_):
    kind = some("RNN", "LSTM", "LSTM", "GRU")
    features, hidden = number(1, 6), number(1, 6)
    batch_first = maybe(0.5, lambda: True)
    text = call(
        kind, features, hidden,
        num_layers=maybe(0.5, lambda: number(1, 3)),
        nonlinearity=maybe(0.4, lambda: some("tanh", "relu")) if kind == "RNN" else None,
        bias=maybe(0.3, lambda: False),
        batch_first=batch_first,
        dropout=maybe(0.2, lambda: some(0.5, 0.5, 1.5)),
        bidirectional=maybe(0.4, lambda: True),
        proj_size=maybe(0.4, lambda: number(0, 4)) if kind != "RNN" and (kind == "LSTM" or chance(0.1)) else None)
    return text, [(number(1, 5), number(1, 4), features + (1 if chance(0.08) else 0))]


def embedding(_):
    count = number(3, 9)
    text = call(
        "Embedding", count, number(1, 6), padding_idx=maybe(0.4, lambda: number(-4, 5)))
    return text, any_shape(1, 3)


def attention(_):
    heads = number(1, 3)
    features = heads * number(1, 3) + (1 if chance(0.1) else 0)
    kdim, vdim = maybe(0.3, lambda: number(1, 5)), maybe(0.3, lambda: number(1, 5))
    batch_first = maybe(0.5, lambda: True)
    text = call(
        "MultiheadAttention", features, heads, dropout=maybe(0.2, lambda: 0.1),
        bias=maybe(0.3, lambda: False), kdim=kdim, vdim=vdim, batch_first=batch_first)
    batch, queries, keys = number(1, 3), number(1, 5), number(1, 5)
    values = keys + (1 if chance(0.1) else 0)

    def of(length, size):
        return (batch, length, size) if batch_first else (length, batch, size)

    return text, [
        of(queries, features), of(keys, kdim or features), of(values, vdim or features)]


KINDS = (
    [(make, d) for d in (1, 2, 3) for make in (
        conv, lazy, transposed, max_pool, avg_pool, lp_pool, adaptive, pad, pad, pad, batch_norm,
        instance_norm, upsample, upsample)]
    + [(make, 0) for make in (
        sync, group_norm, layer_norm, local_response, cross_map, upsampling_2d, shuffles, shuffles,
        activation, activation, activation, activation, along, along, prelu, linear, flatten, unflatten,
        recurrent, recurrent, recurrent, embedding, attention, attention, rms_norm)])


def answer(text, shapes):
    try:
        layer = eval(text).eval()
        if "Embedding" in text:
            inputs = [torch.zeros(shapes[0], dtype=torch.long)]
        else:
            inputs = [torch.randn(shape) for shape in shapes]
        with torch.no_grad():
            made = layer(*inputs)
    except Exception:
        return "error", "-"
    flat = []

    def collect(value):
        if isinstance(value, torch.Tensor):
            flat.append(tuple(value.shape))
        else:
            for each in value:
                collect(each)

    collect(made)
    if any(0 in shape for shape in flat):
        return None
    return " ".join(crossed(shape) for shape in flat), str(sum(p.numel() for p in layer.parameters()))


def crossed(shape):
    return "x".join(map(str, shape))


def main():
    lines = ["layer\tinputs\toutputs\tparameters"]
    seen = set()
    for make, d in KINDS:
        rows = 0
        for _ in range(20 * ROWS_OF_A_KIND):
            text, shapes = make(d)
            inputs = " ".join(crossed(shape) for shape in shapes)
            if rows == ROWS_OF_A_KIND or (text, inputs) in seen:
                continue
            seen.add((text, inputs))
            result = answer(text, shapes)
            if result is not None:
                lines.append("\t".join((text, inputs) + result))
                rows += 1
    path = pathlib.Path("src/test/resources/io/github/convlens/oracles/layers_nd.tsv")
    path.write_text("\n".join(lines) + "\n")
    print(len(lines) - 1, "rows,", sum("\terror\t" in line for line in lines), "errors")


main()

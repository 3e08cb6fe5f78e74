"""Makes oracles/timm_layers.tsv: prints of timm's layers, and what PyTorch makes of them.

Run in the project's folder with torch 2.13 and timm 1.0.29:
    python src/test/python/timm_layers.py
"""

import importlib
import pathlib
import pkgutil

import timm
import timm.layers
import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode


FILE = pathlib.Path("src/test/resources/io/github/convlens/oracles/timm_layers.tsv")


class L:
    """A class of any module of timm.layers."""


for module in pkgutil.iter_modules(timm.layers.__path__):
    for name, value in vars(importlib.import_module("timm.layers." + module.name)).items():
        if isinstance(value, type) and issubclass(value, nn.Module):
            setattr(L, name, staticmethod(value))

cases = [
    ((2, 8, 6, 7), L.BatchNormAct2d(8, act_layer=nn.SiLU)),
    ((2, 8, 6, 7), L.GroupNormAct(8, num_groups=4)),
    ((2, 8, 6, 7), L.GroupNorm1(8)),
    ((2, 8, 6, 7), L.LayerNorm2d(8)),
    ((2, 8, 6, 7), L.LayerNormAct2d(8)),
    ((2, 6, 7, 8), L.LayerNormAct(8)),
    ((2, 8, 6, 7), L.RmsNorm2d(8)),
    ((2, 6, 8), L.RmsNorm(8)),
    ((2, 8, 6, 7), L.SimpleNorm2d(8)),
    ((2, 8, 6, 7), L.RmsNormAct2d(8)),
    ((2, 8, 6, 7), L.EvoNorm2dS1(8, groups=4)),
    ((2, 8, 6, 7), L.ConvNormAct(8, 12, 3, stride=2)),
    ((2, 8, 13, 14), L.ConvNormAct(8, 12, 3, stride=2, aa_layer=L.BlurPool2d)),
    ((2, 8, 6, 7), L.SeparableConvNormAct(8, 12, 5)),
    ((2, 8, 6, 7), L.Conv2dSame(8, 12, 3, stride=2)),
    ((2, 8, 6, 7), L.StdConv2d(8, 12, 3, stride=2)),
    ((2, 8, 6, 7), L.StdConv2dSame(8, 12, 4, stride=3)),
    ((2, 8, 6, 7), L.ScaledStdConv2d(8, 12, 3)),
    ((2, 8, 6, 7), L.ScaledStdConv2dSame(8, 12, 3, stride=2)),
    ((2, 9, 6, 7), L.MixedConv2d(9, 9, [3, 5], depthwise=True)),
    ((2, 8, 6, 7), L.AvgPool2dSame(3, 2)),
    ((2, 8, 6, 7), L.MaxPool2dSame(3, 2)),
    ((2, 8, 13, 14), L.BlurPool2d(8)),
    ((2, 8, 6, 7), L.SelectAdaptivePool2d(pool_type='avg', flatten=True)),
    ((2, 8, 6, 7), L.SelectAdaptivePool2d(pool_type='max', flatten=False)),
    ((2, 8, 6, 7), L.SelectAdaptivePool2d(pool_type='avgmax', flatten=True)),
    ((2, 8, 6, 7), L.SelectAdaptivePool2d(pool_type='catavgmax', flatten=True)),
    ((2, 8, 6, 7), L.SelectAdaptivePool2d(pool_type='', flatten=False)),
    ((2, 8, 6, 7), L.ClassifierHead(8, 5)),
    ((2, 6, 7, 8), L.ClassifierHead(8, 5, input_fmt='NHWC')),
    ((2, 8, 6, 7), L.ClassifierHead(8, 5, pool_type='fast')),
    ((2, 8, 6, 7), L.ClassifierHead(8, 5, use_conv=True)),
    ((2, 8, 6, 7), L.NormMlpClassifierHead(8, 5, hidden_size=6)),
    ((2, 6, 7, 8), L.ClNormMlpClassifierHead(8, 5, hidden_size=6)),
    ((2, 8, 6, 7), L.SEModule(8)),
    ((2, 8, 6, 7), L.EffectiveSEModule(8)),
    ((2, 6, 7, 8), L.SqueezeExciteCl(8)),
    ((2, 8, 6, 7), L.EcaModule(8)),
    ((2, 8, 6, 7), L.EcaModule(8, use_mlp=True)),
    ((2, 8, 6, 7), L.CecaModule(8)),
    ((2, 8, 6, 7), L.GlobalContext(8)),
    ((2, 8, 6, 7), L.GlobalContext(8, use_attn=False, fuse_add=True, fuse_scale=False)),
    ((2, 8, 6, 7), L.CbamModule(8)),
    ((2, 8, 6, 7), L.SplitAttn(8, radix=2, groups=2, norm_layer=nn.BatchNorm2d)),
    ((2, 8, 6, 7), L.SplitAttn(8, radix=1)),
    ((2, 8, 6, 7), L.SelectiveKernel(8, 12)),
    ((2, 6, 8), L.Mlp(8, 16)),
    ((2, 6, 8), L.GluMlp(8, 16)),
    ((2, 8, 6, 7), L.GluMlp(8, 16, use_conv=True)),
    ((2, 6, 8), L.SwiGLU(8, 16)),
    ((2, 8, 6, 7), L.ConvMlp(8, 16, norm_layer=L.LayerNorm2d)),
    ((2, 6, 7, 8), L.GlobalResponseNormMlp(8, 16)),
    ((2, 8, 6, 7), L.GlobalResponseNormMlp(8, 16, use_conv=True)),
    ((2, 6, 8), L.LayerScale(8)),
    ((2, 8, 6, 7), L.LayerScale2d(8)),
    ((2, 8, 6, 7), L.DropPath(0.1)),
    ((2, 8, 6, 7), L.PatchEmbed(img_size=None, patch_size=2, in_chans=8, embed_dim=4)),
    ((2, 8, 6, 7), L.MultiQueryAttention2d(8, 12, num_heads=2, key_dim=5, value_dim=3)),
    ((2, 8, 6, 8), L.MultiQueryAttention2d(8, 12, num_heads=2, key_dim=5, value_dim=3, query_strides=2, kv_stride=2)),
    ((2, 8, 6, 7), L.Attention2d(8, 12, num_heads=2)),
    ((2, 8, 6, 7), L.LambdaLayer(8, num_heads=2, dim_head=3, r=3)),
    ((2, 8, 6, 7), L.LambdaLayer(8, num_heads=2, dim_head=3, r=3, stride=2)),
    ((2, 8, 6, 6), L.AttentionPool2d(8, out_features=5, feat_size=(6, 6), num_heads=2, pool_type='token')),
    ((2, 8, 6, 6), L.AttentionPool2d(8, out_features=5, feat_size=(6, 6), num_heads=2, pool_type='token', qkv_separate=True)),
    ((2, 8, 6, 7), L.HardSwishMe()),
]
lines = [
    "# input, output, parameters, multiply-adds, print: timm %s, torch %s, eval; | stands for a new line."
    % (timm.__version__, torch.__version__.split("+")[0])
]
for size, layer in cases:
    layer = layer.eval().to("meta")
    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        output = layer(torch.empty(size, device="meta"))
    row = [
        "x".join(map(str, size)),
        "x".join(map(str, output.shape)),
        sum(p.numel() for p in layer.parameters()),
        counter.get_total_flops() // 2,
        str(layer).replace("\n", "|"),
    ]
    lines.append("\t".join(str(cell) for cell in row))
FILE.write_text("\n".join(lines) + "\n")

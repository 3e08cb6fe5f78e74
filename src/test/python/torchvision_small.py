"""Makes oracles/torchvision_small.txt.gz: prints of small networks of torchvision's classes with PyTorch's answers.

Run in the project's folder with torch 2.13 and torchvision 0.28:
    python src/test/python/torchvision_small.py

A network: "== name", "input", "output" (several: with a blank between), "parameters", "macs", "leaf PATH SHAPE" of each
module without children in the order of execution, and its print.
"""

import contextlib, gzip, io, pathlib
from collections import OrderedDict
import torch, torchvision
from torch import nn
from torch.utils.flop_counter import FlopCounterMode
from torchvision import models as M, ops
from torchvision.models import _utils, convnext, densenet, efficientnet, inception, mobilenetv3, regnet, vision_transformer
from torchvision.models import segmentation, detection, video, quantization

FILE = pathlib.Path("src/test/resources/io/github/convlens/oracles/torchvision_small.txt.gz")


def resnet(norm=None):
    return M.resnet.ResNet(M.resnet.BasicBlock, [1, 1, 1, 1], num_classes=4, norm_layer=norm)


def getter(net, **layers):
    return _utils.IntermediateLayerGetter(net, layers)


def cnblocks():
    C = convnext.CNBlockConfig
    return M.ConvNeXt([C(6, 8, 1), C(8, None, 1)], num_classes=5)


def effnet():
    A, B = efficientnet.MBConvConfig, efficientnet.FusedMBConvConfig
    return M.EfficientNet([B(1, 3, 1, 8, 8, 1), A(4, 3, 2, 8, 12, 2)], 0.1, num_classes=5, last_channel=16)


def mobilenet3():
    C = mobilenetv3.InvertedResidualConfig
    return M.MobileNetV3([C(8, 3, 8, 8, True, "RE", 1, 1, 1.0), C(8, 5, 16, 12, False, "HS", 2, 1, 1.0)], 16, num_classes=5)


def reg():
    return M.RegNet(regnet.BlockParams.from_init_params(4, 16, 8, 2.0, 8, se_ratio=0.25), num_classes=5, stem_width=8)


def vit():
    return M.VisionTransformer(32, 8, 1, 2, 12, 20, num_classes=5)


def fcn():
    return segmentation.FCN(getter(resnet(), layer3="aux", layer4="out"), segmentation.fcn.FCNHead(512, 3), segmentation.fcn.FCNHead(256, 3))


def pyramid():
    names = {"layer2": "0", "layer4": "1"}
    return detection.backbone_utils.BackboneWithFPN(resnet(ops.FrozenBatchNorm2d), names, [128, 512], 8)


def p6p7():
    names = {"layer4": "0"}
    return detection.backbone_utils.BackboneWithFPN(resnet(), names, [512], 8, ops.feature_pyramid_network.LastLevelP6P7(512, 8))


def deeplab():
    return segmentation.DeepLabV3(getter(resnet(), layer4="out"), segmentation.deeplabv3.DeepLabHead(512, 3, (2, 4)))


def film():
    r = video.resnet
    return r.VideoResNet(r.BasicBlock, [r.Conv2Plus1D, r.Conv3DSimple, r.Conv3DNoTemporal, r.Conv2Plus1D], [1, 1, 1, 1], r.R2Plus1dStem, 4)


def quantizable():
    q = quantization.resnet
    return q.QuantizableResNet(q.QuantizableBasicBlock, [1, 1, 1, 1], num_classes=4)


NETS = OrderedDict(
    convnext=(cnblocks, (1, 3, 41, 38)), densenet=(lambda: M.DenseNet(4, (2, 2), 8, num_classes=5), (1, 3, 41, 38)),
    efficientnet=(effnet, (1, 3, 41, 38)), mobilenet_v3=(mobilenet3, (1, 3, 41, 38)), regnet=(reg, (1, 3, 41, 38)),
    shufflenet=(lambda: M.ShuffleNetV2([2, 1, 1], [8, 12, 16, 20, 24], num_classes=5), (1, 3, 41, 38)),
    vit=(vit, (2, 3, 32, 32)), fcn=(fcn, (1, 3, 41, 38)), deeplab=(deeplab, (1, 3, 41, 38)), pyramid=(pyramid, (1, 3, 69, 66)), p6p7=(p6p7, (1, 3, 69, 66)),
    film=(film, (1, 3, 5, 41, 38)), quantizable=(quantizable, (1, 3, 41, 38)),
    inception_e=(lambda: inception.InceptionE(6), (1, 6, 9, 7)), inception_d=(lambda: inception.InceptionD(6), (1, 6, 9, 7)),
    mlp=(lambda: ops.MLP(6, [8, 4], norm_layer=nn.LayerNorm), (2, 5, 6)))


def shapes(y):
    return [y.shape] if torch.is_tensor(y) else [s for v in (y.values() if isinstance(y, dict) else y) for s in shapes(v)]


def text(shape):
    return "x".join(map(str, shape))


def main():
    torch.backends.mha.set_fastpath_enabled(False)
    for name, (make, size) in NETS.items():
        net = make().eval().to("meta")  # there every kind of attention is counted
        leaves = []
        for path, module in net.named_modules():
            if next(module.children(), None) is None and not path.endswith("out_proj"):
                module.register_forward_hook(lambda m, a, y, path=path: leaves.append((path, y)))
        with FlopCounterMode(display=False) as flops, torch.no_grad():
            y = net(torch.zeros(size, device="meta"))
        print("==", name)
        print("input", text(size))
        print("output", " ".join(text(s) for s in shapes(y)))
        print("parameters", sum(p.numel() for p in net.parameters()))
        print("macs", flops.get_total_flops() // 2)
        for path, y in leaves:
            if torch.is_tensor(y):
                print("leaf", path, text(y.shape))
        print(net)


with contextlib.redirect_stdout(io.StringIO()) as made:
    main()
FILE.write_bytes(gzip.compress(made.getvalue().encode(), 9, mtime=0))

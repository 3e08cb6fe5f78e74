"""Makes engine/activation_gradients.tsv: PyTorch's derivative of each activation, at 0 above all.

Run in the project's folder with torch 2.13:
    python src/test/python/activation_gradients.py
"""

import pathlib

import torch
from torch import nn

FILE = pathlib.Path("src/test/resources/io/github/convlens/engine/activation_gradients.tsv")

AT = [-40.0, -2.0, 0.0, 2.0, 25.0, 40.0]
LAYERS = [
    "nn.ReLU()", "nn.ReLU6()", "nn.Sigmoid()", "nn.Tanh()", "nn.SELU()", "nn.GELU()",
    "nn.GELU(approximate='tanh')", "nn.Softsign()", "nn.LeakyReLU(0.3)", "nn.PReLU(init=0.4)",
    "nn.ELU(0.7)", "nn.CELU(0.6)", "nn.SiLU()", "nn.Mish()", "nn.Hardswish()",
    "nn.Hardsigmoid()", "nn.Hardtanh()", "nn.LogSigmoid()", "nn.Softplus()",
    "nn.Softplus(beta=2.0, threshold=3.0)", "nn.Tanhshrink()", "nn.Hardshrink(0.5)",
    "nn.Softshrink(0.5)",
]

torch.set_default_dtype(torch.float64)
lines = [f"# layer, derivative at {AT}: torch {torch.__version__}, float64"]
for layer in LAYERS:
    x = torch.tensor([AT], requires_grad=True)
    eval(layer)(x).sum().backward()
    lines.append(layer + "\t" + " ".join(repr(float(value)) for value in x.grad[0]))
FILE.write_text("\n".join(lines) + "\n")

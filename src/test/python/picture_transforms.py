"""Makes engine/pictures/scene.png, and transforms.tsv: what torchvision makes of it, a line for each question.

Run in the project's folder with torchvision 0.28 and Pillow 12:
    python src/test/python/picture_transforms.py

resize, crop, mean, std, height, width, and the numbers (3, height, width).
"""

import pathlib

import numpy as np
from PIL import Image
from torchvision import transforms as T

FOLDER = pathlib.Path("src/test/resources/io/github/convlens/engine/pictures")
rng = np.random.default_rng(5)
coarse = Image.fromarray(rng.integers(0, 256, (7, 9, 3), dtype=np.uint8))
Image.fromarray(np.array(coarse.resize((52, 37), Image.BICUBIC))).save(FOLDER / "scene.png", optimize=True)
scene = Image.open(FOLDER / "scene.png").convert("RGB")

IMAGENET = "0.485,0.456,0.406", "0.229,0.224,0.225"
CASES = [
    ("12", "10", *IMAGENET),
    ("6", "-", "0", "1"),
    ("5x8", "-", "0.5", "0.5"),
    ("80", "4x5", "0", "1"),
    ("9x60", "6x7", "0", "1"),
    ("-", "6x5", *IMAGENET),
    ("-", "5x8", "0", "1"),
    ("4", "7x9", *IMAGENET),
    ("4x3", "7x2", "0", "1"),
    ("1", "-", "0", "1"),
    ("1x1", "-", "0", "1"),
    ("1x9", "-", "0", "1"),
    ("9x1", "-", "0", "1"),
    ("1x80", "3", "0", "1"),
]


def size(text):
    return [int(n) for n in text.split("x")] if "x" in text else int(text)


def numbers(text):
    all = [float(n) for n in text.split(",")]
    return all * 3 if len(all) == 1 else all


with open(FOLDER / "transforms.tsv", "w") as out:
    for resize, crop, mean, std in CASES:
        steps = [] if resize == "-" else [T.Resize(size(resize))]
        steps += [] if crop == "-" else [T.CenterCrop(size(crop))]
        steps += [T.ToTensor(), T.Normalize(numbers(mean), numbers(std))]
        made = T.Compose(steps)(scene)
        values = " ".join("%.6g" % v for v in made.flatten().tolist())
        print(resize, crop, mean, std, made.shape[1], made.shape[2], values, sep="\t", file=out)

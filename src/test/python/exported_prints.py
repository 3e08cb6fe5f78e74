"""Makes prints of exported programs anew: oracles/prints/exported.zip and exported_torchvision.zip.

Run in the project's folder with torch 2.13, torchvision 0.28 and timm 1.0.29 (some minutes, 3 GB):
    python src/test/python/exported_prints.py

A file NAME.txt is print(torch.export.export(network, (x,))) of a network of real_networks.py on its input (":" is
"__" here), without empty lines and the comments that tell places in files. Networks of exported.zip are exported on
the device "meta", and their lines end without "; x = None", which says when PyTorch lets go of an array. The names
stay; those with "hand__" were written by other people, whose programs are not here: their prints stay too.
"""

import gzip
import json
import re
import zipfile

import torch
from real_networks import FILE, ON_THE_CPU, created, network


def told(program):
    text = re.sub(r"^ *# File:.*\n", "", str(program) + "\n", flags=re.M)
    return re.sub(r"^ *\n", "", text, flags=re.M)


def on_meta(name, shape):
    if name in ON_THE_CPU:
        text = on_the_cpu(name, shape)
    else:
        text = told(torch.export.export(network(name), (torch.empty(shape, device="meta"),)))
    return re.sub(r";  [\w = ]+None$", "", text, flags=re.M)


def on_the_cpu(name, shape):
    return told(torch.export.export(created(name).eval(), (torch.zeros(shape),)))


def again(path, exported, networks):
    with zipfile.ZipFile(path) as archive:
        texts = {each: archive.read(each).decode() for each in archive.namelist()}
    for file in texts:
        name = file.removesuffix(".txt").replace("__", ":")
        if not name.startswith("hand:"):
            texts[file] = exported(name, *networks[name]["input"])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for file, text in texts.items():
            archive.writestr(zipfile.ZipInfo(file, (2026, 1, 1, 0, 0, 0)), text, zipfile.ZIP_DEFLATED, 9)


def main():
    torch.set_num_threads(1)
    networks = json.loads(gzip.decompress(FILE.read_bytes()))
    again(FILE.with_name("exported.zip"), on_meta, networks)
    again(FILE.with_name("exported_torchvision.zip"), on_the_cpu, networks)


main()

"""Holds PyTorch on a device against a folder that DeviceCases wrote (src/site/markdown/maintaining.md, "On a GPU").

    python check_device.py FOLDER [--device cuda] [--channels-last]
"""

import argparse
import json
import pathlib
import sys

import numpy
import torch

options = argparse.ArgumentParser()
options.add_argument("folder", type=pathlib.Path)
options.add_argument("--device", default="cpu")
options.add_argument("--channels-last", action="store_true")
options = options.parse_args()
CALLS = 4  # on CUDA PyTorch makes one kernel of several steps from the third call on
LAST = {4: torch.channels_last, 5: torch.channels_last_3d} if options.channels_last else {}


def put(array, dtype):
    x = torch.from_numpy(array).to(options.device)
    x = x.to(getattr(torch, dtype)) if x.is_floating_point() else x
    return x.contiguous(memory_format=LAST.get(x.dim(), torch.contiguous_format))


def largest_share(case, run):
    """The largest difference from the CPU's float64, as a share of what rounding explains."""
    arrays = numpy.load(options.folder / f"{case['name']}.npz")
    module = torch.jit.load(options.folder / run["archive"], map_location=options.device).eval()
    return max(share_of_call(case, run, arrays, module) for _ in range(CALLS))


def share_of_call(case, run, arrays, module):
    given = {name: put(arrays[name], run["given"]) for name in arrays if name[0] != "y" and "after" not in name}
    outputs = module(*given.values())
    outputs = outputs if isinstance(outputs, (tuple, list)) else [outputs]
    if run["rounds"] == "bfloat16":
        unrounded = [i for i, y in enumerate(outputs) if y.is_floating_point() and not is_bfloat16(y)]
        assert not unrounded, f"outputs {unrounded} are not rounded"
    found = {f"y{i}": y for i, y in enumerate(outputs)} | {f"after_{name}": x for name, x in given.items()}
    # On CUDA float32 convolutions run in TF32, which has 11 bits as float16 has.
    tf32 = options.device != "cpu" and run["rounds"] == "float32"
    unit = torch.finfo(getattr(torch, "float16" if tf32 else run["rounds"])).eps / 2
    wanted = {name: torch.from_numpy(arrays[name]).double() for name in arrays if name in found}
    return max(off(found[name].double().cpu(), y) for name, y in wanted.items()) / (unit * case["tolerance"])


def is_bfloat16(y):
    return torch.equal(y.nan_to_num(), y.nan_to_num().bfloat16().to(y.dtype))


def off(y, wanted):
    assert y.shape == wanted.shape, f"{tuple(y.shape)} instead of {tuple(wanted.shape)}"
    differs = (y != wanted) & ~(y.isnan() & wanted.isnan())
    share = torch.where(differs, (y - wanted).abs() / (1 + wanted.abs()), 0.0)
    return share.nan_to_num(nan=torch.inf).max().item()


failures, lacking, cases = 0, 0, json.loads((options.folder / "cases.json").read_text())
with torch.no_grad():
    for case in cases:
        for run in case["runs"]:
            try:
                share = largest_share(case, run)
                verdict = f"{share:.3f} of the tolerance" if share <= 1 else f"{share:.3f}, DISAGREES"
                failures += not share <= 1
            except Exception as e:
                is_lacking = "not implemented for" in str(e)  # as in Python itself, on the CPU
                lacking, failures = lacking + is_lacking, failures + (not is_lacking)
                verdict = "PyTorch lacks it" if is_lacking else "FAILS: " + str(e).strip().splitlines()[-1]
            print(f"{run['archive']:42} {run['given']:9} {verdict:22} {case['what']}")
agree = sum(len(case["runs"]) for case in cases) - lacking - failures
print(f"{agree} agree with the CPU's float64 on {options.device}, {failures} do not, {lacking} PyTorch lacks there")
sys.exit(failures > 0)

"""How the scripts here write a program: without places in files, and numbers that differ from run to run."""

import torch


def save(program, file):
    for module in program.graph_module.modules():
        for node in getattr(module, "graph", torch.fx.Graph()).nodes:
            node.meta.pop("stack_trace", None)
            node.meta.pop("from_node", None)
    torch.export.save(program, file)

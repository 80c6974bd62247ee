"""The summary of resnet50, whole process: against torchinfo's, which imports torch, builds the network and runs it."""

from __future__ import annotations

from benchmarks.context import Context
from benchmarks.measure import Contender, compared
from benchmarks.peers import library
from benchmarks.programs import RESNET50
from benchmarks.table import Table, costs

_TORCHINFO = "import torchinfo, resnet50; torchinfo.summary(resnet50.resnet50(), (1, 3, 224, 224))"


def measured(context: Context) -> Table:
    folder = context.folder("summary")
    (folder / "resnet50.py").write_text(RESNET50)
    torchinfo = library(context.cache, "torchinfo")
    context.took_part("torch")
    context.took_part("torchinfo", path=torchinfo)
    command = ("summary", "--isolated", "--no-cache", "resnet50.py:resnet50()", "--input", "1,3,224,224")
    by_torchinfo = context.python(_TORCHINFO, "torchinfo", torchinfo)
    found = compared(
        (
            context.shapelint(*command, folder=folder),
            Contender("torchinfo", by_torchinfo.command, folder, by_torchinfo.environment),
            context.python("import torch", "import torch"),
        ),
        context.repeat,
    )
    table = costs(found, "shapelint")
    ratio = found["torchinfo"].cpu / found["shapelint"].cpu
    table.verdict("torchinfo over shapelint", ratio, 10, at_least=True)
    return table

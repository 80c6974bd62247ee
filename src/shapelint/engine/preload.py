"""What every worker needs, imported and tried once, in the process that workers are forked from."""

from __future__ import annotations

import gc

from shapelint.engine import work
from shapelint.engine.analyse import analyse
from shapelint.source.text import from_text

__all__ = ["work"]

_PROGRAM = """
import torch
from torch import nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(4, 2)

    def forward(self, x):
        return self.layer(x)

Net()(torch.zeros(3, 4))
"""

analyse(from_text("stdin", _PROGRAM))  # what is imported on demand is there now
gc.collect()
gc.freeze()  # a collection in a worker leaves alone, and so leaves shared, what it was forked with

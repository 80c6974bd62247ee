"""What Lightning's trainer runs of a module, on what, and in which mode."""

from __future__ import annotations

import pytest

from shapelint.engine.check import check_text
from shapelint.engine.config import Settings

HEAD = """
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
from lightning import LightningModule, Trainer

def loader(size):
    return DataLoader(TensorDataset(torch.zeros(8, 4), torch.zeros(8, 2)), batch_size=size)

class Net(LightningModule):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(4, 6), nn.BatchNorm1d(6), nn.Linear(6, 2))
    def train_dataloader(self): return loader(4)
    def configure_optimizers(self): return torch.optim.SGD(self.parameters(), 0.1)
    def training_step(self, batch, batch_idx):
        return ((self.net(batch[0]) - batch[1]) ** 2).mean()
"""

RUNS = {
    "a step without the batch's number": """
class Mine(Net):
    def training_step(self, batch):
        return self.net(batch[0]).mean()
    def validation_step(self, batch):
        return self.net(batch[0]).mean()
    def val_dataloader(self): return loader(2)
Trainer().fit(Mine())
""",
    "a step with whatever comes": """
class Mine(Net):
    def training_step(self, *args):
        batch, number = args
        return self.net(batch[0]).mean()
Trainer().fit(Mine())
""",
    "validation is done in evaluation mode": """
class Mine(Net):
    def validation_step(self, batch, batch_idx):
        assert not self.training and not self.net.training and not torch.is_grad_enabled()
        return self.net(batch[0]).mean()
    def val_dataloader(self): return loader(1)
    def training_step(self, batch, batch_idx):
        assert self.training and self.net[1].training and torch.is_grad_enabled()
        return self.net(batch[0]).mean()
Trainer().fit(Mine())
""",
    "what setup makes is there": """
class Mine(Net):
    def setup(self, stage): self.head = nn.Linear(2, 3)
    def configure_model(self): self.more = nn.Linear(3, 1)
    def on_train_start(self): self.scale = 2
    def on_validation_epoch_start(self): self.seen = []
    def validation_step(self, batch, batch_idx): self.seen.append(self.net(batch[0]))
    def val_dataloader(self): return loader(2)
    def training_step(self, batch, batch_idx):
        return self.more(self.head(self.net(batch[0]))).mean() * self.scale
Trainer().fit(Mine())
""",
    "callbacks may change the module": """
from lightning import Callback
class Grow(Callback):
    def on_fit_start(self, trainer, module): module.net = nn.Linear(4, 2)
class Mine(Net):
    def __init__(self):
        super().__init__()
        self.net = nn.Linear(5, 2)
Trainer(callbacks=[Grow()]).fit(Mine())
""",
    "callbacks that are not known may change it too": """
from somewhere import callbacks
class Mine(Net):
    def __init__(self):
        super().__init__()
        self.net = nn.Linear(5, 2)
Trainer(callbacks=callbacks()).fit(Mine())
""",
    "no validation": """
class Mine(Net):
    def validation_step(self, batch, batch_idx): return self.net[0](batch[1])
    def val_dataloader(self): return loader(2)
Trainer(limit_val_batches=0).fit(Mine())
""",
    "several loaders": """
class Mine(Net):
    def validation_step(self, batch, batch_idx, dataloader_idx): return self.net(batch[0])
Trainer().fit(Mine(), loader(2), [loader(1), loader(2)])
""",
    "a batch that is passed over": """
class Mine(Net):
    def on_train_batch_start(self, batch, batch_idx): return -1
    def training_step(self, batch, batch_idx): return self.net[0](batch[1])
Trainer().fit(Mine())
""",
}

FAILS = {
    "training on one sample": ("""
class Mine(Net):
    def train_dataloader(self): return loader(1)
Trainer().fit(Mine())
""", "nn.BatchNorm1d"),
    "validation of the wrong part": ("""
class Mine(Net):
    def validation_step(self, batch, batch_idx): return self.net(batch[1])
    def val_dataloader(self): return loader(2)
Trainer(max_epochs=3, accelerator="cpu").fit(Mine())
""", "nn.Linear"),
    "a step that wants more": ("""
class Mine(Net):
    def training_step(self, batch, batch_idx, more): return self.net(batch[0])
Trainer().fit(Mine())
""", "more"),
    "after validation": ("""
class Mine(Net):
    def validation_step(self, batch, batch_idx): return self.net(batch[0])
    def val_dataloader(self): return loader(2)
    def training_step(self, batch, batch_idx): return self.net[0](batch[1])
Trainer().fit(Mine())
""", "nn.Linear"),
}  # fmt: skip


def _told(text: str) -> list[str]:
    report = check_text("program.py", HEAD + text, Settings(cache=False))
    assert not report.failures
    return [d.message for d in report.diagnostics if d.severity == "error"]


@pytest.mark.parametrize("text", RUNS.values(), ids=RUNS)
def test_a_fit_that_runs(text: str) -> None:
    assert _told(text) == []


@pytest.mark.parametrize(("text", "word"), FAILS.values(), ids=FAILS)
def test_a_fit_that_fails(text: str, word: str) -> None:
    (message,) = _told(text)
    assert word in message

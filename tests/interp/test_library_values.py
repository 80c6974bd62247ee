"""What a module holds that is not found (`from config import SIZE`) may be anything: a number, a key, a sequence, None. And one of
several numbers, texts or flags is not known in a layer's constructor, nor in a tuple or list that torch is given."""

from __future__ import annotations

import pytest

from shapelint.engine.analyse import analyse
from shapelint.source.text import from_text
from shapelint.values import Tensor, Unknown
from tests.interp.programs import read

_HEAD = "import config as c, torch\nfrom torch import nn\nfrom torch.nn import functional as F\nx = torch.ones(2, 6, 4)\ni = 1 if c.k else 2\n"

SILENT = [
    "torch.cat([x, c.X])",
    "x.permute(c.AXES)",
    "torch.cat([x, *c.XS])",
    "x.view(2, *c.SIZES)",
    "torch.zeros(8).view(4, (-1 if c.k else -2))",
    "F.pad(x, (c.A, 1))",
    "nn.Conv1d(c.K, 3, 3)(x)",
    "nn.Conv1d(6, 3, (c.K,), padding=c.PAD)(x)",
    "nn.Unflatten(1, [3, -1, (None if c.k else 1)])(x)",
    "nn.Transformer(12, 3, 1, 1, batch_first=(False if c.k else c.B))(torch.ones(4, 1, 12), torch.ones(1, 1, 12))",
    "nn.TransformerEncoderLayer(4, 2, batch_first=True, activation='gelu' if c.k else c.ACT)(x)",
    "nn.SyncBatchNorm.convert_sync_batchnorm(nn.BatchNorm2d(3))",
    "nn.LSTM._flat_weights, nn.Conv2d.__constants__",
    "{'a': 1}[c.KEY], {c.KEY: 1}['a'], {1: 2, (c.A, 1): 3}[2, 1]",
    "torch.FloatTensor(torch.zeros(c.SIZES).shape)",
    "x.movedim(torch.zeros(c.SIZES).shape, ())",
    "torch.ones(()).size(c.AXIS)",
]


@pytest.mark.parametrize("call", SILENT)
def test_nothing_is_refused(call: str) -> None:
    assert not analyse(from_text("program.py", f"{_HEAD}def f():\n    return {call}\n")).diagnostics
    assert "r" in read(f"{_HEAD}r = {call}\n")


NOT_TOLD = [
    "c.FLAG is None",
    "c.FLAG is not True",
    "{'a': 1}.get(c.KEY, 2)",
    "{c.KEY: 1}.get('a')",
    "c.KEY in {1: 2}",
    "'a' in {c.KEY}",
    "{1: 2, 3: 4}.pop(c.KEY, 5)",
    "__import__('collections').Counter('a')[c.KEY]",
    "torch.result_type(x, c.VALUE)",
    "torch.normal(c.MEAN, torch.ones(()))",
    "x.sum(1 if c.k else None)",
    "{i: 5}.get(1, 0)",
    "{1: 5}.get(x.shape[0] + c.N, 0)",
    "1 in {i: 5}",
    "1 in {i}",
    "{(1, i): 2}.get((1, 2))",
    "__import__('collections').Counter([i])[1]",
    "__import__('collections').defaultdict(int, {i: 2})[1]",
    "'a'.join([c.NAME, 'b'])",
    "'a'.join(['a' if c.k else None, 'b'])",
    "x[[c.I, 1]]",
    "x.max(__import__('numpy').int64(1))",
    "torch.autograd.grad(x, x, allow_unused=c.FLAG)[0]",
    "F.multi_head_attention_forward(x, x, x, 4, 2, torch.ones(12, 4), None, c.B, None, False, 0, torch.ones(4, 4), None)",
    "F.interpolate(x, (8 if c.k else None), (None if c.k else c.FACTOR))",
]


@pytest.mark.parametrize("text", NOT_TOLD)
def test_it_is_not_told(text: str) -> None:
    assert isinstance(read(f"{_HEAD}r = {text}\n")["r"], Unknown)


def test_what_is_held_may_go_with_a_key_that_is_not_known() -> None:
    for key in ("c.KEY", "c.f()"):
        found = read(
            f"{_HEAD}s, t, d, e = {{1}}, {{1}}, {{1: 2}}, {{1: 2}}\ns.discard({key})\nt.remove({key})\nd.pop({key})\ndel e[{key}]\n"
            "r = [1 in s, 1 in t, d.get(1), e.get(1)]\n"
        )
        assert all(isinstance(value, Unknown) for value in found["r"].items)


def test_a_size_that_may_be_the_missing_one_is_what_the_others_leave() -> None:
    found = read(f"{_HEAD}a = torch.zeros(8).view(4, c.N)\n")
    assert isinstance(found["a"], Tensor) and [str(d) for d in found["a"].shape] == ["4", "2"]
    assert not analyse(
        from_text(
            "program.py",
            "import torch\ndef f(d):\n    a = torch.zeros(8).view(4, d) + torch.zeros(4, 2)\n"
            "    return a, torch.zeros(8).view(2, d) + torch.zeros(2, 4)\n",
        )
    ).diagnostics


def test_a_dtype_that_is_not_known_stays_so() -> None:
    found = read(f"{_HEAD}r = torch.ones(5).long().bincount(torch.ones(5, dtype=c.DTYPE))\n")["r"]
    assert found.dtype is None


def test_numbers_of_numpy_in_a_list_are_indices() -> None:
    assert read("import numpy as np, torch\nr = torch.ones(2, 3)[[np.int64(0), 1]].shape\n")["r"] == (2, 3)

"""Packed sequences in programs: built, tested for, taken apart, converted, put through layers and padded again."""

from __future__ import annotations

from tests.interp.programs import check, read

PROGRAM = """
import torch
from torch import nn
from torch.nn.utils import rnn
from torch.nn.utils.rnn import PackedSequence
class N(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.GRU(12, 20)
        self.fc = nn.Linear(20, 5)
        self.drop = nn.Dropout()
    def forward(self, x):
        packed = isinstance(x, PackedSequence)
        if packed:
            x, bs, si, ui = x
            x = PackedSequence(self.drop(x), bs, si, ui)
        x = x.to("cpu")
        y, h = self.rnn(x)
        if isinstance(y, PackedSequence):
            y = y.data
        return self.fc(y), h
n = N()
s = rnn.pack_sequence([torch.zeros(5, 12), torch.zeros(3, 12)])
out, h = n(s)
a = tuple(out.shape), tuple(h.shape)
b = isinstance(s, PackedSequence), isinstance(out, PackedSequence)
e = nn.Embedding(10, 12)(torch.zeros(4, 7, dtype=torch.int64))
p = rnn.pack_padded_sequence(e, torch.tensor([3, 7, 1, 2]).cpu(), batch_first=True, enforce_sorted=False)
o, (h, c) = nn.LSTM(12, 20, 2, batch_first=True, bidirectional=True, proj_size=6)(p)
o, l = rnn.pad_packed_sequence(o, batch_first=True, total_length=9)
d = tuple(o.shape), tuple(h.shape), tuple(c.shape), tuple(l.shape), tuple(p.data.shape), tuple(p.batch_sizes.shape)
f = p.data.dtype == torch.float32, tuple(p.double().data.shape), len(p)
del n, N, s, out, h, e, p, o, c, l, PackedSequence, rnn
"""

JOINED = """
import collections, random, torch
from torch.nn.utils import rnn
Point = collections.namedtuple("Point", "x y")
s, p, z = rnn.pack_sequence([torch.zeros(5, 12)]), Point(1, torch.zeros(2, 3)), torch.zeros(2, 3).shape
if random.random() < 0.5:
    s, p, z = s.to("cpu"), p._replace(y=torch.zeros(2, 4)), torch.zeros(2, 4).shape
a, b, c = tuple(s.data.shape), p.x, z[:1].numel()
"""


def test_a_packed_sequence_is_followed() -> None:
    check(PROGRAM)


def test_an_undecided_branch_leaves_a_tuple_its_names() -> None:
    found = read(JOINED)
    assert (found["a"], found["b"], found["c"]) == ((5, 12), 1, 2)

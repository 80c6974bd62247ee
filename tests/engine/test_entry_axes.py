"""Every attempt at an entry point names the axes of its input by the same symbols, and no two axes of one attempt share one."""

from __future__ import annotations

import pytest

from shapelint import dims
from shapelint.engine.analyse import make_world
from shapelint.evidence.entries import evaluate_file
from shapelint.facts import Called
from shapelint.interp.nets.entry_axes import EntryAxes
from shapelint.interp.world import World
from shapelint.lower import lower
from shapelint.source.text import from_text

HEAD = "import torch\nfrom torch import nn\n"

TWO = """
class Net(nn.Module):
    def forward(self, x):
        return torch.flatten(x.transpose(1, 2), 1)

class Other(nn.Module):
    def forward(self, x, y):
        return torch.flatten(x.transpose(1, 2), 1), torch.flatten(y.transpose(1, 2), 1)
"""


def flattened(text: str) -> dict[int, list[dims.Dim]]:
    """What `flatten` was given first, by line: its sizes, of each call."""
    world = make_world(None)
    world.listen = frozenset(("torch.flatten",))
    file = from_text("net.py", HEAD + text)
    world.checked = lambda path: path == file.path
    with world.visit():
        evaluate_file(world, file, lower(file))
    found: dict[int, list[dims.Dim]] = {}
    for fact in world.facts:
        if isinstance(fact, Called) and fact.site is not None:
            found.setdefault(fact.site.line, []).extend(fact.arguments["input"].shape)
    return found


def test_entries_share_symbols_and_inputs_of_one_do_not() -> None:
    by_line = flattened(TWO)
    net, other = by_line[6], by_line[10]
    assert set(net) < set(other)
    assert len(other) == len(set(other))


def test_each_works_out_its_own_when_all_is_worked_out_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(World, "once", False)
    by_line = flattened(TWO)
    assert not set(by_line[6]) & set(by_line[10])


def test_a_side_of_a_branch_gives_no_numbers_back() -> None:
    axes = EntryAxes()
    taken = [axes.symbol("B"), axes.symbol("B"), axes.symbol("H")]
    axes.begin()
    assert [axes.symbol("B"), axes.symbol("B"), axes.symbol("H")] == taken
    axes.forget()
    axes.begin()
    assert axes.symbol("B") not in taken

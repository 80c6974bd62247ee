"""Signatures are read late, so that all of them can be read is a test's to say."""

from __future__ import annotations

import gc
import inspect

import torch

from shapelint.interp import library
from shapelint.specs import registry
from shapelint.specs.signature import Signature, parse


def test_every_signature_can_be_read() -> None:
    library.load()
    registry.load()
    held = [entry.signature for entry in (*registry.ops.values(), *registry.layers.values())]
    held += [found for found in gc.get_objects() if type(found) is Signature]
    assert len(held) > 100
    for signature in held:
        assert len(signature.parameters) <= signature.text.count(",") + 1, signature.text


def test_a_signature_is_read_once() -> None:
    signature = parse("input, dim=None, *, dtype=None")
    assert [p.name for p in signature.parameters] == ["input", "dim", "dtype"]
    assert signature.parameters is signature.parameters


def test_forward_takes_what_torch_says() -> None:
    """A call with fewer or more arguments is refused by these numbers."""
    registry.load()
    held = [(n, e) for n, e in registry.layers.items() if n.startswith("torch.nn.") and n.count(".") == 2]
    assert len(held) > 100
    for name, entry in held:
        torchs = getattr(torch.nn, name.rpartition(".")[2], None)
        if torchs is None or "Lazy" in name or name.endswith(("RNNBase", "RNNCellBase")):
            continue  # a lazy layer becomes another one; the bases have no forward of their own
        ours = list(inspect.signature(entry.definition.forward).parameters.values())[2:]
        theirs = list(inspect.signature(torchs.forward).parameters.values())[1:]
        assert [p.default is p.empty for p in theirs] == [p.default is p.empty for p in ours], name

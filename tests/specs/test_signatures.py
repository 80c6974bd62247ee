"""Signatures are read late, so that all of them can be read is a test's to say."""

from __future__ import annotations

import gc

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

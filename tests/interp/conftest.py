"""Evaluated or done again: these tests hold the one against the other, so both take as many steps of a file's budget here."""

from __future__ import annotations

import pytest

from shapelint.interp import world


@pytest.fixture(autouse=True)
def _done_again_for_as_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(world, "_DONE_AGAIN", 1)

"""No test reads or writes the user's own cache."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator

import pytest


@pytest.fixture(scope="session", autouse=True)
def own_cache() -> Iterator[None]:
    with tempfile.TemporaryDirectory(prefix="shapelint-cache-") as directory:
        held = os.environ.get("SHAPELINT_CACHE_DIR")
        os.environ["SHAPELINT_CACHE_DIR"] = directory
        yield
        if held is None:
            del os.environ["SHAPELINT_CACHE_DIR"]
        else:
            os.environ["SHAPELINT_CACHE_DIR"] = held

"""No test reads or writes the user's own cache, or hangs on how the tests themselves were started."""

from __future__ import annotations

import os
import signal
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


@pytest.fixture(scope="session", autouse=True)
def interruptible() -> Iterator[None]:
    """A shell starts its background jobs with interrupts ignored, and every process they start inherits that: the runs that a test
    interrupts would go on."""
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        yield
        return
    signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, signal.SIG_IGN)

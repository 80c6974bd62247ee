"""shapelint reads PyTorch source without running it, and says what is wrong with it and what the network is.

`check(paths)` gives the findings, `summarize("net.py:Net(10)")` the layers, shapes and totals. Importing this package
imports next to nothing: its names are looked up when they are first used.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shapelint.api import CheckProblem, check, summarize
    from shapelint.report import Diagnostic, ModelSummary

__version__ = "0.1.0"
__all__ = ["CheckProblem", "Diagnostic", "ModelSummary", "__version__", "check", "summarize"]


def __getattr__(name: str) -> object:
    if name in ("check", "summarize", "CheckProblem"):
        from shapelint import api

        value: object = getattr(api, name)
    elif name in ("Diagnostic", "ModelSummary"):
        from shapelint import report

        value = getattr(report, name)
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(set(globals()) | set(__all__))

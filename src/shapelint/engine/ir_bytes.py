"""Programs as bytes and back: a pickle that only node types may be loaded from."""

from __future__ import annotations

import io
import pickle
import zlib
from typing import Any

from shapelint import ir
from shapelint.lower.stack import with_room


def packed(program: ir.Program) -> bytes | None:
    try:
        return zlib.compress(with_room(lambda: pickle.dumps(program, 5)), 1)
    except (RecursionError, pickle.PicklingError, TypeError):
        return None


def unpacked(content: bytes) -> ir.Program | None:
    try:
        program = _Nodes(io.BytesIO(zlib.decompress(content))).load()
    except (pickle.UnpicklingError, zlib.error, EOFError, AttributeError, TypeError, ValueError, IndexError):
        return None
    return program if isinstance(program, ir.Program) else None


class _Nodes(pickle.Unpickler):
    """Loads node types and constants, nothing else."""

    def find_class(self, module: str, name: str) -> Any:
        if module.startswith("shapelint.ir") and name in ir.__all__:
            return getattr(ir, name)
        if (module, name) in (("builtins", "complex"), ("builtins", "Ellipsis"), ("_codecs", "encode")):
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name} is not a node type")

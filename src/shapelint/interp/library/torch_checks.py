"""torch._check and its like: conditions that are also hints for the compiler. One that is not met raises; one that is not known
is taken to be met, as an assert is."""

from __future__ import annotations

from typing import Any

from shapelint.interp import calls
from shapelint.interp.control import ProgramRaises, library_refuses
from shapelint.interp.host import builtins
from shapelint.interp.host.host_calls import takes
from shapelint.interp.library import function
from shapelint.interp.truth import truth
from shapelint.interp.world import World
from shapelint.values import Class, Instance, Tensor

_KINDS = {
    "_check": "RuntimeError", "_check_index": "IndexError", "_check_value": "ValueError", "_check_type": "TypeError",
    "_check_not_implemented": "NotImplementedError",
}  # fmt: skip


def _met(world: World, error: Any, cond: Any, message: Any) -> None:
    if isinstance(cond, Tensor):
        raise library_refuses("TypeError", "cond must be a bool, but got a Tensor")
    if truth(world, cond) is not False:
        return
    text = (
        calls.call(world, message, (), {})
        if message is not None
        else "Expected cond to be True, but got False."
    )
    value = calls.call(world, error, (text,), {}) if isinstance(error, Class) else None
    kind = value.cls.name if isinstance(value, Instance) else "Exception"
    raise ProgramRaises(kind, text if isinstance(text, str) else "", value, world.site())


def _all_met(world: World, error: Any, cond: Any, message: Any) -> None:
    """Of a tensor of truths: each of them."""
    if isinstance(cond, Tensor):
        if cond.dtype not in ("bool", None):
            what = f"cond tensor must have dtype torch.bool, but got torch.{cond.dtype}"
            raise library_refuses("TypeError", what)
        if cond.data is not None:
            _met(world, error, False not in cond.data, message)


def _kind(name: str, kind: str) -> None:
    @function(f"torch.{name}")
    @takes("cond, message=None", plain=True)
    def check(world: World, cond: Any, message: Any) -> None:
        _met(world, builtins.NAMES[kind], cond, message)


for _name, _error in _KINDS.items():
    _kind(_name, _error)


@function("torch._check_with")
@takes("error_type, cond, message", plain=True)
def check_with(world: World, error_type: Any, cond: Any, message: Any) -> None:
    _met(world, error_type, cond, message)


@function("torch._check_tensor_all")
@takes("cond, message=None", plain=True)
def check_tensor_all(world: World, cond: Any, message: Any) -> None:
    _all_met(world, builtins.NAMES["RuntimeError"], cond, message)


@function("torch._check_tensor_all_with")
@takes("error_type, cond, message=None", plain=True)
def check_tensor_all_with(world: World, error_type: Any, cond: Any, message: Any) -> None:
    _all_met(world, error_type, cond, message)


@function("torch._check_is_size")
@takes("i, message=None, *, max=None", plain=True)
def check_is_size(world: World, i: Any, message: Any, max: Any) -> None:
    """Of what is not negative."""
    if isinstance(i, int) and (i < 0 or (isinstance(max, int) and i > max)):
        _met(world, builtins.NAMES["RuntimeError"], False, message)

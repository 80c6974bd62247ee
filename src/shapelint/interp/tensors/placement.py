"""Which device tensors lie on: the one where everything starts, until a program names another one.

Only where what comes from outside lies there too (`World.one_device`): a summary tells what torch counts on the meta device, and
the same on the CPU. Which of the two it is, is not said. No device is told apart from another once one other was named anywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from shapelint.dims import Sym
from shapelint.interp.world import World
from shapelint.values import HERE, Device, Either, Tensor, Unknown

KINDS_HERE = ("cpu", "meta")
_TYPE = ("torch.Tensor.device", "type")

_OTHER_KINDS = ("cuda", "mps", "xpu", "xla", "hpu", "ipu", "hip", "mtia", "vulkan", "privateuseone")

# Operations that put tensors somewhere without a parameter named `device`.
_MOVES = frozenset(("torch.Tensor.cuda", "torch.Tensor.xpu", "torch.Tensor.ipu"))
_MAY_MOVE = frozenset(("torch.Tensor.to", "torch.Tensor.type", "torch.set_default_device"))


def device_of(world: World, tensor: Tensor) -> Device:
    """`tensor.device`."""
    if _is_here(world, tensor):
        return HERE
    return Device(Unknown("the device a tensor lies on", plain=True))


def is_cuda(world: World, tensor: Tensor) -> Any:
    """`tensor.is_cuda`."""
    return False if _is_here(world, tensor) else Unknown("the device a tensor lies on", plain=True)


def type_here(world: World) -> Any:
    """`device.type` of the device where everything starts: asked twice, the same."""
    return world.library.setdefault(_TYPE, Either(KINDS_HERE, HERE.type.why))


def _is_here(world: World, tensor: Tensor) -> bool:
    return world.one_device and not _was_elsewhere(world) and tensor.known


def _was_elsewhere(world: World) -> bool:
    return world.elsewhere or world.imported.elsewhere


def elsewhere(world: World) -> None:
    """Something is put on another device. That is so from now on whatever is undone: no more is said than before."""
    world.elsewhere = True
    if world.importing:
        world.imported.elsewhere = True


def given(world: World, values: Iterable[Any]) -> None:
    """Arguments by which something is put on a device."""
    if not _was_elsewhere(world) and any(map(_names_another, values)):
        elsewhere(world)


def operation(world: World, name: str, bound: Mapping[str, Any]) -> None:
    """An operation is called: it may put its result on another device."""
    if _was_elsewhere(world):
        return
    if name in _MOVES or (name.startswith("torch.cuda.") and name.endswith("Tensor")):
        elsewhere(world)
    elif name in _MAY_MOVE:
        words = bound.get("keywords") or {}
        given(world, (bound.get("dtype"), *bound.get("args", ())[:1], words.get("device")))
    elif bound.get("device") is not None:
        given(world, (bound["device"],))


def layer(world: World, args: list[Any], keywords: dict[str, Any]) -> None:
    """A layer of torch's is constructed, perhaps on another device."""
    if keywords.get("device") is not None:
        given(world, (keywords["device"],))
    given(world, filter(_is_device, args))


def _is_device(value: Any) -> bool:
    """Whether an argument among others is a device, or its name."""
    return isinstance(value, (Device, Either)) or (
        isinstance(value, str) and value.partition(":")[0] in _OTHER_KINDS
    )


def _names_another(value: Any) -> bool:
    """Whether an argument that says where is, or may be, another device than the one where everything starts."""
    if isinstance(value, Device):
        return value is not HERE and value.type not in KINDS_HERE
    if isinstance(value, str):
        return ".cuda." in value if value.startswith("torch.") else value.partition(":")[0] not in KINDS_HERE
    if isinstance(value, Either):
        return any(map(_names_another, value.options))
    return isinstance(value, (Unknown, Sym)) or (isinstance(value, int) and not isinstance(value, bool))

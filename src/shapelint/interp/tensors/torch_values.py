"""`torch.Size(…)`, `torch.device(…)`, `nn.Parameter(…)`, `nn.Buffer(…)`."""

from __future__ import annotations

from typing import Any

from shapelint.interp import iterate
from shapelint.interp.control import library_refuses
from shapelint.interp.world import World
from shapelint.specs.need import Need, Refused
from shapelint.specs.ops.promotion import category
from shapelint.values import Device, Either, List, Size, Tensor, Undetermined, Unknown


def make_size(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    found = iterate.known_items(world, args[0]) if args else []
    world.spend(16 * len(found))
    return Size(found)


def make_device(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    value = args[0] if args else keywords.get("device", keywords.get("type"))
    if isinstance(value, Device):
        return value
    if isinstance(value, Either):
        from shapelint.interp.host.host_calls import each

        return each(world, value, lambda option: make_device(world, (option, *args[1:]), {}))
    if isinstance(value, str):
        kind, _, index = value.partition(":")
        number = (
            args[1] if len(args) > 1 and isinstance(args[1], int) else int(index) if index.isdigit() else None
        )
        return Device(kind, number)
    if isinstance(value, int):
        return Device("cuda", value)
    return Device(Unknown("a device that is not known", plain=True))


_FLOATING = 2  # category() of what has gradients: floating-point and complex numbers
_KINDS: dict[type, str] = {bool: "flag", int: "number", float: "number", str: "text"}


def make_parameter(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    from shapelint.interp.tensors import recorder, tensor_arguments

    data = args[0] if args else keywords.get("data")
    grad = args[1] if len(args) > 1 else keywords.get("requires_grad", True)
    tensor = tensor_arguments.as_tensor(data) if isinstance(data, Unknown) else data
    if not isinstance(tensor, Tensor):
        if data is None:
            return Tensor((0,), "float32", kind="parameter", requires_grad=True)
        if isinstance(data, (int, float, str, List)):
            kind = "a list" if isinstance(data, List) else f"the {_KINDS[type(data)]} {data!r}"
            raise library_refuses("AttributeError", f"a parameter is made of a tensor, not of {kind}")
        raise Undetermined("a parameter of something that is not known")
    if grad is True and tensor.dtype is not None and category(tensor.dtype) < _FLOATING:
        need = Need(recorder.Recorder(world), "torch.nn.Parameter", (tensor,))
        try:
            need.refuse(
                "wrong-dtype", f"only floating-point tensors can be trained, this one is {tensor.dtype}"
            )
        except Refused:
            return Unknown("nn.Parameter fails here", world.site(), after_failure=True)
    made = Tensor(
        tensor.box, tensor.dtype, kind="parameter", requires_grad=grad if isinstance(grad, bool) else None
    )
    made.data = tensor.data
    made.made = tensor.made
    made.after_failure = tensor.after_failure
    return made


def make_buffer(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    named = {k: v for k, v in keywords.items() if k == "data"}
    made = make_parameter(world, args[:1], {**named, "requires_grad": False})
    made.kind, made.requires_grad = "buffer", False
    return made

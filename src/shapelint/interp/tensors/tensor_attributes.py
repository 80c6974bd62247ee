"""`tensor.shape`, `tensor.view`, `tensor.requires_grad = …`, `torch.Tensor.view`."""

from __future__ import annotations

from typing import Any

from shapelint import facts
from shapelint.interp import class_attributes, iterate
from shapelint.interp.control import ProgramRaises
from shapelint.interp.host import host_classes
from shapelint.interp.tensors import autograd, placement, saved, tensor_arguments, tensor_names, torch_calls
from shapelint.interp.world import World
from shapelint.specs import registry
from shapelint.values import (
    BoundMethod,
    Builtin,
    DType,
    Function,
    Made,
    Size,
    StaticMethod,
    Tensor,
    Undetermined,
    Unknown,
    Unranked,
)

# Attributes that only tensors have: an argument that is asked for one is a tensor.
TENSOR_ONLY = frozenset(
    (
        "shape size dim ndim view reshape permute transpose unsqueeze squeeze flatten contiguous chunk "
        "expand repeat matmul mean softmax unfold masked_fill new_zeros new_ones new_full new_empty "
        "new_tensor detach clone is_cuda view_as expand_as gather scatter_ argmax argmin numel requires_grad "
        "unbind movedim swapaxes swapdims T mT clamp sigmoid tanh relu bmm mm addmm sqrt exp abs pow std var "
        "norm cumsum topk roll flip narrow select index_select type_as long bool log"
    ).split()
)
_NO_CALL = frozenset(("T", "mT", "H", "mH", "real", "imag"))
_NUMBERS = frozenset(("dtype", "itemsize", "nbytes", "ndim", "shape"))


def attribute(world: World, tensor: Tensor, name: str) -> Any:
    """`tensor.name`."""
    if host_classes.TENSOR.attrs and name in host_classes.TENSOR.attrs:
        return _given_to_all(host_classes.TENSOR.attrs[name], tensor, name)
    method = _methods.get(name)
    if method is not None:
        return BoundMethod(method, tensor)
    if name == "shape":
        return Size(map(world.resolve, tensor.shape)) if tensor.known else iterate.ShapeOf(tensor.box)
    if name == "dtype":
        return (
            DType(tensor.dtype) if tensor.dtype is not None else Unknown("the dtype is not known", plain=True)
        )
    if name == "device":
        return placement.device_of(world, tensor)
    if name == "ndim":
        return tensor.rank if tensor.known else Unknown(_why(tensor), plain=True)
    if name == "data":
        detached = tensor.like()
        detached.data, detached.made, detached.layout = tensor.data, tensor.made, tensor.layout
        if tensor.data is not None:
            # What is written into it is written into the tensor, whose numbers are followed.
            detached.made = Made("torch.Tensor.detach", world.site(), (tensor,))
        return detached
    if name == "requires_grad":
        needed = autograd.needs_gradients(tensor)
        return Unknown("whether it needs gradients", plain=True) if needed is None else needed
    if name in ("is_cuda", "is_mps", "is_quantized", "is_sparse", "is_meta", "is_nested", "is_xpu"):
        return placement.is_cuda(world, tensor) if name == "is_cuda" else False
    if name == "grad":
        return None if autograd.has_no_gradient(world, tensor) else Unknown("a gradient", plain=True)
    if name in ("grad_fn", "itemsize", "nbytes", "layout", "names", "_version", "__dict__"):
        return Unknown(f"{name} of a tensor is not modelled", plain=True)
    if name == "is_leaf":
        if world.recording is not None:
            world.recording.spoilt = True
        computed = autograd.is_computed(world, tensor)
        return Unknown("whether it is a leaf", plain=True) if computed is None else not computed
    if name == "__class__":
        from shapelint.interp.host import type_tests

        return type_tests.class_of(tensor)
    if name == "__len__":
        from shapelint.interp.host import builtin_iteration, host_calls

        return host_calls.builtin("__len__", "", lambda w: builtin_iteration.length(w, tensor))
    full = f"torch.Tensor.{name}"
    if name in _NO_CALL and full in registry.ops:
        return torch_calls.op(world, full, (tensor,), {})
    if full in registry.ops:
        method = _methods[name] = Builtin(
            full, lambda w, args, keywords: torch_calls.op(w, full, args, keywords)
        )
        return BoundMethod(method, tensor)
    if name == "size" and not tensor.known:
        return Builtin(full, lambda w, args, keywords: _size(tensor, args, keywords))
    if tensor.extra and name in tensor.extra:
        return tensor.extra[name]
    if name.startswith("__") or not known_tensor_name(name):
        if tensor_arguments.is_presumed(tensor):
            return Unknown(f"what has {name} is no tensor", world.site())
        raise ProgramRaises(
            "AttributeError",
            f"'Tensor' object has no attribute '{name}'",
            cause=facts.AttributeAsked(tensor, name),
        )
    near = _misspelt(world, tensor, name)
    if near:
        text = f"'Tensor' object has no attribute '{name}'"
        raise ProgramRaises("AttributeError", text, cause=facts.AttributeAsked(tensor, name, near))
    return Unknown(f"{full} is not modelled", world.site(), after_failure=tensor.after_failure)


def _misspelt(world: World, tensor: Tensor, name: str) -> str:
    """The method that is meant by a name that no tensor has and that looks like one (`x.sofmax(-1)`). Any other name may be that
    of a version of torch which is not ours, or be given to the class elsewhere."""
    if (
        not world.by_program
        or tensor_arguments.is_presumed(tensor)
        or tensor_names.has(tensor, name) is not False
    ):
        return ""
    import difflib  # deferred: what tells of a mistake only

    registry.load()
    start = "torch.Tensor."
    methods = [n.removeprefix(start) for n in registry.ops if n.startswith(start)]
    return next(iter(difflib.get_close_matches(name, methods, 1, _ALIKE)), "")


_ALIKE = 0.82


def _given_to_all(held: Any, tensor: Tensor, name: str) -> Any:
    """What the program has set on the class: `torch.Tensor.halve = lambda self: self / 2`."""
    if isinstance(held, (Function, StaticMethod)):
        return class_attributes.bound(held, tensor, host_classes.TENSOR)
    if isinstance(held, Builtin) and held.name.startswith("torch.Tensor."):
        return BoundMethod(held, tensor)
    return Unknown(f"the program sets torch.Tensor.{name}")


_methods: dict[str, Builtin] = {}  # those that were asked for: a method is the same for every tensor


def _why(tensor: Tensor) -> str:
    return tensor.box.why if isinstance(tensor.box, Unranked) else ""


def _size(tensor: Tensor, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    box = tensor.box
    at = args[0] if args else keywords.get("dim")
    if at is None:
        return iterate.ShapeOf(box)
    if isinstance(at, int) and isinstance(box, Unranked):
        return box.size(at)
    raise Undetermined(_why(tensor))


def known_tensor_name(name: str) -> bool:
    """Whether torch.Tensor may have such an attribute: its names are not listed here, so any that looks like one may, but for
    those that arrays, lists and texts have and tensors have not."""
    return name.isidentifier() and name not in NOT_OF_TENSORS


NOT_OF_TENSORS = frozenset(
    (
        "astype copy expand_dims fill concatenate append extend insert items keys tobytes tofile tostring ptp compress "
        "itemset newbyteorder setflags setfield flat partition byteswap choose searchsorted argpartition "
        "lower upper strip encode join format startswith endswith update get iloc loc to_numpy"
    ).split()
)


def set_attribute(world: World, tensor: Tensor, name: str, value: Any) -> None:
    """`tensor.name = value`."""
    if name == "requires_grad":
        world.journal.touch_slot(tensor, "requires_grad")
        tensor.requires_grad = value if isinstance(value, bool) else None
        world.leaves[id(tensor)] = tensor
    elif name == "data" and isinstance(value, Tensor):
        for slot in ("_box", "dtype", "data", "layout"):
            world.journal.touch_slot(tensor, slot)
        tensor._box, tensor.dtype, tensor.data = value.box, value.dtype, value.data
        tensor.layout = value.layout
    elif name == "data":
        world.journal.touch_slot(tensor, "_box")
        world.journal.touch_slot(tensor, "layout")
        tensor.layout = None
        tensor._box = Unranked("its data were replaced by something that is not known")
    elif name == "grad":
        world.leaves[id(tensor)] = tensor  # it may have one from now on, whatever made it
        saved.no_gradients(world, tensor)
    elif name != "names":
        if f"torch.Tensor.{name}" not in registry.ops and name not in (tensor.extra or {}):
            world.record(facts.FlagSet, owner=tensor, name=name, value=value)
        world.journal.touch_slot(tensor, "extra")
        tensor.extra = {**(tensor.extra or {}), name: value}


def unbound(world: World, qualname: str, name: str) -> Any:
    """`torch.Tensor.view` and the like, as a function."""
    if name in host_classes.TENSOR.attrs:
        return host_classes.TENSOR.attrs[name]
    full = f"torch.Tensor.{name}"
    if full in registry.ops and name not in _NO_CALL and name not in _NUMBERS:
        return Builtin(full, lambda w, args, keywords: torch_calls.op(w, full, args, keywords))
    return Unknown(f"{full} is not modelled")

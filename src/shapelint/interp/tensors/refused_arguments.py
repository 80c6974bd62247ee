"""What torch refuses whatever the shapes: something that is no tensor where it takes a tensor and nothing else, and calls with too
few arguments, too many, or one that is misspelt."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shapelint.dims import Sym
from shapelint.interp import functions
from shapelint.interp.world import World
from shapelint.specs import registry
from shapelint.specs.lenient import LENIENT
from shapelint.specs.need import Need
from shapelint.specs.packed import is_packed
from shapelint.specs.signature import NUMPY_NAMES
from shapelint.values import Dict, List, Module, Size, may_be_tensor

# Where a number will do for a tensor, though the law takes tensors alone: nothing is said of the call then.
TAKE_NUMBERS = frozenset(
    (
        "torch.Tensor.copy_", "torch.Tensor.__matmul__", "torch.Tensor.__rmatmul__",
        "torch.nn.functional.gaussian_nll_loss", "torch.nn.functional.multilabel_soft_margin_loss",
        "torch.nn.GaussianNLLLoss", "torch.nn.MultiLabelSoftMarginLoss",
    )
)  # fmt: skip


def refuse_others(world: World, need: Need, law: Any, bound: Mapping[str, Any]) -> None:
    """A tuple, a list, a dict, a text, a layer, None or a number where the law takes a tensor and nothing else: torch raises
    TypeError, or AttributeError."""
    for name in plain_tensors(law):
        value = bound.get(name)
        if isinstance(value, (tuple, List)) and not isinstance(value, Size) and not is_packed(value):
            kind = "list" if isinstance(value, List) else "tuple"
            many = f" of {len(value)}" if isinstance(value, tuple) else ""
            need.refuse("sequence-for-tensor", f"{name} must be a tensor, it is a {kind}{many}", "TypeError")
        if isinstance(value, (Dict, str)):
            kind = "dict" if isinstance(value, Dict) else f"text, {value[:20]!r}"
            need.refuse("sequence-for-tensor", f"{name} must be a tensor, it is a {kind}", "TypeError")
        if isinstance(value, Module):
            what = f"{name} must be a tensor, it is the layer {value.cls.name} itself, not what that gives"
            need.refuse("call-refused", what, "TypeError")
        # A default of None, or a number in its place, is what the program gives only where the program makes the call.
        if world.by_program and name in bound and need.op not in TAKE_NUMBERS and _is_scalar(value):
            what = "it is None" if value is None else f"it is the number {value}"
            need.refuse("call-refused", f"{name} must be a tensor, {what}", "TypeError")


def _is_scalar(value: Any) -> bool:
    if isinstance(value, Sym):
        return not may_be_tensor(value)
    return value is None or isinstance(value, (int, float, complex))


_plain: dict[int, tuple[str, ...]] = {}


def plain_tensors(law: Any) -> tuple[str, ...]:
    """The parameters of a law that are annotated as a tensor and nothing else."""
    found = _plain.get(id(law))
    if found is None:
        annotations = law.__annotations__
        found = _plain[id(law)] = tuple(n for n, a in annotations.items() if a == "Tensor" and n != "return")
    return found


def refuse_binding(
    need: Need, entry: registry.Op, name: str, args: tuple[Any, ...], keywords: Mapping[str, Any]
) -> None:
    """Arguments that no version of torch takes: too few, too many, or a keyword that is one misspelt. Another strange keyword
    may be of another version than ours, so that it is refused only beside a missing argument, or where a function of the same
    name has it."""
    if not name.startswith("torch.") or name in LENIENT:
        return
    parameters = entry.signature.parameters
    if functions.OTHERS in keywords or any(a.__class__ is functions.Rest for a in args):
        return
    if any(p.kind in ("vararg", "kwarg") for p in parameters):
        return
    method = name.startswith("torch.Tensor.")
    names = [p.name for p in parameters]
    plain = [p.name for p in parameters if p.kind == "plain"]
    if len(args) > len(plain):
        takes, given = len(plain) - method, len(args) - method
        need.refuse(
            "call-refused",
            f"it takes {takes} argument{'s' * (takes != 1)}, and is given {given}",
            "TypeError",
        )
    strange = [k for k in keywords if k not in names]
    missing = [p.name for p in parameters[len(args) :] if p.required and p.name not in keywords]
    if any(k in NUMPY_NAMES for k in strange):
        return
    if missing:
        but = f", it takes no {strange[0]}" if strange else ""
        need.refuse("call-refused", f"it also wants {' and '.join(missing)}{but}", "TypeError")
    if strange and (_misspelt(strange[0], names) or _of_namesake(name, strange[0])):
        need.refuse("call-refused", f"it takes no {strange[0]}", "TypeError")


def _misspelt(word: str, names: list[str]) -> bool:
    import difflib  # deferred: what tells of a mistake only

    return bool(difflib.get_close_matches(word, names, 1, 0.75))


def _of_namesake(name: str, word: str) -> bool:
    """Whether the function of the same name in torch.nn.functional takes what the one in torch does not: `torch.relu(x,
    inplace=True)`."""
    other = registry.ops.get(f"torch.nn.functional.{name.rpartition('.')[2]}")
    return other is not None and any(p.name == word for p in other.signature.parameters)

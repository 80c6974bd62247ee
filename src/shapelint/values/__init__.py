"""What the interpreter computes with.

A value is one of: a plain Python constant (int, float, complex, str, bytes, bool, None, Ellipsis), a symbolic size
(`dims.Sym`), a tuple or slice of values, a `Tensor`, a mutable container (`List`, `Dict`, `Set`), something callable
(`Function`, `BoundMethod`, `Builtin`, `Class`, …), an `Instance` (a `Module` when it is an nn.Module), a `Namespace`
(an imported file), or `Unknown`, which says why. Knows dims and ir; knows nothing of syntax trees, torch specs or rules.
"""

from shapelint.values.containers import Deque, Dict, List, OneOf, Set
from shapelint.values.journal import Journal, Names
from shapelint.values.objects import (
    BoundMethod,
    Builtin,
    Class,
    ClassCell,
    ClassMethod,
    Either,
    Environment,
    External,
    Function,
    History,
    Instance,
    Iterator,
    Lazy,
    Module,
    Namespace,
    Property,
    StaticMethod,
    Stream,
    SuperView,
    Valued,
)
from shapelint.values.origin import Made, Site
from shapelint.values.tensor import ArrayItem, Shape, Tensor, Unranked
from shapelint.values.torch_types import HERE, Device, DType, Record, Size
from shapelint.values.unknown import Undetermined, Unknown, as_dim, is_size, may_be_tensor, some_number

__all__ = [
    "ArrayItem",
    "BoundMethod",
    "Builtin",
    "Class",
    "ClassCell",
    "ClassMethod",
    "DType",
    "Deque",
    "HERE",
    "Device",
    "Dict",
    "Either",
    "Environment",
    "External",
    "Function",
    "History",
    "Instance",
    "Iterator",
    "Journal",
    "Lazy",
    "List",
    "Made",
    "Module",
    "Names",
    "Namespace",
    "OneOf",
    "Property",
    "Record",
    "Set",
    "Shape",
    "Site",
    "Size",
    "StaticMethod",
    "Stream",
    "SuperView",
    "Tensor",
    "Undetermined",
    "Unknown",
    "Unranked",
    "Valued",
    "as_dim",
    "is_size",
    "may_be_tensor",
    "some_number",
]

"""Gradients: which tensors need them, and what torch refuses because of them.

Whether a tensor needs gradients is True, False, or None where that is not known. What torch refuses is told of what the program
itself does when it is run only: a function that we call may be called under `no_grad` by others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from shapelint import dims
from shapelint.interp.nets import module_tree
from shapelint.interp.world import World
from shapelint.specs.need import Need
from shapelint.values import Either, List, Made, Module, Tensor, Unknown
from shapelint.values.torch_types import is_float, is_integral

# What these give needs no gradients, whatever they are given, unless `requires_grad` asks for it (compared with torch by
# tests/interp/test_autograd.py).
GRADLESS = frozenset(
    (
        "detach detach_ histc new new_empty new_empty_strided new_full new_ones new_tensor new_zeros empty_like full_like "
        "ones_like rand_like randn_like randint_like zeros_like tensor as_tensor asarray from_numpy get_total_norm requires_grad_ "
        "Tensor FloatTensor DoubleTensor HalfTensor BFloat16Tensor numpy __array__ native_dropout native_layer_norm lstsq "
        "lu lu_unpack cond combinations airy_ai bessel_j0 bessel_j1 bessel_y0 bessel_y1 chebyshev_polynomial_t "
        "chebyshev_polynomial_u chebyshev_polynomial_v chebyshev_polynomial_w hermite_polynomial_h hermite_polynomial_he "
        "laguerre_polynomial_l legendre_polynomial_p modified_bessel_i0 modified_bessel_i1 modified_bessel_k0 "
        "modified_bessel_k1 scaled_modified_bessel_k0 scaled_modified_bessel_k1 shifted_chebyshev_polynomial_t "
        "shifted_chebyshev_polynomial_u shifted_chebyshev_polynomial_v shifted_chebyshev_polynomial_w spherical_bessel_j0"
    ).split()
)

# Of those, what only sometimes needs none: not followed.
_SOMETIMES = frozenset(
    "as_tensor asarray native_dropout native_layer_norm lstsq lu lu_unpack cond combinations numpy __array__".split()
)


# These give views of what they are given, or itself, at least now and then; and a view needs gradients as that does, even while
# nothing is recorded, and is a leaf then (compared with torch as well).
VIEWS = frozenset(
    (
        "__getitem__ adjoint alpha_dropout as_strided atleast_1d atleast_2d atleast_3d bfloat16 broadcast_tensors "
        "broadcast_to cartesian_prod cdouble celu cfloat chalf chunk conj conj_physical contiguous cpu cuda diagonal "
        "double dropout dropout1d dropout2d dropout3d dsplit einsum elu expand expand_as feature_alpha_dropout "
        "feature_dropout flatten float half hardsigmoid hardswish hardtanh hsplit imag leaky_relu "
        "local_response_norm mH mT meshgrid mish moveaxis movedim narrow native_dropout normalize permute positive "
        "ravel real rearrange reduce relu relu6 repeat reshape reshape_as resize resize_as resolve_conj resolve_neg "
        "rrelu select selu silu split split_with_sizes squeeze sum_to_size swapaxes swapdims t tensor_split "
        "threshold to transpose type type_as unbind unflatten unfold unpack unsqueeze view view_as view_as_complex "
        "view_as_real vsplit xpu AlphaDropout CELU Dropout Dropout1d Dropout2d Dropout3d ELU FeatureAlphaDropout "
        "Flatten H Hardsigmoid Hardswish Hardtanh Identity LeakyReLU Mish RReLU ReLU ReLU6 Rearrange Reduce SELU "
        "Sequential SiLU T Threshold Unflatten"
    ).split()
)

# Only the first of their tensors counts: the others lend a shape or a dtype.
OF_THE_FIRST = frozenset("to type_as expand_as view_as reshape_as".split())


@lru_cache(4096)  # there are so many operations, and each has one name
def short(op: str) -> str:
    return op.rpartition(".")[2]


def is_exact(dtype: str | None) -> bool:
    """Integers and truth values: they have no gradient."""
    return dtype == "bool" or is_integral(dtype)


def needed(world: World, result: Tensor, made: Made) -> bool | None:
    """Whether a fresh tensor needs gradients."""
    if is_exact(result.dtype):
        return False
    name = short(made.op)
    if name in _SOMETIMES:
        return None
    if name in GRADLESS:
        return result.requires_grad
    weights = made.layer if isinstance(made.layer, Module) else None
    if not made.parents and weights is None:
        return result.requires_grad  # as it was asked for, whether gradients are recorded or not
    if world.grad_enabled is False:
        return _unrecorded(made, name)
    among = [_of(v) for v in (made.parents[:1] if name in OF_THE_FIRST else _given(made))]
    if True not in among and weights is not None:
        among += [_of(t) for _, t in module_tree.named_parameters(weights)]
    if True in among:
        return True if world.grad_enabled is True and result.dtype is not None else None
    return None if None in among else False


def _unrecorded(made: Made, name: str) -> bool | None:
    """Whether what an operation gives needs gradients while none are recorded."""
    if name in VIEWS and made.parents and _of(made.parents[0]) is not False:
        return None
    return False


def needed_in_place(world: World, target: Tensor, result: Tensor, op: str) -> bool | None:
    """Whether a tensor needs gradients once an operation has written into it: what is not recorded changes nothing about that, and
    what is recorded takes it from none."""
    if short(op) not in SETS_FLAG and (world.grad_enabled is False or target.requires_grad is True):
        return target.requires_grad
    return result.requires_grad


def written_through(world: World, view: Tensor) -> None:
    """What a view looks at may need gradients once something that does was written into the view."""
    at: Any = view
    while isinstance(at, Tensor) and at.made is not None and short(at.made.op) in VIEWS and at.made.parents:
        at = at.made.parents[0]
        if isinstance(at, Tensor) and at.requires_grad is False:
            world.journal.touch_slot(at, "requires_grad")
            at.requires_grad = None


SETS_FLAG = ("requires_grad_", "detach_")


def _given(made: Made) -> Iterator[Any]:
    yield from made.parents
    for value in (made.given or {}).values():
        if isinstance(value, (Unknown, Either)):
            yield value
        elif isinstance(value, List):
            if value.open is not None:
                yield value.open
            yield from (v for v in value.items if isinstance(v, (Unknown, Either)))
        elif isinstance(value, tuple):
            yield from (v for v in value if isinstance(v, (Unknown, Either)))


def _of(value: Any) -> bool | None:
    """Whether what an operation is given needs gradients; None too for a tensor of which nobody knows what made it."""
    if not isinstance(value, Tensor):
        return None
    if is_exact(value.dtype):
        return False
    if value.requires_grad is False and value.made is None and value.kind == "tensor":
        return None
    return value.requires_grad


# ---- what torch refuses


def refuse(world: World, need: Need, op: str, given: Mapping[str, Any]) -> None:
    """Refuse a call that torch refuses because of gradients. Called before the operation's own law."""
    name = short(op)
    x = given.get("self", given.get("input"))
    if not isinstance(x, Tensor) or not world.by_program or world.muted:
        return
    if name == "backward":
        _refuse_backward(world, need, x, given)
    elif (
        name in ("numpy", "__array__")
        and x.requires_grad is True
        and world.grad_enabled is True
        and given.get("force") is not True
    ):
        need.refuse("call-refused", "the tensor needs gradients, and an array has none: x.detach().numpy()")


def refuse_in_place(world: World, need: Need, target: Tensor, op: str) -> None:
    """An operation in place on what the gradients are taken for."""
    if (
        world.by_program
        and short(op) not in ("requires_grad_", "detach_", "share_memory_")
        and world.grad_enabled is True
        and target.requires_grad is True
        and is_leaf(target)
        and target.dtype is not None
        and is_float(target.dtype)
    ):
        what = "a parameter" if target.is_parameter else "a tensor that gradients are taken for"
        need.refuse(
            "call-refused", f"{what} is changed in place, which torch allows under torch.no_grad() only"
        )


def is_leaf(x: Tensor) -> bool:
    """Certainly one: a parameter, or made with `requires_grad=True`."""
    return x.is_parameter or (x.made is not None and (x.made.given or {}).get("requires_grad") is True)


def is_computed(world: World, x: Tensor) -> bool | None:
    """Whether a tensor is part of a graph, and no leaf of it; None where that is not known."""
    if x.is_parameter or x.requires_grad is False:
        return False
    if x.requires_grad is None or x.made is None or id(x) in world.leaves:
        return None
    if x.made.op == "either":  # whichever it is: the program may know it to be a leaf
        options = [is_computed(world, p) for p in x.made.parents if isinstance(p, Tensor)]
        return True if options and all(options) else None
    given = x.made.given or {}
    if short(x.made.op) in GRADLESS or given.get("requires_grad") is not None:
        return None
    learnt = any(isinstance(p, Tensor) and p.requires_grad is True for p in x.made.parents)
    if isinstance(x.made.layer, Module):
        learnt |= any(t.requires_grad is True for _, t in module_tree.named_parameters(x.made.layer))
    return True if learnt and x.kind == "tensor" else None


def refused_gradients(world: World, output: Any, wanted: Iterable[Any], weights: Any) -> str | None:
    """Why torch.autograd.grad refuses the gradients of an output with respect to some tensors."""
    if not world.by_program or world.muted:
        return None
    if isinstance(output, Tensor):
        if _needs_none(output):
            return f"nothing that the output was made from needs gradients{_because(output)}"
        if weights is None and output.known and dims.equal(dims.product(output.shape), 1).no:
            return "of an output that is no single number, gradients are taken with grad_outputs only"
    if any(isinstance(t, Tensor) and _needs_none(t) for t in wanted):
        return "what the gradients are asked for does not need any: requires_grad_() before it is used"
    return None


def has_no_gradient(world: World, x: Tensor) -> bool:
    """Whether `x.grad` is certainly None: the program itself asks it of what needs no gradients, or is no leaf."""
    if not world.by_program or world.muted or world.uncertain or world.repeating or id(x) in world.leaves:
        return False
    if world.recording is not None:
        world.recording.spoilt = True
    if x.made is not None and short(x.made.op) in VIEWS:
        return False  # it may be the very tensor that was given: x.to(device), an Identity
    return (_needs_none(x) and x.kind == "tensor") or is_computed(world, x) is True


def needs_gradients(x: Tensor) -> bool | None:
    """What `x.requires_grad` gives; None where that is not known."""
    return None if x.requires_grad is False and x.made is not None and _looks_at_one(x) else x.requires_grad


def _needs_none(x: Tensor) -> bool:
    """Whether a tensor certainly needs no gradients."""
    return x.requires_grad is False and x.made is not None and not is_exact(x.dtype) and not _looks_at_one(x)


def _refuse_backward(world: World, need: Need, loss: Tensor, given: Mapping[str, Any]) -> None:
    if world.recording is not None:
        world.recording.spoilt = True
    if _needs_none(loss):
        need.refuse("call-refused", f"nothing that it was made from needs gradients{_because(loss)}")
    inputs, keeps = given.get("inputs"), given.get("retain_graph")
    keeps = given.get("create_graph") if keeps is None else keeps
    if inputs is not None or world.uncertain or world.repeating:
        return
    graph = list(_graph(loss))
    for tensor in graph:
        place = world.freed.get(id(tensor))
        if place is not None and world.grad_enabled is True:
            told = f"line {place[1].line}" if place[1] is not None else "an earlier call"
            need.refuse(
                "call-refused",
                f"what {short(tensor.made.op)} gave is part of it, and the backward() of {told} has freed that",
            )
    if keeps in (None, False):
        here = world.here()
        for tensor in graph:
            world.freed[id(tensor)] = (tensor, here)


def _looks_at_one(loss: Tensor) -> bool:
    """Whether a view is below a loss, of something that may need gradients: so does then the view, since the write that gave them."""
    waiting, seen = [loss], {id(loss)}
    while waiting and len(seen) < _MOST:
        tensor = waiting.pop()
        if tensor.made is None:
            continue
        view = short(tensor.made.op) in VIEWS
        for parent in tensor.made.parents:
            if not isinstance(parent, Tensor) or id(parent) in seen:
                continue
            if view and _of(parent) is not False:
                return True
            seen.add(id(parent))
            waiting.append(parent)
    return len(seen) >= _MOST


_MOST = 20_000  # tensors that are looked at


def _because(loss: Tensor) -> str:
    """Where the gradients were lost, in words: the last step of the chain that gives whole numbers."""
    at: Any = loss
    for _ in range(50):
        if not isinstance(at, Tensor) or at.made is None:
            return ""
        name = short(at.made.op)
        if name in ("argmax", "argmin", "detach") or is_exact(at.dtype):
            return f": {name} has none"
        at = next((p for p in at.made.parents if isinstance(p, Tensor)), None)
    return ""


def _graph(loss: Tensor) -> Iterator[Any]:
    """The tensors below a loss that need gradients and whose step keeps values for backward."""
    waiting, seen = [loss], {id(loss)}
    while waiting:
        tensor = waiting.pop()
        if tensor.requires_grad is not True or tensor.made is None:
            continue
        if short(tensor.made.op) in _KEEPS:
            yield tensor
        for parent in tensor.made.parents:
            if isinstance(parent, Tensor) and id(parent) not in seen:
                seen.add(id(parent))
                waiting.append(parent)


# Operations that keep values of theirs for backward, so that a second one is refused.
_KEEPS = frozenset(
    (
        "matmul __matmul__ mm bmm linear sigmoid tanh relu exp softmax log_softmax conv1d conv2d conv3d mse_loss cross_entropy "
        "binary_cross_entropy binary_cross_entropy_with_logits layer_norm batch_norm gelu silu Linear Conv1d Conv2d Conv3d "
        "ConvTranspose1d ConvTranspose2d ConvTranspose3d BatchNorm1d BatchNorm2d BatchNorm3d LayerNorm GroupNorm LSTM GRU RNN "
        "LSTMCell GRUCell RNNCell ReLU Sigmoid Tanh GELU SiLU Softmax LogSoftmax MultiheadAttention MSELoss BCELoss "
        "CrossEntropyLoss BCEWithLogitsLoss"
    ).split()
)

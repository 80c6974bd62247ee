"""torch.nn.utils.parametrize: a parameter becomes the output of a module; its originals move below `parametrizations`."""

from __future__ import annotations

from typing import Any

from shapelint.interp import attributes, calls, imports
from shapelint.interp.control import library_refuses
from shapelint.interp.host.host_calls import takes
from shapelint.interp.library import function
from shapelint.interp.library.torch_classes import method as as_method
from shapelint.interp.library.torch_classes import module_class, new_module, not_known
from shapelint.interp.nets import containers, module_tree, registration
from shapelint.interp.world import World
from shapelint.values import BoundMethod, Class, Module, Shape, Tensor, Undetermined, Unknown

_LIST = "torch.nn.utils.parametrize.ParametrizationList"
ORTHOGONAL = module_class("torch.nn.utils.parametrizations._Orthogonal", forward=not_known("a weight"))


def new_parameter(tensor: Tensor, shape: Shape | None = None) -> Tensor:
    """A parameter of its own, of the same kind as another."""
    made = Tensor(tensor.shape if shape is None else shape, tensor.dtype, kind="parameter")
    made.requires_grad = tensor.requires_grad
    return made


def gives_up(world: World, module: Any, why: str) -> Any:
    """The module, of whose parameters something is not known."""
    if not isinstance(module, Module):
        return Unknown(why, world.site())
    module_tree.doubt_members(world, module, why)
    return module


def _below(world: World, module: Module, name: str) -> Module:
    """`module.parametrizations.name`, made when there is none."""
    world.journal.touch(module.attrs)
    held = module.attrs.get("parametrizations")
    if not isinstance(held, Module):
        held = new_module(containers.MODULE_DICT)
        module.attrs["parametrizations"] = held
    inner = held.attrs.get(name)
    if not isinstance(inner, Module):
        cls = imports.supplied_class(_LIST)
        assert cls is not None
        inner = new_module(cls)
        world.journal.touch(held.attrs)
        held.attrs[name] = inner
    return inner


def _move(world: World, module: Module, name: str, originals: list[Tensor], law: Module) -> Module:
    """Put the originals and the module that computes the weight in place."""
    held = module.attrs[name]
    assert isinstance(held, Tensor)
    world.journal.touch(module.attrs)
    del module.attrs[name]
    inner = _below(world, module, name)
    for i, tensor in enumerate(originals):
        inner.attrs["original" if len(originals) == 1 else f"original{i}"] = tensor
    inner.attrs["0"] = law
    inner.attrs["unsafe"], inner.attrs["is_tensor"] = False, len(originals) == 1
    made = Tensor(held.box, None)  # computed anew at each call: it has the dtype of what it is computed from
    made.requires_grad = held.requires_grad
    module.attrs[name] = made
    return inner


def _law(cls: Class, **buffers: tuple[Any, ...]) -> Module:
    made = new_module(cls)
    for name, shape in buffers.items():
        made.attrs[name] = Tensor(shape, "float32", kind="buffer")
        made.buffers[name] = True
    return made


def _ready(world: World, module: Any, name: Any) -> Tensor | None:
    """The parameter when it can be followed: known, and not parametrized before."""
    if not isinstance(module, Module) or not isinstance(name, str) or module.incomplete:
        return None
    held = module.attrs.get(name)
    if isinstance(held, Tensor) and held.known and held.is_parameter and name not in _lists(module):
        return held
    return None


def _lists(module: Any) -> dict[str, Module]:
    held = module.attrs.get("parametrizations") if isinstance(module, Module) else None
    if not isinstance(held, Module):
        return {}
    return {k: v for k, v in held.attrs.items() if isinstance(v, Module)}


@function("torch.nn.utils.parametrizations.orthogonal")
@takes("module, name='weight', orthogonal_map=None, *, use_trivialization=True")
def orthogonal(world: World, module: Any, name: Any, orthogonal_map: Any, use_trivialization: Any) -> Any:
    held = _ready(world, module, name)
    if held is None or not isinstance(use_trivialization, bool):
        return gives_up(world, module, f"orthogonal of {name}")
    if held.rank < 2:
        raise library_refuses(
            "ValueError", f"Expected a matrix or batch of matrices. Got a tensor of {held.rank} dimensions."
        )
    rows, columns = held.shape[-2:]
    if use_trivialization and not (isinstance(rows, int) and isinstance(columns, int)):
        return gives_up(world, module, f"orthogonal of {name}")
    buffers: dict[str, tuple[Any, ...]] = {}
    if use_trivialization:
        most = max(rows, columns)
        buffers["base"] = (*held.shape[:-2], most, most)
    _move(world, module, name, [new_parameter(held)], _law(ORTHOGONAL, **buffers))
    _counts_are_open(world, module)
    return module


@function("torch.nn.utils.parametrize.register_parametrization")
@takes("module, tensor_name, parametrization, *, unsafe=False")
def register_parametrization(
    world: World, module: Any, tensor_name: Any, parametrization: Any, unsafe: Any
) -> Any:
    """A parametrization of the program: `right_inverse` gives the originals, `forward` the weight."""
    if (
        not isinstance(module, Module)
        or not isinstance(tensor_name, str)
        or not isinstance(parametrization, Module)
    ):
        return gives_up(world, module, "a parametrization that is not known")
    own = attributes.find(world, parametrization, "right_inverse")
    before = _lists(module).get(tensor_name)
    if before is not None:
        if own is not attributes.MISSING:
            return gives_up(world, module, f"a second parametrization of {tensor_name}")
        count = sum(name.isdigit() for name in before.attrs)
        registration.set_attribute(world, before, str(count), parametrization)
        return module
    held = _ready(world, module, tensor_name)
    if held is None:
        return gives_up(world, module, f"a parametrization of {tensor_name}")
    originals = [new_parameter(held)]
    if own is not attributes.MISSING:
        found = calls.call(world, own, (held,), {})
        parts = list(found) if isinstance(found, tuple) else [found]
        if not all(isinstance(t, Tensor) and t.known for t in parts):
            return gives_up(world, module, f"right_inverse of a parametrization of {tensor_name}")
        originals = [new_parameter(held, t.shape) for t in parts]
        if isinstance(found, tuple) and len(parts) == 1:
            return gives_up(world, module, f"right_inverse of a parametrization of {tensor_name}")
    inner = _move(world, module, tensor_name, originals, parametrization)
    inner.attrs["unsafe"] = unsafe
    if unsafe is not False:
        made = calls.call(world, parametrization, tuple(originals), {})
        module.attrs[tensor_name] = (
            made if isinstance(made, Tensor) else Unknown("a parametrized weight", plain=True)
        )
    _counts_are_open(world, module)
    return module


def _counts_are_open(world: World, module: Module) -> None:
    """Computing the weight takes what its module takes, each time that it is read; torch's own layers read it once."""
    if "forward" not in module.attrs:
        world.journal.touch(module.attrs)
        module.attrs["forward"] = BoundMethod(as_method("forward", _forward), module)


def _forward(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    module = args[0]
    if module.cls.node is None:
        for name in _lists(module):
            computed(world, module, name)
    return calls.call(world, module.cls.find("forward"), args, keywords)


def computed(world: World, module: Module, name: str) -> None:
    """A parametrized weight is read: its modules run, and where that takes matrix products the MACs are not known
    (within `parametrize.cached()` they are taken once for all reads)."""
    held = _lists(module).get(name)
    laws = [v for k, v in held.attrs.items() if k.isdigit()] if held is not None else []
    if held is None or not world.calls or all(law.cls.qualname in _WITHOUT_PRODUCTS for law in laws):
        return
    record = world.calls[-1]
    before = record.macs
    made: Any = tuple(v for k, v in held.attrs.items() if k.startswith("original") and isinstance(v, Tensor))
    for law in laws:
        made = calls.call(world, law, made if isinstance(made, tuple) else (made,), {})
    if not isinstance(made, Tensor) or record.macs != before:
        world.gap("a weight is computed by a parametrization")


_WITHOUT_PRODUCTS = ("torch.nn.utils.parametrizations._SpectralNorm",)


@function("torch.nn.utils.parametrize.remove_parametrizations")
@takes("module, tensor_name, leave_parametrized=True")
def remove_parametrizations(world: World, module: Any, tensor_name: Any, leave_parametrized: Any) -> Any:
    lists = _lists(module)
    if not isinstance(tensor_name, str) or tensor_name not in lists:
        if isinstance(module, Module) and not module.incomplete and isinstance(tensor_name, str):
            raise library_refuses(
                "ValueError", f"Module {module.cls.name} does not have a parametrization on {tensor_name}"
            )
        return gives_up(world, module, "a parametrization is taken off a module that is not all known")
    held = module.attrs[tensor_name]
    first = next((v for v in lists[tensor_name].attrs.values() if isinstance(v, Tensor)), None)
    if not isinstance(held, Tensor) or not held.known or first is None:
        return gives_up(world, module, f"the weight {tensor_name} is not known")
    world.journal.touch(module.attrs)
    below = module.attrs["parametrizations"]
    world.journal.touch(below.attrs)
    del below.attrs[tensor_name], module.attrs[tensor_name]
    if not _lists(module):
        del module.attrs["parametrizations"]
        module.attrs.pop("forward", None)
    registration.set_attribute(world, module, tensor_name, new_parameter(first, held.shape))
    return module


@function("torch.nn.utils.parametrize.is_parametrized")
@takes("module, tensor_name=None")
def is_parametrized(world: World, module: Any, tensor_name: Any) -> Any:
    if not isinstance(module, Module):
        raise Undetermined("a module that is not known")
    return bool(_lists(module)) if tensor_name is None else tensor_name in _lists(module)


@function("torch.nn.utils.parametrize.type_before_parametrizations")
@takes("module")
def type_before(world: World, module: Any) -> Any:
    if not isinstance(module, Module):
        raise Undetermined("a module that is not known")
    return module.cls

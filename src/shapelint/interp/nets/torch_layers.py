"""Layers that a spec describes: their classes, building them, calling them and their methods."""

from __future__ import annotations

import contextlib
from itertools import zip_longest
from typing import Any

from shapelint import dims, facts
from shapelint.interp import functions
from shapelint.interp.again import equal_layers
from shapelint.interp.control import ProgramRaises
from shapelint.interp.tensors import (
    placement,
    recorder,
    refused_arguments,
    saved,
    tensor_arguments,
    tensor_results,
)
from shapelint.interp.world import World
from shapelint.specs import registry, view
from shapelint.specs.need import Need, Refused
from shapelint.specs.signature import BindingError
from shapelint.values import Builtin, Class, Either, Instance, Made, Module, Undetermined, Unknown


def layer_class(entry: registry.Layer, name: str) -> Class:
    """The Class of a torch layer."""
    from shapelint.interp import imports
    from shapelint.interp.nets import modules

    base = modules.MODULE if entry.base == "torch.nn.Module" else imports.supplied_class(entry.base)
    cls = Class(name.rsplit(".", 1)[-1], name, (base,) if base is not None else ())
    cls.mro = (cls, *base.mro) if base is not None else (cls,)
    cls.is_module = base is not None and base.is_module
    cls.spec = entry
    cls.attrs["__init__"] = Builtin(
        "method __init__", lambda w, args, keywords: _build(w, entry, args, keywords)
    )
    if hasattr(entry.definition, "forward"):
        cls.attrs["forward"] = Builtin(
            "method forward", lambda w, args, keywords: _forward(w, entry, args, keywords)
        )
    for method_name in entry.methods:
        cls.attrs[method_name] = Builtin(
            f"method {method_name}",
            lambda w, args, keywords, m=method_name: _method(w, entry, m, args, keywords),
        )
        raw = next((vars(c)[method_name] for c in entry.definition.__mro__ if method_name in vars(c)), None)
        if isinstance(raw, (classmethod, staticmethod)):
            cls.attrs[method_name] = Builtin(
                f"{name}.{method_name}",
                lambda w, args, keywords, m=method_name: _static(w, entry, m, args, keywords),
            )
    return cls


def _build(world: World, entry: registry.Layer, args: tuple[Any, ...], keywords: dict[str, Any]) -> None:
    module, *rest = args
    placement.layer(world, rest, keywords)
    rest = [tensor_arguments.one(tensor_arguments.followed(value)) for value in rest]
    keywords = {
        name: tensor_arguments.one(tensor_arguments.followed(value)) for name, value in keywords.items()
    }
    key = equal_layers.key_of(world, entry, module, rest, keywords)
    world.journal.touch(module.attrs)
    if key in world.equal_layers:
        equal_layers.fill(world, world.equal_layers[key], module)
        return
    began = equal_layers.before(world)
    need = Need(recorder.Recorder(world, module), entry.name)
    try:
        view.build(entry, module, need, tuple(rest), keywords)
        if key is not None:
            equal_layers.keep(world, key, module, began)
    except BindingError as problem:
        if world.guarded:
            raise ProgramRaises("TypeError", f"{entry.name}: {problem}") from None
        _refuse_arguments(need, entry, problem, rest, keywords)
        _incomplete(world, module, f"{entry.name}: {problem}", after_failure=need.failed)
    except recorder.HOST_ERRORS:
        _incomplete(world, module, recorder.odd(world, entry.name, False).why)
    except Refused:
        _incomplete(world, module, f"{entry.name} cannot be built here", after_failure=True)
    except Undetermined as problem:
        _incomplete(world, module, problem.why, after_failure=tensor_arguments.after_failure(problem))
    except dims.Undetermined as problem:
        _incomplete(world, module, str(problem))


def _refuse_arguments(
    need: Need, entry: registry.Layer, problem: BindingError, rest: list[Any], keywords: dict[str, Any]
) -> None:
    """Arguments that no version of the constructor takes: too few, too many, a keyword that is one misspelt, or one of other
    layers (`nn.Linear(3, 8, stride=1)`). Other keywords may be of another version of torch than ours."""
    if not entry.name.startswith("torch.nn.") or any(a.__class__ is functions.Rest for a in rest):
        return
    names = [p.name for p in entry.signature.parameters]
    if functions.OTHERS in keywords or "kwargs" in names:
        return
    strange = [k for k in keywords if k not in names]
    if strange:
        import difflib

        if not difflib.get_close_matches(strange[0], names, 1, 0.75) and not _of_other_layers(strange[0]):
            return
    with contextlib.suppress(Refused):
        need.refuse("invalid-constructor-argument", str(problem), "TypeError")


# What torch has given to one kind of layer after another.
_GIVEN_LATER = frozenset(
    "batch_first bias device dtype elementwise_affine enable_gqa eps generator inplace padding_mode".split()
)


def _of_other_layers(keyword: str) -> bool:
    """Whether only other layers of torch's take this, and not merely because they are ahead."""
    if keyword in _GIVEN_LATER:
        return False
    registry.load()
    return any(
        p.name == keyword
        for name, entry in registry.layers.items()
        if name.startswith("torch.nn.") and name.count(".") == 2
        for p in entry.signature.parameters
    )


def _incomplete(world: World, module: Any, why: str, *, after_failure: bool = False) -> None:
    if isinstance(module, Module):
        world.journal.touch(module.incomplete)
        module.initialised = True
        module.incomplete.append(Unknown(why, world.site(), after_failure=after_failure))


def _forward(world: World, entry: registry.Layer, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    return _run(world, entry, entry.definition.forward, args, keywords, view.forward)


def _method(
    world: World, entry: registry.Layer, name: str, args: tuple[Any, ...], keywords: dict[str, Any]
) -> Any:
    def law(
        layer: registry.Layer, instance: Instance, need: Need, rest: tuple[Any, ...], named: dict[str, Any]
    ) -> Any:
        return view.method(layer, name, instance, need, rest, named)

    return _run(world, entry, entry.methods[name], args, keywords, law)


def _static(
    world: World, entry: registry.Layer, name: str, args: tuple[Any, ...], keywords: dict[str, Any]
) -> Any:
    full = f"{entry.name}.{name}"
    need = Need(recorder.Recorder(world), full)
    if full in registry.ops:
        wanted = tensor_arguments.tensor_parameters(registry.ops[full])
        order = [p.name for p in registry.ops[full].signature.parameters]
        args = tuple(
            tensor_arguments.as_tensor(a) if isinstance(a, Unknown) and n in wanted else a
            for a, n in zip_longest(args, order[: len(args)])
        )
        keywords = {
            k: tensor_arguments.as_tensor(v) if isinstance(v, Unknown) and k in wanted else v
            for k, v in keywords.items()
        }
    try:
        return getattr(entry.definition, name)(need, *args, **keywords)
    except Refused:
        return Unknown(f"{full} fails here", world.site(), after_failure=True)
    except Undetermined as problem:
        world.gap(problem.why)
        return Unknown(problem.why, world.site(), after_failure=tensor_arguments.after_failure(problem))
    except dims.Undetermined as problem:
        world.gap(str(problem))
        return Unknown(str(problem), world.site())
    except recorder.HOST_ERRORS:
        return recorder.odd(world, full, tensor_arguments.tainted((*args, *keywords.values())))


def _run(
    world: World, entry: registry.Layer, law: Any, args: tuple[Any, ...], keywords: dict[str, Any], run: Any
) -> Any:
    module, *rest = args
    at = next((i for i, a in enumerate(args) if isinstance(a, Either)), None)
    if at is not None:
        return tensor_arguments.each_of(
            world,
            args,
            at,
            lambda given: _run(world, entry, law, given, keywords, run),
            optional=_may_be_none(law, at),
        )
    for name, value in keywords.items():
        if isinstance(value, Either):
            from shapelint.interp import branch

            ways = [{**keywords, name: option} for option in value.options]
            return branch.value(
                world,
                None,
                [lambda w=w: _run(world, entry, law, args, w, run) for w in ways],  # type: ignore[misc]
            )
    if not isinstance(module, Module):
        return Unknown(f"{entry.name}.forward of what may be no layer", world.site())
    if module.incomplete:
        gap = module.incomplete[0]
        return Unknown(gap.why, gap.site, after_failure=gap.after_failure)
    prepared = []
    rest = [tensor_arguments.followed(value) for value in rest]
    keywords = {name: tensor_arguments.followed(value) for name, value in keywords.items()}
    names = _positional(law)
    for value, name in zip(rest, names, strict=False):
        prepared.append(
            tensor_arguments.as_tensor(value)
            if isinstance(value, Unknown) and name in _tensor_names(law)
            else value
        )
    prepared += rest[len(prepared) :]
    keywords = {
        k: tensor_arguments.as_tensor(v) if isinstance(v, Unknown) and k in _tensor_names(law) else v
        for k, v in keywords.items()
    }
    tensors = tuple(tensor_arguments.tensors_in((*prepared, *keywords.values())))
    tainted = any(t.after_failure for t in tensors) or tensor_arguments.tainted((*rest, *keywords.values()))
    need = Need(recorder.Recorder(world, module), entry.name, tensors)
    if not _fits(law, len(prepared), keywords):
        try:
            import inspect

            inspect.signature(law).bind(None, need, *prepared, **keywords)
        except TypeError as problem:
            if not world.guarded and _is_refused(need, entry, law, rest, keywords):
                return Unknown(f"{entry.name} fails here", world.site(), after_failure=True)
            return recorder.misused(world, entry.name, str(problem), (*rest, *keywords.values()))

    def law_says() -> Any:
        named = {**dict(zip(names, prepared, strict=False)), **keywords}
        refused_arguments.refuse_others(world, need, law, named)
        return run(entry, module, need, tuple(prepared), keywords)

    def again() -> Any:
        return _run(world, entry, law, args, keywords, run)

    known, result = recorder.asked(world, entry.name, law_says, again, tensors, tainted)
    if not known:
        return result
    bound = dict(zip(names, prepared, strict=False)) | keywords
    made = Made(entry.name, world.site(), tensors, bound, module)
    result = tensor_results.finished(world, result, made, tainted or need.failed)
    if tensors:
        if module.attrs.get("inplace") is True:
            saved.write(world, tensors, entry.name)
        saved.keep(world, need, made, result)
    world.ran(entry.name, bound, result, module)
    if entry.name in world.listen:
        node = world.frames[-1].node if world.frames else None
        name = entry.name
        world.record(facts.Called, op=name, law=name, arguments=bound, result=result, layer=module, node=node)
    return result


def _may_be_none(law: Any, at: int) -> bool:
    """Whether None may be given in place `at`, the layer itself being the first."""
    names, defaults = _positional(law), law.__defaults__ or ()
    place = at - 1 - (len(names) - len(defaults))
    return 0 <= place < len(defaults) and defaults[place] is None


def _fits(law: Any, given: int, keywords: dict[str, Any]) -> bool:
    """Whether a law surely takes so many positional arguments and these keywords: the usual case, told from its code alone."""
    code = law.__code__
    most = code.co_argcount
    if code.co_flags & _VARIADIC or code.co_kwonlyargcount or given + 2 > most:
        return False
    names = code.co_varnames[given + 2 : most]
    needed = names[: max(0, len(names) - len(law.__defaults__ or ()))]
    return all(name in names for name in keywords) and all(name in keywords for name in needed)


def _is_refused(
    need: Need, entry: registry.Layer, law: Any, given: list[Any], keywords: dict[str, Any]
) -> bool:
    """Whether a layer of torch's is called with fewer arguments than it cannot do without, or with more than it takes: tests hold
    both numbers against torch's."""
    code = law.__code__
    if not entry.name.startswith("torch.nn.") or code.co_flags & _VARIADIC or functions.OTHERS in keywords:
        return False
    if any(a.__class__ is functions.Rest for a in given):
        return False
    names = code.co_varnames[2 : code.co_argcount]
    if len(given) > len(names):
        told = f"it takes {len(names)} argument{'s' * (len(names) != 1)}, and is given {len(given)}"
    else:
        needed = names[len(given) : len(names) - len(law.__defaults__ or ())]
        missing = [name for name in needed if name not in keywords]
        if not missing or any(name not in names for name in keywords):
            return False
        told = f"it also wants {' and '.join(missing)}"
    with contextlib.suppress(Refused):
        need.refuse("call-refused", told, "TypeError")
    return True


_VARIADIC = 0x04 | 0x08  # inspect.CO_VARARGS | inspect.CO_VARKEYWORDS

_law_tensors: dict[int, frozenset[str]] = {}


def _tensor_names(law: Any) -> frozenset[str]:
    found = _law_tensors.get(id(law))
    if found is None:
        annotations = law.__annotations__
        found = frozenset(
            n
            for n, a in annotations.items()
            if isinstance(a, str) and a.split(" ")[0] == "Tensor" and n != "return"
        )
        _law_tensors[id(law)] = found
    return found


def _positional(law: Any) -> tuple[str, ...]:
    code = law.__code__
    return tuple(code.co_varnames[2 : code.co_argcount])

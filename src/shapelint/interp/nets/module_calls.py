"""Calling a module: hooks, forward, and the record of it."""

from __future__ import annotations

from typing import Any

from shapelint import facts
from shapelint.dims import Dim
from shapelint.interp import attributes, calls, class_attributes, empty_returns, functions, origins
from shapelint.interp.again import equal_calls
from shapelint.interp.control import ProgramRaises
from shapelint.interp.nets import input_axes, registration
from shapelint.interp.world import World
from shapelint.records import dataclass
from shapelint.values import Builtin, Dict, Function, Instance, List, Module, Property, Site, Unknown


@dataclass(slots=True, eq=False)
class CallRecord:
    """One call of a module: what went in and came out, and the MACs of what it did itself and below."""

    module: Module
    inputs: tuple[Any, ...]
    keywords: dict[str, Any]
    depth: int
    site: Site | None
    output: Any = None
    macs: Dim = 0
    uncertain: str | None = None  # why the MACs are not known
    failed: facts.NeedFailed | None = None
    done: bool = False
    parent: CallRecord | None = None
    order: int = 0  # the clock at the call: which came first, a call or a fact
    method: str = "forward"  # which of the module's functions was called
    training: bool = False  # whether the module was in training mode
    building: bool = False  # a call that the module makes of itself while it is built
    level: int = 0  # how many undecided branches it was made inside of

    # Written by hand: there is one for every call of a layer.
    def __init__(
        self,
        module: Module,
        inputs: tuple[Any, ...],
        keywords: dict[str, Any],
        depth: int,
        site: Site | None,
        parent: CallRecord | None = None,
        order: int = 0,
        level: int = 0,
    ) -> None:
        self.module, self.inputs, self.keywords, self.depth, self.site = module, inputs, keywords, depth, site
        self.output = self.uncertain = self.failed = None
        self.macs = 0
        self.done = self.training = self.building = False
        self.parent, self.order, self.level, self.method = parent, order, level, "forward"


def call(world: World, module: Module, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """`module(*args, **keywords)`."""
    own = calls.special(module, "__call__")
    if isinstance(own, Function) or (isinstance(own, Builtin) and own.name == "method transform"):
        return calls.call(world, own, (module, *args), keywords)
    return run(world, module, args, keywords)


_STEPS = 5  # that a call of a module counts for: hooks, the record, the place


def run(world: World, module: Module, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """nn.Module.__call__: hooks, forward, and the record of it."""
    world.step(_STEPS)
    place = world.here()
    if place is not None:
        module.history.called[place] = None
        if world.recording is not None:
            world.recording.called(module)
    for kind, hook in module.hooks:
        if kind == "pre":
            changed = calls.call(world, hook, (module, args), {})
            if changed is not None and not isinstance(changed, Unknown):
                args = changed if isinstance(changed, tuple) else (changed,)
    forward = module.attrs.get("forward")
    if forward is None:
        try:
            forward = module.cls.find("forward")
            if isinstance(forward, (Instance, Property)):  # a descriptor
                forward = attributes.get(world, module, "forward")
            else:
                forward = class_attributes.bound(forward, module, module.cls)
        except KeyError:
            if module.cls.unknown_base is not None or module.incomplete:
                origins.handed_over(world, (*args, *keywords.values(), module))
                return Unknown(f"forward of {module.cls.name} is not known", world.site())
            raise ProgramRaises(
                "NotImplementedError",
                f"Module [{module.cls.name}] is missing the required forward",
                cause=facts.CalledWithoutForward(module),
            ) from None
    if world.by_program and registration.is_too_early(module):
        raise ProgramRaises(
            "AttributeError",
            f"'{module.cls.name}' object has no attribute '_backward_hooks'",
            cause=facts.CalledTooEarly(module),
        )
    parent = world.calls[-1] if world.calls else None
    if parent is None and world.guessing:
        world.usual_rank = input_axes.usual_rank(module)
    if parent is None and world.follow_axes:
        args = tuple(input_axes.followed(world, a) for a in args)
        keywords = {k: input_axes.followed(world, v) for k, v in keywords.items()}
    record = CallRecord(
        module,
        args,
        keywords,
        len(world.calls),
        world.site(),
        parent=parent,
        order=world.tick(),
        level=world.uncertain,
    )
    record.training = module.attrs.get("training") is True
    record.building = parent is None and functions.is_being_built(world, module)
    world.calls.append(record)
    keeps = world.records is not None and not world.muted
    if keeps:
        assert world.records is not None
        world.records.append(record)
    given = (_as_given(args, {}), _as_given(keywords, {})) if parent is None else (args, keywords)
    try:
        record.output = equal_calls.forward(world, record, forward)
        record.done = True
        if record.output is None:
            empty_returns.record(world, module, forward)
    finally:
        world.calls.pop()
        record.inputs, record.keywords = given
        if parent is not None and not world.muted:
            world.journal.touch_slot(parent, "macs")
            parent.macs = parent.macs + record.macs
            parent.uncertain = parent.uncertain or record.uncertain
    for kind, hook in module.hooks:
        if kind == "post":
            changed = calls.call(world, hook, (module, args, record.output), {})
            if changed is not None and not isinstance(changed, Unknown):
                record.output = changed
    if parent is None and not world.muted:
        mode, grad = module.attrs.get("training"), world.grad_enabled
        world.record(
            facts.ModelCalled, module=module, inputs=args, keywords=keywords, output=record.output,
            training=mode if isinstance(mode, bool) else None, grad=grad if isinstance(grad, bool) else None,
        )  # fmt: skip
    return record.output


_NESTED = 4  # containers within one another that are kept as they were


def _as_given(value: Any, seen: dict[tuple[int, int], Any], depth: int = 0) -> Any:
    """What a call is given, apart from what the call may do to it: networks put results into the lists that they are handed. `seen`:
    what stands for each container so far, by how far within others it is; many may hold the same one."""
    if depth == _NESTED or value.__class__ not in (tuple, dict, List, Dict):
        return value
    at = id(value), depth
    if at in seen:
        return seen[at]
    made: Any
    if isinstance(value, tuple):
        made = tuple([_as_given(v, seen, depth + 1) for v in value])
    elif isinstance(value, dict):
        made = {name: _as_given(v, seen, depth + 1) for name, v in value.items()}
    elif isinstance(value, List):
        made = List([_as_given(v, seen, depth + 1) for v in value.items], value.open)
    else:
        items = {key: _as_given(v, seen, depth + 1) for key, v in value.items.items()}
        made = Dict(items, value.open, default=value.default, kind=value.kind)
        made.last = value.last
    seen[at] = made
    return made


def run_method(world: World, frame: Any, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """Another method than forward, called on a network with tensors: evidence like a call of the network itself."""

    module = args[0]
    if world.follow_axes:
        for name, value in frame.env.vars.items():
            frame.env.vars[name] = input_axes.followed(world, value)
        args = tuple(input_axes.followed(world, a) for a in args)
        keywords = {k: input_axes.followed(world, v) for k, v in keywords.items()}
    record = CallRecord(
        module, args[1:], keywords, 0, world.site(), order=world.tick(), level=world.uncertain
    )
    record.method = frame.function.name
    world.calls.append(record)
    if world.records is not None and not world.muted:
        world.records.append(record)
    try:
        record.output = functions.run(world, frame)
        record.done = True
    finally:
        world.calls.pop()
    return record.output

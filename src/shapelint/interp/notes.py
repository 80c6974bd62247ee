"""What rules about claims want to see: values on lines whose comments state a shape, and numbers that functions which were
given a network compute."""

from __future__ import annotations

from typing import Any

from shapelint import dims, facts, ir
from shapelint.dims import Sym
from shapelint.interp.names import look_up
from shapelint.interp.world import Frame, World
from shapelint.patterns import regex
from shapelint.source.shape_comments import ShapeComment, shape_comments
from shapelint.source.text import SourceFile
from shapelint.values import Function, Module, Site, Tensor

_NAME = regex(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*")
_NOTHING: dict[int, ShapeComment] = {}


def comments_of(world: World, file: SourceFile) -> dict[int, ShapeComment]:
    held = world.shape_comments.get(file.path)
    if held is None:
        held = world.shape_comments[file.path] = (
            shape_comments(file) if world.checked(file.path) else _NOTHING
        )
    return held


def assigned(frame: Frame, node: ir.Node, value: Any, name: str) -> None:
    """A statement has given `value` to `name` ("return" for what is returned)."""
    world = frame.world
    file = frame.namespace.file
    if world.muted or file is None:
        return
    if isinstance(value, Tensor):
        stated = comments_of(world, file).get(node.at[2])
        if stated is not None and value.known:
            names = {word: _value(frame, word) for size in stated.sizes for word in _NAME.findall(size)}
            known = {word: found for word, found in names.items() if isinstance(found, (int, Sym))}
            _record(
                frame,
                node,
                facts.Assigned,
                name=name,
                value=value,
                comment=stated,
                names=known,
                function=_function(frame),
            )
    elif isinstance(value, (int, Sym)) and not isinstance(value, bool) and _counts(frame, name):
        number = dims.witness(value)
        if number is not None and number > 1:
            networks = tuple(v for v in frame.env.vars.values() if isinstance(v, Module))
            if networks:
                _record(
                    frame,
                    node,
                    facts.Assigned,
                    name=name,
                    value=number,
                    networks=networks,
                    function=_function(frame),
                )


_stating: dict[int, tuple[ir.FunctionDef, bool]] = {}
_MOST_STATING = 5_000  # functions whose answer is kept, and that live as long


def forget() -> None:
    """The run is over: what was kept of its functions would keep their files in memory."""
    _stating.clear()


def states_shapes(node: ir.FunctionDef) -> bool:
    """Whether a function's annotations state shapes, as jaxtyping's do."""
    held = _stating.get(id(node))
    if held is None or held[0] is not node:
        found = any(_shape_text(a) is not None for a in (*(p.annotation for p in node.params), node.returns))
        if len(_stating) >= _MOST_STATING:
            _stating.clear()
        held = _stating[id(node)] = (node, found)
    return held[1]


def _shape_text(annotation: ir.Expr | None) -> str | None:
    """The text of the shape in `Float[Tensor, "batch 3 h w"]`."""
    if isinstance(annotation, ir.Subscript) and isinstance(annotation.index, ir.TupleDisplay):
        items = annotation.index.items
        if len(items) == 2 and isinstance(items[1], ir.Const) and isinstance(items[1].value, str):
            return items[1].value
    return None


def returned(frame: Frame, bound: dict[str, Any], result: Any) -> None:
    """A function whose annotations state shapes gives `result`; `bound` is what it was called with."""
    function, file = frame.function, frame.namespace.file
    if frame.world.muted or file is None or not isinstance(function.node, ir.FunctionDef):
        return
    node = function.node
    values = [(p.name, p.annotation, bound.get(p.name)) for p in node.params]
    values.append(("return", node.returns, result))
    stated = tuple(
        (name, text, value, Site(file.path, *annotation.at))
        for name, annotation, value in values
        if annotation is not None and (text := _shape_text(annotation)) is not None
        if isinstance(value, Tensor) and value.known
    )
    if stated:
        frame.world.record(facts.Annotated, function=function.qualname, stated=stated)


def _counts(frame: Frame, name: str) -> bool:
    """Whether a number may count what networks hold: in any function but the usual methods of one, elsewhere by its name."""
    if isinstance(frame.function, Function):
        return frame.function.name not in ("__init__", "forward")
    return "param" in name or "total" in name or "count" in name


def unpacked(frame: Frame, node: ir.Assign, value: tuple[Any, ...]) -> None:
    """`out, _ = layer(x)`: what is said there is said of the one that is kept."""
    target = node.targets[-1]
    if isinstance(target, ir.TupleDisplay) and len(target.items) == len(value):
        kept = [
            (t, v)
            for t, v in zip(target.items, value, strict=True)
            if not (isinstance(t, ir.Name) and t.id == "_")
        ]
        if len(kept) == 1 and isinstance(kept[0][0], ir.Name) and isinstance(kept[0][1], Tensor):
            assigned(frame, node, kept[0][1], kept[0][0].id)


def _record(frame: Frame, node: ir.Node, kind: type[facts.Fact], **data: Any) -> None:
    world = frame.world
    before = len(world.facts)
    world.record(kind, **data)
    for fact in world.facts[before:]:
        fact.site = Site(frame.namespace.file.path, *node.at)


def _function(frame: Frame) -> str:
    return frame.function.qualname if isinstance(frame.function, Function) else ""


def _value(frame: Frame, word: str) -> Any:
    """What a name of a comment is bound to where it stands."""
    head, _, rest = word.partition(".")
    found = look_up(head, frame.env)
    for part in rest.split(".") if rest else ():
        attrs = getattr(found, "attrs", None)
        found = attrs.get(part) if isinstance(attrs, dict) else None
    if rest or (isinstance(found, (int, Sym)) and not isinstance(found, bool)):
        return found
    holder = getattr(frame.receiver, "attrs", None)
    return holder.get(word) if isinstance(holder, dict) else None

"""The handlers of expressions."""

from __future__ import annotations

import functools
from typing import Any

from shapelint import ir
from shapelint.dims import Sym
from shapelint.interp import (
    assignment,
    attributes,
    branch,
    calls,
    compare,
    functions,
    given_away,
    iterate,
    library_calls,
    number_tables,
    operators,
    origins,
    put_off,
    stand_ins,
    subscripts,
)
from shapelint.interp.conditions import boolop, test
from shapelint.interp.control import ProgramRaises
from shapelint.interp.evaluation import Handler, evaluate
from shapelint.interp.exceptional_edges import may_raise
from shapelint.interp.host import builtin_frames, builtins, lazy, open_lists, text
from shapelint.interp.names import MISSING, assign_name, look_up
from shapelint.interp.truth import negated, truth
from shapelint.interp.world import Frame, World
from shapelint.values import Dict, Either, Environment, List, Set, Stream, Undetermined, Unknown


def _const(node: ir.Const, frame: Frame) -> Any:
    return node.value


def name(node: ir.Name, frame: Frame) -> Any:
    env = frame.env
    watching = frame.world.recording
    if watching is not None and node.id in watching.readable:
        watching.read_name(node)
    if not env.redirect and node.id in env.vars:  # by far the most
        return env.vars[node.id]
    found = look_up(node.id, env)
    if frame.world.recording is not None and node.id not in env.vars:
        frame.world.recording.named(env, node.id, found)
    if found is MISSING:
        found = put_off.brought(frame.world, frame.namespace, node.id)
        if found is put_off.MISSING:
            found = builtins.NAMES.get(node.id, MISSING)
        elif frame.world.recording is not None:
            frame.world.recording.lasting(found)
        if found is MISSING:
            found = put_off.from_stars(frame.world, frame.namespace, node.id)
            if frame.world.recording is not None:
                frame.world.recording.lasting(found)
        if found is None and node.id == "__class__":
            return builtin_frames.class_around(frame)
        if found is None and node.id != "None":
            if _hides_names(frame):
                return Unknown(f"the name {node.id} is not defined in what was read", frame.world.site(node))
            raise ProgramRaises("NameError", f"name '{node.id}' is not defined", site=frame.world.site(node))
    return found


def _hides_names(frame: Frame) -> bool:
    """Whether names may exist that reading could not see (a star import that could not be followed, a failed file)."""
    return (
        bool(frame.namespace.pending)
        or frame.namespace.state == "failed"
        or "__open__" in frame.namespace.vars
    )


def _attribute(node: ir.Attribute, frame: Frame) -> Any:
    owner = HANDLERS[node.value.__class__](node.value, frame)
    before, frame.node = frame.node, node
    try:
        found = attributes.get(frame.world, owner, node.attr)
    except ProgramRaises as problem:
        found = stand_ins.attribute(frame.world, owner, problem)
        if found is None:
            found = given_away.attribute(frame.world, owner, problem)
        if found is None:
            raise
    if found.__class__ is Unknown:
        frame.world.read_of = owner
    if frame.world.tries and isinstance(found, Unknown):
        may_raise(frame.world)
    frame.node = before
    return found


def _subscript(node: ir.Subscript, frame: Frame) -> Any:
    owner = HANDLERS[node.value.__class__](node.value, frame)
    index = HANDLERS[node.index.__class__](node.index, frame)
    before, frame.node = frame.node, node
    found = subscripts.get(frame.world, owner, index)
    if frame.world.tries and (isinstance(found, Unknown) or _perhaps_none(owner, index)):
        may_raise(frame.world)
    frame.node = before
    return found


def _perhaps_none(owner: Any, index: Any) -> bool:
    """Whether a container of the program's may have nothing at an index."""
    return isinstance(index, (Sym, Either)) and isinstance(owner, (tuple, str, List, Dict, Either))


def _slice(node: ir.SliceExpr, frame: Frame) -> Any:
    parts = [None if part is None else evaluate(part, frame) for part in (node.lower, node.upper, node.step)]
    return slice(*parts)


def _call(node: ir.Call, frame: Frame) -> Any:
    function = HANDLERS[node.func.__class__](node.func, frame)
    # (Of an attribute it has just been read of whom.)
    asked = (
        frame.world.read_of if function.__class__ is Unknown and node.func.__class__ is ir.Attribute else None
    )
    args = spread(node.args, frame) if node.args else []
    keywords = _keywords(node.keywords, frame) if node.keywords else {}
    before, frame.node = frame.node, node
    world = frame.world
    if world.goes_on and library_calls.leads_out(world, frame, function):
        given = [*(args or ()), *(keywords.values() if isinstance(keywords, dict) else ())]
        result = library_calls.follow(
            world, node, function, lambda: _called(world, frame, node, function, args, keywords), given
        )
    elif args and isinstance(keywords, dict):  # by far the most
        result = calls.call(world, function, tuple(args), keywords)
    else:
        result = _called(world, frame, node, function, args, keywords)
    if asked.__class__ is Unknown:
        origins.asked_to_act(world, asked, node.func.attr)  # type: ignore[attr-defined]
    if world.tries and isinstance(result, Unknown):
        may_raise(world)
    frame.node = before
    return result


def _called(
    world: World,
    frame: Frame,
    node: ir.Call,
    function: Any,
    args: list[Any] | None,
    keywords: dict[str, Any] | list[dict[str, Any]] | None,
) -> Any:
    """What a call gives whose arguments have been evaluated."""
    if args is None or keywords is None:
        first = _named_first(node, frame) if args is None else args
        return calls.call_unspread(world, function, tuple(first))
    if isinstance(keywords, list):
        given = tuple(args)
        sides = [functools.partial(calls.call, world, function, given, way) for way in keywords]
        return branch.value(world, None, sides)
    if not args and not keywords and isinstance(function, calls.FRAME_BUILTINS):
        return calls.call_in_frame(function, frame)
    return calls.call(world, function, tuple(args), keywords)


def _named_first(node: ir.Call, frame: Frame) -> list[Any]:
    """The first arguments of a call, as far as they are plain names: `self`, where a base class is called by its name."""
    found: list[Any] = []
    for argument in node.args:
        if argument.__class__ is not ir.Name:
            break
        found.append(evaluate(argument, frame))
    return found


_STARRED = ir.Starred


def spread(nodes: tuple[ir.Expr, ...], frame: Frame) -> list[Any] | None:
    """Evaluate items, spreading starred ones; None when one of those has an unknown number of items."""
    items: list[Any] = []
    known = True
    for node in nodes:
        if node.__class__ is _STARRED:
            assert isinstance(node, ir.Starred)
            inner = iterate.items(frame.world, evaluate(node.value, frame))
            if isinstance(inner, Stream):
                known = False
            else:
                frame.world.spend(len(inner))
                items.extend(inner)
                known = known and len(items) <= iterate.MAX_ITEMS
        else:
            items.append(HANDLERS[node.__class__](node, frame))
    return items if known else None


def _keywords(
    nodes: tuple[tuple[str | None, ir.Expr], ...], frame: Frame
) -> dict[str, Any] | list[dict[str, Any]] | None:
    """The keyword arguments of a call; a list of what they may be where a `**` argument is one of a few; None where it is not
    known."""
    keywords: dict[str, Any] = {}
    several: tuple[dict[str, Any], ...] = ()
    known = True
    for key, node in nodes:
        value = HANDLERS[node.__class__](node, frame)
        if key is not None:
            keywords[key] = value
            continue
        held = iterate.keyed(frame.world, value)
        mapping = iterate.mapping(held)
        if mapping is not None:
            keywords.update(mapping)
            continue
        ways = iterate.ways(held)
        known = known and not several and bool(ways)
        several = ways
    if not known:
        return None
    return [{**keywords, **way} for way in several] if several else keywords


def _binop(node: ir.BinOp, frame: Frame) -> Any:
    left: ir.Expr = node.left
    if left.__class__ is not ir.BinOp:
        return _operation(node, HANDLERS[left.__class__](left, frame), frame)
    spine = [node]
    while left.__class__ is ir.BinOp:  # a long sum nests to the left: walk it, do not recurse
        assert isinstance(left, ir.BinOp)
        spine.append(left)
        left = left.left
    value = evaluate(left, frame)
    for step in reversed(spine):
        value = _operation(step, value, frame)
    return value


def _operation(node: ir.BinOp, left: Any, frame: Frame) -> Any:
    right = HANDLERS[node.right.__class__](node.right, frame)
    before, frame.node = frame.node, node
    value = operators.binary(frame.world, node.op, left, right)
    frame.node = before
    return value


def _unary(node: ir.UnaryOp, frame: Frame) -> Any:
    if node.op == "not":
        known = test(node.operand, frame)
        return negated(known) if isinstance(known, Unknown) else not known
    operand = evaluate(node.operand, frame)
    before, frame.node = frame.node, node
    result = operators.unary(frame.world, node.op, operand)
    frame.node = before
    return result


def _ifexp(node: ir.IfExp, frame: Frame) -> Any:
    known = test(node.test, frame)
    if known is True:
        return evaluate(node.body, frame)
    if known is False:
        return evaluate(node.orelse, frame)
    assert isinstance(known, Unknown)
    return branch.value(
        frame.world, known, (lambda: evaluate(node.body, frame), lambda: evaluate(node.orelse, frame))
    )


def _compare(node: ir.Compare, frame: Frame) -> Any:
    left = HANDLERS[node.left.__class__](node.left, frame)
    if len(node.ops) == 1:  # by far the most
        right_node = node.rights[0]
        right = HANDLERS[right_node.__class__](right_node, frame)
        before, frame.node = frame.node, node
        found = compare.compare(frame.world, node.ops[0], left, right)
        frame.node = before
        return found
    result: Any = True
    for op, right_node in zip(node.ops, node.rights, strict=True):
        right = HANDLERS[right_node.__class__](right_node, frame)
        before, frame.node = frame.node, node
        result = compare.compare(frame.world, op, left, right)
        frame.node = before
        known = truth(frame.world, result)
        if known is False:
            return False
        if isinstance(known, Unknown):
            return known
        left = right
    return result


def _named(node: ir.NamedExpr, frame: Frame) -> Any:
    value = evaluate(node.value, frame)
    scope = frame.env
    while "__comprehension__" in scope.vars and scope.parent is not None:
        scope = scope.parent  # a walrus in a comprehension binds around it
    assign_name(frame, node.target, value, scope)
    return value


def _tuple(node: ir.TupleDisplay, frame: Frame) -> Any:
    items = spread(node.items, frame)
    return Unknown("a starred item has an unknown number of items") if items is None else tuple(items)


def _list(node: ir.ListDisplay, frame: Frame) -> Any:
    items = spread(node.items, frame)
    if items is None:
        return List([], Unknown("a starred item has an unknown number of items"))
    return List(items)


def _set(node: ir.SetDisplay, frame: Frame) -> Any:
    items = spread(node.items, frame)
    if items is None:
        return Set({}, Unknown("a starred item has an unknown number of items"))
    try:
        return Set(dict.fromkeys(subscripts.key(item) for item in items))
    except Undetermined as problem:
        return Set({}, Unknown(problem.why))


def _dict(node: ir.DictDisplay, frame: Frame) -> Any:
    items: dict[Any, Any] = {}
    opened: Unknown | None = None
    for key_node, value_node in zip(node.keys, node.values, strict=True):
        value = evaluate(value_node, frame)
        if key_node is None:
            mapping = iterate.mapping(iterate.keyed(frame.world, value), strings=False)
            if mapping is None:
                opened = Unknown("a ** item is not known")
            else:
                items.update(mapping)
            continue
        try:
            items[subscripts.key(evaluate(key_node, frame))] = value
        except Undetermined as problem:
            opened = Unknown(problem.why)
    return Dict(items, opened)


def _fstring(node: ir.FString, frame: Frame) -> Any:
    return text.fstring(node, frame)


def _comprehension(node: ir.Comprehension, frame: Frame) -> Any:
    world = frame.world
    if node.kind == "generator":
        from shapelint.interp import generators

        return generators.of_comprehension(node, frame)
    env = Environment({"__comprehension__": True}, _around(frame), frame.env.globals, world.journal.innermost)
    inner = Frame(world, env, frame.function, frame.receiver)
    inner.node = frame.node
    collected: list[Any] = []
    on_stack = bool(world.frames) and world.frames[-1] is frame
    if on_stack:
        world.frames[-1] = inner
    try:
        unknown = _clauses(node, 0, inner, collected, frame)
    finally:
        if on_stack:
            world.frames[-1] = frame
        world.journal.forget(env.vars, env.born)
    opened = Unknown(unknown) if unknown is not None else None
    if node.kind == "dict":
        items: dict[Any, Any] = {}
        for key, value in collected:
            try:
                items[subscripts.key(key)] = value
            except Undetermined as problem:
                opened = Unknown(problem.why)
        return Dict(items, opened)
    if node.kind == "set":
        try:
            return Set(dict.fromkeys(subscripts.key(v) for v in collected), opened)
        except Undetermined as problem:
            return Set({}, Unknown(problem.why))
    if opened is not None:
        return open_lists.opened(opened.why, collected)
    return List(collected)


def _around(frame: Frame) -> Environment | None:
    """The scope that a comprehension stands in: names of a class body are not seen from inside."""
    scope: Environment | None = frame.env
    while scope is not None and "__class_body__" in scope.vars:
        scope = scope.parent
    return scope


def _clauses(node: ir.Comprehension, depth: int, frame: Frame, out: list[Any], outer: Frame) -> str | None:
    """Run the clauses from `depth` on; the reason when the number of items is not known."""
    world = frame.world
    if depth == len(node.clauses):
        if node.kind == "dict":
            assert node.key is not None
            out.append((evaluate(node.key, frame), evaluate(node.element, frame)))
        else:
            out.append(evaluate(node.element, frame))
        return None
    clause = node.clauses[depth]
    source = evaluate(clause.iter, outer if depth == 0 else frame)
    unknown: str | None = None
    if isinstance(source, range) and (counted := number_tables.of(world, node, source, frame)) is not None:
        out += counted
        return None
    for item in lazy.turns(world, source):
        world.step()
        if isinstance(item, Stream):
            unknown, item = item.why, item.element
        assignment.assign(clause.target, item, frame)
        keep: bool | Unknown = True
        for condition in clause.ifs:
            keep = test(condition, frame)
            if keep is not True:
                break
        if keep is False:
            continue
        if isinstance(keep, Unknown):
            unknown = keep.why
        unknown = _clauses(node, depth + 1, frame, out, outer) or unknown
    return unknown


def _lambda(node: ir.Lambda, frame: Frame) -> Any:
    return functions.make_lambda(node, frame)


def _await(node: ir.Await, frame: Frame) -> Any:
    return evaluate(node.value, frame)


def _yield(node: ir.Yield, frame: Frame) -> Any:
    if id(node) in frame.sent:
        return _sent(node, frame)
    from shapelint.interp import generator_ends

    value = None if node.value is None else evaluate(node.value, frame)
    generator_ends.give(frame, [value])
    return Unknown("what is sent into a generator")


def _sent(node: ir.Expr, frame: Frame) -> Any:
    """A yield that has been come by: what was sent to it."""
    frame.world.journal.touch(frame.sent)
    return frame.sent.pop(id(node))


def _yield_from(node: ir.YieldFrom, frame: Frame) -> Any:
    if id(node) in frame.sent:
        return _sent(node, frame)
    from shapelint.interp import generator_ends

    return generator_ends.give_all(frame, evaluate(node.value, frame))


def _opaque(node: ir.Opaque, frame: Frame) -> Any:
    return Unknown(node.why, frame.world.site(node))


def _starred(node: ir.Starred, frame: Frame) -> Any:
    return Unknown("a starred expression stands here alone")


HANDLERS: dict[type, Handler] = {
    ir.Const: _const,
    ir.Name: name,
    ir.Attribute: _attribute,
    ir.Subscript: _subscript,
    ir.SliceExpr: _slice,
    ir.Call: _call,
    ir.Starred: _starred,
    ir.BinOp: _binop,
    ir.UnaryOp: _unary,
    ir.BoolOp: boolop,
    ir.Compare: _compare,
    ir.IfExp: _ifexp,
    ir.NamedExpr: _named,
    ir.TupleDisplay: _tuple,
    ir.ListDisplay: _list,
    ir.SetDisplay: _set,
    ir.DictDisplay: _dict,
    ir.FString: _fstring,
    ir.Comprehension: _comprehension,
    ir.Lambda: _lambda,
    ir.Await: _await,
    ir.Yield: _yield,
    ir.YieldFrom: _yield_from,
    ir.Opaque: _opaque,
}

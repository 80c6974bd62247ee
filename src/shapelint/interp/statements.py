"""Statements that are no loop, `with` or `try`; and the tables of all statements and expressions."""

from __future__ import annotations

import functools
from typing import Any

from shapelint import facts, ir
from shapelint.dims import Sym
from shapelint.interp import (
    annotated,
    assignment,
    attribute_writes,
    attributes,
    blocks,
    branch,
    calls,
    class_definitions,
    evaluation,
    expressions,
    function_attributes,
    functions,
    lazy_modules,
    loops,
    matching,
    notes,
    operators,
    origins,
    put_off,
    raising,
    subscripts,
    try_statements,
    unfinished,
    with_statements,
)
from shapelint.interp.blocks import block
from shapelint.interp.branch import Split
from shapelint.interp.conditions import test
from shapelint.interp.control import BREAK, CONTINUE, Completion, ProgramRaises, Returned
from shapelint.interp.evaluation import evaluate
from shapelint.interp.names import assign_name, forget_name
from shapelint.interp.tensors import tensor_arguments
from shapelint.interp.world import Frame
from shapelint.values import BoundMethod, Class, Function, Instance, Tensor, Undetermined, Unknown


def from_place(statements: tuple[ir.Stmt, ...], frame: Frame, at: int) -> Completion | Split:
    """Execute a file's statements from the one at `at` on."""
    return block(statements, frame, at)


def _expr(node: ir.ExprStmt, frame: Frame) -> Completion:
    value = evaluate(node.value, frame)
    if isinstance(value, Tensor) and isinstance(node.value, ir.Call):
        called = node.value.func
        of = called.value if isinstance(called, ir.Attribute) else None
        name = of.id if isinstance(of, ir.Name) else ""
        if frame.world.recording is not None:
            frame.world.recording.dropped(value)
        made = value.made
        if made is not None and made.site == frame.world.site(node.value) and (name or frame.world.calls):
            presumed = of is not None and tensor_arguments.is_presumed(value)
            frame.world.record(facts.ResultDropped, result=value, name=name, presumed=presumed)
    elif isinstance(value, BoundMethod) and isinstance(node.value, ir.Attribute):
        frame.world.record(facts.NotCalled, value=value.receiver, name=node.value.attr)
    return None


def _assign(node: ir.Assign, frame: Frame) -> Completion:
    if node.value is None:
        _annotate(node, frame)
        return None
    value = evaluate(node.value, frame)
    for target in node.targets:
        assignment.assign(target, value, frame)
    if isinstance(value, (Tensor, int, Sym)):
        target = node.targets[-1]
        notes.assigned(frame, node, value, target.id if isinstance(target, ir.Name) else "")
    elif isinstance(value, tuple):
        notes.unpacked(frame, node, value)
    if node.annotation is not None:
        _annotate(node, frame)
    return None


def _annotate(node: ir.Assign, frame: Frame) -> None:
    """Class bodies keep their annotations: dataclasses and NamedTuples are made of them."""
    target = node.targets[0]
    if "__class_body__" in frame.env.vars and isinstance(target, ir.Name):
        annotated.note(frame, target.id, node.annotation)


def _augassign(node: ir.AugAssign, frame: Frame) -> Completion:
    world = frame.world
    target = node.target
    if isinstance(target, ir.Name):
        held = evaluate(target, frame)
        origins.augmented(world, held)
        value = operators.augmented(world, node.op, held, evaluate(node.value, frame))
        assign_name(frame, target.id, value)
        if isinstance(value, (Tensor, int, Sym)):
            notes.assigned(frame, node, value, target.id)
    elif isinstance(target, ir.Attribute):
        owner = evaluate(target.value, frame)
        held = attributes.get(world, owner, target.attr)
        origins.augmented(world, held)
        value = operators.augmented(world, node.op, held, evaluate(node.value, frame))
        if value is not held:
            attribute_writes.set(world, owner, target.attr, value)
    elif isinstance(target, ir.Subscript):
        owner = evaluate(target.value, frame)
        index = evaluate(target.index, frame)
        held = subscripts.get(world, owner, index)
        origins.augmented(world, held)
        subscripts.set(
            world, owner, index, operators.augmented(world, node.op, held, evaluate(node.value, frame))
        )
    return None


def _delete(node: ir.Delete, frame: Frame) -> Completion:
    for target in node.targets:
        if isinstance(target, ir.Name):
            forget_name(frame, target.id)
        elif isinstance(target, ir.Attribute):
            attribute_writes.delete(frame.world, evaluate(target.value, frame), target.attr)
        elif isinstance(target, ir.Subscript):
            subscripts.delete(frame.world, evaluate(target.value, frame), evaluate(target.index, frame))
    return None


def _return(node: ir.Return, frame: Frame) -> Completion:
    value = None if node.value is None else evaluate(node.value, frame)
    if isinstance(value, (Tensor, int, Sym)):
        notes.assigned(frame, node, value, "return")
    return Returned(value)


def _raise(node: ir.Raise, frame: Frame) -> Completion:
    if node.exception is None:
        raise ProgramRaises("", "re-raised", frame.env.vars.get("__handled__"), frame.world.site(node))
    value = raising.made(node.exception, frame)
    if isinstance(value, Class):
        value = calls.call(frame.world, value, (), {})
    kind, message = "Exception", ""
    if isinstance(value, Instance):
        kind = value.cls.name
        args = value.attrs.get("args")
        if isinstance(args, tuple) and args and isinstance(args[0], str):
            message = args[0]
    raise ProgramRaises(kind, message, value, frame.world.site(node))


def _assert(node: ir.Assert, frame: Frame) -> Completion:
    known = test(node.test, frame)
    if known is False:
        text = ""
        if node.message is not None:
            said = evaluate(node.message, frame)
            text = said if isinstance(said, str) else ""
        raise ProgramRaises("AssertionError", text, None, frame.world.site(node))
    return None


def _pass(node: ir.Stmt, frame: Frame) -> Completion:
    return None


def _break(node: ir.Break, frame: Frame) -> Completion:
    return BREAK


def _continue(node: ir.Continue, frame: Frame) -> Completion:
    return CONTINUE


def _global(node: ir.GlobalDecl, frame: Frame) -> Completion:
    redirect = frame.env.redirect = frame.env.redirect or {}
    for identifier in node.names:
        redirect[identifier] = frame.namespace.vars
    return None


def _nonlocal(node: ir.NonlocalDecl, frame: Frame) -> Completion:
    redirect = frame.env.redirect = frame.env.redirect or {}
    for identifier in node.names:
        scope = frame.env.parent
        while scope is not None and identifier not in scope.vars:
            scope = scope.parent
        if scope is not None:
            redirect[identifier] = scope.vars
    return None


def _import(node: ir.Import, frame: Frame) -> Completion:
    from shapelint.interp import imports

    for dotted, alias in node.names:
        if put_off.may_wait(frame, dotted):
            root = dotted.partition(".")[0]
            if put_off.wait(frame, alias or root, dotted if alias else root, None, node):
                if alias is None and dotted != root:
                    frame.world.imported.awaiting[dotted] = None
                continue
        value = imports.import_module(frame.world, dotted, node)
        if alias is None:
            value = imports.import_module(frame.world, dotted.split(".", 1)[0], node)
            assign_name(frame, dotted.split(".", 1)[0], value)
        else:
            assign_name(frame, alias, value)
    return None


def _import_from(node: ir.ImportFrom, frame: Frame) -> Completion:
    from shapelint.interp import imports

    base = imports.absolute(frame.namespace, node.module, node.level)
    if frame.world.deferring is frame:
        lazy_modules.defer(frame.namespace, base, node)
        return None
    for identifier, alias in node.names:
        if identifier == "*":
            put_off.star(frame.world, frame.namespace, base, node)
        elif not (
            put_off.may_wait(frame, base) and put_off.wait(frame, alias or identifier, base, identifier, node)
        ):
            assign_name(frame, alias or identifier, imports.import_name(frame.world, base, identifier, node))
    return None


def _if(node: ir.If, frame: Frame) -> Completion | Split:
    known = test(node.test, frame)
    if known is True:
        return block(node.body, frame)
    if known is False:
        if node.orelse and frame.function is None and lazy_modules.replaces_itself(node):
            return lazy_modules.read(frame, functools.partial(block, node.body, frame))
        return block(node.orelse, frame)
    assert isinstance(known, Unknown)
    return _undecided(node, known, frame)


def _undecided(node: ir.If, known: Unknown, frame: Frame) -> Completion | Split:
    lost: list[tuple[ir.Stmt, ...]] = []

    def side(body: tuple[ir.Stmt, ...]) -> Completion | Split:
        try:
            return block(body, frame)
        except ProgramRaises as problem:
            if unfinished.is_doubtful(problem):
                lost.append(body)
            raise

    done = branch.statements(frame.world, known, (lambda: side(node.body), lambda: side(node.orelse)))
    for body in lost if done is None else ():
        unfinished.doubt_containers(frame, body)
    return done


def _function(node: ir.FunctionDef, frame: Frame) -> Completion:
    qualname = (
        f"{frame.env.vars['__qualname__']}.{node.name}" if "__class_body__" in frame.env.vars else node.name
    )
    value: Any = functions.make(node, frame, qualname)
    assign_name(frame, node.name, decorated(value, node.decorators, frame))
    return None


def decorated(value: Any, decorators: tuple[ir.Expr, ...], frame: Frame) -> Any:
    """Apply decorators, innermost first. One that is not known is taken to hand back what it was given, or something like it."""
    for expression in reversed(decorators):
        frame.node = expression
        try:
            decorator = evaluate(expression, frame)
            made = calls.call(frame.world, decorator, (value,), {})
        except (ProgramRaises, Undetermined):
            made = Unknown("a decorator that is not known")
        if not isinstance(made, Unknown):
            value = made
        elif isinstance(value, Function):
            value.attrs[function_attributes.DECORATED] = True
        elif isinstance(value, Class) and not value.is_module and "__init__" not in value.attrs:
            if value.unknown_base is None:
                value.unknown_base = Unknown(f"a decorator of {value.name} is not known")
    return value


def _class(node: ir.ClassDef, frame: Frame) -> Completion:
    value = class_definitions.define(node, frame)
    assign_name(frame, node.name, decorated(value, node.decorators, frame))
    return None


def _match(node: ir.Match, frame: Frame) -> Completion | Split:
    return matching.run(node, evaluate(node.subject, frame), frame)


evaluation.HANDLERS |= expressions.HANDLERS
blocks.HANDLERS |= {
    ir.ExprStmt: _expr,
    ir.Assign: _assign,
    ir.AugAssign: _augassign,
    ir.Delete: _delete,
    ir.Return: _return,
    ir.Raise: _raise,
    ir.Assert: _assert,
    ir.Pass: _pass,
    ir.Break: _break,
    ir.Continue: _continue,
    ir.GlobalDecl: _global,
    ir.NonlocalDecl: _nonlocal,
    ir.Import: _import,
    ir.ImportFrom: _import_from,
    ir.If: _if,
    ir.For: loops.for_loop,
    ir.While: loops.while_loop,
    ir.With: with_statements.with_statement,
    ir.Try: try_statements.try_statement,
    ir.FunctionDef: _function,
    ir.ClassDef: _class,
    ir.Match: _match,
}

"""Modules in torch's order: depth first, each once or under every name."""

from __future__ import annotations

from shapelint.interp import module_tree
from shapelint.values import Class, Module

KIND = Class("Block", "Block")


def module(**children: Module) -> Module:
    made = Module(KIND)
    made.attrs.update(children)
    return made


def test_each_module_once_or_under_every_name() -> None:
    shared = module(inner=module())
    whole = module(a=shared, b=module(c=shared), d=module())
    once = [name for name, _ in module_tree.named_modules(whole)]
    assert once == ["", "a", "a.inner", "b", "d"]
    every = [name for name, _ in module_tree.named_modules(whole, once=False)]
    assert every == ["", "a", "a.inner", "b", "b.c", "b.c.inner", "d"]


def test_one_that_holds_itself_is_come_by_once() -> None:
    whole = module(a=module())
    whole.attrs["a"].attrs["up"] = whole
    for once in (True, False):
        assert [name for name, _ in module_tree.named_modules(whole, once=once)] == ["", "a"]

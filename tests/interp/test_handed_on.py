"""Texts that a function only hands on tell no calls apart; what somebody reads does."""

from __future__ import annotations

import pytest

from shapelint.interp.again import weight_calls
from shapelint.interp.again.handed_on import is_handed_on
from shapelint.interp.run import evaluate_text
from shapelint.interp.world import World

from .test_equal_calls import _told
from .test_weight_calls import _walk

NAMED = """
def named(fn, module, name=''{more}):
    {first}
    for child_name, child in module.named_children():
        child_name = {child}
        named({handed})
    {last}
    return module
from functools import partial
def silent(module, name, std=1):
    pass
def reads(module, name):
    return name
class Own:
    def reads(self, name):
        return name
class Kept:
    def __call__(self, module, name):
        return name
"""
PLAIN = {
    "more": "", "first": "pass", "child": "'.'.join((name, child_name)) if name else child_name",
    "handed": "fn=fn, module=child, name=child_name", "last": "fn(module=module, name=name)",
}  # fmt: skip

TEXTS: dict[str, tuple[dict[str, str], str, bool]] = {
    "nothing": ({}, "silent", True),
    "by a partial": ({}, "partial(silent, std=2)", True),
    "a format": ({"child": "f'{name}.{child_name}'"}, "silent", True),
    "by their places": ({"handed": "fn, child, child_name", "last": "fn(module, name)"}, "silent", True),
    "a partial that shifts places": ({"last": "fn(name)", "handed": "fn, child, child_name"}, "partial(silent, 1)", True),
    "somebody reads it": ({}, "reads", False),
    "somebody else reads it": ({"handed": "reads, child, child_name"}, "silent", False),
    "a function that is told later": ({"first": "fn = reads"}, "silent", False),
    "an object": ({}, "Kept()", False),
    "a method that reads it": ({"last": "fn(name)", "handed": "fn, child, child_name"}, "Own().reads", False),
    "a class": ({}, "Kept", False),
    "a part of it": ({"child": "name[1:]"}, "silent", False),
    "a comparison": ({"first": "name == 'a'"}, "silent", False),
    "it is returned": ({"first": "return name"}, "silent", False),
    "it is kept": ({"first": "module.name = name"}, "silent", False),
    "it is a key": ({"first": "{}[name]"}, "silent", False),
    "in a closure": ({"first": "held = lambda: name"}, "silent", False),
    "a sum with something": ({"child": "name + child_name"}, "silent", False),
    "a format of its own": ({"child": "f'{name:>5}'"}, "silent", False),
    "a star": ({"last": "fn(*[module], name)"}, "silent", False),
    "a global of that name": ({"first": "global child_name"}, "silent", False),
    "an assignment within": ({"first": "(fn := reads)"}, "silent", False),
    "a longer way": ({"child": "again(name)"}, "silent", False),
}  # fmt: skip


@pytest.mark.parametrize("what", TEXTS)
def test_whether_a_text_is_only_handed_on(what: str) -> None:
    changes, fn, expected = TEXTS[what]
    world = World(load=lambda name: f"{name} is not looked for here")
    text = f"{NAMED.format(**{**PLAIN, **changes})}\nfn = {fn}\n"
    space = evaluate_text(text, world=world)
    function = space.vars["named"]
    assert is_handed_on(world, function, "name", "a.b", {"fn": space.vars["fn"]}) is expected


def test_a_text_of_no_known_length_is_not() -> None:
    world = World(load=lambda name: f"{name} is not looked for here")
    space = evaluate_text(f"{NAMED.format(**PLAIN)}\n", world=world)
    given = {"fn": space.vars["silent"]}
    assert not is_handed_on(world, space.vars["named"], "name", "a" * 1_000, given)
    assert not is_handed_on(world, space.vars["named"], "name", 1, given)


def test_what_a_function_around_it_holds_is_not_asked() -> None:
    world = World(load=lambda name: f"{name} is not looked for here")
    space = evaluate_text(
        "def silent(name):\n    pass\ndef make(silent):\n    def inner(module, name):\n        silent(name)\n"
        "    return inner\ninner = make(len)\ndef outer(module, name):\n    silent(name)\n",
        world=world,
    )
    assert is_handed_on(world, space.vars["outer"], "name", "a", {})
    assert not is_handed_on(world, space.vars["inner"], "name", "a", {})


WALKS: dict[str, dict[str, str]] = {
    "nothing": {},
    "whether it is empty": {"call": "named(init, m, '' if i == 22 else str(i))"},
    "a name that counts": {"first": "assert name != '22'"},
    "a function that takes the place of another": {"turn": "take(i)", "use": "def late(m, name=''):\n    assert name != '22'\n"
        "def take(i):\n    global init\n    init = late if i > 20 else init\nNet()"},
    "a partial that takes the place of another": {"call": "named(init if i < 20 else late, m, str(i))",
        "before": "def late(m, name=''):\n    assert name != '22'"},
}  # fmt: skip
BEFORE = """
def named(fn, module, name=''):
    for child_name, child in module.named_children():
        child_name = '.'.join((name, child_name)) if name else child_name
        named(fn=fn, module=child, name=child_name)
    fn(module, name)
    if name:
        pass
    else:
        module.missing
    return module
"""


@pytest.mark.parametrize("what", WALKS)
def test_nobody_can_tell(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    changes = {"call": "named(init, m, str(i))", **WALKS[what]}
    changes["before"] = BEFORE + changes.get("before", "")
    again: list[int] = []
    real = weight_calls._again
    monkeypatch.setattr(weight_calls, "_again", lambda *given: again.append(1) or real(*given))
    each_time, _ = _told(_walk(changes), monkeypatch, False)
    assert not again
    once, _ = _told(_walk(changes), monkeypatch, True)
    assert bool(again) == (what != "a name that counts")
    assert each_time == once

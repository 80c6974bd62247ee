"""What Python's own values have is there, modelled or not: nothing of it is taken for missing."""

from __future__ import annotations

import pytest

from shapelint.interp.control import ProgramRaises
from tests.interp.programs import read

VALUES = {
    "class": ("class A: pass", "A"),
    "instance": ("class A: pass\na = A()", "a"),
    "function": ("def f(x, y=1): pass", "f"),
    "lambda": ("f = lambda: 1", "f"),
    "method": ("class A:\n    def m(self): pass\nm = A().m", "m"),
    "property": ("p = property(lambda self: 1)", "p"),
    "built in": ("f = len", "f"),
    "exception": ("try:\n    raise ValueError(3)\nexcept ValueError as e: x = e", "x"),
    "generator": ("g = (i for i in [1])", "g"),
    "None": ("x = None", "x"),
    "slice": ("x = slice(1, 2)", "x"),
    "views": ("x = {}.keys()", "x"),
    "items": ("x = {}.items()", "x"),
    "deque": ("from collections import deque\nx = deque()", "x"),
    "OrderedDict": ("from collections import OrderedDict\nx = OrderedDict()", "x"),
    "defaultdict": ("from collections import defaultdict\nx = defaultdict(int)", "x"),
    "Counter": ("from collections import Counter\nx = Counter()", "x"),
    "partial": ("from functools import partial\nx = partial(len)", "x"),
    "namespace": ("from types import SimpleNamespace\nx = SimpleNamespace()", "x"),
    "path": ("from pathlib import Path\nx = Path('a')", "x"),
    "pattern": ("import re\nx = re.compile('a')", "x"),
    "match": ("import re\nx = re.match('a', 'a')", "x"),
    "iterator": ("x = iter([1])", "x"),
    "zip": ("x = zip([1])", "x"),
    **{text: (f"x = {text}", "x") for text in ("3", "2.5", "1j", "'a'", "b'a'", "[1]", "(1,)", "{1: 2}", "{1}",
                                               "frozenset()", "range(3)", "True")},
}  # fmt: skip
# Of some versions of Python, or of a type that nothing tells of its instances.
_NOT_OF_PROGRAMS = {"__abstractmethods__", "__objclass__", "__text_signature__", "_flavour"}


@pytest.mark.parametrize("text, name", VALUES.values(), ids=VALUES.keys())
def test_every_attribute_is_there(text: str, name: str) -> None:
    held: dict[str, object] = {"__name__": "__main__"}
    exec(text, held)
    missing = []
    for attribute in dir(held[name]):
        try:
            read(f"{text}\nfound = {name}.{attribute}")
        except ProgramRaises:
            missing.append(attribute)
    assert not set(missing) - _NOT_OF_PROGRAMS


_OPEN = {"built in", "iterator", "zip", "generator"}  # whose attributes are not all told


@pytest.mark.parametrize("text, name", [v for k, v in VALUES.items() if k not in _OPEN])
def test_what_nothing_has_is_missing(text: str, name: str) -> None:
    with pytest.raises(ProgramRaises):
        read(f"{text}\nfound = {name}.surely_not_there")

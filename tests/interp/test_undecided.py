"""What built-ins do on one side of an undecided branch is undone there and joined behind it; what is unknown stays so."""

from __future__ import annotations

from typing import Any

import pytest

from shapelint.engine.analyse import analyse
from shapelint.interp.nets import module_tree
from shapelint.source.text import from_text
from shapelint.values import Dict, Either, List, Set, Stream, Unknown
from shapelint.values.journal import Journal
from tests.interp.programs import read

ASK = "import argparse\np = argparse.ArgumentParser()\np.add_argument('n')\nu = p.parse_args().n\n"


def behind(text: str) -> dict[str, Any]:
    """What a program leaves where `u` is not known."""
    return read(ASK + text)


CHANGES = [
    "a = [1]\nif u: a.append(2)\n",
    "a = [1]\nif u: a.extend([2])\n",
    "a = [1]\nif u: a.insert(0, 2)\n",
    "a = [1, 2]\nif u: a.pop()\n",
    "a = [1, 2]\nif u: a.remove(1)\n",
    "a = [1, 2]\nif u: a.clear()\n",
    "from collections import deque\na = deque([1])\nif u: a.appendleft(2)\n",
    "a = [1]\nfor i in u: a.append(i)\n",
    "a = []\nfor i in u:\n    a += [i]\n",
    "a = [1]\na.extend(u)\n",
    "a = list(u)\n",
    "a = [x for x in u]\n",
    "a = [3, 1]\na.insert(u, 2)\n",
    "a = sorted(u)\n",
]


@pytest.mark.parametrize("text", CHANGES)
def test_a_list_that_may_have_changed_has_an_unknown_length(text: str) -> None:
    found = behind(text)
    assert isinstance(found["a"], List) and found["a"].open is not None
    again = behind(text + "b = len(a)\n")
    assert isinstance(again["b"], Unknown) and again["b"].plain


@pytest.mark.parametrize(
    "text",
    [
        "a = {}\nif u: a['x'] = 1\nelse: a['x'] = 1\n",
        "a = {'x': 1}\nif u: a.update(y=2)\n",
        "a = {'x': 1}\nif u: a.setdefault('y', 2)\n",
        "a = {'x': 1}\na.get('x')\n",
    ],
)
def test_a_dict_keeps_what_both_sides_have(text: str) -> None:
    found = behind(text)
    assert isinstance(found["a"], Dict) and found["a"].items["x"] == 1


@pytest.mark.parametrize(
    "word", ["math.ceil(n / 0)", "math.floor(n / z)", "np.ceil(n / 0)", "int(n / False)", "n / 0"]
)
def test_a_size_is_not_divided_by_zero(word: str) -> None:
    """Of a size that is not known the quotient was put off, and rounding it was an internal error."""
    lines = "import math, torch\nimport numpy as np\ndef f(x):\n    n, z = x.size(0), 0\n    return "
    told = analyse(from_text("p.py", lines + word + "\n")).not_analysed
    assert any("ZeroDivisionError" in each.why for each in told), told


def test_what_one_side_sets_on_an_ordered_dict_is_not_known() -> None:
    """Behind a condition the attributes were themselves one unknown thing, and looking one up was an internal error."""
    text = (
        "from collections import OrderedDict\nd = OrderedDict(a=1)\nd.z = 3\nif u: d.x = 1\nelse: d.y = 2\n"
    )
    found = behind(text + "k = list(d.items())\nx, z = d.x, d.z\n")
    assert isinstance(found["x"], Unknown) and found["z"] == 3 and len(found["k"].items) == 1


@pytest.mark.parametrize("text", ["a = {1}\na.add(u)\n", "a = {1}\na.discard(u)\n", "a = {1, 2}\na.pop()\n"])
def test_a_set_that_is_changed_by_an_unknown_is_open(text: str) -> None:
    found = behind(text)
    assert isinstance(found["a"], Set) and found["a"].open is not None


def test_an_iterator_that_may_have_moved_is_not_where_it_was() -> None:
    found = behind("it = iter([1, 2, 3])\nb = next(it)\nif u: next(it)\n")
    assert found["b"] == 1


@pytest.mark.parametrize(
    "text",
    [
        "a = list(zip(u, [1, 2]))",
        "a = list(enumerate(u))",
        "a = list(map(str, u))",
        "a = list(filter(None, u))",
        "a = list(reversed(u))",
        "import itertools\na = list(itertools.chain([1], u))",
        "import itertools\na = list(itertools.product(u, [1]))",
        "import itertools\na = list(itertools.islice(u, 3))",
        "import itertools\na = list(itertools.repeat(1, u))",
        "a = sorted([u, 1])",
        "a = list(u.keys())",
    ],
)
def test_what_is_walked_without_end_in_sight_has_an_unknown_length(text: str) -> None:
    found = behind(text)
    assert isinstance(found["a"], List) and found["a"].open is not None


@pytest.mark.parametrize(
    "text",
    ["sum(u)", "any(u)", "all(u)", "round(u)", "isinstance(u, int)", "hasattr(u, 'x')", "abs(u.x)", "max(u.x, 1.5)",
     "str(u)", "repr(u)", "'%s' % u", "'a'.join(u)", "u + 1.5", "bool(u)", "float(u)", "int(u.x)", "hash(u)",
     "'a' in u", "callable(u)", "bin(u)", "f'{u}'"],
)  # fmt: skip
def test_an_unknown_in_gives_an_unknown_out(text: str) -> None:
    assert isinstance(behind(f"a = {text}\n")["a"], Unknown)


def test_one_of_several_is_asked_one_by_one() -> None:
    found = behind(
        "x = 'ab' if u else [1, 2, 3]\na = len(x)\ny = 'a' if u else None\nb = hasattr(y, 'upper')\n"
    )
    assert str(found["a"]) not in ("2", "3") and not isinstance(found["a"], int)
    assert isinstance(found["b"], (Unknown, Either))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("(0,) + ((1, 2) if u else (3,))", Either),
        ("((1, 2) if u else (3,)) * 2", Either),
        ("'x' + ('ab' if u else 3)", str),
        ("(0,) + foo", Unknown),
        ("'x' + foo", Unknown),
        ("[1] + foo", Unknown),
        ("{1} | foo", Unknown),
    ],
)
def test_an_operand_that_is_not_plain_is_no_type_error(text: str, why: type) -> None:
    assert isinstance(behind(f"from torch import foo\na = {text}\n")["a"], why)


def test_each_of_several_is_changed_in_place() -> None:
    found = behind("class A:\n    m = 1\n    def __init__(self):\n        self.k = 2\n    def __iadd__(self, n):\n        self.n = n\n        return self\n"
                   "p, q = A(), A()\na = p if u else q\na += 1\nb = hasattr(p, 'n')\n")  # fmt: skip
    assert not isinstance(found["b"], bool)


TWO = "from torch import nn, zeros\nm = nn.Sequential(nn.Linear(3, 4), nn.Linear(3, 4))\n"


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("if u: m[1].weight = m[0].weight\n", False),
        ("for i in range(2000):\n    if u: m[1].weight = m[0].weight\n", False),
        ("w = nn.Parameter(zeros(4, 3))\nif u: m[0].weight = w\nif u.x: m[1].weight = w\n", False),
        (
            "if u: m[0].register_buffer('b', m[1].weight.data)\nelse: m[0].register_buffer('b', zeros(4, 3))\n",
            True,
        ),
        ("m[0].w = nn.Parameter(zeros(2)) if u else nn.Parameter(zeros(2) + 1)\n", True),
        ("m[1].weight = m[0].weight\n", True),
        ("m.b = nn.Buffer(zeros(2))\nif m.b.device != u: m.b = m.b.to(u)\n", True),
    ],
)
def test_a_parameter_that_may_be_shared_leaves_the_total_open(text: str, known: bool) -> None:
    assert (not any(True for _ in module_tree.gaps(behind(TWO + text)["m"]))) is known


HOLDER = "class A:\n    def __init__(self):\n        self.k = 2\n"


def test_what_a_handler_might_have_seen_is_no_doubt_behind_the_try() -> None:
    text = "a = A()\ntry:\n    u.x\n    a.n = 1\n    u.y\nexcept ValueError:\n    raise\nb = hasattr(a, 'n')\nc = a.n\n"
    found = behind(HOLDER + text)
    assert found["b"] is True and found["c"] == 1


def test_a_doubt_that_a_loop_raises_stays_one() -> None:
    loop = "for i in u:\n    if u.x: a.m = 1\n    if u.y: a.o = 1\n"
    found = behind(HOLDER + f"a = A()\nif u: a.n = 1\n{loop}b = [hasattr(a, c) for c in 'kmno']\n")
    assert found["b"].items[0] is True and all(isinstance(c, Unknown) for c in found["b"].items[1:])


def test_what_is_set_again_for_certain_is_in_no_doubt() -> None:
    found = behind(
        HOLDER + "a = A()\nif u:\n    a.n = 1\nb = hasattr(a, 'n')\na.n = 2\nc = hasattr(a, 'n')\n"
    )
    assert isinstance(found["b"], Unknown) and found["c"] is True


def test_a_name_that_is_not_known_leaves_every_attribute_open() -> None:
    found = behind("class A: pass\na = A()\nsetattr(a, u, 1)\nb = a.anything\nc = getattr(a, u)\n")
    assert isinstance(found["b"], Unknown) and isinstance(found["c"], Unknown)


def test_a_layer_set_under_an_unknown_name_hides_parameters() -> None:
    found = behind("import torch.nn as nn\nm = nn.Module()\nsetattr(m, u, nn.Linear(2, 3))\n")
    assert found["m"].incomplete


def test_the_length_of_an_argument_is_a_size_of_its_own() -> None:
    found = behind("a = len(u)\nb = len(u) * 2 - len(u)\nc = b == len(u)\n")
    assert str(found["b"]) == "len(n)" and found["c"] is True


def test_turns_of_a_zip_with_something_unknown_stand_for_any_turn() -> None:
    found = behind("a = zip(u, [1, 1, 1])\nb = zip([], u)\n")
    assert isinstance(found["a"], Stream) and found["a"].element[1] == 1
    assert found["b"].items == []


def test_what_was_written_last_under_an_unknown_key_is_read_back() -> None:
    found = behind("k = str(u)\na = {}\nif k not in a:\n    a[k] = 5\nb = a[k]\nc = k in a\nd = a.get(k)\n")
    assert (found["b"], found["c"], found["d"]) == (5, True, 5)


@pytest.mark.parametrize(
    "between",
    [
        "a['x'] = 1\n",
        "a[str(u) + '1'] = 1\n",
        "if u: a[k] = 6\n",
        "a.update(x=1)\n",
        "for i in range(int(u)): a[i] = i\n",
    ],
)
def test_a_later_write_may_have_been_under_the_same_key(between: str) -> None:
    found = behind("k = str(u)\na = {}\na[k] = 5\n" + between + "b = a.get(k, 0)\n")
    assert isinstance(found["b"], Unknown)


CONDITIONS = [
    ("u and False", 2),
    ("u or True", 1),
    ("not (u and False)", 1),
    ("u and 0 or u and ''", 2),
    ("(u or 3) and not (u and [])", 1),
]


@pytest.mark.parametrize(("condition", "expected"), CONDITIONS)
def test_a_condition_is_decided_by_what_does_not_depend_on_the_unknown(condition: str, expected: int) -> None:
    assert behind(f"a = 1 if {condition} else 2\n")["a"] == expected
    assert behind(f"a = 2\nif {condition}: a = 1\n")["a"] == expected
    assert behind(f"a = 2\nwhile {condition}:\n    a = 1\n    break\n")["a"] == expected
    assert behind(f"a = [1 for _ in range(1) if {condition}] or [2]\n")["a"].items == [expected]


def test_what_a_condition_adds_to_the_unknown_is_left_out_where_it_is_known() -> None:
    """`u and True` asks what `u` asks: behind one, the other is told."""
    found = behind("b = True\na = 0\nif u and b:\n    a = 1 if u else 2\nelse:\n    a = 2 if u else 1\n")
    assert found["a"] == 1


def test_the_value_of_an_undecided_and_is_not_its_truth() -> None:
    assert behind("a = u and 0\n")["a"] != 0


WAYS = [
    ("d = {}\nif u: d['b'] = 5\na = f(0, **d)\n", "either(5, 1)"),
    ("d = {'c': 0}\nif u: d['b'] = 5\nelse: d['b'] = 7\na = f(0, **d)\n", "either(5, 7)"),
    ("d = {}\nif u: d['c'] = 5\nelse: d['b'] = 3\na = f(0, **d)\n", "either(1, 3)"),
    ("d = {}\nif u: d['c'] = 5\na = f(0, **d)\n", "1"),
    ("d = {}\nif u: d['b'] = 'x'\na = f(0, **d)\n", "Either('x', 1)"),
]


@pytest.mark.parametrize(("text", "expected"), WAYS)
def test_keywords_that_only_one_side_has_set_are_given_or_not(text: str, expected: str) -> None:
    assert str(behind("def f(x, b=1, c=2): return b\n" + text)["a"]) == expected


NO_WAYS = [
    "d = {}\nif u: d['b'] = 5\nd['c'] = 6\n",
    "d = {}\nif u: d['b'] = 5\nd.pop('b', None)\n",
    "e = {}\nif u: e['b'] = 5\nd = {**e, 'b': 6}\n",
    "e = {}\nif u: e['b'] = 5\nd = dict(e, b=6)\n",
    "d = {}\nif u:\n    if v: d['b'] = 5\n",
    "d = {}\nif u: d['b'] = [5]\n",
    "d = {}\nif u: d[v] = 5\n",
    "d = {}\nif u: d['b'] = 5\nd.setdefault('b', 6)\n",
    "d = {}\nif u: d['b'] = 5\nd.update(b=6)\n",
    "d = {}\nif u: d['b'] = 5\nd |= {'b': 6}\n",
    "d = {}\nif u: d['b'] = 5\nd.clear()\nif u: d['b'] = [6]\n",
    "class C: pass\no = C()\nd = vars(o)\nif u: d['b'] = 5\no.b = 6\ndel o.b\no.b = [7]\n",
]


@pytest.mark.parametrize("text", NO_WAYS)
def test_what_else_such_a_dict_may_hold_is_not_guessed(text: str) -> None:
    """Written again, copied, or set on a side of a side: what it may hold is more than the sides had."""
    found = behind("v = u.v\ndef f(x, b=1, c=2): return b\n" + text + "a = f(0, **d)\n")["a"]
    assert isinstance(found, Unknown)


# ---- scopes that were left


def test_names_that_a_function_keeps_are_those_of_where_it_raised() -> None:
    """Nobody can ask for the names of a scope that was left, unless a function that was made in it has outlasted it."""
    for keeps in ("lambda: n", "(n for _ in range(1)).__next__", "type('C', (), {'n': lambda self: n})().n"):
        names = read(
            "import mystery\n"
            "def make(n):\n"
            f"    held.append({keeps})\n"
            "    mystery.go()\n"
            "    n = 2\n"
            "held = []\n"
            "def risk():\n"
            "    try:\n"
            "        make(1)\n"
            "    except ValueError:\n"
            "        return held[-1]()\n"
            "    return held[-1]()\n"
            "r = risk()\n"
        )
        assert str(names["r"]) == "either(1, 2)", keeps


def test_a_scope_that_was_left_is_neither_undone_nor_joined() -> None:
    journal = Journal()
    journal.begin()
    born, names, kept = journal.innermost, {"x": 1}, {"y": 1}
    journal.touch(names)
    names["x"] = 2
    journal.touch(kept)
    kept["y"] = 2
    journal.forget(names, born)
    journal.begin()
    journal.touch(names)
    journal.forget(names, born)  # left in another layer than it was entered in
    assert set(journal.end().containers) == {id(names)}
    assert set(journal.end().containers) == {id(kept)}
    assert kept == {"y": 1}
    journal.forget(names, journal.innermost)


def test_what_vars_of_a_class_holds_is_no_key() -> None:
    names = read("class Box:\n    x: int = 1\nd = list(vars(Box).items())\ns = {*d}\nk = {d[-1]: 1}\n")
    assert isinstance(names["s"].open, Unknown)
    assert isinstance(names["k"].open, Unknown)


# ---- a question that is asked twice

ALIKE = [("k == 4", "", "k == 4"), ("k in {1, 2}", "", "k in {2, 1}"), ("k in [t]", "", "k in [t]"),
         ("k is s", "s.add(3)", "k is s"), ("'a' in k", "", "'a' in k"), ("k", "", "k"), ("not k", "", "not k"), ("o", "", "o"),
         ("k", "k.a", "k")]  # fmt: skip
OTHERWISE = [
    ("k == A()", "", "k == A()"),  # the second may lie where the first lay
    ("k in {A(): 1}", "", "k in {A(): 1}"),
    ("k in [A()]", "", "k in [A()]"),
    ("isinstance(k, type('A', (), {}))", "", "isinstance(k, type('B', (), {}))"),
    ("k in s", "s.add(k)", "k in s"),
    ("k in s", "s.clear(); s.add(7)", "k in s"),
    ("k in d", "d.update({k: 1})", "k in d"),
    ("k == x", "x.append(2)", "k == x"),
    ("k in x", "x.append(k)", "k in x"),
    ("'a' in k", "k.pop('a', None)", "'a' in k"),
    ("len(k) == 4", "k.append(1)", "len(k) == 4"),
    ("k[0] == 4", "k.pop(0)", "k[0] == 4"),
    ("k[0] == 4", "\n    if t: k.pop(0)", "k[0] == 4"),
    ("'a' in k", "\n    if t: k.pop('a')", "'a' in k"),
    ("k", "k.clear()", "k"),
    ("k", "k.append(1)", "k"),
    ("not k", "k.append(1)", "not k"),
    ("k", "\n    if t: k.pop()", "k"),
    ("k", "k[t] = 1", "k"),
    ("o", "o.append(1)", "o"),
    ("o", "o.clear()", "o"),
    ("e", "e.pop(t, None)", "e"),
    ("k", "k += [1]", "k"),
]


def _widths_meet(first: str, between: str, then: str) -> bool:
    """Whether a width that is 3 when the first holds, else 2, meets without a word one that is 2 when the other holds."""
    program = f"""import torch
class A: pass
def f(k, t):
    s, d, x, o, e = {{1}}, {{1: 2}}, [1], [*t], {{**t}}
    a = 2 if {first} else 3
    {between}
    b = 3 if {then} else 2
    return torch.zeros(4, a) @ torch.zeros(b, 4)
"""
    return not analyse(from_text("program.py", program)).diagnostics


@pytest.mark.parametrize(("first", "between", "then"), OTHERWISE)
def test_a_question_of_another_thing_may_have_another_answer(first: str, between: str, then: str) -> None:
    assert _widths_meet(first, between, then)


@pytest.mark.parametrize(("first", "between", "then"), ALIKE)
def test_the_same_question_has_the_same_answer(first: str, between: str, then: str) -> None:
    assert not _widths_meet(first, between, then)


def test_defaults_that_one_side_sets_are_joined() -> None:
    found = behind("def f(a, b=2): return b\nif u: f.__defaults__ = (1, 4)\nx = f(0)\ny = f(0, 3)\n")
    assert str(found["x"]) == "either(4, 2)" and found["y"] == 3
    found = behind("def f(a, b): return b\nif u: f.__defaults__ = (7,)\nx = f(0)\n")
    assert isinstance(found["x"], Unknown)

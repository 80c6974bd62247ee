"""Random programs with unknown flags and counts, and whether what the interpreter says of them covers every real run.

The names `f0`, `f1`, `f2` are flags and `n0`, `n1` counts that the interpreter is not told. A program is run by Python (and
torch) once for every choice of them; a value that the interpreter claims must be the value of every run that comes to its end.
"""

from __future__ import annotations

import itertools
import random
import sys
from collections.abc import Iterator as Iterating
from typing import Any

import torch

from shapelint import dims, facts
from shapelint.dims import Sym
from shapelint.interp.control import OutOfBudget, ProgramRaises
from shapelint.interp.run import nothing_else
from shapelint.interp.world import World
from shapelint.values import Dict, Either, Instance, List, Namespace, Tensor, Unknown

FLAGS = ("f0", "f1", "f2")
COUNTS = ("n0", "n1")
NUMBERS = ("a", "b", "c", "d")
LISTS = ("xs", "ys")
TENSORS = ("t", "u")
ERRORS = ("ValueError", "KeyError", "RuntimeError")
_START = """\
import torch
from torch import nn
class Thing:
    size = 2
    def __init__(self, size):
        self.size = size
    def grow(self, by):
        if by > 2:
            return self
        self.size += by
        return self
a, b, c, d = 1, 2, 3, 4
xs, ys = [1, 2], [3]
k = {"x": 1}
class More(Thing):
    size = 5
    def grow(self, by):
        return super().grow(by + 1)
    @property
    def twice(self):
        return self.size * 2
class Block(nn.Module):
    def __init__(self, n=2, extra=False):
        super().__init__()
        self.fc = nn.Linear(3, n)
        if extra:
            self.more = nn.Linear(n, 1)
    def forward(self, x):
        x = self.fc(x)
        return self.more(x) if hasattr(self, "more") else x
class Ward:
    def __init__(self, swallow):
        self.swallow, self.done = swallow, 0
    def __enter__(self):
        return self
    def __exit__(self, kind, value, trace):
        self.done += 1
        return self.swallow
o = Thing(2)
m = nn.Sequential(nn.Linear(2, 3))
t, u = torch.zeros(2, 3), torch.zeros(3, 2)
"""


class Maker:
    """Writes one program. What is unknown may stand wherever a value stands."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.lines: list[str] = []
        self.functions = 0
        self.yields = 0  # whether the innermost function is a generator
        self.budget = self.rng.randint(4, 22)

    def program(self) -> str:
        while self.budget > 0:
            self.statement("", loop=False, function=False)
        return _START + "\n".join(self.lines) + "\n"

    # ---- statements

    def block(self, indent: str, loop: bool, function: bool) -> None:
        before = len(self.lines)
        for _ in range(self.rng.randint(1, 3)):
            self.statement(indent, loop, function)
        if len(self.lines) == before:
            self.lines.append(f"{indent}pass")

    def statement(self, indent: str, loop: bool, function: bool) -> None:
        self.budget -= 1
        rng = self.rng
        deep = len(indent) >= 16 or self.budget <= 0
        kinds = ["assign"] * 5 + ["write"] * 4 + ["tensor"] * 3 + ["module"] * 2
        if not deep:
            kinds += ["if"] * 5 + ["for", "for", "while", "try", "try", "with", "match"] + ["function"] * 2
            kinds += ["generator", "closure", "ward"] + ([] if self.yields else ["producer"])
        if loop:
            kinds += ["break", "continue"]
        if function:
            kinds += ["return"] * 2
        if self.yields:
            kinds += ["yield"] * 5
        if indent:
            kinds += ["raise"]
        getattr(self, "_" + rng.choice(kinds))(indent, loop, function)

    def add(self, line: str) -> None:
        self.lines.append(line)

    def _assign(self, indent: str, loop: bool, function: bool) -> None:
        rng = self.rng
        form = rng.randint(0, 5)
        if form == 0:
            self.add(f"{indent}{rng.choice(NUMBERS)} {rng.choice('+-*')}= {self.number()}")
        elif form == 1:
            self.add(f"{indent}a, b = {self.number()}, {self.number()}")
        elif form == 2:
            self.add(f"{indent}{rng.choice(LISTS)} = {self.listing()}")
        elif form == 3:
            self.add(f"{indent}c = {self.condition()}")
        else:
            self.add(f"{indent}{rng.choice(NUMBERS)} = {self.number()}")

    def _write(self, indent: str, loop: bool, function: bool) -> None:
        rng, xs = self.rng, self.rng.choice(LISTS)
        self.add(indent + rng.choice((
            f"{xs}.append({self.number()})", f"{xs}.append({self.number()})", f"{xs}.pop()", f"{xs}[0] = {self.number()}",
            f"{xs} += [{self.number()}]", f"{xs}.insert(0, {self.number()})", f"{xs}.clear()", f"{xs} = {rng.choice(LISTS)}",
            f"k[{self.key()}] = {self.number()}", f"k[{self.key()}] = {self.number()}", f"k.pop({self.key()}, None)",
            f"k.setdefault({self.key()}, {self.number()})", "k = dict(k)", f"o.size = {self.number()}",
            f"o.extra = {self.number()}", f"o.grow({self.number()})", f"o = Thing({self.number()})", f"del {xs}[0]",
        )))  # fmt: skip

    def _tensor(self, indent: str, loop: bool, function: bool) -> None:
        rng = self.rng
        t, u = rng.choice(TENSORS), rng.choice(TENSORS)
        self.add(indent + f"{rng.choice(TENSORS)} = " + rng.choice((
            f"torch.zeros({self.small()}, {self.small()})", f"{t}.reshape({rng.choice((2, 3, 6, -1))}, {rng.choice((1, 2, 3, -1))})",
            f"{t} @ {u}", f"{t} + {u}", f"torch.cat([{t}, {u}], {rng.choice((0, 1))})", f"{t}.t()", f"{t}.sum({rng.choice((0, 1))})",
            f"{t}.unsqueeze({rng.choice((0, 1, -1))})", f"torch.cat([{t}] * {self.small()})", f"{t}[0]", f"{t}.view(-1)",
            f"torch.stack([{t}, {u}])", f"{t}.squeeze()", f"{t} if {self.condition()} else {u}",
        )))  # fmt: skip

    def _if(self, indent: str, loop: bool, function: bool) -> None:
        self.add(f"{indent}if {self.condition()}:")
        self.block(indent + "    ", loop, function)
        if self.rng.random() < 0.3:
            self.add(f"{indent}elif {self.condition()}:")
            self.block(indent + "    ", loop, function)
        if self.rng.random() < 0.5:
            self.add(f"{indent}else:")
            self.block(indent + "    ", loop, function)

    def _for(self, indent: str, loop: bool, function: bool) -> None:
        rng = self.rng
        over = rng.choice((f"range({rng.randint(0, 3)})", f"range({rng.choice(COUNTS)})", rng.choice(LISTS) + "[:4]",
                           "list(k.values())", "enumerate(xs[:3])", f"({self.number()}, {self.number()})"))  # fmt: skip
        target = "d, b" if "enumerate" in over else rng.choice(NUMBERS)
        self.add(f"{indent}for {target} in {over}:")
        self.block(indent + "    ", True, function)
        if rng.random() < 0.2:
            self.add(f"{indent}else:")
            self.block(indent + "    ", loop, function)

    def _while(self, indent: str, loop: bool, function: bool) -> None:
        start = self.rng.choice((self.rng.randint(0, 3), self.rng.choice(COUNTS)))
        name = f"w{len(self.lines)}"
        self.add(f"{indent}{name} = {start}")
        self.add(f"{indent}while {name} > 0:")
        self.add(f"{indent}    {name} -= 1")
        self.block(indent + "    ", True, function)

    def _try(self, indent: str, loop: bool, function: bool) -> None:
        self.add(f"{indent}try:")
        self.block(indent + "    ", loop, function)
        self.add(
            f"{indent}except {self.rng.choice((*ERRORS, '(KeyError, IndexError)', 'Exception', 'Exception'))}:"
        )
        self.block(indent + "    ", loop, function)
        if self.rng.random() < 0.25:
            self.add(f"{indent}else:")
            self.block(indent + "    ", loop, function)
        if self.rng.random() < 0.3:
            self.add(f"{indent}finally:")
            self.block(indent + "    ", False, False)

    def _with(self, indent: str, loop: bool, function: bool) -> None:
        self.add(f"{indent}with torch.no_grad():")
        self.block(indent + "    ", loop, function)

    def _function(self, indent: str, loop: bool, function: bool) -> None:
        name = f"g{self.functions}"
        self.functions += 1
        self.add(f"{indent}def {name}(a, b=2, *args, c=3):")
        if self.rng.random() < 0.3:
            self.add(f"{indent}    nonlocal_ = [a]" if indent else f"{indent}    global d")
        self.add(f"{indent}    d, t, u = 4, torch.zeros(2, 3), torch.zeros(3, 2)" if "global" not in self.lines[-1]
                 else f"{indent}    t, u = torch.zeros(2, 3), torch.zeros(3, 2)")  # fmt: skip
        self.add(f"{indent}    xs, ys, k, o = [1, 2], [3], {{'x': 1}}, Thing(3)")
        before, self.yields = self.yields, 0
        self.block(indent + "    ", False, True)
        self.yields = before
        if self.rng.random() < 0.6:
            self.add(f"{indent}    return {self.number()}")
        for _ in range(self.rng.randint(1, 2)):
            call = self.rng.choice((f"{name}({self.number()})", f"{name}({self.number()}, {self.number()})",
                                    f"{name}(1, 2, 3, c={self.number()})", f"{name}(c=1, a={self.number()})"))  # fmt: skip
            self.add(f"{indent}r = {call}")
            self.add(f"{indent}{self.rng.choice(NUMBERS)} = r if isinstance(r, int) else 7")

    def _match(self, indent: str, loop: bool, function: bool) -> None:
        self.add(f"{indent}match {self.number()}:")
        for pattern in (self.rng.choice(("0", "1", "2 | 3", "int() as b if b > 2")), "_"):
            self.add(f"{indent}    case {pattern}:")
            self.block(indent + "        ", loop, function)

    def _generator(self, indent: str, loop: bool, function: bool) -> None:
        name = f"y{self.functions}"
        self.functions += 1
        self.add(f"{indent}def {name}():")
        self.add(f"{indent}    for q in range({self.rng.choice((1, 2, 'n0'))}):")
        self.add(f"{indent}        if {self.condition(1)}:")
        self.add(f"{indent}            yield {self.rng.choice(('q', '7', 'q + 1'))}")
        self.add(f"{indent}    {self.rng.choice(('yield 3', 'yield from [4, 5]', 'return'))}")
        self.add(f"{indent}{self.rng.choice(LISTS)} = [*{name}()]")

    def _producer(self, indent: str, loop: bool, function: bool) -> None:
        """A generator whose body is any statements, and writes to what the program sees."""
        name, it = f"p{self.functions}", f"it{self.functions}"
        self.functions += 1
        self.add(f"{indent}def {name}(xs, ys, k, o):")
        self.add(
            f"{indent}    a, b, c, d, t, u, m = 1, 2, 3, 4, torch.zeros(2, 3), torch.zeros(3, 2), nn.Linear(2, 2)"
        )
        self.yields = 1
        self._yield(indent + "    ", False, True)
        self.budget += 2
        self.block(indent + "    ", False, True)
        self.block(indent + "    ", False, True)
        self.yields = 0
        call = f"{name}(xs, ys, k, o)"
        form = self.rng.randint(0, 4)
        if form == 0:
            self.add(f"{indent}{self.rng.choice(LISTS)} = [*{call}][:4]")
        elif form == 1:
            self.add(f"{indent}{self.rng.choice(NUMBERS)} = len(list({call}))")
        elif form == 2:
            self.add(f"{indent}for a in {call}:")
            self.block(indent + "    ", True, function)
        else:
            self.add(f"{indent}{it} = {call}")
            self.add(f"{indent}{self.rng.choice(NUMBERS)} = next({it}, 5)")
            self.block(indent, loop, function)
            self.add(f"{indent}{self.rng.choice(LISTS)} = list({it})[:4]")

    def _yield(self, indent: str, loop: bool, function: bool) -> None:
        rng = self.rng
        self.add(indent + rng.choice((
            f"yield {self.number()}", f"yield {self.number()}", "yield len(xs)", f"a = yield {self.number()}",
            f"yield from {rng.choice(LISTS)}[:3]", f"if {self.condition(1)}: yield {self.number()}",
        )))  # fmt: skip

    def _closure(self, indent: str, loop: bool, function: bool) -> None:
        name = f"h{self.functions}"
        self.functions += 1
        self.add(f"{indent}def {name}(start):")
        self.add(f"{indent}    total = [start]")
        self.add(f"{indent}    def inner(by=1):")
        self.add(f"{indent}        nonlocal start")
        self.add(f"{indent}        if {self.condition(1)}:")
        self.add(f"{indent}            start += by")
        self.add(f"{indent}        total.append(start)")
        self.add(f"{indent}        return start")
        self.add(f"{indent}    inner()")
        self.add(f"{indent}    inner(2)")
        self.add(f"{indent}    return total[{self.rng.choice((0, 1, -1))}]")
        self.add(f"{indent}{self.rng.choice(NUMBERS)} = {name}({self.number()})")

    def _ward(self, indent: str, loop: bool, function: bool) -> None:
        self.add(f"{indent}with Ward({self.rng.choice(('False', 'True', 'f0'))}) as v:")
        self.block(indent + "    ", loop, function)

    def _module(self, indent: str, loop: bool, function: bool) -> None:
        rng = self.rng
        self.add(indent + rng.choice((
            f"m = Block({self.small()}, {self.condition()})", f"m = nn.Sequential(*[nn.Linear({self.small()}, 3) for q in {rng.choice(LISTS)}])",
            f"m.extra = nn.Linear(2, {self.small()})", f"m.add_module({self.key()} if False else 'p', nn.Linear(1, {self.small()}))",
            "a = sum(p.numel() for p in m.parameters())", "b = len(list(m.children()))", "c = len([p for p in m.parameters() if p.requires_grad])",
            "m.requires_grad_(False)", f"o = More({self.number()})", "d = getattr(o, 'twice', 1)", f"m = nn.ModuleList([Block(2), Block({self.small()})])",
            "m.append(nn.Linear(1, 1)) if hasattr(m, 'append') else None", "t = Block(2)(torch.zeros(2, 3))",
        )))  # fmt: skip

    def _break(self, indent: str, loop: bool, function: bool) -> None:
        self.add(f"{indent}break")

    def _continue(self, indent: str, loop: bool, function: bool) -> None:
        self.add(f"{indent}continue")

    def _return(self, indent: str, loop: bool, function: bool) -> None:
        self.add(f"{indent}return {self.number()}")

    def _raise(self, indent: str, loop: bool, function: bool) -> None:
        self.add(f"{indent}raise {self.rng.choice(ERRORS)}")

    # ---- expressions

    def number(self, depth: int = 0) -> str:
        rng = self.rng
        simple = (
            str(rng.randint(0, 4)),
            rng.choice(NUMBERS),
            rng.choice(NUMBERS),
            rng.choice(COUNTS),
            "o.size",
        )
        if depth > 1 or rng.random() < 0.45:
            return rng.choice(simple)
        n = lambda: self.number(depth + 1)  # noqa: E731
        return rng.choice((
            f"{n()} + {n()}", f"{n()} - {n()}", f"({n()}) * {rng.randint(0, 3)}", f"min({n()}, {n()})", f"max({n()}, {n()})",
            f"len({rng.choice(LISTS)})", f"{rng.choice(LISTS)}[0]", f"{rng.choice(LISTS)}[-1]", f"k[{self.key()}]",
            f"k.get({self.key()}, {n()})", f"({n()} if {self.condition(depth + 1)} else {n()})", "len(k)",
            f"{rng.choice(TENSORS)}.shape[0]", f"{rng.choice(TENSORS)}.dim()", f"{rng.choice(TENSORS)}.numel()",
            f"sum({self.listing(depth + 1)})", f"({n()}) // {rng.randint(1, 3)}", f"({n()}) % {rng.randint(1, 3)}",
            f"getattr(o, 'extra', {n()})", f"int({self.condition(depth + 1)})", f"(z := {n()}) + z", f"abs({n()})",
            f"(lambda q: q + {n()})({n()})", f"int(str(abs({n()})))",
        ))  # fmt: skip

    def small(self) -> str:
        return self.rng.choice(("1", "2", "3", "(n0 + 1)", "(o.size % 3 + 1)", "(len(xs) % 3 + 1)"))

    def key(self) -> str:
        return self.rng.choice(("'x'", "'x'", "'y'", "'y'", "'z'", "a", "('x' if f0 else 'y')"))

    def listing(self, depth: int = 0) -> str:
        rng = self.rng
        xs = rng.choice(LISTS)
        return rng.choice((
            f"[{self.number(depth)}, {self.number(depth)}]", f"[q + 1 for q in {xs}]", f"[q for q in {xs} if {self.condition(depth + 1)}]",
            f"{xs}[1:]", f"{xs}[::-1]", f"sorted({xs})", f"[*{xs}, {self.number(depth)}][:5]", f"list(range({rng.choice((2, 3, 'n0'))}))",
            f"[q for q in range(3) if q != {self.number(depth + 1)}]", "list(k.values())", "[]",
        ))  # fmt: skip

    def condition(self, depth: int = 0) -> str:
        rng = self.rng
        if rng.random() < 0.5:
            return rng.choice(FLAGS)
        n = lambda: self.number(depth + 1)  # noqa: E731
        return rng.choice((
            f"not {rng.choice(FLAGS)}", f"{n()} == {n()}", f"{n()} < {n()}", f"{n()} != {n()}", f"{self.key()} in k",
            f"{rng.choice(LISTS)}", f"len({rng.choice(LISTS)}) > {rng.randint(0, 3)}", "hasattr(o, 'extra')",
            f"({rng.choice(FLAGS)} and {rng.choice(FLAGS)})", f"({rng.choice(FLAGS)} or {n()} > 1)", f"{n()} in {rng.choice(LISTS)}",
            f"{rng.choice(TENSORS)}.shape[0] == {n()}", f"{rng.choice(TENSORS)}.dim() > 1", "xs is ys", f"bool({n()})",
            "xs == ys", f"{rng.choice(TENSORS)}.shape == {rng.choice(TENSORS)}.shape", f"{n()} <= {n()} < 4",
        ))  # fmt: skip


# ---- real runs


def runs(text: str) -> Iterating[tuple[dict[str, Any], dict[str, Any] | Exception]]:
    """What Python makes of a program, for every choice of what is unknown: (choice, its names or what it raised)."""
    code = compile(text, "program.py", "exec", dont_inherit=True)
    for flags in itertools.product((False, True), repeat=len(FLAGS)):
        for counts in ((0, 1), (1, 3), (2, 0), (3, 2)):
            chosen = {**dict(zip(FLAGS, flags, strict=True)), **dict(zip(COUNTS, counts, strict=True))}
            names: dict[str, Any] = {"__name__": "__main__", **chosen}
            try:
                exec(code, names)
            except Exception as problem:
                yield chosen, problem
            else:
                yield chosen, names


def lines_of(text: str, chosen: dict[str, Any]) -> set[int]:
    """The lines that a run comes by."""
    seen: set[int] = set()

    def trace(frame: Any, event: str, argument: Any) -> Any:
        if frame.f_code.co_filename == "program.py":
            seen.add(frame.f_lineno)
            return trace
        return None

    code = compile(text, "program.py", "exec", dont_inherit=True)
    held = sys.gettrace()
    sys.settrace(trace)
    try:
        exec(code, {"__name__": "__main__", **chosen})
    finally:
        sys.settrace(held)
    return seen


def mistakes(text: str) -> list[str]:
    """What the interpreter claims of a program and some run refutes."""
    world, space, raised = read(text)
    certain = [f for f in world.facts if isinstance(f, (facts.NeedFailed, facts.Raised)) and f.certain]
    if raised is not None and not isinstance(raised, ProgramRaises):
        return [f"gave up: {raised}"]
    wrong: list[str] = []
    for chosen, end in runs(text):
        if isinstance(end, Exception):
            continue
        if raised is not None:
            return [f"said to raise {raised}; it does not with {chosen}"]
        for fact in certain:  # what is said to fail must not be passed
            if fact.site is not None and fact.site.line in lines_of(text, chosen):
                return [f"line {fact.site.line}: said to fail ({fact}); it does not with {chosen}"]
        for name in (*NUMBERS, *LISTS, *TENSORS, "k", "o", "r", "z", "v"):
            if name not in end:
                continue
            if name not in space.vars:
                wrong.append(f"{name} is not there; it is {end[name]!r} with {chosen}")
            elif not covers(space.vars[name], end[name], set()):
                wrong.append(
                    f"{name} is said to be {told(space.vars[name])}; it is {shown(end[name])} with {chosen}"
                )
        if wrong:
            break
    return wrong


def read(text: str) -> tuple[World, Namespace, Exception | None]:
    from shapelint.interp import imports
    from shapelint.lower import lower
    from shapelint.source.text import from_text

    file = from_text("program.py", text)
    world = World(load=nothing_else)
    space = Namespace("__main__", file)
    world.namespaces["__main__"] = space
    for name in FLAGS:
        space.vars[name] = Unknown(f"{name} is not known")
    for name in COUNTS:
        space.vars[name] = Unknown(f"{name} is not known", name=name)
    try:
        imports.run(world, space, lower(file))
    except (ProgramRaises, OutOfBudget) as problem:
        return world, space, problem
    return world, space, None


def covers(claim: Any, real: Any, seen: set[int]) -> bool:
    """Whether a value of the interpreter allows what really was."""
    if isinstance(claim, Unknown):
        return True
    if isinstance(claim, Either):
        return any(covers(option, real, seen) for option in claim.options)
    if isinstance(claim, Sym):
        return type(real) is int and not dims.equal(claim, real).no
    if isinstance(claim, List):
        if not isinstance(real, list):
            return False
        return claim.open is not None or all_covered(claim.items, real, seen)
    if isinstance(claim, tuple):
        return isinstance(real, tuple) and all_covered(claim, real, seen)
    if isinstance(claim, Dict):
        if not isinstance(real, dict):
            return False
        if claim.open is None and len(claim.items) != len(real):
            return False
        return all(name in real and covers(held, real[name], seen) for name, held in claim.items.items())
    if isinstance(claim, Tensor):
        if not isinstance(real, torch.Tensor):
            return False
        return not claim.known or all_covered(claim.shape, tuple(real.shape), seen)
    if isinstance(claim, Instance):
        if id(claim) in seen:
            return True
        seen.add(id(claim))
        held = dict(vars(real).items()) if hasattr(real, "__dict__") else {}
        return (
            type(real).__name__ == claim.cls.name
            and all(covers(claim.attrs[n], v, seen) for n, v in held.items() if n in claim.attrs)
            and set(held) <= set(claim.attrs)
        )
    return type(claim) is type(real) and bool(claim == real)


def all_covered(claims: Any, real: Any, seen: set[int]) -> bool:
    return len(claims) == len(real) and all(covers(c, r, seen) for c, r in zip(claims, real, strict=True))


def told(claim: Any) -> str:
    if isinstance(claim, (List, Dict)):
        return f"{'open ' if claim.open is not None else ''}{claim.items}"
    if isinstance(claim, Tensor):
        return f"tensor{claim.shape if claim.known else '?'}"
    if isinstance(claim, Instance):
        return f"{claim.cls.name}{claim.attrs}"
    return repr(claim)


def shown(real: Any) -> str:
    return (
        f"tensor{tuple(real.shape)}"
        if isinstance(real, torch.Tensor)
        else repr(getattr(real, "__dict__", real))
    )

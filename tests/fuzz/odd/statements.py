"""Statements, nested, over the names of a scope."""

from __future__ import annotations

from tests.fuzz.odd.scope import Scope

_KINDS = ("int", "list", "dict", "str", "tensor", "tensor", "module", "function", "object")


def some(scope: Scope) -> list[str]:
    return [line for _ in range(scope.rng.randint(1, 5)) for line in statement(scope, 0)]


def block(scope: Scope, depth: int, *, loop: bool = False, function: bool = False) -> list[str]:
    """The lines of an indented body."""
    lines = [line for _ in range(scope.rng.randint(1, 3)) for line in statement(scope, depth + 1)]
    if loop and scope.rng.random() < 0.3:
        lines += [
            scope.filled(scope.pick("if <any>: break", "if <int> > <int>: continue", "break", "continue"))
        ]
    if function and scope.rng.random() < 0.6:
        lines += [
            scope.filled(
                scope.pick(
                    "return <any>",
                    "return <tensor>",
                    "yield <any>",
                    "return (yield <any>)",
                    "yield from <list>",
                )
            )
        ]
    return ["    " + line for line in lines]


def statement(scope: Scope, depth: int) -> list[str]:
    if depth >= 3 or scope.rng.random() < 0.55:
        return _simple(scope)
    return _compound(scope, depth)


def _simple(scope: Scope) -> list[str]:
    if scope.rng.random() < 0.5:
        kind = scope.pick(*_KINDS)
        value = scope.of(kind)
        return [f"{scope.fresh(kind) if scope.rng.random() < 0.6 else scope.name(kind)} = {value}"]
    return [scope.filled(scope.pick(*_SIMPLE))]


_SIMPLE = (
    "<any>", "<module>(<tensor>)", "print(<any>, <any>)", "a, *b = <list>", "(a, b), n = (<int>, <int>), <int>", "a = b = <int>", "a += <int>", "x += <tensor>",
    "xs += <list>", "xs[<int>] = <any>", "xs[<int>:<int>] = <list>", "d[<any>] = <any>", "o.v = <any>", "net.extra = <module>", "net.weight = <tensor>", "del xs[<int>]",
    "xs.append(<any>)", "xs.extend(<list>)", "xs.sort()", "d.update(<dict>)", "d.pop('k', None)", "assert <any>, <str>", "assert <tensor>.shape == (<int>, <int>)",
    "x[<int>] = <tensor>", "x[:, <int>:] = <int>", "x @= <tensor>", "global a", "pass", "x: torch.Tensor = <tensor>", "xs.insert(<int>, xs)", "d['self'] = d",
    "setattr(<object>, <str>, <any>)", "net.register_buffer(<str>, <tensor>)", "Box.size = <any>", "Box.__call__ = <function>", "o.__class__ = nn.Linear", "f = <function>",
    "f.attr = <any>", "net.forward = <function>", "torch.manual_seed(<int>)", "torch.set_default_dtype(torch.float64)", "print(*<list>, sep=<str>)", "exec(<str>)", "eval(<str>)",
    "F.relu(<tensor>, inplace=True)", "net.apply(<function>)", "net.requires_grad_(False)", "opt = torch.optim.SGD(<module>.parameters(), lr=<int>)", "loss = nn.MSELoss()(<tensor>, <tensor>)",
    "<tensor>.backward()", "import os.path as nn_path, sys", "from os import *", "x.data = <tensor>", "net.add_module('m', <module>)", "del net.weight", "setattr(nn, 'Linear', nn.Conv2d)",
    "a, b, n = <list>", "[a, [b, *n]] = <list>", "for_ = [*<list>, *(<int>, <int>)]", "lst = xs[:]; lst[:] = lst[::-1]", "raise_ = <any> if <any> else <any>", "d |= <dict>", "a **= <int>",
    "x.resize_(<int>, <int>)", "x.add_(<tensor>)", "x.copy_(<tensor>)", "torch.save(<module>.state_dict(), 'f')", "net.load_state_dict(torch.load('f'))", "f = torch.no_grad()(f)",
)  # fmt: skip


def _compound(scope: Scope, depth: int) -> list[str]:
    form = scope.rng.randrange(13)
    if form == 0:
        lines = [f"if {_condition(scope)}:", *block(scope, depth)]
        if scope.rng.random() < 0.3:
            lines += [f"elif {_condition(scope)}:", *block(scope, depth)]
        return lines + (["else:", *block(scope, depth)] if scope.rng.random() < 0.5 else [])
    if form in (1, 2):
        target = scope.pick("i", "i", "(i, *j)", "xs[0]", "o.v", "a, b", "(a, (b, n))")
        over = scope.filled(
            scope.pick(
                "range(<int>)",
                "<list>",
                "<dict>.items()",
                "zip(<list>, <list>)",
                "enumerate(<list>)",
                "<tensor>",
                "<module>.children()",
                "<any>",
            )
        )
        lines = [f"for {target} in {over}:", *block(scope, depth, loop=True)]
        return lines + (["else:", *block(scope, depth)] if scope.rng.random() < 0.2 else [])
    if form == 3:
        lines = [f"while {_condition(scope)}:", *block(scope, depth, loop=True)]
        return lines + (["else:", *block(scope, depth)] if scope.rng.random() < 0.2 else [])
    if form in (4, 5):
        lines = ["try:", *block(scope, depth)]
        catching = scope.rng.random() < 0.8
        if catching:
            kinds = scope.pick(
                "Exception",
                "(ValueError, RuntimeError)",
                "KeyError",
                "BaseException",
                "StopIteration",
                "AttributeError",
            )
            lines += [f"except {kinds} as e:", *block(scope, depth)]
        if not catching or scope.rng.random() < 0.3:
            lines += ["finally:", *block(scope, depth)]
        return lines
    if form == 6:
        manager = scope.filled(
            scope.pick(
                "torch.no_grad()",
                "contextlib.suppress(Exception)",
                "contextlib.ExitStack() as st",
                "torch.autocast('cpu')",
                "open(<str>) as fh",
                "<object> as ob",
                "contextlib.nullcontext(<any>) as nu",
            )
        )
        return [f"with {manager}:", *block(scope, depth)]
    if form in (7, 8):
        return _function(scope, depth)
    if form == 9:
        return _match(scope, depth)
    if form == 10:
        base = scope.pick(
            "",
            "(Box)",
            "(dict)",
            "(nn.Module)",
            "(enum.Enum)",
            "(abc.ABC)",
            "(metaclass=type)",
            "(Exception)",
            "(typing.NamedTuple)",
            "(list)",
        )
        name = scope.fresh("object", "K")
        return [f"class {name}{base}:", *block(scope, depth), *_function_lines(scope, depth, "self")]
    if form == 11:
        return [
            scope.filled(
                f"{scope.fresh('list')} = [<any> for i in <list> if {_condition(scope)} for j in range(<size>)]"
            )
        ]
    return [
        f"if {_condition(scope)}: raise {scope.filled(scope.pick('ValueError(<any>)', 'RuntimeError', 'StopIteration(<any>)', 'SystemExit', 'e_'))}"
    ]


def _condition(scope: Scope) -> str:
    return scope.filled(scope.pick("<int> > <int>", "<tensor>.sum() > 0", "isinstance(<any>, <object>)", "<any> is None", "<any>", "not <any>", "<any> in <list>",
                                   "<int> < <int> < <int>", "hasattr(<any>, 'v')", "torch.cuda.is_available()", "len(xs) < 50 and <any>", "<any> == <any>", "torch.rand(1) > 0.5"))  # fmt: skip


_PARAMETERS = (
    "",
    "q",
    "q=<any>",
    "*q",
    "**q",
    "q, /, r=<any>",
    "q, *r, t=<any>, **u",
    "*, q=<any>",
    "q: int = 3, *r",
    "q=[], r={}",
)


def _function(scope: Scope, depth: int) -> list[str]:
    name = scope.fresh(None, "g")
    head = scope.pick(
        "",
        "",
        "",
        "@functools.wraps(f)",
        "@functools.lru_cache(None)",
        "@contextlib.contextmanager",
        "@torch.no_grad()",
        "@staticmethod",
    )
    keyword = scope.pick("def", "def", "def", "async def")
    lines = [head] if head else []
    scope.names["object"].append("q")
    lines += [f"{keyword} {name}({scope.filled(scope.pick(*_PARAMETERS))}):"]
    if scope.rng.random() < 0.3:
        lines += ["    nonlocal_ = 0", "    global a, xs"]
    lines += block(scope, depth, function=True)
    scope.names["object"].remove("q")
    scope.names["function"].append(name)
    call = scope.filled(
        scope.pick(
            f"{name}(<any>)",
            f"{name}()",
            f"list({name}(<any>))",
            f"{name}(*<list>)",
            f"{name}(**<dict>)",
            f"next({name}(<any>))",
            f"{name}({name})",
        )
    )
    return [*lines, f"{scope.fresh('object')} = {call}"] if scope.rng.random() < 0.7 else lines


def _function_lines(scope: Scope, depth: int, first: str) -> list[str]:
    name = scope.pick("__init__", "__call__", "__getattr__", "__iter__", "__len__", "__enter__", "__exit__", "__eq__", "forward", "__getitem__", "__add__", "__bool__", "__new__",
                      "__set_name__", "__init_subclass__", "__class_getitem__", "__contains__", "__hash__", "__del__", "__setattr__", "__getattribute__", "__repr__", "run")  # fmt: skip
    head = scope.pick(
        "", "", "", "    @property", "    @classmethod", "    @functools.cached_property", "    @staticmethod"
    )
    inner = [head] if head else []
    return [
        *inner,
        f"    def {name}({first}, *args, **kw):",
        *("    " + line for line in block(scope, depth, function=True)),
    ]


def _match(scope: Scope, depth: int) -> list[str]:
    lines = [f"match {scope.any()}:"]
    for _ in range(scope.rng.randint(1, 3)):
        pattern = scope.pick(
            "0",
            "[q, *rest]",
            "{'k': q, **rest}",
            "Box(v=q)",
            "int() | str()",
            "(1 | 2) as q",
            "[int(q), str()]",
            "None",
            "q if q else",
            "torch.float32",
            "(q, w)",
            "-1",
            "nn.Linear(in_features=q)",
        )
        guard = f" if {_condition(scope)}" if scope.rng.random() < 0.3 else ""
        if pattern == "q if q else":
            pattern, guard = "q", " if q"
        lines += [f"    case {pattern}{guard}:", *("    " + line for line in block(scope, depth))]
    return lines + (["    case _:", "        pass"] if scope.rng.random() < 0.5 else [])

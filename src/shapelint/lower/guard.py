"""Refuses what would crash the parsers or keep them busy for minutes, and gives deep but honest code a large stack.

What was found by experiment (libcst 1.9, CPython 3.11): libcst ends the process by a stack overflow at some 2,000 nested
brackets or 10,000 operators in a row, takes time that is quadratic in the length of a chain (4,000 subscripts in a
row: 25 s) and exponential in the depth of a `case` pattern (20: 2 s; 100: never). `ast` is safe, but quadratic in the
dots of an import and in the fields of one f-string. `ast` also refuses 200 nested brackets and 100 indentations itself.
"""

from __future__ import annotations

import ast
import re
import sys
import threading
from collections.abc import Callable
from typing import Any, TypeVar

from shapelint.source.text import SourceFile, SourceProblem

__all__ = [
    "MAX_NESTING",
    "MAX_PATTERN_NESTING",
    "refuse_before_parsing",
    "refuse_deep_tree",
    "refuse_unread_text",
    "too_deep",
    "with_room",
    "with_stack_for",
]

# Expressions and statements inside each other, and links of one chain; a call on a value is two links.
MAX_NESTING = 1_000
# The sum over all nodes of how far they are nested beyond what code usually is: some 5 microseconds each.
_USUAL_NESTING = 30
_MAX_EXCESS = 1_500_000
# libcst's time doubles with each level of a pattern; a level-20 pattern takes two seconds, and so do 2**10 level-10 ones.
MAX_PATTERN_NESTING = 16
_MAX_PATTERN_WORK = 1 << 20
_MAX_DOTS = 500
_MAX_STRINGS = 2_000
_MAX_FIELDS = 20_000
_MAX_BRACKETS = 200

_LARGE_STACK = 512 * 1024 * 1024  # reserved, not used, until it is needed
_LARGE_RECURSION = 50_000
_SAFE_NESTING = 100  # fits the half MiB that a thread may have

_DOTS = re.compile(r"\.(?:[ \t\\\r\n]*\w+[ \t\\\r\n]*\.){%d}" % _MAX_DOTS)
_FIELDS = re.compile(
    r"""(?i:\b(?:f|rf|fr))(?:"{3}(?:\\.|[^\\])*?"{3}|'{3}(?:\\.|[^\\])*?'{3}|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')""",
    re.DOTALL,
)
_TOKENS = re.compile(
    r"""
    (?P<text>\"{3}(?:\\.|[^\\])*?\"{3} | '{3}(?:\\.|[^\\])*?'{3} | "(?:\\.|[^"\\\n])*" | '(?:\\.|[^'\\\n])*')
    | (?P<comment>\#[^\r\n]*) | (?P<open>[(\[{]) | (?P<close>[)\]}]) | \\\r?\n | (?P<end>[\r\n]) | (?P<word>\w+)
    | (?P<operator>[^\w\s])
    """,
    re.VERBOSE | re.DOTALL,
)

_T = TypeVar("_T")


def too_deep(file: SourceFile, line: int | None) -> SourceProblem:
    """What is said of code that no parser here can hold."""
    return SourceProblem(
        file.path,
        f"is nested deeper than {MAX_NESTING:,} levels (a chain of operators, calls or elif counts a level a link); "
        "split it into several statements",
        line,
    )


def refuse_before_parsing(file: SourceFile) -> None:
    """Refuses by text alone what `ast` would take minutes for."""
    text = file.text
    if text.count(".") > _MAX_DOTS and (match := _DOTS.search(text)):
        raise SourceProblem(
            file.path, f"has a name of more than {_MAX_DOTS} dots; shorten it", text.count("\n", 0, match.start()) + 1
        )
    if text.count("{") > _MAX_FIELDS:
        for match in _FIELDS.finditer(text):
            if match[0].count("{") > _MAX_FIELDS:
                line = text.count("\n", 0, match.start()) + 1
                raise SourceProblem(
                    file.path, f"has an f-string of more than {_MAX_FIELDS:,} fields; split it", line
                )


def refuse_deep_tree(file: SourceFile, tree: ast.Module) -> int:
    """How deeply the tree is nested, measured level by level; refuses what libcst would not survive."""
    depth = excess = 0
    level: list[Any] = [tree]
    matches: list[ast.Match] = []
    while level:
        below: list[Any] = []
        for node in level:
            for value in node.__dict__.values():
                kind = value.__class__
                if kind is list:
                    below += value
                elif kind is not int and isinstance(value, ast.AST):
                    below.append(value)
            kind = node.__class__
            if kind is ast.BoolOp:
                # One node here, but a chain in libcst.
                count = len(node.values)
                if count > MAX_NESTING:
                    raise too_deep(file, node.lineno)
                if count > _USUAL_NESTING:
                    excess += count * count // 2
            elif kind is ast.Match:
                matches.append(node)
            elif kind in _COMPREHENSIONS and len(node.generators) > MAX_NESTING:
                raise too_deep(file, node.lineno)
        depth += 1
        if depth > _USUAL_NESTING:
            excess += len(level) * (depth - _USUAL_NESTING)
            if depth > MAX_NESTING or excess > _MAX_EXCESS:
                line = next((node.lineno for node in level if hasattr(node, "lineno")), None)
                if depth > MAX_NESTING:
                    raise too_deep(file, line)
                raise SourceProblem(
                    file.path, "nests too much too deeply to be read in reasonable time; split its longest chains", line
                )
        # Names and numbers have no children: leaving the strings and constants out halves the work.
        level = [node for node in below if node.__class__ not in _LEAVES]
    if matches:
        _refuse_deep_patterns(file, matches)
    return depth


_COMPREHENSIONS = {ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp}
_LEAVES = {str, type(None), int, ast.Load, ast.Store, ast.Del}


def _refuse_deep_patterns(file: SourceFile, matches: list[ast.Match]) -> None:
    """Patterns by their brackets, as those that only group are not in the tree."""
    work = 0
    for match in matches:
        start = match.subject.end_lineno or match.lineno
        for case in match.cases:
            line = case.pattern.lineno
            depth = deepest = 0
            for number in range(start, case.body[0].lineno + 1):
                for character in file.line(number):
                    if character in "([{":
                        depth += 1
                        deepest = max(depth, deepest)
                    elif character in ")]}":
                        depth = max(depth - 1, 0)
            start = case.body[-1].end_lineno or line
            work += 1 << min(deepest, 40)
            if deepest > MAX_PATTERN_NESTING or work > _MAX_PATTERN_WORK:
                raise SourceProblem(
                    file.path, f"has a pattern nested deeper than {MAX_PATTERN_NESTING} brackets; simplify it", line
                )


def refuse_unread_text(file: SourceFile, refused: SourceProblem) -> int:
    """The same for a file that `ast` refuses (as it is broken, or newer than this Python): a bound by its text.

    Where the bound is not safe, what `ast` said stands.
    """
    depth = deepest = indent = length = 0
    in_case = False
    elifs = excess = work = 0
    for token in _TOKENS.finditer(file.text):
        kind = token.lastgroup
        if kind == "open":
            depth += 1
            deepest = max(deepest, depth)
            if in_case:
                work += 1 << min(depth, 40)
                if work > _MAX_PATTERN_WORK:
                    raise refused
        elif kind == "close":
            depth = max(depth - 1, 0)
        elif kind == "end":
            if depth == 0:
                length = 0
                in_case = False
        elif kind == "word":
            if token[0] == "case" and length == 0:
                in_case = True
            elifs += token[0] == "elif"
        length += kind in _LINKS
        excess += depth > _USUAL_NESTING
        indent = max(indent, length)
        if deepest > _MAX_BRACKETS or length > _MAX_LINKS or elifs > MAX_NESTING or excess > _MAX_UNREAD_EXCESS:
            raise refused
    return deepest + indent + elifs


_LINKS = {"operator", "open", "word", "text"}
_MAX_LINKS = 20_000
_MAX_UNREAD_EXCESS = 20_000


def with_stack_for(nesting: int, work: Callable[[], _T]) -> _T:
    """Does the work here, or in a thread with a large stack when the nesting needs one."""
    return work() if nesting <= _SAFE_NESTING else _in_large_stack(work)


def with_room(work: Callable[[], _T]) -> _T:
    """Does the work here, and once more in a fresh large stack when this one was too full to hold it."""
    try:
        return work()
    except RecursionError:
        return _in_large_stack(work)


def _in_large_stack(work: Callable[[], _T]) -> _T:
    results: list[_T] = []
    problems: list[BaseException] = []

    def run() -> None:
        try:
            results.append(work())
        except BaseException as problem:  # carried over to the calling thread
            problems.append(problem)

    recursion, stack = sys.getrecursionlimit(), threading.stack_size()
    try:
        threading.stack_size(_LARGE_STACK)
        sys.setrecursionlimit(max(recursion, _LARGE_RECURSION))
        thread = threading.Thread(target=run, name="shapelint-deep", daemon=True)
        thread.start()
        threading.stack_size(stack)
        thread.join()
    finally:
        threading.stack_size(stack)
        sys.setrecursionlimit(recursion)
    if problems:
        raise problems[0]
    return results[0]

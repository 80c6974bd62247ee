"""Every input gives a program or a SourceProblem, soon: in a process of its own, as what is guarded against ends it."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

from shapelint.lower import lower
from shapelint.source import SourceProblem, from_text

# How each text is made of a count; evaluated in the child.
DEEP = {
    "parentheses": "'x = ' + '(' * n + '1' + ')' * n",
    "lists": "'x = ' + '[' * n + ']' * n",
    "unclosed": "'(' * n",
    "closed twice": "')' * n",
    "dicts": "'x = ' + '{1:' * n + '1' + '}' * n",
    "calls": "'x = ' + 'f(' * n + ')' * n",
    "mixed brackets": "'(f([{1:' * n + 'a' + '}]))' * n",
    "sum": "'x = ' + '1+' * n + '1'",
    "sum on lines": "'x = (' + '1+\\n' * n + '1)'",
    "power": "'x = ' + '1**' * n + '1'",
    "attributes": "'x = a' + '.b' * n",
    "spaced attributes": "'x = a' + ' . b' * n",
    "call chain": "'x = a' + '.b()' * n",
    "subscripts": "'x = a' + '[0]' * n",
    "elif": "'if a: pass\\n' + 'elif a: pass\\n' * n",
    "strings": "'x = (' + '\"a\" ' * n + ')'",
    "f-strings": "'x = (' + 'f\"{a}\" ' * n + ')'",
    "minus": "'x = ' + '-' * n + '1'",
    "not": "'x = ' + 'not ' * n + '1'",
    "lambda": "'x = ' + 'lambda: ' * n + '1'",
    "ternary": "'x = ' + '1 if a else ' * n + '1'",
    "and": "'x = ' + 'a and ' * n + '1'",
    "comparison": "'x = ' + 'a < ' * n + '1'",
    "assignment": "'x = ' * n + '1'",
    "indentation": "''.join(' ' * min(i, 2000) + 'if a:\\n' for i in range(min(n, 2000)))",
    "comprehension": "'x = [a ' + 'for b in c ' * n + ']'",
    "conditions": "'x = [a for b in c ' + 'if c ' * n + ']'",
    "arguments": "'f(' + 'a,' * n + ')'",
    "statements": "'x=1;' * n",
    "decorators": "'@a\\n' * n + 'def f(): pass'",
    "f-string fields": "'x = f\"' + '{a}' * n + '\"'",
    "f-string nesting": "'x = ' + 'f\"{' * n + '1' + '}\"' * n",
    "format nesting": "'x = f\"' + '{a:' * n + '}' * n + '\"'",
    "integer": "'x = ' + '9' * n",
    "import": "'import a' + '.a' * n",
    "relative import": "'from ' + '.' * n + ' import a'",
    "with": "'with ' + 'a, ' * n + 'b: pass'",
    "list pattern": "'match x:\\n case ' + '[' * n + ']' * n + ': pass'",
    "class pattern": "'match x:\\n case ' + 'A(' * n + ')' * n + ': pass'",
    "grouped pattern": "'match x:\\n case ' + '(' * n + 'a' + ')' * n + ': pass'",
    "patterns": "'match x:\\n' + ' case [[[[[[[[[[a]]]]]]]]]]: pass\\n' * n",
    "attribute pattern": "'match x:\\n case a' + '.a' * n + ': pass'",
    "del": "'del ' + '(' * n + 'a' + ',)' * n",
    "handlers": "'try: pass\\n' + 'except a: pass\\n' * n",
    "error inside": "'f(' * n + 'a b' + ')' * n",
    "error in a pattern": "'match x:\\n case ' + '(' * n + 'a b' + ')' * n + ': pass'",
    "error in a del": "'del ' + '(' * n + 'a b' + ',)' * n",
    "error at the end": "'x = 1\\n' * n + 'a b'",
    "many deep lines": "('x = ' + 'f(' * 150 + ')' * 150 + '\\n') * (n // 900)",
    "many chains": "('x = a' + '.b()' * 400 + '\\n') * (n // 900)",
    "NULs": "'\\0' * n",
    "blank lines": "'\\n' * n",
}

CHILD = """
import sys, time
from shapelint.lower import lower
from shapelint.source import SourceProblem, from_text
lower(from_text("warm.py", "x = 1"))
for name, code in {deep!r}.items():
    for n in {counts!r}:
        start = time.perf_counter()
        print(name, n, end=": ", flush=True)
        try:
            lower(from_text("a.py", eval(code, {{"n": n}})))
            said = "program"
        except SourceProblem as problem:
            said = str(problem)
        print(said, "in %.1f s" % (time.perf_counter() - start), flush=True)
"""


def survey(names: list[str], counts: list[int], limit: float) -> dict[tuple[str, int], str]:
    """What is said of each, all in one child."""
    code = CHILD.format(deep={name: DEEP[name] for name in names}, counts=counts)
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=limit * len(names)
    )
    answers = {}
    for line in done.stdout.splitlines():
        key, _, said = line.partition(": ")
        name, _, count = key.rpartition(" ")
        answers[name, int(count)] = said
    assert done.returncode == 0, f"{done.stdout[-300:]}\n{done.stderr[-2000:]}"
    return answers


@pytest.mark.parametrize("part", range(4))
def test_every_depth_gives_an_answer_soon(part: int) -> None:
    names = list(DEEP)[part::4]
    answers = survey(names, [150, 900, 10_000], limit=60)
    assert len(names) * 3 == len(answers)
    slow = {key: said for key, said in answers.items() if float(said.split()[-2]) > 60}
    assert slow == {}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = " + "1+" * 5_000 + "1", "nested deeper than 1,000 levels"),
        ("x = a" + ".b()" * 700, "nested deeper than"),
        ("if a: pass\n" + "elif a: pass\n" * 5_000, "nested deeper than"),
        ("x = " + "(" * 300 + ")" * 300, "too many nested parentheses"),
        ("import a" + ".b" * 800, "more than 500 dots"),
        ("x = f'" + "{a}" * 30_000 + "'", "an f-string of more than"),
        ("x = 1\ny = = 2\n", "not valid Python"),
        ("x = [" + "a, " * 260_000 + "]", "more than 250,000 expressions"),
        ("def f(:\n", "not valid Python"),
    ],
)
def test_the_refusal_says_why(text: str, said: str) -> None:
    with pytest.raises(SourceProblem) as caught:
        lower(from_text("a.py", text))
    assert said in caught.value.message
    assert caught.value.line is None or 1 <= caught.value.line <= text.count("\n") + 1


@pytest.mark.parametrize(
    "text",
    [
        "x = " + "1+" * 900 + "1",
        "x = a" + ".b()" * 400,
        "x = " + "(" * 190 + ")" * 190,
        "if a: pass\n" + "elif a: pass\n" * 900,
        "x = (" + "'a'\n" * 2_000 + ")",
        "x = [" + "1, " * 20_000 + "]",
        "x = '{' * 3\n" * 10_000,
    ],
)
def test_deep_but_honest_code_is_read(text: str) -> None:
    program = lower(from_text("a.py", text))
    assert len(program.body) >= 1


def test_the_line_of_a_syntax_error() -> None:
    with pytest.raises(SourceProblem) as caught:
        lower(from_text("a.py", "x = 1\n\ny = (\n"))
    assert caught.value.line == 3
    assert str(caught.value) == "a.py:3: is not valid Python: '(' was never closed"


def test_a_number_python_refuses_is_opaque_not_an_error() -> None:
    assert len(lower(from_text("a.py", "x = " + "9" * 5_000)).body) == 1


def test_many_large_files_do_not_slow_down_with_their_length() -> None:
    def seconds(count: int) -> float:
        file = from_text("a.py", "x = f(a.b, [1, 2], c=d[0])\n" * count)

        def once() -> float:
            start = time.process_time()
            lower(file)
            return time.process_time() - start

        return min(once() for _ in range(3))  # whatever else the machine does meanwhile

    seconds(10)
    assert seconds(2_000) < 30 * seconds(250)

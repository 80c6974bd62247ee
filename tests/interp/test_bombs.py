"""Programs that would fill the memory if they were run are read like any other."""

from __future__ import annotations

import pytest

from shapelint import facts
from shapelint.engine.analyse import analyse
from shapelint.interp import escaped
from shapelint.interp.run import evaluate_text, nothing_else
from shapelint.interp.world import FILE_STEPS, MAX_STEPS, OutOfBudget, World
from shapelint.source.text import from_text
from shapelint.values import Instance, List, Tensor, Unknown
from tests.interp.programs import read


@pytest.mark.parametrize(
    "expression",
    [
        "'a' * 10**9",
        "10 ** 10**6",
        "f'{1:>1000000000}'",
        "f'{1:>{width}}'",
        "'%1000000000d' % 3",
        "'%*d' % (width, 3)",
        "'{:>1000000000}'.format(1)",
        "'{:>{}}'.format(1, width)",
        "format(1, '>1000000000')",
        "(0,) * 10**9",
        "b'a' * 10**9",
        "str(10**400 * 10**400 * 10**400 * 10**400)",
        "str(math.prod([10**400] * 1000))",
        "round(5, -(10**9))",
        "re.sub(r'(a|aa)+$', '', 'a' * 60 + 'b')",
        "re.match('a{0,10000}' * 20 + 'b', 'a' * 200)",
        "re.match(r'(a?)*$', 'a' * 60 + 'b')",
        "torch.zeros(10**9).chunk(10**9)",
        "torch.zeros(10**9, 0).tolist()",
        "torch.nn.LSTM(3, 3, 10**9)(torch.zeros(2, 5, 3))",
    ],
)
def test_what_is_too_large_is_unknown(expression: str) -> None:
    space = evaluate_text(f"import math, re, torch\nwidth = 10**9\nx = {expression}\ny = 1\n")
    assert isinstance(space.vars["x"], Unknown)
    assert space.vars["y"] == 1


PAIRS = """
seen = {}
order = []
for p in [(i, j) for i in range(30) for j in range(30)]:
    for q in [(i, j) for i in range(30) for j in range(30)]:
        d = (abs(p[0] - q[0]), abs(p[1] - q[1]))
        if d not in seen:
            seen[d] = len(seen)
        order.append(seen[d])
behind = 7
"""


def test_the_rest_of_a_costly_loop_is_evaluated_once() -> None:
    """All pairs of 900 points: too many to turn one by one, and what follows is still evaluated."""
    found = read(PAIRS)
    assert found["behind"] == 7
    assert isinstance(found["order"], List) and found["order"].open is not None


def test_a_loop_of_few_turns_is_exact_however_costly_they_are() -> None:
    found = read(
        "made = []\nfor i in range(3):\n    for j in range(999):\n        for k in range(99):\n            i + j\n    made.append(i)\n"
    )
    assert isinstance(found["made"], List) and (found["made"].items, found["made"].open) == ([0, 1, 2], None)


@pytest.mark.parametrize("held", ["[0] * 10**9", "xs + xs", "[*xs, *xs]", "list(xs) + list(range(150_000))"])
def test_a_list_too_long_to_keep_is_open(held: str) -> None:
    made = read(f"xs = [1] * 150_000\nmade = {held}\n")["made"]
    assert isinstance(made, Unknown) or (isinstance(made, List) and made.open is not None)


def test_a_loop_that_nothing_leaves_costs_little() -> None:
    world = World(load=lambda name: f"{name} is not looked for here")
    loop = "while True:\n    x = conv(x)\n    turns.append(1)\n"
    start = "from torch import nn, zeros\nturns = []\nconv = nn.Conv2d(3, 3, 1)\nx = zeros(2, 3, 8, 8)\n"
    before = world.steps
    space = evaluate_text(start + loop, world=world)
    assert before - world.steps < 2_000
    assert len(space.vars["turns"].items) <= 10
    space = evaluate_text(start + loop + "    if len(turns) == 50: break\n")  # this one is left
    assert len(space.vars["turns"].items) == 50 and space.vars["turns"].open is None


def test_what_doubles_in_every_turn_is_given_up_soon() -> None:
    found = read(
        """
xs, ys, zs, s, k, t = [1], [1], [1], "a", 2, (1,)
for i in range(100):
    xs = xs + xs
    ys += ys
    zs.extend(zs)
    s = s + s
    k = k * k
    t = t + t
behind = 7
"""
    )
    assert found["behind"] == 7
    assert all(found[name].open is not None for name in ("xs", "ys", "zs"))
    assert (
        isinstance(found["s"], Unknown)
        and isinstance(found["k"], Unknown)
        and isinstance(found["t"], Unknown)
    )


def test_the_elements_of_a_tensor_that_doubles_are_no_longer_followed() -> None:
    found = read("import torch\nx = torch.zeros(2, 3)\nfor i in range(40):\n    x = torch.stack([x, x])\n")[
        "x"
    ]
    assert isinstance(found, Tensor) and found.rank == 42 and found.data is None


@pytest.mark.parametrize(
    ("expression", "length"),
    [("range(10**400)", "OverflowError"), ("range(10**400)[::10**399]", 10), ("range(10**18)", 10**18), ("range(5, -10**18, -1)", 10**18 + 5)],
)  # fmt: skip
def test_ranges_longer_than_a_machine_word(expression: str, length: object) -> None:
    text = f"r = {expression}\ntry:\n    n = len(r)\nexcept OverflowError as e:\n    n = type(e).__name__\nfor i in r:\n    last = i\nxs = list(r)\n"
    assert read(text)["n"] == length


@pytest.mark.parametrize(
    "program",
    [
        "def f(*a): return f(*a, *a)\nf(1)",
        "t = (1,)\nfor i in range(100):\n    t = (t, t)\nd = {t: 1}\nt == (t, 1)\nu = str(t)",
        "import copy\nt = [1]\nfor i in range(100):\n    t = [t, t]\nu = copy.deepcopy(t)\nt == u",
        "import itertools\nx = list(itertools.islice(itertools.count(), 10**12))",
        "import torch\nx = torch.nn.TransformerEncoder(torch.nn.TransformerEncoderLayer(8, 2), 10**9)",
        "class A0: pass\n" + "\n".join(f"class A{i + 1}(A{i}): pass" for i in range(800)) + "\nA800()",
        "from torch import nn\nm = nn.Linear(3, 3)\nfor i in range(40):\n    m = nn.Sequential(m, m)\nn = sum(p.numel() for p in m.parameters())",
        "n, ys = 0, ['x']\nwhile n < 100000:\n    ys = list(zip(list(enumerate(ys)), list({*ys})))\n    n += 1",
        "import torch\nfor row in torch.ones(3, *range(64)): pass",
        "import torch\nt = (1.0,)\nfor i in range(60): t = (t, t)\ntorch.tensor(t)\ntorch.ones(3).view(t)\ntorch.nn.Linear(t, 3)\ntorch.save(t, 'f')",
        "import torch\nt = [torch.ones(2)]\nfor i in range(60): t = [t, t]\ntorch.tensor(t)\ntorch.stack(t)\ntorch.nn.ReLU()(t)",
        "import torch\nt = {}\nt['t'] = t\ntorch.nn.ReLU()(t)\ntorch.add(t, 1, out=t)",
        "import torch\nx, y = torch.zeros(2, 3), torch.randn(4, 3, 8, 8)\nn = torch.zeros(3).item()\nwhile n:\n    for i in range(300):\n        y = torch.bmm(torch.bmm(y, torch.tensor([n])), y.mean(7))",
    ],
)
def test_programs_that_would_not_end(program: str) -> None:
    """Each takes well under a second: it is followed to its end, or given up with a reason."""
    analysis = analyse(from_text("stdin", f"# torch\n{program}\n"))
    assert all(row.why for row in analysis.not_analysed)


def test_a_network_of_a_number_of_calls_that_nobody_can_make() -> None:
    text = "from torch import nn\nimport torch\nm = nn.Linear(3, 3)\nfor i in range(60):\n    m = nn.Sequential(m, m)\nm(torch.zeros(2, 3))\n"
    world = World(load=lambda name: "nothing else")
    world.steps = 20_000
    with pytest.raises(OutOfBudget):
        evaluate_text(text, world=world)


@pytest.mark.parametrize(
    ("rows", "columns", "offset"), [(r, c, o) for r in range(5) for c in range(5) for o in range(-6, 7)]
)
def test_elements_of_a_triangle_are_counted(rows: int, columns: int, offset: int) -> None:
    import torch

    for name in ("tril", "triu"):
        found = read(f"import torch\nx = torch.{name}_indices({rows}, {columns}, {offset})\n")["x"]
        assert found.shape == tuple(getattr(torch, f"{name}_indices")(rows, columns, offset).shape)


def test_entries_share_the_budget_of_a_file() -> None:
    world = World(load=lambda name: "nothing else")
    given = []
    for _ in range(20):
        world.refill(400_000)
        given.append(world.steps)
        world.steps = 0
    assert given[0] == 400_000 and sum(given) <= FILE_STEPS + 20 * 2_000 and given[-1] == 2_000
    assert MAX_STEPS <= FILE_STEPS


def test_what_an_entry_leaves_is_there_for_the_next() -> None:
    world = World(load=lambda name: "nothing else")
    for _ in range(100):
        world.refill(400_000)
        world.steps -= 10
        assert world.steps == 399_990
    assert facts.GaveUp not in map(type, world.facts)


def test_a_try_around_much_that_may_raise_anywhere_is_within_the_budget() -> None:
    """The states in which its handler may begin are put together a few times only, when they are large."""
    objects = "    for i in range(990):\n        for j in range(20):\n            made.append(Cell())\n"
    lines = "u = open('x')\nmade = []\nclass Cell:\n"
    lines += "    def __init__(self):\n        self.x = 1\ntry:\n"
    quiet, odd = "    pass\n" * 30, "    u.step()\n" * 30
    spent = []
    for body in (quiet, odd):
        world = World(load=nothing_else)
        evaluate_text(lines + objects + body + "except ValueError:\n    pass\n", world=world)
        spent.append(MAX_STEPS - world.steps)
    assert spent[1] < 5 * spent[0]


def _steps(text: str) -> int:
    """What it costs to evaluate a program."""
    world = World(load=lambda name: f"{name} is not looked for here")
    before = world.steps
    evaluate_text(text, world=world)
    return before - world.steps


DEAR_TURN = "def dear():\n    for i in range(900): i\n    return 1\n"


@pytest.mark.parametrize(
    "loop",
    [
        "k = 0\nwhile k < 999:\n    k += dear()\n",
        "def g():\n    k = 0\n    while k < 10**9:\n        k += dear()\n        if k == 999: yield k\nnext(g())\n",
    ],
    ids=["statement", "generator"],
)
def test_the_rest_of_a_costly_loop_without_a_count_is_evaluated_once(loop: str) -> None:
    """A thousand turns of a thousand steps would take all there is, and what follows would not be evaluated."""
    assert _steps(DEAR_TURN + loop) < 250_000


def test_a_generator_that_turns_without_a_yield_is_followed_to_an_open_end() -> None:
    found = read(
        "def g():\n    k = 0\n    while True:\n        k += 1\n        if k == 5_000: yield k\nxs = g()\nx = next(xs)\nbehind = 7\n"
    )
    assert isinstance(found["x"], Unknown) and found["behind"] == 7
    assert (
        read(
            "def g():\n    k = 0\n    while True:\n        k += 1\n        if k == 500: yield k\nx = next(g())\n"
        )["x"]
        == 500
    )


@pytest.mark.parametrize("held", ["Kept()", "[i]", "{i: i}"])
def test_what_code_that_is_not_known_holds_is_disturbed_once(
    held: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It runs a hundred times and holds a hundred things: each becomes unknown, and then nothing more can."""
    looked: list[object] = []
    disturb = escaped._disturb
    monkeypatch.setattr(
        escaped, "_disturb", lambda world, value, *more: (looked.append(value), disturb(world, value, *more))
    )
    program = f"""
from somewhere import hold, call
class Kept:
    def __init__(self): self.seen, self.last = [], None
    def fill(self, x):
        self.seen.append(x)
        self.last = x
kept = [{held} for i in range(100)]
for k in kept: hold(k)
for i in range(100): call(i)
first = kept[0]
"""
    space = evaluate_text(program, world=World(load=lambda name: f"{name} is not looked for here"))
    first = space.vars["first"]
    if isinstance(first, Instance):
        assert isinstance(first.attrs["last"], Unknown)
        first = first.attrs["seen"]
    assert first.open is not None
    assert len(looked) < 1_000


def test_a_side_that_writes_to_much_costs_what_it_holds() -> None:
    """Its containers are copied, undone and written again, whether the side ends in a join or not."""
    sides = "from somewhere import unknown\ndef f(i):\n    if unknown(i):\n        xs[i] = 1\n        raise ValueError\nfor i in range(20): f(i)\n"
    made = [f"xs = dict.fromkeys(range({n}))\n" for n in (10, 100, 100_000)]
    small, usual, large = (_steps(text + sides) - _steps(text) for text in made)
    assert small == usual
    assert large > usual + 20 * 100_000 // 64


def test_functions_that_code_that_is_not_known_holds_cost_a_look_each() -> None:
    """What they have around them may change at any time, so that is asked whenever such code runs."""
    program = "from somewhere import unknown\ndef make(a):\n    def g(): a.append(1)\n    return g\nfor i in range({}): unknown(make([]))\nfor i in range(50): unknown(i)\n"
    assert _steps(program.format(200)) > _steps(program.format(2)) + 50 * 200


LONG = "import torch, numpy\nx = list(range(100000))\nf = [[i] for i in range(900)] * 20\nd = dict.fromkeys(x)\nu = open('x')\n"


@pytest.mark.parametrize(
    ("operation", "least"),
    [("sorted(x)", 20_000), ("sorted(f)", 18_000), ("max(x)", 20_000), ("min(f)", 18_000), ("list(x)", 6_000), ("x.index(99999)", 20_000),
     ("x.remove(99999)", 20_000), ("d.update(d)", 50_000), ("x == list(x)", 25_000), ("torch.tensor(x)", 50_000), ("torch.Size(x)", 50_000),
     ("numpy.array(x)", 12_000), ("'a b '.join(['c'] * 100000).split()", 20_000), ("y = x if u else list(x)", 50_000)],
)  # fmt: skip
def test_what_goes_through_much_costs_as_much(operation: str, least: int) -> None:
    assert _steps(f"{LONG}{operation}\n") - _steps(LONG) > least


@pytest.mark.parametrize(
    "text",
    [
        "f'{t}{t}'",
        "'%s%s' % (t, t)",
        "'%(a)s%(a)s' % {'a': t}",
        "'{0}{0}'.format(t)",
        "str([t, t])",
        "repr({1: t, 2: t})",
        "f'{[t, t]!r}'",
        "str((t, t))",
    ],
)
def test_a_text_that_becomes_too_long_is_not_kept(text: str) -> None:
    found = read(f"t = 'a' * 600_000\ny = {text}\n")
    assert isinstance(found["y"], Unknown) and "too long" in found["y"].why
    short = read(f"t = 'a'\ny = {text}\n")
    assert isinstance(short["y"], str) and eval(text, {"t": "a"}) == short["y"]


def test_what_a_tensor_may_be_is_not_asked_on_every_way_to_it() -> None:
    sides = "if torch.rand(1) > 0.5:\n    x = x.cuda()\n" * 60
    found = read(f"import torch\nx = torch.zeros(3)\n{sides}y = isinstance(x, torch.nn.Parameter)\n")
    assert found["y"] is False or isinstance(found["y"], Unknown)


@pytest.mark.parametrize(
    "expression",
    [
        "Net()(b)", "Net()([b] * 1_000)", "unheard.of(b)", "unheard.of([b] * 100_000)", "unheard.of(*b)", "isinstance(1, b)", "sum(b, [])",
        "sorted(map(tuple, b))", "set(map(tuple, b))", "set((tuple(a),) * 100_000)", "sorted((tuple(a),) * 100_000)",
        "torch.save(b, 'x')", "nn.ParameterList(b)",
        "collections.Counter((tuple(a),) * 100_000)",
    ],
)  # fmt: skip
def test_what_holds_the_same_list_many_times_is_gone_through_once_or_paid_for(expression: str) -> None:
    text = "import collections, torch, unheard\nfrom torch import nn\nclass Net(nn.Module):\n    def forward(self, x):\n        return 1\n"
    analyse(from_text("net.py", f"{text}a = [0] * 100_000\nb = [a] * 100_000\ny = {expression}\n"))


@pytest.mark.parametrize(
    "expression",
    [
        "[1].insert(H, 2)", "[1, 2].pop(H)", "collections.deque([1, 2]).rotate(H)", "list(itertools.repeat(1, H))",
        "random.sample([1], H)", "random.randrange(H)", "list(itertools.combinations([1, 2], H))",
        "list(itertools.permutations([1, 2], H))", "list(itertools.combinations_with_replacement([1, 2], H))",
        "itertools.tee([1], H)", "range(H).index(3)", "range(H).count(2.5)", "'%d' % H", "torch.combinations(torch.ones(3), H)",
        "__import__('textwrap').wrap('a b', H)", "__import__('textwrap').indent('a\\n' * 9000, 'b' * 9000)",
    ],
)  # fmt: skip
@pytest.mark.parametrize("number", ["10**30", "-(10**30)", "2**63", "10**9", "float('nan')", "float('inf')"])
def test_numbers_larger_than_the_host_takes(expression: str, number: str) -> None:
    lines = (
        f"H = {number}\ntry:\n    x = {expression}\nexcept Exception as problem:\n    print(problem)\ny = 1\n"
    )
    space = evaluate_text(f"import collections, itertools, random, torch\n{lines}")
    assert space.vars["y"] == 1


@pytest.mark.parametrize("build", ["t = (t, t)", "t = {'a': t, 'b': t}", "t = [t, t]"])
def test_an_option_that_holds_the_same_many_times_over(build: str) -> None:
    text = f"import torch\nt = ()\nfor i in range(60): {build}\nx = torch.div(torch.ones(2), torch.ones(2), rounding_mode=t)\n"
    assert isinstance(read(text)["x"], Unknown)


def test_a_call_of_a_hundred_thousand_arguments() -> None:
    held = read("import torch\ntry: x = torch.ones(*[(1, 2)] * 100_000)\nexcept TypeError: x = 3\n")
    assert held["x"] == 3


def test_shapes_of_hundreds_of_axes_are_put_into_words_only_where_they_differ() -> None:
    from shapelint.shapes import broadcast

    spelled = 0
    before = broadcast._text

    def counted(shape: object) -> str:
        nonlocal spelled
        spelled += 1
        return before(shape)  # type: ignore[arg-type]

    broadcast._text = counted  # type: ignore[assignment]
    try:
        program = "import torch\nx = torch.ones(*[2] * 300)\ny = torch.ones(7, *[2] * 299, 2)\nz = x + y[:, ...] + 1\n"
        held = read(program)
    finally:
        broadcast._text = before
    assert len(held["z"].shape) == 301 and spelled == 0


def test_a_tensor_that_indexes_itself_again_and_again() -> None:
    held = read("import torch\ny = torch.zeros(2, 3, 4, 5).long()\nfor i in range(60): y = y[y]\nz = 1\n")
    assert held["z"] == 1 and not getattr(held["y"], "known", False)

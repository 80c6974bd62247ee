"""A loop over what is made of lists that may be empty may have no turn; one over data is taken to have one."""

from __future__ import annotations

from typing import Any

import pytest

from tests.interp.programs import read

OF_ONE = {
    "list": "{}", "enumerate": "enumerate({})", "zip": "zip({}, [1, 2])", "zip first": "zip([1, 2], {})", "map": "map(str, {})",
    "reversed": "reversed(list({}))", "iter": "iter({})", "sorted": "sorted({}, key=str)", "comprehension": "[v for v in {}]",
    "generator": "(v for v in {})", "chain": "itertools.chain({}, [])", "from_iterable": "itertools.chain.from_iterable([{}])",
    "cycle": "itertools.islice(itertools.cycle({}), 3)", "islice": "itertools.islice({}, 2)", "product": "itertools.product({}, [1])",
    "zip_longest": "itertools.zip_longest({}, [])", "batched": "itertools.batched({}, 2)", "accumulate": "itertools.accumulate({})",
    "starmap": "itertools.starmap(lambda *a: a, zip({}))", "groupby": "itertools.groupby({})", "nested": "zip(enumerate({}), [1, 2])",
    "tee": "itertools.tee({})[0]",
}  # fmt: skip
# Of which none may be left however many there are.
LESS = {
    "filter": "filter(None, {})", "filter lambda": "filter(lambda v: v == other, {})", "pairwise": "itertools.pairwise({})",
    "compress": "itertools.compress({}, [other, other])", "takewhile": "itertools.takewhile(lambda v: other, {})",
    "dropwhile": "itertools.dropwhile(lambda v: other, {})", "filterfalse": "itertools.filterfalse(lambda v: other, {})",
    "islice behind": "itertools.islice({}, 1, None)", "islice unknown": "itertools.islice({}, other)",
    "combinations": "itertools.combinations({}, 2)", "slice": "list({})[1:]", "kept": "[v for v in {} if other]",
}  # fmt: skip
DATA = "somewhere.load(1)"


def _after(source: str, before: str = "names = []") -> Any:
    """What a name is behind a loop that assigns it 1, where it was 0."""
    body = f"    {before}\n    if other:\n        names += [3, 4]\n    elif one_more:\n        names += [3, 4, 5]\n"
    return read(
        f"import itertools, somewhere\ndef f(other, one_more):\n{body}    seen = 0\n    for _ in {source}:\n        seen = 1\n"
        "    return seen\nfound = f(somewhere.one, somewhere.another)"
    )["found"]


@pytest.mark.parametrize("source", {**OF_ONE, **LESS}.values(), ids={**OF_ONE, **LESS}.keys())
def test_there_may_be_no_turn(source: str) -> None:
    assert _after(source.format("names")) != 1


@pytest.mark.parametrize("source", LESS.values(), ids=LESS.keys())
def test_of_data_none_may_be_left(source: str) -> None:
    assert _after(source.format(DATA)) != 1


_OPEN = {"reversed", "sorted", "comprehension", "generator", "tee"}  # lists, or generators, of their own


@pytest.mark.parametrize("name", sorted(set(OF_ONE) - _OPEN))
def test_data_are_taken_to_be_there(name: str) -> None:
    assert _after(OF_ONE[name].format(DATA)) == 1


@pytest.mark.parametrize("source", ["zip([1], range(2))", "itertools.chain(names, [1])", "itertools.chain([1], names)",
                                    "itertools.zip_longest(names, [1])", "itertools.accumulate(names, initial=0)",
                                    "itertools.chain(*[[1], names])"])  # fmt: skip
def test_what_is_certainly_there_is_a_turn(source: str) -> None:
    assert _after(source) == 1

"""The summary's table: everything in it, nothing cut, at any width, with and without colour."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from shapelint.render.json import summaries as as_json
from shapelint.render.sources import Sources
from shapelint.render.style import PLAIN, Style
from shapelint.render.summary import summaries
from shapelint.report import Count, ModelSummary, UnknownItem
from tests.render.reports import FORMULA, MODEL, NET, VIEW


def table(model: ModelSummary, depth: int | None = None, columns: int = 400, colour: bool = False) -> str:
    return "".join(summaries([model], depth, Style(colour), columns, Sources({"net.py": NET})))


def test_the_table_says_everything() -> None:
    text = table(MODEL)
    for expected in (
        "net.py:Net()",
        "net.py:8",
        "[B, 3, 224, 224] float32  (from a call in the code; images of 32 to 35 pixels fit)",
        "[49*B, 10] float32",
        "conv1 (Conv2d)",
        "21,676,032",
        "block (Block) x3",
        "  block.0 (Conv2d)",
        "4,640 frozen",
        "✗ fc1 (Linear)",
        "takes 2048",
        "fc2 (Linear)",
        "not called",
        "d_in*h + h",
        "136,970 (all trainable)",
        "85,932,672  (171,865,344 FLOPs)",
        "inputs 588.0 KiB, parameters and buffers 535.0 KiB, layer outputs 8.6 MiB",
        "not known: params, because load_cfg() is not source that can be read (net.py:4)",
    ):
        assert expected in text, expected
    assert all(line == line.rstrip() for line in text.splitlines())


def test_a_formula_stands_where_a_number_cannot() -> None:
    text = table(FORMULA)
    assert re.search(r"parameters +d_in\*h \+ h\n", text)
    assert re.search(r"MACs +d_in\*h\*B\n", text)
    assert re.search(r"output +nothing\n", text)
    assert "no: only what could be followed is counted" in text


def test_trainable_is_said_when_it_is_less() -> None:
    text = table(replace(MODEL, params=Count(100, 40)))
    assert re.search(r"parameters +100\n", text) and re.search(r"trainable +40\n", text)


@pytest.mark.parametrize("columns", [1, 20, 30, 40, 60, 80, 120])
def test_no_number_is_ever_cut_or_broken(columns: int) -> None:
    text = table(MODEL, columns=columns)
    numbers = re.findall(r"\d{1,3}(?:,\d{3})+", text.split("parameters")[0])
    assert set(numbers) == {"21,676,032", "4,640", "131,136"}


@pytest.mark.parametrize("columns", [60, 80, 120])
def test_it_fits_the_terminal(columns: int) -> None:
    assert max(len(line) for line in table(MODEL, columns=columns).splitlines()) <= columns


def test_depth() -> None:
    text = table(MODEL, depth=1)
    assert "block.0" not in text and "1 more below depth 1" in text
    assert "more below" not in table(MODEL, depth=2)


def test_colour_changes_nothing_but_colour() -> None:
    painted = table(MODEL, columns=80, colour=True)
    plain = "\n".join(line.rstrip() for line in re.sub("\x1b\\[[0-9;]*m", "", painted).splitlines())
    assert plain == table(MODEL, columns=80).rstrip("\n")
    assert "\x1b[" in painted


def test_problems_are_shown_under_the_table() -> None:
    text = table(replace(MODEL, problems=(VIEW,)))
    assert "net.py:28:13: SHP201 view" in text and "^^^^" in text


def test_markup_emoji_and_control_characters_mean_nothing() -> None:
    rows = (replace(MODEL.layers[0], name="[bold]x[/] :smile: \x1b[31m"),)
    text = table(replace(MODEL, layers=rows, target="[red]t\x07"))
    assert "[bold]x[/] :smile: \ufffd[31m" in text and "[red]t\ufffd" in text


def test_many_unknowns_are_counted() -> None:
    items = tuple(UnknownItem(f"u{n}", "of it", None, None) for n in range(50))
    text = table(replace(MODEL, unknown=items))
    assert text.count("not known: ") == 20 and "and 30 more" in text


def test_several_models_are_set_apart() -> None:
    assert "\n\na.py:Net" in "".join(summaries([MODEL, FORMULA], None, PLAIN))


def test_json_is_the_contract() -> None:
    document = json.loads("".join(as_json([MODEL, FORMULA])))
    assert document == {"version": 1, "models": json.loads(json.dumps([MODEL.to_json(), FORMULA.to_json()]))}
    assert json.loads("".join(as_json([], [("t", "no")])))["failures"] == [{"target": "t", "message": "no"}]

"""Suppressions and inputs in comments."""

from __future__ import annotations

import pytest

from shapelint.source import Comments, from_text


def comments(text: str) -> Comments:
    return Comments(from_text("a.py", text))


def silenced(
    text: str, line: int = 1, end: int | None = None, code: str = "SHP201", rule: str = "folds"
) -> bool:
    return comments(text).suppressed(line, end or line, code, rule)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("f()  # noqa", True),
        ("f()  # NoQA", True),
        ("f()  # noqa: SHP201", True),
        ("f()  # noqa:SHP201", True),
        ("f()  # noqa: E501,SHP2", True),
        ("f()  # noqa: E501, SHP1 SHP201 because", True),
        ("f()  # noqa: shp201", True),
        ("f()  # noqa: SHP1", False),
        ("f()  # noqa: E501", False),
        ("f()  # a word # noqa", True),
        ("f('# noqa')", False),
        ("f()", False),
        ("f()\n# noqa", False),
        ("f()  # shapelint: ignore", True),
        ("f()  # shapelint: ignore[folds]", True),
        ("f()  # shapelint: ignore[other, folds]", True),
        ("f()  # shapelint: ignore[SHP201]", True),
        ("f()  # shapelint:ignore[other]", False),
        ("f()  # shapelint: ignored", False),
        ("f()  # shapelint: ignore-all", False),
        ("f()  # type: ignore", False),
    ],
)
def test_a_comment_on_the_line(text: str, expected: bool) -> None:
    assert expected == silenced(text)


def test_noqa_counts_on_the_logical_line_as_in_flake8() -> None:
    text = "x = f(\n    1,\n    2,  # noqa: SHP201\n)\ny = 1\n"
    assert [silenced(text, line) for line in range(1, 6)] == [True, True, True, True, False]


def test_ignore_counts_on_its_own_lines_and_at_both_ends() -> None:
    text = "x = f(\n    1,\n    2,  # shapelint: ignore[folds]\n)\ny = 1\n"
    assert [silenced(text, line) for line in range(1, 6)] == [False, False, True, False, False]
    assert silenced(text, 1, 4)
    assert silenced("x = f(\n    1,\n    2,\n)  # shapelint: ignore[folds]\n", 2)


def test_ignore_alone_counts_for_the_line_below() -> None:
    text = "# shapelint: ignore[folds]\n# and why\nx = f(\n    1,\n)\ny = 1\n"
    assert silenced(text, 3)
    assert silenced(text, 4)
    assert not silenced(text, 6)
    assert not silenced("# shapelint: ignore[folds]\n\nx = 1\n", 3)


def test_a_report_on_a_whole_class_is_not_silenced_from_inside() -> None:
    assert not silenced("class A:\n    x = 1  # noqa\n    y = 1  # shapelint: ignore\n", 1, 3)


def test_flake8_noqa_counts_for_the_file() -> None:
    assert silenced("f()\n# flake8: noqa\n")
    assert silenced("f()\n# flake8: noqa: SHP2\n")
    assert not silenced("f()\n# flake8: noqa: E501\n")
    assert not silenced("f()  # see flake8: noqa\n")


def test_inputs() -> None:
    text = "class Net:  # shapelint: input B,3,224,224\n    # shapelint: input 2,128:int64\n"
    text += "    x = '# shapelint: input 1'\n"
    assert comments(text).inputs == ((1, "B,3,224,224"), (2, "2,128:int64"))
    assert comments("# shapelint: input\n").inputs == ()


def test_all_comments_by_line() -> None:
    assert comments("x  # a\n'# no'\n  # [B, 2]\r\n").by_line == {1: "# a", 3: "# [B, 2]"}


@pytest.mark.parametrize(
    "text",
    [
        "x = (  # a\n'''  # b\n",
        "if x:\n   y  # a\n  z  # b\n",
        "x = 'abc  # a\ny = 1  # noqa\n",
        "$ ? `  # a\n",
        ")]}  # a\n" * 300,
        "\x0c\x0b# a\r# b",
        "def f(:\n  # a",
    ],
)
def test_a_broken_file_still_answers(text: str) -> None:
    found = comments(text)
    assert all(comment.startswith("#") for comment in found.by_line.values())
    found.suppressed(1, 2, "SHP101", "rule")
    assert found.inputs == ()


def test_what_follows_a_breakage_is_read_line_by_line() -> None:
    text = "def f(:\n    x = ')'  # one\n  ?  # two\n'#' '''\n# shapelint: input 1,2\n"
    assert comments(text).by_line[2] == "# one"
    assert silenced("x = '\ny = 1  # noqa\n", 2)

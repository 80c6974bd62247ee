"""Reading a file: encodings, line ends, snippets, and what is said of what cannot be read."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest

from shapelint.source import MAX_BYTES, MAX_LINES, SourceProblem, from_bytes, from_text, read


def problem_of(data: bytes) -> SourceProblem:
    with pytest.raises(SourceProblem) as caught:
        from_bytes("a.py", data)
    return caught.value


@pytest.mark.parametrize(
    ("data", "text", "encoding"),
    [
        (b"x = 1\n", "x = 1\n", "utf-8"),
        (b"", "", "utf-8"),
        ("é = '𝔸'\n".encode(), "é = '𝔸'\n", "utf-8"),
        (codecs.BOM_UTF8 + b"x\n", "x\n", "utf-8-sig"),
        (b"# -*- coding: latin-1 -*-\n\xe9\n", "# -*- coding: latin-1 -*-\né\n", "iso-8859-1"),
        (b"#!/usr/bin/python\n# vim: set fileencoding=cp1252 :\n\x80\n", None, "cp1252"),
        (b"a\r\nb\rc", "a\r\nb\rc", "utf-8"),
    ],
)
def test_bytes_are_decoded_as_python_does(data: bytes, text: str | None, encoding: str) -> None:
    file = from_bytes("a.py", data)
    assert encoding == file.encoding
    assert text is None or text == file.text


def test_lines_end_where_pythons_do() -> None:
    assert from_text("a.py", "a\r\nb\rc\x0c d\u2028e\n").lines == ["a", "b", "c\x0c d\u2028e", ""]
    assert from_text("a.py", "").lines == [""]


def test_a_line_that_is_not_there_is_empty() -> None:
    file = from_text("a.py", "one\ntwo")
    assert [file.line(number) for number in range(4)] == ["", "one", "two", ""]


def test_snippets_count_code_points() -> None:
    file = from_text("a.py", "é𝔸 = f(1,\n   2)\nend")
    assert file.snippet((1, 2, 1, 5)) == "𝔸 ="
    assert file.snippet((1, 6, 2, 6)) == "f(1,\n   2)"
    assert file.snippet((2, 4, 3, 4)) == "2)\nend"


def test_ascii_is_known() -> None:
    assert from_text("a.py", "x").is_ascii
    assert not from_text("a.py", "é").is_ascii


def test_a_bom_in_an_unsaved_buffer_is_no_text() -> None:
    assert from_text("a.py", "\ufeffx").text == "x"


@pytest.mark.parametrize(
    ("data", "line", "said"),
    [
        (b"x = 1\n\xff\n", 2, "byte 0xff at offset 6"),
        (codecs.BOM_UTF8 + b"ab\n\xe9\n", 2, "byte 0xe9 at offset 6"),
        (b"#\n" * 3 + b"'\xe9'\n", 4, "byte 0xe9 at offset 7"),
        (b"\x7fELF\x00\x01", 1, "binary"),
        ("x = 1".encode("utf-16"), 1, "UTF-16"),
        (b"# coding: no-such-thing\n", 1, "unknown encoding"),
        (b"# coding: rot13\n", 1, "rot13"),
        (b"# coding: ascii\n\n\xe9\n", 3, "not ascii"),
        (b"x\n" * (MAX_LINES + 1), None, "lines"),
        (b"#" * (MAX_BYTES + 1), None, "too large"),
    ],
)
def test_what_cannot_be_source_is_refused_with_its_place(data: bytes, line: int | None, said: str) -> None:
    problem = problem_of(data)
    assert said in problem.message
    assert line == problem.line
    assert str(problem).startswith("a.py")


def test_the_offset_of_a_bad_byte_is_the_files() -> None:
    data = codecs.BOM_UTF8 + b"# a\n# b\n'\xff'"
    assert f"offset {data.index(0xFF)}" in problem_of(data).message


def test_files_that_are_not_there(tmp_path: Path) -> None:
    for path, said in [(tmp_path / "none.py", "no such file"), (tmp_path, "is a directory")]:
        with pytest.raises(SourceProblem) as caught:
            read(str(path))
        assert said in caught.value.message
        assert str(path) == caught.value.path


def test_names_that_no_file_can_have() -> None:
    with pytest.raises(SourceProblem):
        read("a\0.py")
    with pytest.raises(SourceProblem):
        read("a" * 5000)


def test_a_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "é.py"
    path.write_bytes(b"x = 1\r\n")
    assert read(str(path)).text == "x = 1\r\n"


def test_a_large_file_is_not_read_at_all(tmp_path: Path) -> None:
    path = tmp_path / "large.py"
    path.write_bytes(b"#" * (MAX_BYTES + 10))
    with pytest.raises(SourceProblem, match="too large"):
        read(str(path))


def test_a_lone_surrogate_is_refused() -> None:
    with pytest.raises(SourceProblem) as caught:
        from_text("a.py", "x\n'\ud800'")
    assert caught.value.line == 2

"""Mutations of a file's bytes: its encoding, its marks, its line ends, and single bytes."""

from __future__ import annotations

import codecs
from random import Random


def flip(data: bytes, rng: Random) -> bytes:
    held = bytearray(data)
    for _ in range(rng.choice((1, 1, 5))):
        if held:
            held[rng.randrange(len(held))] = rng.choice((rng.randrange(256), 0, 9, 12, 13, 0x5C, 0xA0, 0xFF))
    return bytes(held)


def mark(data: bytes, rng: Random) -> bytes:
    return (
        rng.choice((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF8 * 2, b"\x00", b"\xef\xbb")) + data
    )


def cookie(data: bytes, rng: Random) -> bytes:
    names = (b"latin-1", b"utf-8", b"utf-16", b"utf-7", b"shift_jis", b"cp1252", b"ascii", b"rot13", b"idna", b"punycode",
             b"unicode_escape", b"hex", b"zlib", b"nonsense", b"utf-8-sig", b"euc-kr", b"undefined", b"koi8-r", b"cp037")  # fmt: skip
    return b"# -*- coding: " + rng.choice(names) + b" -*-\n" + data


def ends(data: bytes, rng: Random) -> bytes:
    end = rng.choice((b"\r\n", b"\r", b"\n\r", b"\n\n", b"\x0c\n", b"\\\n", b"\xe2\x80\xa8", b"\x0b"))
    if rng.random() < 0.6:
        return data.replace(b"\n", end)
    lines = data.split(b"\n")
    return b"".join(line + rng.choice((end, b"\n", b"\n")) for line in lines)


def recode(data: bytes, rng: Random) -> bytes:
    name = rng.choice(("utf-16", "utf-16-le", "utf-32", "utf-7", "cp1252", "cp037"))
    try:
        return data.decode("utf-8").encode(name, "ignore")
    except UnicodeDecodeError:
        return data


def cut(data: bytes, rng: Random) -> bytes:
    return data[: rng.randrange(len(data) + 1)]


def far(data: bytes, rng: Random) -> bytes:
    """Characters beyond the basic plane, combining marks and other scripts in names, strings and comments."""
    words = ("naïve", "μ", "𝔛", "é", "ﬁ", "变量", "Ａ", "\U0001f600", "\u200b", "\u202e", "ª", "ǅ", "\u0301")
    lines = data.split(b"\n")
    at = rng.randrange(len(lines))
    word = rng.choice(words).encode()
    lines[at] += rng.choice((b"  # " + word, b"; " + word + b" = 1", b"; '" + word + b"'", word))
    return b"\n".join(lines)


MUTATIONS = (flip, mark, cookie, ends, recode, cut, far, far)

"""Mutations of a text's lines: deleted, doubled, swapped, moved, indented otherwise, cut off."""

from __future__ import annotations

from random import Random


def delete(text: str, rng: Random) -> str:
    lines = text.splitlines(keepends=True)
    at = rng.randrange(len(lines) or 1)
    del lines[at : at + rng.choice((1, 1, 1, 2, 5))]
    return "".join(lines)


def double(text: str, rng: Random) -> str:
    lines = text.splitlines(keepends=True)
    at = rng.randrange(len(lines) or 1)
    lines[at:at] = lines[at : at + rng.choice((1, 1, 2, 4))] * rng.choice((1, 1, 1, 30))
    return "".join(lines)


def swap(text: str, rng: Random) -> str:
    lines = text.splitlines(keepends=True)
    if len(lines) < 2:
        return text
    i, j = rng.randrange(len(lines)), rng.randrange(len(lines))
    if rng.random() < 0.7:
        j = min(i + 1, len(lines) - 1)
    lines[i], lines[j] = lines[j], lines[i]
    return "".join(lines)


def indent(text: str, rng: Random) -> str:
    lines = text.splitlines(keepends=True)
    if not lines:
        return text
    at = rng.randrange(len(lines))
    much = rng.choice(("    ", "  ", "\t", "\f", " "))
    for i in range(at, min(at + rng.choice((1, 1, 3, 10)), len(lines))):
        lines[i] = much + lines[i] if rng.random() < 0.5 else lines[i].removeprefix(much)
    return "".join(lines)


def cut(text: str, rng: Random) -> str:
    return text[: rng.randrange(len(text) + 1)] if rng.random() < 0.3 else text


def behead(text: str, rng: Random) -> str:
    lines = text.splitlines(keepends=True)
    return "".join(lines[rng.randrange(min(len(lines), 12) or 1) :])


MUTATIONS = (delete, double, swap, indent, cut, behead)

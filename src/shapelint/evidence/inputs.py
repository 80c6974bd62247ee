"""Inputs as a person writes them: `1,3,224,224`, `B,3,H,W`, `2,128:int64`, `input_ids=2,128:int64`."""

from __future__ import annotations

import re

from shapelint import dims
from shapelint.dims import Dim
from shapelint.values import Tensor
from shapelint.values.torch_types import _BYTES, ALIASES


class InputProblem(Exception):
    """An input that cannot be read; the message says what is wrong with it and what is expected."""


def parse(texts: tuple[str, ...] | list[str]) -> tuple[tuple[Tensor, ...], dict[str, Tensor]]:
    """Positional and keyword inputs. A name means the same symbolic size wherever it stands."""
    names: dict[str, Dim] = {}
    positional: list[Tensor] = []
    keywords: dict[str, Tensor] = {}
    for text in texts:
        keyword, body = _keyword(text)
        tensor = one(body, names, text)
        if keyword is None:
            positional.append(tensor)
        else:
            keywords[keyword] = tensor
    return tuple(positional), keywords


def _keyword(text: str) -> tuple[str | None, str]:
    match = re.fullmatch(r"\s*([A-Za-z_]\w*)\s*=(.*)", text, re.DOTALL)
    return (match.group(1), match.group(2)) if match else (None, text)


def one(text: str, names: dict[str, Dim], whole: str = "") -> Tensor:
    """A tensor from `sizes[:dtype]`."""
    sizes, colon, dtype = text.partition(":")
    dtype = dtype.strip().removeprefix("torch.") if colon else "float32"
    dtype = ALIASES.get(dtype, dtype)
    if dtype not in _BYTES:
        raise InputProblem(f"input {whole or text!r}: {dtype!r} is no dtype (float32, int64, bool, …)")
    shape: list[Dim] = []
    for part in sizes.split(",") if sizes.strip() not in ("", "()") else ():
        word = part.strip().strip("()[]")
        if re.fullmatch(r"\d+", word):
            shape.append(int(word))
        elif word.isidentifier():
            if word not in names:
                names[word] = dims.symbol(word)
            shape.append(names[word])
        elif word:
            raise InputProblem(
                f"input {whole or text!r}: {word!r} is neither a size nor a name (like 1,3,224,224 or B,3,H,W)"
            )
    return Tensor(tuple(shape), dtype)

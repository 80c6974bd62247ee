"""Configurations that are given as texts are read as their libraries read them, or not at all."""

from __future__ import annotations

import random
from typing import Any

import pytest

from shapelint.interp.library.yaml import _Strange, parse
from shapelint.values import Unknown
from tests.interp.programs import check, read

yaml = pytest.importorskip("yaml")

PROGRAM = '''
import json, yaml
a = json.loads('{"in": 784, "layers": [10, 20]}')["layers"]
b = yaml.safe_load("""
model:
  width: 32        # of a layer
  sizes: [1, 2, 3]
  deep:
  - 4
  - kind: conv
    bias: no
lr: 1e-3
eps: 1.0e-3
name: net
none:
""")
c = b["model"]["deep"][1]["bias"]
'''
_WORDS = '1 -2 007 1_0 1.5 1e-3 1.0e-3 .5 1. true no Off yEs null ~ net a/b.py \'x y\' "q" [1,2] {"a":1} x:y *a &b 0x1F 1:30 - | 3,4 +5 2024-01-02'.split(
    " "
)


def test_known_texts_are_read() -> None:
    check(PROGRAM)


def text_of(rng: random.Random, indent: int = 0) -> str:
    pad = " " * indent
    lines = []
    items = rng.random() < 0.4
    for key in rng.sample("abcdef", rng.randint(1, 3)):
        head = "- " if items else f"{key}: "
        if rng.random() < 0.3 and indent < 6:
            lines.append(f"{pad}{head.strip()}\n{text_of(rng, indent + rng.choice((1, 2, 4)))}")
        else:
            comment = rng.choice(("", "", "", " # said", "#no"))
            lines.append(f"{pad}{head}{rng.choice(_WORDS)}{comment}\n")
    return "".join(lines)


def test_yaml_is_read_as_yaml_or_not_at_all() -> None:
    known = 0
    for seed in range(600):
        text = text_of(random.Random(seed))
        try:
            ours: Any = parse(text)
        except (_Strange, ValueError):
            continue
        known += 1
        assert (repr(yaml.safe_load(text)), text) == (repr(ours), text)
    assert known > 100


def test_what_a_data_set_holds_is_unknown_with_its_reason() -> None:
    found = read(
        "from datasets import load_dataset\nfrom torch.utils.data import DataLoader\n"
        "data = load_dataset('imdb')['train'].with_format('torch')\n"
        "batch = next(iter(DataLoader(data, batch_size=8)))\n"
    )
    assert isinstance(found["batch"], Unknown)
    assert "what the data set of datasets.load_dataset holds" in found["batch"].why

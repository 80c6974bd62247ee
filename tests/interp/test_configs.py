"""Configurations that are given as texts are read as their libraries read them, or not at all."""

from __future__ import annotations

import pytest

from shapelint.interp.host.host_calls import host
from shapelint.interp.library.yaml import parse
from shapelint.interp.world import World
from shapelint.values import Undetermined, Unknown
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


def test_known_texts_are_read() -> None:
    check(PROGRAM)


@pytest.mark.parametrize(
    "text",
    [
        "a: &one [1, 2]\nb: *one\n",
        "base: &base {width: 4, on: yes}\nnet:\n  <<: *base\n  kind: Conv\n",
        "- [-1, 1, Conv, [64, 3, 2]]\n- [[-1, 6], 1, nn.Upsample, [None, 2, 'nearest']]\n",
        "text: |\n  one\n  two\nn: 0x1F\nt: 1:30\nf: 1e-3\ng: 1.0e-3\n",
        "---\n- ~\n- .inf\n...\n",
    ],
)
def test_a_yaml_text_is_what_the_library_says(text: str) -> None:
    found = read(
        f"import yaml\na = yaml.safe_load({text!r})\nb = yaml.load({text!r}, Loader=yaml.FullLoader)\n"
    )
    for name in "ab":
        assert host(World(load=lambda name: ""), found[name]) == yaml.safe_load(text)


_MANY = "a0: &a0 [1, 1]\n" + "".join(f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]\n" for i in range(1, 40))


@pytest.mark.parametrize(
    "text",
    [
        "a: 2024-01-02\n",
        "a: !!python/object:os.system {}\n",
        "a: &a [*a]\n",
        "a: [1\n",
        "? [1]\n: 2\n",
        "a: 1\n---\nb: 2\n",
        "[" * 5_000,
        _MANY,
    ],
)
def test_what_is_no_configuration_is_not_known(text: str) -> None:
    with pytest.raises(Undetermined):
        parse(text)
    found = read(f"import yaml\na = yaml.safe_load({text!r})\n")
    assert isinstance(found["a"], Unknown)


def test_loaders_that_read_it_otherwise_are_not_followed() -> None:
    program = """
import yaml
class Mine(yaml.SafeLoader):
    pass
a = yaml.load("x: 1", Loader=Mine)
b = yaml.load("x: 1", Loader=yaml.BaseLoader)
"""
    found = read(program)
    assert isinstance(found["a"], Unknown) and isinstance(found["b"], Unknown)


def test_what_a_data_set_holds_is_unknown_with_its_reason() -> None:
    found = read(
        "from datasets import load_dataset\nfrom torch.utils.data import DataLoader\n"
        "data = load_dataset('imdb')['train'].with_format('torch')\n"
        "batch = next(iter(DataLoader(data, batch_size=8)))\n"
    )
    assert isinstance(found["batch"], Unknown)
    assert "what the data set of datasets.load_dataset holds" in found["batch"].why

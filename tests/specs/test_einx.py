"""einx beside the real package, 0.4.3, where it is installed: shapes and dtypes, and what it refuses."""

from __future__ import annotations

import warnings
from typing import Any

import pytest
import torch

from shapelint.interp.run import evaluate_text
from shapelint.values import Tensor

# (call, shape, dtype); `t` is torch.zeros. None: einx raises.
CASES: list[tuple[str, tuple[int, ...] | None, str | None]] = [
    ('einx.add("b n, n -> b n",t(2,3),t(3))', (2, 3), "float32"),
    ('einx.add("a, b",t(2),t(3))', None, None),
    ('einx.add("b n, b",t(2,3),t(2))', (2, 3), "float32"),
    ('einx.where("i j, j,",t(2,3).bool(),t(3).long(),-1)', (2, 3), "int64"),
    ('einx.where("b n, b n d, -> b n d",t(2,3).bool(),t(2,3,4).half(),0.)', (2, 3, 4), "float32"),
    ('einx.where("..., ... l,",t(2,3).bool(),t(2,3,4),0.)', (2, 3, 4), "float32"),
    ('einx.subtract("... j, ... i -> ... i j",t(2,3),t(2,4))', (2, 4, 3), "float32"),
    ('einx.add("b n d, s d -> (b s) n d",t(2,3,4),t(5,4))', (10, 3, 4), "float32"),
    ('einx.less("j, i -> i j",torch.arange(3),torch.arange(4))', (4, 3), "bool"),
    ('einx.subtract("i, j -> 1 1 i j",torch.arange(3),torch.arange(4))', (1, 1, 3, 4), "int64"),
    ('einx.multiply("(a b), b -> a b",t(6),t(3))', (2, 3), "float32"),
    ('einx.add("a b, 1 b",t(2,3),t(1,3))', (2, 3), "float32"),
    ('einx.add("a b, 2 b",t(2,3),t(2,3))', None, None),
    ('einx.add("a b, -> b a c",t(2,3),1, c=4)', (3, 2, 4), "float32"),
    ('einx.add("b s... c, c",t(2,3,4,5),t(5))', (2, 3, 4, 5), "float32"),
    ('einx.divide("a, a",t(2).long(),t(2).long())', (2,), "float32"),
    ('einx.equal("b i, b j -> b i j",t(2,3).long(),t(2,3).long())', (2, 3, 3), "bool"),
    ('einx.sum("... c -> ...",t(2,3).long())', (2,), "int64"),
    ('einx.sum("a [b] c",t(2,3,4))', (2, 4), "float32"),
    ('einx.sum("a [b]",t(2,3).bool())', (2,), "int64"),
    ('einx.mean("a [b...]",t(2,3,4))', (2,), "float32"),
    ('einx.get_at("[c] d, b ... -> b ... d",t(7,5),t(2,3,4).long())', (2, 3, 4, 5), "float32"),
    ('einx.get_at("h b n [c] d, h b n -> h b n d",t(2,3,4,7,5),t(2,3,4).long())', (2, 3, 4, 5), "float32"),
    ('einx.get_at("b n [l], b n -> b n",t(2,3,7),t(2,3).long())', (2, 3), "float32"),
    ('einx.get_at("q [c] d, b n q -> q b n d",t(4,7,5),t(2,3,4).long())', (4, 2, 3, 5), "float32"),
    ('einx.get_at("b [h w] c, b p [2] -> b p c",t(2,7,5,3),t(2,4,2).long())', (2, 4, 3), "float32"),
    ('einx.get_at("b i [j], b i k -> b i k",t(2,7,5).bool(),t(2,7,3).long())', (2, 7, 3), "bool"),
    ('einx.add("a b, b -> a",t(2,3),t(3))', None, None),
    ('einx.add("a b, c -> a b",t(2,3),t(3))', None, None),
    ('einx.logical_and("a, b -> a b",t(2).bool(),t(3).bool())', (2, 3), "bool"),
    ('einx.maximum("a, b -> a b",t(2),t(3))', (2, 3), "float32"),
    ('einx.add("a a, a",t(2,2),t(2))', None, None),
    ('einx.multiply("a, ",t(2),3)', (2,), "float32"),
    ('einx.multiply("a b c, c b",t(2,3,4),t(4,3))', (2, 3, 4), "float32"),
    ('einx.get_at("[4 4] c, [2] p -> p c",t(4,4,3),t(2,5).long())', (5, 3), "float32"),
    ('einx.get_at("[7] d, [1] b -> b d",t(7,5),t(1,3).long())', (3, 5), "float32"),
    ('einx.get_at("[c] d, 3 -> 3 d",t(7,3),t(3).long())', None, None),
    ('einx.add("2 a, a -> 2 a",t(2,4),t(4))', None, None),
    ('einx.add("2 a, 2 a",t(2,4),t(2,4))', None, None),
    ('einx.add("2 a, a",t(2,4),t(4))', (2, 4), "float32"),
    ('einx.add("a, a -> a 3",t(2),t(2))', (2, 3), "float32"),
    ('einx.sum("a [3] 2 -> a 2",t(4,3,2))', None, None),
    ('einx.sum("a [3] 2",t(4,3,2))', (4, 2), "float32"),
    ('einx.add("a, b, c -> a b c",t(2),t(3),t(4))', (2, 3, 4), "float32"),
    ('einx.add("a b",t(2,3))', (2, 3), "float32"),
    ('einx.add("a, b -> a b",t(2),None)', None, None),
    ('einx.add("..., ... ",t(2,3),t(3))', None, None),
    ('einx.add("a b, c b",t(2,3),t(2,3))', None, None),
    ('einx.add("a b -> b a",t(2,3))', (3, 2), "float32"),
    ('einx.less("a b, a c -> a b c",t(2,3),t(3,3))', None, None),
    ('einx.where("b n, , ",t(2,3).bool(),1,2.)', (2, 3), "float32"),
    ('einx.add("a, -> a",t(2).half(),1.)', (2,), "float32"),
    ('einx.add("a, -> a",t(2).int(),1)', (2,), "int64"),
    ('einx.add("a, -> a",t(2).int(),t(()).long())', (2,), "int64"),
    ('einx.add("a, -> a",t(2).half(),t(()))', (2,), "float32"),
    ('einx.add(", -> ",t(()).half(),t(()))', (), "float32"),
    ('einx.add("a, a -> a",t(2).half(),t(2))', (2,), "float32"),
    ('einx.add("a b, b -> a b",t(2,3).half(),t(3))', (2, 3), "float32"),
    ('einx.subtract("a, a",t(2).bool(),t(2).bool())', None, None),
    ('einx.logical_or("a, a",t(2),t(2))', (2,), "bool"),
    ('einx.true_divide("a, a",t(2).int(),t(2).half())', (2,), "float16"),
    ('einx.maximum("a, -> a",t(2).int(),2)', (2,), "int64"),
    ('einx.where("a, a,",t(2),t(2),0.)', None, None),
    ('einx.where("a, ,a",t(2).bool(),0,t(2).half())', (2,), "float16"),
    ('einx.mean("a [b]",t(2,3).long())', None, None),
    ('einx.any("a [b]",t(2,3))', (2,), "bool"),
    ('einx.max("a [b]",t(2,3).half())', (2,), "float16"),
    ('einx.get_at("[c] d, b -> b d",t(7,5).half(),t(2).int())', (2, 5), "float16"),
    ('einx.get_at("[c] d, b -> b d",t(7,5),t(2))', None, None),
]


@pytest.mark.parametrize(("call", "shape", "dtype"), CASES)
def test_einx_gives_what_it_gives(call: str, shape: Any, dtype: Any) -> None:
    found = evaluate_text(f"import einx\nimport torch\nt = torch.zeros\nmade = {call}\n").vars.get("made")
    if shape is None:
        assert not isinstance(found, Tensor) or found.after_failure
    else:
        assert isinstance(found, Tensor)
        assert (tuple(found.shape), found.dtype) == (shape, dtype)


@pytest.mark.parametrize(("call", "shape", "dtype"), CASES)
def test_the_table_is_what_einx_says(call: str, shape: Any, dtype: Any) -> None:
    einx = pytest.importorskip("einx")
    names = {"einx": einx, "torch": torch, "t": torch.zeros}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            made = eval(call, names)
        except Exception:
            assert shape is None
            return
    assert (tuple(made.shape), str(made.dtype)) == (shape, f"torch.{dtype}")

"""What torch's layers keep, and under which names: the state that torch gives for each is loaded without a word."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from shapelint.engine.analyse import analyse
from shapelint.source.text import from_text

LAYERS = """
nn.Linear(3, 4)
nn.Bilinear(3, 4, 5, bias=False)
nn.ConvTranspose2d(3, 4, 2)
nn.BatchNorm1d(3)
nn.BatchNorm2d(3, affine=False)
nn.BatchNorm2d(3, track_running_stats=False)
nn.InstanceNorm2d(3, affine=True, track_running_stats=True)
nn.GroupNorm(1, 3)
nn.LayerNorm(3, bias=False)
nn.RMSNorm(3)
nn.EmbeddingBag(5, 3)
nn.LSTM(3, 4, 2, bidirectional=True)
nn.LSTM(3, 4, proj_size=2)
nn.GRUCell(3, 4)
nn.PReLU(4)
nn.MultiheadAttention(8, 2, kdim=4, vdim=6, bias=False)
nn.MultiheadAttention(8, 2, add_bias_kv=True)
nn.Transformer(8, 2, 1, 1, 16)
nn.TransformerDecoderLayer(8, 2, 16, bias=False)
nn.TransformerEncoder(nn.TransformerEncoderLayer(8, 2, 16), 2, norm=nn.LayerNorm(8))
nn.AdaptiveLogSoftmaxWithLoss(8, 20, [5, 10])
nn.CrossEntropyLoss(weight=torch.ones(3))
nn.BCEWithLogitsLoss(pos_weight=torch.ones(3))
nn.utils.weight_norm(nn.Linear(3, 3))
nn.utils.spectral_norm(nn.Conv2d(3, 3, 1))
nn.utils.parametrizations.weight_norm(nn.Linear(3, 3))
nn.Sequential(nn.Linear(2, 2), nn.ReLU(), nn.Dropout())
nn.ModuleDict({"a": nn.Linear(2, 2)})
nn.ParameterList([nn.Parameter(torch.ones(2))])
nn.ParameterDict({"a": nn.Parameter(torch.ones(2))})
nn.DataParallel(nn.Linear(2, 2))
nn.Identity()
"""


def found(layer: str, state: str) -> list[str]:
    text = f"import torch\nfrom torch import nn\n({layer}).load_state_dict({state})\n"
    return [d.code for d in analyse(from_text("p.py", text)).diagnostics if d.severity != "info"]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("layer", LAYERS.strip().splitlines())
def test_a_layer_loads_its_own_state(layer: str) -> None:
    kept = eval(layer, {"nn": nn, "torch": torch}).state_dict()
    state = ", ".join(f"{name!r}: torch.zeros({tuple(x.shape)})" for name, x in kept.items())
    assert found(layer, f"{{{state}}}") == []


@pytest.mark.parametrize(
    "state",
    [
        "{'weight': torch.zeros(4, 3)}",
        "{'weight': torch.zeros(4, 3), 'bias': torch.zeros(4), 'more': torch.zeros(1)}",
        "{'weight': torch.zeros(4, 2), 'bias': torch.zeros(4)}",
    ],
)
def test_what_does_not_fit_is_refused_as_torch_refuses_it(state: str) -> None:
    with pytest.raises(RuntimeError):
        nn.Linear(3, 4).load_state_dict(eval(state))
    assert found("nn.Linear(3, 4)", state) == ["SHP120"]

"""Verdicts: each rule's own bad example really happens, its effect is measured, and what is not so is refuted."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from shapelint.confirm.job import Claim, Entry, Job, from_json
from shapelint.confirm.process import Outcome
from shapelint.confirm.verdicts import judgements
from shapelint.engine import confirm
from tests.confirm.programs import SETTINGS, claim, one, options

pytest.importorskip("torch")


RIGHT = """
import torch
import torch.nn.functional as F
from torch import nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(8, 2)
        self.scale = nn.Parameter(torch.ones(2))
        self.layers = nn.ModuleList([nn.Linear(2, 2) for _ in range(3)])

    def forward(self, x):
        y = self.fc(x.view(-1, 8))
        y = F.dropout(y, training=self.training)
        for layer in self.layers:
            y = layer(y)
        return y * self.scale

net = Net()
x, y = torch.randn(4, 8), torch.randint(0, 2, (4,))
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
for _ in range(2):
    optimizer.zero_grad()
    loss = F.cross_entropy(net(x), y)
    loss.backward()
    optimizer.step()
weights = F.softmax(net(x), dim=1)
"""


def test_what_does_not_happen_is_refuted(tmp_path: Path) -> None:
    path = tmp_path / "right.py"
    path.write_text(RIGHT)
    claims = {
        "linear-size-mismatch": ("self.fc(x.view", "the line ran 3 times, and nothing was raised"),
        "view-folds-batch": ("self.fc(x.view", "4 samples in, 4 rows out"),
        "dropout-ignores-eval": ("F.dropout", "in evaluation mode it is called with training=False"),
        "parameter-not-registered": ("self.scale =", "self.scale is among parameters()"),
        "one-layer-listed-twice": ("self.layers =", "ModuleList has 3 entries, and 3 layers"),
        "zero-grad-missing": ("optimizer.step", "after a step, backward finds the gradients cleared"),
        "softmax-over-batch": (
            "weights =",
            "the result [4, 2] sums to 1 along axis 1; the samples lie along axis 0",
        ),
        "forward-returns-nothing": ("def forward", "forward gave a Tensor"),
    }
    lines = RIGHT.splitlines()
    where = {
        rule: 1 + next(i for i, line in enumerate(lines) if text in line)
        for rule, (text, _) in claims.items()
    }
    found = confirm.of_file(
        str(path), [claim(path, rule, line) for rule, line in where.items()], SETTINGS, options()
    )
    assert {d.rule: d.verdict_note for d in found} == {rule: note for rule, (_, note) in claims.items()}
    assert {d.verdict for d in found} == {"refuted"}


def test_what_cannot_be_measured_is_not_run(tmp_path: Path) -> None:
    path = tmp_path / "right.py"
    path.write_text(RIGHT)
    strange, elsewhere = confirm.of_file(
        str(path),
        [claim(path, "some-new-rule", 14), claim(path, "cat-size-mismatch", 1)],
        SETTINGS,
        options(),
    )
    assert (strange.verdict, elsewhere.verdict) == ("not-run", "not-run")
    assert "there is no measurement of some-new-rule" in (strange.verdict_note or "")
    assert "the program does not get there: it came to its end" in (elsewhere.verdict_note or "")


LIBRARY = """
import torch
from torch import nn

class Net(nn.Module):
    def __init__(self, width=16):
        super().__init__()
        self.conv = nn.Conv2d(3, width, 3)
        self.fc = nn.Linear(32, 2)

    def forward(self, x):
        return self.fc(self.conv(x).mean((2, 3)))
"""


def test_models_that_no_program_builds(tmp_path: Path) -> None:
    """The class is built with its defaults, and given an input of the shape that was inferred."""
    verdict, note = one(tmp_path, LIBRARY)
    assert verdict == "confirmed"
    assert note == "RuntimeError: mat1 and mat2 shapes cannot be multiplied (3x16 and 32x2)"


ATTENTION = """
import torch
import torch.nn.functional as F
from torch import nn

class Net(nn.Module):
    def __init__(self, p=0.25):
        super().__init__()
        self.p = p

    def forward(self, x):
        return F.scaled_dot_product_attention(x, x, x, dropout_p=self.p)

Net()(torch.randn(2, 4, 8))
"""


def test_attention_that_drops_in_evaluation(tmp_path: Path) -> None:
    verdict, note = one(tmp_path, ATTENTION)
    assert (verdict, note) == ("confirmed", "in evaluation mode it is called with dropout_p=0.25")


def test_a_missing_module_is_a_reason(tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    path.write_text(
        "import no_such_module\n" + LIBRARY.replace("width=16", "width") + "\nNet(no_such_module.width)\n"
    )
    (found,) = confirm.of_file(str(path), [claim(path, "linear-size-mismatch", 13)], SETTINGS, options())
    verdict, note = found.verdict, found.verdict_note or ""
    assert verdict == "not-run"
    assert "import failed: ModuleNotFoundError: No module named 'no_such_module' (program.py:1)" in note


def test_what_a_missing_module_does_not_concern_is_run(tmp_path: Path) -> None:
    source = LIBRARY + (
        "\nfrom no_such_module import summary, Float\ndef show(x: Float) -> Float: ...\n"
        "if __name__ == '__main__':\n    net = Net(8)\n    summary(net)\n    net(torch.randn(2, 3, 9, 9))\n"
    )
    verdict, note = one(tmp_path, source)
    assert verdict == "confirmed", note


def test_a_package_is_run_as_a_package(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("")
    package = tmp_path / "pkg"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "sizes.py").write_text("WIDTH = 7\n")
    source = (
        "import torch\nfrom torch import nn\nfrom .sizes import WIDTH\n"
        "nn.Linear(8, 2)(torch.randn(4, WIDTH))\n"
    )
    path = package / "program.py"
    path.write_text(source)
    (found,) = confirm.of_file(str(path), [claim(path, "linear-size-mismatch", 4)], SETTINGS, options())
    assert found.verdict == "confirmed", found.verdict_note


def test_jobs_survive_the_way() -> None:
    claims = (Claim(0, "SHP101", "rule", "/a.py", 1, 2, 3, 4, "text"),)
    entries = (Entry(0, "/a.py", True, "Net()", "Net", ({"tensor": [1, "B"], "dtype": "float32"},), {}),)
    job = Job("/a.py", ("/",), claims, entries, seconds=3.0)
    assert from_json(job.to_json()) == job


def test_a_childs_word_is_checked() -> None:
    claims = [Claim(i, "SHP101", "rule", "/a.py", 1, 2, 3, 4, "text") for i in range(4)]
    said = [
        {"kind": "at", "what": "running the program"},
        {"kind": "claim", "id": 0, "verdict": "confirmed", "text": "x" * 10_000},
        {"kind": "claim", "id": 0, "verdict": "refuted", "text": "later"},
        {"kind": "claim", "id": 1, "verdict": "certain", "text": ""},
        {"kind": "claim", "id": "2", "verdict": "confirmed", "text": ""},
        {"kind": "claim", "id": 3, "verdict": "refuted", "text": "before the end"},
    ]
    found = judgements(Outcome("it crashed: SIGSEGV", False, said), claims)
    assert [found[i].verdict for i in range(4)] == ["confirmed", "not-run", "not-run", "not-run"]
    assert len(found[0].note) == 600
    assert found[1].note == "it crashed: SIGSEGV, while running the program"
    assert dataclasses.asdict(found[3])["note"] == "it crashed: SIGSEGV"

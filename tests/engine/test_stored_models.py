"""What libraries fetch is not known, and the program goes on behind it; nor does it end where a library misses another one."""

from __future__ import annotations

from typing import Any

import pytest

LIBRARY = {
    "transformers/__init__.py": "from .modeling_utils import PreTrainedModel, Bert\nfrom .configuration_utils import PreTrainedConfig, BertConfig\n",
    "transformers/configuration_utils.py": """
class PreTrainedConfig:
    def __init__(self, width=8):
        self.width = width
    @classmethod
    def get_config_dict(cls, name, **keywords):
        raise OSError("fetched")
    @classmethod
    def from_pretrained(cls, name, **keywords):
        found, keywords = cls.get_config_dict(name)
        return cls(**found)
class BertConfig(PreTrainedConfig):
    pass
""",
    "transformers/modeling_utils.py": """
import torch
from torch import nn
class PreTrainedModel(nn.Module):
    @classmethod
    def from_pretrained(cls, name, *args, config=None, **keywords):
        raise OSError("fetched")
class Bert(PreTrainedModel):
    def __init__(self, config):
        super().__init__()
        self.fc = nn.Linear(4, config.width)
    def forward(self, x):
        return self.fc(x)
""",
    "trainers/__init__.py": """
def has_it():
    try:
        import heard_of_nowhere
    except ImportError:
        return False
    return True
if has_it():
    from heard_of_nowhere import Plan
class Trainer:
    def __init__(self, n=3):
        self.n = n
        if not has_it():
            raise ImportError("pip install heard_of_nowhere")
        self.plan = Plan()
def train(x):
    return Plan(x)
""",
}
WRONG = "nn.Linear(3, 4)(torch.zeros(2, 5))\n"
PROGRAMS = {
    "a model": "from transformers import Bert\nm = Bert.from_pretrained('bert-base')\ny = m(torch.zeros(2, 4))\nnn.Linear(7, 2)(y)\n",
    "a configuration": "from transformers import BertConfig, Bert\nc = BertConfig.from_pretrained('b')\nnn.Linear(c.width, 2)(torch.zeros(2, 9))\n",
    "the dict of one": "from transformers import BertConfig\nd, rest = BertConfig.get_config_dict('b')\nnn.Linear(d['width'], 2)(torch.zeros(2, 9))\n",
    "its own method": "from transformers import Bert\nclass Mine(Bert):\n    pass\nnn.Linear(7, 2)(Mine.from_pretrained('m')(torch.zeros(2, 4)))\n",
    "a package that is missing": "from trainers import Trainer\nt = Trainer(n=4)\nt.fit(torch.zeros(2, 3))\n",
    "a name of it": "import trainers\nnn.Linear(7, 2)(trainers.train(torch.zeros(2, 3)))\n",
}


@pytest.fixture
def found(beside_libraries: Any) -> Any:
    return beside_libraries(LIBRARY)


@pytest.mark.parametrize("case", PROGRAMS)
def test_the_program_goes_on(found: Any, case: str) -> None:
    program = PROGRAMS[case]
    assert found(program + WRONG) == [("SHP101", 3 + program.count("\n"))]


def test_a_model_of_a_configuration_that_is_known(found: Any) -> None:
    head = "from transformers import Bert, BertConfig\nm = Bert.from_pretrained('b', config=BertConfig(6))\n"
    assert found(f"{head}nn.Linear(7, 2)(m(torch.zeros(2, 4)))\n") == [("SHP101", 5)]
    assert found(f"{head}nn.Linear(6, 2)(m(torch.zeros(2, 4)))\n") == []


def test_what_a_program_itself_misses_ends_it(found: Any) -> None:
    for line in ("raise ImportError('not here')", "Plan()"):
        assert found(f"def f():\n    {line}\nf()\n{WRONG}") == []
    guarded = "from trainers import Trainer\ntry:\n    Trainer()\n    n = 5\nexcept ImportError:\n    n = 3\nnn.Linear(n, 4)(torch.zeros(2, 5))\n"
    assert found(guarded) == [("SHP101", 9)]

"""What libraries fetch is not known, and the program goes on behind it; nor does it end where a library misses another one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import shapelint
from shapelint.engine.surroundings import standing
from shapelint.interp import world

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
def found(tmp_path: Path) -> Any:
    for name, text in LIBRARY.items():
        path = tmp_path / "lib" / "site-packages" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    project = tmp_path / "project"
    project.mkdir()
    (project / "pyproject.toml").touch()

    def check(program: str) -> list[tuple[str, int]]:
        (project / "use.py").write_text(f"import torch\nfrom torch import nn\n{program}")
        with standing(str(project), [str(tmp_path / "lib" / "site-packages")]):
            return [(d.code, d.line) for d in shapelint.check(["use.py"])]

    return check


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


# ---- libraries that cannot be followed to their end

COARSE = {
    "heavy/__init__.py": """
def spin(n):
    return n if n < 2 else spin(n - 1) + spin(n - 2)
class Heavy:
    def __init__(self, held):
        self.held = held
        spin(40)
        self.done = True
    def __iter__(self):
        spin(40)
        return iter([1, 2])
class Light(Heavy):
    def __init__(self):
        pass
def fill(xs):
    xs.append(7)
    spin(40)
def misses():
    import sys
    return sys.modules["heavy"].nothing_of_that_name.of_it
def checks(n):
    if n < 0:
        raise ValueError("n is negative")
    return n
def finds(found):
    return found["width"]
""",
    "gymnasium/__init__.py": "from gymnasium.envs.registration import make\n",
    "gymnasium/envs/__init__.py": "",
    "gymnasium/envs/registration.py": "def make(id):\n    raise Exception('not found')\n",
}
GOES_ON = {
    "a function": "import heavy\nheavy.spin(40)\n",
    "a constructor": "from heavy import Heavy\nh = Heavy([])\nh.held.append(3)\nassert h.done\n",
    "an iterator": "from heavy import Light\nfor i in Light():\n    pass\n",
    "what is not read right": "import heavy\nx = heavy.misses()\n",
    "an environment": "import gymnasium as gym\nenv = gym.make('a')\nnn.Linear(env.observation_space.shape[0], 2)(torch.zeros(1, 4))\n",
}


@pytest.fixture
def coarse(found: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(world, "MAX_STEPS", 60_000)  # a budget that is spent soon
    for name, text in COARSE.items():
        path = tmp_path / "lib" / "site-packages" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return found


@pytest.mark.parametrize("case", GOES_ON)
def test_a_library_does_not_end_the_program(coarse: Any, case: str) -> None:
    program = GOES_ON[case]
    assert coarse(program + WRONG) == [("SHP101", 3 + program.count("\n"))]


def test_what_it_was_given_is_not_known_any_more(coarse: Any) -> None:
    program = "import heavy\nxs = [3]\nheavy.fill(xs)\nnn.Linear(len(xs), 4)(torch.zeros(2, 5))\n"
    assert coarse(program + WRONG) == [("SHP101", 7)]


def test_what_a_library_refuses_ends_it(coarse: Any) -> None:
    assert coarse("import heavy\nheavy.checks(-1)\n" + WRONG) == []
    assert (
        coarse(f"import heavy\ntry:\n    heavy.finds({{}})\n    n = 5\nexcept KeyError:\n    n = 3\n{WRONG}")[
            0
        ][1]
        == 9
    )

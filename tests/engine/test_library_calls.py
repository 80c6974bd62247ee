"""A call into a library that cannot be followed to its end is not known, and the program goes on behind it."""

from __future__ import annotations

from typing import Any

import pytest

from shapelint.interp import world

WRONG = "nn.Linear(3, 4)(torch.zeros(2, 5))\n"
LIBRARIES = {
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
def found(beside_libraries: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(world, "MAX_STEPS", 60_000)  # a budget that is spent soon
    return beside_libraries(LIBRARIES)


@pytest.mark.parametrize("case", GOES_ON)
def test_a_library_does_not_end_the_program(found: Any, case: str) -> None:
    program = GOES_ON[case]
    assert found(program + WRONG) == [("SHP101", 3 + program.count("\n"))]


def test_what_it_was_given_is_not_known_any_more(found: Any) -> None:
    program = "import heavy\nxs = [3]\nheavy.fill(xs)\nnn.Linear(len(xs), 4)(torch.zeros(2, 5))\n"
    assert found(program + WRONG) == [("SHP101", 7)]


def test_what_a_library_refuses_ends_it(found: Any) -> None:
    assert found("import heavy\nheavy.checks(-1)\n" + WRONG) == []
    caught = "import heavy\ntry:\n    heavy.finds({})\n    n = 5\nexcept KeyError:\n    n = 3\n"
    assert ("SHP101", 9) in found(caught + WRONG)

"""What is printed without colours where there is room is what `rich` would print, letter by letter."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from shapelint.engine.config import Settings
from shapelint.engine.summarize import summarize
from shapelint.render import page, painted, summary
from shapelint.render.style import Style

SEEDS = sorted(Path(__file__).parents[2].joinpath("fixtures", "seeds").glob("*.py"))


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem)
@pytest.mark.parametrize("depth", [None, 1])
def test_both_print_the_same(path: Path, depth: int | None, monkeypatch: pytest.MonkeyPatch) -> None:
    models = summarize(str(path), (), Settings(cache=False))
    for columns in (400, 120, 70):
        either = "".join(summary.summaries(models, depth, Style(False), columns))
        with monkeypatch.context() as patched:
            patched.setattr(summary, "plain", lambda items, columns: None)
            assert "".join(summary.summaries(models, depth, Style(False), columns)) == either


def test_there_is_room_enough_for_plain_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the test above would compare a thing with itself."""
    used: list[bool] = []

    def noted(items: object, columns: int) -> str | None:
        found = page.plain(items, columns)  # type: ignore[arg-type]
        used.append(found is not None)
        return found

    monkeypatch.setattr(summary, "plain", noted)
    for path in SEEDS:
        models = summarize(str(path), (), Settings(cache=False))
        list(summary.summaries(models, None, Style(False)))
    assert used and all(used)


def test_what_is_wide_or_of_unclear_width_is_left_to_rich() -> None:
    assert page.plain([page.Line("x" * 81)], 80) is None
    assert page.plain([page.Line("層")], 80) is None
    assert page.plain([page.Line("a\tb")], 80) is None
    assert page.plain([page.Line("✗ two"), page.Line()], 80) == "✗ two\n\n"
    assert painted.painted([page.Line("✗ two"), page.Line()], 80, False, 400) == "✗ two\n\n"


def test_rich_waits_for_what_needs_it(tmp_path: Path) -> None:
    import subprocess

    (tmp_path / "net.py").write_text("import torch\nfrom torch import nn\nnet = nn.Linear(3, 4)\n")
    code = (
        "import sys\nfrom shapelint.cli import main\n"
        "try:\n    main(['summary', 'net.py', '--no-cache'])\nexcept SystemExit:\n    pass\n"
        "assert 'shapelint.render.summary' in sys.modules\nassert 'rich' not in sys.modules\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "Linear" in done.stdout

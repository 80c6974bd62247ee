"""Write the pages that follow from the code: `python docs/generate.py` (rule pages), `--check` only compares.

A rule's page is its docstring: the offence, why it matters, what is found, what is right.
"""

from __future__ import annotations

import sys
from pathlib import Path

from shapelint.rules.base import Rule
from shapelint.rules.registry import all_rules

HERE = Path(__file__).parent
FAMILIES = {
    "1": "Will raise",
    "2": "Runs, but computes something else",
    "3": "Wiring: what is registered, used, trained",
    "4": "Losses and the training step",
    "5": "Claims and budgets",
    "9": "The analysis itself",
}


def page(rule: Rule) -> str:
    """A rule's page in Markdown."""
    lines = [f"# {rule.code} {rule.name}", "", f"Severity: {rule.severity}.", ""]
    block: list[str] = []

    def flush() -> None:
        while block and not block[-1].strip():
            block.pop()
        if block:
            lines.extend(["```python", *block, "```", ""])
            block.clear()

    heading = ""
    for line in [rule.summary, *rule.doc.strip().splitlines()[1:]]:
        indent = len(line) - len(line.lstrip())
        text = line.strip()
        if indent <= 4 and text in ("Why", "Bad", "Good"):
            flush()
            heading = text
            lines += [f"## {text}", ""]
        elif heading in ("Bad", "Good"):
            block.append(line[8:])
        else:
            lines.append(text)
    flush()
    while lines and not lines[-1]:
        lines.pop()
    text = "\n".join(lines)
    while "\n\n\n" in text:
        text = text.replace("\n\n\n", "\n\n")
    return text + "\n"


def index() -> str:
    """The table of all rules, by family."""
    lines = ["# Rules", "", "Written by `python docs/generate.py` from the rules' docstrings.", ""]
    for digit, family in FAMILIES.items():
        mine = [r for r in all_rules() if r.code[3] == digit]
        if mine:
            lines += [
                f"## SHP{digit}xx: {family}",
                "",
                "| code | rule | severity | what it finds |",
                "|---|---|---|---|",
            ]
            lines += [f"| {r.code} | [{r.name}]({r.name}.md) | {r.severity} | {r.summary} |" for r in mine]
            lines.append("")
    return "\n".join(lines[:-1]) + "\n"


def pages() -> dict[Path, str]:
    """Every generated page with its text."""
    found = {HERE / "rules" / f"{rule.name}.md": page(rule) for rule in all_rules()}
    found[HERE / "rules" / "index.md"] = index()
    return found


def main() -> int:
    """Write the pages, or with --check tell which are out of date."""
    wanted = pages()
    folder = HERE / "rules"
    folder.mkdir(exist_ok=True)
    stale = [p for p, text in wanted.items() if not p.exists() or p.read_text() != text]
    stale += [p for p in folder.glob("*.md") if p not in wanted]
    if "--check" in sys.argv:
        for path in stale:
            print(f"{path.relative_to(HERE.parent)} is out of date: run python docs/generate.py")
        return 1 if stale else 0
    for path in stale:
        if path in wanted:
            path.write_text(wanted[path])
        else:
            path.unlink()
    print(f"{len(wanted)} pages, {len(stale)} written")
    return 0


if __name__ == "__main__":
    sys.exit(main())

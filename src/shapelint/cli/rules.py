"""`shapelint rules` and `shapelint explain`: the rules' own words."""

from __future__ import annotations

import argparse

from shapelint.cli import FAILED, OK
from shapelint.cli.output import say, write


def listing(options: argparse.Namespace) -> int:
    from shapelint.rules.registry import all_rules

    rules = sorted(all_rules(), key=lambda rule: rule.code)
    if options.output_format == "json":
        from shapelint.render.json import dump

        table = [
            {
                "code": rule.code,
                "rule": rule.name,
                "severity": rule.severity,
                "summary": rule.summary,
                "doc": rule.doc,
            }
            for rule in rules
        ]
        write([dump({"version": 1, "rules": table})])
        return OK
    longest = max((len(rule.name) for rule in rules), default=0)
    write(f"{r.code}  {r.severity:<7}  {r.name:<{longest}}  {r.summary}".rstrip() + "\n" for r in rules)
    return OK


def explain(options: argparse.Namespace) -> int:
    from shapelint.engine.config import did_you_mean
    from shapelint.rules.registry import all_rules

    rules = all_rules()
    status = OK
    pages = []
    for wanted in options.rule:
        rule = next((r for r in rules if wanted.upper() == r.code or wanted.lower() == r.name), None)
        if rule is None:
            known = [r.name for r in rules] + [r.code for r in rules]
            near = did_you_mean(wanted, known) or "; `shapelint rules` lists them"
            say(f"there is no rule `{wanted}`{near}")
            status = FAILED
            continue
        pages.append(f"{rule.code} {rule.name} ({rule.severity})\n\n{rule.doc.strip()}\n")
    write(["\n".join(pages)])
    return status

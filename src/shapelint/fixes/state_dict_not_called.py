"""The parentheses behind `state_dict`."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from shapelint.fixes.base import Found
from shapelint.fixes.syntax import within
from shapelint.report import Edit
from shapelint.rules.surroundings import function_around

SAFE = True


def edits(found: Found) -> Sequence[Edit | None]:
    """Each `….state_dict` within the call that is not called itself."""
    site = found.site
    around = function_around(found.context, site)
    nodes = list(within(found, site, around, ast.Attribute, ast.Call))
    called = {id(node.func) for node, _ in nodes if isinstance(node, ast.Call)}
    places = [
        place
        for node, place in nodes
        if isinstance(node, ast.Attribute)
        and node.attr == "state_dict"
        and id(node) not in called
        and site[1:3] <= place[1:3]
        and place[3:] <= site[3:]
    ]
    return [found.replace(place, f"{found.text(place)}()") for place in places]

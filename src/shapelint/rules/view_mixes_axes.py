"""SHP202 view-mixes-axes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from shapelint import dims, facts
from shapelint.dims import Dim, Sym
from shapelint.report import Diagnostic, TrailStep
from shapelint.rules.axes import Atom, Axis, Lineage, Mixed, lineage_of, regroup
from shapelint.rules.axes.atoms import Numbers
from shapelint.rules.axes.steps import MOVES, behind, older, step
from shapelint.rules.base import Context, Rule, entry_step, shape, size, trail_of
from shapelint.values import List, Tensor

_NOISE = frozenset(
    "randn rand randint arange linspace zeros ones full empty normal rand_like randn_like".split()
)


class ViewMixesAxes(Rule):
    """A view or reshape mixes axes: it was meant to move one, and only counts the same values off anew.

    Why
        A view merges neighbouring axes or splits one; it never moves values. `tokens.view(B, C, H, W)` of `[B, H*W, C]` has
        the right shape and the wrong contents: each channel gets pieces of all of them. Nothing raises, and the network
        even trains, to worse results. To change the order of axes takes `transpose` or `permute`, before or after.

    Bad
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.conv = nn.Conv2d(3, 32, 3, padding=1)
                self.mix = nn.Linear(32, 32)

            def forward(self, x):
                x = self.conv(x)
                b, c, h, w = x.shape
                tokens = self.mix(x.flatten(2).transpose(1, 2))
                return tokens.view(b, c, h, w)  # error: [view-mixes-axes]

        Net()(torch.randn(2, 3, 8, 8))

    Good
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.conv = nn.Conv2d(3, 32, 3, padding=1)
                self.mix = nn.Linear(32, 32)

            def forward(self, x):
                x = self.conv(x)
                b, c, h, w = x.shape
                tokens = self.mix(x.flatten(2).transpose(1, 2))
                return tokens.transpose(1, 2).reshape(b, c, h, w)

        Net()(torch.randn(2, 3, 8, 8))
    """

    code = "SHP202"
    name = "view-mixes-axes"
    listens = (facts.Called, facts.ModelCalled)
    ops = ("torch.Tensor.view", "torch.Tensor.reshape", "torch.reshape")

    def check(self, said: Sequence[facts.Fact], context: Context) -> Iterable[Diagnostic]:
        fed: set[object] | None = None  # few ask
        for fact in said:
            if isinstance(fact, facts.Called) and fact.op in self.ops:
                if fact.model_call is None:
                    if not _is_data(fact):
                        continue
                    fed = _fed(said) if fed is None else fed
                    if fact.site not in fed:
                        continue
                found = self.judge(fact, context)
                if found is not None:
                    yield found

    def judge(self, fact: Any, context: Context) -> Diagnostic | None:
        x, y = fact.arguments.get("input"), fact.result
        if (
            not isinstance(x, Tensor)
            or not isinstance(y, Tensor)
            or not x.known
            or not y.known
            or x.after_failure
            or any(map(_vague, y.shape))  # whatever the axes hold, which is dear to find out
        ):
            return None
        lineage = lineage_of(context)
        axes = lineage.axes(x)
        why = mixed(lineage, axes, y.shape, free=_free(fact))
        if why is None:
            return None
        call = context.spelled(fact.site, 60)
        message = f"{_written(call)} mixes axes: {shape(x.shape)} is read as {shape(y.shape)}, {why}"
        step = TrailStep(
            fact.site.path, fact.site.line, fact.site.column, f"{shape(x.shape)} becomes {shape(y.shape)}"
        )
        need = facts.NeedFailed(fact.site, fact.stack, fact.certain, tensors=(x,))
        first = entry_step(fact)
        trail = [*([first] if first else []), *trail_of(need, context), step]
        return self.report(fact, message, trail=trail, fits=("transpose or permute the axes, then view",))


def _fed(said: Sequence[facts.Fact]) -> set[object]:
    """Where what networks are given was made."""
    return {
        t.made.site
        for f in said
        if isinstance(f, facts.ModelCalled)
        for x in (*f.inputs, *f.keywords.values())
        if isinstance(x, Tensor)
        for t in older(x, 12)
        if t.made is not None  # a network's own input is a copy of what it was given
    }


def _is_data(fact: facts.Called) -> bool:
    """Whether what is viewed came from elsewhere: the order of noise that was just made means nothing."""
    source = behind(fact.arguments.get("input"), MOVES)
    return source is not None and step(source) not in _NOISE


def _written(call: str) -> str:
    for method in (".view(", ".reshape("):
        if method in call:
            return call[call.rfind(method) + 1 :]
    return call


def _free(fact: facts.Called) -> bool:
    """Whether the first size asked for is -1."""
    asked = fact.arguments.get("size", fact.arguments.get("shape"))
    while isinstance(asked, (tuple, List)):
        items = asked.items if isinstance(asked, List) else asked
        if not items:
            return False
        asked = items[0]
    return asked == -1 if isinstance(asked, int) else False


def mixed(lineage: Lineage, axes: tuple[Axis, ...], sizes: tuple[Dim, ...], *, free: bool) -> str | None:
    """Why a view of these axes is not a merging or splitting of neighbours; None when it is, or when that is not
    certain."""
    number = lineage.number
    atoms = [a for axis in axes for a in axis if number(a.size) != 1]
    if any(a.kind == "foreign" for a in atoms) or any(_vague(s) for s in (*sizes, *(a.size for a in atoms))):
        return None
    found = regroup(atoms, sizes, number)
    if found is None:
        return None
    first = axes[0] if axes else ()
    batch = any(
        isinstance(a.key, Sym) and a.key.as_symbol is not None and a.key.as_symbol.name == "B" for a in first
    )
    rows_change = free and batch and number_of(lineage, first) != number(sizes[0])
    if isinstance(found, Mixed):
        if len(found.atoms) < 2 or len(found.sizes) < 2 or (rows_change and found.sizes[0] is sizes[0]):
            return None
        return _cuts_across(a.size for a in found.atoms)
    if rows_change:
        return None
    return (
        _moved(lineage, axes, sizes, found)
        or _moved_together(lineage, atoms, sizes, found)
        or _torn(lineage, atoms, sizes, found)
        or _straddled(lineage, atoms, found)
    )


def _vague(size: Dim) -> bool:
    """Whether a size is computed from others that are not known: what it divides is then not known either."""
    return isinstance(size, Sym) and size.witness is None and size.as_symbol is None


def number_of(lineage: Lineage, axis: Axis) -> int | None:
    product = 1
    for atom in axis:
        n = lineage.number(atom.size)
        if n is None:
            return None
        product *= n
    return product


def _moved(lineage: Lineage, axes: tuple[Axis, ...], sizes: tuple[Dim, ...], found: list[Axis]) -> str | None:
    """An axis whose very size is asked for at a place where its values do not lie."""
    number = lineage.number
    same = [number(s) for s in sizes if number(s) != 1] == [
        n for axis in axes if (n := number_of(lineage, axis)) != 1
    ]
    for i, axis in enumerate(axes):
        for atom in axis:
            if atom.parent is not None or not isinstance(atom.key, Sym) or (number(atom.size) or 1) == 1:
                continue
            claims = [j for j, s in enumerate(sizes) if s is atom.key]
            if not claims or any(atom in found[j] for j in claims):
                continue
            if (
                same
                and i > 0
                and not any(isinstance(a.key, Sym) and a in axes[0] for j in claims for a in found[j])
            ):
                continue  # as wide as high: the numbers come out as they were
            other = [a for j in claims for a in found[j]]
            return (
                f"but the axis of size {_name(atom)} is not moved: axis {claims[0]} is filled from "
                f"{_listed(a.parent.size if a.parent is not None else a.size for a in other)}"
            )
    return None


def _moved_together(
    lineage: Lineage, atoms: list[Atom], sizes: tuple[Dim, ...], found: list[Axis]
) -> str | None:
    """Neighbours whose product is asked for (`h * w`) at a place where their values do not lie."""
    for j, asked in enumerate(sizes):
        if not isinstance(asked, Sym) or asked.as_symbol is not None or sum(s is asked for s in sizes) > 1:
            continue
        for i in range(len(atoms)):
            for k in range(i + 2, len(atoms) + 1):
                run = atoms[i:k]
                if (
                    all(a.parent is None and isinstance(a.key, Sym) for a in run)
                    and dims.product([a.size for a in run]) is asked
                ):
                    if (
                        not any(p == a or p.parent == a for p in found[j] for a in run)
                        or tuple(run) != found[j]
                    ):
                        others = [a for a in found[j] if not any(a == r or a.parent == r for r in run)]
                        if others:
                            return (
                                f"but the axes of {_listed(a.size for a in run)} are not moved: axis {j} is filled from "
                                f"{_listed(a.parent.size if a.parent is not None else a.size for a in found[j])}"
                            )
    return None


def _straddled(lineage: Lineage, atoms: list[Atom], found: list[Axis]) -> str | None:
    """A new axis that ends one axis, takes in another whole and begins a third."""
    for axis in found:
        if len(axis) < 3 or axis[0].parent is None or axis[-1].parent is None:
            continue
        before, behind = axis[0], axis[-1]
        if (
            before.inner == 1
            and behind.inner > 1
            and before.parent != behind.parent
            and before.parent != atoms[0]
        ):
            return _cuts_across((a.parent or a).size for a in axis)
    return None


def _torn(lineage: Lineage, atoms: list[Atom], sizes: tuple[Dim, ...], found: list[Axis]) -> str | None:
    """An axis of which one part merges with what lies before it and the other with what lies behind, where one of
    the new axes
    has just the size of an axis whose place is elsewhere."""
    number = lineage.number
    for atom in atoms:
        homes = [
            j
            for j, axis in enumerate(found)
            if any(_shares(p, atom, number) for p in axis) and number(sizes[j]) != 1
        ]
        if len(homes) != 2:
            continue
        if not all(any(not _shares(p, atom, number) for p in found[j]) for j in homes):
            continue
        if any(p is atoms[0] or _shares(p, atoms[0], number) for p in found[homes[0]]):
            continue  # merged with the first axis: rows are counted anew, by the program's own choice
        whole = [number(a.size) for a in atoms for j in homes if a not in found[j]]
        if any(number(sizes[j]) in whole for j in homes):
            return f"which tears the axis of {_name(atom)} in two"
    return None


def _shares(piece: Atom, atom: Atom, number: Numbers) -> bool:
    """Whether a piece holds some of an atom. Of two pieces of one axis (its patches, and what lies within a patch) that is said by
    the places where they begin and end there."""
    if piece == atom:
        return True
    if (piece.parent or piece) != (atom.parent or atom):
        return False
    return piece.inner < _end(atom, number) and atom.inner < _end(piece, number)


def _end(piece: Atom, number: Numbers) -> int:
    return piece.inner * (number(piece.size) or 1)


def _name(atom: Atom) -> str:
    return size(atom.size)


def _cuts_across(sizes: Iterable[Any]) -> str:
    """In words; sizes that have no name of their own are not told."""
    listed = _listed(sizes)
    return "which cuts across its axes" if "?" in listed else f"which cuts across axes of {listed}"


def _listed(sizes: Any) -> str:
    texts = list(dict.fromkeys(size(s) for s in sizes))
    return " and ".join(texts) if len(texts) < 3 else ", ".join(texts[:-1]) + f" and {texts[-1]}"

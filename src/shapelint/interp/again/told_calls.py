"""What tells one call of a block from another: the block with everything it holds, what it is called with, and which of these
are the same objects. Sizes are told by their form, tensors by all that an operation may ask of them."""

from __future__ import annotations

from typing import Any

from shapelint.dims import Dim, Sym
from shapelint.dims.atoms import Extreme, Floor, Modulo
from shapelint.dims.form import Symbol
from shapelint.interp.again import equal_layers
from shapelint.interp.again.outlasting import NotTold, Told
from shapelint.interp.again.recipes import is_bare
from shapelint.interp.tensors import autograd
from shapelint.interp.world import World
from shapelint.values import Instance, Module, Tensor, Unknown

_MOST = 1_500  # values that are compared for one call


class ToldCall(Told):
    """`symbols` are those of all sizes that were told."""

    __slots__ = ("symbols", "world")

    def __init__(self, world: World) -> None:
        super().__init__()
        self.left = _MOST
        self.world = world
        self.symbols: frozenset[Symbol] = frozenset()

    def size(self, size: Any) -> Any:
        """A size, and what is known of it by now."""
        if size.__class__ is Sym:
            self.symbols |= size.symbols
            self.named.append(size)
            return size, self.world.resolve(size)
        return size.__class__, size

    def key(self, value: Any) -> Any:
        kind = value.__class__
        if kind is Module or kind is Tensor:
            self.spend()
            return self._module(value) if kind is Module else self._tensor(value)
        return self.size(value) if kind is Sym else super().key(value)

    def _changing(self, kind: type, value: Any) -> Any:
        if isinstance(value, Instance) and id(value.attrs) in self.world.perhaps:
            raise NotTold
        if kind is Unknown:
            return self._unknown(value)
        return super()._changing(kind, value)

    def _module(self, value: Module) -> Any:
        seen, parts = self.seen, self.parts
        at = seen.get(id(value))
        if at is not None:
            return "again", at
        if value.hooks or value.incomplete or value.broken or id(value) in self.world.stand_ins:
            raise NotTold
        if id(value.attrs) in self.world.perhaps:
            raise NotTold  # some of it is there on one side of a branch only
        seen[id(value)] = len(parts)
        parts.append(value)
        self.named.append(value.cls)
        if value.template is not None:
            tensors = equal_layers.unchanged(value)
            mode = value.attrs.get("training")
            if tensors is not None and mode.__class__ is bool and seen.keys().isdisjoint(map(id, tensors)):
                self.named.append(value.template)
                for tensor in tensors:
                    seen[id(tensor)] = len(parts)
                    parts.append(tensor)
                return Module, id(value.cls), id(value.template), mode
        attrs: list[Any] = []
        for name, held in value.attrs.items():
            kind = held.__class__
            if kind is bool or kind is int or kind is str:
                self.left -= 1
                attrs.append((name, kind, held))
            elif kind is Tensor and held.made is not None and held.made.op == "either":
                raise NotTold  # which others it may be counts where the parameters are walked
            else:
                attrs.append((name, self.key(held)))
        rest = tuple(value.buffers.items()), tuple(value.slots_none.items()), frozenset(value.hidden)
        return Module, id(value.cls), value.initialised, tuple(attrs), rest, self.key(value.payload)

    def _unknown(self, value: Unknown) -> Any:
        """An unknown of which nothing was asked yet is like another. (Who relies on this has to see that nothing is.)"""
        at = self.seen.get(id(value))
        if at is not None:
            return "again", at
        if (
            not is_bare(value)
            or value.annotation is not None
            or value.operand
            or id(value) in self.world.decided
        ):
            raise NotTold
        self.seen[id(value)] = len(self.parts)
        self.parts.append(value)
        return Unknown, value.why, value.site, value.after_failure, value.plain

    def _tensor(self, value: Tensor) -> Any:
        at = self.seen.get(id(value))
        if at is not None:
            return "again", at
        if value.box.__class__ is not tuple or value.extra is not None or value.after_failure:
            raise NotTold
        self.seen[id(value)] = len(self.parts)
        self.parts.append(value)
        layout = value.layout
        return (
            Tensor,
            tuple([size if size.__class__ is int else self.size(size) for size in value.box]),
            value.dtype,
            value.kind,
            value.requires_grad,
            None if value.data is None else self.key(value.data),
            value.marks,
            value.name,
            tuple(map(self.size, layout)) if layout.__class__ is tuple else layout,
            value.made is None or autograd.is_leaf(value),
            value.made is None,
        )


def is_followed(size: Dim) -> bool:
    """Whether a size follows from its symbols alone: the same symbols would give it again."""
    if size.__class__ is not Sym:
        return True
    for atom in {atom for mono in size.terms for atom in mono}:
        if atom.__class__ is Floor or atom.__class__ is Modulo:
            parts: tuple[Dim, ...] = (atom.numerator, atom.denominator)
        elif atom.__class__ is Extreme:
            parts = tuple(atom.dims)
        elif atom.__class__ is Symbol:
            continue
        else:
            return False
        if not all(map(is_followed, parts)):
            return False
    return True

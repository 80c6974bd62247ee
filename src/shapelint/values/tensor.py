"""Tensors as the analysis sees them: a shape of dims, a dtype, and where they came from. No numbers, but for small ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from shapelint import dims
from shapelint.dims import Dim, Sym
from shapelint.shapes.strides import Layout
from shapelint.values.origin import Made
from shapelint.values.unknown import Undetermined

Shape = tuple[Dim, ...]


class Unranked:
    """The shape of a tensor whose number of axes is not known (yet).

    Tensors that must have equal shapes share one box; the first operation that asks for certain axes fills `bound`
    (through the journal), and all of them know at once. `guess` marks an argument of an entry point: its rank may be
    guessed, since whoever evaluates the entry point tries the other ranks too. Sizes asked for before the rank is known
    (`x.size(1)`) are kept in `asked` and are the same symbols afterwards. `presumed` marks what is taken for a tensor because
    of a name asked of it (`x.shape`, `x.clone`), which arrays, tables and dictionaries of tensors have too. `tried` says
    that `bound` has one of several numbers of axes that would do.
    """

    __slots__ = ("asked", "bound", "guess", "name", "presumed", "tried", "why")

    def __init__(self, why: str, *, guess: bool = False, name: str = "", presumed: bool = False) -> None:
        self.why = why
        self.guess = guess
        self.presumed = presumed
        self.name = name
        self.bound: Shape | None = None
        self.tried = False
        self.asked: dict[int, Dim] = {}

    def size(self, axis: int) -> Dim:
        """The size of one axis (negative ones count from the end): always the same symbol."""
        if axis not in self.asked:
            self.asked[axis] = dims.symbol(_AXIS_NAMES.get(axis, f"n{axis}" if axis >= 0 else f"m{-axis}"))
        return self.asked[axis]

    def axes(self, rank: int, names: Sequence[str] = (), make: Callable[[str], Dim] = dims.symbol) -> Shape:
        """Symbols for all axes, made by `make` from their names, `names` fitting the last ones; sizes that were asked for before
        are used again."""
        spelled = tuple(names[-rank:]) if rank else ()
        spelled = ("N",) * (rank - len(spelled)) + spelled
        taken: list[Dim] = []
        for i in range(rank):
            found = self.asked.get(i, self.asked.get(i - rank))
            if found is None:
                name = "B" if i == 0 and rank > 1 else spelled[i] if spelled[i] not in ("N", "B") else f"n{i}"
                found = make(name)
            taken.append(found)
        return tuple(taken)


_AXIS_NAMES = {0: "B"}


class Tensor:
    """A tensor.

    shape      a tuple of dims; reading it raises Undetermined while the rank is not known (`known` tells)
    dtype      "float32", … or None when not known
    kind       "tensor", "parameter" or "buffer"; a parameter is a parameter by identity, as in torch
    data       the elements, flat in row-major order, of a small tensor whose contents are known; else None
    layout     where the values lie in memory (shapes/strides.py), or None when not known
    marks      facts that rules care for, e.g. "softmax:1"; operations that keep the values' meaning hand them on
    """

    __slots__ = (
        "_box",
        "after_failure",
        "data",
        "dtype",
        "extra",
        "kind",
        "layout",
        "made",
        "marks",
        "name",
        "requires_grad",
    )

    def __init__(
        self,
        shape: Shape | Unranked,
        dtype: str | None = "float32",
        *,
        kind: str = "tensor",
        requires_grad: bool | None = False,
        data: tuple[object, ...] | None = None,
    ) -> None:
        self._box: Shape | Unranked = shape
        self.dtype = dtype
        self.kind = kind
        self.requires_grad = requires_grad
        self.data = data
        self.made: Made | None = None
        self.marks: frozenset[str] = frozenset()
        self.name: str | None = None
        self.after_failure = False
        self.layout: Layout = None
        self.extra: dict[str, object] | None = None  # attributes the program itself has set

    @property
    def box(self) -> Shape | Unranked:
        return self._box

    @property
    def known(self) -> bool:
        """Whether the rank is known."""
        return type(self._box) is tuple or (isinstance(self._box, Unranked) and self._box.bound is not None)

    @property
    def proven(self) -> bool:
        """Whether the rank is known and no guess."""
        return self.known and not (isinstance(self._box, Unranked) and self._box.tried)

    @property
    def shape(self) -> Shape:
        box = self._box
        if isinstance(box, Unranked):
            if box.bound is None:
                raise Undetermined(box.why)
            return box.bound
        return box

    @property
    def rank(self) -> int:
        return len(self.shape)

    @property
    def numel(self) -> Dim:
        return dims.product(self.shape)

    @property
    def integer(self) -> Dim | None:
        """The integer in a tensor without axes, where it is known: torch takes such a tensor for a size or an index."""
        held = self.data[0] if self.data and self._box == () and self.dtype == "int64" else None
        return held if isinstance(held, (int, Sym)) else None

    @property
    def is_parameter(self) -> bool:
        return self.kind == "parameter"

    def like(self, dtype: str | None = "same") -> Tensor:
        """A new tensor of the same shape (even while that is not known yet), of the same dtype unless told."""
        made = Tensor(self._box, self.dtype if dtype == "same" else dtype)
        made.after_failure = self.after_failure
        return made

    def with_shape(self, *shape: Dim, dtype: str | None = "same") -> Tensor:
        """A new tensor of the given shape, of the same dtype unless told."""
        made = Tensor(tuple(shape), self.dtype if dtype == "same" else dtype)
        made.after_failure = self.after_failure
        return made

    def __repr__(self) -> str:
        shape = "?" if not self.known else "[" + ", ".join(map(str, self.shape)) + "]"
        return f"Tensor({shape}, {self.dtype})"


class ArrayItem(Tensor):
    """A numpy array that stands in a list which torch reads: its values count one by one, those of a tensor there do not."""

    __slots__ = ()

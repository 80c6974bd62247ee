"""Cases for torch.nn.utils.rnn."""

from __future__ import annotations

from typing import Any

from shapelint.values import DType
from tests.differential.cases import Case, Rng, cases
from tests.differential.compare import Op, T

AT = "torch.nn.utils.rnn."


def group(rng: Rng) -> list[T]:
    step = rng.shape(rng.randint(0, 2), 1, 3)
    lengths = [rng.randint(1 if rng.often(0.97) else 0, 5) for _ in range(rng.randint(1, 4))]
    if rng.often(0.6):
        lengths.sort(reverse=True)
    xs = [T((n, *step)) for n in lengths]
    if rng.often(0.06):
        xs[-1] = T((*xs[-1].shape, 2)) if rng.often(0.5) else T((2, *step[1:], 7))
    return xs


@cases(AT + "pad_sequence")
def pad_sequence(rng: Rng) -> Case:
    keywords: dict[str, Any] = {"batch_first": True} if rng.often(0.5) else {}
    if rng.often(0.2):
        keywords["padding_side"] = rng.choice(("left", "right", "up"))
    return Op(rng.name, (group(rng),), keywords)


@cases(AT + "pack_sequence")
def pack_sequence(rng: Rng) -> Case:
    return Op(rng.name, (group(rng),), {"enforce_sorted": False} if rng.often(0.5) else {}, device="cpu")


def lengths(rng: Rng, longest: int, batch: int) -> list[int]:
    found = [
        rng.randint(0 if rng.often(0.03) else 1, longest)
        for _ in range(batch if rng.often(0.95) else batch + 1)
    ]
    if rng.often(0.1):
        found[0] = longest + 1
    if rng.often(0.7):
        found.sort(reverse=True)
    return found


def packing(rng: Rng, step: tuple[int, ...]) -> Op:
    first, second = rng.randint(1, 4), rng.randint(1, 4)
    batch_first = rng.often(0.5)
    longest, batch = (second, first) if batch_first else (first, second)
    keywords = {"batch_first": batch_first, "enforce_sorted": rng.often(0.6)}
    x = T((first, second, *step))
    return Op(AT + "pack_padded_sequence", (x, lengths(rng, longest, batch)), keywords, device="cpu")


@cases(AT + "pack_padded_sequence")
def pack_padded_sequence(rng: Rng) -> Case:
    return packing(rng, rng.shape(rng.randint(0, 2), 1, 3))


@cases(AT + "pad_packed_sequence")
def pad_packed_sequence(rng: Rng) -> Case:
    sequence = packing(rng, rng.shape(rng.randint(0, 2), 1, 3))
    keywords: dict[str, Any] = {"batch_first": rng.often(0.5)} if rng.often(0.5) else {}
    if rng.often(0.3):
        keywords["total_length"] = rng.randint(1, 6)
    return Op(rng.name, (sequence,), keywords, device="cpu")


@cases(AT + "unpack_sequence")
def unpack_sequence(rng: Rng) -> Case:
    return Op(rng.name, (packing(rng, rng.shape(rng.randint(0, 2), 1, 3)),), device="cpu")


_CASTS = "double float half long int short char byte"


@cases(*(f"{AT}PackedSequence.{name}" for name in (*_CASTS.split(), "to", "cpu")))
def converted(rng: Rng) -> Case:
    sequence = packing(rng, rng.shape(rng.randint(0, 2), 1, 3))
    args: tuple[Any, ...] = ()
    if rng.name.endswith("to"):
        args = rng.choice((("cpu",), (DType("float64"),), ("cpu", DType("int64")), (T((1,), "float16"),)))
    return Op(rng.name, (sequence, *args), device="cpu")

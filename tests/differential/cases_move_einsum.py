"""Cases for torch.einsum."""

from __future__ import annotations

from typing import Any

from tests.differential.cases import Case, Rng, cases
from tests.differential.compare import Op, T

LETTERS = "abijkAZ"


@cases("torch.einsum")
def einsum(rng: Rng) -> Case:
    letters = LETTERS[: rng.randint(1, len(LETTERS))]
    size = {c: rng.choice((1, 2, 3, 4, 5, 0 if rng.often(0.1) else 2)) for c in letters}
    dots = rng.shape(rng.randint(0, 2), 1, 4) if rng.often(0.3) else None
    terms: list[list[str]] = []
    shapes = []
    for _ in range(rng.choice((1, 2, 2, 2, 3, 3, 4))):
        labels = [rng.choice(letters) for _ in range(rng.randint(0, 4))]
        if rng.often(0.85):
            labels = list(dict.fromkeys(labels))
        if dots is not None and rng.often(0.8):
            labels.insert(rng.randint(0, len(labels)), "...")
        shape: list[int] = []
        for label in labels:
            if label == "...":
                part = [s if rng.often(0.85) else 1 for s in dots or ()]
                shape += part[rng.choice((0, 0, len(part))) :]
            else:
                shape.append(size[label] if rng.often(0.93) else rng.choice((1, 1, 6)))
        if rng.often(0.02):
            shape = shape[1:]
        terms.append(labels)
        shapes.append(tuple(shape))
    seen = list(dict.fromkeys(label for labels in terms for label in labels))
    output = None
    if rng.often(0.8):
        output = [label for label in seen if rng.often(0.5)]
        rng.shuffle(output)
        if rng.often(0.02):
            output.append(rng.choice([*LETTERS, "..."]))
    xs = [T(s) for s in shapes]
    if rng.often(0.2):
        return Op(rng.name, listed(xs, terms, output))
    text = ("," if rng.often(0.5) else " , ").join("".join(t) for t in terms)
    if output is not None:
        text += "->" + "".join(output)
    if rng.often(0.02):
        text = rng.choice((text + ".", text + "1", text.replace("a", "*"), "->" + text))
    return Op(rng.name, (text, *xs) if rng.often(0.8) else (text, xs))


def listed(xs: list[T], terms: list[list[str]], output: list[str] | None) -> tuple[Any, ...]:
    def numbers(labels: list[str]) -> list[Any]:
        return [Ellipsis if c == "..." else ord(c.lower()) - 97 + (26 if c.islower() else 0) for c in labels]

    args: list[Any] = []
    for x, labels in zip(xs, terms, strict=True):
        args += [x, numbers(labels)]
    return (*args, numbers(output)) if output is not None else tuple(args)

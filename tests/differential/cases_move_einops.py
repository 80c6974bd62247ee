"""Cases for einops, against the real package."""

from __future__ import annotations

from typing import Any

from tests.differential.cases import Case, Rng, cases
from tests.differential.compare import Layer, Op, T

NAMES = ("b", "c", "h", "w", "t1", "heads")


def grouped(rng: Rng, axes: list[str]) -> list[list[str]]:
    groups: list[list[str]] = []
    for axis in axes:
        if groups and rng.often(0.35) and axis != "...":
            groups[-1].append(axis)
        else:
            groups.append([axis])
    if rng.often(0.15):
        groups.insert(rng.randint(0, len(groups)), [])
    return groups


def written(rng: Rng, groups: list[list[str]]) -> str:
    def one(group: list[str]) -> str:
        if not group:
            return rng.choice(("1", "()"))
        if group == ["..."]:
            return "(...)" if rng.often(0.2) else "..."
        return group[0] if len(group) == 1 else "(" + " ".join(group) + ")"

    return " ".join(map(one, groups))


def pattern(rng: Rng, kind: str) -> tuple[str, dict[str, int], tuple[int, ...]]:
    """A pattern, the lengths given, and the shape of a tensor that fits, most of the time."""
    names = rng.sample(NAMES, rng.randint(0, 4))
    size: dict[str, int] = {n: rng.choice((1, 2, 3, 4, 0 if rng.often(0.05) else 2)) for n in NAMES}
    left = list(names)
    dots = rng.shape(rng.randint(0, 2), 1, 3)
    if rng.often(0.3):
        left.insert(rng.randint(0, len(left)), "...")
    if kind == "reduce" and rng.often(0.2):
        left.append("2")
    groups = []
    for group in grouped(rng, left):
        if "..." in group and len(group) > 1 and rng.often(0.97):
            groups += [[a] for a in group]
        else:
            groups.append(group)
    right = list(left)
    if kind == "reduce":
        right = [a for a in right if a != "2" and (rng.often(0.6))]
    if kind == "repeat":
        right += [n for n in NAMES if n not in names and rng.often(0.3)]
        if rng.often(0.3):
            right.append(rng.choice("23"))
    rng.shuffle(right)
    if rng.often(0.03):
        right = [*right[1:], rng.choice(NAMES)]
    given = {n: size[n] for n in right if n in NAMES and n not in names}
    for group in groups:
        free = [a for a in group if a in NAMES]
        keep = rng.choice((1, 1, 1, 0)) if rng.often(0.95) else 2
        rng.shuffle(free)
        given |= {a: size[a] for a in free[keep:]}
    if given and rng.often(0.05):
        given.pop(rng.choice(list(given)))
    if rng.often(0.02):
        given["zz"] = 3
    shape: list[int] = []
    for group in groups:
        if group == ["..."]:
            shape += dots
            continue
        n = 1
        for axis in group:
            n *= 2 if axis == "2" else size.get(axis, 1)
        shape.append(n + 1 if rng.often(0.05) else n)
    if rng.often(0.03):
        shape = shape[1:]
    text = f"{written(rng, groups)} -> {written(rng, grouped(rng, right))}"
    if rng.often(0.03):
        text = rng.choice(
            (
                text.replace("->", "-"),
                text + " )",
                text + " _x",
                "(" + text,
                text + " .",
                text.replace("b", "b?"),
            )
        )
    return text, given, tuple(shape)


def operation(rng: Rng) -> str:
    return rng.choice(("min", "max", "sum", "mean", "prod", "any", "all") if rng.often(0.97) else ("median",))


def dtype(rng: Rng) -> str:
    return "float32" if rng.often(0.7) else rng.choice(("int64", "bool", "uint8", "float64", "int32"))


@cases("einops.rearrange", "einops.reduce", "einops.repeat")
def transform(rng: Rng) -> Case:
    kind = rng.name.split(".")[1]
    text, given, shape = pattern(rng, kind)
    x: Any = T(shape, dtype(rng))
    if shape and shape[0] > 0 and rng.often(0.1):
        x = [T(shape[1:], x.dtype)] * shape[0]
        if rng.often(0.1):
            x = tuple(x)
    args = (x, text, operation(rng)) if kind == "reduce" else (x, text)
    return Op(rng.name, args, given)


@cases("einops.layers.torch.Rearrange", "einops.layers.torch.Reduce")
def layers(rng: Rng) -> Case:
    kind = rng.name.rsplit(".")[-1].lower()
    text, given, shape = pattern(rng, kind)
    return Layer(
        rng.name, (text, operation(rng)) if kind == "reduce" else (text,), given, (T(shape, dtype(rng)),)
    )


@cases("einops.layers.torch.EinMix")
def einmix(rng: Rng) -> Case:
    size = {n: rng.randint(1, 4) for n in NAMES}
    left = rng.sample(NAMES, rng.randint(1, 4))
    right = [n for n in left if rng.often(0.6)] + [n for n in NAMES if n not in left and rng.often(0.3)]
    weight = [n for n in NAMES if (n in right and n not in left) or (n in left and rng.often(0.5))]
    dots = rng.shape(rng.randint(0, 2), 1, 3)
    if rng.often(0.3):
        left.insert(0, "...")
        right.insert(rng.randint(0, 1), "...") if rng.often(0.95) else None
    rng.shuffle(weight)
    groups = grouped(rng, left)
    groups = [[a] for g in groups if "..." in g for a in g] + [g for g in groups if "..." not in g]
    given = {n: size[n] for n in weight}
    for group in groups:
        given |= {a: size[a] for a in group[1:] if a != "..."}
    bias = [n for n in right if n != "..." and n in given and rng.often(0.5)] if rng.often(0.4) else None
    if given and rng.often(0.04):
        given.pop(rng.choice(list(given)))
    shape: list[int] = []
    for group in groups:
        if group == ["..."]:
            shape += dots
            continue
        n = 1
        for axis in group:
            n *= size[axis]
        shape.append(n + 1 if rng.often(0.03) else n)
    text = f"{written(rng, groups)} -> {written(rng, grouped(rng, right))}"
    keywords: dict[str, Any] = dict(given)
    if bias is not None:
        keywords["bias_shape"] = " ".join(bias)
    return Layer(rng.name, (text, " ".join(weight)), keywords, (T(tuple(shape)),))


@cases("einops.einsum")
def einsum(rng: Rng) -> Case:
    size = {n: rng.randint(1, 4) for n in NAMES}
    terms = [rng.sample(NAMES, rng.randint(0, 4)) for _ in range(rng.randint(1, 3))]
    dots = rng.shape(rng.randint(0, 2), 1, 3) if rng.often(0.3) else None
    xs = []
    for term in terms:
        shape = [size[n] if rng.often(0.97) else 5 for n in term]
        if dots is not None and rng.often(0.7):
            term.append("...")
            shape += dots
        xs.append(T(tuple(shape)))
    seen = list(dict.fromkeys(n for term in terms for n in term))
    right = [n for n in seen if rng.often(0.5)]
    rng.shuffle(right)
    if rng.often(0.03):
        right.append(rng.choice((*NAMES, "(b c)", "2", "1")))
    text = ", ".join(" ".join(t) for t in terms) + " -> " + " ".join(right)
    return Op(rng.name, (*xs, text))


def starred(rng: Rng) -> tuple[str, int, int]:
    before, after = rng.randint(0, 2), rng.randint(0, 2)
    names = list("ijkl")[: before + after]
    names.insert(before, "*")
    if rng.often(0.04):
        names[0] = rng.choice(("_", "*", "9"))
    return " ".join(names), before, after


@cases("einops.pack")
def pack(rng: Rng) -> Case:
    text, before, after = starred(rng)
    head, tail = rng.shape(before, 0 if rng.often(0.1) else 1, 3), rng.shape(after, 1, 3)
    xs = []
    for _ in range(rng.randint(1, 3)):
        shape = (*head, *rng.shape(rng.randint(0, 2), 0, 3), *tail)
        xs.append(T(shape if rng.often(0.95) else shape[1:]))
    return Op(rng.name, (xs, text))


@cases("einops.unpack")
def unpack(rng: Rng) -> Case:
    text, before, after = starred(rng)
    shapes: list[Any] = [
        rng.shape(rng.randint(0, 2), 0 if rng.often(0.1) else 1, 3) for _ in range(rng.randint(1, 3))
    ]
    total = 0
    for shape in shapes:
        n = 1
        for s in shape:
            n *= s
        total += n
    if rng.often(0.3) and shapes[0]:
        shapes[0] = (-1, *shapes[0][1:])
    if rng.often(0.1):
        total += 1
    x = T((*rng.shape(before, 1, 3), total, *rng.shape(after, 1, 3)))
    return Op(rng.name, (x, shapes, text))


@cases("einops.parse_shape")
def parse_shape(rng: Rng) -> Case:
    text, _, shape = pattern(rng, "reduce")
    left = text.split("->")[0].strip()
    if rng.often(0.6):
        left = left.replace("(", "").replace(")", "").replace("c", "_").replace("w", "1")
    return Op(rng.name, (T(shape), left))

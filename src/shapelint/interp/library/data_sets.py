"""torch.utils.data: data sets, and how one item of any is got. Samplers."""

from __future__ import annotations

import math
from typing import Any

from shapelint import dims
from shapelint.dims import Sym
from shapelint.interp import calls, iterate, subscripts
from shapelint.interp.control import ProgramRaises, library_refuses
from shapelint.interp.host import builtin_iteration
from shapelint.interp.host.builtin_iteration import joined
from shapelint.interp.library import function
from shapelint.interp.library.torch_classes import argument, nothing, plain_class
from shapelint.interp.library.torch_classes import method as as_method
from shapelint.interp.world import World
from shapelint.specs.need import show_dim
from shapelint.values import Instance, List, Stream, Tensor, Undetermined, Unknown

_D = "torch.utils.data"
DATASET = plain_class(f"{_D}.Dataset", f"{_D}.dataset.Dataset", f"{_D}.MapDataPipe")
ITERABLE = plain_class(
    f"{_D}.IterableDataset", f"{_D}.dataset.IterableDataset", f"{_D}.IterDataPipe", base=DATASET
)


def one(world: World, dataset: Any) -> Any:
    """Any item of a data set."""
    if isinstance(dataset, Unknown):
        return Unknown(dataset.why, dataset.site, plain=True)
    if isinstance(dataset, Instance):
        getter = calls.special(dataset, "__getitem__")
        if getter is not None and not dataset.cls.is_subclass(ITERABLE):
            return calls.call(world, getter, (dataset, dims.symbol("index", low=0)), {})
        walker = calls.special(dataset, "__iter__")
        if walker is None:
            return Unknown(f"an item of {dataset.cls.name}", world.site(), plain=True)
        return _first(world, calls.call(world, walker, (dataset,), {}))
    if isinstance(dataset, (List, tuple, Tensor)):
        return subscripts.get(world, dataset, dims.symbol("index", low=0))
    return Unknown("an item of a data set", world.site(), plain=True)


def _first(world: World, walked: Any) -> Any:
    found = iterate.items(world, walked)
    if isinstance(found, Stream):
        return found.element
    return joined(found[:16], "which item it is is not known") if found else Unknown("no item", plain=True)


def count(world: World, dataset: Any) -> Any:
    """How many items a data set has: a size, or None."""
    if isinstance(dataset, Instance) and calls.special(dataset, "__len__") is None:
        return None
    try:
        found = builtin_iteration.length(world, dataset)
    except (Undetermined, ProgramRaises):
        return None
    return found if isinstance(found, (int, Sym)) else None


def _length(world: World, value: Any) -> Any:
    found = count(world, value)
    return Unknown("how many items there are is not known", plain=True) if found is None else found


def _plus(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    return calls.call(world, CONCAT, (List(list(args)),), {})


DATASET.attrs["__add__"] = as_method("__add__", _plus)


# ---- tensors side by side


def _tensors_init(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> None:
    """Their first axes must have the same size."""
    made, *tensors = args
    made.attrs["tensors"] = tuple(tensors)
    sizes = [t.shape[0] for t in tensors if isinstance(t, Tensor) and t.known and t.shape]
    if len(sizes) == len(tensors) and any(dims.equal(sizes[0], n).no for n in sizes[1:]):
        many = " and ".join(show_dim(n) for n in sizes)
        raise library_refuses("AssertionError", f"its tensors have {many} rows, and must have equally many")


def _tensors_item(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    return tuple(subscripts.get(world, t, args[1]) for t in args[0].attrs["tensors"])


def _tensors_len(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    first = next(iter(args[0].attrs["tensors"]), None)
    return _length(world, first)


TENSORS = plain_class(
    f"{_D}.TensorDataset",
    f"{_D}.dataset.TensorDataset",
    base=DATASET,
    __init__=_tensors_init,
    __getitem__=_tensors_item,
    __len__=_tensors_len,
)


# ---- parts and sums of others


def _subset_init(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> None:
    made = args[0]
    made.attrs["dataset"] = argument(args, keywords, 1, "dataset")
    made.attrs["indices"] = argument(args, keywords, 2, "indices")


def _subset_item(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    return one(world, args[0].attrs["dataset"])


def _subset_len(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    return _length(world, args[0].attrs["indices"])


SUBSET = plain_class(
    f"{_D}.Subset",
    f"{_D}.dataset.Subset",
    base=DATASET,
    __init__=_subset_init,
    __getitem__=_subset_item,
    __len__=_subset_len,
)


def _concat_init(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> None:
    given = argument(args, keywords, 1, "datasets")
    found = iterate.items(world, given)
    args[0].attrs["datasets"] = (
        List([found.element], Unknown(found.why, plain=True)) if isinstance(found, Stream) else List(found)
    )


def _concat_item(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    held = args[0].attrs["datasets"].items
    if not held:
        raise Undetermined("no data sets")
    return joined([one(world, d) for d in held[:8]], "which data set an item is of is not known")


def _concat_len(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    held = args[0].attrs["datasets"]
    counts = [count(world, d) for d in held.items]
    if held.open is not None or any(n is None for n in counts):
        raise Undetermined("how many items there are is not known")
    return sum(counts)


CONCAT = plain_class(
    f"{_D}.ConcatDataset",
    f"{_D}.dataset.ConcatDataset",
    base=DATASET,
    __init__=_concat_init,
    __getitem__=_concat_item,
    __len__=_concat_len,
)


@function(f"{_D}.random_split", f"{_D}.dataset.random_split")
def random_split(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """random_split(dataset, lengths): numbers of items, or fractions that add up to one."""
    dataset = argument(args, keywords, 0, "dataset")
    lengths = iterate.known_items(world, argument(args, keywords, 1, "lengths"))
    return List([_part(world, dataset, n) for n in _counts(count(world, dataset), lengths)])


def _counts(total: Any, lengths: list[Any]) -> list[Any]:
    if (
        all(isinstance(n, (int, Sym)) and not isinstance(n, bool) for n in lengths)
        and sum(n for n in lengths if isinstance(n, int)) > 1
    ):
        if isinstance(total, int) and all(isinstance(n, int) for n in lengths) and sum(lengths) != total:
            raise library_refuses(
                "ValueError", f"the lengths add up to {sum(lengths)}, and there are {total} samples"
            )
        return lengths
    if (
        isinstance(total, int)
        and all(isinstance(n, (int, float)) for n in lengths)
        and abs(sum(lengths) - 1) < 1e-6
    ):
        found = [math.floor(total * n) for n in lengths]
        for i in range(total - sum(found)):
            found[i % len(found)] += 1
        return found
    return [n if isinstance(n, Sym) else None for n in lengths]


def _part(world: World, dataset: Any, size: Any) -> Instance:
    made = Instance(SUBSET)
    made.attrs["dataset"] = dataset
    indices = Stream(dims.symbol("index", low=0), "the indices of a part of a data set", size)
    made.attrs["indices"] = indices
    return made


# ---- samplers


def _sampler_init(*names: str) -> Any:
    def init(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> None:
        for i, name in enumerate(names):
            args[0].attrs[name] = argument(args, keywords, i + 1, name)

    return init


def _sampler_len(*names: str) -> Any:
    """As many as its first argument that is given says."""

    def length(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
        for name in names:
            held = args[0].attrs.get(name)
            if isinstance(held, (int, Sym)):
                return held
            if held is not None:
                return _length(world, held)
        raise Undetermined("how many items are drawn is not known")

    return length


def _indices(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    return Stream(dims.symbol("index", low=0), "the indices that a sampler draws")


SAMPLER = plain_class(f"{_D}.Sampler", f"{_D}.sampler.Sampler", __init__=nothing)
for _name, _arguments, _lengths in (
    ("SequentialSampler", ("data_source",), ("data_source",)),
    ("RandomSampler", ("data_source", "replacement", "num_samples"), ("num_samples", "data_source")),
    ("SubsetRandomSampler", ("indices",), ("indices",)),
    ("WeightedRandomSampler", ("weights", "num_samples"), ("num_samples",)),
):
    plain_class(
        f"{_D}.{_name}",
        f"{_D}.sampler.{_name}",
        base=SAMPLER,
        __init__=_sampler_init(*_arguments),
        __iter__=_indices,
        __len__=_sampler_len(*_lengths),
    )
DISTRIBUTED = plain_class(
    f"{_D}.distributed.DistributedSampler",
    f"{_D}.DistributedSampler",
    base=SAMPLER,
    __init__=_sampler_init("dataset"),
    __iter__=_indices,
    set_epoch=nothing,
)
BATCHES = plain_class(
    f"{_D}.BatchSampler",
    f"{_D}.sampler.BatchSampler",
    base=SAMPLER,
    __init__=_sampler_init("sampler", "batch_size", "drop_last"),
)

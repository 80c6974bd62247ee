"""torch.utils.data.DataLoader: walking one gives batches, all of the batch size; how large the last one is, is kept."""

from __future__ import annotations

from typing import Any

from shapelint import dims
from shapelint.dims import Dim, Sym
from shapelint.interp import calls
from shapelint.interp.host import deep_copies
from shapelint.interp.library import function
from shapelint.interp.library.data_collate import collated, converted, default_collate
from shapelint.interp.library.data_sets import BATCHES, count, one
from shapelint.interp.library.torch_classes import plain_class
from shapelint.interp.world import World
from shapelint.specs.signature import BindingError, parse
from shapelint.values import Builtin, Instance, List, Stream, Unknown

_SIGNATURE = parse(
    "dataset, batch_size=1, shuffle=None, sampler=None, batch_sampler=None, num_workers=0, collate_fn=None, "
    "pin_memory=False, drop_last=False, timeout=0, worker_init_fn=None, multiprocessing_context=None, generator=None, *, "
    "prefetch_factor=None, persistent_workers=False, pin_memory_device='', in_order=True"
)
_LISTED = 512  # a larger batch is not written out item by item for a collate_fn of the program
_WHY = "the number of batches is not known"


def _init(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> None:
    made, *given = args
    world.journal.touch(made.attrs)
    try:
        made.attrs.update(_SIGNATURE.bind(tuple(given), keywords))
    except BindingError as problem:
        made.attrs["dataset"] = Unknown(f"DataLoader: {problem}", world.site(), plain=True)
        made.attrs.update(batch_size=Unknown("a batch size", plain=True), drop_last=True)
        return
    sampler = made.attrs["batch_sampler"]
    if sampler is not None:
        known = isinstance(sampler, Instance) and sampler.cls is BATCHES
        made.attrs["batch_size"] = (
            sampler.attrs["batch_size"] if known else Unknown("a batch size", plain=True)
        )
        made.attrs["drop_last"] = sampler.attrs["drop_last"] if known else Unknown("a batch size", plain=True)
    items = _items(world, made)
    size = made.attrs["batch_size"]
    if isinstance(items, int) and isinstance(size, int) and size > 0 and made.attrs["drop_last"] is False:
        rest = items % size
        made.attrs["_last_batch"] = (
            rest if rest and items > size else None
        )  # what rules may ask: None when all are equal


def _items(world: World, loader: Any) -> Any:
    """How many items are drawn in all: a size, or None."""
    held = loader.attrs
    if held.get("batch_sampler") is not None:
        sampler = held["batch_sampler"]
        return (
            count(world, sampler.attrs["sampler"])
            if isinstance(sampler, Instance) and sampler.cls is BATCHES
            else None
        )
    if held.get("sampler") is not None:
        return count(world, held["sampler"])
    return count(world, held["dataset"])


def _batch(world: World, loader: Any) -> Dim:
    """The size of a batch."""
    size = loader.attrs["batch_size"]
    if isinstance(size, Unknown):
        return size.as_size()
    if not isinstance(size, (int, Sym)) or isinstance(size, bool):
        return dims.symbol("B", low=1)
    items = _items(world, loader)
    if isinstance(size, int) and isinstance(items, int) and 0 < items < size:
        return items
    return size


def batch(world: World, loader: Any, size: Dim) -> Any:
    """What one turn over a loader gives."""
    item = one(world, loader.attrs["dataset"])
    collate = loader.attrs.get("collate_fn")
    if loader.attrs["batch_size"] is None and loader.attrs.get("batch_sampler") is None:
        return converted(world, item) if collate is None else calls.call(world, collate, (item,), {})
    if collate is None or (isinstance(collate, Builtin) and collate.call is default_collate):
        return collated(world, item, size)
    return calls.call(world, collate, (_listed(world, item, size),), {})


def _listed(world: World, item: Any, size: Dim) -> List:
    """A batch's items in a list, for a collate_fn of the program."""
    number = dims.witness(size)
    if number is not None and number <= _LISTED:
        return List([deep_copies.copy(world, item, {}) for _ in range(number)])
    made = List([], Unknown("how many items a batch has is not known", plain=True))
    made.made_from = item
    return made


def _iter(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    loader = args[0]
    total, rest = _number(world, loader), loader.attrs.get("_last_batch")
    last = batch(world, loader, rest) if isinstance(rest, int) else None
    return Stream(batch(world, loader, _batch(world, loader)), _WHY, total, last)


def _number(world: World, loader: Any) -> Any:
    """How many batches there are, or None."""
    items, size = _items(world, loader), loader.attrs["batch_size"]
    dropped = loader.attrs.get("drop_last")
    if items is None or not isinstance(dropped, bool):
        return None
    if size is None:
        return items
    if isinstance(size, bool) or not isinstance(size, (int, Sym)) or (isinstance(size, int) and size < 1):
        return None
    return items // size if dropped else (items + size - 1) // size


def _len(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    found = _number(world, args[0])
    return Unknown(_WHY, plain=True) if found is None else found


LOADER = plain_class(
    "torch.utils.data.DataLoader",
    "torch.utils.data.dataloader.DataLoader",
    __init__=_init,
    __iter__=_iter,
    __len__=_len,
)
LOADER.kind = "loader"


@function("torch.utils.data.get_worker_info")
def get_worker_info(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> None:
    return None

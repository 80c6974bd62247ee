"""Tools that run a model to measure or export it: what they call it with is evidence of its input."""

from __future__ import annotations

from typing import Any

from shapelint import dims
from shapelint.interp import calls, iterate
from shapelint.interp.library import function
from shapelint.interp.world import World
from shapelint.values import Dict, DType, List, Module, Stream, Tensor, Undetermined, Unknown, as_dim


def _argument(
    args: tuple[Any, ...], keywords: dict[str, Any], at: int, *names: str, default: Any = None
) -> Any:
    if len(args) > at:
        return args[at]
    return next((keywords[n] for n in names if n in keywords), default)


def _shapes(world: World, value: Any) -> list[tuple[Any, ...]]:
    """One size tuple, or a list of several."""
    items = value if isinstance(value, tuple) else iterate.known_items(world, value)
    if items and all(isinstance(i, (tuple, List)) for i in items):
        return [tuple(map(as_dim, iterate.known_items(world, i))) for i in items]
    return [tuple(map(as_dim, items))]


def _call(world: World, model: Any, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    if isinstance(model, Unknown) or model is None:
        raise Undetermined("the model is not known")
    return calls.call(world, model, args, keywords)


def _dtype(value: Any, count: int) -> list[str]:
    values = (
        value.items
        if isinstance(value, List)
        else list(value)
        if isinstance(value, tuple)
        else [value] * count
    )
    return [v.name if isinstance(v, DType) else "float32" for v in values]


@function("torchsummary.summary")
def torchsummary(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """summary(model, input_size, batch_size=-1): sizes are without the batch."""
    model = _argument(args, keywords, 0, "model")
    sizes = _argument(args, keywords, 1, "input_size")
    batch = _argument(args, keywords, 2, "batch_size", default=-1)
    first = dims.symbol("B") if isinstance(batch, int) and batch < 0 else as_dim(batch)
    given = tuple(Tensor((first, *size)) for size in _shapes(world, sizes))
    _call(world, model, given, {})
    return None


@function("torchinfo.summary", "torchsummaryX.summary", "torch_summary.summary")
def torchinfo(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """summary(model, input_size=…, input_data=…, dtypes=…, batch_dim=…): sizes hold the batch unless batch_dim is given."""
    model = _argument(args, keywords, 0, "model")
    data = keywords.get("input_data")
    named = {k: v for k, v in keywords.items() if isinstance(v, Tensor) and k != "input_data"}
    if data is not None:
        if isinstance(data, Dict):
            _call(world, model, (), dict(data.items))
        elif isinstance(data, (List, tuple)):
            _call(world, model, tuple(iterate.known_items(world, data)), named)
        else:
            _call(world, model, (data,), named)
        return Unknown("torchinfo's statistics", plain=True)
    sizes = _argument(args, keywords, 1, "input_size")
    if isinstance(sizes, Tensor):
        _call(world, model, (sizes,), named)
        return Unknown("torchinfo's statistics", plain=True)
    if sizes is None:
        return Unknown("torchinfo's statistics", plain=True)
    shapes = _shapes(world, sizes)
    batch_dim = keywords.get("batch_dim")
    if isinstance(batch_dim, int):
        shapes = [(*s[:batch_dim], dims.symbol("B"), *s[batch_dim:]) for s in shapes]
    dtypes = _dtype(keywords.get("dtypes"), len(shapes))
    _call(world, model, tuple(Tensor(s, d) for s, d in zip(shapes, dtypes, strict=False)), named)
    return Unknown("torchinfo's statistics", plain=True)


@function("thop.profile", "ptflops.profile")
def thop(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """profile(model, inputs=(…,)): (MACs, parameters)."""
    model = _argument(args, keywords, 0, "model")
    given = _argument(args, keywords, 1, "inputs")
    _call(world, model, tuple(iterate.known_items(world, given)), {})
    return Unknown("thop's count of MACs", plain=True), Unknown("thop's count of parameters", plain=True)


@function("fvcore.nn.FlopCountAnalysis", "fvcore.nn.flop_count", "fvcore.nn.ActivationCountAnalysis")
def fvcore(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """FlopCountAnalysis(model, inputs): a tensor or a tuple of them."""
    return _with_inputs(world, args, keywords, "inputs")


@function("torch.onnx.export", "torch.jit.trace", "torch.export.export")
def export(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """export(model, args, …), trace(model, example_inputs): a tensor or a tuple of them."""
    made = _with_inputs(world, args, keywords, "args", "example_inputs")
    model = _argument(args, keywords, 0, "model", "func", "mod")
    return model if isinstance(model, Module) and made is not None else made


def _with_inputs(world: World, args: tuple[Any, ...], keywords: dict[str, Any], *names: str) -> Any:
    model = _argument(args, keywords, 0, "model", "func", "mod")
    given = _argument(args, keywords, 1, *names)
    if given is None or isinstance(given, Stream):
        return Unknown("what it measures is not modelled", plain=True)
    inputs = (
        given if isinstance(given, tuple) else tuple(given.items) if isinstance(given, List) else (given,)
    )
    named: dict[str, Any] = {}
    if inputs and isinstance(inputs[-1], Dict) and len(inputs) > 1:
        named, inputs = dict(inputs[-1].items), inputs[:-1]
    _call(world, model, inputs, named)
    return Unknown("what it measures is not modelled", plain=True)


@function("ptflops.get_model_complexity_info")
def ptflops(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """get_model_complexity_info(model, input_res): sizes are without the batch, which is 1."""
    model = _argument(args, keywords, 0, "model")
    sizes = _argument(args, keywords, 1, "input_res")
    _call(world, model, (Tensor((1, *map(as_dim, iterate.known_items(world, sizes)))),), {})
    return Unknown("ptflops' count", plain=True), Unknown("ptflops' count", plain=True)

"""Calling what makes or holds parameters in other ways: skip_init, functional_call."""

from __future__ import annotations

from typing import Any

from shapelint.interp import calls, iterate
from shapelint.interp.host.host_calls import takes
from shapelint.interp.library import function
from shapelint.interp.world import World
from shapelint.values import Undetermined


@function("torch.nn.utils.skip_init")
@takes("module_cls, *args, **kwargs")
def skip_init(world: World, module_cls: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """The module, its numbers not set."""
    return calls.call(world, module_cls, args, kwargs)


@function("torch.func.functional_call", "torch.nn.utils.stateless.functional_call")
@takes("module, parameter_and_buffer_dicts, args=None, kwargs=None, *, tie_weights=True, strict=False")
def functional_call(world: World, module: Any, args: Any, kwargs: Any, **_: Any) -> Any:
    """The module called with other numbers: shapes are the same."""
    given = () if args is None else args if isinstance(args, tuple) else (args,)
    named = {} if kwargs is None else iterate.mapping(kwargs)
    if named is None:
        raise Undetermined("its keyword arguments are not known")
    return calls.call(world, module, given, named)

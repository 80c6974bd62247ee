"""Calling values."""

from __future__ import annotations

import sys
from typing import Any

from shapelint import dims, facts
from shapelint.interp import branch, functions
from shapelint.interp.class_attributes import RECEIVER
from shapelint.interp.control import OutOfBudget, ProgramRaises
from shapelint.interp.truth import ask_again
from shapelint.interp.world import Frame, World
from shapelint.values import (
    BoundMethod,
    Builtin,
    Class,
    ClassMethod,
    Dict,
    Either,
    External,
    Function,
    Instance,
    List,
    Module,
    OneOf,
    Set,
    StaticMethod,
    Tensor,
    Undetermined,
    Unknown,
)

# What these libraries return is neither a layer nor a parameter.
PLAIN_LIBRARIES = sys.stdlib_module_names | {
    "numpy", "scipy", "PIL", "cv2", "pandas", "sklearn", "matplotlib", "tqdm", "yaml", "requests", "wandb",
    "typing_extensions", "packaging", "filelock", "regex", "httpx", "fsspec", "tokenizers", "sentencepiece", "psutil",
    "importlib_metadata", "importlib_resources", "httpx2", "httpcore", "httpcore2", "urllib3", "aiohttp", "anyio", "idna",
    "certifi", "charset_normalizer", "boto3", "botocore", "hf_xet", "rich", "click", "tensorboard", "tensorboardX",
    "albumentations", "av", "comet_ml", "decord", "dotenv", "evaluate", "fire", "gensim", "h5py", "imageio",
    "librosa", "lightgbm", "lmdb", "loguru", "neptune", "networkx", "nibabel", "nltk", "numba", "omegaconf", "open3d",
    "optuna", "plotly", "prettytable", "pycocotools", "pydicom", "pywt", "rouge_score", "sacrebleu", "seaborn", "shapely", "skimage",
    "SimpleITK", "soundfile", "spacy", "statsmodels", "streamlit", "sympy", "tabulate", "termcolor", "trimesh", "typer", "xgboost",
}  # fmt: skip


_PLAIN_PARTS = (
    "torch.cuda.", "torch.distributed.", "torch.backends.", "torch.profiler.", "torch.multiprocessing.",
    "torch.utils.data.", "torch.utils.tensorboard.",
    "torchvision.transforms.", "torchvision.datasets.", "torchvision.utils.", "torchvision.io.",
)  # fmt: skip


class FrameBuiltin(Builtin):
    """A builtin that looks at its caller's frame when called without arguments: super(), locals(), globals(), vars()."""

    __slots__ = ()


FRAME_BUILTINS = FrameBuiltin


def call(world: World, function: Any, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """The value of `function(*args, **keywords)`. Raises ProgramRaises where the program raises."""
    kind = function.__class__
    if kind is Function:
        return functions.call(world, function, args, keywords)
    if kind is BoundMethod:
        args = (function.receiver, *args)
        if function.function.__class__ is Function:
            return functions.call(world, function.function, args, keywords)
        return call(world, function.function, args, keywords)
    if kind is Builtin or kind is FrameBuiltin:
        world.step()
        if not args and function.name.startswith("method "):
            raise ProgramRaises("TypeError", f"unbound {function.name}() needs an argument")
        try:
            return function.call(world, args, keywords)
        except Undetermined as problem:
            return Unknown(problem.why, world.site(), after_failure=_fails(problem))
        except dims.Undetermined as problem:
            return Unknown(str(problem), world.site())
        except RecursionError:
            raise OutOfBudget("values are nested too deeply") from None
    if kind is Class:
        # Names of modules, not modules of the package: those cost thrice as much to import.
        from shapelint.interp.classes import instantiate

        try:
            return instantiate(world, function, args, keywords)
        except Undetermined as problem:
            return Unknown(
                problem.why, world.site(), after_failure=_fails(problem), plain=not function.is_module
            )
    if isinstance(function, Module):
        from shapelint.interp.nets.module_calls import call as call_module

        return call_module(world, function, args, keywords)
    if isinstance(function, Instance):
        method = special(function, "__call__")
        if method is not None:
            return call(world, method, (function, *args), keywords)
        if function.cls.unknown_base is not None:
            found = Unknown(f"{function.cls.name} derives from a class that is not known", world.site())
            return _of_no_known_code(world, None, (*args, *keywords.values(), function), found)
        raise ProgramRaises("TypeError", f"'{function.cls.name}' object is not callable")
    if isinstance(function, Unknown):
        function.members["called"] = True
        if not function.plain:
            world.gap(function.why)
        found = Unknown(
            function.why, function.site, after_failure=function.after_failure, plain=function.plain
        )
        own = (function.members[RECEIVER],) if RECEIVER in function.members else ()
        return _of_no_known_code(world, function, (*args, *keywords.values(), *own), found)
    if isinstance(function, Either):
        return _either(world, function, args, keywords)
    if isinstance(function, External):
        from shapelint.interp.library import torch_custom_ops

        if (operator := torch_custom_ops.found(world, function)) is not None:
            return call(world, operator, args, keywords)
        plain = function.qualname.partition(".")[0] in PLAIN_LIBRARIES
        plain = plain or function.qualname.startswith(_PLAIN_PARTS)
        if not plain:
            world.gap(f"{function.qualname} is not modelled")
        unknown = Unknown(f"{function.qualname} is not modelled", world.site(), plain=plain)
        return unknown if plain else _of_no_known_code(world, None, (*args, *keywords.values()), unknown)
    if isinstance(function, (StaticMethod, ClassMethod)):
        return call(world, function.function, args, keywords)
    if function is None or isinstance(function, (int, float, str, tuple, List, Tensor)):
        from shapelint.interp.iterate import type_name

        raise ProgramRaises(
            "TypeError",
            f"'{type_name(function)}' object is not callable",
            cause=facts.NotCallable(function),
        )
    return Unknown("what is called is not known", world.site())


def _of_no_known_code(
    world: World, function: Unknown | None, given: tuple[Any, ...], found: Unknown
) -> Unknown:
    """What a call gives of which nothing is known; it may have changed what it was given."""
    from shapelint.interp import origins

    origins.handed_over(world, given)
    return found if function is None else origins.result(function, found)


def _fails(problem: Undetermined) -> bool:
    return problem.cause is not None and problem.cause.after_failure


def _either(world: World, function: Either, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """Each option is called; calling None raises, so where others exist they decide."""
    options = [option for option in function.options if option is not None] or list(function.options)
    if len(options) == 1:
        return call(world, options[0], args, keywords)
    sides = [(lambda option=option: call(world, option, args, keywords)) for option in options]
    return branch.value(world, None, sides)


def call_unspread(world: World, function: Any, args: tuple[Any, ...] = ()) -> Any:
    """A call whose arguments are not all known (a starred one of unknown length), beyond the first `args`: what it gives is not
    known."""
    why = "a * or ** argument is not known"
    if isinstance(function, Class) and function.is_module:
        from shapelint.interp.nets import modules

        return modules.unbuilt(world, function, why)
    receiver = args
    if isinstance(function, BoundMethod):
        receiver, function = (function.receiver, *args), function.function
    if isinstance(function, Function):
        return functions.call_with_unknowns(world, function, receiver, why)
    if receiver and isinstance(receiver[0], Module) and isinstance(function, Builtin):
        from shapelint.interp.nets import modules

        modules.initialised_somehow(world, receiver[0], function, why)
    return Unknown(why, world.site())


def call_in_frame(function: Any, frame: Frame) -> Any:
    """super(), locals(), … called without arguments."""
    if frame.world.recording is not None and function.name != "super":
        frame.world.recording.spoilt = True
    return function.call(frame.world, (frame,), {})


def special(value: Any, name: str) -> Any:
    """A special method as the program's classes define it (never what shapelint supplies for plain objects), or None."""
    cls = value.cls if isinstance(value, Instance) else value.metaclass if isinstance(value, Class) else None
    if cls is None:
        return None
    found = cls.held(name)
    if isinstance(found, (StaticMethod, ClassMethod)):
        return found.function
    return found


def touch(world: World, value: List | Dict | Set) -> None:
    """To be called before a list, dict or set is written."""
    world.journal.touch(value.items)
    if value.open.__class__ is OneOf:
        world.journal.touch_slot(value, "open")
        value.open = Unknown(value.open.why)
    if value.open is not None and (value.open.members or value.open.asked):
        ask_again(world, value.open)
    if world.journal.layers:
        world.owners[id(value.items)] = value
    if value.__class__ is Dict and value.last is not None:
        world.journal.touch_slot(value, "last")
        value.last = None
    if value.twins:
        _open_twins(world, value)


def _open_twins(world: World, value: List | Dict | Set) -> None:
    """What may be the same container may have changed with it."""
    seen, pending = {id(value)}, [*value.twins]
    while pending:
        twin = pending.pop()
        if id(twin) in seen:
            continue
        seen.add(id(twin))
        pending += twin.twins
        if twin.open is not None and not twin.items and getattr(twin, "made_from", None) is None:
            continue  # nothing is known of it
        world.journal.touch(twin.items)
        world.owners[id(twin.items)] = twin
        twin.items.clear()
        world.journal.touch_slot(twin, "open")
        twin.open = Unknown("it may be a container that was changed under another name")
        if isinstance(twin, List):
            world.journal.touch_slot(twin, "made_from")
            twin.made_from = None
        elif isinstance(twin, Dict):
            world.journal.touch_slot(twin, "last")
            twin.last = None

"""Watching a program run: every torch function, every call of a module, every line and exception at a claim's place."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

from shapelint.confirm.child.happenings import Call, Event, Run, Traced
from shapelint.confirm.child.places import meets
from shapelint.confirm.child.pytorch import Module, optimizers, overrides, step_hooks
from shapelint.confirm.job import Claim

_SILENT = (StopIteration, StopAsyncIteration, GeneratorExit, KeyboardInterrupt)


class Listener:
    """Who is told what happens; `Judge` is one."""

    def happened(self, event: Event) -> None: ...
    def raised(self, claim: Claim, kind: type[BaseException], message: str) -> None: ...
    def passed(self, claim: Claim, frame: FrameType) -> None: ...


class Functions(overrides.TorchFunctionMode):  # type: ignore[misc]
    """Sees every torch function that the program calls."""

    def __init__(self, watch: Watch) -> None:
        super().__init__()
        self.watch = watch

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        result = func(*args, **kwargs)
        watch = self.watch
        if not watch.busy:
            name = watch.name_of(func)
            if name is not None:
                watch.tell(name, args, kwargs, result, sys._getframe(1), None)
        return result


class Watch:
    """Installed around a program: `with Watch(run, listener): …`."""

    def __init__(self, run: Run, claims: tuple[Claim, ...], listener: Listener) -> None:
        self.run = run
        self.listener = listener
        self.busy = False
        self._names: dict[Any, str | None] = {}
        self._by_path: dict[str, list[Claim]] = {}
        for claim in claims:
            self._by_path.setdefault(claim.path, []).append(claim)
        self._traced: dict[int, Traced] = {}
        self._mode: Any = None
        self._undo: list[Callable[[], None]] = []

    def __enter__(self) -> Watch:
        self._replace(Module, "__call__", self._calling)
        self._replace(Module, "__init__", self._building)
        self._replace(Module, "__setattr__", self._assigning)
        self._replace(optimizers.Optimizer, "__init__", self._optimizing)
        self._replace(optimizers.Optimizer, "zero_grad", self._clearing)
        self._replace(Module, "zero_grad", self._clearing)
        hook = step_hooks.register_optimizer_step_post_hook(self._stepped)
        self._undo.append(hook.remove)
        self._mode = Functions(self)
        self._mode.__enter__()
        sys.settrace(self._enter_frame)
        return self

    def __exit__(self, *problem: Any) -> None:
        sys.settrace(None)
        self._mode.__exit__(None, None, None)
        while self._undo:
            self._undo.pop()()

    def _replace(self, owner: Any, name: str, make: Callable[[Any], Any]) -> None:
        held = getattr(owner, name)
        setattr(owner, name, make(held))
        self._undo.append(lambda: setattr(owner, name, held))

    # ---- torch

    def name_of(self, func: Any) -> str | None:
        """`torch.Tensor.view` and the like; None for what only reads a property."""
        try:
            return self._names[func]
        except (KeyError, TypeError):
            pass
        name = overrides.resolve_name(func) or getattr(func, "__name__", "")
        last = name.rsplit(".", 1)[-1]
        told: str | None = None if last in ("__get__", "__set__", "__repr__") else name
        with contextlib.suppress(TypeError):
            self._names[func] = told
        return told

    def tell(
        self, name: str, args: Any, kwargs: Any, result: Any, frame: FrameType | None, call: Call | None
    ) -> None:
        """Hand an event on; what the listener does with torch meanwhile is not watched."""
        self.busy = True
        try:
            place = call.place if call is not None else self.run.own.innermost(frame)
            event = Event(name, args, kwargs, result, place, tuple(self.run.stack), call)
            self.run.remember(event)
            self.listener.happened(event)
        finally:
            self.busy = False

    def _calling(self, original: Any) -> Any:
        watch, run = self, self.run

        def __call__(module: Any, *args: Any, **kwargs: Any) -> Any:
            if watch.busy:
                return original(module, *args, **kwargs)
            place = run.own.innermost(sys._getframe(1))
            call = Call(module, args, kwargs, place, module.training)
            run.begin(call)
            try:
                result = original(module, *args, **kwargs)
            finally:
                run.finish(call)
            watch.tell(f"call {type(module).__name__}", args, kwargs, result, None, call)
            return result

        return __call__

    def _building(self, original: Any) -> Any:
        run = self.run

        def __init__(module: Any, *args: Any, **kwargs: Any) -> None:
            original(module, *args, **kwargs)
            run.built(module, run.own.innermost(_outside(module, sys._getframe(1))))

        return __init__

    def _assigning(self, original: Any) -> Any:
        run = self.run

        def __setattr__(module: Any, name: str, value: Any) -> None:
            held = module.__dict__.get("_modules", {}).get(name)
            original(module, name, value)
            if held is not None and held is not value and isinstance(value, Module):
                place = run.own.innermost(sys._getframe(1))
                run.replaced.append((place, name, type(held).__name__, run.called.get(id(held), 0)))

        return __setattr__

    def _optimizing(self, original: Any) -> Any:
        run = self.run

        def __init__(optimizer: Any, *args: Any, **kwargs: Any) -> None:
            original(optimizer, *args, **kwargs)
            run.optimizers.append(optimizer)

        return __init__

    def _clearing(self, original: Any) -> Any:
        run = self.run

        def zero_grad(owner: Any, *args: Any, **kwargs: Any) -> Any:
            run.cleared += 1
            return original(owner, *args, **kwargs)

        return zero_grad

    def _stepped(self, optimizer: Any, args: Any, kwargs: Any) -> None:
        self.run.steps += 1

    # ---- lines and exceptions

    def _enter_frame(self, frame: FrameType, event: str, argument: Any) -> Any:
        if event != "call" or self.busy or frame.f_code.co_filename not in self._by_path:
            return None
        return self._in_frame

    def _in_frame(self, frame: FrameType, event: str, argument: Any) -> Any:
        if self.busy:
            return self._in_frame
        state = self._traced.setdefault(id(frame), Traced())
        if event == "line":
            state.raising = False
            self._line(frame, state)
        elif event == "exception":
            self._exception(frame, state, argument)
        elif event == "return":
            if not state.raising:
                self._leave(frame, state, None)
            self._traced.pop(id(frame), None)
        return self._in_frame

    def _line(self, frame: FrameType, state: Traced) -> None:
        line = frame.f_lineno
        self._leave(frame, state, line)
        for claim in self._by_path[frame.f_code.co_filename]:
            if claim.line <= line <= max(claim.end_line, claim.line) and claim not in state.inside:
                state.inside.append(claim)
                self.run.reached[claim.id] = self.run.reached.get(claim.id, 0) + 1

    def _leave(self, frame: FrameType, state: Traced, line: int | None) -> None:
        """The claims whose lines have been left without an exception."""
        for claim in list(state.inside):
            if line is None or not claim.line <= line <= max(claim.end_line, claim.line):
                state.inside.remove(claim)
                self.run.passed[claim.id] = self.run.passed.get(claim.id, 0) + 1
                self.busy = True
                try:
                    self.listener.passed(claim, frame)
                finally:
                    self.busy = False

    def _exception(self, frame: FrameType, state: Traced, argument: Any) -> None:
        kind, value, trace = argument
        state.raising = True
        if issubclass(kind, _SILENT):
            return
        found = self.run.own.deepest(trace)
        if found is None or found[0] is not frame:
            return
        for claim in self._by_path[frame.f_code.co_filename]:
            if meets(claim, found[1]):
                self.listener.raised(claim, kind, str(value))


def _outside(module: Any, frame: FrameType | None) -> FrameType | None:
    """The frame that builds a module: the constructors of its own classes are left out."""
    while frame is not None and frame.f_code.co_argcount:
        first = frame.f_code.co_varnames[0]
        if frame.f_locals.get(first) is not module:
            return frame
        frame = frame.f_back
    return frame

"""torch, untyped: the child calls it with whatever the user's program gives it."""

from __future__ import annotations

from importlib import import_module
from typing import Any

torch: Any = import_module("torch")
Module: Any = import_module("torch.nn").Module
Tensor: Any = torch.Tensor
overrides: Any = import_module("torch.overrides")
weak: Any = import_module("torch.utils.weak")
optimizers: Any = import_module("torch.optim")
step_hooks: Any = import_module("torch.optim.optimizer")
flop_counter: Any = import_module("torch.utils.flop_counter")

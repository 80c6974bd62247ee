"""SHP112 invalid-constructor-argument."""

from __future__ import annotations

from shapelint.rules.base import NeedRule


class InvalidConstructorArgument(NeedRule):
    """A layer refuses the arguments it is built from.

    Why
    Channels must be divisible by groups, sizes positive, probabilities between 0 and 1: the constructor raises.

    Bad
        from torch import nn

        nn.GroupNorm(19, 77)  # error: [invalid-constructor-argument]

    Good
        from torch import nn

        nn.GroupNorm(11, 77)
    """

    code = "SHP112"
    name = "invalid-constructor-argument"

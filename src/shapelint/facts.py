"""What was seen while reading a program: data only, no prose and no judgement. The interpreter records, rules read."""

from __future__ import annotations

from typing import Any, NamedTuple

from shapelint.dims import Dim
from shapelint.records import dataclass, field
from shapelint.values.origin import Site


class Ran(NamedTuple):
    """One operation or layer of torch's that was evaluated, in the order of evaluation: what a replay of memory is made from.

    `given` are the arguments by name, `layer` the module whose law it was. `grad` tells whether gradients were being recorded,
    `certain` is False under a condition or in a loop that could not be decided.
    """

    op: str
    given: dict[str, Any]
    result: Any
    layer: Any
    grad: bool | None
    certain: bool
    held: frozenset[int] = (
        frozenset()
    )  # the identities of the tensors that names and calls in progress hold meanwhile


@dataclass(slots=True, eq=False)
class Fact:
    """`site` is the innermost place in a file that is being checked, `stack` the call sites that led there (outermost first).

    `certain` is False on one side of an undecided branch, and wherever else the program might not get there.
    `model_call` is the record of the outermost module call in progress. `repeats` is True inside a loop of an unknown number of
    turns, of which one was evaluated for all.
    """

    site: Site | None
    stack: tuple[Site, ...]
    certain: bool
    model_call: Any = field(default=None, init=False)
    order: int = field(default=0, init=False)  # the world's clock when it was recorded
    repeats: bool = field(default=False, init=False)
    guessed: bool = field(default=False, init=False)  # the rank of some input had been guessed before it
    by_program: bool = field(
        default=False, init=False
    )  # the program gets here when it is run: nothing was supposed of arguments


@dataclass(slots=True, eq=False)
class NeedFailed(Fact):
    """An operation asked for something that does not hold, for every value of what is unknown.

    rule     the name of the offence ("linear-size-mismatch", …), as a rule in `shapelint.rules` has it
    op       the operation or layer, as documented ("torch.nn.Linear")
    what, actual / by, wanted   the two sides: what each is, and its size (None where prose says it all)
    relation how they should stand to each other: "equal", "at_least" or "divides"
    message  a whole clause, where the two sides do not tell it
    tensors  the tensors that met, for the trail
    built    where the layer was constructed
    raised   the exception torch raises
    inner    the place of the operation itself, when that is in a library
    """

    rule: str = ""
    op: str = ""
    what: str = ""
    actual: Any = None
    by: str = ""
    wanted: Any = None
    relation: str = "equal"
    message: str = ""
    tensors: tuple[Any, ...] = ()
    built: Site | None = None
    raised: str = "RuntimeError"
    inner: Site | None = None


@dataclass(slots=True, eq=False)
class Assumed(Fact):
    """Something an operation needs and that could neither be proven nor refuted: `left` should equal (or divide, …) `right`."""

    relation: str = "equal"
    left: Dim = 0
    right: Dim = 0
    op: str = ""

    # Written by hand, here and in the two below: these are made by the ten thousand.
    def __init__(
        self,
        site: Site | None,
        stack: tuple[Site, ...],
        certain: bool,
        relation: str = "equal",
        left: Dim = 0,
        right: Dim = 0,
        op: str = "",
    ) -> None:
        self.site, self.stack, self.certain = site, stack, certain
        self.model_call, self.order = None, 0
        self.repeats = self.guessed = self.by_program = False
        self.relation, self.left, self.right, self.op = relation, left, right, op


@dataclass(slots=True, eq=False)
class Called(Fact):
    """An operation or layer was called. `arguments` are bound by name; recorded only for operations some rule listens to.

    `op` is the name it was called by, `law` the first of all its names ("torch.Tensor.mean" is torch.mean's). `inner` is the place
    of the call itself, when that is in a library.
    """

    op: str = ""
    law: str = ""
    arguments: dict[str, Any] = field(default_factory=dict)
    result: Any = None
    layer: Any = None
    node: Any = None
    inner: Site | None = None

    def __init__(
        self,
        site: Site | None,
        stack: tuple[Site, ...],
        certain: bool,
        op: str = "",
        law: str = "",
        arguments: dict[str, Any] | None = None,
        result: Any = None,
        layer: Any = None,
        node: Any = None,
        inner: Site | None = None,
    ) -> None:
        self.site, self.stack, self.certain = site, stack, certain
        self.model_call, self.order = None, 0
        self.repeats = self.guessed = self.by_program = False
        self.op = op
        self.law = law
        self.arguments = {} if arguments is None else arguments
        self.result = result
        self.layer = layer
        self.node = node
        self.inner = inner


@dataclass(slots=True, eq=False)
class ModuleBuilt(Fact):
    module: Any = None

    def __init__(self, site: Site | None, stack: tuple[Site, ...], certain: bool, module: Any = None) -> None:
        self.site, self.stack, self.certain = site, stack, certain
        self.model_call, self.order = None, 0
        self.repeats = self.guessed = self.by_program = False
        self.module = module


@dataclass(slots=True, eq=False)
class ModelCalled(Fact):
    """A module was called from outside any other module: a network met an input.

    `training` and `grad` tell how: in which mode the network was, and whether gradients were on (None where it is not known).
    """

    module: Any = None
    inputs: tuple[Any, ...] = ()
    keywords: dict[str, Any] = field(default_factory=dict)
    output: Any = None
    source: str = "call"
    training: bool | None = None
    grad: bool | None = None


@dataclass(slots=True, eq=False)
class ForwardReturned(Fact):
    """A `forward` written in the program gave None. `site` is the bare return, or the name in its `def`.

    `last` is the statement whose result was lost (a name that is never read again, a call whose value is dropped), if there is
    one; `stores` tells whether the forward writes to anything that outlives it.
    """

    module: Any = None
    last: Site | None = None
    stores: bool = False


@dataclass(slots=True, eq=False)
class LayerReplaced(Fact):
    """An attribute that held a layer is given another one: `first` and `second` are the places of the assignments."""

    module: Any = None
    name: str = ""
    old: Any = None
    new: Any = None
    first: Site | None = None
    second: Site | None = None


@dataclass(slots=True, eq=False)
class LoopLeft(Fact):
    """The first turn of a loop over layers returned what it computed, as every turn would; `turns` are those there could be (at
    least). `site` is the return."""

    turns: int = 0


@dataclass(slots=True, eq=False)
class TurnsLost(Fact):
    """Every one of the `turns` of a loop over layers gave `name` a result anew, and only the last one's was read. `alike`: each layer was
    given the same. `site` is the statement that calls the layer."""

    turns: int = 0
    name: str = ""
    alike: bool = False


@dataclass(slots=True, eq=False)
class LayersZipped(Fact):
    """zip was given containers of layers of different lengths. `columns` has the layers of each of its arguments, None for what is
    no such container; a container is the shortest of all whose length is known, and nothing else is as short: it has `turns`."""

    columns: tuple[tuple[Any, ...] | None, ...] = ()
    turns: int = 0


@dataclass(slots=True, eq=False)
class ResultDropped(Fact):
    """A call that stands alone as a statement made a tensor that nothing holds. `name` is the variable whose method was called,
    if that is what it is. `presumed`: what was called on is taken for a tensor only since it was asked for this."""

    result: Any = None
    name: str = ""
    presumed: bool = False


@dataclass(slots=True, eq=False)
class OptimizerBuilt(Fact):
    """`parameters` are the tensors it was given, None when they are not all known. A group that is added later counts too."""

    optimizer: Any = None
    parameters: tuple[Any, ...] | None = None


@dataclass(slots=True, eq=False)
class OptimizerUsed(Fact):
    """`what` is "step" or "zero_grad"."""

    optimizer: Any = None
    what: str = ""


@dataclass(slots=True, eq=False)
class StateLoaded(Fact):
    """load_state_dict was called on a module; `given` is what it was given."""

    module: Any = None
    given: Any = None


@dataclass(slots=True, eq=False)
class StateTaken(Fact):
    """state_dict was called on a module; `state` is what it gave: the values of the module's own tensors."""

    module: Any = None
    state: Any = None


@dataclass(slots=True, eq=False)
class NotCalled(Fact):
    """A statement only names a method of `value`, which a tensor, a module or an optimizer has, and does not call it."""

    value: Any = None
    name: str = ""


@dataclass(slots=True, eq=False)
class FlagSet(Fact):
    """An attribute is given to a tensor or module that torch knows nothing of, though it looks like `requires_grad`.
    `inner` is the place of the statement itself."""

    owner: Any = None
    name: str = ""
    value: Any = None
    inner: Site | None = None


@dataclass(slots=True, eq=False)
class Assigned(Fact):
    """A statement gave `value` to `name` ("return": it was returned) within `function`.

    Recorded for a tensor where a comment on the line states a shape (`comment`; `names` are the sizes that its words are bound
    to there), and for a number in a function that holds `networks`.
    """

    name: str = ""
    value: Any = None
    function: str = ""
    comment: Any = None
    names: dict[str, Any] = field(default_factory=dict)
    networks: tuple[Any, ...] = ()


@dataclass(slots=True, eq=False)
class Annotated(Fact):
    """A function whose annotations state shapes was called and returned: (name, the text of the shape, the value, the place of the
    annotation) for each tensor, "return" last."""

    function: str = ""
    stated: tuple[tuple[str, str, Any, Site], ...] = ()


@dataclass(slots=True, eq=False)
class Measured(Fact):
    """A network was summarised: `value` of `measure` ("params", "macs", …), beside the most that the settings allow."""

    model: str = ""
    measure: str = ""
    value: int = 0
    limit: int = 0


@dataclass(slots=True, frozen=True)
class Unpacked:
    """`value` has `count` items where `names` names (with a starred one, at least so many) stand to take them."""

    value: Any
    count: int
    names: int
    starred: bool = False


@dataclass(slots=True, frozen=True)
class AttributeAsked:
    """`value` is asked for an attribute that it does not have; `near` is one that it has and that may be meant."""

    value: Any
    name: str
    near: str = ""


@dataclass(slots=True, frozen=True)
class IndexedByTuple:
    """`value`, a tuple or list, is given several indices at once."""

    value: Any


@dataclass(slots=True, frozen=True)
class SizeAsked:
    """The sizes of a tensor are asked for one beyond its axes: number `index` of `sizes`."""

    sizes: Any
    index: int


@dataclass(slots=True, frozen=True)
class CalledWithoutForward:
    """`module` is called, and no class of its line has a forward."""

    module: Any


@dataclass(slots=True, frozen=True)
class RegisteredNoLayer:
    """`module`, a container, is to register `value`, which is no layer."""

    module: Any
    value: Any
    type_name: str


@dataclass(slots=True, frozen=True)
class RegisteredTooEarly:
    """A "module" or "parameter" is assigned before nn.Module's own constructor has run."""

    what: str


@dataclass(slots=True, frozen=True)
class CalledTooEarly:
    """`module` is called, and nn.Module's own constructor has not run."""

    module: Any


@dataclass(slots=True, frozen=True)
class ParameterReplaced:
    """A plain tensor is assigned to the attribute `name`, which holds a parameter."""

    name: str


@dataclass(slots=True, frozen=True)
class ArgumentsDiffer:
    """The function of the program that is called does not take what it is given: `given` more than its `taken` positional ones, a
    keyword it does not know, or some `missing`."""

    function: Any
    taken: int = 0
    given: int = 0
    unexpected: str = ""
    missing: tuple[str, ...] = ()


@dataclass(slots=True, frozen=True)
class NotCallable:
    """`value` is called."""

    value: Any


@dataclass(slots=True, frozen=True)
class NotSubscriptable:
    """`value` is given an index."""

    value: Any


@dataclass(slots=True, frozen=True)
class LibraryRefuses:
    """torch, or a library that belongs to it, refuses a call for the reason that the message gives."""


# What an exception of Python's own is raised about, where some rule wants to know it.
Cause = (
    Unpacked
    | ArgumentsDiffer
    | NotCallable
    | NotSubscriptable
    | LibraryRefuses
    | AttributeAsked
    | IndexedByTuple
    | SizeAsked
    | CalledWithoutForward
    | RegisteredNoLayer
    | RegisteredTooEarly
    | CalledTooEarly
    | ParameterReplaced
)


@dataclass(slots=True, eq=False)
class Raised(Fact):
    """The program itself raises here, whatever the unknowns (an assert that fails, a `raise`, a missing attribute). `cause` is
    what it is raised about; None where no rule asks."""

    exception: str = ""
    message: str = ""
    cause: Cause | None = None


@dataclass(slots=True, eq=False)
class GaveUp(Fact):
    """Something could not be followed; `why` is a clause, `what` names what stays unknown."""

    why: str = ""
    what: str = ""


@dataclass(slots=True, eq=False)
class Printed(Fact):
    """The program prints this; None where the text is not known."""

    text: str | None = None

"""The world of a run: budget, journal, facts, what has been inferred, which files were read. State only, no semantics."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from shapelint import dims, facts, ir
from shapelint.dims import Dim, Sym
from shapelint.interp.control import GivenUp, OutOfBudget
from shapelint.interp.nets.entry_axes import EntryAxes
from shapelint.values import Journal, List, Namespace, Shape, Site, Tensor, Undetermined, Unranked
from shapelint.values.objects import Environment

_DEEP = 16  # calls in progress; few networks nest more
MAX_STEPS = 1_000_000  # statements, calls and long things made, of one entry point
FILE_STEPS = 2_000_000  # and of all entry points of a file together
_DONE_AGAIN = 5  # what is done again costs the host a fifth, at most, of what it costs to evaluate it
_LEAST_STEPS = 2_000  # what an entry point is given when the file's are spent
PLAIN_STEPS = (
    60_000  # of an imported module that does not mention torch: the dearest that networks need takes 48,000
)
_OF_STEPS = 5  # a loop may take a fifth of what there is
MAX_DEPTH = 120  # nested calls of the program


class Frame:
    """One call: its environment, and what is pending in it."""

    __slots__ = ("env", "function", "node", "receiver", "sent", "world", "yields")

    def __init__(self, world: World, env: Environment, function: Any = None, receiver: Any = None) -> None:
        self.world = world
        self.env = env
        self.function = function
        self.receiver = receiver  # the first argument, for super()
        self.node: ir.Node | None = None  # the statement or call that is being evaluated
        self.yields: Any = None  # the List of what a generator yields while it is executed to its end
        self.sent: dict[int, Any] = {}  # what was sent to yields that have been come by

    @property
    def namespace(self) -> Namespace:
        return self.env.globals


class RankQuestion(NamedTuple):
    """A guess that was made: how many axes a tensor may have, the number taken, and when; `open`: it may have more than those."""

    ranks: tuple[int, ...]
    rank: int
    order: int
    open: bool = False


class Imported:
    """The modules that were evaluated. They outlive a World: importing happens once, whatever the programs do afterwards."""

    __slots__ = (
        "awaiting",
        "elsewhere",
        "identities",
        "library",
        "namespaces",
        "of_objects",
        "pending_stars",
        "registries",
        "spoiled",
    )

    def __init__(self) -> None:
        self.of_objects: dict[str, dict[int, Any]] = {
            name: {} for name in _OF_OBJECTS
        }  # what is known, by identity, of objects that they have made
        self.identities: dict[
            int, tuple[Any, int]
        ] = {}  # by host identity: an object, and what id() gives of it
        self.namespaces: dict[str, Namespace] = {}
        self.pending_stars: list[Any] = []
        self.library: dict[
            Any, Any
        ] = {}  # what models of libraries keep for the run: the same question, the same unknown
        self.awaiting: dict[str, None] = {}  # modules whose import was put off
        self.elsewhere = False  # they put something on another device than the CPU or the meta device
        self.spoiled = False  # some of them have taken names of a file that was analysed
        self.registries: tuple[int, dict[int, list[tuple[Namespace, str]]]] | None = (
            None  # containers that modules hold, when so many were read
        )


_MOST_TURNS = 16  # of looking up what a size is bound to that cost nothing


class World:
    """Everything a run shares. `listen` names the operations whose calls are recorded as facts."""

    once = True

    def __init__(
        self,
        *,
        load: Callable[[str], Any],
        checked: Callable[[str], bool] | None = None,
        listen: frozenset[str] = frozenset(),
        imported: Imported | None = None,
    ) -> None:
        self.imported = imported or Imported()
        self.load = load  # module name -> source file to evaluate, or a reason
        self.checked = checked or (lambda path: True)  # whether findings in this file are wanted
        self.listen = listen
        self.journal = Journal()
        self.facts: list[facts.Fact] = []
        self.frames: list[Frame] = []
        self.placed: list[
            tuple[Frame, ir.Node | None, tuple[Site, ...]]
        ] = []  # the frames last asked for, see stack()
        self.namespaces = self.imported.namespaces
        self.importing = 0  # how many modules are being imported
        self.telling = False  # while the text of an exception is put together: no module is read for it
        self.lazy_imports = True  # what libraries import is followed when a name is missed
        self.deferring: Frame | None = None  # the file whose imports are kept until a name is asked for
        self.mentions: Callable[[str, str], bool] = lambda module, name: (
            True
        )  # whether a module's text holds a word
        self.holders: Callable[[list[str], str, Any], list[str]] = (
            lambda modules, word, pattern: modules
        )  # which modules hold a word (and what a pattern means) in their text, of some and of what they import
        self.installed: Callable[[str], bool | None] = lambda module: None  # whether there is a module
        self.version: Callable[[str], str | None] = lambda distribution: None  # of an installed distribution
        self.file_text: Callable[[str], str | None] = lambda path: None  # of a file that lies in a package
        self.file_names: Callable[[str], dict[str, bool] | None] = lambda path: (
            None
        )  # in a directory that lies in a package, each with whether it is a directory
        self.docstring_makers: dict[
            int, tuple[Any, str | None]
        ] = {}  # by function: what it returns documented
        self.written: dict[
            int, tuple[Any, Any, bool]
        ] = {}  # containers of modules: (it, what had been read, whether modules that were not may write to it)
        self.completed: dict[
            tuple[int, str], tuple[tuple[int, ...], list[Any]]
        ] = {}  # what modules hold that was gone through: (what had been read then, what the module's names stood for)
        self.assigned: dict[
            int, tuple[Any, set[str]]
        ] = {}  # by body of a loop: (it, the names that it binds)
        self.carried: dict[
            int, tuple[Any, frozenset[str]]
        ] = {}  # by loop: (it, the names that a turn may have from the one before)
        self.classes: dict[str, Any] = {}  # supplied classes by qualified name
        self.bindings: dict[Any, Dim] = {}  # symbols that a need has fixed
        self.decided: dict[int, tuple[Any, bool]] = {}  # undecided conditions on whose one side we are
        self.steps = MAX_STEPS
        self.deepest = MAX_DEPTH  # how many frames there may be
        self.loop_steps = MAX_STEPS // _OF_STEPS  # of the exact turns of one loop of many
        self.left = FILE_STEPS - MAX_STEPS  # what no entry point has been given yet
        self.spared = 0  # of the steps of this one: those that were not taken, as something was done again
        self.clock = 0
        self.failures = 0  # failed needs so far, reported or not
        self.uncertain = 0  # how many undecided branches we are inside of
        self.muted = 0  # facts are not recorded (a trial pass over a loop)
        self.impatient = False  # calls of packages with unknown arguments may be given up
        self.goes_on = False  # a call into a library that cannot be followed does not end the program
        self.lent = False  # in such a call: it has been given a part of the budget
        self.patience: int | None = None  # in a call that may be given up: the statements it may still take
        self.repeating = 0  # how many loops of unknown length we are inside of
        self.guarded = 0  # try blocks around us that would catch what torch raises
        self.transforms = 0  # transforms of functions (torch.vmap) that we are inside of
        self.class_statements: list[Any] = []  # class statements whose class is being made
        self.tries: list[Any] = []  # the try statements with handlers that we are inside of
        self.import_guards = 0  # try blocks around us: a missing module then raises
        self.default_dtype: Any = "float32"  # None when the program sets one that is not known
        self.calls: list[Any] = []  # calls of nn.Modules in progress (summary's records)
        self.identities: dict[
            int, tuple[Any, int]
        ] = {}  # by host identity: an object, and what id() gives of it
        self.elsewhere = False  # the program may have put something on another device
        self.one_device = False  # what comes from outside lies where everything starts (a summary's input)
        self.records: list[Any] | None = None  # all calls of nn.Modules in order, when somebody wants them
        self.trace: list[facts.Ran] | None = None  # the operations in order, when somebody wants them
        self.wanted: Any = None  # what a summary is to tell of memory
        self.ranks: dict[int, int] = {}  # hypotheses: how many axes the nth tensor of unknown rank has
        self.guessing = False  # in an entry point whose driver tries all ranks
        self.read_of: Any = None  # whose attribute was read last that is not known
        self.by_program = False  # what is evaluated is what the program does when it is run
        self.stand_ins: dict[int, Any] = {}  # see interp/stand_ins.py
        self.escaped: dict[int, Any] = {}  # see interp/escaped.py
        self.given_away: dict[int, Any] = {}  # see interp/given_away.py
        self.escaped_classes: dict[int, Any] = {}  # of what escaped, what may happen to their objects
        self.changed_by_methods: dict[Any, Any] = {}  # see interp/changes.py
        self.usual_rank = 2
        self.entry_axes = EntryAxes()
        self.rank_questions: list[RankQuestion] = []
        self.grad_enabled: bool | None = True
        self.autocast = (
            False  # inside torch.autocast: which precision an operation computes in is not followed
        )
        self.freed: dict[int, tuple[Any, Site | None]] = {}  # tensors whose graph a backward has freed, by id
        self.kept: dict[int, tuple[Any, list[Any]]] = {}  # what is kept for backward, by id: (it, for what)
        self.written_into: dict[
            int, tuple[Any, list[Any]]
        ] = {}  # tensors, and what was written into them, by id
        self.written_before: dict[
            tuple[int, int], tuple[Any, int]
        ] = {}  # so much of that before a step was given one
        self.with_gradients: dict[int, Any] = {}  # parameters that a backward has come to, by id
        self.overwritten: dict[
            int, Any
        ] = {}  # the tensors for which something was kept that was written to, by id
        self.names_in: dict[int, tuple[Any, dict[str, None]]] = {}  # of functions, by their nodes' identity
        self.number_tables: dict[int, tuple[Any, Any]] = {}  # of comprehensions, by their nodes' identity
        self.leaves: dict[int, Any] = {}  # tensors whose flag the program itself has set, by identity
        self.library = self.imported.library
        self.reached: set[int] = set()  # the functions of the program that were called, by their node
        self.inputs: dict[
            int, Any
        ] = {}  # tensors that went into a model, by id: (tensor, its shape, it with symbols)
        self.shape_comments: dict[str, Any] = {}  # by path: line -> the shape that a comment there states
        self.follow_axes = True  # sizes of a model's input become symbols with a witness
        self.owners: dict[
            int, Any
        ] = {}  # host containers written inside a branch -> their List, Dict or Set values
        self.once = World.once  # what is equal is worked out once: off, everything is worked out each time
        self.equal_layers: dict[
            Any, Any
        ] = {}  # what constructors of torch's layers have made of their arguments
        self.rebuilt: dict[Any, Any] = {}  # what constructors of the program have made of their arguments
        self.weight_calls: dict[Any, Any] = {}  # what calls that only write into weights came to
        self.equal_turns: dict[Any, Any] = {}  # and turns of loops that do
        self.footprints: dict[Any, Any] = {}  # by function: what it may read of its arguments
        self.equal_calls: dict[Any, Any] = {}  # what calls of blocks have given and done
        self.recording: Any = None  # what watches a constructor or a call whose work may be done again
        self.perhaps: dict[int, Any] = {}  # by attrs: what only one side of a branch has set (a layers.Doubt)
        self.taken: set[str] = set()  # the imported modules whose settings hold
        for name, known in self.imported.of_objects.items():
            getattr(self, name).update(known)

    def tick(self) -> int:
        """A clock that orders calls and facts."""
        self.clock += 1
        return self.clock

    def gap(self, why: str) -> None:
        """What a call in progress computes is not all known: its MACs are not."""
        if self.calls and not self.muted and self.calls[-1].uncertain is None:
            self.calls[-1].uncertain = why

    # ---- budget

    def step(self, cost: int = 1) -> None:
        self.steps -= cost
        if self.steps < 0:
            raise OutOfBudget("the step budget is spent")

    def lose_patience(self) -> None:
        """A statement on an undecided branch, inside of a call that may be given up."""
        assert self.patience is not None
        self.patience -= 1
        if self.patience < 0:
            raise GivenUp

    def spend(self, count: int) -> None:
        """Something of so many items is made or walked: that costs what as many steps of the host cost."""
        self.steps -= count >> 4
        if self.steps < 0:
            raise OutOfBudget("the step budget is spent")

    def take_again(self, count: int) -> None:
        """Something that has taken so many steps is done again. An entry point is cut off where it would be if all was evaluated;
        the file has what that spares for its other entry points."""
        self.steps -= count
        self.spared += count - count // _DONE_AGAIN

    def refill(self, most: int) -> None:
        """The budget of the next entry point, from what the others have left of the file's."""
        self.left += max(self.steps, 0) + self.spared
        self.spared = 0
        self.steps = max(min(most, self.left), _LEAST_STEPS)
        self.loop_steps = most // _OF_STEPS
        self.left = max(self.left - self.steps, 0)

    @property
    def unspent(self) -> int:
        """The steps that all entry points of the file together have left."""
        return self.left + max(self.steps, 0) + self.spared

    # ---- places

    def site(self, node: ir.Node | None = None) -> Site | None:
        """The place of `node` in the file of the innermost frame."""
        if not self.frames:
            return None
        frame = self.frames[-1]
        return place(frame, node or frame.node)

    def stack(self) -> tuple[Site, ...]:
        """The places of all calls in progress, outermost first, the innermost place last."""
        # Asked thousands of times while only the innermost frames change: what is the same as when it was last asked is kept,
        # with the places up to there.
        placed = self.placed
        same = 0
        for frame, held in zip(self.frames, placed, strict=False):
            if held[0] is not frame or held[1] is not frame.node:
                break
            same += 1
        del placed[same:]
        places = placed[-1][2] if placed else ()
        for frame in self.frames[same:]:
            at = place(frame, frame.node)
            if at is not None:
                places = (*places, at)
            placed.append((frame, frame.node, places))
        return places

    def where(self) -> tuple[Site | None, tuple[Site, ...], Site | None]:
        """(the innermost place in a checked file, the stack, the innermost place of all)."""
        stack = self.stack()
        self.steps -= len(stack) // _DEEP  # what is said deep down costs by its depth
        inner = stack[-1] if stack else None
        for i in range(len(stack) - 1, -1, -1):
            if self.checked(stack[i].path):
                return stack[i], stack[:i], inner
        return None, stack, inner

    def here(self) -> Site | None:
        """The innermost place in a checked file."""
        for frame in reversed(self.frames):
            at = place(frame, frame.node)
            if at is not None and self.checked(at.path):
                return at
        return None

    # ---- facts

    def record(self, kind: type[facts.Fact], **data: Any) -> None:
        if self.muted:
            return
        site, stack, inner = self.where()
        if kind is facts.NeedFailed or kind is facts.Called or kind is facts.FlagSet:
            data["inner"] = inner
        self.said(kind(site, stack, self.uncertain == 0, **data), self.tick())

    def said(self, fact: facts.Fact, order: int) -> None:
        """Enter a fact as what is so at this moment makes it."""
        fact.order = order
        fact.repeats = self.repeating > 0
        fact.guessed = self.guessing and bool(self.rank_questions)
        fact.by_program = self.by_program
        fact.model_call = self.calls[0] if self.calls else None
        self.facts.append(fact)

    @contextmanager
    def mute(self) -> Iterator[None]:
        self.muted += 1
        try:
            yield
        finally:
            self.muted -= 1

    @contextmanager
    def outside_the_program(self, budget: int = MAX_STEPS) -> Iterator[None]:
        """While a module is evaluated: it would have been imported whatever the program decides around the import, and once. So
        nothing of what the program is in the middle of holds for it, what it writes lasts, and it has a budget of its own: as much
        whoever imports it first, the program or another module. What gets known of its objects is known to those who import it
        later too."""
        held = {name: getattr(self, name) for name in _OF_THE_PROGRAM}
        nested = self.importing > 0
        if not nested:
            for name, known in self.imported.of_objects.items():
                held[name] = getattr(self, name)
                setattr(self, name, known)
        layers = self.journal.set_aside()
        self.uncertain = self.muted = self.repeating = self.guarded = self.import_guards = 0
        self.transforms = 0
        self.decided, self.tries, self.calls, self.ranks, self.rank_questions = {}, [], [], {}, []
        self.guessing, self.grad_enabled, self.autocast, self.deferring = False, True, False, None
        self.default_dtype, self.escaped, self.taken = "float32", {}, set()
        self.telling = False
        self.by_program = False
        self.patience = None
        self.steps, self.loop_steps, self.spared = budget, budget // _OF_STEPS, 0
        if not nested:
            self.deepest = len(self.frames) + MAX_DEPTH
        try:
            yield
        finally:
            self.journal.put_back(layers)
            for name, value in held.items():
                setattr(self, name, value)
            if not nested:
                for name, known in self.imported.of_objects.items():
                    getattr(self, name).update(known)

    def take_settings(self, module: Namespace) -> None:
        """What a module sets for the whole program when it is imported holds from now on, whoever had imported it before."""
        if module.name in self.taken:
            return
        if not self.uncertain:
            self.taken.add(module.name)
        for name, value in module.settings.items():
            self.journal.touch_slot(self, name)
            setattr(self, name, value)

    @contextmanager
    def visit(self) -> Iterator[None]:
        """For one program: what it does to the modules it imports is undone at the end. The modules stay."""
        self.journal.begin()
        try:
            yield
        finally:
            while self.journal.layers:
                self.journal.end()
            main = self.namespaces.pop("__main__", None)
            if main is not None:
                self.namespaces.pop(main.place, None)

    def let_go(self) -> None:
        """The run is over, and nobody asks any more. What was kept for it is given up at once: left to the garbage collector, which
        has to find it first, a large network takes ten times as long."""
        imported = (self.namespaces, self.library)
        for held in vars(self).values():
            if isinstance(held, (dict, list, set)) and not any(held is other for other in imported):
                held.clear()

    def ran(self, op: str, given: dict[str, Any], result: Any, layer: Any = None) -> None:
        """An operation was evaluated, and somebody may want to know."""
        if self.trace is not None and not self.muted:
            certain = not self.uncertain and not self.repeating
            still = {
                k: tuple(v.items) if isinstance(v, List) else v for k, v in given.items()
            }  # a list may grow
            self.trace.append(facts.Ran(op, still, result, layer, self.grad_enabled, certain, self._held()))

    def _held(self) -> frozenset[int]:
        """The tensors that the names of all frames, and the arguments of calls in progress, keep alive."""
        found: set[int] = set()
        for frame in self.frames:
            _tensors_of(frame.env.vars.values(), found)
        for call in self.calls:
            _tensors_of((call.inputs, *call.keywords.values()), found)
        return frozenset(found)

    # ---- what was inferred

    def resolve(self, dim: Dim) -> Dim:
        if type(dim) is int:
            return dim
        if not isinstance(dim, Sym):  # True is 1 where it is compared with a size, or added to one
            return int(dim) if isinstance(dim, bool) else dim
        names = self.bindings.keys()
        turns = 0
        while isinstance(dim, Sym) and not names.isdisjoint(dim.symbols):
            try:
                found = dims.substitute(dim, self.bindings)
            except ZeroDivisionError:  # worked out before it was known that it is divided by 0
                break
            if found is dim:
                break
            dim = found
            turns += 1
        if turns > _MOST_TURNS:  # a loop has bound each size to the one before: the way to the first is long
            self.steps -= turns
        return dim

    def bind(self, symbol: Sym, dim: Dim) -> None:
        self.journal.touch(self.bindings)
        self.bindings[symbol.as_symbol] = dim

    def bind_shape(
        self, box: Unranked, ranks: Sequence[int], names: Sequence[str], open: bool = False
    ) -> Shape:
        """Give a tensor of unknown rank its axes. Only an entry point's tensor may be guessed at: its driver tries the other
        ranks too before anything is believed, and more axes than these where `open` says that any number would do."""
        if box.bound is not None:
            return box.bound
        if len(ranks) > 1 and not self.guessing:
            raise Undetermined(box.why)
        rank = ranks[-1]
        if len(ranks) > 1:
            usual = self.usual_rank if self.usual_rank in ranks else ranks[-1] if len(ranks) < 3 else ranks[1]
            rank = self.ranks.get(len(self.rank_questions), usual)
            self.rank_questions.append(RankQuestion(tuple(ranks), rank, self.tick(), open))
            self.journal.touch_slot(box, "tried")
            box.tried = True
        self.journal.touch_slot(box, "bound")
        shared = self.guessing and self.once
        box.bound = box.axes(rank, names, self.entry_axes.symbol if shared else dims.symbol)
        return box.bound

    def guess_rank(self, boxes: Sequence[Unranked]) -> bool:
        """An operation needs the axes of tensors whose rank is not known: guess one where that is allowed."""
        for box in boxes:
            if self.guessing and box.bound is None:
                usual = self.usual_rank
                self.bind_shape(box, (usual, *(r for r in (2, 3, 4, 5, 1, 0) if r != usual)), (), open=True)
                return True
        return False


_OF_THE_PROGRAM = (
    "uncertain", "muted", "repeating", "guarded", "import_guards", "transforms", "decided", "tries", "calls", "ranks", "rank_questions",
    "guessing", "grad_enabled", "default_dtype", "autocast", "deferring", "telling", "by_program", "patience",
    "deepest", "steps", "loop_steps", "spared", "escaped", "taken",
)  # fmt: skip

# By identity: what holds of an object whoever asks. What code that is not known holds on to (escaped) is none of it: what such
# code fills is not known from the moment when it is given it.
_OF_OBJECTS = ("given_away", "leaves", "perhaps", "stand_ins", "written_into")


def _tensors_of(values: Iterable[Any], found: set[int]) -> None:
    """The identities of tensors, also of those in tuples and lists."""
    for value in values:
        if isinstance(value, Tensor):
            found.add(id(value))
        elif isinstance(value, tuple):
            _tensors_of(value, found)
        elif isinstance(value, List):
            _tensors_of(value.items, found)


def place(frame: Frame, node: ir.Node | None) -> Site | None:
    file = frame.env.globals.file
    if node is None or file is None:
        return None
    # What Site(...) does, in half the time: places are made by the hundred thousand.
    return tuple.__new__(Site, (file.path, *node.at))

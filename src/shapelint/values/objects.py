"""Functions, classes, instances, modules: the values that have attributes or can be called."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from shapelint import ir
from shapelint.values.journal import Attributes, Names
from shapelint.values.origin import Site


class Environment:
    """The names of one scope. `parent` is the enclosing function's environment (class scopes are skipped, as in Python).

    `born` is the layer of the journal that it was entered in; 0 where there was none, or its names may be asked for once it is
    left."""

    __slots__ = ("born", "globals", "parent", "redirect", "vars")

    def __init__(
        self, vars: dict[str, Any], parent: Environment | None, globals: Namespace, born: int = 0
    ) -> None:
        self.born = born
        self.vars = vars
        self.parent = parent
        self.globals = globals
        self.redirect: dict[str, dict[str, Any]] | None = (
            None  # names declared global or nonlocal -> where they live
        )

    def outlast(self) -> None:
        """A function, class or generator is made here that keeps these names, and those around them."""
        scope: Environment | None = self
        while scope is not None:
            scope.born = 0
            scope = scope.parent


class Namespace:
    """A Python module: a file that was (or is being) evaluated. `vars` are its globals."""

    __slots__ = (
        "awaited", "file", "is_package", "lazy", "modelled_stars", "name", "pending", "place", "settings", "starred", "stars",
        "state", "vars",
    )  # fmt: skip

    def __init__(self, name: str, file: Any = None, *, is_package: bool = False) -> None:
        self.name = name
        self.place = (
            name  # its name in its package, which relative imports start from; `__main__` has one too
        )
        self.file = file
        self.is_package = is_package
        self.vars: dict[str, Any] = Names()
        self.state = "new"  # new, running, done, failed
        self.pending: list[
            Any
        ] = []  # imports that have not been followed yet: those with a star, those of a lazy module
        self.awaited: dict[str, Any] = {}  # names whose import has been put off
        self.modelled_stars: dict[
            str, None
        ] = {}  # modules that are modelled, and of which it takes all names
        self.stars = 0  # statements with a star that were come to
        self.starred: dict[str, tuple[int, Any]] = {}  # names that one has bound: which, and to what
        self.lazy = False  # it puts a lazy stand-in in its own place
        self.settings: dict[str, Any] = {}  # of the whole program: what importing it sets

    def __repr__(self) -> str:
        return f"Namespace({self.name})"


class ClassCell:
    """What `super()` and `__class__` mean in the functions of one class body: the class, once it is made."""

    __slots__ = ("cls",)

    def __init__(self, cls: Class | None = None) -> None:
        self.cls = cls


class Function:
    """A function written in the source that is read."""

    __slots__ = ("attrs", "cell", "closure", "defaults", "globals", "name", "node", "qualname", "wrapped")

    def __init__(
        self,
        node: ir.FunctionDef | ir.Lambda,
        name: str,
        qualname: str,
        defaults: dict[str, Any],
        closure: Environment | None,
        globals: Namespace,
    ) -> None:
        self.node = node
        self.name = name
        self.qualname = qualname
        self.defaults = defaults
        self.closure = closure
        self.globals = globals
        self.cell: ClassCell | None = None  # of the class body that it is written in
        self.attrs: dict[str, Any] = {}
        self.wrapped: Any = None

    @property
    def owner(self) -> Class | None:
        """The class whose body holds it: what super() without arguments means."""
        return None if self.cell is None else self.cell.cls

    def __repr__(self) -> str:
        return f"Function({self.qualname})"


class Builtin:
    """A function that shapelint itself supplies. `call(interp, args, keywords) -> value`."""

    __slots__ = ("call", "name")

    def __init__(self, name: str, call: Callable[..., Any]) -> None:
        self.name = name
        self.call = call

    def __repr__(self) -> str:
        return f"Builtin({self.name})"


class BoundMethod:
    __slots__ = ("function", "receiver")

    def __init__(self, function: Any, receiver: Any) -> None:
        self.function = function
        self.receiver = receiver


class Property:
    __slots__ = ("cached", "deleter", "getter", "setter")

    def __init__(self, getter: Any, setter: Any = None, deleter: Any = None, *, cached: bool = False) -> None:
        self.getter = getter
        self.setter = setter
        self.deleter = deleter
        self.cached = cached


class StaticMethod:
    __slots__ = ("function",)

    def __init__(self, function: Any) -> None:
        self.function = function


class ClassMethod:
    __slots__ = ("function",)

    def __init__(self, function: Any) -> None:
        self.function = function


class Class:
    """A class: written in the source, or supplied (then `spec` may hold the torch layer it stands for).

    `mro` is the linearisation, itself first. A base that could not be resolved is kept as `unknown_base`, and attribute
    look-ups that would reach it are unknown.
    """

    __slots__ = (
        "attrs", "bases", "intercepts", "is_module", "kind", "metaclass", "mro", "name", "namespace", "node", "qualname",
        "site", "slots", "spec", "unknown_base",
    )  # fmt: skip

    def __init__(
        self, name: str, qualname: str, bases: tuple[Class, ...] = (), attrs: dict[str, Any] | None = None
    ) -> None:
        self.name = name
        self.qualname = (
            qualname  # with the module: "torch.nn.modules…" is spelled as documented: "torch.nn.Linear"
        )
        self.bases = bases
        self.attrs: dict[str, Any] = Names(attrs or ())
        self.mro: tuple[Class, ...] = (self, *bases)
        self.node: ir.ClassDef | None = None
        self.namespace: Namespace | None = None
        self.spec: Any = None
        self.is_module: bool = any(base.is_module for base in bases)
        kinds = [base.kind for base in bases if base.kind]  # "enum", "exception", "namedtuple", …
        self.kind: str = next((kind for kind in kinds if kind != "host"), kinds[0] if kinds else "")
        self.metaclass: Class | None = next((base.metaclass for base in bases if base.metaclass), None)
        self.unknown_base: Any = next(
            (base.unknown_base for base in bases if base.unknown_base is not None), None
        )
        self.site: Site | None = None
        self.intercepts = False  # whether a class of the program has __getattribute__
        self.slots: frozenset[str] | None = (
            None  # the only attributes that instances can have, under __slots__
        )

    @property
    def written(self) -> bool:
        """Whether the program makes it: by a class statement, or by calling `type`."""
        return self.namespace is not None

    def find(self, name: str) -> Any:
        """The attribute as a class body left it, through the MRO; KeyError when there is none."""
        for cls in self.mro:
            if name in cls.attrs:
                return cls.attrs[name]
        raise KeyError(name)

    def held(self, name: str, missing: Any = None) -> Any:
        """The same, `missing` when there is none: most attributes of an object are its own."""
        for cls in self.mro:
            if name in cls.attrs:
                return cls.attrs[name]
        return missing

    def is_subclass(self, other: Class) -> bool:
        return other in self.mro

    def __repr__(self) -> str:
        return f"Class({self.qualname})"


class Instance:
    """An object with attributes. `payload` holds the host value of an instance of a subclass of list, dict, str, …."""

    __slots__ = ("attrs", "cls", "payload")

    def __init__(self, cls: Class) -> None:
        self.cls = cls
        self.attrs: dict[str, Any] = Attributes()
        self.payload: Any = None

    def __repr__(self) -> str:
        return f"<{self.cls.name}>"


class History:
    """What was done with a module while the program was read, on whichever path: never undone.

    assigned  where each of its attributes was last assigned
    called    where it was called
    held      whether another module ever registered it
    walked    whether its parameters or state were asked for, of itself
    moved     whether it was moved to another device or dtype
    """

    __slots__ = ("assigned", "called", "held", "moved", "walked")

    def __init__(self) -> None:
        self.assigned: dict[str, Site] = {}
        self.called: dict[Site, None] = {}
        self.held = False
        self.walked = False
        self.moved = False


class Valued(Instance):
    """An instance that is a plain value too (a named tuple, a member of a str Enum): as a key it equals that value."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        if self is other or self.payload is None:
            return self is other
        return bool(self.payload == (other.payload if isinstance(other, Valued) else other))

    def __hash__(self) -> int:
        return id(self) if self.payload is None else hash(self.payload)


class Module(Instance):
    """An nn.Module. Parameters, buffers and children live in `attrs` like everything else, in order of registration;
    what an entry is follows from its value, but for these sets of names."""

    __slots__ = (
        "broken",
        "buffers",
        "built_at",
        "hidden",
        "history",
        "hooks",
        "incomplete",
        "initialised",
        "slots_none",
        "template",
    )

    def __init__(self, cls: Class) -> None:
        super().__init__(cls)
        self.buffers: dict[str, bool] = {}  # name -> persistent
        self.hidden: set[str] = set()  # set behind nn.Module's back (object.__setattr__, self.__dict__)
        self.slots_none: dict[str, str] = {}  # registered as None: name -> "parameter" | "buffer" | "module"
        self.hooks: list[tuple[str, Any]] = []
        self.initialised = False  # whether nn.Module.__init__ ran
        self.broken = False  # its constructor raises: what its calls would show follows from that
        self.built_at: Site | None = None
        self.history = History()
        self.incomplete: list[Any] = []  # Unknowns that may hide parameters: then no total can be given
        self.template: Any = None  # what a layer of torch's was made as; it may have been changed since


class Either:
    """One of a few values, depending on an undecided condition. Calls and attributes are asked of each option."""

    __slots__ = ("members", "options", "why")

    def __init__(self, options: tuple[Any, ...], why: str) -> None:
        self.options = options
        self.why = why
        self.members: dict[Any, Any] = {}

    def __repr__(self) -> str:
        return f"Either{self.options!r}"


class External:
    """A name of a library that is not followed: `qualname` is all that is known of it."""

    __slots__ = ("qualname", "why")

    def __init__(self, qualname: str, why: str = "") -> None:
        self.qualname = qualname
        self.why = why

    def __eq__(self, other: object) -> bool:
        return isinstance(other, External) and self.qualname == other.qualname

    def __hash__(self) -> int:
        return hash(("external", self.qualname))

    def __repr__(self) -> str:
        return f"External({self.qualname})"


class Stream:
    """Something to iterate over, whose number of turns is not known: every turn gives `element`.

    `last` is what the last turn gives instead, where that is certain (a shorter batch); None where it is not.
    """

    __slots__ = ("element", "last", "length", "why")

    def __init__(self, element: Any, why: str, length: Any = None, last: Any = None) -> None:
        self.element = element
        self.why = why
        self.length = length
        self.last = last


class Iterator:
    """An iterator over values that are known; `at` is how many were taken (journalled as a slot), -1 when that is not known."""

    __slots__ = ("at", "items")

    def __init__(self, items: list[Any]) -> None:
        self.items = items
        self.at = 0


class Lazy:
    """An iterator whose items are computed when they are asked for. `kind` is the name of its Python type."""

    __slots__ = ()
    kind = "iterator"

    def advance(self, world: Any, *, whole: bool = False) -> Any:
        """The next item, `lazy.END`, or a Stream when it is not known how many there still are. With `whole`, all are wanted."""
        raise NotImplementedError

    def alone(self, world: Any) -> Any:
        """The same for an item that is asked for by itself: where it stands among the others must be known."""
        return self.advance(world)


class SuperView:
    """What `super()` gives: attributes of `receiver` looked up behind `after` in the MRO."""

    __slots__ = ("after", "cls", "receiver")

    def __init__(self, receiver: Any, cls: Class, after: Class) -> None:
        self.receiver = receiver
        self.cls = cls
        self.after = after

"""What classes of the program mean: metaclasses, descriptors, hooks. Each program is run by Python and read; both must agree."""

from __future__ import annotations

import pytest

from shapelint.values import Unknown
from tests.interp.programs import check, read

PROGRAMS = {
    "a metaclass makes, begins and calls": """
class Meta(type):
    reg={}
    def __new__(mcs,name,bases,ns,**kw):
        cls=super().__new__(mcs,name,bases,ns)
        mcs.reg[name]=len(mcs.reg)
        cls.tag=name.lower()
        return cls
    def __init__(cls,name,bases,ns,**kw):
        super().__init__(name,bases,ns)
        cls.inited=True
    def __call__(cls,*a,**k):
        o=super().__call__(*a,**k)
        o.extra=1
        return o
class A(metaclass=Meta):
    def __init__(self,n): self.n=n
class B(A,flag=3): pass
print(Meta.reg,A.tag,B.tag,A(3).extra,B(4).n,A.inited)
print(type(A) is Meta, type(A).__name__, isinstance(A,Meta))
""",
    "super() behind whatever holds the function": """
import functools
def plain(f):
    def w(*a, **k): return f(*a, **k)
    return w
def wrapped(f):
    @functools.wraps(f)
    def w(*a, **k): return f(*a, **k)
    return w
def table(f):
    held = {"f": [f]}
    return lambda *a: held["f"][0](*a)
class Base:
    def __init__(self): self.seen = ["base"]
    def name(self): return "base"
class A(Base):
    @wrapped
    @wrapped
    @plain
    def __init__(self):
        super().__init__()
        self.seen.append("a")
    name = table(table(lambda self: "a of " + super().name()))
    others = [lambda self: __class__.__name__, lambda self: super().name()]
    if True:
        def kind(self): return [super().name() for _ in range(2)] if False else __class__
class B(A):
    @table
    def __init__(self):
        super().__init__()
        self.seen.append("b")
    def name(self): return "b of " + super().name()
b = B()
print(b.seen, b.name(), A.others[0](b), A.others[1](b), b.kind() is A)
""",
    "a metaclass that keeps one instance": """
class S(type):
    inst={}
    def __call__(cls,*a):
        if cls not in cls.inst:
            cls.inst[cls]=super().__call__(*a)
        return cls.inst[cls]
class A(metaclass=S):
    def __init__(self,n): self.n=n
a=A(1);b=A(2)
print(a is b,a.n,b.n)
""",
    "special methods of a metaclass": """
class M(type):
    def __getitem__(cls,k): return k*2
    def __len__(cls): return 7
    def __iter__(cls): return iter([1,2])
    def __contains__(cls,x): return x==3
    @property
    def p(cls): return cls.__name__
    def __getattr__(cls,n): return 'ga'+n
    def __repr__(cls): return 'R'
    def __bool__(cls): return True
    def __eq__(cls,o): return True
    __hash__=type.__hash__
    def __add__(cls,o): return 'add'
    def __instancecheck__(cls,o): return o==5
class A(metaclass=M): x=1
print(A[3],len(A),list(A),3 in A,4 in A,A.p,A.zz,A,A+1, isinstance(5,A), isinstance(6,A))
""",
    "the names that a class body begins with": """
class M(type):
    @classmethod
    def __prepare__(mcs,name,bases,**k): return {'z':5}
class A(metaclass=M): y=z+1
print(A.y,A.z)
""",
    "__init_subclass__": """
class Base:
    reg=[]
    def __init_subclass__(cls,key=None,**kw):
        super().__init_subclass__(**kw)
        Base.reg.append((cls.__name__,key))
class A(Base,key='a'): pass
class B(A): pass
print(Base.reg)
""",
    "a data descriptor, told its name": """
class D:
    def __set_name__(self,owner,name): self.name='_'+name; self.owner=owner.__name__
    def __get__(self,obj,cls=None):
        if obj is None: return self
        return getattr(obj,self.name,0)
    def __set__(self,obj,v): setattr(obj,self.name,v*2)
    def __delete__(self,obj): print('del')
class A:
    x=D(); y=D()
a=A(); a.x=3
print(a.x,a.y,A.x.name,A.x.owner,a.__dict__)
del a.x
""",
    "a descriptor without __set__": """
class D:
    def __get__(self,obj,cls): return 'g'
class A:
    d=D()
a=A(); print(a.d,A.d); a.d=4; print(a.d)
""",
    "__getattribute__ and __getattr__": """
class A:
    def __init__(self): self.x=1
    def __getattribute__(self,n):
        if n=='y': return 9
        return object.__getattribute__(self,n)
    def __getattr__(self,n): return 'ga_'+n
a=A(); print(a.x,a.y,a.q)
""",
    "__class_getitem__": """
class A:
    def __class_getitem__(cls,k): return (cls.__name__,k)
print(A[int is int], A['a'])
""",
    "__slots__": """
class A:
    __slots__=('x','y')
    def __init__(self): self.x=1
a=A(); print(a.x, hasattr(a,'y'), hasattr(a,'__dict__'))
try:
    a.z=1
except AttributeError as e: print('no')
del a
""",
    "leaving a with swallows": """
class C:
    def __enter__(self): return self
    def __exit__(self,t,v,tb): print(t.__name__ if t else None, v); return t is KeyError
with C(): raise KeyError('a')
try:
    with C(): raise ValueError('b')
except ValueError as e: print('out',e)
from contextlib import suppress
with suppress(KeyError,ValueError): int('x'); print('no')
print('end')
""",
    "__new__": """
class A:
    def __new__(cls,*a,**k):
        o=super().__new__(cls); o.made=a; return o
    def __init__(self,x,y=2): self.x=x
a=A(1,y=3); print(a.made,a.x)
class B(tuple):
    def __new__(cls,a,b): return super().__new__(cls,(a,b))
    @property
    def s(self): return self[0]+self[1]
b=B(1,2); print(b.s,b,len(b),b==(1,2))
class I(int):
    def __add__(self,o): return I(int(self)*o)
print(I(3)+4, I(3)*2, I(5)==5)
""",
    "SystemExit": """
import sys
def f():
    try: sys.exit(2)
    except SystemExit as e: print('code',e.code)
f()
try: raise SystemExit('x')
except BaseException as e: print(type(e).__name__)
""",
    "a class made by calling type": """
A = type('A', (), {'x': 1, 'f': lambda self: self.x + 1})
B = type('B', (A,), {'x': 5})
print(A().f(), B().f(), B.__name__, issubclass(B, A), isinstance(B(), A))
""",
    "a class made by calling a metaclass": """
class Meta(type):
    def __new__(mcs, name, bases, attrs):
        attrs['made'] = True
        return super().__new__(mcs, name, bases, attrs)
A = Meta('A', (), {'x': 1})
class B(A): pass
print(A.made, B.made, type(B) is Meta, A().x)
""",
    "a registry by metaclass": """
class Registry(type):
    names = {}
    def __init__(cls, name, bases, attrs):
        super().__init__(name, bases, attrs)
        if bases:
            Registry.names[attrs.get('key', name.lower())] = cls
class Base(metaclass=Registry): pass
class Conv(Base): key = 'c'
class Pool(Base): pass
print(sorted(Registry.names), Registry.names['c'] is Conv)
""",
    "an enum with a metaclass of its own": """
from enum import Enum, EnumMeta
class Meta(EnumMeta):
    def __contains__(cls, item):
        return item in cls.__members__
    def __getitem__(cls, name):
        return super().__getitem__(name.upper())
class Color(Enum, metaclass=Meta):
    RED = 1
    BLUE = 2
print('RED' in Color, 'x' in Color, Color['blue'].value, Color(1).name, len(list(Color)))
""",
    "a property that is deleted": """
class A:
    def __init__(self): self._x = 1
    @property
    def x(self): return self._x
    @x.setter
    def x(self, v): self._x = v * 2
    @x.deleter
    def x(self): self._x = None
a = A(); a.x = 4
print(a.x); del a.x; print(a.x)
""",
    "a decorator class that is a descriptor": """
class method:
    def __init__(self, f): self.f = f
    def __get__(self, obj, cls=None):
        if obj is None: return self
        return lambda *a: self.f(obj, *a) * 10
class A:
    n = 3
    @method
    def f(self, k): return self.n + k
print(A().f(1))
""",
    "super().__new__ of a class of the program": """
class A:
    def __new__(cls, n):
        made = super().__new__(cls)
        made.log = ['A%d' % n]
        return made
class B(A):
    def __new__(cls, n):
        made = super().__new__(cls, n + 1)
        made.log.append('B')
        return made
    def __init__(self, n): self.n = n
print(B(1).log, B(1).n)
""",
    "a decorator that gives a class other bases": """
class State:
    def __init__(self, *args):
        super().__init__(*args)
        self.start()
    def start(self): self.started = getattr(self, "started", 0) + 1
def with_state(cls):
    cls.__bases__ = (State,) + tuple(b for b in cls.__bases__ if b != State)
    return cls
class Root:
    def __init__(self): self.root = True
@with_state
class Base(Root): pass
class Net(Base):
    def __init__(self):
        super().__init__()
        self.start()
print([c.__name__ for c in Net.__mro__], Net().started, Net().root, isinstance(Net(), State), Base.__bases__ == (State, Root))
""",
    "a partial, and what a subclass makes of its func": """
import functools
def wrap(context, fn, *args, **kwargs):
    return context, fn(*args, **kwargs)
class B:
    def m(self, x=0): return 3 + x
b = B()
class Bound(functools.partial):
    __slots__ = "func"
    def __init__(self, func):
        self.func = func
    def __get__(self, instance, owner):
        if instance is None: return self
        return functools.partial(self.func, instance)
q = Bound(functools.partial(wrap, "c", b.m))
u = functools.partial(wrap, "x", b.m)
functools.update_wrapper(u, b.m)
p = functools.partial(max, 3, key=lambda v: -v)
r = functools.partial(p, 1)
print(q(), q(4), u(), u.__wrapped__(), p(2), r(9), r.args, u.func is wrap, len(r.keywords), q.func(5))
class C:
    n = Bound(wrap)
print(C().n(lambda: 2)[1])
del q, u, p, r, b
""",
    "an object that is given another class": """
class A:
    def __init__(self): self.n = 1
    def go(self): return self.n
class B:
    def go(self): return self.n + 1
    def more(self): return 3
a, b = A(), A()
before = a.go()
a.__class__ = B
print(before, a.go(), a.more(), type(a).__name__, b.go(), type(b).__name__, isinstance(a, A), a.__class__ is B)
try:
    b.__class__ = 3
except TypeError:
    print("refused")
""",
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program(name: str) -> None:
    check(PROGRAMS[name])


def test_what_inherited_before_the_bases_changed_is_not_known() -> None:
    found = read("""
class A: pass
class B:
    def more(self): return 3
class C(A): pass
class D(C): pass
C.__bases__ = (B,)
direct = C().more()
through = D().more
""")
    assert found["direct"] == 3
    assert isinstance(found["through"], Unknown)


@pytest.mark.parametrize(
    "change",
    [
        "if somewhere: {}",
        "try:\n    somewhere()\n    {}\nexcept Exception: pass",
        "for i in somewhere: {}",
        "{}",
    ],
)
def test_a_class_that_is_perhaps_another(change: str) -> None:
    text = """
from somewhere import somewhere
class A:
    def go(self): return 1
class B:
    def more(self): return 3
class C(A): pass
a = A()
"""
    found = read(text + change.format("a.__class__ = B") + "\nmore, kind = a.more(), type(a)\n")
    assert found["more"] == 3 if change == "{}" else isinstance(found["more"], Unknown)
    found = read(text + change.format("C.__bases__ = (B,)") + "\nmore, kind = C().more(), C.__mro__\n")
    assert found["more"] == 3 if change == "{}" else isinstance(found["more"], Unknown)


def test_bases_that_are_not_known_leave_open_what_there_is() -> None:
    found = read("""
import somewhere
class A: pass
class B(A): pass
B.__bases__ = (somewhere.Base, A)
more = B().more
""")
    assert isinstance(found["more"], Unknown)


ANNOTATED = """
import torch
from dataclasses import dataclass
from typing import NamedTuple
flag = torch.rand(1).item() > 0.5
{kind}
    first: int
    if {condition}:
        second: int = 1
    third: int = 2
made = A(1, 5)
third = made.third
"""


@pytest.mark.parametrize("kind", ["@dataclass\nclass A:", "class A(NamedTuple):"])
@pytest.mark.parametrize(("condition", "third"), [("flag", None), ("True", 2), ("False", 5)])
def test_fields_that_a_class_perhaps_has(kind: str, condition: str, third: int | None) -> None:
    found = read(ANNOTATED.format(kind=kind, condition=condition))["third"]
    assert isinstance(found, Unknown) if third is None else found == third


def test_annotations_of_which_each_side_of_a_condition_makes_its_own() -> None:
    text = "import torch, inspect\nclass A:\n    if torch.rand(1) > 0.5:\n        a: int\n    else:\n        a: int\n    b: int\nx = inspect.get_annotations(A)\ny = 7\n"
    found = read(text)
    assert isinstance(found["x"], Unknown) and found["y"] == 7

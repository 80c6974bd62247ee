"""The language itself: classes, scopes, operators, patterns, exceptions. The same as in Python, program by program."""

from __future__ import annotations

import pytest

from tests.interp.programs import check

SAME = {
    "iadd alias": """
a=[1]
b=a
b+=[2]
c=(1,)
d=c
d+=(2,)
""",
    "notimpl": """
class A:
    def __add__(self,o): return NotImplemented
class B:
    def __radd__(self,o): return 5
a=A()+B()
""",
    "eqnotimpl": """
class A:
    def __eq__(self,o): return NotImplemented
a=A()==3
b=A()!=3
""",
    "enum alias": """
from enum import Enum
class C(Enum):
    A=1
    B=1
    D=2
a=[c.name for c in C], C.B.name, list(C.__members__)
""",
    "flag": """
from enum import Flag, auto
class F(Flag):
    A=auto()
    B=auto()
    C=auto()
a=F.A.value,F.B.value,F.C.value
""",
    "enum gen": """
from enum import Enum, auto
class C(Enum):
    def _generate_next_value_(name,start,count,last): return name.lower()
    A=auto()
a=C.A.value
""",
    "strenum": """
from enum import Enum
class C(str,Enum):
    A='x'
a=C.A=='x', C('x') is C.A, {'x':1}[C.A], C.A.upper(), f'{C.A.value}'
""",
    "enum call str": """
from enum import Enum
class C(Enum):
    A='x'
    @classmethod
    def get(cls,n): return cls[n.upper()]
    @property
    def low(self): return self.name.lower()
a=C.get('a').low, 'A' in C.__members__
""",
    "keyerror": """
try: {}['k']
except KeyError as e: a=e.args, str(e)
""",
    "closures": """
def f():
    x=1
    def g():
        nonlocal x
        x+=1
        return x
    g(); return g(), x
a=f()
fs=[lambda i=i: i for i in range(3)]
b=[f() for f in fs]
gs=[lambda: i for i in range(3)]
c=[g() for g in gs]
""",
    "global": """
x=1
def f():
    global x
    x=x+1
f()
""",
    "try": """
def f():
    try:
        return 1
    finally:
        a.append(2)
a=[]
b=f()
def g():
    for i in range(3):
        try:
            if i==1: continue
            if i==2: break
        finally:
            a.append(i)
    else: return 'no'
    return i
c=g()
try:
    try: raise ValueError('x')
    except ValueError as e: raise RuntimeError('y') from e
except RuntimeError as e: d=str(e)
""",
    "while": """
i=0
while True:
    i+=1
    if i==5: break
else: i=9
""",
    "star": """
a,*b,c=range(5)
(d,e),f=(1,2),3
[g,h]=[1,2]
def s(*args,k=1,**kw): return args,k,kw
i=s(1,*[2,3],k=4,**{'z':5})
""",
    "slices": """
a=list(range(10))
a[::2]=[0]*5
b=a[-3:]
del a[::3]
c='abcdef'[1:-1:2]
""",
    "comp": """
a={k:v for k,v in zip('ab',range(2))}
b={x%3 for x in range(9)}
c=[(x,y) for x in range(3) for y in range(x) if x!=y]
d=[[j for j in range(i)] for i in range(3)]
""",
    "walrus": """
if (n:=5)>3: a=n
b=[y:=1,y**2]
c=[z for x in [1,2,3] if (z:=x*2)>2]
""",
    "match": """
def f(x):
    match x:
        case 1|2: return 'small'
        case [a,b]: return a+b
        case {'k':v}: return v
        case str(): return 's'
        case (a,*r): return r
        case _: return None
a=[f(v) for v in (1,[1,2],{'k':3},'x',(1,2,3),9.5)]
""",
    "classattr": """
class A:
    n=0
    items=[]
    def __init__(self): A.n+=1; self.items.append(1)
A();A()
a=A.n,A.items
class B(A): n=5
b=B.n, B.__mro__[1] is A, B.__bases__==(A,), B.__name__, A.__module__
""",
    "setattr": """
class A:
    def __setattr__(self,n,v): object.__setattr__(self,n,v*2)
o=A()
o.x=2
a=o.x
class D:
    def __init__(self): self.__dict__['z']=3
b=D().z
""",
    "slots": """
class A:
    __slots__=('x',)
    def __init__(self): self.x=1
a=A().x
""",
    "initsub": """
class R:
    reg={}
    def __init_subclass__(cls,**kw): super().__init_subclass__(); R.reg[cls.__name__]=kw
class A(R,k=1): pass
a=R.reg
""",
    "iterproto": """
class I:
    def __init__(self): self.n=0
    def __iter__(self): return self
    def __next__(self):
        self.n+=1
        if self.n>3: raise StopIteration
        return self.n
a=list(I()), sum(I()), 2 in I()
class G:
    def __iter__(self):
        yield 1
        yield 2
b=[*G()], dict(zip('ab',G()))
class S:
    def __len__(self): return 3
    def __getitem__(self,i):
        if i>=3: raise IndexError
        return i*i
c=list(S()), list(reversed(S())), 4 in S()
""",
    "ops": """
class V:
    def __init__(s,x): s.x=x
    def __add__(s,o): return V(s.x+o.x)
    def __mul__(s,k): return V(s.x*k)
    __rmul__=__mul__
    def __neg__(s): return V(-s.x)
    def __eq__(s,o): return s.x==o.x
    def __lt__(s,o): return s.x<o.x
    def __hash__(s): return hash(s.x)
    def __call__(s,y): return s.x+y
    def __contains__(s,y): return y==s.x
    def __bool__(s): return s.x>0
    def __iadd__(s,o): s.x+=o.x; return s
    def __matmul__(s,o): return 9
    def __index__(s): return s.x
v=V(2)
v+=V(3)
a=(V(1)+V(2)).x,(3*V(2)).x,(-V(1)).x,V(1)==V(1),V(1)!=V(2),V(1)<V(2),V(2)>V(1)
b=V(1)(5),3 in V(3),bool(V(0)),v.x,V(1)@V(2),max([V(1),V(3)]).x
""",
    "strfmt": """
x=3.14159
n='a'
a=f'{x:.2f} {n!r:>5} {x=:.1f} {1+1} {"q"} {{}}', '%5.1f|%-5s|%x'%(x,n,255), '{:>{w}}'.format('a',w=4)
""",
    "bytes": """
a=b'ab'[0], b'ab'[1:], bytes([1,2]), b'a'+b'b', bytes(2)
""",
    "ints": """
a=7//2,-7//2,7%3,-7%3,2**-1,5^3,5&3,5|3,~5,1<<4,True+1,10/4,3.0//2,1e3,0x10,1_000
""",
    "chain cmp": """
a=1<2<3,1<3<2,(1,2)<(1,3),[1]==[1],'a'<'b',1==1.0,None is None, not [], 1 and 2, 0 or 'x', [] or {}
""",
    "dict order": """
d={}
d['b']=1
d['a']=2
del d['b']
d['b']=3
a=list(d)
""",
    "nested cls": """
class A:
    class B:
        x=1
    y=B.x+1
    z=[i for i in range(3)]
a=A.B.x,A.y,A.z
""",
    "genexp lazy": """
a=sum(x*x for x in range(4)), any(x>1 for x in [1,2]), ','.join(str(i) for i in range(3))
b=tuple(i for i in (1,2)), max((len(s) for s in ['a','bb']), default=0)
""",
    "decor cls": """
def add(cls):
    cls.extra=1
    return cls
@add
class A: pass
a=A.extra
REG={}
def reg(name):
    def w(f):
        REG[name]=f
        return f
    return w
@reg('x')
def f(): return 3
b=REG['x']()
""",
    "default mutable": """
def f(a=[]):
    a.append(1)
    return a
f(); a=f()
""",
    "kwonly": """
def f(a,/,b,*,c=1): return a,b,c
a=f(1,b=2), f(1,2,c=3)
""",
    "del": """
x=[1,2,3]
del x[0]
class A: pass
o=A(); o.p=1
del o.p
a=hasattr(o,'p'), x
""",
    "async": """
import asyncio
async def f(): return 3
""",
    "assert": """
try:
    assert 1==2,'msg'
except AssertionError as e: a=str(e)
""",
    "userdict": """
class D(dict):
    def __getattr__(s,k): return s[k]
    def __setattr__(s,k,v): s[k]=v
d=D(a=1)
d.b=2
a=d.a,d['b'],d.get('z'),len(d),list(d),{**d}
""",
    "listsub": """
class L(list):
    def sum(s): return sum(s)
l=L([1,2])
l.append(3)
a=l.sum(),l[0],l+[4],list(l),isinstance(l,list),len(l)
""",
    "strsub": """
class S(str):
    def hi(s): return 'hi '+s
a=S('x').hi(), S('ab').upper(), S('a')+'b'
""",
    "tuplesub": """
class T(tuple):
    def __new__(cls,*a): return super().__new__(cls,a)
    def s(self): return sum(self)
a=T(1,2).s(), T(1,2)[0], len(T(1,2)), list(T(3,4))
""",
    "intsub": """
class I(int): pass
a=I(3)+1, I(5)>4, I(2)*2
""",
    "excsub": """
class E(Exception):
    def __init__(self,code,msg='m'):
        super().__init__(msg)
        self.code=code
try: raise E(3)
except E as e: a=e.code,str(e),e.args
""",
    "super multi": """
class A:
    def __init__(self,**k): self.a=k.pop('a',0); super().__init__(**k) if k else None
class B(A):
    def __init__(self,b=1,**k): super().__init__(**k); self.b=b
x=B(b=2,a=3)
""",
    "abstract prop": """
import abc
class A(abc.ABC):
    @abc.abstractmethod
    def f(self): pass
    def g(self): return self.f()
class B(A):
    def f(self): return 1
a=B().g()
""",
    "print multi": """
for i in range(3): print(i, end=' ')
print(f'{1:3d}|', [1.0], {'a':(1,)}, None, True)
""",
    "print obj": """
class A:
    def __str__(self): return 'S'
    def __repr__(self): return 'R'
print(A(), [A()], {'k':A()})
print({1,}, (), [], {}, 1e-5, 1e20, float('inf'))
""",
    "print exc": """
print(ValueError('x'), repr(ValueError('x')), [KeyError('k')])
print(int, type(3))
""",
    "typed dict": """
from typing import TypedDict
class T(TypedDict, total=False):
    x: int
a=T(x=1)
b=dict(a)
""",
    "namedtuple cls": """
from typing import NamedTuple
class P(NamedTuple):
    x: int
    y: int = 0
    @property
    def s(self): return self.x+self.y
    def add(self,o): return P(self.x+o.x,self.y+o.y)
a=P(1,2).s, P(1).add(P(2,3)), P(1)==P(1), P(1)<P(2), {P(1):2}[P(1)], P(1)+(3,), str(P(1))
""",
}


@pytest.mark.parametrize("text", SAME.values(), ids=SAME)
def test_the_same_as_python(text: str) -> None:
    check(text)

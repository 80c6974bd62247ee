"""Idioms of the language and its library: each program is run by Python and read, and leaves the same values."""

from __future__ import annotations

import pytest

from tests.interp.programs import check

PROGRAMS = {
    "docstring": """
'''hello'''
a = __doc__
""",
    "names of classes": """
class A:
  q = __qualname__
  m = __module__
  class B:
    q = __qualname__
a = A.q, A.B.q, A.__qualname__, A.m
""",
    "what a function tells of itself": """
class A:
  def f(self, x=1, *, y=2): 'doc'
a = A.f.__name__, A.f.__qualname__, A.f.__doc__, A.f.__defaults__, A.f.__kwdefaults__, A().f.__func__ is A.f, A.f.__code__.co_varnames, A.f.__code__.co_argcount
""",
    "private names": """
class A:
  def __init__(self): self.__x = 3
  def g(self): return self.__x
  __y = 4
a = A().g(), A()._A__x, A._A__y, sorted(A().__dict__), hasattr(A(),'__x')
""",
    "private names of a base class": """
class _B:
  def __f(self): return 5
  def g(self): return self.__f()
class C(_B):
  def __f(self): return 6
a = _B().g(), C().g(), C()._B__f()
""",
    "private names of a function": """
__v = 3
class A:
  def g(self, __p=2):
    __l = 4
    return __l + __p
a = A().g()
""",
    "nonlocal": """
def f():
  x = 1
  def g():
    nonlocal x
    x += 1
    return x
  return g(), g(), x
a = f()
""",
    "global": """
x = 1
def f():
  global x, y
  x += 1
  y = 5
f()
a = x, y
""",
    "walrus": """
a = [y := 1, y**2], [z for x in range(5) if (z := x * 2) > 3], z
""",
    "star": """
a, *b, c = range(6)
(d, (e, *f)), g = (1, (2, 3, 4)), 5
h = [*b, *f], {**{'a': 1}, 'b': 2}, (*b,)
""",
    "match": """
def f(x):
  match x:
    case 0 | 1: return 'small'
    case [a, *r] if a: return a, r
    case {'k': v, **rest}: return v, rest
    case str() as s: return s
    case int(n): return n
    case None: return 'none'
    case _: return '?'
a = f(0), f([1,2,3]), f({'k':1,'z':2}), f('q'), f(7), f(None), f(2.5), f([0])
""",
    "match2": """
class P:
  __match_args__ = ('x','y')
  def __init__(s,x,y): s.x=x; s.y=y
def f(p):
  match p:
    case P(0, y): return y
    case P(x=x, y=0): return x
    case P(): return 'p'
a = f(P(0,3)), f(P(2,0)), f(P(1,1)), f(3)
""",
    "try": """
def f(x):
  try:
    return 1/x
  except ZeroDivisionError as e:
    return str(e)
  else:
    return 5
  finally:
    x = 3
a = f(0), f(2)
""",
    "tryloop": """
r=[]
for i in range(4):
  try:
    if i==1: continue
    if i==3: break
    r.append(i)
  finally:
    r.append(-i)
else:
  r.append('else')
a=r
""",
    "with": """
class C:
  def __enter__(s): return 4
  def __exit__(s,*e): return True
with C() as c, C() as d:
  x=1
  raise ValueError
a=c,d,x
""",
    "gen": """
def g():
  x = yield 1
  y = yield x
  return y
i = g(); a=[next(i), i.send(5)]
try: i.send(6)
except StopIteration as s: b = s.value
""",
    "decorators and properties": """
def d(n):
  def w(f):
    f.n = n
    return f
  return w
@d(1)
@d(2)
def f(): pass
class A:
  @property
  def x(self): return self._x
  @x.setter
  def x(self, v): self._x = v*2
  @x.deleter
  def x(self): self._x = None
  @staticmethod
  def s(): return 3
  @classmethod
  def c(cls): return cls.__name__
o=A(); o.x=4; a=f.n,o.x,A.s(),o.c()
del o.x; b=o.x
""",
    "special methods": """
class A:
  def __getattr__(s,n): return n*2
  def __getitem__(s,k): return k
  def __call__(s,*a,**k): return a,k
  def __len__(s): return 3
  def __contains__(s,x): return x==2
  def __iter__(s): return iter([1,2])
  def __bool__(s): return False
  def __eq__(s,o): return True
  def __hash__(s): return 5
  def __lt__(s,o): return True
  def __add__(s,o): return 'add'
  def __radd__(s,o): return 'radd'
  def __iadd__(s,o): return 'iadd'
  def __neg__(s): return 'neg'
  def __matmul__(s,o): return 'mm'
  def __index__(s): return 1
  def __str__(s): return 'S'
  def __repr__(s): return 'R'
  def __reversed__(s): return 'rev'
  def __divmod__(s,o): return 'dm'
  def __pow__(s,o,m=None): return 'pow'
x=A(); y=A(); y+=1
a=x.foo,x[1:2],x(1,k=2),len(x),2 in x,list(x),bool(x),x==3,hash(x),x<1,x+1,1+x,y,-x,x@x,f'{x!r}',str([x]),reversed(x),divmod(x,1),x**2
""",
    "lambda": """
f=lambda *a,k=1,**kw:(a,k,kw)
a=f(1,2,k=3,z=4)
b=(lambda x,/,y:x+y)(1,y=2)
""",
    "late binding": """
fs=[lambda: i for i in range(3)]
a=[f() for f in fs]
gs=[lambda i=i: i for i in range(3)]
b=[g() for g in gs]
""",
    "del": """
x=[1,2,3,4]; del x[1:3]; d={1:2}; del d[1]; a=x,d
class A: b=1
del A.b
c=hasattr(A,'b')
""",
    "augmented assignment": """
x=[1]; y=x; x+=[2]; a=y; z=(1,); w=z; z+=(2,); b=w; n=5; n//=2; n**=3; n<<=2; n|=1; n^=3; n&=0xff; n%=50; c=n
d={1}; d|={2}; d-={1}; e={'a':1}; e|={'b':2}
""",
    "setops": """
a={1,2}|{3},{1,2}&{2},{1}^{1,2},{1}<{1,2},frozenset([1])=={1},{1:2}|{3:4},[1,2]<[1,3],(1,)>=(1,)
""",
    "numbers": """
a=7//-2,-7%3,7.5//2,divmod(-7,2),2**-1,0b101,0o17,0x1f,1_000,1e3,3j*2,abs(-3j),round(2.5),round(-1.567,2),(3).bit_length(),(0.1+0.2)==0.3,float('inf')>1e308,int('12'),int(3.9),complex('1+2j'),True+True,~5,5>>1,not 0,(2.0).is_integer(),(0.5).as_integer_ratio(),float.fromhex('0x1p3'),int.bit_count(7)
""",
    "methods of texts": r"""
s='Hello World'
a=s.split(),s.partition(' '),s.swapcase(),s.zfill(15),s[::-1],s.count('l'),s.find('z'),s.title(),s.center(15,'*'),s.replace('l','L',1),s.startswith(('He','x')),s.removeprefix('He'),s.expandtabs(),s.isalpha(),' a '.strip(),'a,b'.rsplit(',',1),'\n'.join('ab'),s.casefold(),s.index('o',5),s.translate({72:'J'}),str.maketrans('a','b'),'a\nb'.splitlines(),s.rjust(12),'abc'.ljust(5)+'|','x'*3,'b' in 'abc',ord('a'),chr(98),ascii('é'),s.encode(),'A'.isupper(),'1'.isdigit(),s.rfind('o'),'{}'.format_map({}) if 0 else 1
""",
    "functools": """
from functools import cmp_to_key,reduce,partial,lru_cache,singledispatch,total_ordering,cached_property
a=sorted([3,1,2],key=cmp_to_key(lambda x,y:y-x)),reduce(lambda x,y:x*y,[1,2,3,4],1),partial(pow,2)(5)
@lru_cache(maxsize=None)
def fib(n): return n if n<2 else fib(n-1)+fib(n-2)
b=fib(15)
@singledispatch
def s(x): return 'obj'
@s.register
def _(x: int): return 'int'
@s.register(str)
def _(x): return 'str'
c=s(1),s('a'),s(2.0)
@total_ordering
class T:
  def __init__(s,v): s.v=v
  def __eq__(s,o): return s.v==o.v
  def __lt__(s,o): return s.v<o.v
d=T(1)<=T(2),T(3)>T(2),T(1)>=T(1)
""",
    "dataclasses": """
from dataclasses import dataclass,field,asdict,replace,fields,astuple,is_dataclass,InitVar,KW_ONLY
@dataclass(order=True,frozen=True)
class P:
  x:int
  y:int=2
  z:list=field(default_factory=list,compare=False)
@dataclass
class Q(P if False else object):
  a:int=1
  _: KW_ONLY=None
  b:InitVar[int]=3
  def __post_init__(self,b): self.c=self.a+b
a=P(1),P(1)<P(2),asdict(P(1)),replace(P(1),y=5),[f.name for f in fields(P)],astuple(P(3)),is_dataclass(P),Q(2,b=5).c,repr(P(1)),hash(P(1,2))==hash(P(1,2)) if 0 else 1
try:
  P(1).x=3
except Exception as e: b=type(e).__name__
""",
    "named tuples and collections": """
from typing import NamedTuple
from collections import namedtuple,OrderedDict,defaultdict,Counter,deque,ChainMap
class N(NamedTuple):
  x:int
  y:int=3
  def s(self): return self.x+self.y
M=namedtuple('M','a b c',defaults=[9])
a=N(1),N(1).s(),M(1,2),M(1,2)._asdict(),M._fields,M(1,2,3)._replace(a=5),N(1)==(1,3),M._make([1,2,3])
d=defaultdict(lambda:[]); d['k'].append(1); c=Counter('abca'); q=deque([1,2,3],maxlen=2); q.append(5); cm=ChainMap({'a':1},{'a':2,'b':3})
b=dict(d),c.most_common(1),list(q),cm['b'],cm['a'],OrderedDict(a=1).popitem(),c['z'],sum(c.values()),list(c.elements())
""",
    "itertools": """
import itertools as t
a=list(t.chain([1],[2])),list(t.islice(t.count(3,2),3)),list(t.product('ab',[1,2])),list(t.permutations([1,2,3],2)),list(t.combinations('abc',2)),list(t.accumulate([1,2,3])),list(t.zip_longest([1],[2,3],fillvalue=0)),[(k,list(g)) for k,g in t.groupby('aab')],list(t.repeat(1,2)),list(t.takewhile(lambda x:x<3,[1,2,3,1])),list(t.dropwhile(lambda x:x<3,[1,2,3,1])),list(t.starmap(pow,[(2,3)])),list(t.compress('abc',[1,0,1])),list(t.pairwise([1,2,3])),list(t.islice(t.cycle('ab'),3)),list(t.filterfalse(None,[0,1])),list(t.chain.from_iterable([[1],[2]])),list(t.combinations_with_replacement('ab',2)),[list(x) for x in t.tee([1,2])]
""",
    "operator": """
import operator as o
a=o.itemgetter(1)([1,2]),o.attrgetter('real')(3),o.methodcaller('upper')('a'),o.mul(2,3),o.itemgetter(0,1)('abc'),o.attrgetter('a.b') is not None,o.concat([1],[2]),o.contains([1],1),o.index(3),o.not_(1),o.truth(2),o.floordiv(7,2)
""",
    "context managers": """
import contextlib
@contextlib.contextmanager
def c(x):
  yield x*2
with c(3) as v: pass
with contextlib.suppress(ValueError): raise ValueError
with contextlib.ExitStack() as st:
  w=st.enter_context(c(4)); st.callback(lambda: None)
with contextlib.nullcontext(5) as n: pass
a=v,w,n
""",
    "subclasses tell": """
class A:
  reg=[]
  def __init_subclass__(cls,tag=None,**k): cls.reg.append((cls.__name__,tag))
class B(A,tag=1): pass
class C(B): pass
a=A.reg
""",
    "__new__": """
class A:
  _i=None
  def __new__(cls,*a):
    if cls._i is None: cls._i=super().__new__(cls)
    return cls._i
  def __init__(self,v): self.v=v
x=A(1);y=A(2);a=x is y,x.v
class I(int):
  def __new__(cls,v): return super().__new__(cls,v+1)
b=I(3)+1,isinstance(I(1),int)
""",
    "classcell": """
class A:
  def f(self): return __class__
  @classmethod
  def g(cls): return super().__repr__ is not None
class B(A): pass
a=B().f() is A,B.g()
""",
    "conditions": """
x=5
a='a' if x>3 else 'b', x and 3, 0 or [] or 'z', not x, x if x else None, None is None, (x>3)+1
""",
    "texts": r"""
a='a' 'b', r'\n', u'x', '''t
''', b'a' b'b', f'a{1}' 'b', f"{'n' if 1 else 'm'}", f'{{}}', f'{1:{5}}', f'{"a"!r:>5}'
""",
    "assertions": """
def f(x):
  assert x > 0, 'm'
  return x
try: f(0)
except AssertionError as e: a=str(e)
""",
    "else of loops": """
for i in range(3):
  if i==5: break
else: a='no'
n=0
while n<3: n+=1
else: b=n
""",
    "regular expressions": r"""
import re
m=re.match(r'(\w+)-(?P<n>\d+)','ab-12')
a=m.group(1),m['n'],m.groups(),re.sub(r'\d','x','a1b2'),re.findall(r'\w','ab'),re.split(',','a,b'),bool(re.search('z','a')),re.compile('a+').fullmatch('aaa') is not None,m.groupdict(),m.span(),re.escape('a.b')
""",
    "copy": """
import copy
x=[[1]];y=copy.copy(x);z=copy.deepcopy(x);x[0].append(2);a=y,z
""",
    "warn": """
import warnings,logging,sys,os
warnings.simplefilter('ignore');warnings.warn('x');logging.getLogger(__name__).info('a')
a=sys.version_info>=(3,8),sys.maxsize>2**31,os.environ.get('NOPE','d'),sys.version_info.major,sys.version_info[:1]
""",
    "private names of nested classes": """
class A:
  __x = 1
  class _B:
    __x = 2
    def get(self): return self.__x
  def f(self, __p=3):
    def g(): return self.__x + __p
    return g(), [self.__x for _ in range(2)], (lambda: self.__x)()
class __C:
  __y = 1
  def f(self): return self.__y, self.__class__.__name__
a = A().f(), A._B().get(), A._A__x, A._B._B__x, A().f(_A__p=4), __C().f(), __C._C__y
class D(A):
  def g(self):
    try: return self.__x
    except AttributeError as e: return 'none'
  def __getattr__(self, name): raise AttributeError(name)
b = D().g(), D().f()
""",
    "a base and its place": """
class A: pass
class B(A): pass
a = B.__base__ is A, A.__base__ is object, object.__base__, [c.__name__ for c in B.__mro__]
""",
    "attributes set through object": """
class A:
  def __init__(self): self.__setattr__('x', 3)
a = A()
a.__init__()
b = a.x, A().__dict__
""",
    "dispatch by type": """
import functools
class Base: pass
class Leaf(Base): pass
@functools.singledispatch
def f(x, y=1): return 'any', y
@f.register(list)
@f.register(tuple)
def of_items(x, y=1): return 'items', len(x)
@f.register
def _(x: Base, y=1): return 'base', y
f.register(Leaf, lambda x, y=1: ('leaf', y))
a = f(1), f([1, 2]), f((1,), y=3), f(Base(), y=2), f(Leaf()), f(None)
class A:
  @functools.singledispatchmethod
  def g(self, x): return 'any', self.n
  @g.register
  def _(self, x: int): return 'int', self.n
  n = 5
b = A().g(1), A().g('x'), f.__name__
""",
}


@pytest.mark.parametrize("text", PROGRAMS.values(), ids=PROGRAMS.keys())
def test_means_what_it_means_to_python(text: str) -> None:
    check(text.lstrip())

"""The names of a program by the kind of their values, and expressions of a kind over them."""

from __future__ import annotations

from random import Random

_SIZES = ("0", "1", "2", "3", "4", "8", "16", "64", "-1", "7")


class Scope:
    """What may be named, by kind. `rng` decides everything."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.names: dict[str, list[str]] = {
            "int": ["a", "b", "n"], "list": ["xs", "ys"], "dict": ["d"], "str": ["s"], "tensor": ["x", "y"], "module": ["net"],
            "function": ["f"], "object": ["o", "Box"],
        }  # fmt: skip
        self.count = 0
        self.depth = 0

    def fresh(self, kind: str | None = None, prefix: str = "v") -> str:
        self.count += 1
        name = f"{prefix}{self.count}"
        if kind is not None:
            self.names[kind].append(name)
        return name

    def pick(self, *options: str) -> str:
        return self.rng.choice(options)

    def name(self, kind: str) -> str:
        return self.rng.choice(self.names[kind])

    def of(self, kind: str) -> str:
        """An expression that mostly gives a value of this kind, and seldom one of another."""
        if self.rng.random() < 0.03:
            kind = self.rng.choice(list(self.names))
        if self.depth > 2 or self.rng.random() < 0.3:
            return self.name(kind)
        self.depth += 1
        try:
            pattern = self.rng.choice(_FORMS[kind])
            made = self.filled(pattern)
            return made if made.isidentifier() or made.isdigit() else f"({made})"
        finally:
            self.depth -= 1

    def any(self) -> str:
        return self.of(self.rng.choice(list(self.names)))

    def filled(self, pattern: str) -> str:
        """The pattern with its holes filled: `<int>`, `<tensor>` …, `<any>`, `<size>`, `<name>` of something that is there."""
        out, rest = [], pattern
        while True:
            before, opened, rest = rest.partition("<")
            out.append(before)
            if not opened:
                return "".join(out)
            kind, closed, after = rest.partition(">")
            if not closed or (kind not in self.names and kind not in ("any", "size", "name", "text")):
                out.append("<")
                continue
            rest = after
            if kind == "any":
                out.append(self.any())
            elif kind == "size":
                out.append(self.rng.choice(_SIZES))
            elif kind == "text":
                out.append(
                    repr(self.pick("a", "", "b c h w", "ij,jk", "é", "%s", "{}", "mean", "cpu", "float32"))
                )
            elif kind == "name":
                out.append(self.name(self.rng.choice(list(self.names))))
            else:
                out.append(self.of(kind))


_FORMS: dict[str, tuple[str, ...]] = {
    "int": (
        "<size>", "<size>", "<size>", "<int> + <int>", "<int> * <int>", "<int> - <size>", "<int> // <int>", "<int> % <int>", "<int> ** 2",
        "len(<list>)", "<tensor>.shape[0]", "<tensor>.size(-1)", "<tensor>.numel()", "<tensor>.dim()", "max(<int>, <int>)", "min(<int>, <int>)",
        "sum(<list>)", "int(<tensor>.mean())", "(<int> if <int> > <int> else <int>)", "abs(<int>)", "<list>[<size>]", "<dict>['k']",
        "<dict>.get(<str>, <int>)", "(w := <int>)", "round(<int> / <int>)", "<list>.index(<int>)", "<int> << 2", "~<int>", "-<int>",
        "len({*<list>})", "next(iter(<list>))", "functools.reduce(operator.mul, <list>, 1)", "math.prod(<tensor>.shape)", "int('<size>')",
        "(lambda k, *, j=<int>: k + j)(<int>)", "divmod(<int>, <int>)[1]", "<int> and <int>", "<int> or <int>", "not <any>", "hash(<str>)",
        "ord('a')", "<object>.v", "Box.size", "torch.rand(1).item()", "id(<any>)", "<int> == <int> != <int>", "bool(<any>)",
        "sum(p.numel() for p in <module>.parameters())", "math.ceil(<int> / 2)", "<tensor>.stride(0)", "<tensor>.ndim",
    ),
    "list": (
        "[<int>, <int>]", "[*<list>, <int>]", "list(range(<size>))", "[i * 2 for i in <list>]", "[<int> for _ in range(<size>)]",
        "sorted(<list>, key=lambda k: str(k))", "<list> + <list>", "<list> * <size>", "<list>[::-1]", "<list>[<int>:<int>]",
        "list(<tensor>.shape)", "list(zip(<list>, <list>))", "[(i, j) for i in <list> if i for j in <list>]", "list(<dict>)",
        "list(map(<function>, <list>))", "list(filter(None, <list>))", "[[i for i in range(j)] for j in range(<size>)]",
        "[q for q, *_ in zip(<list>, <list>)]", "list(itertools.chain(<list>, <list>))", "list(enumerate(<list>))", "<tensor>.tolist()",
        "list(itertools.product(<list>, repeat=2))", "list(itertools.islice(itertools.count(), <size>))", "[<tensor>, <tensor>]",
        "list(<module>.children())", "[p for p in <module>.parameters()]", "<str>.split()", "list(reversed(<list>))", "[]", "[[]] * 3",
        "[(yy := i, yy ** 2)[1] for i in <list>]", "list(<dict>.items())", "list({*<list>})", "<tensor>.split(1)", "<tensor>.chunk(2)",
        "list(itertools.accumulate(<list>))", "list(itertools.groupby(<list>))", "list(itertools.zip_longest(<list>, <list>, fillvalue=0))",
        "list(torch.unbind(<tensor>))", "dir(<any>)", "list(vars(<object>))", "list(<any>)", "[*<any>]",
    ),
    "dict": (
        "{}", "{'k': <int>}", "{**<dict>, 'j': <any>}", "dict(k=<int>)", "{i: i for i in <list>}", "<dict> | <dict>", "dict(zip(<list>, <list>))",
        "collections.OrderedDict(<dict>)", "collections.defaultdict(list, <dict>)", "collections.Counter(<list>)", "<module>.state_dict()",
        "dict(<module>.named_parameters())", "vars(<object>)", "globals()", "locals()", "{k: v for k, v in <dict>.items() if v}",
        "copy.copy(<dict>)", "dict.fromkeys(<list>, <any>)", "<module>.__dict__", "collections.ChainMap(<dict>, <dict>)",
    ),
    "str": (
        "'a'", "<str> + <str>", "<str> * <size>", "f'{a:>{<size>}}'", "f'{<name>!r}{<name>!s:>3}'", "'%s-%d' % (<str>, <int>)", "'{}{}'.format(<any>, <any>)",
        "str(<any>)", "repr(<any>)", "<str>.upper()", "<str>[::-1]", "','.join(map(str, <list>))", "<str>.replace('a', <str>)", "type(<any>).__name__",
        "f'{b=}'", "<str>.format(*<list>, **<dict>)", "__name__", "<object>.__class__.__name__", "f'{x.shape}'", "<str>.strip()",
        "<str>.encode().decode()", "'\\N{BULLET}'", "<str>.join([<str>, <str>])", "max(<str>, <str>)", "''.join(reversed(<str>))",
    ),
    "tensor": (
        "torch.zeros(<size>, <size>)", "torch.randn(<int>, <int>)", "torch.ones(*<list>)", "<tensor> + <tensor>", "<tensor> @ <tensor>.T",
        "<tensor>.view(-1)", "<tensor>.view(<int>, -1)", "<tensor>.reshape(<int>, <int>)", "<tensor>.flatten(<size>)", "<tensor>.mean(<size>)",
        "<tensor>.sum(dim=<int>, keepdim=True)", "torch.cat([<tensor>, <tensor>], dim=<int>)", "torch.stack([<tensor>, <tensor>])", "<tensor>[<int>]",
        "<tensor>[:, None]", "<tensor>[..., 0]", "<tensor>[<tensor> > 0]", "<tensor>.unsqueeze(<int>)", "<tensor>.squeeze()", "<tensor>.transpose(0, 1)",
        "<tensor>.permute(1, 0)", "<tensor>.expand(<int>, -1)", "<tensor>.repeat(<int>, <int>)", "<module>(<tensor>)", "F.relu(<tensor>)",
        "F.softmax(<tensor>, dim=<size>)", "torch.arange(<int>)", "torch.eye(<int>)", "<tensor>.long()", "<tensor>.to(torch.float16)", "<tensor>.t()",
        "torch.einsum('ij,kj->ik', <tensor>, <tensor>)", "F.conv2d(y, torch.zeros(<size>, 3, 3, 3), padding=<size>)", "F.max_pool2d(y, <size>)",
        "F.interpolate(y, scale_factor=<size>)", "F.pad(<tensor>, (<int>, <int>))", "torch.where(<tensor> > 0, <tensor>, <tensor>)",
        "nn.Parameter(<tensor>)", "<tensor>.clone().detach()", "<tensor> * <int>", "<tensor> ** 0.5", "<int> / <tensor>", "torch.tensor(<list>)",
        "torch.tensor([<list>, <list>])", "F.cross_entropy(<tensor>, <tensor>)", "<tensor>.max(<size>)[0]", "<tensor>.topk(<size>)[1]", "<tensor>.cumsum(0)",
        "torch.full((<int>, <int>), <int>)", "torch.empty(<list>)", "<tensor>.new_zeros(<tensor>.shape)", "torch.zeros_like(<tensor>)", "-<tensor>",
        "<tensor>[<list>]", "<tensor>[<tensor>.long()]", "<tensor>[None, :, <int>:<int>]", "F.one_hot(<tensor>.long(), <size>)", "<tensor>.gather(<size>, <tensor>.long())",
        "torch.meshgrid(<tensor>, <tensor>)[0]", "F.unfold(y, <size>)", "<tensor>.movedim(0, -1)", "<tensor>.roll(<int>, 0)", "<tensor>.masked_fill(<tensor> > 0, 0)",
        "torch.bmm(<tensor>, <tensor>)", "F.embedding(<tensor>.long(), <tensor>)", "torch.linspace(0, 1, <int>)", "<tensor>.unflatten(0, (<int>, -1))", "torch.tril(<tensor>)",
        "next(<module>.parameters())", "<module>.weight", "<tensor>.grad", "<tensor>.data", "torch.nn.utils.rnn.pad_sequence(<list>)", "torch.outer(<tensor>, <tensor>)",
        "F.scaled_dot_product_attention(<tensor>, <tensor>, <tensor>)", "torch.fft.fft(<tensor>)", "torch.linalg.norm(<tensor>, dim=<size>)", "<tensor>.as_strided((<int>, <int>), (1, 1))",
    ),
    "module": (
        "nn.Linear(<int>, <int>)", "nn.Conv2d(<int>, <int>, <size>)", "nn.Sequential(<module>, <module>)", "nn.Sequential(*[<module> for _ in range(<size>)])",
        "nn.ModuleList([<module>, <module>])", "nn.ModuleDict({'k': <module>})", "nn.BatchNorm2d(<int>)", "nn.LSTM(<int>, <int>, batch_first=<size>)",
        "nn.Embedding(<int>, <int>)", "nn.Dropout(<size>)", "nn.ReLU()", "nn.Flatten(<size>)", "copy.deepcopy(<module>)", "<module>.eval()",
        "nn.MultiheadAttention(<int>, <size>)", "nn.TransformerEncoderLayer(<int>, <size>)", "nn.Conv2d(<size>, <size>, (<int>, <size>), stride=<size>, groups=<size>)",
        "nn.utils.weight_norm(<module>)", "nn.Identity(<any>)", "<module>.to('cuda')", "nn.DataParallel(<module>)", "nn.LayerNorm(<list>)", "nn.GroupNorm(<size>, <int>)",
        "torch.compile(<module>)", "nn.ParameterList([<tensor>])", "nn.MaxPool2d(<size>, <size>)", "nn.AdaptiveAvgPool2d(<size>)", "nn.Upsample(scale_factor=<size>)",
        "nn.PixelShuffle(<size>)", "nn.LazyLinear(<int>)", "nn.ConvTranspose2d(<size>, <size>, <size>)", "nn.Unflatten(1, (<int>, -1))", "nn.CrossEntropyLoss()",
    ),
    "function": (
        "(lambda k=<any>, *aa, **kk: <any>)", "functools.partial(<function>, <any>)", "len", "str", "torch.relu", "<module>.forward", "operator.add",
        "functools.lru_cache(None)(<function>)", "nn.Linear", "type", "(lambda *q: q)", "torch.no_grad()(<function>)", "o.__call__", "sorted", "<module>", "print",
    ),
    "object": (
        "Box(<any>)", "Box", "type('Made', (Box,), {'size': <int>})", "type('Net', (nn.Module,), {'forward': lambda self, x: x})()", "object()", "None", "...",
        "<any>", "iter(<list>)", "(i for i in <list>)", "slice(<int>, <int>)", "copy.copy(<object>)", "super", "property(<function>)", "NotImplemented", "torch",
        "torch.float32", "torch.device('cpu')", "<tensor>.shape", "{*<list>}", "frozenset(<list>)", "b'\\x00'", "complex(<int>, 1)", "range(<int>)", "map(<function>, <list>)",
        "memoryview(b'a')", "bytearray(<size>)", "Exception(<any>)", "<object>.__class__", "types", "zip(<list>)", "collections.deque(<list>, <size>)",
        "collections.namedtuple('P', 'a b')(<any>, <any>)", "enum.Enum('E', 'A B')", "dataclasses.make_dataclass('D', ['q'])(<any>)",
    ),
}  # fmt: skip

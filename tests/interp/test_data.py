"""Data: numpy arrays and loaders as Python has them; torchvision's data sets and transforms as documented."""

from __future__ import annotations

from typing import Any

import pytest

from shapelint import dims, facts
from shapelint.interp.run import evaluate_text, nothing_else
from shapelint.interp.world import World
from shapelint.values import Instance, List, Tensor
from tests.interp.programs import check, raises, read

SAME = {
    "numbers of a range": """
import torch
from collections import deque
def s(x): return tuple(x.shape), str(x.dtype)
a = s(torch.tensor(range(5))), s(torch.LongTensor(range(3))), s(torch.FloatTensor(range(2, 8, 2))), s(torch.Tensor(range(4)))
b = s(torch.tensor([range(3), range(3)])), s(torch.tensor(range(0))), s(torch.LongTensor(range(0))), s(torch.IntTensor([range(2)]))
c = s(torch.LongTensor(deque([1, 2]))), s(torch.tensor(range(20_000))), torch.tensor(range(4))[2].item(), s(torch.as_tensor(range(2)))
""",
    "operators_by_name": """
import numpy as np
a = np.array([96, 96])
b = int(np.power(2, 5)), int(np.add(2, -3)), int(np.mod(7, 4)), float(np.divide(3, 2))
c = bool(((a % np.power(2, 5)) > 0).any())
d = np.multiply(a, 2).shape, np.add(a, a[:1]).shape, str(np.divide(a, 2).dtype), str(np.subtract(a, a).dtype)
del a
""",
    "rounding": """
import numpy as np
a = int(np.ceil(7 / 2)), int(np.floor(-3.5)), int(np.rint(2.5)), int(np.trunc(-2.7)), int(np.ceil(3)), int(np.rint(3.5))
b = np.ceil(np.zeros((2, 3))).shape, str(np.ceil(np.zeros(2)).dtype), str(np.floor(np.ones(2, dtype="float32")).dtype)
c = np.ceil(np.array([1.5, 2.0, -0.5])).sum().shape, float(np.floor(np.array(2.5))), np.floor([1.5, 2]).shape
""",
    "running sums": """
import numpy as np
a = (np.cumsum([2, 3, 16, 3]) - 1).tolist(), np.array([1, 2, 3]).cumsum().tolist(), np.cumsum(np.ones((2, 3))).shape
b = len(np.cumsum([0.5, 0.25]).tolist()), str(np.cumsum([1, 2], dtype="float32").dtype), np.cumsum([[1, 2]], axis=1).shape
""",
    "roots and logarithms": """
import numpy as np
a = int(np.log2(32) - np.log2(4)), float(np.log2(0.125)), float(np.sqrt(2)), int(np.sqrt(np.array(49))), int(np.log2(1))
b = np.sqrt([1, 2]).tolist(), np.log2(np.array([2.0, 8.0])).tolist()
""",
    "arrays": """
import numpy as np
def s(x): return tuple(x.shape), str(x.dtype)
a = np.zeros((4, 5)); i = np.arange(6); f = np.ones((2, 3), dtype=np.float32)
b = i > 2; u = np.zeros((2, 3), dtype="uint8")
made = s(a), s(i), s(f), s(b), s(np.arange(0, 1, 0.1)), s(np.arange(2, 10, 3)), s(np.linspace(0, 1, 7)), s(np.eye(3))
full = s(np.full((2,), 3)), s(np.full((2,), 3.0)), s(np.ones_like(f)), s(np.array([[1.0, 2], [3, 4]])), s(np.array([]))
from_ = s(np.array([1, 2])), s(np.array([True])), s(np.array([a, a])), s(np.array([1], dtype=np.float32)), s(np.array(3))
plus = s(a + 1), s(i / 2), s(i * 2.0), s(f * 2.0), s(f + i[:3]), s(i // 2), s(-f), s(f / 3), s(u + 1), s(1 - a), s(i ** 2)
more = s(f @ a[:3]), s(b & b), s(u / 255.0), s(i % 3), s(a + f[0, 0]), s(np.dot(f, a[:3]))
item = s(a[0]), s(a[:, 1:3]), s(a[..., None]), s(a[[0, 1]]), s(a[np.array([0, 2, 1])]), s(a[::2]), s(a[::-1]), s(a[-1])
size = len(a), a.ndim, a.size, a.shape
del a, i, f, b, u
""",
    "axes of arrays": """
import numpy as np
def s(x): return tuple(x.shape), str(x.dtype)
a, z, i = np.zeros((4, 5)), np.zeros((2, 3, 4)), np.arange(6)
shaped = s(a.reshape(2, 10)), s(a.reshape((-1, 2))), s(a.T), s(z.transpose(2, 0, 1)), s(z.transpose()), s(a.flatten())
moved = s(np.transpose(z, (2, 0, 1))), s(np.moveaxis(z, -1, 0)), s(np.expand_dims(a, -1)), s(np.zeros((1, 3, 1)).squeeze())
joined = s(np.concatenate([a, a])), s(np.concatenate((a, a), axis=1)), s(np.stack([a, a], axis=-1)), s(np.vstack([i, i]))
beside = s(np.hstack([i, i])), s(np.column_stack([i, i])), s(np.tile(a, (2, 3))), s(a.repeat(2, axis=0)), s(np.pad(a, 1))
summed = s(a.sum(axis=0)), s(i.sum()), s(i.mean()), s(a.max(axis=-1)), s(a.argmax(1)), s(a.std(axis=(0, 1), keepdims=True))
each = s(np.sin(i)), s(np.abs(i)), s(np.clip(a, 0, 1)), s(np.isnan(a)), s(a.astype("int32")), s(a.astype(int))
parts = [p.shape for p in np.split(a, 2)], [row.shape for row in a], a.dtype == np.float64, a.dtype == i.dtype
del a, z, i
""",
    "random arrays": """
import numpy as np
def s(x): return tuple(x.shape), str(x.dtype)
np.random.seed(0)
r = np.random
a = s(r.rand(2, 3)), s(r.randn(4)), s(r.randint(0, 5, size=(2, 2))), s(r.randint(0, 5, 7)), s(r.normal(0, 1, (3, 1)))
b = s(r.uniform(size=(2,))), s(r.random((2, 2))), s(r.permutation(5)), s(r.choice(5, size=3))
c = s(r.default_rng(0).normal(size=(2, 3))), s(r.default_rng(0).integers(0, 3, size=4)), s(r.RandomState(0).rand(2))
del r
""",
    "arrays in torch": """
import numpy as np, torch
def s(x): return tuple(x.shape), str(x.dtype)
a, i, f = np.zeros((4, 5)), np.arange(6), np.ones((2, 3), dtype=np.float32)
b = s(torch.from_numpy(a)), s(torch.tensor(f)), s(torch.Tensor(i)), s(torch.FloatTensor(a)), s(torch.LongTensor(i))
c = s(torch.as_tensor(i, dtype=torch.float32)), s(torch.from_numpy(f).unsqueeze(0)), s(torch.tensor(np.array([f, f])))
d = s(torch.zeros(2, 3).numpy()), s(torch.arange(3).numpy().astype(np.float32)), s(np.array(torch.zeros(2)))
del a, i, f
""",
    "collate": """
import numpy as np, torch
from torch.utils.data import default_collate
def s(x):
    if isinstance(x, torch.Tensor): return tuple(x.shape), str(x.dtype)
    if isinstance(x, dict): return {k: s(v) for k, v in x.items()}
    return [s(v) for v in x]
a = s(default_collate([1, 2])), s(default_collate([1.0, 2.0]))
d = s(default_collate([True])), s(default_collate([torch.zeros(3)] * 5))
b = s(default_collate([(torch.zeros(3), 1), (torch.zeros(3), 2)]))
e = s(default_collate([{"x": 1, "y": [torch.zeros(2), 2.0]}] * 3))
c = s(default_collate([np.zeros((2, 3), dtype=np.float32)] * 4)), s(default_collate([np.arange(3)[0], np.arange(3)[1]]))
del torch
""",
    "loaders": """
import torch
from torch.utils.data import DataLoader, TensorDataset, Subset, ConcatDataset, random_split, Dataset, WeightedRandomSampler
data = TensorDataset(torch.zeros(10, 3), torch.zeros(10, dtype=torch.long))
loader = DataLoader(data, batch_size=4)
x, y = next(iter(loader))
a = tuple(x.shape), tuple(y.shape), str(y.dtype), len(loader), len(data), loader.batch_size
for x, y in loader: pass
b = tuple(x.shape)
for i, (x, y) in enumerate(DataLoader(data, 4, drop_last=True)): pass
c = tuple(x.shape), len(DataLoader(data, 4, drop_last=True)), len(DataLoader(data, 64))
d = tuple(next(iter(DataLoader(data, 64)))[0].shape), [tuple(t.shape) for t in data[0]]
first, second = random_split(data, [7, 3])
e = len(first), len(second), len(Subset(data, [1, 2])), len(ConcatDataset([data, data])), len(data + data)
f = [len(p) for p in random_split(data, [0.55, 0.45])], tuple(next(iter(DataLoader(first, batch_size=2)))[0].shape)
class Own(Dataset):
    def __init__(self, n):
        self.items = torch.zeros(n, 7, 2)
        self.names = ["a"] * n
        self.numbers = list(range(n))
    def __len__(self): return len(self.items)
    def __getitem__(self, i):
        return {"x": self.items[i].t(), "n": self.numbers[i], "f": 0.5, "pair": (self.items[i], self.numbers[i])}
for batch in DataLoader(Own(9), batch_size=3): pass
g = tuple(batch["x"].shape), str(batch["n"].dtype), str(batch["f"].dtype), [tuple(t.shape) for t in batch["pair"]]
def collate(items):
    return torch.stack([i["x"] for i in items]), len(items)
for stacked, count in DataLoader(Own(9), batch_size=3, collate_fn=collate): pass
h = tuple(stacked.shape), count
one = next(iter(DataLoader(Own(9), batch_size=None)))
k = tuple(one["x"].shape), len(DataLoader(data, 3, sampler=WeightedRandomSampler([1.0] * 10, 6)))
del data, loader, x, y, first, second, i, batch, stacked, count, one
""",
}

REFUSED = {
    "sizes differ": """
import torch
from torch.utils.data import TensorDataset
TensorDataset(torch.zeros(3), torch.zeros(4))
""",
    "parts do not add up": """
import torch
from torch.utils.data import TensorDataset, random_split
random_split(TensorDataset(torch.zeros(10)), [3, 3])
""",
}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", SAME)
def test_python_has_the_same(name: str) -> None:
    check(SAME[name])


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", REFUSED)
def test_torch_refuses_the_same(name: str) -> None:
    raises(REFUSED[name])()


def shape(value: Any) -> Any:
    """A tensor as [sizes, dtype], an image as (height, width, mode), several one by one; open sizes by their names."""
    if isinstance(value, Tensor):
        return [*(str(d) if dims.witness(d) is None else dims.witness(d) for d in value.shape), value.dtype]
    if isinstance(value, Instance) and value.cls.kind == "image":
        return tuple(
            str(v) if isinstance(v, dims.Sym) else v
            for v in (value.attrs[n] for n in ("height", "width", "mode"))
        )
    if isinstance(value, List):
        return [shape(v) for v in value.items]
    return tuple(shape(v) for v in value) if isinstance(value, tuple) else value


# What torchvision 0.28 gives for the same images (run once by hand: it needs Pillow, which is not among what tests need).
IMAGES = """
from PIL import Image
from torchvision import transforms as T
from torchvision.transforms import v2
import torchvision.transforms.functional as F
import torch
rgb, gray = Image.new("RGB", (50, 40)), Image.new("L", (28, 28))
t = torch.rand(3, 40, 50)
"""
TRANSFORMS = {
    "T.ToTensor()(rgb)": [3, 40, 50, "float32"],
    "T.ToTensor()(gray)": [1, 28, 28, "float32"],
    "T.PILToTensor()(rgb)": [3, 40, 50, "uint8"],
    "T.Resize(20)(rgb)": (20, 25, "RGB"),
    "T.Resize(20)(gray)": (20, 20, "L"),
    "T.Resize((20, 30))(t)": [3, 20, 30, "float32"],
    "T.Resize([25])(rgb)": (25, 31, "RGB"),
    "T.Resize(20, max_size=22)(rgb)": (17, 22, "RGB"),
    "T.CenterCrop(16)(rgb)": (16, 16, "RGB"),
    "T.RandomResizedCrop(9)(t)": [3, 9, 9, "float32"],
    "T.Pad((1, 2))(t)": [3, 44, 52, "float32"],
    "T.Pad((1, 2, 3, 4))(rgb)": (46, 54, "RGB"),
    "T.Grayscale(3)(gray)": (28, 28, "RGB"),
    "T.Grayscale(1)(t)": [1, 40, 50, "float32"],
    "T.FiveCrop(10)(rgb)": ((10, 10, "RGB"),) * 5,
    "T.ToPILImage()(t)": (40, 50, "RGB"),
    "T.ConvertImageDtype(torch.float64)(t)": [3, 40, 50, "float64"],
    "T.Compose([T.Resize(30), T.CenterCrop(24), T.ToTensor(), T.Normalize([.5] * 3, [.5] * 3)])(rgb)": [
        3,
        24,
        24,
        "float32",
    ],
    "T.Compose([T.ToTensor(), T.Lambda(lambda x: x.repeat(3, 1, 1))])(gray)": [3, 28, 28, "float32"],
    "T.RandomApply([T.ColorJitter(.1)])(rgb)": (40, 50, "RGB"),
    "T.RandomChoice([T.CenterCrop(5), T.RandomCrop(5)])(rgb)": (5, 5, "RGB"),
    "v2.Compose([v2.ToImage(), v2.Resize((8, 9)), v2.ToDtype(torch.float32, scale=True)])(gray)": [
        1,
        8,
        9,
        "float32",
    ],
    "v2.Compose([v2.PILToTensor(), v2.RandomHorizontalFlip()])(rgb, 3)": ([3, 40, 50, "uint8"], 3),
    "F.to_tensor(F.resize(rgb, [13]))": [3, 13, 16, "float32"],
    "F.crop(t, 0, 0, 7, 8)": [3, 7, 8, "float32"],
    "rgb.convert('L').resize((3, 4))": (4, 3, "L"),
    "torch.nn.Sequential(T.Resize((5, 6)), T.Normalize([.5], [.5]))(t)": [3, 5, 6, "float32"],
}


@pytest.mark.parametrize("text", TRANSFORMS)
def test_a_transform_gives(text: str) -> None:
    assert shape(read(f"{IMAGES}found = {text}")["found"]) == TRANSFORMS[text]


DATASETS = {
    "MNIST('.', transform=T.ToTensor())": (60_000, [[4, 1, 28, 28, "float32"], [4, "int64"]]),
    "MNIST('.', train=False, transform=T.ToTensor())": (10_000, [[4, 1, 28, 28, "float32"], [4, "int64"]]),
    "CIFAR10('.', transform=T.Compose([T.RandomCrop(32, padding=4), T.ToTensor()]))": (
        50_000,
        [[4, 3, 32, 32, "float32"], [4, "int64"]],
    ),
    "ImageFolder('.', T.Compose([T.Resize(256), T.CenterCrop(224), T.ToTensor()]))": (
        None,
        [[4, 3, 224, 224, "float32"], [4, "int64"]],
    ),
    "ImageFolder('.', T.Compose([T.Resize(256), T.ToTensor()]))": (
        None,
        [[4, 3, "H", "W", "float32"], [4, "int64"]],
    ),
    "FakeData(100, (3, 20, 30), transform=T.ToTensor())": (100, [[4, 3, 20, 30, "float32"], [4, "int64"]]),
    "SVHN('.', split='test', transform=T.ToTensor())": (26_032, [[4, 3, 32, 32, "float32"], [4, "int64"]]),
    "STL10('.', transform=T.ToTensor(), target_transform=lambda y: float(3))": (
        5_000,
        [[4, 3, 96, 96, "float32"], [4, "float64"]],
    ),
}


@pytest.mark.parametrize("text", DATASETS)
def test_a_data_set_gives(text: str) -> None:
    count, batch = DATASETS[text]
    found = read(f"""
from torch.utils.data import DataLoader
from torchvision import datasets, transforms as T
data = datasets.{text}
count = len(data)
batch = next(iter(DataLoader(data, batch_size=4, shuffle=True)))
""")
    assert shape(found["batch"]) == batch
    assert count is None or found["count"] == count


MISTAKES = {
    "no ToTensor": ("next(iter(DataLoader(datasets.MNIST('.'), batch_size=4)))", "TypeError"),
    "ToTensor twice": ("T.Compose([T.ToTensor(), T.ToTensor()])(Image.new('RGB', (3, 3)))", "TypeError"),
    "Normalize before ToTensor": ("T.Normalize([.5], [.5])(Image.new('RGB', (3, 3)))", "TypeError"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_raises(name: str) -> None:
    from shapelint.interp.control import ProgramRaises

    text, kind = MISTAKES[name]
    with pytest.raises(ProgramRaises) as caught:
        read(
            "from PIL import Image\nfrom torch.utils.data import DataLoader\n"
            f"from torchvision import datasets, transforms as T\n{text}"
        )
    assert caught.value.kind == kind


def failures(text: str) -> list[str]:
    """The rules of the needs that fail in a program."""
    world = World(load=nothing_else)
    evaluate_text(text, world=world)
    return sorted({f.rule for f in world.facts if isinstance(f, facts.NeedFailed)})


LOOP = """
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
net = nn.GRU(3, 5, batch_first=True)
state = torch.zeros(1, 4, 5)
for (x,) in DataLoader(TensorDataset(torch.zeros({count}, 7, 3)), batch_size=4{drop}):
    y, state = net(x, state)
    state = state.detach()
"""


def test_the_last_batch_is_shorter() -> None:
    assert failures(LOOP.format(count=10, drop="")) == ["recurrent-size-mismatch"]


def test_the_last_batch_is_dropped_or_whole() -> None:
    assert failures(LOOP.format(count=10, drop=", drop_last=True")) == []
    assert failures(LOOP.format(count=12, drop="")) == []


def test_a_mean_for_each_channel() -> None:
    text = """
from torchvision import datasets, transforms as T
steps = T.Compose([T.ToTensor(), T.Normalize([.5] * {count}, [.5] * {count})])
datasets.{name}(".", transform=steps)[0]
"""
    assert failures(text.format(count=3, name="MNIST")) == ["broadcast-mismatch"]
    assert (
        failures(text.format(count=1, name="MNIST")) == failures(text.format(count=3, name="CIFAR10")) == []
    )
    assert failures(text.format(count=1, name="CIFAR10")) == []


@pytest.mark.parametrize(("law", "expected"), [("ceil", 33), ("floor", 32)])
def test_a_rounded_quotient_of_sizes_is_a_size(law: str, expected: int) -> None:
    text = "import numpy as np, torch\nclass N(torch.nn.Module):\n    def forward(self, x):\n"
    text += f"        return torch.zeros(int(np.{law}(x.shape[0] / 7)))\n"
    found = read(text + "a = N()(torch.zeros(229, 2)).shape[0]\n")["a"]
    assert dims.witness(found) == expected

"""Programs to be measured with, written here so that they are the same everywhere: model files of any length, plain Python, and
resnet50 in plain torch."""

from __future__ import annotations

from itertools import count, islice
from random import Random

_HEAD = '''"""Models for dense and sequence inputs, and the step that trains them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Optional, Tuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn


'''

_RESIDUAL = '''class ResidualBlock{n}(nn.Module):
    """Two convolutions with batch norm, and a shortcut that is projected where shapes differ."""

    def __init__(self, in_channels: int, out_channels: int, stride: int = 1, dropout: float = 0.1) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, out_channels, kernel_size=3, stride=stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, kernel_size=3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.dropout = nn.Dropout2d(dropout)
        if stride != 1 or in_channels != out_channels:
            self.shortcut = nn.Sequential(
                nn.Conv2d(in_channels, out_channels, kernel_size=1, stride=stride, bias=False),
                nn.BatchNorm2d(out_channels),
            )
        else:
            self.shortcut = nn.Identity()

    def forward(self, x: Tensor) -> Tensor:
        residual = self.shortcut(x)
        x = F.relu(self.bn1(self.conv1(x)), inplace=True)
        x = self.bn2(self.conv2(self.dropout(x)))
        return F.relu(x + residual)


class ConvNet{n}(nn.Module):
    """Stages of residual blocks, pooled and classified."""

    def __init__(self, in_channels: int = 3, width: int = {w}, depths: Tuple[int, ...] = (2, 2, 2), classes: int = {c}) -> None:
        super().__init__()
        self.stem = nn.Sequential(
            nn.Conv2d(in_channels, width, kernel_size=7, stride=2, padding=3, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(inplace=True),
            nn.MaxPool2d(kernel_size=3, stride=2, padding=1),
        )
        stages = []
        channels = width
        for index, depth in enumerate(depths):
            out_channels = width * 2**index
            blocks = []
            for step in range(depth):
                stride = 2 if step == 0 and index > 0 else 1
                blocks.append(ResidualBlock{n}(channels, out_channels, stride))
                channels = out_channels
            stages.append(nn.Sequential(*blocks))
        self.stages = nn.ModuleList(stages)
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.head = nn.Linear(channels, classes)

    def forward(self, x: Tensor) -> Tensor:
        x = self.stem(x)
        for stage in self.stages:
            x = stage(x)
        x = self.pool(x).flatten(1)
        return self.head(x)


'''

_ATTENTION = '''@dataclass
class EncoderConfig{n}:
    """Sizes of an encoder."""

    vocabulary: int = {v}
    width: int = {w}
    heads: int = 4
    layers: int = 3
    feedforward: int = {f}
    dropout: float = 0.1
    max_length: int = 256


class SelfAttention{n}(nn.Module):
    """Multi-head attention over one sequence."""

    def __init__(self, config: EncoderConfig{n}) -> None:
        super().__init__()
        if config.width % config.heads != 0:
            raise ValueError(f"width {{config.width}} is not a multiple of {{config.heads}} heads")
        self.heads = config.heads
        self.head_width = config.width // config.heads
        self.query = nn.Linear(config.width, config.width)
        self.key = nn.Linear(config.width, config.width)
        self.value = nn.Linear(config.width, config.width)
        self.out = nn.Linear(config.width, config.width)
        self.dropout = nn.Dropout(config.dropout)

    def split(self, x: Tensor) -> Tensor:
        batch, length, _ = x.shape
        return x.view(batch, length, self.heads, self.head_width).transpose(1, 2)

    def forward(self, x: Tensor, mask: Optional[Tensor] = None) -> Tensor:
        batch, length, width = x.shape
        query, key, value = self.split(self.query(x)), self.split(self.key(x)), self.split(self.value(x))
        scores = query @ key.transpose(-2, -1) / math.sqrt(self.head_width)
        if mask is not None:
            scores = scores.masked_fill(mask[:, None, None, :] == 0, float("-inf"))
        weights = self.dropout(scores.softmax(dim=-1))
        x = (weights @ value).transpose(1, 2).reshape(batch, length, width)
        return self.out(x)


class EncoderLayer{n}(nn.Module):
    """Attention and a feed-forward network, each with a norm before it."""

    def __init__(self, config: EncoderConfig{n}) -> None:
        super().__init__()
        self.norm1 = nn.LayerNorm(config.width)
        self.attention = SelfAttention{n}(config)
        self.norm2 = nn.LayerNorm(config.width)
        self.feedforward = nn.Sequential(
            nn.Linear(config.width, config.feedforward),
            nn.GELU(),
            nn.Dropout(config.dropout),
            nn.Linear(config.feedforward, config.width),
        )

    def forward(self, x: Tensor, mask: Optional[Tensor] = None) -> Tensor:
        x = x + self.attention(self.norm1(x), mask)
        return x + self.feedforward(self.norm2(x))


class Encoder{n}(nn.Module):
    """Tokens to one vector a token, and to classes."""

    def __init__(self, config: EncoderConfig{n}, classes: int = {c}) -> None:
        super().__init__()
        self.config = config
        self.tokens = nn.Embedding(config.vocabulary, config.width)
        self.positions = nn.Parameter(torch.zeros(1, config.max_length, config.width))
        self.layers = nn.ModuleList([EncoderLayer{n}(config) for _ in range(config.layers)])
        self.norm = nn.LayerNorm(config.width)
        self.classifier = nn.Linear(config.width, classes)

    def encode(self, tokens: Tensor, mask: Optional[Tensor] = None) -> Tensor:
        length = tokens.size(1)
        x = self.tokens(tokens) + self.positions[:, :length]
        for layer in self.layers:
            x = layer(x, mask)
        return self.norm(x)

    def forward(self, tokens: Tensor, mask: Optional[Tensor] = None) -> Tensor:
        return self.classifier(self.encode(tokens, mask).mean(dim=1))


'''

_RECURRENT = '''class Tagger{n}(nn.Module):
    """A two-way LSTM that gives every token a label."""

    def __init__(self, vocabulary: int = {v}, width: int = {w}, hidden: int = {f}, labels: int = {c}) -> None:
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, width, padding_idx=0)
        self.lstm = nn.LSTM(width, hidden, num_layers=2, batch_first=True, bidirectional=True, dropout=0.2)
        self.norm = nn.LayerNorm(2 * hidden)
        self.output = nn.Linear(2 * hidden, labels)

    def forward(self, tokens: Tensor) -> Tensor:
        x, _ = self.lstm(self.embedding(tokens))
        return self.output(self.norm(x))


class Autoencoder{n}(nn.Module):
    """Convolutions down to a code, and transposed ones back."""

    def __init__(self, channels: int = 3, width: int = {w}, code: int = {f}) -> None:
        super().__init__()
        self.down = nn.Sequential(
            nn.Conv2d(channels, width, kernel_size=4, stride=2, padding=1),
            nn.LeakyReLU(0.2),
            nn.Conv2d(width, 2 * width, kernel_size=4, stride=2, padding=1),
            nn.BatchNorm2d(2 * width),
            nn.LeakyReLU(0.2),
        )
        self.to_code = nn.Linear(2 * width * 8 * 8, code)
        self.from_code = nn.Linear(code, 2 * width * 8 * 8)
        self.up = nn.Sequential(
            nn.ConvTranspose2d(2 * width, width, kernel_size=4, stride=2, padding=1),
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.ConvTranspose2d(width, channels, kernel_size=4, stride=2, padding=1),
            nn.Sigmoid(),
        )
        self.width = width

    def forward(self, image: Tensor) -> Tuple[Tensor, Tensor]:
        x = self.down(image)
        code = self.to_code(x.flatten(1))
        x = self.from_code(code).view(-1, 2 * self.width, 8, 8)
        return self.up(x), code


def train_step{n}(model: nn.Module, images: Tensor, targets: Tensor, optimizer: torch.optim.Optimizer) -> float:
    """One step of training a classifier; the loss."""
    model.train()
    optimizer.zero_grad()
    logits = model(images)
    loss = F.cross_entropy(logits, targets)
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), max_norm=1.0)
    optimizer.step()
    return loss.item()


def demo{n}() -> None:
    """Build the models, and run each once."""
    images = torch.randn(4, 3, 32, 32)
    network = ConvNet{before}()
    optimizer = torch.optim.AdamW(network.parameters(), lr=3e-4)
    train_step{n}(network, images, torch.randint(0, {c}, (4,)), optimizer)
    restored, code = Autoencoder{n}()(images)
    assert restored.shape == images.shape and code.shape[1] == {f}
    tokens = torch.randint(0, {v}, (2, 40))
    print(Encoder{before2}(EncoderConfig{before2}())(tokens).shape, Tagger{n}()(tokens).shape)


'''


def model_file(lines: int, seed: int = 0) -> str:
    """A model file of so many lines: classes and functions as people write them, no two of the same sizes."""
    random = Random(seed)
    text = _HEAD.splitlines(keepends=True)
    for number in count():
        sizes = {
            "w": 8 * random.randint(2, 12), "f": 32 * random.randint(2, 9), "c": random.randint(5, 90),
            "v": 100 * random.randint(5, 90),
        }  # fmt: skip
        names = {"n": number, "before": number, "before2": number}
        for template in (_RESIDUAL, _ATTENTION, _RECURRENT):
            piece = template.format(**sizes, **names).splitlines(keepends=True)
            if len(text) + len(piece) > lines:
                return "".join(text) + "".join(_filled(lines - len(text)))
            text += piece
    raise AssertionError


def _filled(lines: int) -> list[str]:
    """The rest of a file, where no further class has room: small functions of tensors."""
    made = (line for number in count() for line in _SMALL.format(n=number).splitlines(keepends=True))
    whole = lines - lines % _SMALL.count("\n")
    return [*islice(made, whole), *("# the end\n" for _ in range(lines - whole))]


_SMALL = """def normalised_{n}(x: Tensor, epsilon: float = 1e-6) -> Tensor:
    mean = x.mean(dim=-1, keepdim=True)
    return (x - mean) / (x.std(dim=-1, keepdim=True) + epsilon)


"""

_PLAIN = '''def merge_{n}(first, second, *, key=None):
    """Two sorted lists as one."""
    merged = []
    while first and second:
        source = first if (key or str)(first[0]) <= (key or str)(second[0]) else second
        merged.append(source.pop(0))
    return merged + first + second


class Table{n}:
    """Rows by name."""

    def __init__(self, rows=()):
        self.rows = dict(rows)

    def get(self, name, default=None):
        return self.rows.get(name, default)


'''


def plain_file(lines: int) -> str:
    """A file of so many lines that has nothing to do with torch."""
    made = (line for number in count() for line in _PLAIN.format(n=number).splitlines(keepends=True))
    return "".join(islice(made, max(lines - lines % _PLAIN.count("\n"), 0))) or "import os\n\nprint(os.sep)\n"


RESNET50 = '''"""resnet50, as He et al. describe it, with the stride on the 3x3 convolution."""

import torch
from torch import nn


class Bottleneck(nn.Module):
    def __init__(self, inputs, width, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, width, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, stride, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.conv3 = nn.Conv2d(width, 4 * width, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(4 * width)
        self.relu = nn.ReLU(inplace=True)
        self.shortcut = None
        if stride != 1 or inputs != 4 * width:
            self.shortcut = nn.Sequential(
                nn.Conv2d(inputs, 4 * width, 1, stride, bias=False), nn.BatchNorm2d(4 * width)
            )

    def forward(self, x):
        y = self.relu(self.bn1(self.conv1(x)))
        y = self.relu(self.bn2(self.conv2(y)))
        y = self.bn3(self.conv3(y))
        return self.relu(y + (x if self.shortcut is None else self.shortcut(x)))


class ResNet(nn.Module):
    def __init__(self, depths, classes=1000):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.relu = nn.ReLU(inplace=True)
        self.pool = nn.MaxPool2d(3, 2, 1)
        stages, inputs = [], 64
        for number, depth in enumerate(depths):
            width = 64 * 2**number
            blocks = []
            for at in range(depth):
                blocks.append(Bottleneck(inputs, width, 2 if at == 0 and number > 0 else 1))
                inputs = 4 * width
            stages.append(nn.Sequential(*blocks))
        self.stages = nn.Sequential(*stages)
        self.mean = nn.AdaptiveAvgPool2d((1, 1))
        self.fc = nn.Linear(inputs, classes)

    def forward(self, x):
        x = self.pool(self.relu(self.bn1(self.conv1(x))))
        return self.fc(torch.flatten(self.mean(self.stages(x)), 1))


def resnet50():
    return ResNet((3, 4, 6, 3))
'''

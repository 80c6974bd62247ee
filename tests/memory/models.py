"""Small networks of all kinds, for which the replay is compared with torch's own tracker."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class Mlp(nn.Module):
    def __init__(self, width: int = 256) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(64, width),
            nn.ReLU(),
            nn.Dropout(0.2),
            nn.Linear(width, width),
            nn.GELU(),
            nn.Linear(width, 10),
        )

    def forward(self, x: Tensor) -> Tensor:
        return self.layers(x)


class Cnn(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 32, 3, padding=1)
        self.norm1 = nn.BatchNorm2d(32)
        self.conv2 = nn.Conv2d(32, 64, 3, padding=1)
        self.pool = nn.MaxPool2d(2)
        self.fc = nn.Linear(64 * 8 * 8, 10)

    def forward(self, x: Tensor) -> Tensor:
        x = self.pool(F.relu(self.norm1(self.conv1(x))))
        x = self.pool(F.relu(self.conv2(x)))
        return self.fc(x.flatten(1))


class Residual(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.norm1 = nn.GroupNorm(4, width)
        self.conv2 = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.norm2 = nn.GroupNorm(4, width)
        self.act = nn.SiLU(inplace=True)

    def forward(self, x: Tensor) -> Tensor:
        y = self.act(self.norm1(self.conv1(x)))
        return self.act(x + self.norm2(self.conv2(y)))


class ResNet(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3, 16, 3, stride=2, padding=1)
        self.body = nn.Sequential(*[Residual(16) for _ in range(3)])
        self.head = nn.Linear(16, 5)

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.body(self.stem(x)).mean((2, 3)))


class UNet(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.down1 = nn.Sequential(nn.Conv2d(3, 16, 3, padding=1), nn.LeakyReLU(0.1))
        self.down2 = nn.Sequential(nn.Conv2d(16, 32, 3, padding=1), nn.LeakyReLU(0.1, inplace=True))
        self.up = nn.ConvTranspose2d(32, 16, 2, stride=2)
        self.out = nn.Conv2d(32, 4, 1)

    def forward(self, x: Tensor) -> Tensor:
        a = self.down1(x)
        b = self.down2(F.avg_pool2d(a, 2))
        y = torch.cat([a, self.up(b)], dim=1)
        return torch.sigmoid(self.out(F.interpolate(y, scale_factor=2, mode="bilinear")))


class SqueezeExcite(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(8, 8, 3, padding=1, groups=8)
        self.squeeze = nn.AdaptiveAvgPool2d(1)
        self.fc1, self.fc2 = nn.Conv2d(8, 2, 1), nn.Conv2d(2, 8, 1)
        self.act = nn.Hardswish()

    def forward(self, x: Tensor) -> Tensor:
        y = self.act(self.conv(x))
        return y * torch.sigmoid(self.fc2(F.relu(self.fc1(self.squeeze(y)))))


class Attention(nn.Module):
    def __init__(self, width: int, heads: int, fused: bool) -> None:
        super().__init__()
        self.heads, self.fused = heads, fused
        self.qkv, self.proj = nn.Linear(width, 3 * width), nn.Linear(width, width)

    def forward(self, x: Tensor) -> Tensor:
        b, n, c = x.shape
        q, k, v = self.qkv(x).reshape(b, n, 3, self.heads, c // self.heads).permute(2, 0, 3, 1, 4).unbind(0)
        if self.fused:
            y = F.scaled_dot_product_attention(q, k, v)
        else:
            y = ((q * (c // self.heads) ** -0.5) @ k.transpose(-2, -1)).softmax(dim=-1) @ v
        return self.proj(y.transpose(1, 2).reshape(b, n, c))


class Block(nn.Module):
    def __init__(self, width: int, fused: bool) -> None:
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.attention = Attention(width, 4, fused)
        self.mlp = nn.Sequential(nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width))
        self.scale = nn.Parameter(torch.ones(width))

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.scale * self.attention(self.norm1(x))
        return x + self.mlp(self.norm2(x))


class ViT(nn.Module):
    def __init__(self, fused: bool = True) -> None:
        super().__init__()
        self.patch = nn.Conv2d(3, 64, 8, stride=8)
        self.token = nn.Parameter(torch.zeros(1, 1, 64))
        self.position = nn.Parameter(torch.zeros(1, 17, 64))
        self.blocks = nn.ModuleList([Block(64, fused) for _ in range(3)])
        self.norm = nn.LayerNorm(64)
        self.head = nn.Linear(64, 10)

    def forward(self, x: Tensor) -> Tensor:
        x = self.patch(x).flatten(2).transpose(1, 2)
        x = torch.cat([self.token.expand(x.shape[0], -1, -1), x], dim=1) + self.position
        for block in self.blocks:
            x = block(x)
        return self.head(self.norm(x)[:, 0])


class Gpt(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.tokens, self.positions = nn.Embedding(1000, 64), nn.Embedding(32, 64)
        self.blocks = nn.ModuleList([Block(64, True) for _ in range(2)])
        self.head = nn.Linear(64, 1000, bias=False)
        self.head.weight = self.tokens.weight

    def forward(self, ids: Tensor) -> Tensor:
        x = self.tokens(ids) + self.positions(torch.arange(ids.shape[1]))
        for block in self.blocks:
            x = block(x)
        return F.log_softmax(self.head(x), dim=-1)


class RmsNorm(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))

    def forward(self, x: Tensor) -> Tensor:
        variance = x.float().pow(2).mean(-1, keepdim=True)
        return self.weight * (x * torch.rsqrt(variance + 1e-6)).to(x.dtype)


class Gated(nn.Module):
    """A block of a decoder with root-mean-square norms and a gated feed-forward."""

    def __init__(self, width: int = 64) -> None:
        super().__init__()
        self.norm = RmsNorm(width)
        self.gate, self.up = nn.Linear(width, 128, bias=False), nn.Linear(width, 128, bias=False)
        self.down = nn.Linear(128, width, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        y = self.norm(x)
        return x + self.down(F.silu(self.gate(y)) * self.up(y))


class Rotary(nn.Module):
    """Queries and keys that are turned by their positions."""

    def __init__(self, width: int = 64, heads: int = 4) -> None:
        super().__init__()
        self.heads, self.size = heads, width // heads
        self.q, self.k, self.v = (nn.Linear(width, width, bias=False) for _ in range(3))
        self.register_buffer("frequency", torch.rand(self.size // 2))

    def turned(self, x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
        half = x.shape[-1] // 2
        return x * cos + torch.cat((-x[..., half:], x[..., :half]), dim=-1) * sin

    def forward(self, x: Tensor) -> Tensor:
        b, n, c = x.shape
        angle = torch.outer(torch.arange(n).float(), self.frequency)
        angle = torch.cat((angle, angle), dim=-1)
        cos, sin = angle.cos(), angle.sin()
        q, k, v = (f(x).view(b, n, self.heads, self.size).transpose(1, 2) for f in (self.q, self.k, self.v))
        y = F.scaled_dot_product_attention(
            self.turned(q, cos, sin), self.turned(k, cos, sin), v, is_causal=True
        )
        return y.transpose(1, 2).reshape(b, n, c)


class Dropping(nn.Module):
    """Attention with a mask and dropout, which no fused kernel takes on the CPU; a weight that is laid out the other way."""

    def __init__(self) -> None:
        super().__init__()
        self.qkv = nn.Linear(32, 96)
        self.weight, self.bias = nn.Parameter(torch.randn(32, 32)), nn.Parameter(torch.zeros(32))

    def forward(self, x: Tensor) -> Tensor:
        b, n, _ = x.shape
        q, k, v = (t.view(b, n, 4, 8).transpose(1, 2) for t in self.qkv(x).split(32, dim=2))
        mask = torch.zeros(n, n).masked_fill(torch.ones(n, n).tril() == 0, float("-inf"))
        y = F.scaled_dot_product_attention(q, k, v, attn_mask=mask, dropout_p=0.1 if self.training else 0.0)
        y = y.transpose(1, 2).reshape(b * n, 32)
        return torch.addmm(self.bias, y, self.weight).view(b, n, 32)


class InPlace(nn.Module):
    """Activations in place: some are undone from their result, of others torch keeps what they overwrite."""

    def __init__(self) -> None:
        super().__init__()
        self.convs = nn.ModuleList([nn.Conv2d(4, 4, 3, padding=1) for _ in range(6)])
        self.acts = nn.ModuleList(
            [
                nn.ReLU6(True),
                nn.Hardswish(True),
                nn.ELU(inplace=True),
                nn.SiLU(True),
                nn.Hardtanh(inplace=True),
                nn.ReLU(True),
            ]
        )

    def forward(self, x: Tensor) -> Tensor:
        for conv, act in zip(self.convs, self.acts, strict=True):
            x = act((conv(x) * 2).clamp_(max=5))
        return x


class Frozen(nn.Module):
    """Half of it is not trained, and one layer is used twice."""

    def __init__(self) -> None:
        super().__init__()
        self.backbone = nn.Sequential(nn.Conv2d(3, 16, 3), nn.ReLU(inplace=True), nn.Conv2d(16, 16, 3))
        for parameter in self.backbone.parameters():
            parameter.requires_grad = False
        self.twice = nn.Conv2d(16, 16, 3, padding=1)
        self.head = nn.Linear(16, 2)

    def forward(self, x: Tensor) -> Tensor:
        x = self.backbone(x)
        x = torch.tanh(self.twice(torch.tanh(self.twice(x))))
        return self.head(F.adaptive_avg_pool2d(x, 1).flatten(1))


class Split(nn.Module):
    """Channels that are cut, moved and joined."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(4, 16, 1)
        self.shuffle = nn.PixelShuffle(2)

    def forward(self, x: Tensor) -> Tensor:
        a, b = self.conv(x).chunk(2, dim=1)
        y = torch.cat([b.roll(1, 2), F.pad(a, (0, 0, 0, 0))], 1) / (1 + a.abs().mean())
        y = self.shuffle(y[:, :, ::2]) - self.shuffle(y[:, :, 1::2]).flip(3)
        return torch.stack([y.clamp(min=0), y.pow(2), y.exp()], dim=1).sum(1)


MODELS: dict[str, tuple[tuple[int, ...], str]] = {
    "Mlp()": ((64,), "float32"),
    "Mlp(2048)": ((64,), "float32"),
    "Cnn()": ((3, 32, 32), "float32"),
    "ResNet()": ((3, 64, 64), "float32"),
    "UNet()": ((3, 32, 32), "float32"),
    "SqueezeExcite()": ((8, 24, 24), "float32"),
    "ViT()": ((3, 32, 32), "float32"),
    "ViT(fused=False)": ((3, 32, 32), "float32"),
    "Gpt()": ((32,), "int64"),
    "RmsNorm(96)": ((20, 96), "float32"),
    "Gated()": ((20, 64), "float32"),
    "Rotary()": ((20, 64), "float32"),
    "Dropping()": ((20, 32), "float32"),
    "InPlace()": ((4, 16, 16), "float32"),
    "Frozen()": ((3, 32, 32), "float32"),
    "Split()": ((4, 8, 8), "float32"),
}
"""What is built, and the shape of one sample."""

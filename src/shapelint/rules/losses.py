"""What the rules about losses share: the names of losses, and the steps that led to one."""

from __future__ import annotations

from shapelint import facts
from shapelint.report import TrailStep
from shapelint.rules.base import Context
from shapelint.rules.lineage import place
from shapelint.values import Made

_F = "torch.nn.functional."
CROSS_ENTROPY = ("torch.nn.CrossEntropyLoss", f"{_F}cross_entropy")
NLL = ("torch.nn.NLLLoss", f"{_F}nll_loss", "torch.nll_loss", "torch.nn.NLLLoss2d")
KL = ("torch.nn.KLDivLoss", f"{_F}kl_div", "torch.kl_div")
BCE = ("torch.nn.BCELoss", f"{_F}binary_cross_entropy")
BCE_WITH_LOGITS = (
    "torch.nn.BCEWithLogitsLoss",
    f"{_F}binary_cross_entropy_with_logits",
    "torch.binary_cross_entropy_with_logits",
)

# Layers and functions that give scores of any sign and size.
SCORES = frozenset(
    "Linear Bilinear Conv1d Conv2d Conv3d ConvTranspose1d ConvTranspose2d ConvTranspose3d linear bilinear conv1d conv2d "
    "conv3d conv_transpose1d conv_transpose2d conv_transpose3d".split()
)


def steps_to(fact: facts.Called, made: Made, context: Context) -> list[TrailStep]:
    """From where the values were made to the loss."""
    steps = []
    for site in (place(made), made.site):
        if site is not None:
            steps.append(
                TrailStep(site.path, site.line, site.column, f"made here: {context.spelled(site, 70)}")
            )
    if fact.site is not None:
        text = f"the loss: {context.spelled(fact.site, 70)}"
        steps.append(TrailStep(fact.site.path, fact.site.line, fact.site.column, text))
    return list({(s.path, s.line, s.column): s for s in steps}.values())

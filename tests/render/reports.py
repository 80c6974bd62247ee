"""Reports made by hand, for the renderers' tests."""

from __future__ import annotations

from shapelint.report import (
    CheckReport,
    Count,
    Diagnostic,
    Edit,
    Failure,
    Fix,
    LayerRow,
    Memory,
    ModelSummary,
    TensorType,
    TrailStep,
    UnknownItem,
)

NET = "\n" * 24 + "        x = self.pool2(x)\n\n\n        x = x.view(-1, 32 * 8 * 8)\n"

VIEW = Diagnostic(
    "SHP201",
    "view-folds-batch",
    "error",
    "net.py",
    28,
    13,
    28,
    35,
    "view(-1, 32 * 8 * 8) makes 49 rows of every sample: it has 100352 values, not 2048",
    (TrailStep("net.py", 25, 9, "x: [B, 32, 56, 56]"), TrailStep("net.py", 28, 9, "x: [49*B, 2048]")),
    ("an input of 32 to 35 pixels", "torch.flatten(x, 1) with nn.Linear(32 * 56 * 56, 64)"),
)
WARNING = Diagnostic(
    "SHP301", "not-registered", "warning", "sub/b.py", 2, 1, 4, 5, "100% lost: a, b\nsecond line"
)
INFO = Diagnostic("SHP401", "told", "info", "sub/b.py", 1, 1, 1, 2, "by the way")
FIXED = Diagnostic(
    "SHP101",
    "wrong-size",
    "error",
    "net.py",
    1,
    2,
    1,
    3,
    "no",
    (),
    (),
    Fix(True, (Edit("net.py", 1, 2, 1, 3, "y"),)),
    "confirmed",
)
FAILURE = Failure("gone.py", "no such file or folder")
BUG = Failure("odd.py", "KeyError: 'x'", 3, True)
REPORT = CheckReport((FIXED, VIEW, INFO, WARNING), 5, (FAILURE, BUG))
NOTHING = CheckReport((), 3)

MODEL = ModelSummary(
    "net.py:Net()",
    "Net",
    "net.py",
    8,
    (TensorType(("B", 3, 224, 224), "float32"),),
    "call",
    "images of 32 to 35 pixels fit",
    (TensorType(("49*B", 10), "float32"),),
    Count(136970, 136970),
    98,
    True,
    85932672,
    171865344,
    None,
    Memory(602112, 547880, 9000000),
    (
        LayerRow("conv1", "torch.nn.Conv2d", 1, (("B", 3),), (("B", 16, 224, 224),), 448, True, 21676032, 11, "net.py"),
        LayerRow("block", "Block", 1, (("B", 3),), (("B", 16),), 4640, True, 7, 12, "net.py", 3),
        LayerRow("block.0", "torch.nn.Conv2d", 2, (("B", 3),), (("B", 16),), 4640, False, 7, 13, "net.py"),
        LayerRow("fc1", "torch.nn.Linear", 1, (("B", 3),), (), 131136, True, None, 20, "net.py", 1, "failed", "takes 2048"),
        LayerRow("fc2", "torch.nn.Linear", 1, (), (), "d_in*h + h", True, None, None, None, 0, "not-called"),
        LayerRow("fc3", "torch.nn.Linear", 1, (None,), (None,), None, True, None, 22, "net.py"),
    ),
    (UnknownItem("params", "load_cfg() is not source that can be read", "net.py", 4),),
)  # fmt: skip
FORMULA = ModelSummary(
    "a.py:Net", "Net", "a.py", 1, params=Count(None, None, "d_in*h + h"), macs_formula="d_in*h*B", outputs=()
)

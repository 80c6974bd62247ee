"""What the axes of a tensor are: read off the steps that made it, for rules that ask which axis went where."""

from shapelint.rules.axes.atoms import Atom, Axis, coalesced
from shapelint.rules.axes.lineage import Lineage, lineage_of
from shapelint.rules.axes.regroup import Mixed, regroup

__all__ = ["Atom", "Axis", "Lineage", "Mixed", "coalesced", "lineage_of", "regroup"]

"""Fixes: what to write instead, for findings whose mend is certain. One rule, one file, named as the rule is.

A file here has `SAFE` (whether the mend may be made without being asked twice) and `edits(found)`. libcst writes the new
text of the piece that changes, so that the author's formatting survives; nothing outside that piece is touched. Whether a
fix does what it promises is not judged here: the engine checks the fixed text again.
"""

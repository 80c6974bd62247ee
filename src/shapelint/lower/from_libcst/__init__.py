"""The front end of files that libcst reads and the running Python does not: newer syntax.

Slower than its twin, `shapelint.lower.from_ast`, by twelve times; a difference between the two is a mistake in one of them.
"""

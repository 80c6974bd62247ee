"""The front end of every file that the running Python can read: from the `ast` tree to the IR.

`shapelint.lower.from_libcst` is its twin, file by file; a difference between the two is a mistake in one of them.
"""

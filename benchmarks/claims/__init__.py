"""One claim a file: its docstring says what is claimed, `measured(context)` gives the table."""

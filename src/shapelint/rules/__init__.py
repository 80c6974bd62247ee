"""Rules turn facts into diagnostics. One rule, one file; its docstring is its page, its explanation and its test."""

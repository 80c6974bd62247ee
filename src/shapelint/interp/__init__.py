"""Evaluates IR over values and records facts. Knows no messages, and asks specs what torch means.

State is four nouns: a World (per run), a Frame (per call), an Environment (names), values. Handlers are free functions in
tables keyed by node type.
"""

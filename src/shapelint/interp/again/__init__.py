"""Evaluations that are spared: what tells one call, construction or turn from another, and how to do again what it did."""

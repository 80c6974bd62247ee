"""Shape laws that several specs share: broadcasting, windows, reshaping, indexing, einsum.

A law takes dims and a `Needs`, states what must hold, and returns dims. It knows no torch names and no values.
"""

"""Tensors: calling the operations that specs describe, and what a tensor tells of itself."""

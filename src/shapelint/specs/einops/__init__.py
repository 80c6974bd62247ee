"""einops: its patterns, functions and layers. Source: https://einops.rocks/api/rearrange/ and the package, 0.8.2."""

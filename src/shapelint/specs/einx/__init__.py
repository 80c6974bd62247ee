"""einx: its expressions, elementwise operations, reductions and get_at. Source: https://einx.readthedocs.io and the package, 0.4.3."""

"""What is claimed of shapelint's speed, measured beside others' in one run: `python -m benchmarks <claim>`.

A claim is a file in `claims/`. It names contenders (commands), which are run in turn, several times over, each in a process of
its own; what is compared is the median of the CPU seconds of that process and of all its children.
"""

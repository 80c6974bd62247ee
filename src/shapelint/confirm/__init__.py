"""Confirming: run the code in a child process and see whether what was found really happens.

The parent's side (`job`, `sandbox`, `process`, `verdicts`) imports neither torch nor the code in question; only what is below
`child` does, and that runs in the child process alone.
"""

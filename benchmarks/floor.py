"""The floor: parse the files that a list names with libcst, and do nothing else."""

import sys

import libcst

with open(sys.argv[1]) as listed:
    for name in listed.read().split("\n"):
        if name:
            with open(name, "rb") as stream:
                libcst.parse_module(stream.read())

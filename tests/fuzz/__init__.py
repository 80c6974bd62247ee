"""Programs that nobody wrote, and every file that is installed: whatever is read, there is an answer.

`python -m tests.fuzz --help` tells the options. A source makes programs by number, so that a number and a seed are all it takes
to see one again; a worker reads them under limits of time and memory; what goes wrong is made shorter and kept in a folder.
"""

"""`python -m shapelint`."""

from shapelint.cli import run

if __name__ == "__main__":
    run()

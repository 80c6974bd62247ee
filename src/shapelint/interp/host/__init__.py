"""What Python itself supplies: built-in functions and classes, their methods, and host functions for a program to call."""

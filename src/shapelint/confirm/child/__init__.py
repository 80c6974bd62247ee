"""What runs in the child process: the only part of shapelint that imports torch, and the code it is asked to confirm."""

"""What torch means: one file a family. A spec sees values and dims; it never sees the interpreter or the source."""

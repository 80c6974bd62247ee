"""Which models exist in a file and what they are fed: what the file itself calls, then everything it does not reach."""

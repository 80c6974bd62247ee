"""The differential test: every spec against real torch on the meta device, over random arguments."""

"""nn.Module: building, calling and walking modules, and what they hold."""

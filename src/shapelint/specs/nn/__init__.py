"""torch.nn's layers, one file a family."""

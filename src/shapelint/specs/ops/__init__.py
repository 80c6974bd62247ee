"""torch's functions and tensor methods, one file a family."""

"""Charts of the slices page."""

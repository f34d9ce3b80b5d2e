"""The parts of the labels page."""
